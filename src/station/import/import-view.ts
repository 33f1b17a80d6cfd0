import type { ImportSummary, ImportView } from '#shared/calls/import';
import type { ImportRecords } from '../journal/imports.ts';
import { isReportColumn } from './columns.ts';
import { ENCODINGS } from './encodings.ts';
import type { ImportState, Teller } from './session.ts';

/** Rows of an import by verdict, reason and delivery. */
export function summaryOf(records: Pick<ImportRecords, 'summary'>, batch: string): ImportSummary {
  const { verdicts, ...rest } = records.summary(batch);
  return {
    rows: Object.values(verdicts).reduce((sum, count) => sum + count, 0),
    accepted: verdicts.accepted ?? 0,
    refused: verdicts.refused ?? 0,
    skipped: verdicts.skipped ?? 0,
    ...rest,
  };
}

/** An import as a screen shows it. */
export function viewOf(
  records: Pick<ImportRecords, 'summary'>,
  teller: Pick<Teller, 'progress'>,
  state: ImportState,
): ImportView {
  return {
    id: state.id,
    name: state.name,
    table: {
      format: state.table.format,
      encoding: state.table.encoding,
      certain: state.table.certain,
      encodings: [...ENCODINGS],
      delimiter: state.table.delimiter,
      header: state.table.hasHeader,
      report: state.table.headers.some((header) => isReportColumn(header.trim())),
      columns: state.columns.map(({ index, name, field }) => ({
        index,
        name,
        field,
        sample: state.table.sample.map((cells) => (cells[index] ?? '').slice(0, 200)),
      })),
      problems: state.problems,
    },
    photos: state.photos && { kind: state.photos.kind, files: state.photos.files, refused: state.photos.refused },
    progress: teller.progress(state),
    summary: summaryOf(records, state.batch),
    doing: state.doing,
    settings: state.settings && { ...state.settings, to: [...state.settings.to] },
    error: state.error?.message ?? null,
  };
}
