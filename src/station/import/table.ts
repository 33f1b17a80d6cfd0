import { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { type CsvError, parse } from 'csv-parse';
import { FaultError } from '#shared/fault';
import type { Mapping, ReadingOptions } from './api.ts';
import type { ByteSource, TableRow } from './byte-source.ts';
import { columnKeys, looksLikeHeader } from './columns.ts';
import { DELIMITERS, type Delimiter, declaredDelimiter, guessDelimiter } from './delimiters.ts';
import { createSniffer, decodeText, ENCODINGS, type EncodingName, NotText } from './encodings.ts';
import { workbookRows } from './workbook.ts';
import { findCellFormats } from './workbook-formats.ts';

/** A table whose form is known. */
export interface OpenTable {
  format: 'csv' | 'xlsx';
  encoding: EncodingName | null;
  certain: boolean;
  delimiter: Delimiter | null;
  /** Names of the columns; empty strings where the table has no header. */
  headers: string[];
  hasHeader: boolean;
  /** The first rows below the header. */
  sample: string[][];
  /** Every row below the header, from the start; `line` counts the table's records, the header included, from 1. */
  rows(): AsyncGenerator<TableRow>;
  /** The same, header and all. */
  records(): AsyncGenerator<TableRow>;
}

/** One record may hold this much: beyond it a quotation mark was opened and never closed, or it is no table. */
const RECORD_LIMIT = 4 * 1024 * 1024;
const START_CHARS = 64 * 1024;
const SAMPLE_ROWS = 5;
/** What a workbook itself may have. */
const ROW_LIMIT = 1_048_576;

/** What a file that is no table is, by its first bytes. */
const FOREIGN: readonly { starts: string; what: string }[] = [
  { starts: '%PDF', what: 'a PDF document' },
  { starts: '\u00d0\u00cf\u0011\u00e0', what: 'an old Excel workbook (.xls) or one with a password' },
  { starts: '\u00ff\u00d8\u00ff', what: 'a photo' },
  { starts: '\u0089PNG', what: 'a picture' },
  { starts: '\u001f\u008b', what: 'a packed file (gzip)' },
  { starts: '{\\rtf', what: 'a text document (RTF)' },
  { starts: '<', what: 'a web page or XML (some programs save it as .xls)' },
  { starts: '\u00ef\u00bb\u00bf<', what: 'a web page or XML (some programs save it as .xls)' },
];

function wrong(code: string, message: string, field = 'table'): FaultError {
  return new FaultError({ kind: 'validation', code, field, message });
}

/**
 * Opens a table: finds out how it is written and what its columns are called. Reads it once from end to end (that a later row is not UTF-8
 * shows nowhere else), in constant memory.
 * @throws FaultError `validation`, which says what the file is instead or what to change
 */
export async function openTable(
  source: ByteSource,
  options: ReadingOptions = {},
  told: Mapping = {},
): Promise<OpenTable> {
  const encoding = oneOf(ENCODINGS, options.encoding?.toLowerCase(), 'encoding');
  const delimiter = oneOf(DELIMITERS, options.delimiter === '\\t' ? '\t' : options.delimiter, 'delimiter');
  const sniffer = createSniffer();
  let head = '';
  let size = 0;
  for await (const chunk of source.read()) {
    if (head.length < 8) {
      head += Buffer.from(chunk.subarray(0, 8)).toString('latin1');
      refuseForeign(head);
      if (head.startsWith('PK')) return openWorkbook(source, options, told);
    }
    size += chunk.length;
    sniffer.feed(chunk);
  }
  if (size === 0) throw wrong('empty', 'the file is empty');
  let guess: ReturnType<typeof sniffer.guess>;
  try {
    guess = sniffer.guess();
  } catch (error) {
    if (error instanceof NotText) throw wrong('binary', 'the file is no table: save it as CSV or .xlsx');
    throw error;
  }
  const used = encoding ?? guess.encoding;
  const start = await firstChars(decodeText(source.read(), used));
  if (start.includes('\u0000'))
    throw wrong('binary', 'the file is no table: it holds zero bytes; save it as CSV or .xlsx');
  const by = delimiter ?? guessDelimiter(start);
  return open(
    { format: 'csv', encoding: used, certain: encoding !== undefined || guess.certain, delimiter: by },
    () => csvRows(source, used, by),
    options.header,
    told,
  );
}

function oneOf<T extends string>(known: readonly T[], given: string | undefined, field: string): T | undefined {
  if (given === undefined) return undefined;
  const found = known.find((one) => one === given);
  if (found !== undefined) return found;
  const names = known.map((one) => (one === '\t' ? '\\t' : one)).join(' ');
  throw wrong(field, `${field}: "${given.slice(0, 16)}" is not one of ${names}`, field);
}

function refuseForeign(head: string): void {
  const found = FOREIGN.find(({ starts }) => head.startsWith(starts));
  if (found) throw wrong('not-a-table', `the file is ${found.what}, no table: save it as CSV or .xlsx`);
}

async function firstChars(text: AsyncIterable<string>): Promise<string> {
  let start = '';
  for await (const part of text) {
    start += part;
    if (start.length >= START_CHARS) break;
  }
  return start.slice(0, START_CHARS);
}

async function open(
  form: Pick<OpenTable, 'format' | 'encoding' | 'certain' | 'delimiter'>,
  records: () => AsyncGenerator<TableRow>,
  header: boolean | undefined,
  told: Mapping,
): Promise<OpenTable> {
  const first: string[][] = [];
  for await (const { cells } of records()) {
    first.push(cells);
    if (first.length > SAMPLE_ROWS) break;
  }
  const [top] = first;
  if (top === undefined) throw wrong('empty', 'the file holds no rows');
  const named = Object.keys(told).some((key) => !/^#\d+$/.test(key) && columnKeys(top).includes(key));
  const hasHeader = header ?? (named || looksLikeHeader(top));
  if (!hasHeader && header === undefined && !Object.keys(told).some((key) => /^#\d+$/.test(key)))
    throw wrong(
      'no-header',
      'the first row holds no names of columns that are known: write one above the rows (for example code,name), name the columns (--map "Student No=code"), or, where there is no such row, tell what each column holds (--map "#1=code" --map "#2=name")',
    );
  return {
    ...form,
    headers: hasHeader ? top.map((name) => name.trim()) : top.map(() => ''),
    hasHeader,
    sample: first.slice(hasHeader ? 1 : 0).slice(0, SAMPLE_ROWS),
    records,
    async *rows() {
      let past = !hasHeader;
      for await (const row of records()) {
        if (past) yield row;
        // What was said of the columns is said of these.
        else if (!isDeepStrictEqual(row.cells, top)) throw changed();
        past = true;
      }
    },
  };
}

/** Somebody edited the table after it was opened. */
export function changed(): FaultError {
  return wrong('changed', 'the table was changed since it was opened: open it again');
}

async function* csvRows(source: ByteSource, encoding: EncodingName, delimiter: Delimiter): AsyncGenerator<TableRow> {
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: RECORD_LIMIT,
    info: true,
  });
  const text = Readable.from(withoutDeclaration(decodeText(source.read(), encoding)), { highWaterMark: 4 });
  text.on('error', (error) => parser.destroy(error));
  text.pipe(parser);
  let line = 0;
  let at = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      line += 1;
      at = info.lines;
      if (line > ROW_LIMIT) throw wrong('too-many-rows', `the table has more than ${ROW_LIMIT} rows: divide it`);
      // A row of delimiters alone is what Excel leaves of a cleared one.
      if (record.every((cell) => cell.trim() === '')) continue;
      yield { line, cells: record };
    }
  } catch (error) {
    throw readable(error, at + 1);
  } finally {
    text.destroy();
    parser.destroy();
  }
}

