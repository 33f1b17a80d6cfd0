import { writeXlsx } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import { numberFormat, shownNumber } from '../../../../src/station/import/number-format.ts';
import { openTable } from '../../../../src/station/import/table.ts';
import { MAIN, packed, shared, workbook } from '../support/workbook.ts';

const read = async (bytes: Uint8Array, mapping = {}) => {
  const source = {
    name: 'a.xlsx',
    async *read() {
      for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
    },
  };
  const table = await openTable(source, {}, mapping);
  const rows: string[][] = [];
  const lines: number[] = [];
  for await (const { line, cells } of table.rows()) {
    rows.push(cells);
    lines.push(line);
  }
  return { table, rows, lines };
};

describe('a workbook', () => {
  it('gives its cells as they are shown', async () => {
    const strings = `${shared('学号', '姓名', 'Phone', 'Valid to', 'Remark', '00012', '张伟 &amp; Söhne')}<si><r><t>Ann</t></r><r><rPr><b/></rPr><t>a Lim</t></r><rPh sb="0" eb="1"><t>not this</t></rPh></si>`;
    const head =
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c><c r="E1" t="s"><v>4</v></c></row>';
    const first = [
      head,
      // Text with its zeros, a number of eleven digits, a day, a number with a fraction.
      '<row r="2"><c r="A2" t="s" s="3"><v>5</v></c><c r="B2" t="s"><v>6</v></c><c r="C2"><v>60123456789</v></c><c r="D2" s="1"><v>46085</v></c><c r="E2"><v>1.5</v></c></row>',
      // Nothing: a row that is there and empty, and rows that are not there.
      '<row r="3"><c r="A3" s="1"/></row>',
      // A formula's value of yesterday, as Excel keeps it; a text's; a day and time; true.
      '<row r="7"><c r="A7"><f>1000+13</f><v>1013</v></c><c r="B7" t="str"><f>A2&amp;"x"</f><v>Ben</v></c><c r="D7" s="2"><v>46085.395833333336</v></c><c r="E7" t="b"><v>1</v></c></row>',
      // Text in pieces, text in the cell itself, a missing cell in between, an error.
      '<row r="8"><c r="A8" t="inlineStr"><is><t>0014</t></is></c><c r="B8" t="s"><v>7</v></c><c r="E8" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>',
      // A number longer than a spreadsheet keeps is as it shows it; one without a place comes after the one before.
      '<row r="9"><c r="A9"><v>2.1E+16</v></c><c t="inlineStr"><is><t>Cy</t></is></c></row>',
    ].join('');
    const { table, rows, lines } = await read(packed(workbook([first, head.replaceAll('>0<', '>4<')], { strings })));
    expect(table).toMatchObject({ format: 'xlsx', encoding: null, delimiter: null, hasHeader: true });
    expect(table.headers).toEqual(['学号', '姓名', 'Phone', 'Valid to', 'Remark']);
    expect(rows).toEqual([
      ['00012', '张伟 & Söhne', '60123456789', '2026-03-04', '1.5'],
      ['1013', 'Ben', '', '2026-03-04 09:30:00', 'TRUE'],
      ['0014', 'Anna Lim', '', '', '#DIV/0!'],
      ['2.1E+16', 'Cy', '', '', ''],
    ]);
    // As Excel numbers them, so that a report's row is found.
    expect(lines).toEqual([2, 7, 8, 9]);
  });

  it('shows zeros of a number format, and leaves out what is for the eye alone', async () => {
    const parts = workbook(
      [
        [
          '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>',
          // A code under 00000, a card under 0000-0000, a text under 00000.
          '<row r="2"><c r="A2" s="1"><v>123</v></c><c r="B2" s="2"><v>12345678</v></c><c r="C2" s="1" t="s"><v>3</v></c></row>',
          // More digits than zeros; a fraction, less than nothing; a format of one zero.
          '<row r="3"><c r="A3" s="1"><v>1234567</v></c><c r="B3" s="1"><v>1.5</v></c><c r="C3" s="1"><v>-7</v></c></row>',
          '<row r="5" spans="1:3"><c r="A5" s="3"><v>7</v></c><c r="C5" s="4"><f>A2+1</f><v>124</v></c></row>',
          // Cells and rows without places come one after the other; a row that ends where it begins.
          '<row/><row><c s="0"><v>9</v></c><c s="1"><v>9</v></c><c t="inlineStr"><is><t>a &gt; b > c</t></is></c></row>',
        ].join(''),
        '<row r="1"><c r="A1" s="1"><v>5</v></c></row>',
      ],
      { strings: shared('code', 'card', 'name', '12') },
    );
    const formats = ['General', '00000', '0000\\-0000', '0', '0000000', '"x&gt;"00'];
    const styles = `<x:styleSheet xmlns:x="${MAIN}"><x:numFmts>${formats.map((code, n) => `<x:numFmt formatCode='${code}' numFmtId="${170 + n}"/>`).join('')}</x:numFmts><x:cellStyleXfs><x:xf numFmtId="171"/></x:cellStyleXfs><x:cellXfs>${formats.map((_, n) => `<x:xf numFmtId="${170 + n}"><x:alignment/></x:xf>`).join('')}</x:cellXfs></x:styleSheet>`;
    const { rows, lines } = await read(packed({ ...parts, 'xl/styles.xml': styles }));
    expect(rows).toEqual([
      ['00123', '12345678', '12'],
      ['1234567', '1.5', '-7'],
      ['7', '', '0000124'],
      ['9', '00009', 'a > b > c'],
    ]);
    expect(lines).toEqual([2, 3, 5, 7]);
  });

  it('of an old Mac counts its days from 1904', async () => {
    const data = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c><c r="B2" s="1"><v>44623</v></c></row>`;
    const { rows } = await read(packed(workbook([data], { strings: shared('code', 'valid to'), date1904: true })));
    expect(rows).toEqual([['1', '2026-03-04']]);
  });

  it('may have a title above its names', async () => {
    const rows = [['Students of 2026'], [], ['Student No', 'Name'], ['0001', 'Anna']];
    const bytes = await writeXlsx({
      sheets: [
        { name: 'A', rows },
        { name: 'B', rows: [['code'], ['other']] },
      ],
    });
    expect((await read(bytes)).rows).toEqual([['0001', 'Anna']]);
  });

  it('is read whole, and as often as needed', async () => {
    const people = Array.from({ length: 3_000 }, (_, n) => [
      String(n).padStart(6, '0'),
      `Person ${n}`,
      new Date(Date.UTC(2026, 0, 1 + (n % 300))),
      n,
    ]);
    const bytes = await writeXlsx({
      sheets: [
        {
          name: 'A',
          columns: [{}, {}, {}, { style: { numFmt: '0000' } }],
          rows: [['code', 'name', 'valid to', 'card'], ...people],
        },
      ],
    });
    const { rows } = await read(bytes);
    expect(rows).toEqual(
      people.map(([code, name, day, card]) => [
        code,
        name,
        (day as Date).toISOString().slice(0, 10),
        String(card).padStart(4, '0'),
      ]),
    );
  });

  it('that is damaged, is something else or has a password is told', async () => {
    const good = Buffer.from(
      await writeXlsx({
        sheets: [
          {
            name: 'A',
            rows: [
              ['code', 'name'],
              ['1', 'Anna'],
            ],
          },
        ],
      }),
    );
    const parts = workbook(['<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row>']);
    const { 'xl/workbook.xml': _, ...headless } = parts;
    const cases: [string, Buffer][] = [
      ['cut off', good.subarray(0, good.length >> 1)],
      ['bytes lost', Buffer.concat([good.subarray(0, 200), Buffer.alloc(100), good.subarray(300)])],
      ['no workbook part', packed(headless)],
      ['XML cut off', packed({ ...parts, 'xl/worksheets/sheet1.xml': '<worksheet><sheetData><row r="1"><c t="inl' })],
      ['a document of Word', packed({ '[Content_Types].xml': '<Types/>', 'word/document.xml': '<w/>' })],
    ];
    for (const [name, bytes] of cases) {
      const told = await read(bytes).then(
        ({ rows }) => `${rows.length} rows`,
        (error: { fault?: { code: string; field: string } }) => `${error.fault?.field} ${error.fault?.code}`,
      );
      expect([name, told]).toEqual([name, expect.stringMatching(/^table (workbook|empty)$/)]);
    }
    const locked = await writeXlsx({
      sheets: [{ name: 'A', rows: [['code']] }],
      encryption: { password: 'x', spinCount: 100 },
    });
    await expect(read(locked)).rejects.toMatchObject({ fault: { code: 'not-a-table' } });
  });
});

it('shows numbers as their formats do, where that is part of what is meant', () => {
  const shown = (code: string, value: number) => {
    const format = numberFormat(code);
    return format === null ? null : shownNumber(value, format);
  };
  expect(shown('"TP"000000', 12_345)).toBe('TP012345');
  expect(shown('\\T\\P\\-000', 7)).toBe('TP-007');
  expect(shown('"+60 "00-000 0000', 123_456_789)).toBe('+60 12-345 6789');
  expect(shown('[Red]00000_);[Blue](00000)', 42)).toBe('00042');
  expect(shown('0##########', 123_456_789)).toBe('00123456789');
  expect(shown('000\\-0000', 1_234_567)).toBe('1234567');
  expect(shown('000\\-0000', 12)).toBe('0000012');
  expect(shown('##-000', 12_345)).toBe('12345');
  expect(shown('"A"##', 5)).toBe('A5');
  expect(shown('"A"00', 12_345)).toBe('A12345');
  expect([shown('0%', 0.5), shown('0.00%', 0.125)]).toEqual(['50%', '12.50%']);
  // Money, thousands, fractions, powers, days, text, conditions: numbers are what they are.
  for (const code of [
    'General',
    '0',
    '#',
    '#,##0',
    '0.00',
    '0.00E+00',
    'yyyy-mm-dd',
    '@',
    '[>9]00',
    '[$RM-409]00',
    '# ?/?',
    '* 0',
    '',
  ])
    expect([code, numberFormat(code)]).toEqual([code, null]);
  for (const value of [1.5, -7, 2 ** 53]) expect(shown('00000', value)).toBeNull();
});
