import { z } from 'zod';
import type { DeliveryState } from '#shared/delivery';
import { integer, type Sql, text, textOrNull } from './sql.ts';

/** What became of imports: who was enrolled, known by the content (person and photo) whatever file it came in, and counts of all that. */
export function createImportOutcome(sql: Sql) {
  return {
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
  };
}
