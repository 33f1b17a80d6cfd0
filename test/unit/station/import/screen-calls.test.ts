import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ImportDesk, openImportDesk } from '../support/import-desk.ts';
import { portrait } from '../support/station.ts';

/** What the import screen asks beside the engine: what is open, who is looked for, photos that come later. */

let desk: ImportDesk;

const csv = (rows: number) =>
  Buffer.from(
    `code,name\n${Array.from({ length: rows }, (_, at) => `TP${String(at).padStart(5, '0')},${at % 2 ? 'Ånna' : '李雷'} ${at}`).join('\n')}\n`,
  );
const ended = (id: string, phase: string) =>
  vi.waitFor(async () => expect((await desk.call('import.get', { id })).progress.phase).toBe(phase), {
    timeout: 10_000,
  });

beforeEach(async () => {
  desk = await openImportDesk({});
});
afterEach(() => desk.end());

describe('the import screen’s calls', () => {
  it('lists what is open, and after a restart what was left unfinished', async () => {
    expect(await desk.call('import.list', undefined)).toEqual({ open: [], left: [] });
    const table = await desk.upload('table', 'a.csv', { '': csv(400) });
    const photos = await desk.upload('folder', 'photos', { 'TP00000.jpg': await portrait() });
    const { id, settings } = await desk.call('import.open', { table, photos });
    expect(settings).toBeNull();
    await desk.call('import.check', { id, to: ['gate'], concurrency: 1 });
    await desk.call('import.pause', { id });
    await desk.call('import.cancel', { id });
    const { open: listed } = await desk.call('import.list', undefined);
    expect(listed.map(({ name, progress }) => [name, progress.phase])).toEqual([['a.csv', 'cancelled']]);
    expect((await desk.call('import.get', { id })).settings).toMatchObject({ to: ['gate'], kind: 'staff' });

    await desk.again();
    const after = await desk.call('import.list', undefined);
    expect(after.open).toEqual([]);
    expect(after.left).toMatchObject([{ id, rows: 400 }]);
    expect(after.left[0]?.unchecked).toBeGreaterThan(0);
    // The same file again takes it up, so that it is left no longer.
    const again = await desk.upload('table', 'a.csv', { '': csv(400) });
    expect((await desk.call('import.open', { table: again, photos: null })).id).toBe(id);
    expect((await desk.call('import.list', undefined)).left).toEqual([]);
  });

  it('finds rows by a part of code or name, on every page and with a filter', async () => {
    const table = await desk.upload('table', 'b.csv', { '': csv(120) });
    const { id } = await desk.call('import.open', { table, photos: null });
    await desk.call('import.check', { id, to: ['gate'] });
    await ended(id, 'checked');
    const by = async (
      query: string,
      more: { offset?: number; limit?: number; verdict?: 'accepted' | 'refused' } = {},
    ) => desk.call('import.rows', { id, query, ...more });
    expect((await by(' tp0011')).rows.map(({ code }) => code)).toEqual(
      Array.from({ length: 10 }, (_, at) => `TP0011${at}`),
    );
    // A letter and its mark may be written apart.
    const anna = await by('a\u030anna', { offset: 50, limit: 50 });
    expect([anna.total, anna.rows.length, anna.rows[0]?.name]).toEqual([60, 10, 'Ånna 101']);
    expect((await by('李雷', { verdict: 'refused' })).total).toBe(0);
    expect((await by('nobody at all')).total).toBe(0);
  });

  it('takes photos after the table, with another reading of it', async () => {
    const table = await desk.upload('table', 'c.csv', { '': csv(2) });
    const { id } = await desk.call('import.open', { table, photos: null });
    const photos = await desk.upload('folder', 'photos', {
      'tp00001.JPG': await portrait(),
      'TP00000.png': await portrait(1),
    });
    const view = await desk.call('import.read', { id, photos, mapping: { '#1': 'code', '#2': 'name' } });
    expect(view.photos).toEqual({ kind: 'uploads', files: 2, refused: 0 });
    await desk.call('import.check', { id, to: ['gate'] });
    await ended(id, 'checked');
    const { rows } = await desk.call('import.rows', { id, thumbnails: true });
    expect(rows.map(({ verdict, thumbnail }) => [verdict, thumbnail instanceof Uint8Array])).toEqual([
      ['accepted', true],
      ['accepted', true],
    ]);
  });
});
