import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallName } from '#shared/channels';
import { dispatch, type Handlers, type Input, type Output } from '#shared/contract';
import { toFault } from '#shared/fault';
import type { Station, StationOptions } from '#station/index';
import { fakePlatform } from '../support/fake-platform.ts';
import { inspection, open, portrait, temporaryDir } from '../support/station.ts';

/** Imports of the desk that outlive the station: what was handed over, said and replaced is there after it was started again. */

let dir: ReturnType<typeof temporaryDir>;
let station: Station;
let handlers: Handlers;

async function call<N extends CallName>(name: N, input: Input<N>): Promise<Output<N>> {
  const reply = await dispatch(handlers, name, input, toFault);
  if (!reply.ok) throw new Error(`${reply.fault.code}: ${reply.fault.message}`);
  return reply.value as Output<N>;
}
async function start(options: Partial<StationOptions> = {}): Promise<void> {
  station = await open(dir.path, { gate: fakePlatform().definition }, { background: true, ...options });
  handlers = station.handlers({ version: '1.2.3', shell: 'loopback', lab: null });
}
async function again(): Promise<void> {
  await station.close();
  await start();
}
async function upload(what: 'table' | 'folder', name: string, parts: Record<string, Uint8Array>): Promise<string> {
  const { token } = await call('import.upload', { what, name });
  for (const [part, bytes] of Object.entries(parts))
    await call('import.part', { token, bytes: new Uint8Array(bytes), ...(what === 'folder' && { name: part }) });
  return token;
}
const ended = (id: string, phase: string) =>
  vi.waitFor(async () => expect((await call('import.get', { id })).progress.phase).toBe(phase), { timeout: 10_000 });
const sealedFiles = () => readdirSync(join(dir.path, 'imports')).filter((name) => name.endsWith('.bin'));
const verdicts = async (id: string) =>
  (await call('import.rows', { id })).rows.map(({ line, verdict, reasons }) => [
    line,
    verdict,
    ...reasons.map(({ code }) => code),
  ]);

beforeEach(async () => {
  dir = temporaryDir();
  await start();
});
afterEach(async () => {
  await station.close();
  dir.remove();
});

