import { z } from 'zod';
import { type ImportReason, importReasonSchema, reasonKey } from '#shared/calls/import';
import { openJson, type Sealer, sealJson } from '../vault/seal.ts';
import type { Digest } from './import-digest.ts';
import { blob, integer, type Row, type Sql, text, textOrNull } from './sql.ts';

/** Where a row's sealed part is bound to. */
export const rowPlace = (batch: string, line: number) => `batch-row:${batch}:${line}`;

export type RowVerdict = 'new' | 'accepted' | 'refused' | 'skipped';

/** What a row is, beside its digests; sealed. */
const contentSchema = z.object({
  cells: z.array(z.string()),
  /** As read, checked or not; null where nothing could be read. */
  person: z.record(z.string(), z.unknown()).nullable(),
  /** The name in the photo column. */
  photo: z.string().nullable(),
  reasons: z.array(importReasonSchema),
  warnings: z.array(importReasonSchema),
  /** A photo given in place of the row's own; its id among the uploads. */
  replaced: z.string().nullable().default(null),
  /** Somebody left it out: it is the same person as another row. */
  out: z.boolean().default(false),
  /** Codes of people somebody said are others, however alike; an empty one: everybody of earlier imports. */
  apart: z.array(z.string()).default([]),
});
export type RowContent = z.infer<typeof contentSchema>;

export interface StoredRow extends RowContent {
  line: number;
  verdict: RowVerdict;
  enrolment: string | null;
}

/** A row of a person, in one of several imports. */
export interface PersonRow extends StoredRow {
  batch: string;
}

export interface RowFilter {
  verdict?: RowVerdict | undefined;
  /** A reason's or a warning's key. */
  reason?: string | undefined;
  /** These alone. */
  lines?: readonly number[] | undefined;
}

