import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallName } from '#shared/channels';
import { dispatch, type Handlers, type Input, type Output } from '#shared/contract';
import { toFault } from '#shared/fault';
import type { Station } from '#station/index';
import { fakePlatform } from '../support/fake-platform.ts';
import { open, portrait, temporaryDir } from '../support/station.ts';

/** One table in the hands of two processes: two stations on one data folder. */

let dir: ReturnType<typeof temporaryDir>;
const gate = fakePlatform();
const stations: Station[] = [];
const children: ChildProcess[] = [];

async function desk(): Promise<{
  station: Station;
  call: <N extends CallName>(name: N, input: Input<N>) => Promise<Output<N>>;
}> {
  const station = await open(dir.path, { gate: gate.definition }, { background: true });
  stations.push(station);
  const handlers: Handlers = station.handlers({ version: '1', shell: 'loopback', lab: null });
  return {
    station,
    async call(name, input) {
      const reply = await dispatch(handlers, name, input, toFault);
      if (!reply.ok) throw new Error(`${reply.fault.code}: ${reply.fault.message}`);
      return reply.value as Output<typeof name>;
    },
  };
}
type Desk = Awaited<ReturnType<typeof desk>>;

const CODES = ['A1', 'A2', 'A3'];
async function opened({ call }: Desk): Promise<string> {
  const table = (await call('import.upload', { what: 'table', name: 'a.csv' })).token;
  const csv = ['code,name', ...CODES.map((code) => `${code},Anna`)].join('\n');
  await call('import.part', { token: table, bytes: new Uint8Array(Buffer.from(csv)) });
  const photos = (await call('import.upload', { what: 'folder', name: 'photos' })).token;
  for (const [n, code] of CODES.entries())
    await call('import.part', { token: photos, name: `${code}.jpg`, bytes: new Uint8Array(await portrait(n)) });
  return (await call('import.open', { table, photos })).id;
}
const phase = ({ call }: Desk, id: string, wanted: string) =>
  expect.poll(async () => (await call('import.get', { id })).progress.phase, { timeout: 10_000 }).toBe(wanted);

beforeEach(() => {
  dir = temporaryDir();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const station of stations.splice(0)) await station.close();
  gate.people.clear();
  gate.requests.length = 0;
  dir.remove();
});

describe('a table in two hands', () => {
  it('is run by one after the other: who comes second waits, may stop waiting, and changes nothing meanwhile', async () => {
    const [first, second] = [await desk(), await desk()];
    const id = await opened(first);
    expect(await opened(second)).toBe(id);
    await first.call('import.run', { id, to: ['gate'] });
    await first.call('import.pause', { id });
    await second.call('import.run', { id, to: ['gate'] });
    await phase(second, id, 'waiting');
    expect((await second.call('import.cancel', { id })).progress.phase).toBe('cancelled');
    await expect(second.call('import.forget', { id })).rejects.toThrow('busy: another window or command');
    await expect(second.call('import.replace', { id, line: 2, bytes: await bytesOf(9) })).rejects.toThrow('busy');

    await second.call('import.run', { id, to: ['gate'] });
    await phase(second, id, 'waiting');
    await first.call('import.resume', { id });
    await phase(second, id, 'done');
    await phase(first, id, 'done');
    await expect.poll(() => [...gate.people.keys()].sort(), { timeout: 10_000 }).toEqual(CODES);
    expect(gate.requests.filter((request) => /^(add|update)/.test(request)).sort()).toEqual(
      CODES.map((code) => `add ${code}`),
    );
    // Nobody has it in hand any more.
    await expect(first.call('import.forget', { id })).resolves.toBeUndefined();
  });

  it('goes on with the second when the first is killed', async () => {
    const here = await desk();
    const id = await opened(here);
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    children.push(other);
    const journal = new DatabaseSync(join(dir.path, 'journal.db'), { timeout: 10_000 });
    journal
      .prepare(
        'INSERT INTO owners (id, pid, host, started, seen_at) SELECT ?, ?, host, NULL, seen_at FROM owners LIMIT 1',
      )
      .run('other', other.pid ?? 0);
    journal.prepare('UPDATE batches SET owner = ? WHERE id = ?').run('other', id);
    journal.close();

    await here.call('import.run', { id, to: ['gate'] });
    await phase(here, id, 'waiting');
    other.kill('SIGKILL');
    await once(other, 'exit');
    await phase(here, id, 'done');
    await expect.poll(() => [...gate.people.keys()].sort(), { timeout: 10_000 }).toEqual(CODES);
  });
});

async function bytesOf(seed: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await portrait(seed));
}
