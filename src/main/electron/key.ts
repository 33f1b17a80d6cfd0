import { readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SafeStorage } from 'electron';
import { z } from 'zod';
import { type KeyChange, type KeySource, StationError } from '#station/api';
import { ensureDir, exists, syncDir, writeDurably } from '#station/files';
import { SYSTEM_KEY_FILE } from '#station/vault/key';
import { actualBackend, changedKeyStore, type KeyDecision, mayKeepKey } from './key-policy.ts';

const KEY_BYTES = 32;
/** The key that is to replace it, while a change is under way. */
const NEXT_KEY_FILE = 'key.system.next.json';

/** What lies on disk: the data key, wrapped by the system, and by which of its key stores. */
const wrappedKey = z.strictObject({ version: z.literal(1), backend: z.string(), wrapped: z.base64() });

export interface SafeStorageKeyOptions {
  /** The station's data folder; the wrapped key lies in it, made on first use. */
  dataDir: string;
  safeStorage: Pick<
    SafeStorage,
    | 'decryptStringAsync'
    | 'encryptStringAsync'
    | 'getSelectedStorageBackend'
    | 'isAsyncEncryptionAvailable'
    | 'setUsePlainTextEncryption'
  >;
  platform: NodeJS.Platform;
  allowBasicText: boolean;
  /** A cryptographic source of that many bytes. */
  random(bytes: number): Uint8Array;
}

/**
 * The station's data key under the system's key store. Call it after Electron is ready.
 *
 * Rejects with `StationError` (`key`) when the system has no key store worth the name, or when the key on disk cannot be opened; a key on
 * disk is never replaced by a new one.
 */
export function safeStorageKey(options: SafeStorageKeyOptions): KeySource {
  const { dataDir, safeStorage, platform, allowBasicText, random } = options;

  const file = join(dataDir, SYSTEM_KEY_FILE);
  const nextFile = join(dataDir, NEXT_KEY_FILE);

  const backendNow = () => {
    if (platform === 'linux') return safeStorage.getSelectedStorageBackend();
    return platform === 'darwin' ? 'keychain' : 'dpapi';
  };

  const create = async (backend: string): Promise<Uint8Array> => {
    if (await exists(join(dataDir, 'journal.db'))) {
      const message =
        `${dataDir} holds a station whose key is not in this system's key store. If “vestibule serve” or the command line made it, open it ` +
        `with them or give its key in VESTIBULE_KEY; else choose another folder with --data.`;
      throw new StationError('key', message);
    }
    const { key, actual, wrapped } = await wrapNew(backend);
    await ensureDir(dataDir);
    await write(file, actual, wrapped);
    return key;
  };

  /** A new key, wrapped by a key store worth the name. */
  const wrapNew = async (backend: string) => {
    const key = random(KEY_BYTES);
    const wrapped = await safeStorage.encryptStringAsync(Buffer.from(key).toString('base64'));
    const actual = actualBackend(platform, backend, wrapped);
    accept(mayKeepKey({ platform, available: true, backend: actual, allowBasicText }));
    return { key, actual, wrapped };
  };

  const open = async (text: string, backend: string, from = file): Promise<Uint8Array> => {
    const stored = parse(text);
    if (!stored) throw new StationError('key', `the key file ${from} is damaged; restore it from a backup`);
    const wrapped = Buffer.from(stored.wrapped, 'base64');
    const opened = await safeStorage.decryptStringAsync(wrapped).catch(() => null);
    const key = opened && Buffer.from(opened.result, 'base64');
    if (key?.length !== KEY_BYTES) throw new StationError('key', changedKeyStore(stored.backend, backend));
    if (opened?.shouldReEncrypt) {
      const again = await safeStorage.encryptStringAsync(key.toString('base64'));
      await replace(from, actualBackend(platform, backend, again), again);
    }
    return new Uint8Array(key);
  };

  /** The wrapped key of a file; null where there is none. */
  const read = (from: string): Promise<string | null> =>
    readFile(from, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw new StationError('key', `the key file ${from} cannot be read`, { cause: error });
    });

  const change: KeyChange = {
    keeper: 'key-ring',
    async prepare() {
      const backend = backendNow();
      const begun = await read(nextFile);
      if (begun !== null) return open(begun, backend, nextFile);
      accept(
        mayKeepKey({ platform, available: await safeStorage.isAsyncEncryptionAvailable(), backend, allowBasicText }),
      );
      const { actual, wrapped } = await wrapNew(backend);
      await replace(nextFile, actual, wrapped);
      // Asked back before anything is sealed with it: what the key ring cannot open again is no key.
      return open((await read(nextFile)) ?? '', backend, nextFile);
    },
    async finish() {
      await rename(nextFile, file);
      await syncDir(dataDir);
    },
  };

  return {
    change,
    async load() {
      const backend = backendNow();
      if (platform === 'linux' && allowBasicText) safeStorage.setUsePlainTextEncryption(true);
      const available = await safeStorage.isAsyncEncryptionAvailable();
      accept(mayKeepKey({ platform, available, backend, allowBasicText }));
      const text = await read(file);
      return text === null ? await create(backend) : await open(text, backend);
    },
    async others() {
      const text = await read(nextFile);
      return text === null ? [] : [await open(text, backendNow(), nextFile)];
    },
  };
}

function accept(decision: KeyDecision): void {
  if (!decision.ok) throw new StationError('key', decision.message);
}

function parse(text: string): z.infer<typeof wrappedKey> | null {
  try {
    return wrappedKey.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

async function write(file: string, backend: string, wrapped: Buffer): Promise<void> {
  const stored: z.infer<typeof wrappedKey> = { version: 1, backend, wrapped: wrapped.toString('base64') };
  await writeDurably(file, Buffer.from(`${JSON.stringify(stored)}\n`));
  await syncDir(dirname(file));
}

/** Beside the old one first: a power cut leaves one whole key or the other. */
async function replace(file: string, backend: string, wrapped: Buffer): Promise<void> {
  const partial = `${file}.new`;
  await rm(partial, { force: true });
  await write(partial, backend, wrapped);
  await rename(partial, file);
  await syncDir(dirname(file));
}
