import { access, mkdir, open } from 'node:fs/promises';
import { StationError } from './api.ts';

/** Writes a file that only its owner may read and waits until the disk has it. The file must not exist. */
export async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Waits until the disk has a folder's entries: a rename is safe only then. Not possible on Windows, nor needed there (NTFS journals it). */
export async function syncDir(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const dir = await open(path, 'r');
  try {
    await dir.sync();
  } finally {
    await dir.close();
  }
}

/** Makes a folder for its owner alone. */
export async function ensureDir(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path);
  } catch (error) {
    throw unusable(path, error);
  }
}

/** What the system's word for it means to whoever named the folder. */
const WORDS: Readonly<Record<string, string>> = {
  EROFS: 'it is on a disk that can only be read',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  ENOSPC: 'the disk is full',
  EEXIST: 'it is a file, not a folder',
  ENOTDIR: 'it is a file, or lies in one',
  ENOENT: 'it cannot be made there',
};

/** A data folder that cannot be used, in words. @param error what the system said */
export function unusable(folder: string, error: unknown): StationError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const words = WORDS[code];
  const why = words === undefined ? code : `${words} (${code})`;
  return new StationError('data-dir', `the data folder ${folder} cannot be used: ${why}`, { cause: error });
}

export async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
