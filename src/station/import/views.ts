import type { ImportRow } from '#shared/calls/import';
import { displayName, personSchema } from '#shared/person';
import type { RowFilter, StoredRow } from '../journal/import-rows.ts';
import type { Journal } from '../journal/index.ts';
import { storedRows } from './import-run.ts';
import { type ReportDelivery, reasonWords, reportLines } from './report.ts';
import { findPhoto, knownLook } from './row-check.ts';
import type { ImportSession } from './session.ts';
import { contactSheet, SHEET_ROWS, type SheetRow } from './sheet.ts';
import { makeThumbnail } from './thumbnail.ts';

export interface ViewDeps {
  journal: Journal;
  now(): number;
}

/** Thumbnails made at once: each decodes a photo. */
const AT_ONCE = 4;

/** Who a row is about, as far as it can be told. */
export function whoIs({ person }: StoredRow): { code: string; name: string } {
  const code = typeof person?.code === 'string' ? person.code : '';
  const name = personSchema.shape.name.safeParse(person?.name);
  return { code, name: name.success ? displayName(name.data) : '' };
}

async function thumbnailOf(
  deps: ViewDeps,
  session: ImportSession,
  row: StoredRow,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const replaced = row.replaced === null ? null : (session.replaced.get(row.replaced) ?? null);
  const found = replaced ?? (session.photos === null ? null : findPhoto(session.photos, row));
  if (found === null || !('read' in found)) return null;
  const bytes = await found.read().catch(() => null);
  return bytes === null ? null : makeThumbnail(bytes, knownLook(deps.journal.imports, bytes, deps.now()));
}

export function createImportViews(deps: ViewDeps) {
  const { journal } = deps;
  const records = journal.imports;
  const deliveriesOf = (enrolment: string): ReportDelivery[] =>
    journal.deliveries
      .list({ enrolment })
      .map(({ platform, state, personId, error }) => ({ platform, state, personId, error }));

  /** Every delivery of the person's rows, the newest of each platform: a row may have been sent to one platform after the other. */
  const rowView = (row: StoredRow, thumbnail: ImportRow['thumbnail']): ImportRow => ({
    line: row.line,
    ...whoIs(row),
    verdict: row.verdict,
    reasons: row.reasons,
    warnings: row.warnings,
    thumbnail,
    deliveries: row.enrolment === null ? [] : newest(row.enrolment),
  });
  const newest = (enrolment: string): ReportDelivery[] => {
    const person = records.enrolledWith(enrolment);
    const all = person.flatMap(deliveriesOf);
    return [...new Map(all.map((delivery) => [delivery.platform, delivery])).values()];
  };

  return {
    rowView,

    async rows(
      session: ImportSession,
      filter: RowFilter,
      { offset, limit, thumbnails }: { offset: number; limit: number; thumbnails: boolean },
    ): Promise<{ total: number; rows: ImportRow[] }> {
      const { total, rows } = records.page(session.batch, filter, offset, limit);
      const views: ImportRow[] = [];
      for (let at = 0; at < rows.length; at += AT_ONCE) {
        const few = rows.slice(at, at + AT_ONCE);
        views.push(
          ...(await Promise.all(
            few.map(async (row) => rowView(row, thumbnails ? await thumbnailOf(deps, session, row) : null)),
          )),
        );
      }
      return { total, rows: views };
    },

    async row(session: ImportSession, line: number): Promise<ImportRow | null> {
      const row = records.row(session.batch, line);
      return row === null ? null : rowView(row, await thumbnailOf(deps, session, row));
    },

    /** Every row, as `rows` shows them; for whoever prints them. */
    *all(session: ImportSession): Generator<ImportRow> {
      for (const row of storedRows(records, session.batch)) yield rowView(row, null);
    },

    report(session: ImportSession): Generator<string> {
      const rows = storedRows(records, session.batch, null, true);
      return reportLines(session.table, session.settings?.to ?? [], rows, newest);
    },

    /** Rows that were refused or have notes, and as many of the others as there is room for. */
    sheet(session: ImportSession, summary: Parameters<typeof contactSheet>[1]): AsyncGenerator<string> {
      const chosen = async function* (): AsyncGenerator<SheetRow> {
        let count = 0;
        for (const noted of [true, false]) {
          for (const row of storedRows(records, session.batch)) {
            if (row.reasons.length + row.warnings.length > 0 !== noted) continue;
            if (count === SHEET_ROWS) return;
            count += 1;
            const notes = [...row.reasons, ...row.warnings].map(reasonWords);
            const { line, verdict } = row;
            yield { line, ...whoIs(row), verdict, notes, thumbnail: await thumbnailOf(deps, session, row) };
          }
        }
      };
      return contactSheet(session.name, summary, chosen());
    },
  };
}
