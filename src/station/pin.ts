import type { Output } from '#shared/contract';
import { FaultError } from '#shared/fault';
import { writing } from './disk.ts';
import type { Journal } from './journal/index.ts';
import { type PinGuard, type PinHash, pinHashSchema, pinRefused } from './pin-guard.ts';

const HASH = 'pin';
const TRIES = 'pin-tries';

export interface SupervisorPin {
  status(): Output<'pin.status'>;
  /** Rejects with FaultError `auth` (`pin-required`, `pin-wrong`, `pin-locked`) unless the PIN is right or none is set. */
  demand(pin: string | undefined): Promise<void>;
  /** Sets or (null) takes away the PIN; the one that is set must be given. FaultError `validation` where operators sign in. */
  set(pin: string | null, current: string | undefined): Promise<void>;
  /** Takes the PIN away without asking for it. */
  clear(): void;
  /** Inside a transaction: takes the PIN away and returns what was kept of it, so that an operator can have it; null where none is set. */
  handOver(): PinHash | null;
}

export interface PinDeps {
  journal: Journal;
  guard: PinGuard;
  now(): number;
  actor(): string;
  /** Whether operators sign in: then PINs are theirs, and there is none of the station's own. */
  hasOperators(): boolean;
}

/** The one PIN of a station without operators: a supervisor gives it where somebody at the desk wants to force what a platform asked about. */
export function createPin({ journal, guard, now, actor, hasOperators }: PinDeps): SupervisorPin {
  const { records, audit } = journal;
  const stored = () => {
    const item = records.item(HASH);
    return item === null ? null : pinHashSchema.parse(item);
  };

  const demand = async (pin: string | undefined): Promise<void> => {
    const secret = stored();
    if (secret === null) return;
    if (pin === undefined || pin === '') throw pinRefused('pin-required', 'a supervisor has to give the PIN for this');
    await guard.check(TRIES, pin, secret);
  };

  const write = (action: 'pin-set' | 'pin-clear', item: PinHash | null): void =>
    writing(() =>
      journal.transaction(() => {
        records.setItem(HASH, item, now());
        guard.forget(TRIES);
        audit.append({ actor: actor(), action, outcome: 'done' }, now());
      }),
    );

  return {
    status() {
      const wait = guard.lockedFor(TRIES);
      return { set: stored() !== null, lockedForMs: wait > 0 ? wait : null };
    },
    demand,
    async set(pin, current) {
      if (hasOperators()) {
        const message = 'this station has operators: each has a PIN of their own, and supervisors agree with theirs';
        throw new FaultError({ kind: 'validation', code: 'has-operators', message });
      }
      await demand(current);
      if (pin === null) write('pin-clear', null);
      else write('pin-set', await guard.hash(pin));
    },
    clear: () => write('pin-clear', null),
    handOver() {
      const secret = stored();
      if (secret !== null) {
        records.setItem(HASH, null, now());
        guard.forget(TRIES);
      }
      return secret;
    },
  };
}
