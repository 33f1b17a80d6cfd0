import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CallName } from '#shared/channels';
import { contract, dispatch, type Handlers, type Output } from '#shared/contract';
import { toFault } from '#shared/fault';
import type { Station } from '#station/index';
import { fakePlatform } from '../support/fake-platform.ts';
import { open, portrait, temporaryDir } from '../support/station.ts';

let dir: ReturnType<typeof temporaryDir>;
let station: Station;
let handlers: Handlers;
const gate = fakePlatform();

async function call<N extends CallName>(name: N, input: unknown): Promise<Output<N>> {
  const reply = await dispatch(handlers, name, input, toFault);
  if (!reply.ok) throw new Error(`${reply.fault.code}: ${reply.fault.message}`);
  return contract[name].output.parse(reply.value) as Output<N>;
}
async function until(id: string, phase: string): Promise<Output<'import.get'>> {
  for (;;) {
    const view = await call('import.get', { id });
    if (view.error !== null) throw new Error(view.error);
    if (view.progress.phase === phase) return view;
    await new Promise((next) => setTimeout(next, 10));
  }
}
const opened = async (csv: string, photos: Record<string, Buffer>): Promise<string> => {
  const table = (await call('import.upload', { what: 'table', name: 'a.csv' })).token;
  await call('import.part', { token: table, bytes: new Uint8Array(Buffer.from(csv)) });
  const folder = (await call('import.upload', { what: 'folder', name: 'photos' })).token;
  for (const [name, bytes] of Object.entries(photos))
    await call('import.part', { token: folder, name, bytes: new Uint8Array(bytes) });
  return (await call('import.open', { table, photos: folder })).id;
};

beforeEach(async () => {
  dir = temporaryDir();
  station = await open(dir.path, { gate: gate.definition }, { background: true });
  handlers = station.handlers({ version: '1', shell: 'loopback', lab: null });
});
afterEach(async () => {
  await station.close();
  dir.remove();
});

it('takes a table and photos as bytes, tells all before, sends each once, and reports', async () => {
  const csv = 'code,name\nA1,Anna\nA2,Ben\nA3,=Cy\nA3,Di\n';
  const photos = { 'a1.jpg': await portrait(1), 'A3.jpg': await portrait(3) };
  const id = await opened(csv, photos);
  await call('import.check', { id, to: ['gate'] });
  const checked = await until(id, 'checked');
  expect(checked.summary).toMatchObject({
    rows: 4,
    accepted: 1,
    refused: 3,
    reasons: { 'code:duplicate': 2, 'photo:missing': 1 },
  });
  expect(gate.requests).toEqual([]);

  const missing = await call('import.rows', { id, reason: 'photo:missing', thumbnails: true });
  expect(missing).toMatchObject({ total: 1, rows: [{ line: 3, code: 'A2', thumbnail: null }] });
  const mended = await call('import.replace', { id, line: 3, bytes: new Uint8Array(await portrait(2)) });
  expect(mended).toMatchObject({ verdict: 'accepted', reasons: [] });
  expect(mended.thumbnail?.length).toBeGreaterThan(100);

  for (const again of [false, true]) {
    await call('import.run', { id: again ? await opened(csv, photos) : id, to: ['gate'] });
    await until(id, 'done');
  }
  await expect.poll(() => [...gate.people.keys()].sort()).toEqual(['A1', 'A2']);
  expect(gate.requests.filter((request) => /^(add|update)/.test(request)).sort()).toEqual(['add A1', 'add A2']);

  const { bytes } = await call('import.report', { id });
  const lines = Buffer.from(bytes).toString().split('\r\n');
  expect(lines[0]).toBe('\uFEFFcode,name,verdict,reasons,gate:state,gate:personId,gate:error');
  expect(lines[3]).toMatch(/^A3,'=Cy,refused,/);
  expect((await call('import.sheet', { id })).html).toContain("default-src 'none'");
  await call('import.forget', { id });
  await expect(call('import.get', { id })).rejects.toThrow('unknown-import');
  await expect(call('import.pick', { what: 'table' })).rejects.toThrow('no-picker');
});
