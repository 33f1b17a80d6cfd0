import { randomUUID } from 'node:crypto';
import type { SQLInputValue } from 'node:sqlite';
import { z } from 'zod';
import { type Person, personSchema } from '#shared/person';
import type { VisitWindow } from '#shared/visits';
import { openJson, type Sealer, sealJson } from '../vault/seal.ts';
import { blob, integer, integerOrNull, type Row, type Sql, text, textOrNull } from './sql.ts';

/** A visit as the journal keeps it. Times are ms since the epoch. */
export interface VisitRecord extends VisitWindow {
  id: string;
  /** The journal's number of the person; null until they are enrolled. */
  personRef: string | null;
  enrolment: string | null;
  person: Person;
  /** The host's name as a platform told it; null where the host is known here, or by nobody. */
  hostName: string | null;
  arrivedAt: number | null;
  leftAt: number | null;
}

/** What an enrolment says of a visit. */
export interface VisitPlan extends VisitWindow {
  /** Null when they were only enrolled ahead. */
  arrivedAt: number | null;
  /** See `VisitRecord`. */
  hostName: string | null;
}

/** Where a visit is sealed: it does not open anywhere else. */
export const visitPlace = (id: string) => `visit:${id}`;

/** What is sealed of a visit. Those of before platforms were asked for hosts hold the person alone. */
export const sealedVisit = z.union([
  z.strictObject({ person: personSchema, hostName: z.string().nullable() }),
  personSchema.transform((person) => ({ person, hostName: null })),
]);

export type Visits = ReturnType<typeof createVisits>;

/**
 * Visits: registered ahead, or begun by an enrolment. Who comes is sealed; a code is found by its keyed digest. A visit goes with its person,
 * and knows its enrolment as long as that is kept.
 */
