import { isDeepStrictEqual } from 'node:util';
import { stringify } from 'csv-stringify/sync';
import iconv from 'iconv-lite';
import type { Person } from '#shared/person';
import type { PersonRow } from '../journal/import-rows.ts';
import type { ByteSource, TableRow } from './byte-source.ts';
import type { Column } from './columns.ts';
import { guessDelimiter } from './delimiters.ts';
import type { EncodingName } from './encodings.ts';
import { readRow } from './person-row.ts';
import type { OpenTable } from './table.ts';

/** Whose lines go: whoever has this code, and the rows that were read as theirs. */
export interface Erased {
  code: string;
  rows: readonly Pick<PersonRow, 'line' | 'cells'>[];
}

/** Records written at once. */
const CHUNK = 500;

/** Codes that differ in case or width alone are one, as in the journal's digests. */
const same = (a: string, b: string) => a.normalize('NFKC').toLowerCase() === b.normalize('NFKC').toLowerCase();

/** Whether a row is theirs (pure). A line by its number alone may be another's by now: the table may be read otherwise than then. */
export function isErased(
  row: TableRow,
  columns: readonly Column[],
  kind: Person['kind'],
  { code, rows }: Erased,
): boolean {
  if (rows.some(({ line, cells }) => line === row.line && isDeepStrictEqual(cells, row.cells))) return true;
  const said = readRow(row.cells, { columns, kind, dates: null }).person.code;
  return typeof said === 'string' && same(said, code);
}

/**
 * A table written anew without some of its rows, as CSV; null where it has none of them. All others keep their cells and their lines: in the
 * place of what is gone (and of what was empty before) stands a record that holds nothing. Characters are written as somebody said that
 * the table is written, else in UTF-8, which needs no guess. In constant memory.
 */
export async function withoutRows(
  table: OpenTable,
  encoding: EncodingName | null,
  isGone: (row: TableRow) => boolean,
): Promise<ByteSource['read'] | null> {
  let any = false;
  for await (const row of table.rows()) any ||= isGone(row);
  if (!any) return null;
  const to = encoding ?? 'utf-8';
  const delimiter = table.delimiter ?? ',';
  // Everything is quoted: a lone line end in a cell ends no record then.
  const form = { delimiter, quoted: true, record_delimiter: '\r\n' } as const;

  async function* records(): AsyncGenerator<string[]> {
    let line = 0;
    let head = table.hasHeader;
    for await (const row of table.records()) {
      for (line += 1; line < row.line; line += 1) yield ['', ''];
      yield !head && isGone(row) ? ['', ''] : row.cells;
      head = false;
    }
  }
  async function* text(): AsyncGenerator<string> {
    let some: string[][] = [];
    let begun = false;
    const written = () => {
      const lines = stringify(some, form);
      some = [];
      // What stands between cells may be told otherwise from other rows: Excel's own first line says it.
      const declared = begun || guessDelimiter(lines) === delimiter ? '' : `sep=${delimiter}\r\n`;
      begun = true;
      return declared + lines;
    };
    for await (const record of records()) {
      some.push(record);
      if (some.length === CHUNK) yield written();
    }
    yield written();
  }
  return async function* read() {
    const encoder = iconv.getEncoder(to, { addBOM: to.startsWith('utf-') });
    for await (const part of text()) yield encoder.write(part);
    const rest = encoder.end();
    if (rest !== undefined && rest.length > 0) yield rest;
  };
}
