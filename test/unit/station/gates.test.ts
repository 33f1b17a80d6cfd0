import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector, RecognitionRecord } from '#platforms/contract';
import type { Handlers } from '#shared/contract';
import type { GatePass, GateProof, GateWatch } from '#shared/gates';
import { rotateKey, type Station } from '#station/index';
import {
  cursorAfter,
  isKept,
  lookBack,
  NOT_LOOKED_BACK,
  outcomeOf,
  pauseAfter,
  pauseBetween,
  proves,
  rangeToRead,
  waitForDoor,
} from '../../../src/station/gates/policy.ts';
import { heardOf, NO_SILENCES } from '../../../src/station/gates/silence.ts';
import { KEPT_PASSES } from '../../../src/station/journal/passes.ts';
import { type FakePlatform, fakePlatform, unreachable } from './support/fake-platform.ts';
import { anna, collectingLog, open, portrait, temporaryDir } from './support/station.ts';

const NOW = Date.UTC(2026, 10, 23, 8, 41);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const never = new AbortController().signal;

describe('which records are read', () => {
  it('first those the site keeps, then from a little before the newest one on, however long ago that was', () => {
    expect(rangeToRead(null, NOW, DAY)).toEqual({ from: NOW - DAY, to: NOW + DAY });
    expect(rangeToRead(NOW - 5 * DAY, NOW, DAY).from).toBe(NOW - 5 * DAY - 2 * MINUTE);
    expect(rangeToRead(NOW - 400 * DAY, NOW, DAY).from).toBe(NOW - 30 * DAY);
  });

  it('by the records’ own clock: one that is behind or ahead loses nobody', () => {
    const behind = NOW - 60 * MINUTE;
    expect(rangeToRead(cursorAfter(null, behind, NOW), NOW, DAY).from).toBeLessThan(behind);
    expect(rangeToRead(null, NOW, DAY).to).toBeGreaterThan(NOW + 60 * MINUTE);
    // A record from next year does not hide those of today.
    expect(cursorAfter(NOW - MINUTE, NOW + 365 * DAY, NOW)).toBe(NOW);
    expect(cursorAfter(NOW, NOW - MINUTE, NOW)).toBe(NOW);
  });

  it('again from further back when a watch begins, then the near past often and the far past rarely, never what the reading had', () => {
    const cursor = NOW - MINUTE;
    const first = lookBack(cursor, NOW, NOT_LOOKED_BACK);
    expect(first?.range).toEqual({ from: cursor - DAY, to: cursor - 2 * MINUTE });
    const done = first?.done ?? [];
    expect(lookBack(cursor, NOW + 9 * MINUTE, done)).toBeNull();
    const near = lookBack(cursor, NOW + 10 * MINUTE, done);
    expect(near?.range?.from).toBe(cursor - 120 * MINUTE);
    // The near one is done, the far one is due when it was due before.
    expect(lookBack(cursor, NOW + 11 * MINUTE, near?.done ?? [])).toBeNull();
    expect(lookBack(cursor, NOW + 240 * MINUTE, near?.done ?? [])?.range?.from).toBe(cursor - DAY);
    // A clock of ours that is set back does not stop it.
    expect(lookBack(cursor, NOW - DAY, done)?.range?.from).toBe(cursor - DAY);
    // The very first reading left nothing out; a station that was off for months reads what any other reads.
    expect(lookBack(null, NOW, NOT_LOOKED_BACK)?.range).toBeNull();
    expect(lookBack(NOW - 30 * DAY, NOW, NOT_LOOKED_BACK)?.range).toBeNull();
  });

  it('as far back as a gate was silent that is heard again, for a day, and no further than is ever read', () => {
    const at = (place: string | null, ago: number) => ({ place, at: NOW - ago });
    const silences = { heard: { A: NOW - 8 * DAY, B: NOW - 9 * DAY, '': NOW - 20 * MINUTE }, owed: null };
    const usual = heardOf(silences, [at(null, 0)], NOW);
    expect(usual).toMatchObject({ begins: false, silences: { owed: null } });
    const back = heardOf(usual.silences, [at('A', MINUTE), at('A', 0)], NOW);
    expect(back).toMatchObject({ begins: true, silences: { owed: { from: NOW - 8 * DAY, until: NOW + DAY } } });
    // Another one that was silent as long or less is looked for with it; one that was silent longer at once.
    const shorter = heardOf(
      { ...back.silences, heard: { ...back.silences.heard, D: NOW - 2 * DAY } },
      [at('D', 0)],
      NOW + MINUTE,
    );
    expect(shorter).toMatchObject({
      begins: false,
      silences: { owed: { from: NOW - 8 * DAY, until: NOW + MINUTE + DAY } },
    });
    expect(heardOf(shorter.silences, [at('B', 0)], NOW)).toMatchObject({
      begins: true,
      silences: { owed: { from: NOW - 9 * DAY } },
    });
    // A clock that was ahead hides no silence; what is owed ends.
    const ahead = heardOf(NO_SILENCES, [at('C', 0)], NOW - 7 * DAY);
    expect(ahead.silences).toEqual({ heard: { C: NOW - 7 * DAY }, owed: null });
    expect(heardOf(ahead.silences, [at('C', 0)], NOW).begins).toBe(true);
    expect(heardOf(back.silences, [], NOW + DAY).silences.owed).toBeNull();
    const many = Array.from({ length: 600 }, (_, n) => at(`gate ${n}`, n));
    expect(Object.keys(heardOf(NO_SILENCES, many, NOW).silences.heard)).toHaveLength(500);

    const cursor = NOW - MINUTE;
    expect(lookBack(cursor, NOW, NOT_LOOKED_BACK, NOW - 8 * DAY)?.range?.from).toBe(NOW - 8 * DAY - 2 * MINUTE);
    expect(lookBack(cursor, NOW, NOT_LOOKED_BACK, NOW - 80 * DAY)?.range?.from).toBe(NOW - 30 * DAY);
    const done = lookBack(cursor, NOW, NOT_LOOKED_BACK)?.done ?? [];
    expect(lookBack(cursor, NOW + 10 * MINUTE, done, NOW - 8 * DAY)?.range?.from).toBe(cursor - 120 * MINUTE);
  });

  it('are kept as long as the site says, and not again once they were dropped to make room', () => {
    expect(isKept(NOW - DAY + 1, NOW, DAY, null)).toBe(true);
    expect(isKept(NOW - DAY, NOW, DAY, null)).toBe(false);
    expect(isKept(NOW - MINUTE, NOW, DAY, NOW - MINUTE)).toBe(false);
    expect(isKept(NOW - MINUTE + 1, NOW, DAY, NOW - MINUTE)).toBe(true);
  });

  it('rarely where a push is known to tell them, and more and more rarely where nobody answers', () => {
    expect(pauseBetween('telling')).toBeGreaterThan(pauseBetween('unproven'));
    expect(pauseBetween('unproven')).toBe(pauseBetween('none'));
    const waits = [1, 2, 3, 20].map((n) => pauseAfter(n, { kind: 'unreachable' }));
    expect(waits).toEqual([5 * SECOND, 10 * SECOND, 20 * SECOND, 5 * MINUTE]);
    expect(pauseAfter(1, { kind: 'auth' })).toBe(MINUTE);
    expect(pauseAfter(1, { kind: 'rate', retryAfterMs: 10 * MINUTE })).toBe(10 * MINUTE);
  });
});