describe('an import that outlives the station', () => {
  it('is open again as it was: table, columns, photos, rules and replaced photos; and gone when it is closed', async () => {
    const table = await upload('table', 'a.csv', { '': Buffer.from('Nummer;name\nT1;Anna\nT2;Bo\nT3;Cy\n') });
    const photos = await upload('folder', 'p', { 'sub/t1.jpg': await portrait(1), 'T2.jpg': await portrait(2) });
    const unwanted = await upload('folder', 'q', { 'T9.jpg': await portrait(9) });
    await call('import.discard', { token: unwanted });
    const { id } = await call('import.open', { table, photos, mapping: { '#1': 'code', '#2': 'name' } });
    await call('import.check', { id, to: ['gate'], kind: 'visitor', onDuplicate: 'stop' });
    await ended(id, 'checked');
    await call('import.replace', { id, line: 4, bytes: new Uint8Array(await portrait(3)) });
    const before = await call('import.get', { id });
    // Taken by an import: nobody can throw it away by its token.
    await call('import.discard', { token: photos });

    await again();
    const after = await call('import.get', { id });
    expect(after).toEqual({ ...before, progress: { ...before.progress, done: 0, total: null } });
    expect(after.photos).toEqual({ kind: 'uploads', files: 2, refused: 0 });
    const { rows } = await call('import.rows', { id, thumbnails: true });
    expect(rows.every(({ thumbnail }) => thumbnail instanceof Uint8Array)).toBe(true);
    // Checked anew, the replaced photo still stands in for the one that is missing.
    await call('import.check', { id, to: ['gate'] });
    await ended(id, 'checked');
    expect(await verdicts(id)).toEqual([
      [2, 'accepted'],
      [3, 'accepted'],
      [4, 'accepted'],
    ]);
    await call('import.forget', { id });
    expect(sealedFiles()).toEqual([]);
  });

  it('is told as interrupted where the station stopped in the midst of it, and goes on', async () => {
    const body = Array.from({ length: 20 }, (_, at) => `T${at},Person ${at}`).join('\n');
    const table = await upload('table', 'a.csv', { '': Buffer.from(`code,name\n${body}\n`) });
    const files = Object.fromEntries(
      await Promise.all(Array.from({ length: 20 }, async (_, at) => [`T${at}.jpg`, await portrait(at)] as const)),
    );
    const { id } = await call('import.open', { table, photos: await upload('folder', 'p', files) });
    await call('import.run', { id, to: ['gate'], concurrency: 1 });
    // Paused while rows are still read: it stays so, and can be resumed.
    await call('import.pause', { id });
    await vi.waitFor(async () => expect((await call('import.get', { id })).progress.total).toBe(20));
    expect((await call('import.get', { id })).progress.phase).toBe('paused');
    await call('import.resume', { id });
    await vi.waitFor(async () => expect((await call('import.get', { id })).progress.done).toBeGreaterThan(0), {
      timeout: 10_000,
    });
    await call('import.pause', { id });
    await again();
    const view = await call('import.get', { id });
    expect([view.progress.phase, view.doing]).toEqual(['interrupted', 'run']);
    expect((await call('import.list', undefined)).left).toEqual([]);
    await call('import.run', { id, to: ['gate'] });
    await ended(id, 'done');
    expect((await call('import.get', { id })).summary).toMatchObject({ accepted: 20, refused: 0 });
  });

  it('takes the photos of another one, which it keeps when that is closed', async () => {
    const photos = await upload('folder', 'p', { 'T1.jpg': await portrait(1) });
    const table = async (name: string) => upload('table', name, { '': Buffer.from('code,name\nT1,Anna\n') });
    const first = await call('import.open', { table: await table('a.csv'), photos });
    const second = await call('import.open', { table: await table('b.csv'), photos: null, photosOf: first.id });
    expect(second.photos).toEqual(first.photos);
    await call('import.forget', { id: first.id });
    await again();
    await call('import.check', { id: second.id, to: ['gate'] });
    await ended(second.id, 'checked');
    expect(await verdicts(second.id)).toEqual([[2, 'accepted']]);
    await call('import.forget', { id: second.id });
    expect(sealedFiles()).toEqual([]);
  });

  it('is left out where its note or its files are damaged; the station starts all the same', async () => {
    const table = await upload('table', 'a.csv', { '': Buffer.from('code,name\nT1,Anna\n') });
    await call('import.open', { table, photos: null });
    for (const name of sealedFiles()) await writeFile(join(dir.path, 'imports', name), 'damaged');
    await again();
    expect((await call('import.list', undefined)).open).toEqual([]);
  });

  it('is gone after the time failed photos are kept', async () => {
    const table = await upload('table', 'a.csv', { '': Buffer.from('code,name\nT1,Anna\n') });
    await call('import.open', { table, photos: await upload('folder', 'p', { 'T1.jpg': await portrait(1) }) });
    expect(sealedFiles().length).toBeGreaterThan(3);
    await station.close();
    await start({ now: () => Date.now() + 400 * 24 * 3_600_000 });
    await vi.waitFor(() => expect(sealedFiles()).toEqual([]), { timeout: 10_000 });
    await vi.waitFor(async () => expect((await call('import.list', undefined)).open).toEqual([]));
  });
});

