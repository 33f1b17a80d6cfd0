import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../../../src/station/import/byte-source.ts';
import { mapColumns } from '../../../../src/station/import/columns.ts';
import { readDate } from '../../../../src/station/import/dates.ts';
import { guessDelimiter } from '../../../../src/station/import/delimiters.ts';
import { readRow } from '../../../../src/station/import/person-row.ts';
import { openTable } from '../../../../src/station/import/table.ts';
import { genderOf, phoneOf } from '../../../../src/station/import/values.ts';

const source = (bytes: Uint8Array | string, chunk = 7): ByteSource => ({
  name: 'a.csv',
  async *read() {
    const all = Buffer.from(bytes);
    for (let at = 0; at < all.length; at += chunk) yield all.subarray(at, at + chunk);
  },
});
const rowsOf = async (bytes: Uint8Array | string, options = {}, mapping = {}, chunk = 7) => {
  const table = await openTable(source(bytes, chunk), options, mapping);
  const rows: string[][] = [];
  for await (const { cells } of table.rows()) rows.push(cells);
  return { table, rows };
};
const refusal = (bytes: Uint8Array | string, options = {}) =>
  rowsOf(bytes, options).then(
    () => null,
    (error: { fault?: { code: string } }) => error.fault?.code,
  );

const HAN = '学号,姓名,部门\n0012,张伟,计算机学院\n0013,欧阳娜娜,外国语学院\n';
const LATIN = 'code;name\n1;Müller\n2;José Núñez\n3;Françoise\n';

describe('encodings are found by content', () => {
  it.each([
    ['utf-8', 'utf-8', HAN],
    ['utf-16le', 'utf-16le', HAN],
    ['utf-16be', 'utf-16be', HAN],
    ['gb18030', 'gb18030', HAN],
    ['gb18030', 'gbk', HAN],
    ['gb18030', 'gbk', 'code,name\n1,李\n'],
    ['windows-1252', 'windows-1252', LATIN],
    ['utf-8', 'utf-8', LATIN],
    ['utf-8', 'ascii', 'code,name\n1,Anna\n'],
  ])('%s written as %s', async (encoding, written, text) => {
    for (const addBOM of encoding.startsWith('utf') ? [true, false] : [false]) {
      const { table, rows } = await rowsOf(iconv.encode(text, written, { addBOM }));
      expect(table.encoding).toBe(encoding);
      expect(rows[0]).toEqual(text.split('\n')[1]?.split(text.includes(';') ? ';' : ','));
    }
  });

  it('finds one GBK name far below', async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => `${n},Person ${n}`).join('\n');
    const bytes = Buffer.concat([Buffer.from(`code,name\n${rows}\n`), iconv.encode('20001,张伟\n', 'gbk')]);
    const { table, rows: read } = await rowsOf(bytes, {}, {}, 65_536);
    expect(table).toMatchObject({ encoding: 'gb18030', certain: false });
    expect(read.at(-1)).toEqual(['20001', '张伟']);
  });

  it('takes what it is told', async () => {
    const { rows } = await rowsOf(iconv.encode('code,name\n1,張偉\n', 'big5'), { encoding: 'big5' });
    expect(rows[0]).toEqual(['1', '張偉']);
    expect(await refusal('code,name\n1,a\n', { encoding: 'klingon' })).toBe('encoding');
  });
});

describe('tables', () => {
  it.each([
    [',', 'a,b,c\n1,"x;y;z;w",3\n'],
    [';', 'a;b\n"1,2";3\n4;5\n'],
    ['\t', 'a\tb\n1\t2\n'],
    ['|', 'a|b\n1|2\n'],
    [';', 'sep=;\na;b\n'],
    [',', 'one\ntwo\n'],
  ])('are divided by %j', (delimiter, text) => expect(guessDelimiter(text)).toBe(delimiter));

  it('keep quoted line ends, mixed line ends, rows too short and too long', async () => {
    const { rows } = await rowsOf('code,name,remark\r\n1,Anna,"two\nlines"\n2,Ben\r3,Cy,x,y\n,,\n');
    expect(rows).toEqual([
      ['1', 'Anna', 'two\nlines'],
      ['2', 'Ben'],
      ['3', 'Cy', 'x', 'y'],
    ]);
  });

  it.each([
    ['', 'empty'],
    ['\n\n', 'empty'],
    ['%PDF-1.7 …', 'not-a-table'],
    ['\u0000\u0001\u0002\u0000\u0000\u0003', 'binary'],
    ['code,na\u0000me\n1,Anna is somebody with a long enough name to be text\n', 'binary'],
    ['1,Anna\n2,Ben\n', 'no-header'],
    ['code,name\n1,"Anna\n2,Ben\n', 'quote'],
    ['PK\u0003\u0004 no workbook at all', 'workbook'],
  ])('that are none are told: %j', async (text, code) => expect(await refusal(text)).toBe(code));

  it('that get other columns after they were opened are not read under the old ones', async () => {
    let text = 'code,name\n1,Anna\n';
    const table = await openTable({
      name: 'a.csv',
      async *read() {
        yield Buffer.from(text);
      },
    });
    const codes = async () => {
      const found: (string | undefined)[] = [];
      for await (const { cells } of table.rows()) found.push(cells[0]);
      return found;
    };
    text = 'code,name\n1,Anna\n2,Bo\n';
    expect(await codes()).toEqual(['1', '2']);
    text = 'name,code\nAnna,1\n';
    await expect(codes()).rejects.toMatchObject({ fault: { code: 'changed' } });
  });

  it('end with a field without end in little memory', async () => {
    let given = 0;
    const endless: ByteSource = {
      name: 'a.csv',
      async *read() {
        yield Buffer.from('code,name\n1,"');
        const megabyte = Buffer.alloc(1 << 20, 'x');
        for (let n = 0; n < 256; n += 1) {
          given += 1;
          yield megabyte;
        }
      },
    };
    await expect(openTable(endless)).rejects.toMatchObject({ fault: { code: 'quote' } });
    // All of it to find the encoding, little of it to find the columns.
    expect(given).toBeLessThan(256 + 64);
  });
});

