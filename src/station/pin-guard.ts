import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { FaultError } from '#shared/fault';
import { writing } from './disk.ts';
import type { Journal } from './journal/index.ts';
import { afterTry, lockedFor, NO_TRIES } from './pin-policy.ts';

/** scrypt (RFC 7914) at about 32 MB and a tenth of a second a try: a PIN of few digits is guessed slowly even by whoever has the data key. */
const COST = 2 ** 15;
const MAX_MEMORY = 64 * 1024 * 1024;

/** What is kept of a PIN. */
export const pinHashSchema = z.object({
  salt: z.base64(),
  hash: z.base64(),
  N: z.number(),
  r: z.number(),
  p: z.number(),
});
export type PinHash = z.infer<typeof pinHashSchema>;

const triesSchema = z.object({ failures: z.number(), since: z.number(), until: z.number() });

function derive(pin: string, salt: Uint8Array, { N, r, p }: { N: number; r: number; p: number }): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin.normalize('NFKC'), salt, 32, { N, r, p, maxmem: MAX_MEMORY }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

/** A refusal the desk asks a PIN for, again or for the first time. */
export function pinRefused(
  code: 'pin-required' | 'pin-wrong' | 'pin-locked',
  message: string,
  retryAfterMs?: number,
): FaultError {
  const more = retryAfterMs === undefined ? {} : { retryAfterMs };
  return new FaultError({ kind: 'auth', code, message, field: 'pin', ...more });
}

export type PinGuard = ReturnType<typeof createPinGuard>;

/**
 * Keeps and compares PINs, slowly: wrong ones are counted under a name in the journal, by all processes together, and after a few it locks.
 * @param cost scrypt's N of new PINs; each keeps its own
 */
export function createPinGuard(journal: Journal, now: () => number, actor: () => string, cost = COST) {
  const { records, audit } = journal;
  const tries = (name: string) => {
    const item = records.item(name);
    return item === null ? NO_TRIES : triesSchema.parse(item);
  };

  return {
    /** What is kept of a new PIN. */
    async hash(pin: string): Promise<PinHash> {
      const salt = randomBytes(16);
      const parameters = { N: cost, r: 8, p: 1 };
      const hash = await derive(pin, salt, parameters);
      return { salt: salt.toString('base64'), hash: hash.toString('base64'), ...parameters };
    },

    /** Milliseconds until a PIN is looked at again; 0 now. */
    lockedFor: (name: string): number => lockedFor(tries(name), now()),

    /** Inside the transaction that changes the PIN: what was wrong before does not count against the new one. */
    forget: (name: string): void => records.setItem(name, NO_TRIES, now()),

    /**
     * Rejects with FaultError `auth` (`pin-wrong`, `pin-locked`) unless the PIN is right.
     * @param name of the count, which is the journal's
     * @param whose told to the audit trail with a wrong one
     */
    async check(name: string, pin: string, secret: PinHash, whose?: string): Promise<void> {
      // Counted before it is looked at, so that many tries at once count as many.
      writing(() =>
        journal.transaction(() => {
          const before = tries(name);
          const wait = lockedFor(before, now());
          if (wait > 0) {
            const seconds = Math.ceil(wait / 1000);
            throw pinRefused('pin-locked', `too many wrong PINs: try again in ${seconds} seconds`, wait);
          }
          records.setItem(name, afterTry(before, now()), now());
        }),
      );
      const given = await derive(pin, Buffer.from(secret.salt, 'base64'), secret);
      if (timingSafeEqual(given, Buffer.from(secret.hash, 'base64'))) {
        writing(() => records.setItem(name, NO_TRIES, now()));
        return;
      }
      const detail: Record<string, string> = whose === undefined ? {} : { operator: whose };
      writing(() => audit.append({ actor: actor(), action: 'pin-wrong', outcome: 'refused', detail }, now()));
      const wait = lockedFor(tries(name), now());
      throw pinRefused('pin-wrong', 'the PIN is wrong', wait > 0 ? wait : undefined);
    },
  };
}
