import { describe, expect, it } from 'vitest';
import { dayOf, defaultWindow, timeOfDaySchema, visitorCode } from '#shared/visits';

const local = (text: string) => new Date(text).getTime();
const HOUR = 3_600_000;

describe('the time of a visit', () => {
  it.each([
    ['in the morning', '2026-11-23T09:12', '18:00', '2026-11-23T18:00'],
    ['at a site that ends early', '2026-11-23T09:12', '12:30', '2026-11-23T12:30'],
    ['with half an hour left', '2026-11-23T17:30', '18:00', '2026-11-23T18:30'],
    ['after the end of the day', '2026-11-23T20:00', '18:00', '2026-11-23T21:00'],
    ['over midnight', '2026-11-23T23:30', '18:00', '2026-11-24T00:30'],
  ])('ends with the working day, and is an hour at least: %s', (_when, from, ends, to) => {
    expect(defaultWindow(local(from), ends)).toEqual({ from: local(from), to: local(to) });
  });

  it('belongs to the day by the clock on the wall', () => {
    const day = dayOf(local('2026-03-29T15:00'));
    expect(day).toEqual({ from: local('2026-03-29T00:00'), to: local('2026-03-30T00:00') });
    // 23 and 25 hours where the clocks change.
    expect(Math.abs(day.to - day.from - 24 * HOUR)).toBeLessThanOrEqual(HOUR);
  });

  it('takes a time of day and nothing like it', () => {
    const good = ['00:00', '09:05', '23:59'];
    expect(good.filter((time) => timeOfDaySchema.safeParse(time).success)).toEqual(good);
    expect(['24:00', '9:05', '18:60', '18', ''].filter((time) => timeOfDaySchema.safeParse(time).success)).toEqual([]);
  });
});

describe("a visitor's code", () => {
  it('tells the day, and what chance says in characters nobody mistakes', () => {
    expect(visitorCode(local('2026-11-03T10:00'), () => 0)).toBe('V26110322222');
    expect(visitorCode(local('2026-11-03T10:00'), (below) => below - 1)).toBe('V261103ZZZZZ');
    const drawn = Array.from({ length: 40 }, (_, index) =>
      visitorCode(local('2026-11-03T10:00'), (below) => index % below),
    );
    // What every platform takes: letters and digits, 16 at most.
    for (const code of drawn) expect(code).toMatch(/^V261103[2-9A-HJ-NP-TV-Z]{5}$|^V261103[2-9A-HJKMNP-Z]{5}$/);
  });
});
