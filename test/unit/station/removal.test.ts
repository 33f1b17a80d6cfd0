import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Station } from '#station/index';
import { type VirtualClock, virtualClock } from './support/clock.ts';
import { type FakePlatform, fakePlatform, unreachable } from './support/fake-platform.ts';
import { anna, open, portrait, temporaryDir } from './support/station.ts';

const never = new AbortController().signal;
const CODE = anna.code;

let dir: ReturnType<typeof temporaryDir>;
let clock: VirtualClock;
let gate: FakePlatform;
let hall: FakePlatform;
let stations: Station[];

async function start(options: Parameters<typeof open>[2] = {}): Promise<Station> {
  const fakes = { gate: gate.definition, hall: hall.definition };
  const station = await open(dir.path, fakes, { now: clock.now, sleep: clock.sleep, random: () => 0.5, ...options });
  stations.push(station);
  return station;
}

/** A station where Anna is on both platforms. */
async function enrolled(): Promise<Station> {
  const station = await start();
  await enrol(station);
  await station.outbox.run({ signal: never });
  return station;
}

const enrol = async (station: Station, to = ['gate', 'hall']) =>
  station.enrol({ photo: { bytes: await portrait() }, person: anna, to });
const cut = (platform: FakePlatform) => {
  platform.before = () => Promise.reject(unreachable());
};
const mend = (platform: FakePlatform) => {
  platform.before = () => undefined;
};
const removals = (station: Station) =>
  [...station.audit.rows(CODE)]
    .filter(({ action }) => action === 'remove')
    .map(({ outcome, detail }) => ({
      outcome,
      platforms: detail.platforms,
    }));

beforeEach(() => {
  dir = temporaryDir();
  clock = virtualClock();
  gate = fakePlatform();
  hall = fakePlatform();
  stations = [];
});
afterEach(async () => {
  for (const station of stations) await station.close();
  clock.stop();
  dir.remove();
});

it('keeps the promise of a removal once the platform answers, also after a restart', async () => {
  const station = await enrolled();
  cut(hall);
  const { results, receipt } = await station.remove(CODE, ['all'], never);
  expect(results).toMatchObject([
    { platform: 'gate', removed: true, again: false },
    { platform: 'hall', removed: false, fault: { kind: 'unreachable' }, again: true },
  ]);
  expect(receipt.local).toBe('kept');
  expect(station.removals.open()).toMatchObject([{ code: CODE, platform: 'hall' }]);
  await station.removals.finish(never);
  expect(hall.people.size).toBe(1);
  await station.close();

  mend(hall);
  const next = await start({ background: true });
  await expect.poll(() => next.removals.open()).toEqual([]);
  expect(hall.people.size).toBe(0);
  expect(next.outbox.list()).toEqual([]);
  // The try that did not help is not in the trail.
  expect(removals(next)).toEqual([
    { outcome: 'partly', platforms: 'gate=removed hall=failed:unreachable' },
    { outcome: 'done', platforms: 'hall=removed' },
  ]);
});

it('gives a removal up that the platform refuses: somebody has to see to it', async () => {
  const station = await enrolled();
  hall.before = () => Promise.reject(new Error('a surprise'));
  const { results } = await station.remove(CODE, ['hall'], never);
  expect(results).toMatchObject([{ removed: false, fault: { kind: 'protocol' }, again: false }]);
  expect(station.removals.open()).toEqual([]);
});

it('leaves whoever is enrolled again before it could be done', async () => {
  const station = await enrolled();
  cut(hall);
  await station.remove(CODE, ['hall'], never);
  mend(hall);
  await enrol(station, ['hall']);
  expect(station.removals.open()).toEqual([]);
  await station.removals.finish(never);
  await station.outbox.run({ signal: never });
  expect([...hall.people.keys()]).toEqual([CODE]);
  expect(station.outbox.list({ platform: 'hall' }).at(-1)).toMatchObject({ state: 'delivered' });
});

it.each(['before', 'after'] as const)(
  'brings back whoever is enrolled again and delivered while the platform removes them (%s it acted)',
  async (moment) => {
    const station = await enrolled();
    const meanwhile = async (request: string): Promise<void> => {
      if (!request.startsWith('remove')) return;
      gate[moment] = () => undefined;
      await enrol(station, ['gate']);
      await station.outbox.run({ signal: never });
      expect(station.outbox.list({ platform: 'gate' }).at(-1)).toMatchObject({ state: 'delivered' });
    };
    gate[moment] = meanwhile;
    const { results } = await station.remove(CODE, ['gate'], never);
    expect(results).toMatchObject([{ fault: { code: 'enrolled-again' }, again: false }]);
    await station.outbox.run({ signal: never });
    expect([...gate.people.keys()]).toEqual([CODE]);
    expect(station.removals.open()).toEqual([]);
  },
);

it('keeps no photo of somebody who is to be removed', async () => {
  cut(hall);
  const station = await start();
  await enrol(station);
  await station.outbox.run({ signal: never });
  expect(readdirSync(join(dir.path, 'photos'))).toHaveLength(1);
  await station.remove(CODE, ['all'], never);
  await expect.poll(() => readdirSync(join(dir.path, 'photos'))).toEqual([]);
});
