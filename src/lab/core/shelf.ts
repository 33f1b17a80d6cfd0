import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A picture that was put away; `bytes` is it again, byte for byte. */
export interface Shelved {
  readonly bytes: Buffer;
}

/** Pictures up to this much together stay in memory; those after them go to a file, so that ten thousand people need no more. */
const IN_MEMORY = 4 * 1024 * 1024;

/** The file is encrypted with a key that is nowhere but in this process, and has no name where the system allows that (not on Windows). */
const CIPHER = 'aes-256-ctr';

interface Shelf {
  put(bytes: Buffer): Shelved;
  /** Removes the file; what was put away there is gone. */
  close(): void;
}

/** @param inMemory bytes that stay in memory */
export function createShelf(inMemory = IN_MEMORY): Shelf {
  const key = randomBytes(32);
  let held = 0;
  let end = 0;
  let file: number | null = null;
  let folder: string | null = null;
  let closed = false;

  const open = (): number => {
    if (closed) throw new Error('the shelf of pictures is closed');
    if (file !== null) return file;
    const made = mkdtempSync(join(tmpdir(), 'vestibule-lab-'));
    file = openSync(join(made, 'pictures'), 'wx+', 0o600);
    folder = made;
    try {
      rmSync(made, { recursive: true });
      folder = null;
    } catch {
      // An open file cannot be removed everywhere; it goes when the shelf is closed.
    }
    return file;
  };

  const shelved = ({ at, length, iv }: { at: number; length: number; iv: Buffer }): Shelved => ({
    get bytes() {
      const sealed = Buffer.allocUnsafe(length);
      for (let done = 0; done < length; ) {
        const read = readSync(open(), sealed, done, length - done, at + done);
        if (read === 0) throw new Error('the file of pictures is shorter than what was written to it');
        done += read;
      }
      const decipher = createDecipheriv(CIPHER, key, iv);
      return Buffer.concat([decipher.update(sealed), decipher.final()]);
    },
  });

  return {
    put(bytes) {
      if (held + bytes.length <= inMemory) {
        held += bytes.length;
        return { bytes };
      }
      const iv = randomBytes(16);
      const cipher = createCipheriv(CIPHER, key, iv);
      const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
      const place = { at: end, length: sealed.length, iv };
      for (let done = 0; done < sealed.length; )
        done += writeSync(open(), sealed, done, sealed.length - done, place.at + done);
      end += sealed.length;
      return shelved(place);
    },
    close() {
      closed = true;
      if (file !== null) closeSync(file);
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
      file = null;
      folder = null;
    },
  };
}

/** The one of this process: labs are few, and end with it. */
const shelf = createShelf();
process.once('exit', () => shelf.close());

/** Puts a picture away: in memory, or, when there are many, in a file that nobody else can read. */
export function shelve(bytes: Buffer): Shelved {
  return shelf.put(bytes);
}
