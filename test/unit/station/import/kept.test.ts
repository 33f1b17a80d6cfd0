import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ImportDesk, openImportDesk } from '../support/import-desk.ts';
import { inspection, portrait } from '../support/station.ts';

/** Imports of the desk that outlive the station: what was handed over, said and replaced is there after it was started again. */

let desk: ImportDesk;

const ended = (id: string, phase: string) =>
  vi.waitFor(async () => expect((await desk.call('import.get', { id })).progress.phase).toBe(phase), {
    timeout: 10_000,
  });
const sealedFiles = () => readdirSync(join(desk.path, 'imports')).filter((name) => name.endsWith('.bin'));
const verdicts = async (id: string) =>
  (await desk.call('import.rows', { id })).rows.map(({ line, verdict, reasons }) => [
    line,
    verdict,
    ...reasons.map(({ code }) => code),
  ]);

beforeEach(async () => {
  desk = await openImportDesk();
});
afterEach(() => desk.end());

describe('an import that outlives the station', () => {
  it('is open again as it was: table, columns, photos, rules and replaced photos; and gone when it is closed', async () => {
    const table = await desk.upload('table', 'a.csv', { '': Buffer.from('Nummer;name\nT1;Anna\nT2;Bo\nT3;Cy\n') });
    const photos = await desk.upload('folder', 'p', { 'sub/t1.jpg': await portrait(1), 'T2.jpg': await portrait(2) });
    const unwanted = await desk.upload('folder', 'q', { 'T9.jpg': await portrait(9) });
    await desk.call('import.discard', { token: unwanted });
    const { id } = await desk.call('import.open', { table, photos, mapping: { '#1': 'code', '#2': 'name' } });
    await desk.call('import.check', { id, to: ['gate'], kind: 'visitor', onDuplicate: 'stop' });
    await ended(id, 'checked');
    await desk.call('import.replace', { id, line: 4, bytes: new Uint8Array(await portrait(3)) });
    const files = sealedFiles().length;
    await expect(
      desk.call('import.replace', { id, line: 99, bytes: new Uint8Array(await portrait(4)) }),
    ).rejects.toThrow('unknown-row');
    // Refused, nothing is left of it.
    expect(sealedFiles()).toHaveLength(files);
    const before = await desk.call('import.get', { id });
    // Taken by an import: nobody can throw it away by its token.
    await desk.call('import.discard', { token: photos });

    await desk.again();
    const after = await desk.call('import.get', { id });
    expect(after).toEqual({ ...before, progress: { ...before.progress, done: 0, total: null } });
    expect(after.photos).toEqual({ kind: 'uploads', files: 2, refused: 0 });
    const { rows } = await desk.call('import.rows', { id, thumbnails: true });
    expect(rows.every(({ thumbnail }) => thumbnail instanceof Uint8Array)).toBe(true);
    // Checked anew, the replaced photo still stands in for the one that is missing.
    await desk.call('import.check', { id, to: ['gate'] });
    await ended(id, 'checked');
    expect(await verdicts(id)).toEqual([
      [2, 'accepted'],
      [3, 'accepted'],
      [4, 'accepted'],
    ]);
    await desk.call('import.forget', { id });
    expect(sealedFiles()).toEqual([]);
  });

  it('is told as interrupted where the station stopped in the midst of it, and goes on', async () => {
    const body = Array.from({ length: 20 }, (_, at) => `T${at},Person ${at}`).join('\n');
    const table = await desk.upload('table', 'a.csv', { '': Buffer.from(`code,name\n${body}\n`) });
    const files = Object.fromEntries(
      await Promise.all(Array.from({ length: 20 }, async (_, at) => [`T${at}.jpg`, await portrait(at)] as const)),
    );
    const { id } = await desk.call('import.open', { table, photos: await desk.upload('folder', 'p', files) });
    await desk.call('import.run', { id, to: ['gate'], concurrency: 1 });
    // Paused while rows are still read: it stays so, and can be resumed.
    await desk.call('import.pause', { id });
    await vi.waitFor(async () => expect((await desk.call('import.get', { id })).progress.total).toBe(20));
    expect((await desk.call('import.get', { id })).progress.phase).toBe('paused');
    await desk.call('import.resume', { id });
    await vi.waitFor(async () => expect((await desk.call('import.get', { id })).progress.done).toBeGreaterThan(0), {
      timeout: 10_000,
    });
    await desk.call('import.pause', { id });
    await desk.again();
    const view = await desk.call('import.get', { id });
    expect([view.progress.phase, view.doing]).toEqual(['interrupted', 'run']);
    expect((await desk.call('import.list', undefined)).left).toEqual([]);
    await desk.call('import.run', { id, to: ['gate'] });
    await ended(id, 'done');
    expect((await desk.call('import.get', { id })).summary).toMatchObject({ accepted: 20, refused: 0 });
  });

  it('takes the photos of another one, which it keeps when that is closed', async () => {
    const photos = await desk.upload('folder', 'p', { 'T1.jpg': await portrait(1) });
    const table = async (name: string) => desk.upload('table', name, { '': Buffer.from('code,name\nT1,Anna\n') });
    const first = await desk.call('import.open', { table: await table('a.csv'), photos });
    const second = await desk.call('import.open', { table: await table('b.csv'), photos: null, photosOf: first.id });
    expect(second.photos).toEqual(first.photos);
    await desk.call('import.forget', { id: first.id });
    await desk.again();
    await desk.call('import.check', { id: second.id, to: ['gate'] });
    await ended(second.id, 'checked');
    expect(await verdicts(second.id)).toEqual([[2, 'accepted']]);
    await desk.call('import.forget', { id: second.id });
    expect(sealedFiles()).toEqual([]);
  });

  it('is left out where its note or its files are damaged; the station starts all the same', async () => {
    const table = await desk.upload('table', 'a.csv', { '': Buffer.from('code,name\nT1,Anna\n') });
    await desk.call('import.open', { table, photos: null });
    for (const name of sealedFiles()) await writeFile(join(desk.path, 'imports', name), 'damaged');
    await desk.again();
    expect((await desk.call('import.list', undefined)).open).toEqual([]);
  });

  it('is gone after the time failed photos are kept', async () => {
    const table = await desk.upload('table', 'a.csv', { '': Buffer.from('code,name\nT1,Anna\n') });
    await desk.call('import.open', {
      table,
      photos: await desk.upload('folder', 'p', { 'T1.jpg': await portrait(1) }),
    });
    expect(sealedFiles().length).toBeGreaterThan(3);
    await desk.again({ now: () => Date.now() + 400 * 24 * 3_600_000 });
    await vi.waitFor(() => expect(sealedFiles()).toEqual([]), { timeout: 10_000 });
    await vi.waitFor(async () => expect((await desk.call('import.list', undefined)).open).toEqual([]));
  });
});

