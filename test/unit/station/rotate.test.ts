import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Station } from '#station/index';
import { keyFile, rotateKey } from '#station/index';
import { fakePlatform, unreachable } from './support/fake-platform.ts';
import { anna, open, portrait, temporaryDir } from './support/station.ts';

const never = new AbortController().signal;
const ENV: NodeJS.ProcessEnv = {};
let dir: ReturnType<typeof temporaryDir>;
let gate = fakePlatform();
let stations: Station[];
beforeEach(() => {
  dir = temporaryDir();
  gate = fakePlatform();
  stations = [];
});
afterEach(async () => {
  for (const station of stations) await station.close();
  dir.remove();
});

const start = async (env: NodeJS.ProcessEnv = ENV) => {
  const station = await open(dir.path, { gate: gate.definition }, { key: keyFile(dir.path, env), random: () => 0 });
  stations.push(station);
  return station;
};
/** Three people who wait, with their photos, a secret and a PIN. */
const fill = async (env: NodeJS.ProcessEnv = ENV) => {
  const station = await start(env);
  gate.before = () => Promise.reject(unreachable());
  for (const code of ['P1', 'P2', 'P3'])
    await station.enrol({ photo: { bytes: await portrait() }, person: { ...anna, code }, to: ['gate'] });
  station.secrets.set('gate', 'password', 'open-sesame');
  gate.before = () => undefined;
  await station.close();
};
/** Everything is readable, and is delivered with its photo. */
const works = async (env: NodeJS.ProcessEnv = ENV) => {
  const station = await start(env);
  expect(station.audit.verify()).toMatchObject({ whole: true });
  expect(station.secrets.status()).toMatchObject([{ platform: 'gate', field: 'password', inVault: true }]);
  expect(station.outbox.list({ code: 'P2' })).toHaveLength(1);
  expect([...station.audit.rows('P2')].some(({ action }) => action === 'enrol')).toBe(true);
  await station.outbox.run({ signal: never, until: 'settled' });
  expect(gate.people.size).toBe(3);
  await station.close();
};
const bytesOf = () =>
  Buffer.concat(
    ['journal.db', ...readdirSync(join(dir.path, 'photos')).map((name) => join('photos', name))].map((name) =>
      readFileSync(join(dir.path, name)),
    ),
  );
const rotate = (between?: Parameters<typeof rotateKey>[3], env = ENV) => rotateKey(dir.path, env, Date.now(), between);

describe('a new key', () => {
  it('takes the place of the old: all is sealed anew, and the old key opens nothing any more', async () => {
    await fill();
    const old = readFileSync(join(dir.path, 'key'), 'utf8');
    const before = bytesOf();
    writeFileSync(join(dir.path, 'journal-backup-v1-20260101T000000.db'), 'under the old key');
    mkdirSync(join(dir.path, 'journal-damaged-20260101T000000'));
    writeFileSync(join(dir.path, 'journal-damaged-20260101T000000', 'journal.db'), 'under the old key');
    expect(await rotate()).toMatchObject({ photos: 3, unreadable: 0, copies: 2, key: 'file' });
    expect(readdirSync(dir.path).filter((name) => name.startsWith('journal-'))).toEqual([]);
    expect(readFileSync(join(dir.path, 'key'), 'utf8')).not.toBe(old);
    expect(statSync(join(dir.path, 'key')).mode & 0o777).toBe(0o600);
    expect(existsSync(join(dir.path, 'key.next'))).toBe(false);
    expect(bytesOf().equals(before)).toBe(false);
    await expect(start({ VESTIBULE_KEY: old.trim() })).rejects.toThrow(/another key/);
    await works();
  });

  it.each(['key', 'journal', 'photos'] as const)(
    'is not lost when the process dies after the phase "%s": both keys read, and the next run ends it',
    async (phase) => {
      await fill();
      const died = new Error('killed');
      await expect(
        rotate((reached) => {
          if (reached === phase) throw died;
        }),
      ).rejects.toThrow(died);
      expect(existsSync(join(dir.path, 'key.next'))).toBe(true);
      const between = await start();
      expect(between.outbox.list()).toHaveLength(3);
      // Somebody enrols meanwhile, under whichever key it is.
      gate.before = () => Promise.reject(unreachable());
      await between.enrol({ photo: { bytes: await portrait() }, person: { ...anna, code: 'P2' }, to: ['gate'] });
      gate.before = () => undefined;
      await between.close();
      await rotate();
      expect(existsSync(join(dir.path, 'key.next'))).toBe(false);
      const after = await start();
      await after.outbox.run({ signal: never, until: 'settled' });
      expect([...gate.people.keys()].sort()).toEqual(['P1', 'P2', 'P3']);
      expect(after.audit.verify()).toMatchObject({ whole: true });
    },
  );

  it('is not made under a station that is open', async () => {
    await fill();
    await start();
    await expect(rotate()).rejects.toThrow(/open in another process/);
  });

  it('comes from the environment where the old one does', async () => {
    const env = { VESTIBULE_KEY: 'ab'.repeat(32) };
    await fill(env);
    await expect(rotate(undefined, env)).rejects.toThrow(/VESTIBULE_NEW_KEY/);
    const both = { ...env, VESTIBULE_NEW_KEY: 'cd'.repeat(32) };
    expect(await rotate(undefined, both)).toMatchObject({ key: 'environment', photos: 3 });
    expect(existsSync(join(dir.path, 'key'))).toBe(false);
    await works({ VESTIBULE_KEY: both.VESTIBULE_NEW_KEY });
  });

  it('needs something to seal', async () => {
    await expect(rotate()).rejects.toThrow(/no journal/);
  });
});
