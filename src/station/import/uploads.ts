import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';
import { z } from 'zod';
import { FaultError } from '#shared/fault';
import type { PhotoVault } from '../vault/photos.ts';
import type { ByteSource } from './byte-source.ts';
import { isPhotoName, photoKey, safePath } from './photo-names.ts';
import { type PhotoRef, type PhotoSource, photoUploads } from './photo-source.ts';
import { photoZip } from './photo-zip.ts';

/**
 * What a screen hands over: tables and zips in parts, photos one by one. All of it lies sealed in a folder of the station's own, like
 * photos. What an import took is saved, outlives the station, and is gone with the import; the rest is gone when the station stops.
 */
export interface Uploads {
  begin(what: 'table' | 'zip' | 'folder', name: string): string;
  /** Rejects with FaultError `validation`. */
  part(token: string, bytes: Uint8Array, name?: string): Promise<void>;
  table(token: string): ByteSource;
  /** Other bytes take the place of a table's, all or none of them. Rejects with FaultError `capacity`, or as `chunks` do. */
  rewrite(token: string, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  photos(token: string): Promise<PhotoSource>;
  /** Writes down what an upload is made of, so that it outlives the station; it is whole then. */
  save(token: string): Promise<void>;
  /** Finds a saved upload again. False where it is not there, or damaged. */
  restore(token: string): Promise<boolean>;
  /** Ids of the sealed files of an upload, itself included. */
  filesOf(token: string): string[];
  forget(token: string): Promise<void>;
  /** Erases the photos of somebody among an upload's: whatever may be meant. */
  erasePhotos(token: string, wanted: { photo: string | null; code: string }): Promise<void>;
  /** Forgets an upload that no import took. */
  discard(token: string): Promise<void>;
  /** A photo that takes the place of a row's own. @param lasting not to be gone when the station stops */
  keep(bytes: Uint8Array, lasting?: boolean): Promise<{ id: string; ref: PhotoRef }>;
  /** Erases a photo that was kept and that no row took. */
  drop(id: string): Promise<void>;
  /** A photo that was kept. */
  kept(id: string): PhotoRef;
  clear(): Promise<void>;
}

const savedSchema = z.object({
  what: z.enum(['table', 'zip', 'folder']),
  name: z.string(),
  parts: z.array(z.object({ id: z.uuid(), from: z.number(), size: z.number() })),
  size: z.number(),
  /** Photos by path. */
  files: z.array(z.tuple([z.string(), z.uuid()])),
});

interface Upload extends Omit<z.infer<typeof savedSchema>, 'files'> {
  files: Map<string, { path: string; id: string }>;
  photos: ReturnType<typeof photoUploads>;
  /** How often its parts were changed since they came. */
  changes: number;
}

/** Where the list of an upload's files lies among them. */
const listOf = (token: string) => `upload-${token}`;

const PART_LIMIT = 8 * 1024 * 1024;
/** Parts of a table that is written anew have at least this, but for the last. */
const REWRITTEN_PART = 4 * 1024 * 1024;
const PHOTO_PART_LIMIT = 50 * 1024 * 1024;
/** A table is read again and again; photos in a zip are read in place. */
const TOTAL_LIMIT = { table: 512 * 1024 * 1024, zip: 64 * 1024 ** 3, folder: Number.POSITIVE_INFINITY } as const;

function wrong(code: string, message: string): FaultError {
  return new FaultError({ kind: 'validation', code, field: 'token', message });
}

export function createUploads(vault: PhotoVault): Uploads {
  const uploads = new Map<string, Upload>();
  const loose = new Set<string>();
  const saved = new Set<string>();
  const get = (token: string): Upload => {
    const found = uploads.get(token);
    if (found === undefined) throw wrong('upload-gone', 'this file is no longer at hand: choose it again');
    return found;
  };
  const kept = (id: string): PhotoRef => ({ read: () => vault.read(id) });
  const keep = async (bytes: Uint8Array, lasting = false): Promise<{ id: string; ref: PhotoRef }> => {
    const id = randomUUID();
    await write(vault, id, bytes);
    if (!lasting) loose.add(id);
    return { id, ref: kept(id) };
  };
  const filesOf = (token: string): string[] => {
    const upload = uploads.get(token);
    if (upload === undefined) return [];
    return [...upload.parts, ...upload.files.values()].map(({ id }) => id).concat(listOf(token));
  };

  const forget = async (token: string): Promise<void> => {
    const ids = filesOf(token);
    uploads.delete(token);
    saved.delete(token);
    for (const id of ids) {
      loose.delete(id);
      await vault.erase(id);
    }
  };

  const writeList = async (token: string): Promise<void> => {
    const { what, name, parts, size, files } = get(token);
    const list = { what, name, parts, size, files: [...files.values()].map(({ path, id }) => [path, id]) };
    await write(vault, listOf(token), Buffer.from(JSON.stringify(list)));
  };
  const zipOf = (upload: Upload) =>
    photoZip({ reader: new SealedReader(vault, upload.parts, () => upload.changes), size: upload.size });

  /** Overwrites a stretch of an upload that lies in parts. */
  const blank = async (upload: Upload, { from, size }: { from: number; size: number }): Promise<void> => {
    for (const part of upload.parts) {
      const [start, end] = [
        Math.max(from, part.from) - part.from,
        Math.min(from + size, part.from + part.size) - part.from,
      ];
      if (start >= end) continue;
      const bytes = await vault.read(part.id);
      await write(vault, part.id, bytes.fill(0, start, end));
    }
    upload.changes += 1;
  };

  return {
    keep,
    kept,
    filesOf,
    async drop(id) {
      loose.delete(id);
      await vault.erase(id);
    },

    begin(what, name) {
      const token = randomUUID();
      uploads.set(token, { what, name, parts: [], size: 0, files: new Map(), photos: photoUploads(), changes: 0 });
      return token;
    },

    async part(token, bytes, name) {
      const upload = get(token);
      if (upload.what === 'folder') {
        const path = safePath(name ?? '');
        if (path === null || !isPhotoName(path)) throw wrong('name', 'this is no name of a photo');
        if (bytes.length > PHOTO_PART_LIMIT) throw wrong('too-large', 'the photo has more than 50 MB');
        const { id, ref } = await keep(bytes);
        upload.files.set(photoKey(path), { path, id });
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
      const { name } = get(token);
      /** As they are now: another process may have written them anew, without somebody. */
      const parts = async () => (saved.has(token) ? await readList(vault, token) : null)?.parts ?? get(token).parts;
      return {
        name,
        version: async () => (await parts()).map(({ id }) => id).join(),
        async *read() {
          for (const { id } of await parts()) yield await vault.read(id);
        },
      };
    },

    async rewrite(token, chunks) {
      const upload = get(token);
      const before = upload.parts;
      const parts: Upload['parts'] = [];
      let size = 0;
      const add = async (bytes: Uint8Array): Promise<void> => {
        const id = randomUUID();
        await write(vault, id, bytes);
        parts.push({ id, from: size, size: bytes.length });
        size += bytes.length;
      };
      let some: Uint8Array[] = [];
      let length = 0;
      try {
        for await (const chunk of chunks) {
          some.push(chunk);
          length += chunk.length;
          if (length < REWRITTEN_PART) continue;
          await add(Buffer.concat(some));
          some = [];
          length = 0;
        }
        if (length > 0) await add(Buffer.concat(some));
        Object.assign(upload, { parts, size });
        // From here on it is the new one, whatever happens.
        if (saved.has(token)) await writeList(token);
        else for (const { id } of parts) loose.add(id);
      } catch (error) {
        Object.assign(upload, { parts: before, size: before.reduce((sum, part) => sum + part.size, 0) });
        for (const { id } of parts) await vault.erase(id);
        throw error;
      }
      for (const { id } of before) {
        loose.delete(id);
        await vault.erase(id);
      }
    },

    async photos(token) {
      const upload = get(token);
      if (upload.what === 'folder') return upload.photos;
      return zipOf(upload);
    },

    async save(token) {
      await writeList(token);
      for (const id of filesOf(token)) loose.delete(id);
      saved.add(token);
    },

    async restore(token) {
      if (uploads.has(token)) return true;
      const list = await readList(vault, token);
      if (list === null) return false;
      const photos = photoUploads();
      for (const [path, id] of list.files) photos.add(path, kept(id));
      const files = new Map(list.files.map(([path, id]) => [photoKey(path), { path, id }]));
      uploads.set(token, { ...list, files, photos, changes: 0 });
      saved.add(token);
      return true;
    },

    forget,

    async erasePhotos(token, wanted) {
      const upload = get(token);
      if (upload.what === 'zip') {
        const zip = await zipOf(upload);
        try {
          for (const extent of await zip.extents(wanted)) await blank(upload, extent);
        } finally {
          await zip.close();
        }
        return;
      }
      for (const { path } of upload.photos.matching(wanted)) {
        const file = upload.files.get(photoKey(path));
        upload.photos.remove(path);
        upload.files.delete(photoKey(path));
        if (file === undefined) continue;
        loose.delete(file.id);
        await vault.erase(file.id);
      }
      if (saved.has(token)) await writeList(token);
    },

    async discard(token) {
      if (!saved.has(token)) await forget(token);
    },

    async clear() {
      uploads.clear();
      for (const id of loose) await vault.erase(id);
      loose.clear();
    },
  };
}

/** What a saved upload is made of; null where that is not there, or damaged. */
async function readList(vault: PhotoVault, token: string): Promise<z.infer<typeof savedSchema> | null> {
  const bytes = await vault.read(listOf(token)).catch(() => null);
  const list = savedSchema.safeParse(bytes === null ? null : JSON.parse(bytes.toString('utf8')));
  return list.success ? list.data : null;
}

async function write(vault: PhotoVault, id: string, bytes: Uint8Array): Promise<void> {
  await vault.write(id, bytes).catch((error: unknown) => {
    const message = 'the file could not be kept: is the disk full?';
    throw new FaultError({ kind: 'capacity', code: 'disk', message }, { cause: error });
  });
}

/** A zip that lies in sealed parts, read from any place; the last part is kept, for entries lie side by side. */
class SealedReader extends RandomAccessReader {
  readonly #vault: PhotoVault;
  readonly #parts: readonly { id: string; from: number; size: number }[];
  readonly #changes: () => number;
  #last: { id: string; changes: number; bytes: Promise<Buffer> } | null = null;

  constructor(vault: PhotoVault, parts: readonly { id: string; from: number; size: number }[], changes: () => number) {
    super();
    this.#changes = changes;
    this.#vault = vault;
    this.#parts = [...parts];
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#range(start, end));
  }

  async *#range(start: number, end: number): AsyncGenerator<Buffer> {
    for (const { id, from, size } of this.#parts) {
      if (from + size <= start || from >= end) continue;
      const changes = this.#changes();
      if (this.#last?.id !== id || this.#last.changes !== changes)
        this.#last = { id, changes, bytes: this.#vault.read(id) };
      const bytes = await this.#last.bytes;
      yield bytes.subarray(Math.max(0, start - from), Math.min(size, end - from));
    }
  }
}
