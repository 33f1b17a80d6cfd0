import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultError } from '#shared/fault';
import { ConfigError, loadConfig, type Station } from '#station/index';
import { retentionOf } from '../../../src/station/outbox/retention.ts';
import { type FakePlatform, fakePlatform, unreachable } from './support/fake-platform.ts';
import { anna, open, portrait, temporaryDir } from './support/station.ts';

const never = new AbortController().signal;
const DAY = 24 * 60 * 60_000;
let dir: ReturnType<typeof temporaryDir>;
let gate: FakePlatform;
let time: number;
let station: Station;

const start = async (retention: object | undefined = undefined) => {
  const source = {
    platforms: { gate: { kind: 'device', baseUrl: 'http://127.0.0.1:8090', password: 'x' } },
    ...(retention && { retention }),
  };
  const config = loadConfig(source, { configDir: dir.path, env: {}, definitions: () => gate.definition });
  station = await open(dir.path, {}, { config, now: () => time, random: () => 0.5 });
};
const restart = async (retention?: object) => {
  await station.close();
  await start(retention);
};
const enrol = async (code: string) => {
  await station.enrol({ photo: { bytes: await portrait() }, person: { ...anna, code }, to: ['gate'] });
  await station.outbox.run({ signal: never });
};
const refuse = () => {
  throw new FaultError({ kind: 'quality', code: '30002', message: 'no face' });
};
const photos = () => readdirSync(join(dir.path, 'photos')).length;

beforeEach(() => {
  dir = temporaryDir();
  gate = fakePlatform();
  time = Date.UTC(2026, 0, 1);
});
afterEach(async () => {
  await station.close();
  dir.remove();
});

describe('retention', () => {
  it('is a setting in days, each with a safe default', async () => {
    await start();
    expect(retentionOf(undefined)).toEqual({
      deliveredMs: 0,
      abandonedMs: DAY,
      failedMs: 7 * DAY,
      receiptsMs: 365 * DAY,
      visitsMs: 30 * DAY,
    });
    expect(retentionOf({ failedPhotosDays: 0.5, receiptsDays: null })).toMatchObject({
      abandonedMs: DAY / 2,
      receiptsMs: null,
    });
    const wrong = { platforms: {}, retention: { photoDays: 3, receiptsDays: -1 } };
    const load = () => loadConfig(wrong, { configDir: '/', env: {}, definitions: () => undefined });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(/retention\.photoDays/);
    expect(load).toThrow(/retention\.receiptsDays/);
  });

  it('keeps photos of people who were delivered for as long as the site says, and no longer', async () => {
    await start({ deliveredPhotosDays: 2 });
    await enrol('P1');
    time += 2 * DAY - 1_000;
    await restart({ deliveredPhotosDays: 2 });
    expect(photos()).toBe(1);
    time += 1_000;
    await restart({ deliveredPhotosDays: 2 });
    expect(photos()).toBe(0);
  });

  it('applies a shorter time to what is already there', async () => {
    await start({ deliveredPhotosDays: 30 });
    await enrol('P1');
    await restart({ deliveredPhotosDays: 30 });
    expect(photos()).toBe(1);
    await restart();
    expect(photos()).toBe(0);
  });

  it('deletes the photo of a refused enrolment after its own time; the delivery stays, and says that it needs a new one', async () => {
    gate.before = refuse;
    await start();
    await enrol('P1');
    time += 7 * DAY - 1_000;
    await restart();
    expect(photos()).toBe(1);
    time += 2_000;
    await restart();
    expect(photos()).toBe(0);
    const [kept] = station.outbox.list();
    expect(kept).toMatchObject({ code: 'P1', state: 'refused' });
    expect(() => station.outbox.retry(kept?.id ?? '')).toThrow(/enrol again/);
  });

  it('never deletes the photo of somebody who is still on the way', async () => {
    gate.before = () => Promise.reject(unreachable());
    await start({ failedPhotosDays: 0, receiptsDays: 1 });
    await enrol('P1');
    time += 400 * DAY;
    await restart({ failedPhotosDays: 0, receiptsDays: 1 });
    expect(photos()).toBe(1);
    gate.before = () => undefined;
    expect(await station.outbox.run({ signal: never })).toMatchObject([{ state: 'delivered' }]);
  });

  it('forgets receipts after their time, at the start; what waits for somebody stays', async () => {
    await start();
    await enrol('P1');
    gate.before = refuse;
    await enrol('P2');
    gate.before = () => undefined;
    await station.verify('P1', never);
    time += 364 * DAY;
    await restart();
    await enrol('P3');
    time += DAY + 1;
    await restart({ receiptsDays: null });
    expect(station.outbox.list()).toHaveLength(3);
    await restart();
    expect(station.outbox.list().map(({ code }) => code)).toEqual(['P2', 'P3']);
    expect([...station.audit.rows()].at(-1)).toMatchObject({ action: 'purge', detail: { enrolments: 1 } });
    await expect(station.exportPerson('P1')).rejects.toThrow(/nobody with this code/);
  });
});
