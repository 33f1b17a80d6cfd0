import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultError } from '#shared/fault';
import { keyFile, StationError } from '#station/index';
import { parseKey } from '../../../src/station/vault/key.ts';
import { openPhotoVault } from '../../../src/station/vault/photos.ts';
import { createSealer, openJson, sealJson } from '../../../src/station/vault/seal.ts';
import { temporaryDir } from './support/station.ts';

const KEY = Buffer.alloc(32, 7);
let dir: ReturnType<typeof temporaryDir>;
beforeEach(() => {
  dir = temporaryDir();
});
afterEach(() => dir.remove());

describe('sealing', () => {
  const sealer = createSealer(KEY);
  it('gives back what was sealed, in its place, with its key', () => {
    const sealed = sealJson(sealer, { name: 'Anna' }, 'person:1');
    expect(openJson(sealer, sealed, 'person:1')).toEqual({ name: 'Anna' });
    expect(Buffer.from(sealed).toString('latin1')).not.toContain('Anna');
  });
  it('never seals the same twice', () => {
    const plain = Buffer.from('the same');
    expect(sealer.seal(plain, 'a')).not.toEqual(sealer.seal(plain, 'a'));
  });
  it('refuses another place, another key, and every altered byte', () => {
    const sealed = Buffer.from(sealer.seal(Buffer.from('x'), 'person:1'));
    expect(() => sealer.open(sealed, 'person:2')).toThrow(/altered, moved/);
    expect(() => createSealer(Buffer.alloc(32, 8)).open(sealed, 'person:1')).toThrow(/another key/);
    for (let at = 0; at < sealed.length; at += 1) {
      const bent = Buffer.from(sealed);
      bent.writeUInt8((bent[at] ?? 0) ^ 1, at);
      expect(() => sealer.open(bent, 'person:1')).toThrow();
    }
    expect(() => sealer.open(sealed.subarray(0, 20), 'person:1')).toThrow(/not sealed/);
  });
  it('finds equal values by a digest that another key does not share', () => {
    expect(sealer.index('TP1')).toEqual(sealer.index('TP1'));
    expect(sealer.index('TP1')).not.toEqual(sealer.index('TP2'));
    expect(createSealer(Buffer.alloc(32, 8)).index('TP1')).not.toEqual(sealer.index('TP1'));
  });
});

describe('the data key', () => {
  const failure = async (load: Promise<unknown>): Promise<StationError> => {
    const error = await load.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StationError);
    return error as StationError;
  };

  it('is read as hexadecimal or base64 of 32 bytes and nothing else', () => {
    expect(parseKey(`${KEY.toString('hex')}\n`)).toEqual(KEY);
    expect(parseKey(KEY.toString('base64'))).toEqual(KEY);
    expect(parseKey(KEY.subarray(1).toString('hex'))).toBeNull();
    expect(parseKey(KEY.subarray(1).toString('base64'))).toBeNull();
    expect(parseKey('correct horse battery staple')).toBeNull();
  });
  it('is made once, for its owner alone; of many at once all get the same', async () => {
    const folder = join(dir.path, 'new', 'data');
    const keys = await Promise.all(Array.from({ length: 8 }, () => keyFile(folder, {}).load()));
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'key')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['key']);
  });
  it('comes from the environment where it is given, and no file is made', async () => {
    expect(await keyFile(dir.path, { VESTIBULE_KEY: KEY.toString('base64') }).load()).toEqual(KEY);
    expect(readdirSync(dir.path)).toEqual([]);
    expect((await failure(keyFile(dir.path, { VESTIBULE_KEY: 'short' }).load())).message).toContain('VESTIBULE_KEY');
  });
  it('is refused when others can read it, and the way out is said', async () => {
    await keyFile(dir.path, {}).load();
    chmodSync(join(dir.path, 'key'), 0o644);
    expect((await failure(keyFile(dir.path, {}).load())).message).toContain('chmod 600');
  });
  it('is not made anew beside a journal that was sealed with a lost one', async () => {
    writeFileSync(join(dir.path, 'journal.db'), 'x');
    expect((await failure(keyFile(dir.path, {}).load())).message).toContain('missing');
    expect(existsSync(join(dir.path, 'key'))).toBe(false);
  });
  it('is refused, not overwritten, when the file holds something else', async () => {
    writeFileSync(join(dir.path, 'key'), 'half a ke', { mode: 0o600 });
    await failure(keyFile(dir.path, {}).load());
    expect(readFileSync(join(dir.path, 'key'), 'utf8')).toBe('half a ke');
  });
  it('says so when the folder cannot be used', async () => {
    writeFileSync(join(dir.path, 'file'), '');
    expect((await failure(keyFile(join(dir.path, 'file', 'data'), {}).load())).message).toContain('cannot be used');
  });
});

describe('photos at rest', () => {
  const open = () => openPhotoVault(join(dir.path, 'photos'), createSealer(KEY), Date.now);
  const photo = Buffer.from([0xff, 0xd8, 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const fault = async (read: Promise<unknown>) => {
    const error = await read.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FaultError);
    return (error as FaultError).fault;
  };

  it('are sealed, for their owner alone, and gone when erased', async () => {
    const vault = await open();
    await vault.write('e1', photo);
    const file = join(dir.path, 'photos', 'e1.bin');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file).includes(photo.subarray(3))).toBe(false);
    expect(await vault.read('e1')).toEqual(photo);
    await vault.erase('e1');
    await vault.erase('e1');
    expect(await fault(vault.read('e1'))).toMatchObject({ kind: 'validation', code: 'photo' });
  });
  it('are not sent as somebody else: a swapped file is detected', async () => {
    const vault = await open();
    await vault.write('e1', photo);
    renameSync(join(dir.path, 'photos', 'e1.bin'), join(dir.path, 'photos', 'e2.bin'));
    expect(await fault(vault.read('e2'))).toMatchObject({ kind: 'validation', field: 'photo' });
  });
  it('leave no half-written file behind when the disk refuses', async () => {
    const vault = await open();
    mkdirSync(join(dir.path, 'photos', 'e1.bin'));
    await expect(vault.write('e1', photo)).rejects.toThrow();
    expect(readdirSync(join(dir.path, 'photos'))).toEqual(['e1.bin']);
  });
  it('of a crash are found once they are old enough', async () => {
    const vault = await open();
    await vault.write('old', photo);
    await vault.write('young', photo);
    const torn = join(dir.path, 'photos', 'x.12.tmp');
    writeFileSync(torn, 'half');
    const before = new Date(Date.now() - 7_200_000);
    for (const file of [join(dir.path, 'photos', 'old.bin'), torn]) utimesSync(file, before, before);
    expect(await vault.stale(3_600_000)).toEqual(['old']);
    expect(existsSync(torn)).toBe(false);
  });
});
