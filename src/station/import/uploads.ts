import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';
import { FaultError } from '#shared/fault';
import type { PhotoVault } from '../vault/photos.ts';
import { isPhotoName, safePath } from './photo-names.ts';
import { type PhotoRef, type PhotoSource, photoUploads } from './photo-source.ts';
import { photoZip } from './photo-zip.ts';
import type { ByteSource } from './table.ts';

/**
 * What a screen hands over: tables and zips in parts, photos one by one. All of it lies sealed in a folder of the station's own, like
 * photos, and is gone with the import or at the next start.
 */
export interface Uploads {
  begin(what: 'table' | 'zip' | 'folder', name: string): string;
  /** Rejects with FaultError `validation`. */
  part(token: string, bytes: Uint8Array, name?: string): Promise<void>;
  table(token: string): ByteSource;
  photos(token: string): Promise<PhotoSource>;
  /** Whether a token is one of these. */
  has(token: string): boolean;
  forget(token: string): Promise<void>;
  /** A photo that takes the place of a row's own. */
  keep(bytes: Uint8Array): Promise<{ id: string; ref: PhotoRef }>;
  clear(): Promise<void>;
}

interface Upload {
  what: 'table' | 'zip' | 'folder';
  name: string;
  parts: { id: string; from: number; size: number }[];
  size: number;
  photos: ReturnType<typeof photoUploads>;
}

const PART_LIMIT = 8 * 1024 * 1024;
const PHOTO_PART_LIMIT = 50 * 1024 * 1024;
/** A table is read again and again; photos in a zip are read in place. */
const TOTAL_LIMIT = { table: 512 * 1024 * 1024, zip: 64 * 1024 ** 3, folder: Number.POSITIVE_INFINITY } as const;

function wrong(code: string, message: string): FaultError {
  return new FaultError({ kind: 'validation', code, field: 'token', message });
}

export function createUploads(vault: PhotoVault): Uploads {
  const uploads = new Map<string, Upload>();
  const loose = new Set<string>();
  const get = (token: string): Upload => {
    const found = uploads.get(token);
    if (found === undefined) throw wrong('upload-gone', 'this file is no longer at hand: choose it again');
    return found;
  };
  const keep = async (bytes: Uint8Array): Promise<{ id: string; ref: PhotoRef }> => {
    const id = randomUUID();
    await vault.write(id, bytes).catch((error: unknown) => {
      const message = 'the file could not be kept: is the disk full?';
      throw new FaultError({ kind: 'capacity', code: 'disk', message }, { cause: error });
    });
    loose.add(id);
    return { id, ref: { read: () => vault.read(id) } };
  };

  return {
    keep,

    begin(what, name) {
      const token = randomUUID();
      uploads.set(token, { what, name, parts: [], size: 0, photos: photoUploads() });
      return token;
    },

    async part(token, bytes, name) {
      const upload = get(token);
      if (upload.what === 'folder') {
        const path = safePath(name ?? '');
        if (path === null || !isPhotoName(path)) throw wrong('name', 'this is no name of a photo');
        if (bytes.length > PHOTO_PART_LIMIT) throw wrong('too-large', 'the photo has more than 50 MB');
        const { ref } = await keep(bytes);
        upload.photos.add(path, ref);
        return;
      }
      if (bytes.length === 0) return;
      if (bytes.length > PART_LIMIT) throw wrong('too-large', 'a part has at most 8 MB');
      if (upload.size + bytes.length > TOTAL_LIMIT[upload.what]) throw wrong('too-large', 'the file is too large');
      const from = upload.size;
      upload.size += bytes.length;
      const { id } = await keep(bytes);
      upload.parts.push({ id, from, size: bytes.length });
      upload.parts.sort((a, b) => a.from - b.from);
    },

    table(token) {
      const { name, parts } = get(token);
      return {
        name,
        async *read() {
          for (const { id } of parts) yield await vault.read(id);
        },
      };
    },

    async photos(token) {
      const upload = get(token);
      if (upload.what === 'folder') return upload.photos;
      return photoZip({ reader: new SealedReader(vault, upload.parts), size: upload.size });
    },

    has: (token) => uploads.has(token),

    async forget(token) {
      const upload = uploads.get(token);
      uploads.delete(token);
      for (const { id } of upload?.parts ?? []) {
        loose.delete(id);
        await vault.erase(id);
      }
    },

    async clear() {
      uploads.clear();
      for (const id of loose) await vault.erase(id);
      loose.clear();
    },
  };
}

/** A zip that lies in sealed parts, read from any place; the last part is kept, for entries lie side by side. */
class SealedReader extends RandomAccessReader {
  readonly #vault: PhotoVault;
  readonly #parts: readonly { id: string; from: number; size: number }[];
  #last: { id: string; bytes: Promise<Buffer> } | null = null;

  constructor(vault: PhotoVault, parts: readonly { id: string; from: number; size: number }[]) {
    super();
    this.#vault = vault;
    this.#parts = [...parts];
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#range(start, end));
  }

  async *#range(start: number, end: number): AsyncGenerator<Buffer> {
    for (const { id, from, size } of this.#parts) {
      if (from + size <= start || from >= end) continue;
      if (this.#last?.id !== id) this.#last = { id, bytes: this.#vault.read(id) };
      const bytes = await this.#last.bytes;
      yield bytes.subarray(Math.max(0, start - from), Math.min(size, end - from));
    }
  }
}
