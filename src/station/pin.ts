import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Output } from '#shared/contract';
import { FaultError } from '#shared/fault';
import { writing } from './disk.ts';
import type { Journal } from './journal/index.ts';
import { afterTry, lockedFor, NO_TRIES } from './pin-policy.ts';

const HASH = 'pin';
const TRIES = 'pin-tries';

/** scrypt (RFC 7914) at about 32 MB and a tenth of a second a try: a PIN of few digits is guessed slowly even by whoever has the data key. */
const COST = { N: 2 ** 15, r: 8, p: 1 } as const;
const MAX_MEMORY = 64 * 1024 * 1024;

const kept = z.object({ salt: z.base64(), hash: z.base64(), N: z.number(), r: z.number(), p: z.number() });
const triesSchema = z.object({ failures: z.number(), since: z.number(), until: z.number() });

function derive(pin: string, salt: Uint8Array, { N, r, p }: { N: number; r: number; p: number }): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin.normalize('NFKC'), salt, 32, { N, r, p, maxmem: MAX_MEMORY }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

export interface SupervisorPin {
  status(): Output<'pin.status'>;
  /** Rejects with FaultError `auth` (`pin-required`, `pin-wrong`, `pin-locked`) unless the PIN is right or none is set. */
  demand(pin: string | undefined): Promise<void>;
  /** Sets or (null) takes away the PIN; the one that is set must be given. */
  set(pin: string | null, current: string | undefined): Promise<void>;
  /** Takes the PIN away without asking for it. */
  clear(): void;
}

function refused(
  code: 'pin-required' | 'pin-wrong' | 'pin-locked',
  message: string,
  retryAfterMs?: number,
): FaultError {
  return new FaultError({
    kind: 'auth',
    code,
    message,
    field: 'pin',
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** The PIN a supervisor gives where somebody at the desk wants to force what a platform asked about. */
export function createPin(journal: Journal, now: () => number, actor: string): SupervisorPin {
  const { records, audit } = journal;
  const stored = () => {
    const item = records.item(HASH);
    return item === null ? null : kept.parse(item);
  };
  const tries = () => {
    const item = records.item(TRIES);
    return item === null ? NO_TRIES : triesSchema.parse(item);
  };

  const demand = async (pin: string | undefined): Promise<void> => {
    const secret = stored();
    if (secret === null) return;
    if (pin === undefined || pin === '') throw refused('pin-required', 'a supervisor has to give the PIN for this');
    // Counted before it is looked at, so that many tries at once count as many.
    writing(() =>
      journal.transaction(() => {
        const before = tries();
        const wait = lockedFor(before, now());
        if (wait > 0)
          throw refused('pin-locked', `too many wrong PINs: try again in ${Math.ceil(wait / 1000)} seconds`, wait);
        records.setItem(TRIES, afterTry(before, now()), now());
      }),
    );
    const given = await derive(pin, Buffer.from(secret.salt, 'base64'), secret);
    if (timingSafeEqual(given, Buffer.from(secret.hash, 'base64'))) {
      writing(() => records.setItem(TRIES, NO_TRIES, now()));
      return;
    }
    writing(() => audit.append({ actor, action: 'pin-wrong', outcome: 'refused' }, now()));
    const wait = lockedFor(tries(), now());
    throw refused('pin-wrong', 'the PIN is wrong', wait > 0 ? wait : undefined);
  };

  const write = (action: 'pin-set' | 'pin-clear', item: z.infer<typeof kept> | null): void =>
    writing(() =>
      journal.transaction(() => {
        records.setItem(HASH, item, now());
        records.setItem(TRIES, NO_TRIES, now());
        audit.append({ actor, action, outcome: 'done' }, now());
      }),
    );

  return {
    status() {
      const wait = lockedFor(tries(), now());
      return { set: stored() !== null, lockedForMs: wait > 0 ? wait : null };
    },
    demand,
    async set(pin, current) {
      await demand(current);
      if (pin === null) {
        write('pin-clear', null);
        return;
      }
      const salt = randomBytes(16);
      const hash = await derive(pin, salt, COST);
      write('pin-set', { salt: salt.toString('base64'), hash: hash.toString('base64'), ...COST });
    },
    clear: () => write('pin-clear', null),
  };
}