/** The rows of imports: what each says, what is said of it, and whom it enrolled. */
export function createImportRows(sql: Sql, sealer: Sealer, digest: Digest) {
  const row = (batch: string, found: Row): StoredRow => {
    const line = integer(found, 'line');
    return {
      line,
      verdict: z.enum(['new', 'accepted', 'refused', 'skipped']).parse(found.verdict),
      enrolment: textOrNull(found, 'enrolment'),
      ...contentSchema.parse(openJson(sealer, blob(found, 'sealed'), rowPlace(batch, line))),
    };
  };
  const keys = (reasons: readonly ImportReason[]) => JSON.stringify([...new Set(reasons.map(reasonKey))]);
  const where = ({ verdict, reason, lines }: RowFilter) => ({
    sql: `batch = ?${verdict === undefined ? '' : ' AND verdict = ?'}${
      reason === undefined
        ? ''
        : ' AND (EXISTS (SELECT 1 FROM json_each(reasons) WHERE value = ?) OR EXISTS (SELECT 1 FROM json_each(warnings) WHERE value = ?))'
    }${lines === undefined ? '' : ' AND line IN (SELECT value FROM json_each(?))'}`,
    values: [
      ...(verdict === undefined ? [] : [verdict]),
      ...(reason === undefined ? [] : [reason, reason]),
      ...(lines === undefined ? [] : [JSON.stringify(lines)]),
    ],
  });

  return {
    /** A number larger than that of any pass over this import so far. */
    nextPass(batch: string): number {
      const found = sql.get('SELECT coalesce(max(pass), 0) + 1 AS pass FROM batch_rows WHERE batch = ?', batch);
      return found === undefined ? 1 : integer(found, 'pass');
    },

    /**
     * Writes rows as they were read; what an earlier pass said of these lines is forgotten, but not whom it enrolled from them: that was sent,
     * is told, and can be given up, also before this pass comes to the row again.
     */
    stage(
      batch: string,
      pass: number,
      rows: readonly (RowContent & { line: number; verdict: RowVerdict; code: string | null })[],
    ): void {
      sql.transaction(() => {
        for (const { line, verdict, code, ...content } of rows)
          sql.run(
            `INSERT INTO batch_rows (batch, line, pass, code, verdict, reasons, warnings, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (batch, line) DO UPDATE SET pass = excluded.pass, verdict = excluded.verdict, reasons = excluded.reasons,
               warnings = excluded.warnings, sealed = excluded.sealed, code = excluded.code,
               enrolment = CASE WHEN code = excluded.code THEN enrolment END`,
            batch,
            line,
            pass,
            code === null ? null : digest('code', code),
            verdict,
            keys(content.reasons),
            keys(content.warnings),
            sealJson(sealer, content, rowPlace(batch, line)),
          );
      });
    },

    /** All rows of a pass are written: those of earlier ones are no longer in the table. */
    staged(batch: string, pass: number): void {
      sql.run('DELETE FROM batch_rows WHERE batch = ? AND pass <> ?', batch, pass);
    },

    /** Lines that share their code with others, in groups; the lines of each ascending. */
    *doubles(batch: string): Generator<number[]> {
      const found = sql.all(
        `SELECT json_group_array(line) AS lines FROM
           (SELECT code, line FROM batch_rows WHERE batch = ? AND code IS NOT NULL AND verdict <> 'skipped' ORDER BY line)
         GROUP BY code HAVING count(*) > 1`,
        batch,
      );
      for (const group of found) yield z.array(z.number()).parse(JSON.parse(text(group, 'lines')));
    },

    /** Rows of an import with this code. */
    withCode: (batch: string, code: string): StoredRow[] =>
      sql
        .all('SELECT * FROM batch_rows WHERE batch = ? AND code = ? ORDER BY line', batch, digest('code', code))
        .map((found) => row(batch, found)),

    row(batch: string, line: number): StoredRow | null {
      const found = sql.get('SELECT * FROM batch_rows WHERE batch = ? AND line = ?', batch, line);
      return found === undefined ? null : row(batch, found);
    },

    /** The rows after a line, in order, a few at a time. */
    after(batch: string, line: number, limit: number, verdict: RowVerdict | null = null): StoredRow[] {
      const rows =
        verdict === null
          ? sql.all('SELECT * FROM batch_rows WHERE batch = ? AND line > ? ORDER BY line LIMIT ?', batch, line, limit)
          : sql.all(
              'SELECT * FROM batch_rows WHERE batch = ? AND line > ? AND verdict = ? ORDER BY line LIMIT ?',
              batch,
              line,
              verdict,
              limit,
            );
      return rows.map((found) => row(batch, found));
    },

    page(batch: string, filter: RowFilter, offset: number, limit: number): { total: number; rows: StoredRow[] } {
      const { sql: terms, values } = where(filter);
      const count = sql.get(`SELECT count(*) AS n FROM batch_rows WHERE ${terms}`, batch, ...values);
      const rows = sql.all(
        `SELECT * FROM batch_rows WHERE ${terms} ORDER BY line LIMIT ? OFFSET ?`,
        batch,
        ...values,
        limit,
        offset,
      );
      return { total: count === undefined ? 0 : integer(count, 'n'), rows: rows.map((found) => row(batch, found)) };
    },

    /** Writes what became of a row. */
    judged(batch: string, line: number, verdict: RowVerdict, content: RowContent): void {
      sql.run(
        'UPDATE batch_rows SET verdict = ?, reasons = ?, warnings = ?, sealed = ? WHERE batch = ? AND line = ?',
        verdict,
        keys(content.reasons),
        keys(content.warnings),
        sealJson(sealer, content, rowPlace(batch, line)),
        batch,
        line,
      );
    },

    /** Rows nothing is said against are accepted as they are, where no photo is looked at. */
    acceptRead(batch: string): void {
      sql.run(`UPDATE batch_rows SET verdict = 'accepted' WHERE batch = ? AND verdict = 'new'`, batch);
    },

    /** A row's person was enrolled, now or before. */
    link(batch: string, line: number, enrolment: string): void {
      sql.run('UPDATE batch_rows SET enrolment = ? WHERE batch = ? AND line = ?', enrolment, batch, line);
    },

    /** All rows of a person in whatever import. */
    ofCode: (code: string): PersonRow[] =>
      sql.all('SELECT * FROM batch_rows WHERE code = ? ORDER BY batch, line', digest('code', code)).map((found) => {
        const batch = text(found, 'batch');
        return { batch, ...row(batch, found) };
      }),
    eraseRows(code: string): void {
      sql.run('DELETE FROM batch_rows WHERE code = ?', digest('code', code));
    },
  };
}
