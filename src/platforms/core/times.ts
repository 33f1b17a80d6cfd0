/** Times as platforms spell them. Instants come in as ISO 8601 with an offset (shared/person). */

const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');

/** Offset of the station's own zone at an instant, minutes east of Greenwich. */
function localOffset(ms: number): number {
  return -new Date(ms).getTimezoneOffset();
}

/** Wall-clock parts of an instant at an offset. */
function wall(ms: number, offsetMinutes: number): { date: string; time: string } {
  const at = new Date(ms + offsetMinutes * 60_000);
  return {
    date: `${pad(at.getUTCFullYear(), 4)}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())}`,
    time: `${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}:${pad(at.getUTCSeconds())}`,
  };
}

/** `2026-01-05T09:00:00+08:00`, without fractions; in the station's zone unless an offset is given. */
export function isoWithOffset(ms: number, offsetMinutes: number = localOffset(ms)): string {
  const { date, time } = wall(ms, offsetMinutes);
  const size = Math.abs(offsetMinutes);
  return `${date}T${time}${offsetMinutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** The offset an ISO time is written with, minutes; null for `Z`, which names an instant and no place. */
export function writtenOffset(iso: string): number | null {
  const found = /([+-])(\d{2}):?(\d{2})$/.exec(iso);
  if (found === null) return null;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  return found[1] === '-' ? -minutes : minutes;
}

/**
 * `2026-01-05 09:00:00` for platforms that know wall-clock time only: the clock of the place the time was written for, which is
 * the site the platform stands on; a time in `Z` is read off the station's own clock.
 */
export function wallClock(iso: string): string {
  const ms = Date.parse(iso);
  const { date, time } = wall(ms, writtenOffset(iso) ?? localOffset(ms));
  return `${date} ${time}`;
}

/** First and last second of the day around an instant, in the station's zone. */
export function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

export function endOfDay(ms: number): number {
  return new Date(ms).setHours(23, 59, 59, 0);
}

/** The same date and time so many years later. */
export function addYears(ms: number, years: number): number {
  const at = new Date(ms);
  return at.setFullYear(at.getFullYear() + years);
}
