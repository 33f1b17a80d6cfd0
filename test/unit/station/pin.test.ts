import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultError } from '#shared/fault';
import { type Journal, openJournal } from '../../../src/station/journal/index.ts';
import { createPin } from '../../../src/station/pin.ts';
import { createPinGuard } from '../../../src/station/pin-guard.ts';
import { afterTry, lockedFor, NO_TRIES, PIN } from '../../../src/station/pin-policy.ts';
import { temporaryDir } from './support/station.ts';

const NOW = 1_000_000;

describe('wrong PINs', () => {
  const after = (count: number) => {
    let tries = NO_TRIES;
    for (let n = 0; n < count; n += 1) tries = afterTry(tries, NOW);
    return lockedFor(tries, NOW);
  };
  it('are forgiven a few times, then lock for longer and longer, at most a quarter of an hour', () => {
    expect([1, 4, 5, 6, 7, 30].map(after)).toEqual([0, 0, PIN.baseMs, 2 * PIN.baseMs, 4 * PIN.baseMs, PIN.capMs]);
  });
  it('stay locked when the clock is set back, never longer than the time itself', () => {
    const locked = { failures: 5, since: NOW, until: NOW + 30_000 };
    expect([NOW + 29_999, NOW + 30_000, NOW - 3_600_000].map((now) => lockedFor(locked, now))).toEqual([1, 0, 30_000]);
  });
});

describe("the supervisor's PIN", () => {
  let dir: ReturnType<typeof temporaryDir>;
  let journal: Journal;
  let time: number;
  beforeEach(() => {
    dir = temporaryDir();
    journal = openJournal(dir.path, Buffer.alloc(32, 7), NOW);
    time = NOW;
  });
  afterEach(() => {
    journal.close();
    dir.remove();
  });
  const pin = (hasOperators = false) => {
    const now = () => time;
    const actor = () => 'desk';
    return createPin({
      journal,
      guard: createPinGuard(journal, now, actor),
      now,
      actor,
      hasOperators: () => hasOperators,
    });
  };
  const refusal = async (work: Promise<unknown>) => {
    const error = await work.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FaultError);
    return (error as FaultError).fault;
  };

  it('is not asked for where none is set', async () => {
    expect(pin().status()).toEqual({ set: false, lockedForMs: null });
    await pin().demand(undefined);
    await pin().demand('0000');
  });
  it('is asked for once it is set, and changed only by whoever knows it', async () => {
    await pin().set('2468', undefined);
    expect(pin().status()).toEqual({ set: true, lockedForMs: null });
    await pin().demand('2468');
    expect(await refusal(pin().demand(undefined))).toMatchObject({ kind: 'auth', code: 'pin-required', field: 'pin' });
    expect(await refusal(pin().demand('1357'))).toMatchObject({ kind: 'auth', code: 'pin-wrong' });
    expect(await refusal(pin().set('1111', undefined))).toMatchObject({ code: 'pin-required' });
    expect(await refusal(pin().set(null, '1357'))).toMatchObject({ code: 'pin-wrong' });
    await pin().set('13579', '2468');
    await pin().demand('13579');
    await pin().set(null, '13579');
    expect(pin().status().set).toBe(false);
  });
  it('is guessed slowly: also the right one is not looked at while it is locked, and a restart does not unlock', async () => {
    await pin().set('2468', undefined);
    const wrong = await Promise.all(Array.from({ length: 8 }, (_, n) => refusal(pin().demand(`000${n}`))));
    expect(wrong.map(({ code }) => code).sort()).toEqual([
      ...Array.from({ length: 3 }, () => 'pin-locked'),
      ...Array.from({ length: 5 }, () => 'pin-wrong'),
    ]);
    expect(await refusal(pin().demand('2468'))).toMatchObject({ code: 'pin-locked', retryAfterMs: PIN.baseMs });
    expect(pin().status().lockedForMs).toBe(PIN.baseMs);
    time += PIN.baseMs;
    await pin().demand('2468');
    expect(pin().status().lockedForMs).toBeNull();
  });
  it('is told to the audit trail, never itself', async () => {
    await pin().set('2468', undefined);
    await refusal(pin().demand('1357'));
    pin().clear();
    const rows = [...journal.audit.rows()];
    expect(rows.map(({ action }) => action)).toEqual(['pin-set', 'pin-wrong', 'pin-clear']);
    expect(JSON.stringify(rows)).not.toMatch(/\b(2468|1357)\b/);
  });
});
