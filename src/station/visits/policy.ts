import type { Person } from '#shared/person';
import { defaultWindow, type VisitState, type VisitWindow } from '#shared/visits';
import type { VisitPlan, VisitRecord } from '../journal/index.ts';

/** Pure decisions about visits. Times are milliseconds since the epoch. */

const MINUTE_MS = 60_000;
/** So long after their time somebody who has not come is overdue. */
const OVERDUE_MS = 15 * MINUTE_MS;
/** So long before their time somebody who is enrolled at the desk has come for it, and not only to have their picture taken. */
const EARLY_MS = 2 * 60 * MINUTE_MS;

/** How a visit stands at a time. */
export function visitState(
  { from, to, arrivedAt, leftAt }: Pick<VisitRecord, 'from' | 'to' | 'arrivedAt' | 'leftAt'>,
  now: number,
): VisitState {
  if (leftAt !== null) return 'left';
  if (arrivedAt !== null) return now > to ? 'overstay' : 'here';
  return now > from + OVERDUE_MS ? 'overdue' : 'expected';
}

/** When somebody's visit is: as they say, else from now until the end of the working day. */
export function windowOf({ visit, validFrom, validTo }: Person, now: number, workdayEnds: string): VisitWindow {
  const time = (iso: string | undefined) => (iso === undefined ? undefined : Date.parse(iso));
  const from = time(visit?.from) ?? time(validFrom) ?? now;
  return { from, to: time(visit?.to) ?? time(validTo) ?? defaultWindow(from, workdayEnds).to };
}

/**
 * What an enrolment says of a visit: when it is, and whether the visitor has come, which they have who stand at the desk not long before their
 * time. Null for staff.
 */
export function planOf(
  person: Person,
  { now, workdayEnds, atDesk }: { now: number; workdayEnds: string; atDesk: boolean },
): Omit<VisitPlan, 'hostName'> | null {
  if (person.kind !== 'visitor') return null;
  const window = windowOf(person, now, workdayEnds);
  const come = atDesk && now >= window.from - EARLY_MS && now < window.to;
  return { ...window, arrivedAt: come ? now : null };
}

const ORDER: readonly VisitState[] = ['overstay', 'overdue', 'here', 'expected', 'left'];

/** Who needs somebody first, then who is here, is to come, and has left; each by their time, the last to leave first. */
export function inOrder<V extends VisitWindow & { state: VisitState; leftAt: number | null }>(
  visits: readonly V[],
): V[] {
  return visits.toSorted(
    (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || (b.leftAt ?? 0) - (a.leftAt ?? 0) || a.from - b.from,
  );
}

/** Fewer letters than this fit half a register; a Han character is a name's part by itself. */
const LEAST_LETTERS = 2;

/**
 * The one word of a query that platforms are asked for: its longest, as names are written, because which platform minds capitals most do not
 * say. Null where it is too short to ask anybody for.
 */
export function wordToSearch(query: string): string | null {
  const words = query.trim().split(/\s+/);
  const longest = words.reduce((best, word) => (word.length > best.length ? word : best), '');
  const enough = longest.length >= LEAST_LETTERS || /\p{Script=Han}/u.test(longest);
  return enough ? longest.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase()) : null;
}