describe('rows that look like one person twice', () => {
  const doubled = async () => {
    const table = await desk.upload('table', 'd.csv', { '': Buffer.from('code,name\nT1,Anna\nT2,Bo\nt1,Anna Two\n') });
    const photos = await desk.upload('folder', 'p', { 'T1.jpg': await portrait(1), 'T2.jpg': await portrait(2) });
    const { id } = await desk.call('import.open', { table, photos });
    await desk.call('import.check', { id, to: ['gate'] });
    await ended(id, 'checked');
    return id;
  };

  it('lets one of two rows with a code be left out, and back in; a later look at the table knows', async () => {
    const id = await doubled();
    expect(await verdicts(id)).toEqual([
      [2, 'refused', 'duplicate'],
      [3, 'accepted'],
      [4, 'refused', 'duplicate'],
    ]);
    const out = await desk.call('import.decide', { id, line: 4, decision: 'out' });
    expect([out.verdict, out.reasons[0]?.code]).toEqual(['skipped', 'left-out']);
    const settled = [
      [2, 'accepted'],
      [3, 'accepted'],
      [4, 'skipped', 'left-out'],
    ];
    expect((await verdicts(id)).map((row) => row.slice(0, 3))).toEqual(settled);
    await desk.again();
    await desk.call('import.check', { id, to: ['gate'] });
    await ended(id, 'checked');
    expect((await verdicts(id)).map((row) => row.slice(0, 3))).toEqual(settled);
    await desk.call('import.decide', { id, line: 4, decision: 'back' });
    expect((await verdicts(id)).map(([line, verdict]) => [line, verdict])).toEqual([
      [2, 'refused'],
      [3, 'accepted'],
      [4, 'refused'],
    ]);
  });

  it('lets alike rows be told as different people, and people of earlier imports too', async () => {
    const face = { inspection: inspection(), descriptor: new Float32Array(128).fill(0.1) };
    await desk.again({ inspector: { inspect: async () => inspection(), describe: async () => face } });
    const photos = await desk.upload('folder', 'p', { 'T1.jpg': await portrait(1), 'T2.jpg': await portrait(2) });
    const table = async (name: string, rows: string) =>
      desk.upload('table', name, { '': Buffer.from(`code,name,photo\n${rows}`) });
    const { id } = await desk.call('import.open', { table: await table('f.csv', 'T1,Anna,\nT2,Bo,\n'), photos });
    const check = async (which: string) => {
      await desk.call('import.check', { id: which, to: ['gate'], onDuplicate: 'stop' });
      await ended(which, 'checked');
    };
    await check(id);
    const alike = [
      [2, 'refused', 'same'],
      [3, 'refused', 'same'],
    ];
    expect(await verdicts(id)).toEqual(alike);
    // Left out and back in: the other one is told again.
    await desk.call('import.decide', { id, line: 3, decision: 'out' });
    expect((await verdicts(id))[0]).toEqual([2, 'accepted']);
    await desk.call('import.decide', { id, line: 3, decision: 'back' });
    expect(await verdicts(id)).toEqual(alike);
    const apart = [
      [2, 'accepted'],
      [3, 'accepted'],
    ];
    await desk.call('import.decide', { id, line: 3, decision: 'apart', others: [2] });
    expect(await verdicts(id)).toEqual(apart);
    await check(id);
    expect(await verdicts(id)).toEqual(apart);

    const later = await desk.call('import.open', {
      table: await table('g.csv', 'T7,Cy,T1.jpg\n'),
      photos: null,
      photosOf: id,
    });
    await check(later.id);
    expect(await verdicts(later.id)).toEqual([[2, 'refused', 'known']]);
    await desk.call('import.decide', { id: later.id, line: 2, decision: 'apart' });
    expect(await verdicts(later.id)).toEqual([[2, 'accepted']]);
  });

  it('compares another photo with the rest of the table, and takes back what was said of the one before', async () => {
    const [one, two, other] = [await portrait(1), await portrait(2), await portrait(3)];
    const faces = new Map([one, two, other].map((photo, n) => [photo.toString('base64'), n === 2 ? 0.9 : 0.1]));
    const described = (bytes: Uint8Array) =>
      new Float32Array(128).fill(faces.get(Buffer.from(bytes).toString('base64')) ?? 0.5);
    await desk.again({
      inspector: {
        inspect: async () => inspection(),
        describe: async (source) => ({
          inspection: inspection(),
          descriptor: 'bytes' in source ? described(source.bytes) : null,
        }),
      },
    });
    const table = await desk.upload('table', 'r.csv', { '': Buffer.from('code,name\nT1,Anna\nT2,Bo\nT3,Cy\nT4,Di\n') });
    const photos = await desk.upload('folder', 'p', {
      'T1.jpg': one,
      'T2.jpg': two,
      'T3.jpg': other,
      'T4.jpg': await portrait(4),
    });
    const { id } = await desk.call('import.open', { table, photos });
    await desk.call('import.check', { id, to: ['gate'], onDuplicate: 'stop' });
    await ended(id, 'checked');
    expect((await verdicts(id)).map(([, verdict]) => verdict)).toEqual(['refused', 'refused', 'accepted', 'accepted']);
    const replace = (line: number, photo: Uint8Array) =>
      desk.call('import.replace', { id, line, bytes: new Uint8Array(photo) });
    // The second shows the third's face now: alike are those two, and the first is alone.
    expect((await replace(3, other)).reasons).toMatchObject([{ code: 'same', lines: [4] }]);
    expect(await verdicts(id)).toEqual([
      [2, 'accepted'],
      [3, 'refused', 'same'],
      [4, 'refused', 'same'],
      [5, 'accepted'],
    ]);
    // And back: everybody is as before.
    await replace(3, two);
    expect((await verdicts(id)).map(([, verdict]) => verdict)).toEqual(['refused', 'refused', 'accepted', 'accepted']);
  });

  it('keeps another photo with its person when rows move', async () => {
    const table = async (rows: string) => desk.upload('table', 'm.csv', { '': Buffer.from(`code,name\n${rows}`) });
    const photos = await desk.upload('folder', 'p', { 'T1.jpg': await portrait(1) });
    const { id } = await desk.call('import.open', { table: await table('T1,Anna\nT2,Bo\n'), photos });
    await desk.call('import.check', { id, to: ['gate'] });
    await ended(id, 'checked');
    await desk.call('import.replace', { id, line: 3, bytes: new Uint8Array(await portrait(2)) });
    // The first person is taken off the table: the second stands where the first stood.
    await desk.call('import.open', { table: await table('T2,Bo\nT3,Cy\n'), photos: null, photosOf: id });
    await desk.call('import.check', { id, to: ['gate'] });
    await ended(id, 'checked');
    expect(await verdicts(id)).toEqual([
      [2, 'accepted'],
      [3, 'refused', 'missing'],
    ]);
  });
});
