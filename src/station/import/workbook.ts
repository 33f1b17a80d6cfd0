import { Readable } from 'node:stream';
import { streamXlsxRows } from 'hucre/xlsx';
import { FaultError } from '#shared/fault';
import type { ByteSource, TableRow } from './byte-source.ts';
import { fieldOfHeader } from './columns.ts';
import { shownNumber } from './number-format.ts';
import { type CellFormats, cellNotes, WORKBOOK_LIMIT } from './workbook-formats.ts';

/** What stands in a cell whose formula nobody has worked out (a program wrote the file, and no spreadsheet has opened it since). */
const UNWORKED = '#GETTING_DATA';
/** What a spreadsheet shows of a day it cannot tell: before its first one, or beyond the last. */
const NO_DAY = '########';
/** Spreadsheets keep 15 digits of a number (Excel specifications and limits): of longer ones the last are zeros that nobody typed. */
const EXACT_BELOW = 1e15;

/** The rows of a workbook's first sheet, streamed. @param cells formats that show numbers otherwise than they are, where it has some */
export async function* workbookRows(source: ByteSource, cells: CellFormats | null): AsyncGenerator<TableRow> {
  const stream = Readable.toWeb(Readable.from(source.read())) as ReadableStream<Uint8Array>;
  const notes = cells === null ? null : cellNotes(source, cells);
  try {
    /** Cells of the first row; null before it. */
    let width: number | null = null;
    for await (const { index, values } of streamXlsxRows(stream, { sheet: 0, maxInputBytes: WORKBOOK_LIMIT })) {
      const noted = await notes?.of(index);
      const texts = values.map((value, column) => {
        const note = noted?.get(column);
        return note === 'unworked' ? UNWORKED : (shownNumber(value, note) ?? cellText(value));
      });
      if (texts.every((text) => text.trim() === '')) continue;
      // Names of columns may stand below a title: rows above the first that is known are not rows of the table.
      if (width === null && texts.filter((text) => text !== '').length === 1 && fieldOfHeader(texts[0] ?? '') === null)
        continue;
      width ??= texts.length;
      // Cells at the end that are empty are left out of the file: no cell is missing there, as one would be in a CSV.
      while (texts.length < width) texts.push('');
      yield { line: index + 1, cells: texts };
    }
  } catch (error) {
    if (error instanceof FaultError) throw error;
    const name = error instanceof Error ? error.name : '';
    const [code, message] =
      name === 'EncryptedFileError'
        ? ['password', 'the workbook has a password: save it without one']
        : ['workbook', 'the file cannot be read as an Excel workbook: save it as .xlsx or CSV again'];
    throw new FaultError({ kind: 'validation', code, field: 'table', message }, { cause: error });
  } finally {
    await notes?.close();
    await stream.cancel().catch(() => undefined);
  }
}

/** A workbook's value as a person would have typed it. Dates have no zone there, and are given as they are shown. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return dateText(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return String(value);
}

/** Days counted from the beginning of both date systems (§18.17.4.1): a time alone lies on the day before the first. */
const DAY_ZERO: ReadonlySet<string> = new Set(['1899-12-30', '1899-12-31', '1904-01-01']);

function dateText(value: Date): string {
  if (Number.isNaN(value.getTime())) return NO_DAY;
  const [day = '', clock = ''] = value
    .toISOString()
    .replace(/\.\d{3}Z$/, '')
    .split('T');
  if (DAY_ZERO.has(day)) return clock;
  return clock === '00:00:00' ? day : `${day} ${clock}`;
}

function numberText(value: number): string {
  if (Math.abs(value) >= EXACT_BELOW) return value.toExponential().toUpperCase();
  if (Number.isInteger(value)) return value.toFixed(0);
  // As many digits as a spreadsheet has: not 6.010000000000001.
  return String(Number(value.toPrecision(15)));
}