function readable(error: unknown, line: number): unknown {
  const code = error instanceof Error && 'code' in error ? (error as CsvError).code : null;
  if (code === 'CSV_QUOTE_NOT_CLOSED' || code === 'CSV_MAX_RECORD_SIZE')
    return wrong(
      'quote',
      `from line ${line} on the table cannot be read: a quotation mark is opened there and never closed, or a cell is far too long`,
    );
  if (typeof code === 'string' && code.startsWith('CSV_'))
    return wrong('csv', `line ${line} cannot be read as a row of a table`);
  return error;
}

/** `sep=;` above the rows is a word to Excel, not a row. */
async function* withoutDeclaration(text: AsyncIterable<string>): AsyncGenerator<string> {
  let held: string | null = '';
  for await (const part of text) {
    if (held === null) {
      yield part;
      continue;
    }
    held += part;
    if (held.length < 8) continue;
    yield cut(held);
    held = null;
  }
  if (held) yield cut(held);
}

function cut(start: string): string {
  return declaredDelimiter(start) === null ? start : start.slice(start.indexOf('\n') + 1);
}

async function openWorkbook(source: ByteSource, { header }: ReadingOptions, told: Mapping): Promise<OpenTable> {
  const form = { format: 'xlsx', encoding: null, certain: true, delimiter: null } as const;
  const formats = await findCellFormats(source);
  return open(form, () => workbookRows(source, formats), header, told);
}
