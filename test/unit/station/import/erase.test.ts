import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeXlsx } from 'hucre/xlsx';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ImportDesk, openImportDesk } from '../support/import-desk.ts';
import { portrait } from '../support/station.ts';
import { zipOf } from '../support/zip.ts';

/** Whoever is removed has no photo and no line left among what was handed over for a table that is still open. */

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
      ['T2', 'accepted'],
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
      ['T2', 'accepted'],
      ['T4', 'accepted'],
    ];
    expect(await check(id)).toEqual(left);
    await desk.again();
    expect(await check(id)).toEqual(left);
  });

  const lines = async (id: string) =>
    (await desk.call('import.rows', { id })).rows.map(({ line, code, name }) => [line, code, name]);
  const photosOf = async (...codes: string[]) =>
    desk.upload(
      'folder',
      'p',
      Object.fromEntries(await Promise.all(codes.map(async (code, n) => [`${code}.jpg`, await portrait(n)]))),
    );

  it.each([
    ['gb18030', undefined],
    ['utf-16le', undefined],
    ['big5', 'big5'],
    ['utf-8', undefined],
  ] as const)(
    'has no line left in a table in %s; all others keep their cells and their lines',
    async (encoding, said) => {
      // A quoted line end, an empty line and one of delimiters alone, a quotation mark, a row that is too short, the code in another case.
      const text = '學號;姓名;備註\r\nT1;李雷;"a\r\nb"\r\n\r\n;;\r\nt2;王芳;"say ""hi"";"\r\nT3;陳明\r\nT4;林靜;,x\r\n';
      const bytes = iconv.encode(text, encoding, { addBOM: encoding === 'utf-16le' });
      const table = await desk.upload('table', 'a.csv', { '': bytes.subarray(0, 40), rest: bytes.subarray(40) });
      const { id } = await desk.call('import.open', {
        table,
        photos: await photosOf('T1', 't2', 'T4'),
        ...(said && { encoding: said }),
      });
      await check(id);
      expect(await lines(id)).toEqual([
        [2, 'T1', '李雷'],
        [4, 't2', '王芳'],
        [5, 'T3', '陳明'],
        [6, 'T4', '林靜'],
      ]);
      const report = async () =>
        Buffer.from((await desk.call('import.report', { id })).bytes)
          .toString('utf8')
          .split('\r\n');
      const before = (await report()).filter((line) => !line.startsWith('t2'));
      await desk.station.remove('T2', ['all'], never);
      expect(JSON.stringify((await desk.call('import.get', { id })).table)).not.toContain('王芳');
      const left = [
        [2, 'T1', '李雷'],
        [5, 'T3', '陳明'],
        [6, 'T4', '林靜'],
      ];
      for (const again of [false, true]) {
        if (again) await desk.again();
        await check(id);
        expect(await lines(id)).toEqual(left);
        expect(await report()).toEqual(before);
      }
      const { table: shown } = await desk.call('import.get', { id });
      expect(shown).toMatchObject({ format: 'csv', encoding: said ?? 'utf-8', delimiter: ';', header: true });
    },
  );

  it('has no line left in a workbook, nor in a table whose rows nobody has read yet', async () => {
    const data = [
      ['code', 'name', 'valid to'],
      ['T1', 'Anna', new Date('2027-03-04T00:00:00Z')],
      [],
      ['T2', 'Bo', null],
      ['T3', 'Cy', null],
    ];
    const book = await desk.upload('table', 'a.xlsx', { '': await writeXlsx({ sheets: [{ name: 'A', rows: data }] }) });
    const { id } = await desk.call('import.open', { table: book, photos: await photosOf('T1', 'T2', 'T3') });
    const other = await desk.upload('table', 'b.csv', { '': Buffer.from('code,name\nT2,Bo\nT9,Di\n') });
    const unread = await desk.call('import.open', { table: other, photos: null });
    await check(id);
    await desk.station.remove('T2', ['all'], never);
    await check(id);
    const left = [
      [2, 'T1', 'Anna'],
      [5, 'T3', 'Cy'],
    ];
    expect(await lines(id)).toEqual(left);
    expect((await desk.call('import.get', { id: unread.id })).table?.columns.map(({ sample }) => sample)).toEqual([
      ['T9'],
      ['Di'],
    ]);
    await desk.again();
    await check(id);
    expect(await lines(id)).toEqual(left);
    const { table } = await desk.call('import.get', { id });
    expect(table?.columns.map(({ sample }) => sample[0])).toEqual(['T1', 'Anna', '2027-03-04']);
    await desk.call('import.forget', { id });
    await desk.call('import.forget', { id: unread.id });
    expect(sealedFiles()).toBe(0);
  });

  it('does not come back with rows that are being read this moment', async () => {
    const body = Array.from({ length: 3000 }, (_, at) => `T${at},Person ${at}`).join('\n');
    const table = await desk.upload('table', 'a.csv', { '': Buffer.from(`code,name\n${body}\n`) });
    const { id } = await desk.call('import.open', { table, photos: null });
    await desk.call('import.check', { id, to: ['gate'] });
    await desk.station.remove('T2500', ['all'], never);
    await expect
      .poll(async () => (await desk.call('import.get', { id })).progress.phase, { timeout: 10_000 })
      .toBe('checked');
    expect((await desk.call('import.get', { id })).summary.rows).toBe(2999);
    expect((await desk.call('import.rows', { id, query: 'T2500' })).total).toBe(0);
  });
});
