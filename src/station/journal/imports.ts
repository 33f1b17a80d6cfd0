import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type ImportReason, importReasonSchema, reasonKey } from '#shared/calls/import';
import type { DeliveryState } from '#shared/delivery';
import { openJson, type Sealer, sealJson } from '../vault/seal.ts';
import type { Records } from './records.ts';
import { blob, integer, type Row, type Sql, text, textOrNull } from './sql.ts';

/** Where the sealed parts of imports are bound to. */
export const rowPlace = (batch: string, line: number) => `batch-row:${batch}:${line}`;
export const lookPlace = (photo: Uint8Array) => `look:${Buffer.from(photo).toString('hex')}`;

/** Name of the item that holds the key of digests: its own, so that they outlive a change of the data key. */
const IMPORT_KEY = 'import-key';

const DAY_MS = 24 * 60 * 60_000;

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

/** Digest of a value under the journal's own key: equal values are found, and tell nothing. */
export type Digest = (kind: 'code' | 'photo' | 'content' | 'batch', value: string | Uint8Array) => Uint8Array;

/** A look at a photo that need not be taken again; sealed. */
const lookSchema = z.object({ inspection: z.unknown(), descriptor: z.string().nullable() });
export type StoredLook = z.infer<typeof lookSchema>;

export interface RowFilter {
  verdict?: RowVerdict | undefined;
  /** A reason's or a warning's key. */
  reason?: string | undefined;
  /** These alone. */
  lines?: readonly number[] | undefined;
}

export type ImportRecords = ReturnType<typeof createImportRecords>;

/**
 * Imports in the journal: every row of a table with its verdict, so that 100,000 rows need no memory and nothing is lost when the process is.
 * What was enrolled is known by its content (person and photo), whatever file it came in.
 */
