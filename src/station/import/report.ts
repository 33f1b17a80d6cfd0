import { stringify } from 'csv-stringify/sync';
import type { ImportReason } from '#shared/calls/import';
import type { Delivery } from '#shared/delivery';
import type { Fault } from '#shared/fault';
import type { StoredRow } from '../journal/import-rows.ts';
import { isReportColumn } from './columns.ts';

/** What stands at the beginning of a cell that a spreadsheet would run (OWASP, "CSV Injection"), full-width signs included. */
const FORMULA = /^\s*[=+\-@\uFF0B\uFF0D\uFF1D\uFF20]|^[\t\r\n]/;

/** A cell that is shown and not run; reading the table again takes the mark off (`cleanCell`). */
function inert(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}

/** What a platform said, in words, with the code that its manual knows. */
function faultWords({ kind, code, message }: Pick<Fault, 'kind' | 'code' | 'message'>): string {
  return `${message} (${kind}${code === '' || code === kind ? '' : ` ${code}`})`;
}

export function reasonWords({ message, platform }: ImportReason): string {
  return platform === undefined || message.startsWith(platform) ? message : `${message} (${platform})`;
}

export type ReportDelivery = Pick<Delivery, 'platform' | 'state' | 'personId' | 'error'>;

/** The table's own columns that a report repeats: what an earlier report added is written anew. */
function ownColumns(headers: readonly string[]): number[] {
  return headers.flatMap((header, index) => (isReportColumn(header.trim()) ? [] : [index]));
}

/**
 * The report of an import: the table's own columns as they came in, then `verdict,reasons` and for each platform
 * `ID:state,ID:personId,ID:error`. UTF-8 with a byte order mark and CRLF, as Excel wants it; no cell is a formula.
 * @param deliveries of a row's enrolment
 */
export function* reportLines(
  { headers, hasHeader }: { headers: readonly string[]; hasHeader: boolean },
  targets: readonly string[],
  rows: Iterable<StoredRow>,
  deliveries: (enrolment: string) => readonly ReportDelivery[],
): Generator<string> {
  const own = ownColumns(headers);
  const added = ['verdict', 'reasons', ...targets.flatMap((id) => [`${id}:state`, `${id}:personId`, `${id}:error`])];
  const names = own.map((index) => (hasHeader ? (headers[index] ?? '') : `column ${index + 1}`));
  yield `\uFEFF${line([...names, ...added])}`;
  for (const row of rows) {
    const cells = own.map((index) => row.cells[index] ?? '');
    // What a row that is too long has beyond the header is kept, behind everything else.
    const beyond = row.cells.slice(headers.length);
    yield line([
      ...cells,
      ...(row.verdict === 'skipped' ? asBefore(row, headers, added) : told(row, targets, deliveries)),
      ...beyond,
    ]);
  }
}

function told(
  row: StoredRow,
  targets: readonly string[],
  deliveries: (enrolment: string) => readonly ReportDelivery[],
): string[] {
  const there = row.enrolment === null ? [] : deliveries(row.enrolment);
  const reasons = row.reasons.map(reasonWords);
  const warnings = row.warnings.map((warning) => `note: ${reasonWords(warning)}`);
  return [
    row.verdict === 'new' ? '' : row.verdict,
    [...reasons, ...warnings].join('; '),
    ...targets.flatMap((id) => {
      const delivery = there.find(({ platform }) => platform === id);
      if (delivery === undefined) return ['', '', ''];
      return [delivery.state, delivery.personId ?? '', delivery.error === null ? '' : faultWords(delivery.error)];
    }),
  ];
}

/** A row that was not taken in again keeps what the earlier report said of it. */
function asBefore(row: StoredRow, headers: readonly string[], added: readonly string[]): string[] {
  return added.map((name) => row.cells[headers.findIndex((header) => header.trim() === name)] ?? '');
}

function line(cells: readonly string[]): string {
  return stringify([cells.map(inert)], { record_delimiter: '\r\n' });
}
