import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ImportDesk, openImportDesk } from '../support/import-desk.ts';
import { portrait } from '../support/station.ts';
import { zipOf } from '../support/zip.ts';

/** Whoever is removed has no photo left among what was handed over for a table that is still open. */

let desk: ImportDesk;
const never = new AbortController().signal;

const sealedFiles = () => readdirSync(join(desk.path, 'imports')).filter((name) => name.endsWith('.bin')).length;
const table = () =>
  desk.upload('table', 'a.csv', { '': Buffer.from('code,name,photo\nT1,Anna,\nT2,Bo,\nT3,Cy,other/cy.JPG\nT4,Di,\n') });
async function check(id: string): Promise<unknown[]> {
  await desk.call('import.check', { id, to: ['gate'] });
  await expect
    .poll(async () => (await desk.call('import.get', { id })).progress.phase, { timeout: 10_000 })
    .toBe('checked');
  return (await desk.call('import.rows', { id })).rows.map(({ code, verdict, reasons }) => [
    code,
    verdict,
    ...reasons.map((reason) => reason.code),
  ]);
}
const GOOD = ['T1', 'T2', 'T3', 'T4'].map((code) => [code, 'accepted']);

beforeEach(async () => {
  desk = await openImportDesk();
});
afterEach(() => desk.end());

describe('somebody who is removed', () => {
  it('has no photo left in a folder, nor one that was given in its place', async () => {
    const photos = await desk.upload('folder', 'p', {
      'T1.jpg': await portrait(1),
      't1.PNG': await portrait(5),
      'T2.jpg': await portrait(2),
      'other/CY.jpg': await portrait(3),
    });
    const { id } = await desk.call('import.open', { table: await table(), photos });
    expect(await check(id)).toEqual([
      ['T1', 'refused', 'ambiguous'],
      ['T2', 'accepted'],
      ['T3', 'accepted'],
      ['T4', 'refused', 'missing'],
    ]);
    await desk.call('import.replace', { id, line: 5, bytes: new Uint8Array(await portrait(4)) });
    await desk.call('import.replace', { id, line: 2, bytes: new Uint8Array(await portrait(1)) });
    const before = sealedFiles();

    // Both that may be meant, and what took their place; known from the table alone.
    expect((await desk.station.remove('T1', ['all'], never)).receipt.local).toBe('erased');
    expect(sealedFiles()).toBe(before - 3);
    expect((await desk.call('import.get', { id })).photos?.files).toBe(2);
    await desk.station.remove('T3', ['all'], never);
    expect(sealedFiles()).toBe(before - 4);
    const left = [
      ['T1', 'refused', 'missing'],
      ['T2', 'accepted'],
      ['T3', 'refused', 'missing'],
      ['T4', 'accepted'],
    ];
    expect(await check(id)).toEqual(left);
    await desk.again();
    expect(await check(id)).toEqual(left);
    // Nothing is left of them when it is closed, and nothing of the others.
    await desk.call('import.forget', { id });
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
    const size = Math.ceil(zip.length / 9);
    const parts = Array.from({ length: 9 }, (_, n) => [`part ${n}`, zip.subarray(n * size, (n + 1) * size)] as const);
    const photos = await desk.upload('zip', 'p.zip', Object.fromEntries(parts));
    const { id } = await desk.call('import.open', { table: await table(), photos });
    expect(await check(id)).toEqual(GOOD);
    await desk.station.remove('T3', ['all'], never);
    await desk.station.remove('T1', ['all'], never);
    const left = [
      ['T1', 'refused', 'unreadable'],
      ['T2', 'accepted'],
      ['T3', 'refused', 'unreadable'],
      ['T4', 'accepted'],
    ];
    expect(await check(id)).toEqual(left);
    await desk.again();
    expect(await check(id)).toEqual(left);
  });
});
