import { setImmediate as breathe } from 'node:timers/promises';
import type { ImportReason } from '#shared/calls/import';
import type { Person } from '#shared/person';
import type { ConfiguredPlatform } from '../api.ts';
import type { RowContent, RowVerdict } from '../journal/import-rows.ts';
import type { ImportRecords } from '../journal/imports.ts';
import { problemsFor } from '../people.ts';
import type { DateOrder } from './api.ts';
import type { Column } from './columns.ts';
import { isReportColumn } from './columns.ts';
import { carriedFrom, leftOut, sameCode } from './decisions.ts';
import { storedRows } from './import-run.ts';
import { readRow } from './person-row.ts';
import { isDone } from './plan.ts';
import type { OpenTable } from './table.ts';

export interface StagingOptions {
  table: OpenTable;
  columns: readonly Column[];
  targets: readonly ConfiguredPlatform[];
  kind: Person['kind'];
  dates: DateOrder;
  /** Leave out rows whose report says that they need nothing more. */
  onlyFailed: boolean;
  signal: AbortSignal;
  reached(rows: number): void;
}

/** Rows written in one transaction: each waits for the disk. */
const CHUNK = 500;

/**
 * Reads a table into the journal, row by row: what each says, and what is wrong with it before its photo is looked at; then the codes that
 * several rows have. In constant memory. Returns the number of rows.
 */
export async function stageRows(records: ImportRecords, batch: string, options: StagingOptions): Promise<number> {
  const { table, signal, reached } = options;
  const pass = records.nextPass(batch);
  const carried = carriedFrom(storedRows(records, batch, null, true));
  let rows: Parameters<ImportRecords['stage']>[2][number][] = [];
  let count = 0;
  const write = async (): Promise<void> => {
    records.stage(batch, pass, rows);
    rows = [];
    reached(count);
    await breathe();
    signal.throwIfAborted();
  };
  for await (const { line, cells } of table.rows()) {
    rows.push({ line, ...staged(cells, options, carried) });
    count += 1;
    if (rows.length === CHUNK) await write();
  }
  await write();
  records.staged(batch, pass);
  for (const lines of records.doubles(batch)) {
    for (const line of lines) addDouble(records, batch, line, lines);
    signal.throwIfAborted();
  }
  return count;
}

function staged(
  cells: string[],
  options: StagingOptions,
  carried: ReturnType<typeof carriedFrom>,
): RowContent & { verdict: RowVerdict; code: string | null } {
  const { table, columns, targets, kind, dates, onlyFailed } = options;
  const { person, photo, reasons } = readRow(cells, { columns, kind, dates });
  const code = typeof person.code === 'string' ? person.code : null;
  const content = { cells, person, photo, warnings: [], ...carried({ cells, person }) };
  if (onlyFailed && table.headers.some(isReportColumn)) {
    const cell = (header: string) => (cells[table.headers.indexOf(header)] ?? '').trim();
    const ids = targets.map(({ id }) => id);
    if (isDone(cell, ids)) return { ...content, reasons: [], verdict: 'skipped', code };
  }
  reasons.push(...fieldReasons(person, targets, reasons));
  if (content.out) return { ...leftOut({ ...content, reasons }), verdict: 'skipped', code };
  return { ...content, reasons, verdict: reasons.length > 0 ? 'refused' : 'new', code };
}

/** What the person's shape and the platforms' rules mind; a field whose cell could not be read has been told. */
function fieldReasons(
  person: Record<string, unknown>,
  targets: readonly ConfiguredPlatform[],
  told: readonly ImportReason[],
): ImportReason[] {
  const unread = new Set(told.map(({ field }) => field));
  return problemsFor(person, targets)
    .filter(({ field }) => !unread.has(field))
    .map(({ field, message, platform }) => ({
      kind: 'field',
      code: message === 'is missing' ? 'missing' : 'invalid',
      field,
      message: message.startsWith(field) ? message : `${field}: ${message}`,
      ...(platform !== undefined && { platform }),
    }));
}

function addDouble(records: ImportRecords, batch: string, line: number, lines: readonly number[]): void {
  const row = records.row(batch, line);
  if (row === null) return;
  row.reasons.push(sameCode(line, lines));
  records.judged(batch, line, 'refused', row);
}
