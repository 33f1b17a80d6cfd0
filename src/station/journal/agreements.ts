import { z } from 'zod';
import { criteriaSchema } from '#shared/quality';
import type { Answer, Disagreement, Expected } from '../diagnostics/agreement.ts';
import { integer, type Row, type Sql, text, textOrNull } from './sql.ts';

/** A disagreement as the journal keeps it. */
export interface DisagreementRow extends Disagreement {
  /** Milliseconds since the epoch, to the hour. */
  at: number;
  platform: string;
  kind: string;
}

/** How often a platform's answers were foretold. */
export interface AgreementCounts {
  platform: string;
  kind: string;
  agreed: number;
  strict: number;
  lenient: number;
  other: number;
  since: number;
  lastAt: number;
}

/** Disagreements kept of one platform; older ones go, and stay in the counts. */
export const KEPT_DISAGREEMENTS = 500;

/** Times are kept to the hour: to the millisecond they would point at the audit trail's row of the same delivery, and so at somebody. */
const HOUR_MS = 3_600_000;

const expectedSchema = z.object({
  prediction: z.object({ code: z.union([z.string(), z.number()]), message: z.string() }).nullable(),
  live: criteriaSchema.nullable(),
});

/** What was heard last of a delivery's picture, so that a retry that asks again does not count twice. `:` is in no platform's code. */
const TAKEN = ':taken';

export type Agreements = ReturnType<typeof createAgreements>;

/**
 * What platforms answered about pictures beside what was foretold: counts, and the latest disagreements. Nothing here refers to a delivery, an
 * enrolment or a person; what is foretold of one delivery lies with that delivery and goes with it.
 */
export function createAgreements(sql: Sql) {
  const number = (row: Row, column: string): number | null => {
    const value = row[column];
    return typeof value === 'number' ? value : null;
  };

  return {
    /** Writes down what is foretold of a delivery, in the transaction that writes the delivery. */
    expect(delivery: string, expected: Expected): void {
      sql.run('UPDATE deliveries SET expected = ? WHERE id = ?', JSON.stringify(expected), delivery);
    },

    /** What was foretold of a delivery; null where nothing was, or this very answer was heard already. */
    expected(delivery: string, answer: Answer): Expected | null {
      const row = sql.get('SELECT expected, heard FROM deliveries WHERE id = ?', delivery);
      if (row === undefined || row.expected === null || row.heard === (answer?.code ?? TAKEN)) return null;
      return expectedSchema.parse(JSON.parse(text(row, 'expected')));
    },

    /** Counts an answer, and keeps what it teaches (null: it was foretold). Belongs in one transaction with the delivery's state. */
    hear(
      from: { delivery: string; platform: string; kind: string },
      answer: Answer,
      disagreement: Disagreement | null,
      now: number,
    ): void {
      const at = Math.floor(now / HOUR_MS) * HOUR_MS;
      const { delivery, platform, kind } = from;
      const verdict = disagreement?.verdict ?? 'agreed';
      sql.run('UPDATE deliveries SET heard = ? WHERE id = ?', answer?.code ?? TAKEN, delivery);
      sql.run(
        `INSERT INTO quality_counts (platform, kind, ${verdict}, since, last_at) VALUES (?, ?, 1, ?, ?)
         ON CONFLICT (platform, kind) DO UPDATE SET ${verdict} = ${verdict} + 1, last_at = excluded.last_at`,
        platform,
        kind,
        at,
        at,
      );
      if (disagreement === null) return;
      const { measure, value, limit, predicted, answered, message } = disagreement;
      sql.run(
        `INSERT INTO quality_disagreements (at, platform, kind, verdict, measure, value, low, high, predicted, answered, message)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        at,
        platform,
        kind,
        verdict,
        measure,
        value === null ? null : Number(value.toPrecision(4)),
        limit.min ?? null,
        limit.max ?? null,
        predicted,
        answered,
        message,
      );
      sql.run(
        `DELETE FROM quality_disagreements WHERE platform = ?1 AND kind = ?2 AND id <=
           (SELECT id FROM quality_disagreements WHERE platform = ?1 AND kind = ?2 ORDER BY id DESC LIMIT 1 OFFSET ?3)`,
        platform,
        kind,
        KEPT_DISAGREEMENTS,
      );
    },

    counts: (): AgreementCounts[] =>
      sql.all('SELECT * FROM quality_counts ORDER BY platform, kind').map((row) => ({
        platform: text(row, 'platform'),
        kind: text(row, 'kind'),
        agreed: integer(row, 'agreed'),
        strict: integer(row, 'strict'),
        lenient: integer(row, 'lenient'),
        other: integer(row, 'other'),
        since: integer(row, 'since'),
        lastAt: integer(row, 'last_at'),
      })),

    /** Newest first. */
    disagreements: (): DisagreementRow[] =>
      sql.all('SELECT * FROM quality_disagreements ORDER BY id DESC').map((row) => {
        const [min, max] = [number(row, 'low'), number(row, 'high')];
        return {
          at: integer(row, 'at'),
          platform: text(row, 'platform'),
          kind: text(row, 'kind'),
          verdict: z.enum(['strict', 'lenient', 'other']).parse(row.verdict),
          measure: textOrNull(row, 'measure') as Disagreement['measure'],
          value: number(row, 'value'),
          limit: { ...(min !== null && { min }), ...(max !== null && { max }) },
          predicted: textOrNull(row, 'predicted'),
          answered: textOrNull(row, 'answered'),
          message: textOrNull(row, 'message'),
        };
      }),

    /** Forgets counts and disagreements of a platform, or (null) of all; how many answers were counted. */
    clear(platform: string | null): number {
      return sql.transaction(() => {
        const [where, values] = platform === null ? ['', []] : ['WHERE platform = ?', [platform]];
        const row = sql.get(
          `SELECT coalesce(sum(agreed + strict + lenient + other), 0) AS answers FROM quality_counts ${where}`,
          ...values,
        );
        sql.run(`DELETE FROM quality_counts ${where}`, ...values);
        sql.run(`DELETE FROM quality_disagreements ${where}`, ...values);
        return row === undefined ? 0 : integer(row, 'answers');
      });
    },
  };
}
