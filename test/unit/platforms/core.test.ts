import { describe, expect, test } from 'vitest';
import type { HttpAnswer } from '#platforms/core/answer';
import { createServerClock, inPlatformTime } from '#platforms/core/clock';
import { codeFault } from '#platforms/core/codes';
import { fieldOf, missing, refuseProblems, tooLong } from '#platforms/core/fields';
import { redactor } from '#platforms/core/redact';
import { addYears, isoWithOffset, wallClock, writtenOffset } from '#platforms/core/times';
import { FaultError } from '#shared/fault';
import { ANNA_LIM, faultOf } from '../../fixtures/connecting.ts';

describe('redaction', () => {
  const secret = 'p+ss/w"rd 张';
  const redact = redactor([secret, 'abc', '23456789']);

  test.each([
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    JSON.stringify(secret).slice(1, -1),
    '23456789',
  ])('hides a secret spelled %s', (spelling) => {
    expect(redact(`before ${spelling} after`)).toMatch(/^before ‹secret› after$/);
  });

  test('hides signatures and tokens nobody listed', () => {
    const text = redact('GET /a?sign=0123abcd&x=1 x-ca-signature: q1w2 {"token":"tok-1"}');
    expect(text).not.toMatch(/0123abcd|q1w2|tok-1/);
    expect(text).toContain('x=1');
  });

  test('hides pictures and leaves words of three letters', () => {
    expect(redact(`x ${'/9j/4AAQ'.repeat(40)}== abc`)).toBe('x ‹data› abc');
  });
});

const answer = (serverDate: number | null, sentAt = 1000, receivedAt = 1000): HttpAnswer => ({
  status: 200,
  headers: {},
  bytes: new Uint8Array(),
  sentAt,
  receivedAt,
  serverDate,
});

describe('the platform’s clock', () => {
  const refused = new FaultError({ kind: 'clock', code: '10003', message: 'expired' });

  test('signs once more in the platform’s time, and stays in it', async () => {
    const clock = createServerClock(() => 1000);
    const times: number[] = [];
    const call = async () => {
      times.push(clock.time());
      clock.observe(answer(3_600_500));
      if (clock.time() < 3_000_000) throw refused;
      return 'done';
    };
    expect(await inPlatformTime(clock, call)).toBe('done');
    expect(await inPlatformTime(clock, call)).toBe('done');
    expect(times).toEqual([1000, 3_601_000, 3_601_000]);
    expect(clock.skewMs()).toBe(3_600_000);
  });

  test('tries once and no more: without a known skew, or when its own time does not please it either', async () => {
    for (const date of [null, 1200, 3_600_500]) {
      const clock = createServerClock(() => 1000);
      let calls = 0;
      const call = async () => {
        calls += 1;
        clock.observe(answer(date));
        throw refused;
      };
      expect((await faultOf(inPlatformTime(clock, call))).kind).toBe('clock');
      expect(calls).toBe(date === 3_600_500 ? 2 : 1);
    }
  });

  test('another fault is not retried', async () => {
    const clock = createServerClock(() => 1000);
    clock.observe(answer(3_600_500));
    let calls = 0;
    const call = async () => {
      calls += 1;
      throw new FaultError({ kind: 'auth', code: '10005', message: 'wrong' });
    };
    expect((await faultOf(inPlatformTime(clock, call))).kind).toBe('auth');
    expect(calls).toBe(1);
  });

  test('knows no skew before an answer, and calls a second none', () => {
    const clock = createServerClock(() => 1000);
    expect(clock.skewMs()).toBeNull();
    clock.observe(answer(1900));
    expect(clock.skewMs()).toBe(0);
  });
});

describe('codes', () => {
  const said = (status: number) => ({
    text: 'odd key=K123',
    redact: (text: string) => text.replace('K123', '?'),
    answer: { status },
  });

  test('a known code speaks in the table’s words', () => {
    const table = { 7: { kind: 'capacity', message: 'full' } } as const;
    expect(codeFault(table, 7, said(200)).fault).toEqual({ kind: 'capacity', code: '7', message: 'full' });
  });

  test.each([
    [200, 'protocol'],
    [500, 'server'],
    [401, 'auth'],
  ])('an unknown one under HTTP %i is %s, shown whole and redacted', (status, kind) => {
    const { fault } = codeFault({}, 'toString', said(status));
    expect(fault).toMatchObject({ kind, code: 'toString' });
    expect(fault.message).toContain('odd key=?');
  });
});

describe('fields', () => {
  const visitor = { ...ANNA_LIM, visit: { host: 'Bob', purpose: '' } };

  test('reads dotted fields; blank counts as missing', () => {
    expect(fieldOf(visitor, 'visit.host')).toBe('Bob');
    expect(fieldOf(visitor, 'visit.purpose')).toBeUndefined();
    expect(fieldOf(ANNA_LIM, 'visit.host')).toBeUndefined();
    expect(missing(visitor, ['visit.host', 'visit.purpose', 'card']).map((problem) => problem.field)).toEqual([
      'visit.purpose',
      'card',
    ]);
  });

  test('lengths: the limit passes, one more does not', () => {
    expect(tooLong({ ...ANNA_LIM, card: 'x'.repeat(40) }, { card: 40 })).toEqual([]);
    expect(tooLong({ ...ANNA_LIM, card: 'x'.repeat(41) }, { card: 40 })).toHaveLength(1);
  });

  test('problems stop as a validation fault that names the first field and all messages', async () => {
    const fault = await faultOf((async () => refuseProblems(missing(ANNA_LIM, ['card', 'email'])))());
    expect(fault).toMatchObject({ kind: 'validation', field: 'card' });
    expect(fault.message).toContain('email');
    expect(() => refuseProblems([])).not.toThrow();
  });
});

describe('times', () => {
  const at = Date.parse('2026-01-05T01:02:03Z');
  test('ISO with an offset, east, west and half hours', () => {
    expect(isoWithOffset(at, 480)).toBe('2026-01-05T09:02:03+08:00');
    expect(isoWithOffset(at, -210)).toBe('2026-01-04T21:32:03-03:30');
    expect(Date.parse(isoWithOffset(at))).toBe(at);
  });

  test('a wall clock is the one of the place the time was written for', () => {
    expect(wallClock('2026-01-05T09:00:00+08:00')).toBe('2026-01-05 09:00:00');
    expect(wallClock('2026-01-05T09:00:00-03:30')).toBe('2026-01-05 09:00:00');
    expect(Date.parse(wallClock('2026-01-05T09:00:00Z'))).toBe(Date.parse('2026-01-05T09:00:00Z'));
    expect(writtenOffset('2026-01-05T09:00:00Z')).toBeNull();
  });

  test('years later', () => {
    expect(new Date(addYears(Date.parse('2026-01-05T00:00:00Z'), 10)).getUTCFullYear()).toBe(2036);
  });
});
