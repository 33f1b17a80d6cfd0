import { randomBytes } from 'node:crypto';
import { link, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type KeySource, StationError } from '../api.ts';
import { ensureDir, exists, syncDir, writeDurably } from '../files.ts';

const KEY_FILE = 'key';
/** The key that is to replace it, while a rotation is under way. */
const NEXT_KEY_FILE = 'key.next';

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

export function keyPaths(dataDir: string): { key: string; next: string } {
  return { key: join(dataDir, KEY_FILE), next: join(dataDir, NEXT_KEY_FILE) };
}

/** Whether the key is given in the environment and no file is used. */
export function isKeyFromEnvironment(env: NodeJS.ProcessEnv): boolean {
  return env.VESTIBULE_KEY !== undefined && env.VESTIBULE_KEY !== '';
}

/** Makes the key that is to come, unless an interrupted rotation made it already. */
export async function createNextKey(dataDir: string): Promise<void> {
  const { next } = keyPaths(dataDir);
  if (await exists(next)) return;
  await createKeyFile(dataDir, next);
  await syncDir(dataDir);
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
  return {
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
          if (await exists(join(dataDir, 'journal.db')))
            throw new StationError(
              'key',
              `${dataDir} holds a journal but its key is missing: restore ${path}, or give the key in VESTIBULE_KEY`,
            );
          await createKeyFile(dataDir, path);
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