describe('rows that look like one person twice', () => {
  const doubled = async () => {
    const table = await upload('table', 'd.csv', { '': Buffer.from('code,name\nT1,Anna\nT2,Bo\nt1,Anna Two\n') });
    const photos = await upload('folder', 'p', { 'T1.jpg': await portrait(1), 'T2.jpg': await portrait(2) });
    const { id } = await call('import.open', { table, photos });
    await call('import.check', { id, to: ['gate'] });
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
    const out = await call('import.decide', { id, line: 4, decision: 'out' });
    expect([out.verdict, out.reasons[0]?.code]).toEqual(['skipped', 'left-out']);
    const settled = [
      [2, 'accepted'],
      [3, 'accepted'],
      [4, 'skipped', 'left-out'],
    ];
    expect((await verdicts(id)).map((row) => row.slice(0, 3))).toEqual(settled);
    await again();
    await call('import.check', { id, to: ['gate'] });
    await ended(id, 'checked');
    expect((await verdicts(id)).map((row) => row.slice(0, 3))).toEqual(settled);
    await call('import.decide', { id, line: 4, decision: 'back' });
    expect((await verdicts(id)).map(([line, verdict]) => [line, verdict])).toEqual([
      [2, 'refused'],
      [3, 'accepted'],
      [4, 'refused'],
    ]);
  });

  it('lets alike rows be told as different people, and people of earlier imports too', async () => {
    const face = { inspection: inspection(), descriptor: new Float32Array(128).fill(0.1) };
    await station.close();
    await start({ inspector: { inspect: async () => inspection(), describe: async () => face } });
    const photos = await upload('folder', 'p', { 'T1.jpg': await portrait(1), 'T2.jpg': await portrait(2) });
    const table = async (name: string, rows: string) =>
      upload('table', name, { '': Buffer.from(`code,name,photo\n${rows}`) });
    const { id } = await call('import.open', { table: await table('f.csv', 'T1,Anna,\nT2,Bo,\n'), photos });
    const check = async (which: string) => {
      await call('import.check', { id: which, to: ['gate'], onDuplicate: 'stop' });
      await ended(which, 'checked');
    };
    await check(id);
    const alike = [
      [2, 'refused', 'same'],
      [3, 'refused', 'same'],
    ];
    expect(await verdicts(id)).toEqual(alike);
    // Left out and back in: the other one is told again.
    await call('import.decide', { id, line: 3, decision: 'out' });
    expect((await verdicts(id))[0]).toEqual([2, 'accepted']);
    await call('import.decide', { id, line: 3, decision: 'back' });
    expect(await verdicts(id)).toEqual(alike);
    const apart = [
      [2, 'accepted'],
      [3, 'accepted'],
    ];
    await call('import.decide', { id, line: 3, decision: 'apart', others: [2] });
    expect(await verdicts(id)).toEqual(apart);
    await check(id);
    expect(await verdicts(id)).toEqual(apart);

    const later = await call('import.open', {
      table: await table('g.csv', 'T7,Cy,T1.jpg\n'),
      photos: null,
      photosOf: id,
    });
    await check(later.id);
    expect(await verdicts(later.id)).toEqual([[2, 'refused', 'known']]);
    await call('import.decide', { id: later.id, line: 2, decision: 'apart' });
    expect(await verdicts(later.id)).toEqual([[2, 'accepted']]);
  });

  it('keeps another photo with its person when rows move', async () => {
    const table = async (rows: string) => upload('table', 'm.csv', { '': Buffer.from(`code,name\n${rows}`) });
    const photos = await upload('folder', 'p', { 'T1.jpg': await portrait(1) });
    const { id } = await call('import.open', { table: await table('T1,Anna\nT2,Bo\n'), photos });
    await call('import.check', { id, to: ['gate'] });
    await ended(id, 'checked');
    await call('import.replace', { id, line: 3, bytes: new Uint8Array(await portrait(2)) });
    // The first person is taken off the table: the second stands where the first stood.
    await call('import.open', { table: await table('T2,Bo\nT3,Cy\n'), photos: null, photosOf: id });
    await call('import.check', { id, to: ['gate'] });
    await ended(id, 'checked');
    expect(await verdicts(id)).toEqual([
      [2, 'accepted'],
      [3, 'refused', 'missing'],
    ]);
  });
});
