import type { DateOrder } from './api.ts';

export interface DateOptions {
  order: DateOrder;
  /** A day without a time means its end, not its beginning. */
  end: boolean;
  /** Offset of local time from UTC in minutes at a local time; east is positive. Default: this machine's. */
  offset?: (year: number, month: number, day: number, hour: number, minute: number) => number;
}

export type ReadDate = { iso: string } | { problem: 'ambiguous' | 'unreadable'; message: string };

interface Parts {
  year: number;
  month: number;
  day: number;
}
interface Clock {
  hour: number;
  minute: number;
  second: number;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** 1955–2119 as Excel counts days: other numbers of five digits are no dates that make sense here. */
const SERIAL = { from: 20_000, to: 80_000 } as const;
/** Excel's day 0 (ECMA-376 part 1 §18.17.4.1, 1900 date system), as it is after its missing 29 February 1900. */
const SERIAL_ZERO = Date.UTC(1899, 11, 30);
const DAY_MS = 86_400_000;

/**
 * Reads a date as spreadsheets have them and gives it as ISO 8601 with an offset (pure but for the machine's zone): `2026-03-04`,
 * `2026/3/4 9:30`, `20260304`, `2026年3月4日`, `4 Mar 2026`, `Mar 4, 2026`, `13/04/2026`, an Excel serial, ISO itself. What could be two
 * days (`03/04/2026`) is a problem unless `order` settles it.
 */
export function readDate(written: string, options: DateOptions): ReadDate {
  const text = written.normalize('NFKC').trim();
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i.test(text)) {
    const iso = text
      .replace(' ', 'T')
      .replace(/([+-]\d\d)(\d\d)$/, '$1:$2')
      .toUpperCase();
    return Number.isNaN(Date.parse(iso)) ? unreadable() : { iso: withSeconds(iso) };
  }
  if (/^\d{5}(\.\d+)?$/.test(text)) return serial(Number(text), options);
  const { rest, clock } = cutClock(text);
  if (clock === 'wrong') return unreadable();
  const found = readDay(rest, options.order);
  if (found === 'ambiguous')
    return {
      problem: 'ambiguous',
      message: 'this could be two days: write it as 2026-03-04, or say which comes first (--dates dmy or --dates mdy)',
    };
  if (found === null || !exists(found)) return unreadable();
  return { iso: spell(found, clock, options) };
}

function unreadable(): ReadDate {
  return {
    problem: 'unreadable',
    message: 'this is no date that can be read: write it as 2026-03-04 or 2026-03-04 09:30',
  };
}

function readDay(text: string, order: DateOrder): Parts | 'ambiguous' | null {
  const yearFirst =
    /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text) ??
    /^(\d{4})(\d\d)(\d\d)$/.exec(text) ??
    /^(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日号號일]?$/.exec(text);
  if (yearFirst) return parts(yearFirst[1], yearFirst[2], yearFirst[3]);
  const named =
    /^(\d{1,2})(?:st|nd|rd|th)?[-/\s.]*([A-Za-z]{3,9})[.,]?[-/\s]*(\d{4})$/.exec(text) ??
    swap(/^([A-Za-z]{3,9})[.\s-]*(\d{1,2})(?:st|nd|rd|th)?,?[\s-]*(\d{4})$/.exec(text));
  if (named) {
    const month = MONTHS.indexOf((named[2] ?? '').slice(0, 3).toLowerCase()) + 1;
    return month === 0 ? null : parts(named[3], `${month}`, named[1]);
  }
  const numbers = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text);
  if (!numbers) return null;
  const [first, second] = [Number(numbers[1]), Number(numbers[2])];
  const dmy = parts(numbers[3], numbers[2], numbers[1]);
  const mdy = parts(numbers[3], numbers[1], numbers[2]);
  if (first === second) return dmy;
  // Dots are written in countries that put the day first.
  if (text.includes('.')) return dmy;
  if (order !== null) return order === 'dmy' ? dmy : mdy;
  if (first > 12) return dmy;
  return second > 12 ? mdy : 'ambiguous';
}

function swap(found: RegExpExecArray | null): (string | undefined)[] | null {
  return found && [found[0], found[2], found[1], found[3]];
}

function parts(year = '', month = '', day = ''): Parts {
  return { year: Number(year), month: Number(month), day: Number(day) };
}

function exists({ year, month, day }: Parts): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 1900 && year <= 9999 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** The time of day behind a date: `9:30`, `09:30:15`, `2:05 PM`, `14时30分`. */
function cutClock(text: string): { rest: string; clock: Clock | 'wrong' | null } {
  const found =
    /^(.*?\S)(?:[T\s]+|(?<=[日号號]))(\d{1,2})(?::|[时時点])(\d{1,2})(?:(?::|分)(\d{1,2})?(?:\.\d+)?秒?)?\s*分?\s*([AaPp][Mm])?$/.exec(
      text,
    );
  if (!found) return { rest: text, clock: null };
  const half = found[5]?.toLowerCase();
  const written = Number(found[2]);
  const hour = half === undefined ? written : (written % 12) + (half === 'pm' ? 12 : 0);
  const clock = { hour, minute: Number(found[3]), second: Number(found[4] ?? 0) };
  const wrong =
    hour > 23 || clock.minute > 59 || clock.second > 59 || (half !== undefined && (written < 1 || written > 12));
  return { rest: found[1] ?? '', clock: wrong ? 'wrong' : clock };
}

function serial(days: number, options: DateOptions): ReadDate {
  if (days < SERIAL.from || days > SERIAL.to) return unreadable();
  const date = new Date(SERIAL_ZERO + Math.round((days * DAY_MS) / 1000) * 1000);
  const day = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  const clock = { hour: date.getUTCHours(), minute: date.getUTCMinutes(), second: date.getUTCSeconds() };
  return { iso: spell(day, Number.isInteger(days) ? null : clock, options) };
}

const two = (value: number) => String(value).padStart(2, '0');

function spell(day: Parts, given: Clock | null, { end, offset = localOffset }: DateOptions): string {
  const clock = given ?? (end ? { hour: 23, minute: 59, second: 59 } : { hour: 0, minute: 0, second: 0 });
  const east = offset(day.year, day.month, day.day, clock.hour, clock.minute);
  const zone = `${east < 0 ? '-' : '+'}${two(Math.floor(Math.abs(east) / 60))}:${two(Math.abs(east) % 60)}`;
  const date = `${String(day.year).padStart(4, '0')}-${two(day.month)}-${two(day.day)}`;
  return `${date}T${two(clock.hour)}:${two(clock.minute)}:${two(clock.second)}${zone}`;
}

function localOffset(year: number, month: number, day: number, hour: number, minute: number): number {
  return -new Date(year, month - 1, day, hour, minute).getTimezoneOffset();
}

function withSeconds(iso: string): string {
  return /T\d\d:\d\d(Z|[+-])/.test(iso) ? iso.replace(/(T\d\d:\d\d)/, '$1:00') : iso;
}
