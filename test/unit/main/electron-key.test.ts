import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SafeStorageKeyOptions, safeStorageKey } from '#main/electron/key';

type Backend = 'basic_text' | 'gnome_libsecret' | 'kwallet6';

/** A key store that can open only what it wrapped itself, as the real ones. */
function keyStore(backend: Backend, { prefix = 'v11', available = true, rotate = false } = {}) {
  const store = {
    plainText: false,
    getSelectedStorageBackend: () => backend,
    isAsyncEncryptionAvailable: async () => available,
    setUsePlainTextEncryption(value: boolean) {
      store.plainText = value;
    },
    encryptStringAsync: async (text: string) => Buffer.from(`${prefix}${backend}:${[...text].reverse().join('')}`),
    async decryptStringAsync(wrapped: Buffer) {
      const [head, text = ''] = wrapped.toString().split(':');
      if (head !== `${prefix}${backend}`) throw new Error('cannot decrypt');
      return { result: [...text].reverse().join(''), shouldReEncrypt: rotate };
    },
  };
  return store;
}

let dataDir = '';
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'vestibule-key-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

const load = (store: ReturnType<typeof keyStore>, more: Partial<SafeStorageKeyOptions> = {}) =>
  safeStorageKey({
    dataDir,
    safeStorage: store,
    platform: 'linux',
    allowBasicText: false,
    random: (bytes) => new Uint8Array(bytes).fill(7),
    ...more,
  }).load();
const file = () => join(dataDir, 'key.system.json');

describe('safeStorageKey', () => {
  it('makes a key once, wraps it, records by what, and finds it again', async () => {
    const store = keyStore('gnome_libsecret');
    const first = await load(store);
    expect(first).toEqual(new Uint8Array(32).fill(7));
    const again = await load(store, { random: () => new Uint8Array(32).fill(9) });
    expect(again).toEqual(first);
    const written = await readFile(file(), 'utf8');
    expect(JSON.parse(written)).toMatchObject({ version: 1, backend: 'gnome_libsecret' });
    expect(written).not.toContain(Buffer.from(first).toString('base64'));
    expect((await stat(file())).mode & 0o777).toBe(0o600);
  });

  it('refuses plain text, and leaves nothing behind', async () => {
    await expect(load(keyStore('basic_text'))).rejects.toMatchObject({ name: 'StationError', code: 'key' });
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('refuses a keyring that silently fell back to plain text', async () => {
    await expect(load(keyStore('gnome_libsecret', { prefix: 'v10' }))).rejects.toThrow('VESTIBULE_ALLOW_BASIC_TEXT=1');
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('takes plain text when told, and records that it is', async () => {
    const store = keyStore('gnome_libsecret', { prefix: 'v10' });
    await load(store, { allowBasicText: true });
    expect(store.plainText).toBe(true);
    expect(JSON.parse(await readFile(file(), 'utf8'))).toMatchObject({ backend: 'basic_text' });
  });

  it('refuses a key store that does not answer', async () => {
    await expect(load(keyStore('kwallet6', { available: false }))).rejects.toThrow('does not answer');
    await expect(load(keyStore('kwallet6', { available: false }), { platform: 'win32' })).rejects.toThrow(
      'does not answer',
    );
  });

  it('never replaces a key it cannot open', async () => {
    await load(keyStore('kwallet6'));
    const before = await readFile(file(), 'utf8');
    await expect(load(keyStore('gnome_libsecret'))).rejects.toThrow(/kwallet6.*gnome_libsecret/);
    expect(await readFile(file(), 'utf8')).toBe(before);
    await writeFile(file(), '{"version":1}');
    await expect(load(keyStore('kwallet6'))).rejects.toThrow('damaged');
    expect(await readFile(file(), 'utf8')).toBe('{"version":1}');
  });

  it('makes no key for a journal that has one elsewhere', async () => {
    await writeFile(join(dataDir, 'journal.db'), '');
    await expect(load(keyStore('kwallet6'))).rejects.toThrow('VESTIBULE_KEY');
    expect(await readdir(dataDir)).toEqual(['journal.db']);
  });

  it('wraps the same key anew when the key store asks for it', async () => {
    const key = await load(keyStore('kwallet6'));
    await writeFile(file(), (await readFile(file(), 'utf8')).replace('"kwallet6"', '"kwallet5"'));
    expect(await load(keyStore('kwallet6', { rotate: true }))).toEqual(key);
    expect(JSON.parse(await readFile(file(), 'utf8'))).toMatchObject({ backend: 'kwallet6' });
    expect(await readdir(dataDir)).toEqual(['key.system.json']);
    expect(await load(keyStore('kwallet6'))).toEqual(key);
  });

  it('is replaced by another, which lies wrapped beside it until it takes its place', async () => {
    let turn = 0;
    const options = {
      dataDir,
      safeStorage: keyStore('gnome_libsecret'),
      platform: 'linux',
      allowBasicText: false,
      random: (bytes: number) => {
        turn += 1;
        return new Uint8Array(bytes).fill(turn);
      },
    } as const;
    const source = () => safeStorageKey(options);
    const old = await source().load();
    const next = await source().change?.prepare();
    expect(next).not.toEqual(old);
    // Interrupted here, both are told, and the same one is to come.
    expect([await source().load(), ...((await source().others?.()) ?? [])]).toEqual([old, next]);
    expect(await source().change?.prepare()).toEqual(next);
    expect((await stat(join(dataDir, 'key.system.next.json'))).mode & 0o777).toBe(0o600);
    await source().change?.finish();
    expect(await source().load()).toEqual(next);
    expect(await source().others?.()).toEqual([]);
    expect(await readdir(dataDir)).toEqual(['key.system.json']);
  });

  it('is not replaced by one that would lie in plain text', async () => {
    await load(keyStore('gnome_libsecret'));
    const fallen = keyStore('gnome_libsecret', { prefix: 'v10' });
    const source = safeStorageKey({
      dataDir,
      safeStorage: fallen,
      platform: 'linux',
      allowBasicText: false,
      random: (bytes) => new Uint8Array(bytes).fill(9),
    });
    await expect(source.change?.prepare()).rejects.toThrow('VESTIBULE_ALLOW_BASIC_TEXT=1');
    expect(await readdir(dataDir)).toEqual(['key.system.json']);
  });
});
