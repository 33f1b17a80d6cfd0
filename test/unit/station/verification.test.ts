import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Verification } from '#platforms/contract';
import { FaultError } from '#shared/fault';
import type { Station } from '#station/index';
import {
  afterLook,
  isWhole,
  LOOKS,
  type Look,
  MISSING,
  NO_PHOTO,
  nextLookMs,
} from '../../../src/station/outbox/verification.ts';
import { type VirtualClock, virtualClock } from './support/clock.ts';
import { type FakePlatform, fakePlatform, unreachable } from './support/fake-platform.ts';
import { anna, open, portrait, temporaryDir } from './support/station.ts';

const never = new AbortController().signal;
const now = 1_000_000_000;
const there: Verification = { person: true, photo: true, access: 'applied', personId: '1', detail: null };
const following = (patch: Partial<Look>) =>
  afterLook({ found: there, looks: 1, door: null, error: null, deliveredAt: now - 1_000, now, random: 0.5, ...patch });

describe('what a look says', () => {
  it('is verified when person, photo and, where it is told, access are there', () => {
    expect(following({})).toEqual({ state: 'verified', door: 'applied', error: null, nextCheckAt: null });
    expect(isWhole({ ...there, photo: null, access: null })).toBe(true);
    for (const patch of [{ person: false }, { photo: false }, { access: 'pending' }, { access: 'none' }] as const)
      expect(isWhole({ ...there, ...patch })).toBe(false);
  });
  it('keeps a delivery delivered that is not on the door yet, and comes back', () => {
    expect(following({ found: { ...there, access: 'pending' } })).toEqual({
      state: 'delivered',
      door: 'pending',
      error: null,
      nextCheckAt: now + LOOKS.baseMs,
    });
  });
  it('names what is missing, and takes that back when it is there', () => {
    expect(following({ found: { ...there, person: false } })).toMatchObject({ state: 'delivered', error: MISSING });
    expect(following({ found: { ...there, photo: false } })).toMatchObject({ state: 'delivered', error: NO_PHOTO });
    expect(following({ found: { ...there, access: 'failed' }, error: MISSING })).toMatchObject({
      door: 'failed',
      error: null,
    });
  });
  it('changes nothing when the platform could not be asked', () => {
    expect(following({ found: null, door: 'pending', error: MISSING, looks: 3 })).toEqual({
      state: 'delivered',
      door: 'pending',
      error: MISSING,
      nextCheckAt: now + 4 * LOOKS.baseMs,
    });
  });
  it('is asked for a day, and at somebody without a door only a few times', () => {
    const pending = { ...there, access: 'pending' } as const;
    expect(following({ found: pending, deliveredAt: now - LOOKS.untilMs }).nextCheckAt).toBeNull();
    expect(following({ found: null, deliveredAt: now - LOOKS.untilMs }).nextCheckAt).toBeNull();
    const none = { ...there, access: 'none' } as const;
    expect(following({ found: none, looks: LOOKS.noDoorLooks - 1 }).nextCheckAt).not.toBeNull();
    expect(following({ found: none, looks: LOOKS.noDoorLooks }).nextCheckAt).toBeNull();
  });
  it('is rarer and rarer, at least every quarter of an hour', () => {
    expect([1, 2, 3, 4].map((looks) => nextLookMs(looks, 0.5))).toEqual([5_000, 10_000, 20_000, 40_000]);
    expect(nextLookMs(500, 0.5)).toBe(LOOKS.capMs);
    expect([nextLookMs(1, 0), nextLookMs(1, 1)]).toEqual([4_500, 5_500]);
  });
});

