import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallName } from '#shared/channels';
import { dispatch, type Input, type Output, type Settings } from '#shared/contract';
import { toFault } from '#shared/fault';
import { defaultSettings, keyFile, type Station, type StationOptions } from '#station/index';
import { openJournal } from '../../../../src/station/journal/index.ts';
import { loadKeys } from '../../../../src/station/vault/key.ts';
import { fakePlatform } from '../support/fake-platform.ts';
import { anna, inspection, open, portrait, temporaryDir } from '../support/station.ts';

/** Faces of people enrolled at the desk, kept in numbers where the site wants tables compared with them. */

let dir: ReturnType<typeof temporaryDir>;
let station: Station;
let settings: StationOptions['settings'];
let time: number;
const never = new AbortController().signal;
/** Everybody in a table looks like everybody at the desk (0.3 apart), and not like each other (0.42). */
const inTables: Buffer[] = [];
const inspector = {
  inspect: async () => inspection(),
  async describe(source: { bytes: Uint8Array } | { path: string }) {
    const descriptor = new Float32Array(128);
    const at = 'bytes' in source ? inTables.findIndex((photo) => photo.equals(source.bytes)) : -1;
    if (at >= 0) descriptor[at] = 0.3;
    return { inspection: inspection(), descriptor };
  },
};

async function call<N extends CallName>(name: N, input: Input<N>): Promise<Output<N>> {
  const handlers = station.handlers({ version: '1', shell: 'loopback', lab: null });
  const reply = await dispatch(handlers, name, input, toFault);
  if (!reply.ok) throw new Error(`${reply.fault.code}: ${reply.fault.message}`);
  return reply.value as Output<N>;
}
const start = async (options: Partial<StationOptions> = {}) => {
  const sleep = async (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      signal?.throwIfAborted();
      setTimeout(resolve, Math.min(ms, 5));
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  const common = { background: true, inspector, settings, sleep, now: () => time };
  station = await open(dir.path, { gate: fakePlatform().definition }, { ...common, ...options });
};
const again = async (options: Partial<StationOptions> = {}) => {
  await station.close();
  await start(options);
};
const kept = (): number => {
  const db = new DatabaseSync(join(dir.path, 'journal.db'), { readOnly: true });
  const row = db.prepare('SELECT count(*) AS n FROM desk_faces').get();
  db.close();
  return Number(row?.n);
};
const enrol = async (code: string) => {
  await station.enrol({ photo: { bytes: await portrait() }, person: { ...anna, code }, to: ['gate'] });
};
/** What is noted of a table's one person. */
async function noted(code: string): Promise<string[]> {
  const table = (await call('import.upload', { what: 'table', name: 'a.csv' })).token;
  await call('import.part', { token: table, bytes: new Uint8Array(Buffer.from(`code,name\n${code},Anna\n`)) });
  const photos = (await call('import.upload', { what: 'folder', name: 'p' })).token;
  const photo = await portrait(inTables.length + 10);
  inTables.push(photo);
  await call('import.part', { token: photos, name: `${code}.jpg`, bytes: new Uint8Array(photo) });
  const { id } = await call('import.open', { table, photos });
  await call('import.check', { id, to: ['gate'] });
  await expect.poll(async () => (await call('import.get', { id })).progress.phase, { timeout: 10_000 }).toBe('checked');
  const { rows } = await call('import.rows', { id });
  await call('import.forget', { id });
  return rows.flatMap(({ warnings }) => warnings.map(({ code: said }) => said));
}
const switched = (compareDesk: boolean, patch: Partial<Settings> = {}) => settings.set({ compareDesk, ...patch });

beforeEach(async () => {
  dir = temporaryDir();
  settings = defaultSettings();
  inTables.length = 0;
  time = Date.UTC(2026, 0, 5);
  await start();
});
afterEach(async () => {
  await station.close();
  dir.remove();
});

describe('people enrolled at the desk', () => {
  it('are not described unless the site wants it; then a table is told of them, and forgets them with the switch', async () => {
    await enrol('D1');
    expect(await noted('T1')).toEqual([]);
    expect(kept()).toBe(0);

    switched(true);
    await enrol('D2');
    await enrol('D2');
    await expect.poll(kept).toBe(1);
    // Under their own code they are themselves.
    expect(await noted('D2')).toEqual([]);
    expect(await noted('T2')).toEqual(['desk']);
    await again();
    expect(await noted('T3')).toEqual(['desk']);

    switched(false);
    expect(kept()).toBe(0);
  });

  it('are described by a command, too, before it ends, and compared by one', async () => {
    const asCommand = { background: false, sleep: () => new Promise<void>(() => undefined) };
    await again(asCommand);
    await enrol('D1');
    await again(asCommand);
    expect(kept()).toBe(0);
    switched(true);
    await enrol('D2');
    await again();
    expect(kept()).toBe(1);
    expect(await noted('T1')).toEqual(['desk']);
    expect(await noted('D2')).toEqual([]);
  });

  it('are forgotten with whoever is removed, and with the receipt', async () => {
    switched(true);
    await enrol('D1');
    await expect.poll(kept).toBe(1);
    await enrol('D2');
    await expect.poll(kept).toBe(2);
    expect((await station.exportPerson('D1')).enrolments.map(({ faceKept }) => faceKept)).toEqual([true]);
    expect((await station.remove('D1', ['all'], never)).receipt.local).toBe('erased');
    expect(kept()).toBe(1);

    // As the retention of receipts does it.
    await station.close();
    const journal = openJournal(dir.path, await loadKeys(keyFile(dir.path, {})), time);
    const { records } = journal;
    records.forget(records.ofPerson(records.personRef('D2') ?? '').map(({ id }) => id));
    journal.close();
    expect(kept()).toBe(0);
    await start();
  });

  it('are forgotten at the next start where the configuration says so, and stay under another key', async () => {
    switched(true);
    await enrol('D1');
    await expect.poll(kept).toBe(1);
    await station.close();
    const source = keyFile(dir.path, {});
    const journal = openJournal(dir.path, await loadKeys(source), time);
    const next = new Uint8Array(32).fill(3);
    journal.reseal(next, { actor: 'test', at: time });
    expect([...journal.imports.deskFaces('none')]).toHaveLength(1);
    journal.close();
    const key = { load: async () => next };
    await start({ key });
    expect(kept()).toBe(1);
    const config = { platforms: [], quality: undefined, configDir: '/', source: {}, imports: { compareDesk: false } };
    await again({ key, config });
    expect(kept()).toBe(0);
  });
});
