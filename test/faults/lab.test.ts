import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '#lab/index';
import { isSuccess } from '#shared/delivery';
import type { Station } from '#station/index';
import { portrait } from '../fixtures/faces.ts';
import { some } from './support/extent.ts';
import { FIVE, labStation, person } from './support/lab-station.ts';

/** The station with the real connectors against the lab, with trouble ordered. */

let lab: Lab;
let photo: Buffer;
let dataDir: string;
let station: Station;
beforeAll(async () => {
  [lab, photo] = await Promise.all([startLab(), portrait()]);
});
afterAll(() => lab.close());
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'vestibule-faults-'));
});
afterEach(async () => {
  await lab.reset();
  await station.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const never = new AbortController().signal;
const enrol = async (to: readonly string[]) => {
  const { enrolment } = await station.enrol({ photo: { bytes: photo }, person, to });
  if (enrolment === null) throw new Error('the photo was refused');
  return enrolment.id;
};
const states = (enrolment: string) =>
  Object.fromEntries(
    // A desk looks by itself whether a platform has what it took; that it says so is tested elsewhere.
    station.outbox.list({ enrolment }).map(({ platform, state }) => [platform, isSuccess(state) ? 'delivered' : state]),
  );
const all = (state: string) => Object.fromEntries(FIVE.map((id) => [id, state]));
/** Who is on a platform under our code, and whether with a photo. */
const there = (id: string) =>
  (lab.people()[id] ?? [])
    .filter(({ key }) => key === person.code)
    .map((one) => one.photo !== null && one.photo.length > 1_000);

describe('five platforms', () => {
  it('get the person with a photo, and the photo leaves the station', async () => {
    station = await labStation(dataDir, lab.config);
    const enrolment = await enrol(FIVE);
    await station.outbox.run({ signal: never, enrolment, until: 'settled', deadlineMs: 15_000 });
    expect(states(enrolment)).toEqual(all('delivered'));
    for (const id of FIVE) expect([id, there(id)]).toEqual([id, [true]]);
    await expect.poll(() => readdirSync(join(dataDir, 'photos'))).toEqual([]);

    const looked = await station.outbox.run({ signal: never, until: 'settled', deadlineMs: 10_000, verify: true });
    expect(looked).toEqual([]);
    for (const { platform, state, door, error, nextCheckAt } of station.outbox.list()) {
      expect([platform, error]).toEqual([platform, null]);
      // Verified, or there is something left to ask about the doors.
      if (state !== 'verified')
        expect([platform, door, nextCheckAt]).toEqual([platform, expect.any(String), expect.any(Number)]);
    }

    const verified = await station.verify(person.code, never);
    expect(verified.map(({ platform, person: found, fault }) => [platform, found, fault])).toEqual(
      FIVE.map((id) => [id, true, null]),
    );
    const { results: removed } = await station.remove(person.code, FIVE, never);
    expect(removed.map(({ platform, removed: gone, fault }) => [platform, gone, fault])).toEqual(
      FIVE.map((id) => [id, true, null]),
    );
    for (const id of FIVE) expect([id, there(id)]).toEqual([id, []]);
    expect(station.outbox.list()).toEqual([]);
  });

  it('get an update, not a second person, when the same code is enrolled again', async () => {
    station = await labStation(dataDir, lab.config);
    for (let time = 0; time < 2; time += 1) {
      const enrolment = await enrol(FIVE);
      await station.outbox.run({ signal: never, enrolment, until: 'settled', deadlineMs: 15_000 });
      expect(states(enrolment)).toEqual(all('delivered'));
    }
    for (const id of FIVE) expect([id, there(id)]).toEqual([id, [true]]);
  });
});

describe.each(some(FIVE, 1, 7))('%s', (id) => {
  const others = FIVE.filter((other) => other !== id);

  it('off, then on: waits, keeps nobody else waiting, and is delivered by itself', async () => {
    await lab.order({ platform: id, mode: 'off' });
    station = await labStation(dataDir, lab.config, { background: true });
    const enrolment = await enrol(FIVE);
    const waiting = () => station.outbox.list({ platform: id }).at(0);
    // Others may be through before its first try has failed: both are waited for.
    await expect.poll(() => waiting()?.error, { timeout: 15_000 }).toMatchObject({ kind: 'unreachable' });
    await expect
      .poll(() => states(enrolment), { timeout: 15_000 })
      .toEqual({ ...all('delivered'), [id]: expect.stringMatching(/waiting|running/) });
    for (const other of others) expect(there(other)).toEqual([true]);
    await lab.clearFaults();
    await expect.poll(() => states(enrolment), { timeout: 15_000 }).toEqual(all('delivered'));
    expect(there(id)).toEqual([true]);
  });

  it('answers HTML: refused with what to do, and delivered when tried again', async () => {
    await lab.order({ platform: id, mode: 'html', status: 200 });
    station = await labStation(dataDir, lab.config);
    const enrolment = await enrol([id]);
    const [refused] = await station.outbox.run({ signal: never, enrolment, until: 'settled', deadlineMs: 10_000 });
    expect(refused).toMatchObject({ state: 'refused', error: { kind: 'protocol', code: 'html' } });
    await lab.clearFaults();
    station.outbox.retry(refused?.id ?? '');
    await station.outbox.run({ signal: never, enrolment, until: 'settled', deadlineMs: 10_000 });
    expect(states(enrolment)).toEqual({ [id]: 'delivered' });
    expect(there(id)).toEqual([true]);
  });

  it('hangs: a time-out that waits, and goes on when it answers again', async () => {
    await lab.order({ platform: id, mode: 'hang' });
    station = await labStation(dataDir, lab.config, { headersMs: 300 });
    const enrolment = await enrol([id]);
    const [waiting] = await station.outbox.run({ signal: never, enrolment });
    expect(waiting).toMatchObject({ state: 'waiting', error: { kind: 'time-out' } });
    await lab.clearFaults();
    const [done] = await station.outbox.run({ signal: never, enrolment, until: 'settled', deadlineMs: 15_000 });
    expect(done).toMatchObject({ state: 'delivered', error: null });
    expect(there(id)).toEqual([true]);
  });
});

describe.each(some(FIVE, 3, 11))('%s', (id) => {
  it('acts and then hangs, whichever request it is: the person is there once, with a photo', async () => {
    station = await labStation(dataDir, lab.config, { headersMs: 400 });
    const plain = await enrol([id]);
    await station.outbox.run({ signal: never, enrolment: plain, until: 'settled', deadlineMs: 15_000 });
    const paths = [...new Set(lab.log(id).map(({ path }) => path))];
    expect(paths.length).toBeGreaterThan(1);
    for (const path of some(paths, 1, FIVE.indexOf(id))) {
      await lab.reset();
      await lab.order({ platform: id, mode: 'act-then-hang', path, times: 1 });
      const enrolment = await enrol([id]);
      await station.outbox.run({ signal: never, enrolment, until: 'settled', deadlineMs: 20_000 });
      const [done] = station.outbox.list({ enrolment });
      expect([path, done?.state, done?.error ?? null, there(id)]).toEqual([path, 'delivered', null, [true]]);
    }
  }, 60_000);
});
