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
}

const ENDING = '.bin';
const place = (enrolment: string) => `photo:${enrolment}`;

/** @param dir Folder of the photos; made when missing. @param now Milliseconds since the epoch, by the file system's clock. */
export async function openPhotoVault(dir: string, sealer: Sealer, now: () => number): Promise<PhotoVault> {
  await ensureDir(dir);
  const file = (enrolment: string) => join(dir, enrolment + ENDING);

  return {
    async write(enrolment, bytes) {
      const temporary = join(dir, `${enrolment}.${randomBytes(4).toString('hex')}.tmp`);
      try {
        await writeDurably(temporary, sealer.seal(bytes, place(enrolment)));
        await rename(temporary, file(enrolment));
        await syncDir(dir);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
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
  };
}