describe('what a pass says', () => {
  const face = { method: 'face', passed: null, kind: 'staff', at: NOW } as const;
  it.each([
    ['a face after the platform had it', face, NOW - MINUTE, 0, true],
    ['a card', { ...face, method: 'card' }, NOW - MINUTE, 0, false],
    ['a stranger', { ...face, kind: 'stranger' }, NOW - MINUTE, 0, false],
    ['known, and not let through', { ...face, passed: false }, NOW - MINUTE, 0, false],
    ['a face from before the enrolment', face, NOW + 4 * SECOND, 0, false],
    ['in the very second', face, NOW + SECOND, 0, true],
    ['by a clock nobody knows', face, NOW + 50 * SECOND, null, true],
    ['long before, by a clock nobody knows', face, NOW + 2 * MINUTE, null, false],
    ['by a clock that is an hour behind', face, NOW + 59 * MINUTE, -60 * MINUTE, true],
    ['before, by a clock that is an hour ahead', face, NOW - 59 * MINUTE, 60 * MINUTE, false],
    ['never delivered', face, null, 0, false],
  ] as const)('as a proof: %s', (_what, record, deliveredAt, skew, proof) => {
    expect(proves(record, deliveredAt, skew)).toBe(proof);
  });

  it('as an outcome', () => {
    expect(outcomeOf({ kind: 'staff', passed: null })).toBe('recognised');
    expect(outcomeOf({ kind: 'other', passed: false })).toBe('refused');
    expect(outcomeOf({ kind: 'stranger', passed: false })).toBe('unknown');
  });
});

