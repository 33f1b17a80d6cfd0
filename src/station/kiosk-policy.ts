import type { Consent, KioskPurpose } from '#shared/calls/kiosk';
import { HOST_LETTERS } from '#shared/calls/kiosk';
import type { PersonKind } from '#shared/person';
import { afterTry, NO_TRIES, type PinTries } from './pin-policy.ts';

/** Pure decisions about a window that serves visitors and that nobody attends. */

/** An agreement holds as long as somebody may well stand there, and no longer. */
const AGREED_FOR_MS = 30 * 60_000;
/** Page and station share a clock; it may be put right between the two. */
const SLACK_MS = 60_000;

/** A text this window was told, in the words that held then. */
export interface Shown {
  kind: PersonKind;
  at: number;
}

/**
 * What is wrong with what a page says somebody agreed to; null when the station can stand by it: these are words it told this very window
 * for such a person, they hold still, and the time lies between then and now.
 *
 * @param shown by version, what this window was told since the last enrolment
 * @param current versions of the words that hold now for such a person
 */
export function consentProblem(
  consent: Consent | undefined,
  kind: PersonKind,
  shown: ReadonlyMap<string, Shown>,
  current: ReadonlySet<string>,
  now: number,
): 'missing' | 'stale' | null {
  const told = consent && shown.get(consent.version);
  if (consent === undefined || told === undefined || told.kind !== kind) return 'missing';
  const inTime = consent.at >= told.at - SLACK_MS && consent.at <= now + SLACK_MS && now - consent.at <= AGREED_FOR_MS;
  return current.has(consent.version) && inTime ? null : 'stale';
}

/** What a person of a kind comes to a kiosk for. */
export const purposeOf = (kind: PersonKind): KioskPurpose => (kind === 'visitor' ? 'visit' : 'staff');

/** One unknown code is forgotten in this time: a busy kiosk locks nobody out for the slips of a whole day. */
const FORGIVEN_MS = 5 * 60_000;

/** Unknown codes that still count. A right one forgives none: whoever guesses may know one, their own. */
export function codesStillCounted(tries: PinTries, now: number): PinTries {
  const failures = Math.max(0, tries.failures - Math.max(0, Math.floor((now - tries.since) / FORGIVEN_MS)));
  return failures === 0 ? NO_TRIES : { ...tries, failures };
}

/** After one more unknown code: five are free, then each locks for longer, as wrong PINs do. */
export const afterUnknownCode = (tries: PinTries, now: number): PinTries =>
  afterTry(codesStillCounted(tries, now), now);

/** Whether so little was typed that it would list the staff rather than find a host. Each Han character is a syllable of its own. */
export function isTooShort(query: string): boolean {
  const letters = [...query].filter((one) => /[\p{L}\p{N}]/u.test(one));
  const han = letters.filter((one) => /\p{Script=Han}/u.test(one)).length;
  return letters.length + han < HOST_LETTERS;
}

/** Questions a window may ask, refilled with time. */
export interface Allowance {
  left: number;
  at: number;
}

/** So many at once, and one more after each pause. */
export interface Pace {
  burst: number;
  refillMs: number;
}

/** Questions for hosts: as somebody types. */
export const HOSTS_PACE: Pace = { burst: 30, refillMs: 2_000 };
/** Staff who enrol themselves: the queue of a first day, but nobody who tries one code after another for the answer. */
export const STAFF_PACE: Pace = { burst: 20, refillMs: 30_000 };

export const fullAllowance = ({ burst }: Pace): Allowance => ({ left: burst, at: 0 });

/** One more; `granted: false` while there are none left. */
export function ask(
  { left, at }: Allowance,
  { burst, refillMs }: Pace,
  now: number,
): { allowance: Allowance; granted: boolean } {
  const have = Math.min(burst, left + Math.max(0, now - at) / refillMs);
  return have < 1
    ? { allowance: { left: have, at: now }, granted: false }
    : { allowance: { left: have - 1, at: now }, granted: true };
}
