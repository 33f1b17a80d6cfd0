import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type KeyChange, type KeySource, StationError } from '../api.ts';
import { ensureDir, exists, syncDir, unusable, writeDurably } from '../files.ts';

const KEY_FILE = 'key';
/** The key that is to replace it, while a rotation is under way. */
const NEXT_KEY_FILE = 'key.next';
/** A key that the desktop application keeps, wrapped by the system's key ring. */
export const SYSTEM_KEY_FILE = 'key.system.json';

/** Reads 32 bytes written as 64 hexadecimal digits or as base64. Null when it is neither. */
export function parseKey(text: string): Uint8Array | null {
  const trimmed = text.trim();
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex');
  if (/^[A-Za-z0-9+/]{43}=?$/.test(trimmed)) return Buffer.from(trimmed, 'base64');
  return null;
}

async function readKeyFile(path: string): Promise<Uint8Array> {
  const info = await stat(path);
  if (process.platform !== 'win32' && (info.mode & 0o077) !== 0) {
    const mode = (info.mode & 0o777).toString(8).padStart(4, '0');
    throw new StationError(
      'key',
      `${path} can be read by others (mode ${mode}): run "chmod 600 ${path}", and consider the key known to them`,
    );
  }
  const key = parseKey(await readFile(path, 'utf8'));
  if (key === null) throw new StationError('key', `${path} does not hold a key (64 hexadecimal digits): restore it`);
  return key;
}

/** A key file is replaced by another beside it. */
function fileChange(dataDir: string): KeyChange {
  const [key, next] = [join(dataDir, KEY_FILE), join(dataDir, NEXT_KEY_FILE)];
  return {
    keeper: 'file',
    async prepare() {
      if (!(await exists(next))) {
        await createKeyFile(dataDir, next);
        await syncDir(dataDir);
      }
      return readKeyFile(next);
    },
    async finish() {
      await rename(next, key);
      await syncDir(dataDir);
    },
  };
}

/** A key in the environment is replaced by its owner, who gives the next one there as well. */
function environmentChange(next: Uint8Array): KeyChange {
  return { keeper: 'environment', prepare: async () => next, finish: async () => undefined };
}

function changeOf(dataDir: string, env: NodeJS.ProcessEnv): KeyChange | undefined {
  if (env.VESTIBULE_KEY === undefined || env.VESTIBULE_KEY === '') return fileChange(dataDir);
  const next = env.VESTIBULE_NEW_KEY ? parseKey(env.VESTIBULE_NEW_KEY) : null;
  return next === null ? undefined : environmentChange(next);
}

/** Creates the key file unless it is there; of two processes at once, one wins and both read the same key. */
async function createKeyFile(dataDir: string, path: string): Promise<void> {
  const temporary = join(dataDir, `.${KEY_FILE}-${randomBytes(6).toString('hex')}`);
  await writeDurably(temporary, Buffer.from(`${randomBytes(32).toString('hex')}\n`));
  try {
    await link(temporary, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** The data key of a source and, while it is being replaced, the other one. */
export async function loadKeys(source: KeySource): Promise<Uint8Array[]> {
  return [await source.load(), ...((await source.others?.()) ?? [])];
}

/**
 * The data key of a station without a key ring: `VESTIBULE_KEY` (64 hexadecimal digits or base64 of 32 bytes), else the file
 * `key` in the data folder (0600), made on first use. A folder that holds a journal but no key is an error: a new key would
 * only hide that the old one is lost.
 */
export function keyFile(dataDir: string, env: NodeJS.ProcessEnv = process.env): KeySource {
  const change = changeOf(dataDir, env);
  return {
    ...(change && { change }),
    async load() {
      const given = env.VESTIBULE_KEY;
      if (given !== undefined && given !== '') {
        const key = parseKey(given);
        if (key === null)
          throw new StationError('key', 'VESTIBULE_KEY must be 64 hexadecimal digits, or base64 of 32 bytes');
        return key;
      }
      await ensureDir(dataDir);
      const path = join(dataDir, KEY_FILE);
      try {
        if (!(await exists(path))) {
          if (await exists(join(dataDir, SYSTEM_KEY_FILE)))
            throw new StationError(
              'key',
              `the key of ${dataDir} is kept by this system’s key ring (${SYSTEM_KEY_FILE}), which only the desktop application can ask: do this there ` +
                '(its key is changed under Settings, Security)',
            );
          if (await exists(join(dataDir, 'journal.db')))
            throw new StationError(
              'key',
              `${dataDir} holds a journal but its key is missing: restore ${path}, or give the key in VESTIBULE_KEY`,
            );
          await createKeyFile(dataDir, path).catch((error: unknown) => {
            throw unusable(dataDir, error);
          });
        }
        return await readKeyFile(path);
      } catch (error) {
        if (error instanceof StationError) throw error;
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
        throw new StationError('key', `${path} cannot be used (${code})`, { cause: error });
      }
    },
    async others() {
      const next = env.VESTIBULE_NEW_KEY ? parseKey(env.VESTIBULE_NEW_KEY) : null;
      if (next !== null) return [next];
      const path = join(dataDir, NEXT_KEY_FILE);
      return (await exists(path)) ? [await readKeyFile(path)] : [];
    },
  };
}
