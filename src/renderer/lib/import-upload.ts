import { bridge } from '../bridge.ts';
import type { Chosen, NamedFile } from './import-files.ts';

/** A part of a file: half of what the station takes, so that progress moves. */
const PART_BYTES = 4 * 1024 * 1024;
/** Photos on their way at once. */
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
  /** Photos that were left out: too large, or gone while they were read. */
  skipped: number;
}

/** Hands a file or a folder over to the station. Rejects with the station's fault, or what `check` throws. */
export async function upload(chosen: Chosen, watch: UploadWatch): Promise<Uploaded> {
  if (chosen.what === 'folder') {
    const { token } = await bridge.call('import.upload', { what: 'folder', name: chosen.name.slice(0, 255) });
    return { token, name: chosen.name, skipped: await uploadPhotos(token, chosen.files, watch) };
  }
  const { file, what } = chosen;
  const { token } = await bridge.call('import.upload', { what, name: file.name.slice(-255) });
  for (let at = 0; at < file.size; at += PART_BYTES) {
    watch.reached(at, file.size);
    const bytes = new Uint8Array(await file.slice(at, at + PART_BYTES).arrayBuffer());
    watch.check();
    await bridge.call('import.part', { token, bytes });
    watch.check();
  }
  watch.reached(file.size, file.size);
  return { token, name: file.name, skipped: 0 };
}

async function uploadPhotos(token: string, files: readonly NamedFile[], watch: UploadWatch): Promise<number> {
  let next = 0;
  let done = 0;
  let skipped = 0;
  watch.reached(0, files.length);
  const lane = async (): Promise<void> => {
    for (let photo = files[next++]; photo !== undefined; photo = files[next++]) {
      const bytes = photo.file.size > PHOTO_BYTES ? null : await photo.file.arrayBuffer().catch(() => null);
      watch.check();
      if (bytes === null) skipped += 1;
      else await bridge.call('import.part', { token, name: photo.name, bytes: new Uint8Array(bytes) });
      watch.check();
      done += 1;
      watch.reached(done, files.length);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return skipped;
}
