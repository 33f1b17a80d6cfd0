/** Pure decisions about the supervisor's PIN. */

export const PIN = {
  /** Wrong PINs in a row that are forgiven; from then on each one more locks. */
  free: 5,
  baseMs: 30_000,
  capMs: 15 * 60_000,
} as const;

/** Tries since the last right PIN, and since when, until when none is looked at. */
export interface PinTries {
  failures: number;
  since: number;
  until: number;
}

export const NO_TRIES: PinTries = { failures: 0, since: 0, until: 0 };

/** After one more try that was not (yet) found right. 30 s at the fifth, doubling up to a quarter of an hour. */
export function afterTry({ failures }: PinTries, now: number): PinTries {
  const next = failures + 1;
  const over = next - PIN.free;
  const locked = over < 0 ? 0 : Math.min(PIN.capMs, PIN.baseMs * 2 ** Math.min(over, 20));
  return { failures: next, since: now, until: now + locked };
}

/**
 * Milliseconds until a PIN is looked at again; 0 when it is now. A clock that was set back does not unlock: the whole time is waited
 * again, never more.
 */
export function lockedFor({ since, until }: PinTries, now: number): number {
  if (now < since) return until - since;
  return Math.max(0, until - now);
}