describe('columns', () => {
  it('are found in English and Chinese, and changed by hand', () => {
    const { columns, problems } = mapColumns(['Student No. *', '姓名', '手机号码', 'verdict', 'x:state', 'What'], {
      What: 'remark',
    });
    expect(columns.map(({ field }) => field)).toEqual(['code', 'name', 'phone', null, null, 'remark']);
    expect(problems).toEqual([]);
  });
  it('that contend for a field are told, until one is chosen', () => {
    const headers = ['No', 'Student ID', 'Name', 'Name'];
    expect(mapColumns(headers).problems.map(({ code }) => code)).toEqual(['two-columns', 'two-columns', 'same-header']);
    const { columns, problems } = mapColumns(headers, { 'Student ID': 'code', 'Name#2': 'name' });
    expect(columns.map(({ field }) => field)).toEqual([null, 'code', null, 'name']);
    expect(problems.filter(({ fatal }) => fatal)).toEqual([]);
  });
  it('that are missing or do not exist are told', () => {
    expect(mapColumns(['foo'], { bar: 'code' }).problems.map(({ code }) => code)).toEqual([
      'unknown-column',
      'no-code',
      'no-name',
    ]);
  });
});

describe('values', () => {
  const offset = () => 480;
  it.each([
    ['2026-03-04', '2026-03-04T00:00:00+08:00'],
    ['2026/3/4 9:30', '2026-03-04T09:30:00+08:00'],
    ['20260304', '2026-03-04T00:00:00+08:00'],
    ['2026年3月4日', '2026-03-04T00:00:00+08:00'],
    ['2026年3月4日14时30分', '2026-03-04T14:30:00+08:00'],
    ['4 Mar 2026', '2026-03-04T00:00:00+08:00'],
    ['March 4, 2026 2:05 PM', '2026-03-04T14:05:00+08:00'],
    ['13/04/2026', '2026-04-13T00:00:00+08:00'],
    ['04/13/2026', '2026-04-13T00:00:00+08:00'],
    ['03.04.2026', '2026-04-03T00:00:00+08:00'],
    ['46085', '2026-03-04T00:00:00+08:00'],
    ['46085.5', '2026-03-04T12:00:00+08:00'],
    ['2026-03-04T09:30:00Z', '2026-03-04T09:30:00Z'],
    ['２０２６－０３－０４', '2026-03-04T00:00:00+08:00'],
  ])('reads the date %s', (text, iso) => expect(readDate(text, { order: null, end: false, offset })).toEqual({ iso }));
  it.each(['2026-02-30', 'soon', '1', '13/13/2026', '2026-03-04 25:00', '99999'])('does not read %s', (text) =>
    expect(readDate(text, { order: null, end: false, offset })).toMatchObject({ problem: 'unreadable' }),
  );
  it('asks which of two days is meant', () => {
    expect(readDate('03/04/2026', { order: null, end: false, offset })).toMatchObject({ problem: 'ambiguous' });
    expect(readDate('03/04/2026', { order: 'mdy', end: true, offset })).toEqual({ iso: '2026-03-04T23:59:59+08:00' });
    expect(readDate('03/04/2026', { order: 'dmy', end: false, offset })).toEqual({ iso: '2026-04-03T00:00:00+08:00' });
  });
  it('knows words for genders and spellings of numbers', () => {
    expect(['女', 'F', ' male ', '未知', 'robot'].map(genderOf)).toEqual(['female', 'female', 'male', 'unknown', null]);
    expect(phoneOf('+60 (12) 345-6789')).toBe('+60123456789');
  });
  it('keeps leading zeros, tells rounded numbers, takes formula guards off', () => {
    const { columns } = mapColumns(['code', 'name', 'phone', 'gender', 'validTo']);
    const read = readRow(['="00012"', "'=Anna", '6.01E+10', '?', '03/04/2026'], {
      columns,
      kind: 'staff',
      dates: null,
    });
    expect(read.person).toEqual({ kind: 'staff', code: '00012', name: { display: '=Anna' } });
    expect(read.reasons.map(({ field, code }) => `${field} ${code}`)).toEqual([
      'phone rounded',
      'gender unknown-word',
      'validTo ambiguous',
    ]);
  });
  it('tells cells that are damaged, and rows of another length', () => {
    const { columns } = mapColumns(['code', 'name']);
    const told = (cells: string[]) =>
      readRow(cells, { columns, kind: 'staff', dates: null }).reasons.map(({ code }) => code);
    expect(told(['1\u0000', 'x'.repeat(40_000)])).toEqual(['control', 'too-long']);
    expect(told(['1', 'Ann\u202Eab'])).toEqual(['control']);
    expect(told(['1', 'A\uFFFDna'])).toEqual(['lost']);
    expect(told(['1'])).toEqual(['ragged']);
    expect(told(['1', 'a', 'b'])).toEqual(['ragged']);
  });
});