describe('how often doors are opened', () => {
  it('the same one not at once again, all of them not too often, and a clock set back locks nobody out', () => {
    const at = (door: string, ago: number) => ({ door, at: NOW - ago });
    expect(waitForDoor([], 'a', NOW)).toBe(0);
    expect(waitForDoor([at('a', SECOND)], 'a', NOW)).toBe(4 * SECOND);
    expect(waitForDoor([at('a', SECOND)], 'b', NOW)).toBe(0);
    const many = Array.from({ length: 10 }, (_, n) => at(`d${n}`, (20 - n) * SECOND));
    expect(waitForDoor(many, 'z', NOW)).toBe(40 * SECOND);
    expect(waitForDoor([{ door: 'a', at: NOW + DAY }], 'a', NOW)).toBe(0);
  });
});

describe('the gate monitor', () => {
  let dir: ReturnType<typeof temporaryDir>;
  let gate: FakePlatform;
  let kept: RecognitionRecord[];
  let push: ((record: RecognitionRecord) => void) | null;
  let asked: { from: number; to: number }[];
  let broken: boolean;
  /** Only what lies further back cannot be had. */
  let brokenBack: boolean;
  let done: string[];
  let station: Station;
  let desk: Handlers;
  let time: number;
  let told: { passed: GatePass[]; proven: GateProof[]; watched: GateWatch[] };
  let log: ReturnType<typeof collectingLog>;

  const records = async function* (range: { from: number; to: number }) {
    asked.push(range);
    if (broken || (brokenBack && range.to < time - MINUTE)) throw unreachable();
    for (const record of kept.toSorted((a, b) => a.at - b.at))
      if (record.at >= range.from && record.at < range.to) yield record;
  };
  const whole = (connector: Connector): Connector => ({
    ...connector,
    records,
    async watch(listener, signal) {
      push = listener;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      push = null;
    },
    terminal: {
      information: async () => ({ id: 'T-1', name: 'Main gate', model: null, version: null }),
      open: async () => {
        if (broken) throw unreachable();
        done.push('open');
      },
      syncTime: async () => void done.push('clock'),
      reboot: async () => undefined,
      parameters: async () => ({}),
      setParameters: async () => undefined,
    },
    skewMs: () => 0,
  });
  const start = async () => {
    const capabilities = [...gate.definition.capabilities, 'records', 'watch', 'terminal'] as const;
    const definition = {
      ...gate.definition,
      capabilities,
      create: (...args: Parameters<typeof gate.definition.create>) => whole(gate.definition.create(...args)),
    };
    station = await open(
      dir.path,
      { gate: definition, silent: fakePlatform().definition },
      {
        now: () => time,
        random: () => 0.5,
        background: true,
        log: log.log,
        // Waits are counted in pauses here, not in seconds.
        sleep: (ms, signal) => delay(Math.min(ms, 5), undefined, signal && { signal }),
      },
    );
    station.on('gates.passed', (pass) => told.passed.push(pass));
    station.on('gates.proven', (proof) => told.proven.push(proof));
    station.on('gates.watched', (watch) => told.watched.push(watch));
    desk = station.handlers({ version: '1', shell: 'loopback', lab: null });
  };
  const restart = async (meanwhile: () => void = () => undefined) => {
    await station.close();
    meanwhile();
    told = { passed: [], proven: [], watched: [] };
    await start();
  };
  beforeEach(async () => {
    dir = temporaryDir();
    gate = fakePlatform();
    kept = [];
    push = null;
    asked = [];
    broken = false;
    brokenBack = false;
    done = [];
    time = NOW;
    told = { passed: [], proven: [], watched: [] };
    log = collectingLog();
    await start();
  });
  afterEach(async () => {
    await station.close();
    dir.remove();
  });

  let ids = 0;
  const pass = (change: Partial<RecognitionRecord> = {}): RecognitionRecord => {
    ids += 1;
    return {
      id: `r${ids}`,
      at: time,
      code: anna.code,
      personId: null,
      kind: 'staff',
      place: 'Main gate',
      method: 'face',
      similarity: 0.96,
      passed: null,
      ...change,
    };
  };
  const enrol = async (code: string = anna.code) => {
    const { enrolment } = await station.enrol({
      photo: { bytes: await portrait() },
      person: { ...anna, code },
      to: ['gate'],
    });
    await station.outbox.run({ signal: never, enrolment: enrolment?.id ?? '' });
    return enrolment?.id;
  };
  const listed = () => desk['gates.list'](undefined);
  const until = (what: () => unknown) => expect.poll(what, { timeout: 10_000, interval: 5 });
  /** Two more rounds of reading have gone by. */
  const rounds = async () => {
    const before = asked.length;
    await until(() => asked.length > before + 1).toBe(true);
  };

  it('marks the first face that passes on the enrolment, once, and tells it', async () => {
    const enrolment = await enrol();
    kept.push(pass({ method: 'card' }), pass(), pass());
    await until(async () => (await listed()).passes.length).toBe(3);
    await rounds();
    expect(told.proven).toMatchObject([{ enrolment, platform: 'gate', gate: 'Main gate', at: NOW, similarity: 0.96 }]);
    const { passes } = await listed();
    expect(passes.filter(({ proof }) => proof)).toHaveLength(1);
    expect(passes[0]).toMatchObject({ outcome: 'recognised', person: { code: anna.code, name: 'Anna Lim' } });
    expect(await desk['gates.proofs']({ code: anna.code })).toEqual(told.proven);
    expect(await desk['gates.proofs']({ code: 'NOBODY' })).toEqual([]);
    expect([...station.audit.rows(anna.code)].filter(({ action }) => action === 'proven')).toHaveLength(1);

    time += DAY / 2;
    const again = await enrol();
    kept.push(pass());
    await until(() => told.proven.map((one) => one.enrolment)).toEqual([enrolment, again]);
  });

  it('tells nobody’s name but of those enrolled here, whom it also knows by the platform’s own id', async () => {
    await enrol();
    kept.push(
      pass({ code: 'ELSE', personId: 'id-99' }),
      pass({ code: null, kind: 'stranger', similarity: null }),
      pass({ code: null, personId: 'id-1', kind: 'other' }),
    );
    await until(async () => (await listed()).passes.length).toBe(3);
    const { passes } = await listed();
    expect(passes.map(({ outcome, person }) => `${outcome} ${person?.code ?? '-'}`)).toEqual([
      `recognised ${anna.code}`,
      'unknown -',
      'recognised -',
    ]);
    expect(log.text()).not.toMatch(/Anna|TP012345|ELSE/);
  });

  it('tells nothing twice after a restart, and what happened while it was off', async () => {
    await enrol();
    kept.push(pass({ code: null, kind: 'stranger' }));
    await until(() => told.passed.length).toBe(1);
    await restart(() => {
      time += 3 * DAY;
      kept.push(pass({ at: time - 2 * DAY }), pass({ at: time - MINUTE, code: null, kind: 'stranger' }));
    });
    await until(async () => (await listed()).passes.length).toBe(1);
    await rounds();
    // The one of two days ago proves the enrolment and is too old to be listed.
    expect(await desk['gates.proofs']({ code: anna.code })).toMatchObject([{ at: time - 2 * DAY }]);
    expect((await listed()).passes).toMatchObject([{ outcome: 'unknown', at: time - MINUTE }]);
    expect(asked.at(-1)?.from).toBeLessThan(time - MINUTE);
  });

  it('knows what it told under another data key, and reads on from there', async () => {
    await enrol();
    kept.push(pass(), pass({ code: null, kind: 'stranger' }));
    await until(() => told.passed.length).toBe(2);
    const before = await listed();
    const proofs = await desk['gates.proofs']({ code: anna.code });
    await station.close();
    await rotateKey(dir.path, {}, time);
    told = { passed: [], proven: [], watched: [] };
    await start();
    await rounds();
    expect(told.passed).toEqual([]);
    expect((await listed()).passes).toEqual(before.passes);
    expect(await desk['gates.proofs']({ code: anna.code })).toEqual(proofs);
  });

  it('takes a push at once and the same record of the list once only', async () => {
    const enrolment = await enrol();
    await until(() => push !== null).toBe(true);
    const record = pass();
    push?.(record);
    expect(told.proven).toMatchObject([{ enrolment }]);
    kept.push(record);
    await rounds();
    expect(told.passed).toHaveLength(1);
  });

  it('finds what a terminal kept while it was offline for an hour, after others told newer passes', async () => {
    const enrolment = await enrol();
    time += 90 * MINUTE;
    kept.push(pass({ code: null, kind: 'stranger', place: 'Gate 2' }));
    await until(() => told.passed.length).toBe(1);
    await rounds();
    // Its backlog comes in no order, some of it twice.
    const backlog = Array.from({ length: 30 }, (_, n) => pass({ at: NOW + (n + 1) * 2 * MINUTE, place: 'Gate 1' }));
    kept.push(...backlog.toReversed(), ...backlog.slice(0, 7));
    time += 10 * MINUTE;
    await until(() => told.passed.length).toBe(31);
    await until(() => told.proven).toMatchObject([{ enrolment, gate: 'Gate 1' }]);
    const { passes } = await listed();
    expect(passes.map(({ at }) => at)).toEqual([NOW + 90 * MINUTE, ...backlog.map(({ at }) => at).toReversed()]);
    // Looked through again, the whole day of it, nothing is news.
    const reads = asked.length;
    time += 240 * MINUTE;
    await until(() => asked.slice(reads).some(({ from }) => from < NOW - 12 * 60 * MINUTE)).toBe(true);
    await rounds();
    expect(new Set(told.passed.map(({ id }) => id)).size).toBe(told.passed.length);
    expect(told.proven).toHaveLength(1);
    expect((await listed()).passes).toHaveLength(31);
  });

  it('finds what a terminal kept that was cut off for a week, also when it hands it over hours after it is back', async () => {
    const enrolment = await enrol();
    kept.push(
      pass({ code: null, kind: 'stranger', place: 'Gate 1' }),
      pass({ code: null, kind: 'stranger', place: 'Gate 2' }),
    );
    await until(() => told.passed.length).toBe(2);
    await rounds();
    await restart(() => {
      time += 3 * DAY;
    });
    kept.push(pass({ code: null, kind: 'stranger', place: 'Gate 2' }));
    await until(() => told.passed.length).toBe(1);
    // Gate 1 is back and tells who stands there now; the week before comes five hours later.
    time += 4 * DAY;
    kept.push(pass({ code: null, kind: 'stranger', place: 'Gate 1' }));
    await until(() => told.passed.length).toBe(2);
    await rounds();
    await restart(() => {
      time += 300 * MINUTE;
      kept.push(pass({ at: NOW + DAY, place: 'Gate 1' }));
    });
    await until(() => told.proven).toMatchObject([{ enrolment, gate: 'Gate 1', at: NOW + DAY }]);
  });

  it('finds what came late while it was off, and looks again where a look back broke off', async () => {
    const enrolment = await enrol();
    time += 120 * MINUTE;
    kept.push(pass({ code: null, kind: 'stranger' }));
    await until(() => told.passed.length).toBe(1);
    await rounds();
    await restart(() => {
      brokenBack = true;
      kept.push(pass({ at: NOW + 5 * MINUTE }), pass({ at: time + SECOND, code: null, kind: 'stranger' }));
    });
    // What is new comes first, whatever the past is like.
    await until(() => told.passed.map(({ outcome }) => outcome)).toEqual(['unknown']);
    await until(() => told.watched.at(-1)?.state).toBe('unreachable');
    brokenBack = false;
    await until(() => told.proven).toMatchObject([{ enrolment, at: NOW + 5 * MINUTE }]);
  });

  it('says that a platform cannot be reached, goes on when it can, and loses nobody meanwhile', async () => {
    await until(async () => (await listed()).watches[0]?.state).toBe('listening');
    broken = true;
    await until(() => told.watched.at(-1)?.state).toBe('unreachable');
    expect((await listed()).watches).toMatchObject([{ platform: 'gate', fault: { kind: 'unreachable' } }]);
    kept.push(pass({ code: null, kind: 'stranger' }));
    broken = false;
    await desk['gates.retry']({ platform: 'gate' });
    await until(() => told.passed.length).toBe(1);
    expect((await listed()).watches).toMatchObject([{ state: 'listening', fault: null, retryAt: null }]);
    expect((await listed()).silent).toEqual(['silent']);
    await expect(desk['gates.retry']({ platform: 'none' })).rejects.toMatchObject({ fault: { code: 'platform' } });
  });

  it('keeps so many of a platform and no more, and does not tell dropped ones again', async () => {
    for (let n = 0; n < KEPT_PASSES + 20; n += 1)
      kept.push(pass({ at: NOW - MINUTE + n, code: null, kind: 'stranger' }));
    await until(() => told.passed.length).toBe(KEPT_PASSES + 20);
    expect((await listed()).passes[0]?.at).toBe(NOW - MINUTE + KEPT_PASSES + 19);
    await rounds();
    expect(told.passed).toHaveLength(KEPT_PASSES + 20);
  });

  it('forgets who passed with the time, and somebody’s proofs with them', async () => {
    await enrol();
    kept.push(pass());
    await until(() => told.proven.length).toBe(1);
    const exported = await station.exportPerson(anna.code);
    expect(exported.enrolments[0]?.proven).toMatchObject([{ gate: 'Main gate', similarity: 0.96 }]);
    expect(exported.passes).toMatchObject([{ gate: 'Main gate', method: 'face' }]);
    await station.remove(anna.code, ['all'], never);
    expect(await desk['gates.proofs']({ code: anna.code })).toEqual([]);
    expect((await listed()).passes).toMatchObject([{ person: null }]);
    await restart(() => {
      time += DAY + 1;
    });
    expect((await listed()).passes).toEqual([]);
  });

  it('opens a door and sets a clock, in the audit trail, and not too often', async () => {
    expect(await desk['gates.doors'](undefined)).toEqual([
      {
        platform: 'gate',
        doors: [{ id: 'T-1', name: 'Main gate', online: true, canOpen: true }],
        skewMs: 12,
        canSetClock: true,
        fault: null,
      },
    ]);
    await desk['gates.open']({ platform: 'gate', door: 'T-1' });
    await desk['gates.setClock']({ platform: 'gate' });
    expect(done).toEqual(['open', 'clock']);
    await expect(desk['gates.open']({ platform: 'gate', door: 'T-1' })).rejects.toMatchObject({
      fault: { kind: 'rate', code: 'door-rate', retryAfterMs: 5 * SECOND },
    });
    time += 5 * SECOND;
    broken = true;
    await expect(desk['gates.open']({ platform: 'gate', door: 'T-1' })).rejects.toMatchObject({
      fault: { kind: 'unreachable' },
    });
    for (const call of [
      desk['gates.open']({ platform: 'silent', door: '1' }),
      desk['gates.setClock']({ platform: 'silent' }),
    ])
      await expect(call).rejects.toMatchObject({ fault: { kind: 'validation', field: 'platform' } });
    const rows = [...station.audit.rows()].filter(({ action }) => action === 'door-open' || action === 'clock-set');
    expect(rows.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'door-open done',
      'clock-set done',
      'door-open failed:unreachable',
    ]);
  });
});
