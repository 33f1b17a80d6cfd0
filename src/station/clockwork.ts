import { setTimeout as delay } from 'node:timers/promises';
import type { CareDeps } from './care.ts';
import type { createErasing } from './erasing.ts';
import type { GateMonitor } from './gates/index.ts';
import { HEARTBEAT_MS } from './journal/index.ts';
import { errorFacts } from './log.ts';
import { POLL_MS } from './outbox/runner.ts';
import { finishRemovals } from './removal.ts';
import type { VisitDesk } from './visits/index.ts';

/** How long requests under way may go on when the station closes, before they are interrupted. */
const GRACE_MS = 3_000;
/** And after how long what does not let itself be interrupted is left behind. */
const LIMIT_MS = 8_000;
const SWEEP_MS = 60_000;
const PURGE_MS = 24 * 60 * 60_000;
/** How often a platform that could not be reached is asked again to remove somebody, or to take access from a visitor who left. */
const FINISH_MS = 5 * 60_000;

export interface ClockworkDeps {
  care: CareDeps;
  owner: string;
  erasing: Pick<ReturnType<typeof createErasing>, 'sweep' | 'purge'>;
  gates: Pick<GateMonitor, 'forget'>;
  visits: Pick<VisitDesk, 'finish'>;
  /** Whether the station works by itself. */
  background: boolean;
  /** Tells what changed in the journal. */
  changed(): void;
  guarded(work: () => unknown): void;
  log: { warn(facts: object, message: string): void };
  now(): number;
  /** Aborted when the station closes. */
  closing: AbortSignal;
}

/** What the station does again and again while it is open. */
export function startClockwork(deps: ClockworkDeps) {
  const { care, owner, erasing, gates, visits, background, changed, guarded, log, now, closing } = deps;

  let finishing = false;
  /** What could not be reached lately: removals that were promised, access of visitors who left. */
  const finish = async (): Promise<void> => {
    // An unreachable platform may take longer to say so than the next time comes.
    if (finishing) return;
    finishing = true;
    const told = (what: string) => (error: unknown) => log.warn(errorFacts(error), what);
    await finishRemovals(care, closing).catch(told('promised removals could not be done yet'));
    await visits.finish(closing).catch(told('access of visitors who left could not be taken yet'));
    finishing = false;
  };

  const timers = [
    setInterval(() => guarded(() => care.journal.owners.beat(owner, now())), HEARTBEAT_MS),
    setInterval(() => guarded(changed), POLL_MS),
    setInterval(() => void erasing.sweep(), SWEEP_MS),
    setInterval(() => guarded(gates.forget), SWEEP_MS),
    setInterval(() => void erasing.purge(), PURGE_MS),
    ...(background ? [setInterval(() => void finish(), FINISH_MS)] : []),
  ];
  // The command line ends when its work is done.
  for (const timer of timers) timer.unref();
  return {
    finish,
    stop() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}

/** Waits for what is under way when the station closes: for a while as it is, then interrupted, and no longer than a limit. */
export async function letEnd(work: readonly Promise<unknown>[], closing: AbortController): Promise<void> {
  const why = new Error('the station is closing');
  const grace = setTimeout(() => closing.abort(why), GRACE_MS);
  // A connector that does not let go must not keep the station open: its delivery is taken up at the next start.
  const late = new AbortController();
  const limit = delay(LIMIT_MS, undefined, { signal: late.signal }).catch(() => undefined);
  await Promise.race([Promise.allSettled(work), limit]);
  late.abort();
  clearTimeout(grace);
  closing.abort(why);
}

/** Waits for something that was told to end, but not for long. */
export const briefly = (work: Promise<unknown>): Promise<unknown> =>
  Promise.race([work, delay(GRACE_MS, undefined, { ref: false })]);
