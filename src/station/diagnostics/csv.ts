import { csvCell } from '../audit-csv.ts';
import type { DisagreementRow } from '../journal/agreements.ts';

const COLUMNS = [
  'at',
  'platform',
  'kind',
  'verdict',
  'measure',
  'value',
  'believedMin',
  'believedMax',
  'predicted',
  'answered',
  'message',
] as const;

/**
 * A number as a cell. A negative one stays a number: `-12.5` is no formula, and an apostrophe before it would make it text in every
 * spreadsheet. What is no number never comes here.
 */
const numeric = (value: number | null | undefined): string =>
  value === null || value === undefined ? '' : String(value);

/** Disagreements as CSV lines with their ends, the first naming the columns. Nobody is in them, and no picture. */
export function* disagreementsCsv(rows: Iterable<DisagreementRow>): Generator<string> {
  yield `${COLUMNS.join(',')}\r\n`;
  for (const { at, platform, kind, verdict, measure, value, limit, predicted, answered, message } of rows) {
    const cells = [
      csvCell(new Date(at).toISOString()),
      csvCell(platform),
      csvCell(kind),
      csvCell(verdict),
      csvCell(measure ?? ''),
      numeric(value),
      numeric(limit.min),
      numeric(limit.max),
      csvCell(predicted ?? 'pass'),
      csvCell(answered ?? 'pass'),
      csvCell(message ?? ''),
    ];
    yield `${cells.join(',')}\r\n`;
  }
}
