import { type Fault, type FaultKind, isTransient } from '#shared/fault';

/** Pure decisions of the outbox: what follows a fault. Nothing here sleeps, reads a clock or throws dice. */

export const BACKOFF = {
  /** The first wait is up to this long. */
  baseMs: 2_000,
  /** No wait is longer, however often it failed. */
  capMs: 5 * 60_000,
  /** No wait is shorter: a full jitter may come out as nothing, and a loop must not run hot. */
  floorMs: 100,
  /** Longest wait a platform may ask for; beyond it somebody misconfigured something. */
  askedCapMs: 60 * 60_000,
} as const;

/**
 * Exponential back-off with full jitter: uniform over 0 … min(cap, base · 2^failures), so that stations that lost the same
 * platform together do not come back together.
 * @param failures transient failures in a row before this one
 * @param random 0 ≤ x < 1
 */
export function backoffMs(failures: number, random: number): number {
  const ceiling = Math.min(BACKOFF.capMs, BACKOFF.baseMs * 2 ** Math.min(failures, 30));
  return Math.max(BACKOFF.floorMs, Math.floor(random * ceiling));
}

export interface Failure {
  fault: Fault;
  /** Transient failures in a row before this one: of the delivery, or of its platform where that is more. */
  failures: number;
  /** Kind of the fault the attempt before this one ended with. */
  previous: FaultKind | null;
  now: number;
  random: number;
}

export type Consequence = { state: 'waiting'; until: number } | { state: 'refused' };

/**
 * What becomes of a delivery whose attempt failed. Transient kinds wait, for as long as the platform asked for or by back-off,
 * and are never given up. A wrong clock is tried once more (the connector measured the skew meanwhile) and then refused: it will
 * not heal. Everything else is refused and kept until somebody answers.
 */
export function afterFault({ fault, failures, previous, now, random }: Failure): Consequence {
  if (!isTransient(fault.kind)) return { state: 'refused' };
  if (fault.kind === 'clock' && previous === 'clock') return { state: 'refused' };
  if (fault.retryAfterMs !== undefined) {
    const asked = Math.min(BACKOFF.askedCapMs, Math.max(0, fault.retryAfterMs));
    // Never before the time asked for, and spread a little after it.
    return { state: 'waiting', until: now + asked + Math.floor(random * Math.max(BACKOFF.floorMs, asked / 10)) };
  }
  return { state: 'waiting', until: now + backoffMs(failures, random) };
}

/** Kinds that speak of the platform, not of the one person: the others in its queue would meet the same. */
const OF_THE_PLATFORM: ReadonlySet<FaultKind> = new Set(['unreachable', 'time-out', 'rate', 'server']);

/** A platform that lately failed: nothing is sent to it until then, and then one delivery goes first (half-open). */
export interface Gate {
  failures: number;
  since: number;
  until: number;
}

/** The gate of a platform after an attempt: closed a while by a fault of its own, opened by anything else it answered. */
export function gateAfter(
  fault: Fault | null,
  gate: Gate | null,
  consequence: Consequence | null,
  now: number,
): Gate | null {
  if (fault === null || !OF_THE_PLATFORM.has(fault.kind) || consequence?.state !== 'waiting') return null;
  return { failures: (gate?.failures ?? 0) + 1, since: now, until: consequence.until };
}

/** Whether a platform is left alone now. A clock that was set back opens the gate: waiting out the difference could take for ever. */
export function isClosed(gate: Gate | undefined, now: number): boolean {
  return gate !== undefined && gate.since <= now && now < gate.until;
}

/**
 * Whether the platform may have done what it was asked in spite of the fault: silence, a problem of its own, or an answer that is none
 * (a proxy's page, half a JSON) say nothing about it. A refusal in the platform's own words does.
 */
export function mayHaveActed({ kind }: Fault): boolean {
  return kind === 'time-out' || kind === 'server' || kind === 'protocol';
}