export function createVisits(sql: Sql, sealer: Sealer) {
  const record = (row: Row): VisitRecord => {
    const id = text(row, 'id');
    return {
      id,
      personRef: textOrNull(row, 'person'),
      enrolment: textOrNull(row, 'enrolment'),
      ...sealedVisit.parse(openJson(sealer, blob(row, 'sealed'), visitPlace(id))),
      from: integer(row, 'from_at'),
      to: integer(row, 'to_at'),
      arrivedAt: integerOrNull(row, 'arrived_at'),
      leftAt: integerOrNull(row, 'left_at'),
    };
  };
  const rows = (query: string, ...values: SQLInputValue[]) => sql.all(query, ...values).map(record);

  const find = (id: string): VisitRecord | null => {
    const row = sql.get('SELECT * FROM visits WHERE id = ?', id);
    return row === undefined ? null : record(row);
  };

  const sealed = (id: string, person: Person, hostName: string | null) =>
    sealJson(sealer, { person, hostName } satisfies z.input<typeof sealedVisit>, visitPlace(id));

  function insert(person: Person, { from, to, hostName }: Omit<VisitPlan, 'arrivedAt'>, at: number): string {
    const id = randomUUID();
    sql.run(
      'INSERT INTO visits (id, code_index, sealed, from_at, to_at, created_at) VALUES (?, ?, ?, ?, ?, ?)',
      id,
      sealer.index(person.code),
      sealed(id, person, hostName),
      from,
      to,
      at,
    );
    return id;
  }

  return {
    find,

    /** Registers a visit ahead; its id. */
    insert,

    /**
     * An enrolment of a visitor, in its transaction: it becomes part of their visit at that time, registered or begun, or begins a new one.
     * Whoever comes again has left before, told or not.
     */
    enrolled(person: Person, ref: string, enrolment: string, plan: VisitPlan, at: number): void {
      const { from, to, arrivedAt } = plan;
      const index = sealer.index(person.code);
      if (arrivedAt !== null)
        sql.run(
          `UPDATE visits SET left_at = ? WHERE code_index = ? AND arrived_at IS NOT NULL AND left_at IS NULL AND to_at <= ?`,
          at,
          index,
          from,
        );
      const open = sql.get(
        `SELECT id FROM visits WHERE code_index = ? AND left_at IS NULL AND from_at < ? AND to_at > ?
         ORDER BY arrived_at IS NULL, from_at LIMIT 1`,
        index,
        to,
        from,
      );
      const id = open === undefined ? insert(person, plan, at) : text(open, 'id');
      const before = find(id);
      const sameHost = before !== null && before.person.visit?.host === person.visit?.host;
      const hostName = plan.hostName ?? (sameHost ? before.hostName : null);
      sql.run(
        `UPDATE visits SET person = ?, enrolment = ?, sealed = ?, from_at = ?, to_at = ?, arrived_at = coalesce(arrived_at, ?)
         WHERE id = ?`,
        ref,
        enrolment,
        sealed(id, person, hostName),
        from,
        to,
        arrivedAt,
        id,
      );
    },

    /** Whose time touches a day, who left on it, and whoever is still here. */
    ofDay: ({ from, to }: VisitWindow): VisitRecord[] =>
      rows(
        `SELECT * FROM visits WHERE (from_at < ?2 AND to_at > ?1 AND left_at IS NULL)
           OR (arrived_at IS NOT NULL AND left_at IS NULL) OR (left_at >= ?1 AND left_at < ?2)`,
        from,
        to,
      ),

    /** Registered for a later time and not begun. */
    after: (time: number): VisitRecord[] =>
      rows('SELECT * FROM visits WHERE from_at >= ? AND arrived_at IS NULL AND left_at IS NULL', time),

    /** Newest first; of everybody, or of one code. */
    latest: (code?: string): VisitRecord[] =>
      code === undefined
        ? rows('SELECT * FROM visits ORDER BY from_at DESC, seq DESC')
        : rows('SELECT * FROM visits WHERE code_index = ? ORDER BY from_at DESC, seq DESC', sealer.index(code)),

    /** The visit an enrolment belongs to. */
    ofEnrolment(enrolment: string): VisitRecord | null {
      const row = sql.get('SELECT * FROM visits WHERE enrolment = ?', enrolment);
      return row === undefined ? null : record(row);
    },

    arrive: (id: string, at: number): boolean =>
      sql.run('UPDATE visits SET arrived_at = ? WHERE id = ? AND arrived_at IS NULL AND left_at IS NULL', at, id) > 0,

    leave: (id: string, at: number): boolean =>
      sql.run('UPDATE visits SET left_at = ? WHERE id = ? AND arrived_at IS NOT NULL AND left_at IS NULL', at, id) > 0,

    /** Forgets a visit nobody has come for. */
    cancel: (id: string): boolean => sql.run('DELETE FROM visits WHERE id = ? AND arrived_at IS NULL', id) > 0,

    /** Whether somebody has no visit that goes on or is to come, so that nothing they were given is needed any more. */
    isOver: (ref: string): boolean =>
      sql.get('SELECT 1 FROM visits WHERE person = ? AND left_at IS NULL', ref) === undefined,

    /** People who have left and whom a platform may still let in: ids of their last visits, oldest first. */
    unfinished: (): string[] =>
      sql
        .all(
          `SELECT max(seq), id FROM visits WHERE left_at IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM visits open WHERE open.person = visits.person AND open.left_at IS NULL)
             AND EXISTS (SELECT 1 FROM deliveries WHERE deliveries.person = visits.person)
           GROUP BY person ORDER BY 1`,
        )
        .map((row) => text(row, 'id')),

    /** Everything of one code, registered or begun: for a person who is removed. */
    forget: (code: string): number => sql.run('DELETE FROM visits WHERE code_index = ?', sealer.index(code)),

    /** Forgets visits that were over before a time; the people they were of. Nobody who is still here. */
    forgetBefore(time: number): { visits: number; people: string[] } {
      const gone = sql.all(
        `DELETE FROM visits WHERE left_at < ?1 OR (arrived_at IS NULL AND to_at < ?1) RETURNING person`,
        time,
      );
      const people = new Set(gone.flatMap((row) => textOrNull(row, 'person') ?? []));
      const without = [...people].filter((ref) => sql.get('SELECT 1 FROM visits WHERE person = ?', ref) === undefined);
      return { visits: gone.length, people: without };
    },
  };
}