export function createImportRecords(sql: Sql, sealer: Sealer, records: Pick<Records, 'item' | 'setItem'>) {
  let key: Buffer | null = null;
  const digest: Digest = (kind, value) => {
    if (key === null) {
      // Another process may be making it this moment.
      const stored = sql.transaction(() => {
        const known = records.item(IMPORT_KEY);
        if (typeof known === 'string') return known;
        const made = randomBytes(32).toString('base64');
        records.setItem(IMPORT_KEY, made, 0);
        return made;
      });
      key = Buffer.from(stored, 'base64');
    }
    // Codes that differ in case alone are one on most platforms, and their photos are one in every folder.
    const text = kind === 'code' && typeof value === 'string' ? value.normalize('NFKC').toLowerCase() : value;
    return createHmac('sha256', key).update(`${kind}:`).update(text).digest();
  };

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
    digest,

    /** The import of this name (a file), new or as it was left; its id. */
    open(name: string, at: number): string {
      return sql.transaction(() => {
        const known = sql.get('SELECT id FROM batches WHERE digest = ?', digest('batch', name));
        if (known !== undefined) {
          sql.run('UPDATE batches SET updated_at = ? WHERE id = ?', at, text(known, 'id'));
          return text(known, 'id');
        }
        const id = randomUUID();
        sql.run(
          'INSERT INTO batches (id, digest, created_at, updated_at) VALUES (?, ?, ?, ?)',
          id,
          digest('batch', name),
          at,
          at,
        );
        return id;
      });
    },

    has: (batch: string): boolean => sql.get('SELECT 1 AS one FROM batches WHERE id = ?', batch) !== undefined,

    /** Imports with rows that nobody looked at yet: they were begun and not finished. The newest first. */
    unfinished: (): { id: string; at: number; rows: number; unchecked: number }[] =>
      sql
        .all(
          `SELECT b.id, b.updated_at, count(*) AS n, sum(r.verdict = 'new') AS unchecked
           FROM batches b JOIN batch_rows r ON r.batch = b.id GROUP BY b.id HAVING unchecked > 0 ORDER BY b.updated_at DESC`,
        )
        .map((found) => ({
          id: text(found, 'id'),
          at: integer(found, 'updated_at'),
          rows: integer(found, 'n'),
          unchecked: integer(found, 'unchecked'),
        })),

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

    /** Deliveries of what was enrolled with this content, newest first; inside the transaction that may add one. */
    enrolled(
      content: Uint8Array,
    ): { enrolment: string; platform: string; state: DeliveryState; code: string | null }[] {
      return sql
        .all(
          `SELECT d.enrolment, d.platform, d.state, d.error FROM imported i JOIN deliveries d ON d.enrolment = i.enrolment
           WHERE i.content = ? ORDER BY d.seq DESC`,
          content,
        )
        .map((found) => {
          const error = textOrNull(found, 'error');
          return {
            enrolment: text(found, 'enrolment'),
            platform: text(found, 'platform'),
            state: text(found, 'state') as DeliveryState,
            code: error === null ? null : z.object({ code: z.string() }).parse(JSON.parse(error)).code,
          };
        });
    },

    /** All enrolments with the same content as this one, oldest first, itself included. */
    enrolledWith: (enrolment: string): string[] =>
      sql
        .all(
          `SELECT DISTINCT e.id FROM imported mine JOIN imported same ON same.content = mine.content
             JOIN enrolments e ON e.id = same.enrolment WHERE mine.enrolment = ? ORDER BY e.seq`,
          enrolment,
        )
        .map((found) => text(found, 'id')),

    /** Inside the transaction that writes the enrolment. */
    remember(content: Uint8Array, enrolment: string): void {
      sql.run('INSERT OR IGNORE INTO imported (content, enrolment) VALUES (?, ?)', content, enrolment);
    },

    count(batch: string): number {
      const found = sql.get('SELECT count(*) AS n FROM batch_rows WHERE batch = ?', batch);
      return found === undefined ? 0 : integer(found, 'n');
    },

    verdicts(batch: string): { verdicts: Record<string, number> } {
      const found = sql.all('SELECT verdict, count(*) AS n FROM batch_rows WHERE batch = ? GROUP BY verdict', batch);
      return { verdicts: Object.fromEntries(found.map((one) => [text(one, 'verdict'), integer(one, 'n')])) };
    },

    /** Deliveries of an import's rows that nobody has begun or that wait. */
    undelivered: (batch: string): string[] =>
      sql
        .all(
          `SELECT d.id FROM batch_rows r JOIN deliveries d ON d.enrolment = r.enrolment
           WHERE r.batch = ? AND d.urgency = 'batch' AND d.state IN ('queued','waiting')`,
          batch,
        )
        .map((found) => text(found, 'id')),

    /** Rows by verdict, by reason and by warning; deliveries by platform and state. */
    summary(batch: string) {
      const tally = (statement: string): Record<string, number> =>
        Object.fromEntries(sql.all(statement, batch).map((found) => [text(found, 'name'), integer(found, 'n')]));
      const deliveries: Record<string, Record<string, number>> = {};
      for (const found of sql.all(
        `SELECT d.platform, d.state, count(*) AS n FROM batch_rows r JOIN deliveries d ON d.enrolment = r.enrolment
         WHERE r.batch = ? GROUP BY d.platform, d.state`,
        batch,
      ))
        deliveries[text(found, 'platform')] = {
          ...deliveries[text(found, 'platform')],
          [text(found, 'state')]: integer(found, 'n'),
        };
      const verdicts = tally('SELECT verdict AS name, count(*) AS n FROM batch_rows WHERE batch = ? GROUP BY verdict');
      const warned = sql.get(`SELECT count(*) AS n FROM batch_rows WHERE batch = ? AND warnings <> '[]'`, batch);
      return {
        verdicts,
        warned: warned === undefined ? 0 : integer(warned, 'n'),
        reasons: tally(
          'SELECT value AS name, count(*) AS n FROM batch_rows, json_each(reasons) WHERE batch = ? GROUP BY value',
        ),
        warnings: tally(
          'SELECT value AS name, count(*) AS n FROM batch_rows, json_each(warnings) WHERE batch = ? GROUP BY value',
        ),
        deliveries,
      };
    },

    look(photo: Uint8Array, at: number): StoredLook | null {
      const found = sql.get('SELECT sealed, used_at FROM looks WHERE photo = ?', photo);
      if (found === undefined) return null;
      // Each write waits for the disk: a day is near enough for what is kept for a week.
      if (at - integer(found, 'used_at') > DAY_MS) sql.run('UPDATE looks SET used_at = ? WHERE photo = ?', at, photo);
      return lookSchema.parse(openJson(sealer, blob(found, 'sealed'), lookPlace(photo)));
    },

    keepLook(photo: Uint8Array, code: string, look: StoredLook, at: number): void {
      sql.run(
        'INSERT OR REPLACE INTO looks (photo, code, sealed, used_at) VALUES (?, ?, ?, ?)',
        photo,
        digest('code', code),
        sealJson(sealer, look, lookPlace(photo)),
        at,
      );
    },

    /** Faces in numbers that earlier imports left, each with its person's code digest; those of an import's own people left out. */
    *faces(batch: string): Generator<{ code: string; descriptor: string }> {
      for (const { photo } of sql.all(
        `SELECT photo FROM looks WHERE code IS NOT NULL
           AND code NOT IN (SELECT code FROM batch_rows WHERE batch = ? AND code IS NOT NULL)`,
        batch,
      )) {
        if (!(photo instanceof Uint8Array)) continue;
        const found = sql.get('SELECT code, sealed FROM looks WHERE photo = ?', photo);
        if (found === undefined) continue;
        const { descriptor } = lookSchema.parse(openJson(sealer, blob(found, 'sealed'), lookPlace(photo)));
        if (descriptor !== null) yield { code: Buffer.from(blob(found, 'code')).toString('hex'), descriptor };
      }
    },

    /** All rows of a person in whatever import, and looks at their photos: they are to be forgotten, or to be shown to them. */
    ofCode(code: string): { line: number; cells: string[] }[] {
      return sql
        .all('SELECT * FROM batch_rows WHERE code = ? ORDER BY batch, line', digest('code', code))
        .map((found) => {
          const { line, cells } = row(text(found, 'batch'), found);
          return { line, cells };
        });
    },
    erase(code: string): void {
      sql.transaction(() => {
        sql.run('DELETE FROM batch_rows WHERE code = ?', digest('code', code));
        sql.run('DELETE FROM looks WHERE code = ?', digest('code', code));
      });
    },

    forget(batch: string): void {
      sql.run('DELETE FROM batches WHERE id = ?', batch);
    },

    /** Imports nobody has touched since a time, and looks nobody has used; the ids of the imports. */
    purge(before: number): string[] {
      return sql.transaction(() => {
        sql.run('DELETE FROM looks WHERE used_at < ?', before);
        return sql
          .all('DELETE FROM batches WHERE updated_at < ? RETURNING id', before)
          .map((found) => text(found, 'id'));
      });
    },

    touch(batch: string, at: number): void {
      sql.run('UPDATE batches SET updated_at = ? WHERE id = ?', at, batch);
    },
  };
}
