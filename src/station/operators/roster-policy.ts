import { type Role, sameLabel } from '#shared/operators';

/** Pure decisions about a site's operators. */

interface Member {
  id: string;
  role: Role;
}

/** A label nobody has: itself, or with a number behind it. */
export function freeLabel(wanted: string, taken: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const label = number === 1 ? wanted : `${wanted} ${number}`;
    if (!taken.some((other) => sameLabel(other, label))) return label;
  }
}

const hasAdministrator = (members: readonly Member[]) => members.some(({ role }) => role === 'administrator');

/** The operators with one role changed; null when nobody would be left to manage them. */
export function afterChange<M extends Member>(members: readonly M[], id: string, role: Role): M[] | null {
  const after = members.map((one) => (one.id === id ? { ...one, role } : one));
  return hasAdministrator(after) ? after : null;
}

/** The operators without one; null when nobody would be left to manage them. */
export function afterRemoval<M extends Member>(members: readonly M[], id: string): M[] | null {
  const after = members.filter((one) => one.id !== id);
  return hasAdministrator(after) ? after : null;
}

/** A clock that is put right by this much is no absence. */
const SLACK_MS = 60_000;

/** Whether nobody was at the desk for so long that it locks. A clock that was set back says nothing, so it locks. */
export function isIdle(seenAt: number, now: number, limitMinutes: number | null): boolean {
  if (limitMinutes === null) return false;
  const gone = now - seenAt;
  return gone >= limitMinutes * 60_000 || gone < -SLACK_MS;
}

/** Whether somebody's agreement to a call of one name still holds; it is given for one call and for a minute. */
export function agreementHolds(agreement: { call: string; at: number }, call: string, now: number): boolean {
  return agreement.call === call && now >= agreement.at && now - agreement.at <= 60_000;
}
