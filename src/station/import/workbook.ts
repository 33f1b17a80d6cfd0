import { Readable } from 'node:stream';
import { streamXlsxRows } from 'hucre/xlsx';
import { FaultError } from '#shared/fault';
import type { ByteSource, TableRow } from './byte-source.ts';
import { fieldOfHeader } from './columns.ts';
import { padded, WORKBOOK_LIMIT, type ZeroFormats, zeroCells } from './workbook-zeros.ts';

/** The rows of a workbook's first sheet, streamed. @param zeros formats that show numbers with leading zeros, where it has some */
export async function* workbookRows(source: ByteSource, zeros: ZeroFormats | null): AsyncGenerator<TableRow> {
  const stream = Readable.toWeb(Readable.from(source.read())) as ReadableStream<Uint8Array>;
  const formats = zeros === null ? null : zeroCells(source, zeros);
  try {
    let any = false;
    for await (const { index, values } of streamXlsxRows(stream, { sheet: 0, maxInputBytes: WORKBOOK_LIMIT })) {
      const widths = await formats?.of(index);
      const cells = values.map((value, column) => padded(value, widths?.get(column)) ?? cellText(value));
      if (cells.every((cell) => cell.trim() === '')) continue;
      // Names of columns may stand below a title: rows above the first that is known are not rows of the table.
      if (!any && cells.filter((cell) => cell !== '').length === 1 && fieldOfHeader(cells[0] ?? '') === null) continue;
      any = true;
      yield { line: index + 1, cells };
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
    await formats?.close();
    await stream.cancel().catch(() => undefined);
  }
}

/** A workbook's value as a person would have typed it. Dates have no zone there, and are given as they are shown. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date)
    return value
      .toISOString()
      .replace(/T00:00:00\.000Z$/, '')
      .replace(/\.\d{3}Z$/, '')
      .replace('T', ' ');
  if (typeof value === 'number')
    return Number.isInteger(value)
      ? value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 0 })
      : String(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return String(value);
}
