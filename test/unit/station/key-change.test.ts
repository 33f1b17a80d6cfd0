import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Output } from '#shared/contract';
import { type KeySource, keyFile, loadKeys, type Station } from '#station/index';
import { openJournal } from '../../../src/station/journal/index.ts';
import { openPhotoVault } from '../../../src/station/vault/photos.ts';
import { createKeyRing, createSealer } from '../../../src/station/vault/seal.ts';
import { fakePlatform, unreachable } from './support/fake-platform.ts';
import { anna, open, portrait, temporaryDir } from './support/station.ts';

const APP = { version: '1', shell: 'loopback', lab: null } as const;
const never = new AbortController().signal;
let dir: ReturnType<typeof temporaryDir>;
let gate = fakePlatform();
let stations: Station[];
beforeEach(() => {
  dir = temporaryDir();
  gate = fakePlatform();
  gate.before = () => Promise.reject(unreachable());
  stations = [];
});
afterEach(async () => {
  for (const station of stations) await station.close();
  dir.remove();
});

const start = async (key: KeySource = keyFile(dir.path, {})) => {
  const station = await open(dir.path, { gate: gate.definition }, { key, random: () => 0 });
  stations.push(station);
  return station;
};
const enrol = async (station: Station, ...codes: string[]) => {
  const bytes = await portrait();
  for (const code of codes) await station.enrol({ photo: { bytes }, person: { ...anna, code }, to: ['gate'] });
};
/** Begins a change and waits until it has ended, however it did. */
const change = async (station: Station): Promise<Output<'key.status'>> => {
  const handlers = station.handlers(APP);
  expect((await handlers['key.change'](undefined)).state).toBe('running');
  return vi.waitUntil(
    async () => {
      const status = await handlers['key.status'](undefined);
      return status.state !== 'running' && status;
    },
    { timeout: 20_000, interval: 5 },
  );
};
const keyText = () => readFileSync(join(dir.path, 'key'), 'utf8');
const delivered = async (station: Station) => {
  gate.before = () => undefined;
  await station.outbox.run({ signal: never, until: 'settled' });
  return [...gate.people.keys()].sort();
};

describe('changing the key under an open station', () => {
  it('seals everything anew while people are enrolled, and the old key opens nothing any more', async () => {
    const station = await start();
    await enrol(station, 'P1', 'P2', 'P3');
    station.secrets.set('gate', 'password', 'open-sesame');
    writeFileSync(join(dir.path, 'journal-backup-v1-20260101T000000.db'), 'under the old key');
    const old = keyText();
    const changing = change(station);
    await enrol(station, 'P4');
    expect(await changing).toMatchObject({
      keeper: 'file',
      state: 'idle',
      last: { outcome: 'done', unreadable: 0, copies: 1 },
    });
    expect(keyText()).not.toBe(old);
    expect(existsSync(join(dir.path, 'key.next'))).toBe(false);
    // The same station goes on with it; so does the next one.
    await enrol(station, 'P5');
    expect(station.audit.verify()).toMatchObject({ whole: true });
    expect([...station.audit.rows()].filter(({ action }) => action === 'key-rotate')).toHaveLength(1);
    await station.close();
    await expect(start(keyFile(dir.path, { VESTIBULE_KEY: old.trim() }))).rejects.toThrow(/another key/);
    const after = await start();
    expect(after.secrets.status()).toMatchObject([{ field: 'password', inVault: true }]);
    expect(await delivered(after)).toEqual(['P1', 'P2', 'P3', 'P4', 'P5']);
  });

  it('is told as interrupted when it did not end, loses nothing, and ends when it is done again', async () => {
    const source = keyFile(dir.path, {});
    const { change: means } = source;
    if (means === undefined) throw new Error('a key file can be replaced');
    const failing = { ...means, finish: () => Promise.reject(new Error('the disk went away')) };
    const station = await start({ ...source, change: failing });
    await enrol(station, 'P1', 'P2');
    expect(await change(station)).toMatchObject({
      state: 'interrupted',
      last: { outcome: 'failed', fault: { code: 'key-change' } },
    });
    await enrol(station, 'P3');
    await station.close();
    const next = await start();
    expect((await next.handlers(APP)['key.status'](undefined)).state).toBe('interrupted');
    await enrol(next, 'P4');
    expect(await change(next)).toMatchObject({ state: 'idle', last: { outcome: 'done', records: 0 } });
    expect(await delivered(next)).toEqual(['P1', 'P2', 'P3', 'P4']);
    expect(await loadKeys(keyFile(dir.path, {}))).toHaveLength(1);
  });

  it('stops with the station, between two photos', async () => {
    const station = await start();
    await enrol(station, 'P1', 'P2', 'P3');
    expect((await station.handlers(APP)['key.change'](undefined)).state).toBe('running');
    await station.close();
    const next = await start();
    expect(await delivered(next)).toEqual(['P1', 'P2', 'P3']);
  });

  it('is refused where the key comes from the environment', async () => {
    const station = await start(keyFile(dir.path, { VESTIBULE_KEY: 'ab'.repeat(32) }));
    const handlers = station.handlers(APP);
    expect(await handlers['key.status'](undefined)).toMatchObject({ keeper: 'environment', state: 'idle' });
    await expect(handlers['key.change'](undefined)).rejects.toMatchObject({ fault: { code: 'key-environment' } });
  });

  it('is refused while another process is at work, and whoever came with the old key is turned away', async () => {
    const station = await start();
    const handlers = station.handlers(APP);
    const other = openJournal(dir.path, await loadKeys(keyFile(dir.path, {})), Date.now());
    const owner = other.owners.enter(Date.now());
    await expect(handlers['key.change'](undefined)).rejects.toMatchObject({ fault: { code: 'key-company' } });
    expect(existsSync(join(dir.path, 'key.next'))).toBe(false);
    other.owners.leave(owner);
    // It has the journal open, and has not said so yet.
    await change(station);
    expect(() => other.demandKey()).toThrow(/changed just now/);
    other.close();
  });
});

describe('photos that are sealed anew', () => {
  it('do not come back when they are erased meanwhile', async () => {
    const [old, next] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const ring = createKeyRing(old, [old]);
    const vault = await openPhotoVault(join(dir.path, 'photos'), ring, Date.now);
    await vault.write('stays', Buffer.from('a face'));
    await vault.write('goes', Buffer.from('another face'));
    ring.use(next);
    const sealer = createSealer(next);
    let erasing = Promise.resolve();
    const slow = {
      ...sealer,
      seal(plain: Uint8Array, place: string) {
        if (place === 'photo:goes') erasing = vault.erase('goes');
        return sealer.seal(plain, place);
      },
    };
    expect(await vault.reseal(slow)).toEqual({ photos: 2, unreadable: 0 });
    await erasing;
    ring.dropOthers();
    expect(String(await vault.read('stays'))).toBe('a face');
    await expect(vault.read('goes')).rejects.toThrow(/missing/);
    expect(await vault.reseal(sealer)).toEqual({ photos: 0, unreadable: 0 });
  });
});
