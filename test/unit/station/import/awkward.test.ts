import iconv from 'iconv-lite';
import { expect, it } from 'vitest';
import { FaultError } from '#shared/fault';
import { mapColumns } from '../../../../src/station/import/columns.ts';
import { readRow } from '../../../../src/station/import/person-row.ts';
import { openTable } from '../../../../src/station/import/table.ts';
import { MAIN, packed, workbook } from '../support/workbook.ts';

/**
 * Tables as registrars really send them: each is read right, or told clearly. A case is bytes and its outcome: a word for what refuses the whole
 * table, else its rows as `code/name/remark`, a row's troubles behind `!`.
 */

const BOM = '\uFEFF';
const as = (encoding: string, text: string) => iconv.encode(text, encoding);
const big = 'x'.repeat(1 << 20);
const excelFull = 'y'.repeat(32_767);

async function outcome(bytes: Uint8Array): Promise<string | string[]> {
  const source = {
    name: 'a.csv',
    // Pieces of a size that cuts characters, line ends and quotation marks in two.
    async *read() {
      const step = bytes.length > 10_000 ? 65_521 : 3;
      for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
    },
  };
  try {
    const table = await openTable(source);
    const { columns, problems } = mapColumns(table.headers);
    const fatal = problems.filter((problem) => problem.fatal).map(({ code }) => code);
    if (fatal.length > 0) return fatal.join(' ');
    const rows: string[] = [];
    for await (const { cells } of table.rows()) {
      const { person, reasons } = readRow(cells, { columns, kind: 'staff', dates: null, offset: () => 0 });
      const name = person.name as { display?: string; family?: string; given?: string } | undefined;
      const shown = name?.display ?? [name?.family, name?.given].filter(Boolean).join(' ');
      const rest = ['phone', 'remark', 'validTo'].flatMap((field) =>
        person[field] === undefined ? [] : person[field],
      );
      const told = reasons.map(({ kind, code, field }) => `!${kind === 'field' ? `${field} ` : ''}${code}`);
      rows.push([person.code ?? '', shown, ...rest, ...told].join('/'));
    }
    return rows;
  } catch (error) {
    if (error instanceof FaultError) return error.fault.code;
    throw error;
  }
}

/** A workbook of `code`, `name`, `phone`, `remark` and `valid to`, with one row of these cells. @param formats of cells, by their number from 10 on */
function book(
  cells: string,
  { formats = [], date1904 = false }: { formats?: readonly string[]; date1904?: boolean } = {},
): Uint8Array {
  const head = ['code', 'name', 'phone', 'remark', 'valid to'].map(
    (name) => `<c t="inlineStr"><is><t>${name}</t></is></c>`,
  );
  const parts = workbook([`<row r="1">${head.join('')}</row><row r="2">${cells}</row>`], { date1904 });
  const custom = formats.map(
    (code, n) => `<numFmt numFmtId="${170 + n}" formatCode="${code.replaceAll('"', '&quot;')}"/>`,
  );
  const own = Array.from({ length: 10 }, (_, n) => `<xf numFmtId="${[0, 14, 22, 20, 49, 11, 9][n] ?? 0}"/>`);
  const xfs = [...own, ...formats.map((_, n) => `<xf numFmtId="${170 + n}"/>`)];
  const styles = `<styleSheet xmlns="${MAIN}"><numFmts>${custom.join('')}</numFmts><cellXfs>${xfs.join('')}</cellXfs></styleSheet>`;
  return packed({ ...parts, 'xl/styles.xml': styles });
}
const word = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
const number = (value: string, style = 0) => `<c s="${style}"><v>${value}</v></c>`;

