import { bridge } from '../bridge.ts';
import type { Chosen, NamedFile } from './import-files.ts';
import type { LeftOut } from './left-out.ts';

/** A part of a file: half of what the station takes, so that progress moves. */
const PART_BYTES = 4 * 1024 * 1024;
/** Photos on their way at once: no more of them are in memory. */
const LANES = 3;

export interface UploadWatch {
  /** So much is there: bytes of a file, or photos of a folder. */
  reached(done: number, total: number): void;
  /** Throws when nobody wants it any more. */
  check(): void;
}

/** The station's limit for one photo. */
const PHOTO_BYTES = 50 * 1024 * 1024;

/** What the station holds now. */
export interface Uploaded {
  token: string;
  name: string;
}

/**
 * Hands a file or a folder over to the station. Rejects with the station's fault, or what `check` throws; what is there by then is thrown
 * away. @param left takes the photos that were too large, or gone when they were read
 */
export async function upload(chosen: Chosen, watch: UploadWatch, left: LeftOut): Promise<Uploaded> {
  const name = chosen.what === 'folder' ? chosen.name : chosen.file.name;
  const { token } = await bridge.call('import.upload', { what: chosen.what, name: name.slice(-255) });
  try {
    watch.check();
    if (chosen.what === 'folder') await uploadPhotos(token, chosen.files, watch, left);
    else await uploadFile(token, chosen.file, watch);
  } catch (error) {
    // The way it failed is what matters: the rest goes when the station stops.
    void bridge.call('import.discard', { token }).catch(() => undefined);
    throw error;
  }
  return { token, name };
}

async function uploadFile(token: string, file: File, watch: UploadWatch): Promise<void> {
  for (let at = 0; at < file.size; at += PART_BYTES) {
    watch.reached(at, file.size);
    const bytes = new Uint8Array(await file.slice(at, at + PART_BYTES).arrayBuffer());
    watch.check();
    await bridge.call('import.part', { token, bytes });
    watch.check();
  }
  watch.reached(file.size, file.size);
}

async function uploadPhotos(
  token: string,
  files: readonly NamedFile[],
  watch: UploadWatch,
  left: LeftOut,
): Promise<void> {
  let next = 0;
  let done = 0;
  watch.reached(0, files.length);
  const lane = async (): Promise<void> => {
    for (let photo = files[next++]; photo !== undefined; photo = files[next++]) {
      const large = photo.file.size > PHOTO_BYTES;
      const bytes = large ? null : await photo.file.arrayBuffer().catch(() => null);
      watch.check();
      if (bytes === null) left.add(large ? 'large' : 'unreadable', photo.name);
      else await bridge.call('import.part', { token, name: photo.name, bytes: new Uint8Array(bytes) });
      watch.check();
      done += 1;
      watch.reached(done, files.length);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
