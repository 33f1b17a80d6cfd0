import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallName } from '#shared/channels';
import { dispatch, type Input, type Output } from '#shared/contract';
import { toFault } from '#shared/fault';
import type { Station } from '#station/index';
import { fakePlatform } from '../support/fake-platform.ts';
import { open, portrait, temporaryDir } from '../support/station.ts';
import { zipOf } from '../support/zip.ts';

/** Whoever is removed has no photo left among what was handed over for a table that is still open. */

let dir: ReturnType<typeof temporaryDir>;
let station: Station;
const never = new AbortController().signal;

async function call<N extends CallName>(name: N, input: Input<N>): Promise<Output<N>> {
  const handlers = station.handlers({ version: '1', shell: 'loopback', lab: null });
  const reply = await dispatch(handlers, name, input, toFault);
  if (!reply.ok) throw new Error(`${reply.fault.code}: ${reply.fault.message}`);
  return reply.value as Output<N>;
}
const start = async () => {
  station = await open(dir.path, { gate: fakePlatform().definition }, { background: true });
};
const sealedFiles = () => readdirSync(join(dir.path, 'imports')).filter((name) => name.endsWith('.bin')).length;
async function handOver(what: 'table' | 'zip' | 'folder', name: string, parts: [string, Uint8Array][]) {
  const { token } = await call('import.upload', { what, name });
  for (const [part, bytes] of parts)
    await call('import.part', { token, bytes: new Uint8Array(bytes), ...(what === 'folder' && { name: part }) });
  return token;
}
const table = () =>
  handOver('table', 'a.csv', [['', Buffer.from('code,name,photo\nT1,Anna,\nT2,Bo,\nT3,Cy,other/cy.JPG\nT4,Di,\n')]]);
async function check(id: string): Promise<unknown[]> {
  await call('import.check', { id, to: ['gate'] });
  await expect.poll(async () => (await call('import.get', { id })).progress.phase, { timeout: 10_000 }).toBe('checked');
  return (await call('import.rows', { id })).rows.map(({ code, verdict, reasons }) => [
    code,
    verdict,
    ...reasons.map((reason) => reason.code),
  ]);
}
const GOOD = ['T1', 'T2', 'T3', 'T4'].map((code) => [code, 'accepted']);

beforeEach(async () => {
  dir = temporaryDir();
  await start();
});
afterEach(async () => {
  await station.close();
  dir.remove();
});

describe('somebody who is removed', () => {
  it('has no photo left in a folder, nor one that was given in its place', async () => {
    const photos = await handOver('folder', 'p', [
      ['T1.jpg', await portrait(1)],
      ['t1.PNG', await portrait(5)],
      ['T2.jpg', await portrait(2)],
      ['other/CY.jpg', await portrait(3)],
    ]);
    const { id } = await call('import.open', { table: await table(), photos });
    expect(await check(id)).toEqual([
      ['T1', 'refused', 'ambiguous'],
      ['T2', 'accepted'],
      ['T3', 'accepted'],
      ['T4', 'refused', 'missing'],
    ]);
    await call('import.replace', { id, line: 5, bytes: new Uint8Array(await portrait(4)) });
    await call('import.replace', { id, line: 2, bytes: new Uint8Array(await portrait(1)) });
    const before = sealedFiles();

    // Both that may be meant, and what took their place; known from the table alone.
    expect((await station.remove('T1', ['all'], never)).receipt.local).toBe('erased');
    expect(sealedFiles()).toBe(before - 3);
    expect((await call('import.get', { id })).photos?.files).toBe(2);
    await station.remove('T3', ['all'], never);
    expect(sealedFiles()).toBe(before - 4);
    const left = [
      ['T1', 'refused', 'missing'],
      ['T2', 'accepted'],
      ['T3', 'refused', 'missing'],
      ['T4', 'accepted'],
    ];
    expect(await check(id)).toEqual(left);
    await station.close();
    await start();
    expect(await check(id)).toEqual(left);
    // Nothing is left of them when it is closed, and nothing of the others.
    await call('import.forget', { id });
    expect(sealedFiles()).toBe(0);
  });

  it('has no photo left in a zip, in whatever parts it came', async () => {
    const zip = zipOf(
      await Promise.all(
        ['p/T1.jpg', 'T2.jpg', 'other/cy.jpg', 'T4.jpg'].map(async (name, n) => ({
          name: Buffer.from(name),
          data: await portrait(n),
        })),
      ),
    );
    const parts = Array.from({ length: 9 }, (_, n): [string, Uint8Array] => {
      const size = Math.ceil(zip.length / 9);
      return ['', zip.subarray(n * size, (n + 1) * size)];
    });
    const photos = await handOver('zip', 'p.zip', parts);
    const { id } = await call('import.open', { table: await table(), photos });
    expect(await check(id)).toEqual(GOOD);
    await station.remove('T3', ['all'], never);
    await station.remove('T1', ['all'], never);
    const left = [
      ['T1', 'refused', 'unreadable'],
      ['T2', 'accepted'],
      ['T3', 'refused', 'unreadable'],
      ['T4', 'accepted'],
    ];
    expect(await check(id)).toEqual(left);
    await station.close();
    await start();
    expect(await check(id)).toEqual(left);
  });
});