const CASES: readonly [string, string | Uint8Array, string | string[]][] = [
  // How it is written.
  ['UTF-8', 'code,name\n1,Zoë\n', ['1/Zoë']],
  ['UTF-8 with its mark', `${BOM}code,name\n1,张伟\n`, ['1/张伟']],
  ['the mark and a quoted header', `${BOM}"code","name"\n1,Anna\n`, ['1/Anna']],
  ['UTF-16 little-endian with its mark', as('utf-16le', `${BOM}code,name\n1,张伟\n`), ['1/张伟']],
  ['UTF-16 big-endian with its mark', as('utf-16be', `${BOM}code,name\n1,Zoë\n`), ['1/Zoë']],
  ['UTF-16 without a mark', as('utf-16le', 'code,name\n1,Anna\n2,张伟\n'), ['1/Anna', '2/张伟']],
  ['“Unicode text” of Excel: UTF-16 and tabs', as('utf-16le', `${BOM}学号\t姓名\r\n001\t李\r\n`), ['001/李']],
  ['GBK', as('gbk', '学号,姓名\n001,欧阳娜娜\n002,司马光\n'), ['001/欧阳娜娜', '002/司马光']],
  ['GB 18030 with a sign of four bytes', as('gb18030', '学号,姓名\n001,李㐂华\n'), ['001/李㐂华']],
  ['GBK, one short name', as('gbk', 'code,name\n1,李\n'), ['1/李']],
  ['Windows-1252', as('windows-1252', 'code;name\n1;Müller\n2;Søren Æbelø\n'), ['1/Müller', '2/Søren Æbelø']],
  [
    'Windows-1252 with typographic quotes',
    as('windows-1252', 'code,name\n1,Anna “Ann” O’Hara\n'),
    ['1/Anna “Ann” O’Hara'],
  ],
  [
    'UTF-8 that a tool broke in one place',
    Buffer.concat([Buffer.from(`code,name\n${'1,张伟\n'.repeat(30)}2,A`), Buffer.from([0xff]), Buffer.from('b\n')]),
    [...Array(30).fill('1/张伟'), '2//!name lost'],
  ],
  ['a mark alone', BOM, 'empty'],

  // What stands between cells and rows.
  ['semicolons, decimal commas', 'code;name;remark\n1;Anna;1,75 m\n', ['1/Anna/1,75 m']],
  ['tabs', 'code\tname\n1\tAnna, Miss\n', ['1/Anna, Miss']],
  ['bars', 'code|name\n1|Anna; Ben\n', ['1/Anna; Ben']],
  ['sep=; above', 'sep=;\r\ncode;name\r\n1;Anna\r\n', ['1/Anna']],
  ['line ends of an old Mac', 'code,name\r1,Anna\r2,Ben\r', ['1/Anna', '2/Ben']],
  ['line ends of all kinds', 'code,name\r\n1,Anna\n2,Ben\r3,Cy', ['1/Anna', '2/Ben', '3/Cy']],
  ['no line end at the end', 'code,name\n1,Anna', ['1/Anna']],
  ['many line ends at the end', 'code,name\n1,Anna\n\n\r\n\n', ['1/Anna']],
  ['empty rows in between', '\n\ncode,name\n\n1,Anna\n\n\n2,Ben\n', ['1/Anna', '2/Ben']],
  ['rows of delimiters alone', 'code,name,remark\n,,\n1,Anna,\n, ,\n', ['1/Anna']],
  ['a delimiter at the end of each row', 'code,name,\n1,Anna,\n2,Ben,\n', ['1/Anna', '2/Ben']],

  // Quotation marks.
  ['quoted line ends', 'code,name,remark\n1,Anna,"one\ntwo"\n2,Ben,\n', ['1/Anna/one two', '2/Ben']],
  ['quoted delimiters', 'code,name\n1,"Lim, Anna"\n', ['1/Lim, Anna']],
  ['doubled quotation marks', 'code,name\n1,"Anna ""Ann"" Lim"\n', ['1/Anna "Ann" Lim']],
  [
    'a quotation mark in the middle of a cell',
    'code,name\n1,Anna "Ann" Lim\n2,6\' 2" tall\n',
    ['1/Anna "Ann" Lim', '2/6\' 2" tall'],
  ],
  ['blanks around quoted cells', 'code,name\n1 , "Anna"\n', ['1/"Anna"']],
  ['every cell quoted', '"code","name"\r\n"1","Anna"\r\n', ['1/Anna']],
  ['quoted nothing', 'code,name,remark\n"1","Anna",""\n', ['1/Anna']],
  ['a quotation mark that is never closed', 'code,name\n1,"Anna\n2,Ben\n3,Cy\n', 'quote'],
  ['a header of two lines', '"student\nno",name\n1,Anna\n', ['1/Anna']],

  // Rows that are too short or too long.
  ['a row too short', 'code,name,remark\n1,Anna\n2,Ben,x\n', ['1/Anna/!ragged', '2/Ben/x']],
  ['a row too long', 'code,name\n1,Anna,Lim\n', ['1/Anna/!ragged']],
  ['a row too long by empty cells', 'code,name\n1,Anna,,,\n', ['1/Anna']],
  [
    'a note under the table',
    'code,name\n1,Anna\nexported by the registry\n',
    ['1/Anna', 'exported by the registry//!ragged'],
  ],

  // The first row.
  ['names in capitals, with blanks', ' STUDENT NO. , Full Name \n1,Anna\n', ['1/Anna']],
  ['names in two languages', '学号 (Student No),姓名 (Name)\n1,张伟\n', ['1/张伟']],
  ['names with full-width letters', 'ＣＯＤＥ,Ｎａｍｅ\n1,Anna\n', ['1/Anna']],
  ['family and given names', 'code,Last Name,First Name\n1,Lim,Anna\n', ['1/Lim Anna']],
  ['no names at all', '1,Anna\n2,Ben\n', 'no-header'],
  ['no code', 'name,phone\nAnna,60123456789\n', 'no-code'],
  ['no name', 'code,phone\n1,60123456789\n', 'no-name'],
  ['the same name twice', 'code,code,name\n1,2,Anna\n', 'two-columns'],
  ['two columns that could be the code', 'Student No,Staff No,Name\n1,2,Anna\n', 'two-columns'],
  ['two unused columns of one name', 'code,name,x,x\n1,Anna,a,b\n', ['1/Anna']],
  ['an unnamed column', 'code,,name\n1,x,Anna\n', ['1/Anna']],
  ['names and nothing else', 'code,name\n', []],

  // Cells.
  ['leading zeros', 'code,name\n00012,Anna\n', ['00012/Anna']],
  ['zeros protected from Excel', 'code,name\n"=""00012""",Anna\n', ['00012/Anna']],
  ['a number that Excel rounded', 'code,name,phone\n1,Anna,6.01235E+11\n', ['1/Anna/!phone rounded']],
  ['formulas', 'code,name,remark\n1,=1+1,"=HYPERLINK(""http://x"")"\n', ['1/=1+1/=HYPERLINK("http://x")']],
  ['a formula made inert by our report', "code,name,phone\n1,'=Anna,'+60123456789\n", ['1/=Anna/+60123456789']],
  ['a name that begins with a minus', 'code,name\n1,-Anna\n', ['1/-Anna']],
  ['no-break and ideographic blanks', 'code,name\n\u00A01\u00A0,张\u3000伟\n', ['1/张 伟']],
  ['full-width digits', 'code,name,phone\n０１２,Anna,＋６０ １２\n', ['012/Anna/+6012']],
  ['phone with everything', 'code,name,phone\n1,Anna,+60 (12) 345-67.89\n', ['1/Anna/+60123456789']],
  ['a date that could be two', 'code,name,valid to\n1,Anna,03/04/2026\n', ['1/Anna/!validTo ambiguous']],
  ['a date that is none', 'code,name,valid to\n1,Anna,30/02/2026\n', ['1/Anna/!validTo unreadable']],
  ['a date of Excel', 'code,name,valid to\n1,Anna,46085\n', ['1/Anna/2026-03-04T23:59:59+00:00']],
  ['#N/A of Excel', 'code,name,phone\n#N/A,Anna,#REF!\n', ['/Anna/!code formula-error/!phone formula-error']],
  ['a cell too narrow in Excel', 'code,name,phone\n1,Anna,########\n', ['1/Anna/!phone formula-error']],
  ['NULL of a database, and Ms Null', 'code,name,phone,remark\n1,NULL,NULL,\\N\n', ['1/NULL']],
  ['a cell of 1 MB', `code,name,remark\n1,Anna,${big}\n2,Ben,\n`, ['1/Anna/!remark too-long', '2/Ben']],
  ['a cell as long as Excel allows', `code,name,remark\n1,Anna,${excelFull}\n`, [`1/Anna/${excelFull}`]],
  [
    'cells that hide text around',
    'code,name\n1,Ann\u202Ea\u202C\n2,A\u200Bnna\n',
    ['1//!name control', '2//!name control'],
  ],
  ['a bell', 'code,name\n1,An\u0007na\n', ['1//!name control']],
  [
    'a zero byte far below',
    `code,name\n${'1,Anna\n'.repeat(12_000)}2,B\u0000en\n`,
    [...Array(12_000).fill('1/Anna'), '2//!name control'],
  ],

  // No tables.
  ['nothing', '', 'empty'],
  ['line ends alone', '\r\n\r\n', 'empty'],
  ['a PDF', '%PDF-1.7\n%âãÏÓ\n', 'not-a-table'],
  ['an old workbook', Buffer.from('d0cf11e0a1b11ae1000000000000', 'hex'), 'not-a-table'],
  ['a photo', Buffer.from('ffd8ffe000104a46494600010100', 'hex'), 'not-a-table'],
  ['something packed', Buffer.from('1f8b0800000000000003', 'hex'), 'not-a-table'],
  ['a zip that is no workbook', 'PK\u0003\u0004 and nothing of it', 'workbook'],
  ['zero bytes', Buffer.alloc(4_096), 'binary'],
  ['bytes of chance', Buffer.from(Array.from({ length: 4_096 }, (_, n) => (n * n * 31 + n * 7) % 256)), 'binary'],
  ['a page of a proxy', '<!DOCTYPE html>\n<html><body>Please sign in</body></html>\n', 'not-a-table'],
  ['JSON', '[{"code":"1","name":"Anna"}]\n', 'no-header'],
  // Cells of a workbook (ECMA-376 part 1 §18.3.1.4).
  ['a phone as a number', book(word('1') + word('Anna') + number('1.38E+10')), ['1/Anna/13800000000']],
  [
    'a phone under a format of powers',
    book(word('1') + word('Anna') + number('13800000000', 5)),
    ['1/Anna/13800000000'],
  ],
  [
    'a phone under a format with its country',
    book(word('1') + word('Anna') + number('123456789', 10), { formats: ['"+60 "00-000 0000'] }),
    ['1/Anna/+60123456789'],
  ],
  [
    'a code under a format with letters',
    book(number('12', 10) + word('Anna'), { formats: ['"TP"000000'] }),
    ['TP000012/Anna'],
  ],
  [
    'an identity number longer than a spreadsheet keeps',
    book(number('1.10101199001011E+17') + word('Anna') + word('') + word('x')),
    ['/Anna/x/!code rounded'],
  ],
  [
    'a phone with an apostrophe of its own',
    book(word("'0123") + word("Anna 't Hart") + word("'+6012") + word("'90s")),
    ["0123/Anna 't Hart/+6012/'90s"],
  ],
  [
    'a day',
    book(word('1') + word('Anna') + word('') + word('') + number('46085', 1)),
    ['1/Anna/2026-03-04T23:59:59+00:00'],
  ],
  [
    'a day of an old Mac',
    book(word('1') + word('Anna') + word('') + word('') + number('44623', 1), { date1904: true }),
    ['1/Anna/2026-03-04T23:59:59+00:00'],
  ],
  [
    'a day and a time; a time alone',
    book(word('1') + word('Anna') + word('') + number('0.395833333333333', 3) + number('46085.395833333336', 2)),
    ['1/Anna/09:30:00/2026-03-04T09:30:00+00:00'],
  ],
  [
    'a time alone of an old Mac',
    book(word('1') + word('Anna') + word('') + number('0.395833333333333', 3), { date1904: true }),
    ['1/Anna/09:30:00'],
  ],
  [
    'a day as ISO 8601',
    book(`${word('1')}${word('Anna')}${word('')}${word('')}<c t="d"><v>2026-03-04T09:30:00</v></c>`),
    ['1/Anna/2026-03-04T09:30:00+00:00'],
  ],
  [
    'a day that is none',
    book(word('1') + word('Anna') + word('') + word('') + number('13800000000', 1)),
    ['1/Anna/!validTo formula-error'],
  ],
  ['a percentage', book(word('1') + word('Anna') + word('') + number('0.5', 6)), ['1/Anna/50%']],
  [
    'a fraction as it is shown',
    book(word('1') + word('Anna') + word('') + number('6.0100000000000007')),
    ['1/Anna/6.01'],
  ],
  ['yes and no', book(`${word('1')}${word('Anna')}${word('')}<c t="b"><v>0</v></c>`), ['1/Anna/FALSE']],
  [
    'a formula with its value, a text in pieces',
    book(
      '<c><f>10+2</f><v>12</v></c><c t="inlineStr"><is><r><t>Anna</t></r><r><t xml:space="preserve"> Lim</t></r></is></c><c t="str"><f>A2</f><v>0123</v></c>',
    ),
    ['12/Anna Lim/0123'],
  ],
  [
    'a formula that nobody has worked out',
    book(`${word('1')}<c><f>B1</f></c><c><f t="shared" si="0"/></c><c><f>1</f><v>1</v></c>`),
    ['1//1/!name formula-error/!phone formula-error'],
  ],
  [
    'errors',
    book('<c t="e"><v>#N/A</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c><c t="e"><v>#FIELD!</v></c>'),
    ['//!code formula-error/!name formula-error/!phone formula-error'],
  ],
];

it('there are as many as were promised', () => {
  expect(CASES.length).toBeGreaterThanOrEqual(60);
  expect(new Set(CASES.map(([name]) => name)).size).toBe(CASES.length);
});

it.each(CASES)('%s', async (_name, table, expected) => {
  expect(await outcome(typeof table === 'string' ? Buffer.from(table) : table)).toEqual(expected);
});