describe('a station that looks after its deliveries', () => {
  let dir: ReturnType<typeof temporaryDir>;
  let clock: VirtualClock;
  let gate: FakePlatform;
  let stations: Station[];
  const start = async (options: Parameters<typeof open>[2] = {}) => {
    const station = await open(
      dir.path,
      { gate: gate.definition },
      { now: clock.now, sleep: clock.sleep, random: () => 0.5, ...options },
    );
    stations.push(station);
    return station;
  };
  const enrol = async (station: Station, patch: object = {}) =>
    (await station.enrol({ photo: { bytes: await portrait() }, person: { ...anna, ...patch }, to: ['gate'] })).enrolment
      ?.id ?? '';
  const only = (station: Station) => station.outbox.list()[0];

  beforeEach(() => {
    dir = temporaryDir();
    clock = virtualClock();
    gate = fakePlatform();
    stations = [];
  });
  afterEach(async () => {
    for (const station of stations) await station.close();
    clock.stop();
    dir.remove();
  });

  it('asks nothing unless told to on the command line, and then once after a short rest', async () => {
    const station = await start();
    const enrolment = await enrol(station);
    await station.outbox.run({ signal: never, enrolment });
    expect(gate.requests).toEqual(['find TP012345', 'add TP012345']);
    expect(only(station)).toMatchObject({ state: 'delivered', door: null, nextCheckAt: clock.now() + LOOKS.firstMs });
    const from = clock.now();
    await station.outbox.run({ signal: never, enrolment, until: 'settled', verify: true });
    expect(only(station)).toMatchObject({ state: 'verified', error: null, nextCheckAt: null });
    expect(gate.requests.at(-1)).toBe('verify TP012345');
    expect(clock.now() - from).toBeGreaterThanOrEqual(LOOKS.firstMs);
    expect(clock.now() - from).toBeLessThan(5_000);
  });

  it('shows what is accepted but not on the door yet, does not wait for it, and looks again when it is due', async () => {
    gate.found = { access: 'pending', detail: 'waiting at 2 of 3' };
    const station = await start();
    const enrolment = await enrol(station);
    await station.outbox.run({ signal: never, enrolment, until: 'settled', verify: true, deadlineMs: 600_000 });
    const seen = only(station);
    expect(seen).toMatchObject({ state: 'delivered', door: 'pending', doorDetail: 'waiting at 2 of 3', error: null });
    // Not due: nobody asks.
    await station.outbox.run({ signal: never, verify: true });
    expect(gate.requests.filter((request) => request.startsWith('verify'))).toHaveLength(1);
    clock.set(seen?.nextCheckAt ?? 0);
    gate.found = { access: 'applied' };
    expect(await station.outbox.run({ signal: never, verify: true })).toEqual([]);
    expect(only(station)).toMatchObject({ state: 'verified', door: 'applied', nextCheckAt: null });
  });

  it('at a desk looks by itself until the doors have everybody', async () => {
    gate.found = { access: 'pending' };
    const station = await start({ background: true });
    await enrol(station);
    await expect.poll(() => gate.requests.filter((request) => request.startsWith('verify')).length).toBeGreaterThan(3);
    expect(only(station)).toMatchObject({ state: 'delivered', door: 'pending' });
    gate.found = { access: 'applied' };
    await expect.poll(() => only(station)?.state, { timeout: 10_000 }).toBe('verified');
  });

  it('never makes a failure of a receipt because a look timed out', async () => {
    const station = await start();
    await enrol(station);
    await station.outbox.run({ signal: never });
    gate.before = () => {
      throw new FaultError({ kind: 'time-out', code: 'headers', message: 'no answer' });
    };
    await station.outbox.run({ signal: never, until: 'settled', verify: true });
    expect(only(station)).toMatchObject({ state: 'delivered', error: null, nextCheckAt: expect.any(Number) });
    gate.before = () => Promise.reject(unreachable());
    clock.set(clock.now() + 60_000);
    await station.outbox.run({ signal: never, verify: true });
    expect(only(station)).toMatchObject({ state: 'delivered', error: null });
  });

  it('says when the platform does not have whom it accepted, and lets that be tried again while the photo is here', async () => {
    const station = await start();
    await enrol(station);
    await station.outbox.run({ signal: never });
    gate.people.clear();
    const seen = await station.outbox.run({ signal: never, until: 'settled', verify: true });
    expect(seen).toMatchObject([{ state: 'delivered', error: { code: 'missing' } }]);
    expect(() => station.outbox.retry(seen[0]?.id ?? '')).toThrow(/enrol again/);
    expect([...station.audit.rows()].map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'enrol written',
      'delivery delivered',
      'verify missing',
    ]);
  });

  it('does not judge an enrolment by what a newer one left there', async () => {
    const station = await start();
    await enrol(station);
    await station.outbox.run({ signal: never });
    await enrol(station, { phone: '1' });
    expect(station.outbox.list().map(({ nextCheckAt }) => nextCheckAt)).toEqual([null, null]);
  });

  it('looks again after the process that was looking died', async () => {
    const station = await start();
    await enrol(station);
    await station.outbox.run({ signal: never });
    const stop = new AbortController();
    gate.before = (_request, signal) => {
      setTimeout(() => stop.abort(), 5);
      return new Promise((_done, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };
    clock.set(clock.now() + LOOKS.firstMs);
    await station.outbox.run({ signal: stop.signal, verify: true });
    expect(only(station)).toMatchObject({ state: 'delivered', error: null });
    gate.before = () => undefined;
    clock.set(clock.now() + LOOKS.leaseMs);
    await station.outbox.run({ signal: never, verify: true });
    expect(only(station)?.state).toBe('verified');
  });

  it('puts the desk before a list, and tells the platform which it is', async () => {
    const station = await start();
    const batch = async (code: string) => {
      const bytes = await portrait();
      await station.enrol({ photo: { bytes }, person: { ...anna, code }, to: ['gate'], urgency: 'batch' });
    };
    await batch('B1');
    await batch('B2');
    await enrol(station, { code: 'D1' });
    await batch('B3');
    await station.outbox.run({ signal: never, until: 'settled' });
    expect(gate.jobs.map(({ person, urgency }) => `${person.code} ${urgency}`)).toEqual([
      'D1 desk',
      'B1 batch',
      'B2 batch',
      'B3 batch',
    ]);
    await batch('B4');
    await enrol(station, { code: 'D2' });
    await station.outbox.run({ signal: never });
    expect(gate.jobs.slice(4).map(({ person }) => person.code)).toEqual(['D2', 'B4']);
  });

  it('tells which platform is left alone, until when, and what waits for it', async () => {
    const station = await start();
    expect(station.outbox.platforms()).toMatchObject([{ platform: 'gate', pausedUntil: null, failures: 0, queued: 0 }]);
    gate.before = () => Promise.reject(unreachable());
    await enrol(station);
    await enrol(station, { code: 'P2' });
    await station.outbox.run({ signal: never });
    expect(station.outbox.platforms()).toMatchObject([
      { platform: 'gate', pausedUntil: clock.now() + 1_000, failures: 1, queued: 1, waiting: 1 },
    ]);
  });
});
