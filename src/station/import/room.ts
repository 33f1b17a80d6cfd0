import { createReadStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { FaultError } from '#shared/fault';
import { exists, writeDurably } from '../files.ts';
import type { PersonRow } from '../journal/import-rows.ts';
import type { ImportRecords } from '../journal/imports.ts';
import type { Runner } from '../outbox/runner.ts';
import { openPhotoVault, type PhotoVault } from '../vault/photos.ts';
import { UPLOADS } from '../vault/rotate.ts';
import type { FileImports } from './api.ts';
import type { ByteSource } from './byte-source.ts';
import { importDeliveries } from './delivering.ts';
import { createImports, type Imports } from './imports.ts';
import { type Origin, openKeptImports } from './kept.ts';
import { type PhotoSource, photoFolder } from './photo-source.ts';
import { photoZip } from './photo-zip.ts';
import type { ImportsDeps } from './session.ts';
import { changed } from './table.ts';
import { createUploads, type Uploads } from './uploads.ts';
import { createImportViews } from './views.ts';

export interface RoomDeps extends ImportsDeps {
  dataDir: string;
  runner: Pick<Runner, 'pump' | 'nudge'>;
  /** How long what failed is kept. */
  failedMs: number;
  /** Whether deliveries are made by the station itself, so that a run need not. */
  background: boolean;
}

export interface ImportRoom {
  records: ImportRecords;
  imports: Imports;
  views: ReturnType<typeof createImportViews>;
  uploads: Uploads;
  /** Where uploads lie, sealed. */
  vault: PhotoVault;
  files: FileImports;
  source(path: string): { table: ByteSource; key: string };
  photosOf(origin: Origin): Promise<PhotoSource>;
  /** Erases somebody who is removed from what was handed over for imports that are open: the photos of their rows, and their lines. */
  erasePerson(code: string, rows: readonly PersonRow[]): Promise<void>;
  /** Deletes what is older than the site keeps it. */
  purge(): Promise<void>;
  close(): Promise<void>;
}

/** What a process that died left among the uploads is deleted after so long. */
const LEFT_MS = 24 * 60 * 60_000;
const SHEET = /^contact-sheet-.*\.html$/;

/** Opens the room of imports: `imports/` in the data folder holds sealed uploads and contact sheets. */
export async function openImportRoom(deps: RoomDeps): Promise<ImportRoom> {
  const { journal, now, closing } = deps;
  const folder = join(deps.dataDir, UPLOADS);
  const vault = await openPhotoVault(folder, journal.sealer, Date.now);
  const uploads = createUploads(vault);
  const kept = await openKeptImports(vault, uploads);
  for (const id of [...kept.all().keys()]) if (!journal.imports.has(id)) await kept.erase(id);
  const needed = await kept.files();
  for (const left of await vault.stale(LEFT_MS)) if (!needed.has(left)) await vault.erase(left);
  const imports = createImports(deps, kept, uploads.kept);
  const views = createImportViews({ journal, now });

  const source = (path: string): { table: ByteSource; key: string } => ({
    table: { name: basename(path), read: () => fileBytes(path) },
    key: `file:${resolve(path)}`,
  });
  const photosAt = (path: string): Promise<PhotoSource> => (/\.zip$/i.test(path) ? photoZip(path) : photoFolder(path));

  const tableOf = (origin: Origin): ByteSource =>
    'path' in origin ? source(origin.path).table : uploads.table(origin.upload);
  const photosOf = (origin: Origin): Promise<PhotoSource> =>
    'path' in origin ? photosAt(origin.path) : uploads.photos(origin.upload);
  // What a screen had open before the station stopped; what cannot be read any more has to be given again, and the screen says so.
  for (const [id, note] of deps.background ? kept.all() : []) {
    try {
      const photos = note.photos === null ? null : await photosOf(note.photos);
      await imports.restore(id, { kept: note, table: tableOf(note.table), photos });
    } catch (error) {
      if (!(error instanceof FaultError)) deps.unexpected(id, error);
    }
  }

  const finish = async (id: string, signal: AbortSignal, start: () => void): Promise<void> => {
    const interrupt = () => void imports.interrupt(id);
    start();
    signal.addEventListener('abort', interrupt, { once: true });
    if (signal.aborted) interrupt();
    try {
      await imports.ended(id);
    } finally {
      signal.removeEventListener('abort', interrupt);
    }
    const failure = imports.failure(id);
    if (failure !== null && !signal.aborted) throw failure;
  };

  const files: FileImports = {
    async open({ file, photos, reading, mapping }) {
      if (!(await exists(file)))
        throw new FaultError({
          kind: 'validation',
          code: 'not-found',
          field: 'table',
          message: `there is no file ${file}`,
        });
      const list = photos === null ? null : await photosAt(photos);
      return imports.open({ ...source(file), photos: list, ...(reading && { reading }), mapping });
    },
    view: imports.view,
    progress: imports.progress,
    summary: imports.summary,
    check: (id, settings, signal) => finish(id, signal, () => imports.check(id, settings)),

    async run(id, settings, { signal, waitMs }) {
      let written = false;
      let deadline = Number.POSITIVE_INFINITY;
      const platforms = deps.platforms.map((platform) => platform.id);
      const stop = new AbortController();
      const delivering = deps.background
        ? Promise.resolve()
        : deps.runner.pump(
            importDeliveries(journal, platforms, {
              now,
              written: () => written,
              patient: () => now() < deadline && waitMs > 0,
            }),
            AbortSignal.any([signal, closing, stop.signal]),
          );
      try {
        await finish(id, signal, () => imports.run(id, settings));
        deadline = now() + waitMs;
        written = true;
        deps.runner.nudge();
        await delivering;
      } finally {
        stop.abort(new Error('the import has ended'));
        await delivering;
      }
    },

    rows: (id) => views.all(imports.session(id)),
    report: (id) => views.report(imports.session(id)),

    async writeSheet(id) {
      const session = imports.session(id);
      const path = join(folder, `contact-sheet-${id}.html`);
      const parts: Buffer[] = [];
      for await (const part of views.sheet(session, imports.summary(id))) parts.push(Buffer.from(part));
      await rm(path, { force: true });
      await writeDurably(path, Buffer.concat(parts));
      return path;
    },
  };

  return {
    records: journal.imports,
    imports,
    views,
    uploads,
    vault,
    files,
    source,
    photosOf,

    async erasePerson(code, rows) {
      for (const { batch, person, photo, replaced } of rows) {
        const note = kept.all().get(batch);
        if (note === undefined) continue;
        if (replaced !== null) await imports.erasePhoto(batch, replaced);
        const origin = note.photos;
        if (origin === null || !('upload' in origin) || !(await uploads.restore(origin.upload))) continue;
        const named = typeof person?.code === 'string' ? person.code : '';
        // A zip that cannot be read has no photo to erase, and must not keep the others.
        await uploads
          .erasePhotos(origin.upload, { photo, code: named })
          .catch((error: unknown) => deps.unexpected(batch, error));
      }
      // Also of tables whose rows nobody has read yet.
      for (const [batch, note] of [...kept.all()]) {
        const origin = note.table;
        if (!('upload' in origin) || !(await uploads.restore(origin.upload))) continue;
        const who = { code, rows: rows.filter((row) => row.batch === batch) };
        const rewrite = (chunks: AsyncIterable<Uint8Array>) => uploads.rewrite(origin.upload, chunks);
        // A table that cannot be read holds nobody's line, and must not keep the others.
        await imports
          .eraseLines(batch, note, uploads.table(origin.upload), who, rewrite)
          .catch((error: unknown) => deps.unexpected(batch, error));
      }
    },

    async purge() {
      await imports.purged(journal.imports.purge(now() - deps.failedMs));
      for (const name of await readdir(folder)) {
        if (!SHEET.test(name)) continue;
        const path = join(folder, name);
        const info = await stat(path).catch(() => null);
        if (info !== null && Date.now() - info.mtimeMs >= deps.failedMs) await rm(path, { force: true });
      }
    },

    async close() {
      await imports.close();
      await uploads.clear();
    },
  };
}

async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(path, { highWaterMark: 256 * 1024 });
  const stamp = async () => {
    const { size, mtimeMs, ino } = await stat(path);
    return `${ino} ${size} ${mtimeMs}`;
  };
  try {
    const before = await stamp();
    for await (const chunk of stream) yield chunk as Buffer;
    // Half of it as it was and half as it is would be people who are nowhere.
    if ((await stamp()) !== before) throw changed();
  } catch (error) {
    if (error instanceof FaultError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : '';
    const message =
      code === 'EISDIR' ? 'the table is a folder: give a file' : 'the table cannot be read: check its permissions';
    throw new FaultError({ kind: 'validation', code: 'unreadable', field: 'table', message }, { cause: error });
  } finally {
    stream.destroy();
  }
}
