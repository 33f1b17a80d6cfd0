import type { Circuit } from '#shared/calls/outbox';
import { type AttemptDeps, attempt } from './attempt.ts';
import { look } from './look.ts';
import { backoffMs, type Gate, gateAfter, isClosed } from './policy.ts';

/** What a pump is to do: the background's everything, or one run's share. */
export interface Work {
  /** The delivery to try next on a platform, or null. */
  pick(platform: string): string | null;
  /** The delivered delivery to look at next on a platform, or null; asked when there is nothing to deliver. Absent: none. */
  look?(platform: string): string | null;
  /** The platform cannot be tried now: it failed, and is left alone until its gate opens. */
  gated?(platform: string): void;
  /** Whether nothing is left to wait for. */
  finished(): boolean;
}

export interface RunnerDeps extends AttemptDeps {
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** The journal could not be read or written. */
  troubled(error: unknown): void;
}

/** How often the journal is looked at for what another process changed. */
export const POLL_MS = 1_000;
/** Rest after the journal itself failed (a full disk): long enough not to run hot. */
const TROUBLE_MS = 5_000;

export type Runner = ReturnType<typeof createRunner>;

/**
 * Delivers: one delivery at a time on a platform, platforms side by side. Several pumps may run at once (background and a run),
 * in this process and in others: the claim in the journal decides who gets a delivery.
 */
export function createRunner(deps: RunnerDeps) {
  const { journal, platforms, owner, now } = deps;
  const gates = new Map<string, Gate>();
  const setGate = (platform: string, gate: Gate | null): void => {
    if (gate !== null) gates.set(platform, gate);
    else if (!gates.delete(platform)) return;
    journal.gates.publish(platform, owner, gate, now());
  };
  const active = new Map<string, Promise<void>>();
  /** Platforms that are being looked at. */
  const looking = new Map<string, Promise<void>>();
  const sleepers = new Set<AbortController>();

  const wake = (): void => {
    for (const sleeper of sleepers) sleeper.abort();
    sleepers.clear();
  };

  /** Sleeps until the time is over, something changed, or the signal. */
  const rest = async (ms: number, signal: AbortSignal): Promise<void> => {
    const sleeper = new AbortController();
    sleepers.add(sleeper);
    await deps.sleep(ms, AbortSignal.any([signal, sleeper.signal])).catch(() => undefined);
    sleepers.delete(sleeper);
  };

  /** Takes up what dead processes were doing, and what we could not finish writing ourselves. */
  const takeUp = (): void => {
    const { owners, deliveries } = journal;
    let released = deliveries.release(owner, new Set(active.keys()), now());
    for (const dead of owners.dead(owner, now())) {
      released += deliveries.release(dead, new Set(), now());
      owners.leave(dead);
    }
    if (released > 0) deps.changed();
  };

  const start = (id: string, platform: string, signal: AbortSignal): Promise<void> | null => {
    const claimed = journal.deliveries.claim(id, owner, now());
    if (claimed === null) return null;
    deps.changed();
    const gate = gates.get(platform) ?? null;
    const running = attempt(deps, claimed, gate, signal)
      .then(({ fault, consequence }) => {
        setGate(platform, gateAfter(fault, gate, consequence, now()));
      })
      .catch((error: unknown) => deps.troubled(error))
      .finally(() => {
        active.delete(id);
        wake();
      });
    active.set(id, running);
    return running;
  };

  /** One look at a time on a platform: they are many and nobody waits for them. */
  const startLook = (id: string, platform: string, signal: AbortSignal): Promise<void> | null => {
    if (looking.has(platform)) return null;
    const running = look(deps, id, signal)
      .then((fault) => {
        if (fault === null) return;
        const gate = gates.get(platform) ?? null;
        const until = now() + backoffMs(gate?.failures ?? 0, deps.random());
        const next = gateAfter(fault, gate, { state: 'waiting', until }, now());
        if (next !== null) setGate(platform, next);
      })
      .catch((error: unknown) => deps.troubled(error))
      .finally(() => {
        looking.delete(platform);
        wake();
      });
    looking.set(platform, running);
    return running;
  };

  const startAll = (work: Work, signal: AbortSignal, mine: Set<Promise<void>>): void => {
    for (const { id: platform } of platforms.configured) {
      if (isClosed(gates.get(platform), now())) {
        work.gated?.(platform);
        continue;
      }
      const next = work.pick(platform);
      const seen = next === null && !looking.has(platform) ? (work.look?.(platform) ?? null) : null;
      const running =
        next !== null ? start(next, platform, signal) : seen === null ? null : startLook(seen, platform, signal);
      if (running !== null) {
        mine.add(running);
        void running.finally(() => mine.delete(running));
      }
    }
  };

  /** Milliseconds until something may become due; never longer than the poll. */
  const pause = (looks: boolean): number => {
    const at = now();
    const dues = [journal.deliveries.nextDueAt(at), looks ? journal.deliveries.nextLookAt(at) : null];
    return Math.min(POLL_MS, ...dues.map((due) => (due === null ? POLL_MS : Math.max(10, due - at))));
  };

  return {
    /** Delivers until the work is finished or the signal; then what it started is awaited. */
    async pump(work: Work, signal: AbortSignal): Promise<void> {
      const mine = new Set<Promise<void>>();
      while (!signal.aborted) {
        let wait: number;
        try {
          takeUp();
          startAll(work, signal, mine);
          if (work.finished()) break;
          wait = pause(work.look !== undefined);
        } catch (error) {
          deps.troubled(error);
          wait = TROUBLE_MS;
        }
        await rest(wait, signal);
      }
      await Promise.all(mine);
    },

    /** Something new is to be done, or a platform is to be tried again at once. */
    nudge(platform?: string): void {
      if (platform !== undefined) setGate(platform, null);
      wake();
    },

    takeUp,

    /** Until when a platform is left alone after it failed, and how often in a row it did; null when it is not. */
    gate(platform: string): Gate | null {
      const gate = gates.get(platform);
      return gate !== undefined && isClosed(gate, now()) ? gate : null;
    },

    /** The circuit of a platform as this process has it, else as another that is still here told it. */
    circuit(platform: string): { circuit: Circuit; pausedUntil: number | null; failures: number } {
      const told = gates.get(platform) ?? journal.gates.told(platform);
      const elsewhere = told !== null && 'owner' in told && !journal.owners.isHere(String(told.owner));
      if (told === null || elsewhere) return { circuit: 'closed', pausedUntil: null, failures: 0 };
      const open = isClosed(told, now());
      return { circuit: open ? 'open' : 'half-open', pausedUntil: open ? told.until : null, failures: told.failures };
    },

    /** Nobody is to be told of this process' circuits any more. */
    leave(): void {
      for (const platform of gates.keys()) setGate(platform, null);
    },

    /** Waits for all that runs. */
    settle: () => Promise.all([...active.values(), ...looking.values()]),
  };
}
