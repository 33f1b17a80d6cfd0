import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { ImportRow, importCalls } from '#shared/calls/import';
import type { Handlers, Received } from '#shared/contract';
import { FaultError } from '#shared/fault';
import type { FilePicker, ImportSettings } from './api.ts';
import type { Origin } from './kept.ts';
import type { ImportRoom } from './room.ts';
import { createRowSearch } from './row-search.ts';
import type { ImportSession } from './session.ts';

type ImportCall = keyof typeof importCalls;

function wrong(code: string, message: string, field: string): FaultError {
  return new FaultError({ kind: 'validation', code, field, message });
}

/** The calls of the import screen. @param pick absent where the shell has no dialog */
export function importHandlers(room: ImportRoom, pick?: FilePicker): Pick<Handlers, ImportCall> {
  const { imports, views, uploads } = room;
  /** Files chosen in a dialog: the page knows their tokens. */
  const picked = new Map<string, string>();

  const settingsOf = (input: Received<'import.run'>): ImportSettings => {
    const { id: _id, ...settings } = input;
    return settings;
  };
  const search = createRowSearch(room.records);
  const reading = ({ encoding, delimiter, header }: Received<'import.read'>) => ({ encoding, delimiter, header });
  const originOf = (token: string): Origin => {
    const path = picked.get(token);
    return path === undefined ? { upload: token } : { path };
  };
  const rowOf = async (session: ImportSession, line: number): Promise<ImportRow> => {
    const row = await views.row(session, line);
    if (row === null) throw wrong('unknown-row', 'there is no such row', 'line');
    return row;
  };
  const whole = async (parts: AsyncIterable<string>): Promise<string> => {
    let text = '';
    for await (const part of parts) text += part;
    return text;
  };

  return {
    'import.upload': async ({ what, name }) => ({ token: uploads.begin(what, name) }),
    'import.part': async ({ token, name, bytes }) => {
      await uploads.part(token, bytes, name);
      return undefined;
    },
    'import.pick': async ({ what }) => {
      if (pick === undefined) throw wrong('no-picker', 'this shell has no dialog: hand the file over as bytes', 'what');
      const path = await pick(what);
      if (path === null) return null;
      const token = randomUUID();
      picked.set(token, path);
      return { token, name: basename(path) };
    },
    'import.discard': async ({ token }) => {
      picked.delete(token);
      await uploads.discard(token);
      return undefined;
    },
    'import.open': async ({ table, photos, photosOf, mapping, ...rest }) => {
      const path = picked.get(table);
      // A browser tells no more of a file than its name: the same name again is the same import.
      const source = path === undefined ? { table: uploads.table(table), key: '' } : room.source(path);
      const key = source.key === '' ? `name:${source.table.name}` : source.key;
      const shared = photosOf === undefined ? null : imports.photosOf(photosOf);
      const origins = { table: originOf(table), photos: photos === null ? shared : originOf(photos) };
      const list = origins.photos && (await room.photosOf(origins.photos));
      const id = await imports
        .open({ table: source.table, key, photos: list, origins, reading: rest, mapping })
        .catch(async (error: unknown) => {
          await list?.close();
          throw error;
        });
      return imports.view(id);
    },
    'import.read': async ({ id, mapping, photos, ...rest }) => {
      const origin = photos === undefined ? null : originOf(photos);
      const list = origin && (await room.photosOf(origin));
      try {
        await imports.reread(id, reading({ id, ...rest }), mapping ?? {}, list ? { list, origin } : undefined);
      } catch (error) {
        await list?.close();
        throw error;
      }
      return imports.view(id);
    },
    'import.check': async (input) => {
      imports.check(input.id, settingsOf(input));
      return imports.view(input.id);
    },
    'import.run': async (input) => {
      imports.run(input.id, settingsOf(input));
      return imports.view(input.id);
    },
    'import.pause': async ({ id }) => {
      imports.pause(id);
      return imports.view(id);
    },
    'import.resume': async ({ id }) => {
      imports.resume(id);
      return imports.view(id);
    },
    'import.cancel': async ({ id }) => {
      await imports.cancel(id);
      return imports.view(id);
    },
    'import.list': async () => imports.list(),
    'import.get': async ({ id }) => imports.view(id),
    'import.rows': async ({ id, offset, limit, verdict, reason, query, lines: asked, thumbnails }) => {
      const session = imports.session(id);
      const lines = query === undefined ? asked : await search(session, query);
      return views.rows(session, { verdict, reason, lines }, { offset, limit, thumbnails });
    },
    'import.replace': async ({ id, line, bytes }) => {
      const session = imports.session(id);
      const photo = await uploads.keep(bytes, true);
      try {
        await imports.replace(id, line, photo);
      } catch (error) {
        // Refused, it is nobody's.
        if (!session.replaced.has(photo.id)) await uploads.drop(photo.id);
        throw error;
      }
      return rowOf(session, line);
    },
    'import.decide': async ({ id, line, decision, others }) => {
      await imports.decide(id, line, decision, others);
      return rowOf(imports.session(id), line);
    },
    'import.report': async ({ id }) => {
      const session = imports.session(id);
      const bytes = Buffer.concat([...views.report(session)].map((line) => Buffer.from(line)));
      return { name: `${stem(session.name)}-report.csv`, bytes: new Uint8Array(bytes) };
    },
    'import.sheet': async ({ id }) => {
      const session = imports.session(id);
      return {
        name: `${stem(session.name)}-photos.html`,
        html: await whole(views.sheet(session, imports.summary(id))),
      };
    },
    'import.forget': async ({ id }) => {
      await imports.forget(id);
      return undefined;
    },
  };
}

function stem(name: string): string {
  return name.replace(/\.[^.]*$/, '') || 'import';
}
