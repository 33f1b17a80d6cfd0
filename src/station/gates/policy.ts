import type { RecognitionRecord } from '#platforms/contract';
import type { Fault } from '#shared/fault';
import type { GatePass } from '#shared/gates';

/** Pure decisions about who passes the doors. Times are milliseconds; those of records by the platform's clock. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Each reading begins so long before the newest record: terminals hand theirs to their platform in no strict order. */
const OVERLAP_MS = 2 * MINUTE;
/** A station that was off longer does not read everything there ever was. */
const LONGEST_GAP_MS = 30 * DAY;
/** How far ahead of ours a platform's clock may be and its newest records be found all the same. */
const AHEAD_MS = DAY;

/**
 * The range of records to be read now. It follows the records' own times and not our clock, so that a platform whose clock is behind loses
 * nobody.
 * @param cursor the time of the newest record read so far; null before the first
 * @param keepMs how long passes are kept: a station that begins to watch reads no further back
 */
export function rangeToRead(cursor: number | null, now: number, keepMs: number): { from: number; to: number } {
  const from = cursor === null ? now - keepMs : Math.max(cursor - OVERLAP_MS, now - LONGEST_GAP_MS);
  return { from, to: Math.max(now, from) + AHEAD_MS };
}

/** The cursor after a record. One from the future (a clock set wrong for a while) must not hide those that come when it is right again. */
export function cursorAfter(cursor: number | null, at: number, now: number): number {
  return Math.max(cursor ?? Number.NEGATIVE_INFINITY, Math.min(at, now));
}

/**
 * Terminals that were offline hand over what they kept long after others told newer things, and one whose clock is behind tells of the past all
 * the time: what lies before the cursor is read again, the nearer often, the whole day now and then, and all of it when a watch begins.
 */
const LOOKS_BACK = [
  { everyMs: 10 * MINUTE, backMs: 2 * HOUR },
  { everyMs: 4 * HOUR, backMs: DAY },
] as const;

/** How far back is looked again and again, whatever happened. */
export const LOOKED_BACK_MS = DAY;

/** When each of the looks back was done last, ms since the epoch by our clock. */
export type LookedBack = readonly number[];

/** Nothing was looked at again yet. */
export const NOT_LOOKED_BACK: LookedBack = LOOKS_BACK.map(() => Number.NEGATIVE_INFINITY);

/**
 * The range before the cursor that is due to be read again, and how it stands once that was done; null when none is due. A clock of ours
 * that was set back makes all of them due.
 * @param cursor the time of the newest record before this reading; null when it was the first, which left nothing out
 * @param owedFrom since when a gate was silent that is heard again; null for none
 */
export function lookBack(
  cursor: number | null,
  now: number,
  done: LookedBack,
  owedFrom: number | null = null,
): { range: { from: number; to: number } | null; done: LookedBack } | null {
  const isDue = LOOKS_BACK.map(({ everyMs }, n) => {
    const last = done[n] ?? Number.NEGATIVE_INFINITY;
    return last > now || now - last >= everyMs;
  });
  const furthest = LOOKS_BACK.findLast((_, n) => isDue[n]);
  if (furthest === undefined) return null;
  // The furthest one has seen what the nearer ones would.
  const after = LOOKS_BACK.map(({ backMs }, n) => (backMs <= furthest.backMs ? now : (done[n] ?? now)));
  if (cursor === null) return { range: null, done: after };
  const far = furthest.backMs === LOOKED_BACK_MS ? (owedFrom ?? cursor) : cursor;
  const from = Math.max(Math.min(cursor - furthest.backMs, far - OVERLAP_MS), now - LONGEST_GAP_MS);
  const to = cursor - OVERLAP_MS;
  return { range: from < to ? { from, to } : null, done: after };
}

/** Whether a pass is kept: not older than the site keeps them, and newer than what was dropped to make room. */
export function isKept(at: number, now: number, keepMs: number, droppedUntil: number | null): boolean {
  return at > now - keepMs && (droppedUntil === null || at > droppedUntil);
}

/** How often records are asked for: rarely where the platform's push is known to tell them. */
export function pauseBetween(push: 'telling' | 'unproven' | 'none'): number {
  return push === 'telling' ? MINUTE : 5 * SECOND;
}

const LONGEST_PAUSE_MS = 5 * MINUTE;

/** How long a platform is left alone after it failed so often in a row; longer where it said so itself. */
export function pauseAfter(failures: number, fault: Pick<Fault, 'kind' | 'retryAfterMs'>): number {
  // Wrong keys and strange answers do not mend themselves within seconds.
  const first = fault.kind === 'auth' || fault.kind === 'protocol' || fault.kind === 'validation' ? MINUTE : 5 * SECOND;
  const doubled = first * 2 ** Math.min(failures - 1, 16);
  return Math.max(Math.min(doubled, LONGEST_PAUSE_MS), fault.retryAfterMs ?? 0);
}

/** How a pass is told: a stranger is unknown whatever the door did. */
export function outcomeOf({ kind, passed }: Pick<RecognitionRecord, 'kind' | 'passed'>): GatePass['outcome'] {
  if (kind === 'stranger') return 'unknown';
  return passed === false ? 'refused' : 'recognised';
}

/** Clocks that are known to differ are set against each other to within this; where nothing is known they may differ by a minute. */
const KNOWN_SKEW_MS = 3 * SECOND;
const UNKNOWN_SKEW_MS = MINUTE;

/**
 * Whether a pass proves that an enrolment worked: its face was recognised and let through, after the platform had it. A card or a code proves
 * nothing about a face.
 * @param skewMs the platform's clock minus ours, null where it is not known
 */
export function proves(
  { method, passed, kind, at }: Pick<RecognitionRecord, 'method' | 'passed' | 'kind' | 'at'>,
  deliveredAt: number | null,
  skewMs: number | null,
): boolean {
  if (method !== 'face' || passed === false || kind === 'stranger' || deliveredAt === null) return false;
  return at - (skewMs ?? 0) >= deliveredAt - (skewMs === null ? UNKNOWN_SKEW_MS : KNOWN_SKEW_MS);
}

/** A door once opened stays open for some seconds anyway. */
const SAME_DOOR_MS = 5 * SECOND;
const MOST_A_MINUTE = 10;

/** One opening of a door from the desk. */
export interface Opening {
  door: string;
  at: number;
}

/** How long until a door may be opened once more; 0 when it may be now. A clock set back does not lock the doors. */
export function waitForDoor(openings: readonly Opening[], door: string, now: number): number {
  const lately = openings.filter(({ at }) => at <= now && now - at < MINUTE);
  const same = lately.findLast((one) => one.door === door);
  const wait = same === undefined ? 0 : same.at + SAME_DOOR_MS - now;
  const first = lately.at(-MOST_A_MINUTE);
  return Math.max(0, wait, first === undefined ? 0 : first.at + MINUTE - now);
}
