import { randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError } from '#shared/fault';
import { ensureDir, syncDir, writeDurably } from '../files.ts';
import type { Sealer } from './seal.ts';

/** Master photos at rest: one sealed file an enrolment, bound to it, so that a swapped file is not sent as somebody else. */
export interface PhotoVault {
  write(enrolment: string, bytes: Uint8Array): Promise<void>;
  /** Rejects with FaultError `validation`, code `photo`, when the file is missing, altered or another enrolment's. */
  read(enrolment: string): Promise<Buffer>;
  erase(enrolment: string): Promise<void>;
  /** Enrolment ids of the files that have lain there for at least `olderThanMs`, half-written ones included. */
  stale(olderThanMs: number): Promise<string[]>;
  /** Ids of all files that lie there whole. */
  list(): Promise<string[]>;
  /**
   * Seals each photo anew that is not under `next`, while others are written, read and erased. What is written meanwhile must already be
   * sealed with `next`. Rejects with the signal's reason; what was done stays done.
   */
  reseal(next: Sealer, options?: ResealOptions): Promise<{ photos: number; unreadable: number }>;
}

export interface ResealOptions {
  signal?: AbortSignal | undefined;
  progress?: ((done: number, total: number) => void) | undefined;
}

const ENDING = '.bin';
const place = (enrolment: string) => `photo:${enrolment}`;

/** @param dir Folder of the photos; made when missing. @param now Milliseconds since the epoch, by the file system's clock. */
export async function openPhotoVault(dir: string, sealer: Sealer, now: () => number): Promise<PhotoVault> {
  await ensureDir(dir);
  const file = (enrolment: string) => join(dir, enrolment + ENDING);
  const writing = new Set<Promise<void>>();
  /** What was erased while everything is sealed anew; null at other times. */
  let erased: Set<string> | null = null;

  const put = async (enrolment: string, sealed: Uint8Array): Promise<void> => {
    const temporary = join(dir, `${enrolment}.${randomBytes(4).toString('hex')}.tmp`);
    try {
      await writeDurably(temporary, sealed);
      await rename(temporary, file(enrolment));
      await syncDir(dir);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  };

  const opens = (by: Sealer, sealed: Uint8Array, enrolment: string): Buffer | null => {
    try {
      return by.open(sealed, place(enrolment));
    } catch {
      return null;
    }
  };

  /** What became of one photo; null where it is gone, or sealed with `next` already. */
  const again = async (next: Sealer, enrolment: string) => {
    const sealed = await readFile(file(enrolment)).catch(() => null);
    if (sealed === null) return null;
    const done = opens(next, sealed, enrolment);
    done?.fill(0);
    if (done !== null) return null;
    const bytes = opens(sealer, sealed, enrolment);
    if (bytes === null) return 'unreadable';
    await put(enrolment, next.seal(bytes, place(enrolment)));
    bytes.fill(0);
    // Erased after it was read: it must not come back.
    if (erased?.has(enrolment)) await rm(file(enrolment), { force: true });
    return 'photos';
  };

  return {
    async write(enrolment, bytes) {
      const written = put(enrolment, sealer.seal(bytes, place(enrolment)));
      writing.add(written);
      try {
        await written;
      } finally {
        writing.delete(written);
      }
    },
    async read(enrolment) {
      try {
        return sealer.open(await readFile(file(enrolment)), place(enrolment));
      } catch (error) {
        const message = 'the stored photo is missing or was altered; nothing was sent: enrol again with a new photo';
        throw new FaultError({ kind: 'validation', code: 'photo', field: 'photo', message }, { cause: error });
      }
    },
    async erase(enrolment) {
      erased?.add(enrolment);
      await rm(file(enrolment), { force: true });
    },
    async stale(olderThanMs) {
      const found: string[] = [];
      for (const name of await readdir(dir)) {
        const info = await stat(join(dir, name)).catch(() => null);
        if (info === null || now() - info.mtimeMs < olderThanMs) continue;
        if (name.endsWith('.tmp')) await rm(join(dir, name), { force: true });
        else if (name.endsWith(ENDING)) found.push(name.slice(0, -ENDING.length));
      }
      return found;
    },
    async list() {
      const names = await readdir(dir);
      return names.filter((name) => name.endsWith(ENDING)).map((name) => name.slice(0, -ENDING.length));
    },
    async reseal(next, { signal, progress } = {}) {
      // What was sealed with the key before and is still on its way to the disk would be overlooked.
      await Promise.allSettled(writing);
      erased = new Set();
      try {
        const names = (await readdir(dir)).filter((name) => name.endsWith(ENDING));
        const counts = { photos: 0, unreadable: 0 };
        for (const [index, name] of names.entries()) {
          signal?.throwIfAborted();
          progress?.(index, names.length);
          const outcome = await again(next, name.slice(0, -ENDING.length));
          if (outcome !== null) counts[outcome] += 1;
        }
        progress?.(names.length, names.length);
        return counts;
      } finally {
        erased = null;
      }
    },
  };
}
