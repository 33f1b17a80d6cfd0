import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type PresenceRecord, presenceRecord } from '#shared/calls/presence';
import { type Person, personSchema } from '#shared/person';
import { type Head, headSchema } from '../imaging/geometry.ts';
import { openJson, type Sealer, sealJson } from '../vault/seal.ts';
import { blob, integer, type Row, type Sql, text } from './sql.ts';

/** An enrolment as it was written: who, with which photo. Its deliveries are in the queue. */
export interface EnrolmentRecord {
  id: string;
  /** The journal's own number of the person; the same for all enrolments with one code. */
  personRef: string;
  person: Person;
  createdAt: number;
  /** The text the person agreed to, and when; null where nobody told. */
  consent: Consent | null;
  /** What the page told of the presence check before the picture; null where no camera was asked. */
  presence: PresenceRecord | null;
}

/** Which text somebody agreed to, and when, ms since the epoch. */
export interface Consent {
  version: string;
  at: number;
}

export interface PhotoRecord {
  version: string;
  head: Head;
  deleted: boolean;
}

/** Where a record is sealed: it does not open anywhere else. */
export const personPlace = (enrolment: string) => `person:${enrolment}`;
export const itemPlace = (name: string) => `item:${name}`;
const place = personPlace;

export type Records = ReturnType<typeof createRecords>;

/** People, their enrolments and the photos' particulars. Personal data is sealed; a code is found by its keyed digest. */
export function createRecords(sql: Sql, sealer: Sealer) {
  const enrolment = (row: Row): EnrolmentRecord => {
    const id = text(row, 'id');
    return {
      id,
      personRef: text(row, 'person'),
      person: personSchema.parse(openJson(sealer, blob(row, 'sealed'), place(id))),
      createdAt: integer(row, 'created_at'),
      consent:
        row.consent_version === null ? null : { version: text(row, 'consent_version'), at: integer(row, 'consent_at') },
      presence: row.presence === null ? null : presenceRecord.parse(JSON.parse(text(row, 'presence'))),
    };
  };

  const personRef = (code: string): string | null => {
    const row = sql.get('SELECT id FROM people WHERE code_index = ?', sealer.index(code));
    return row === undefined ? null : text(row, 'id');
  };

  return {
    /** Inside the transaction that writes the deliveries. The journal's number of the person. */
    insert(
      entry: {
        id: string;
        person: Person;
        photo: { version: string; head: Head };
        consent?: Consent | null;
        presence?: PresenceRecord | null;
      },
      at: number,
    ): string {
      let ref = personRef(entry.person.code);
      if (ref === null) {
        ref = randomUUID();
        const index = sealer.index(entry.person.code);
        sql.run('INSERT INTO people (id, code_index, created_at) VALUES (?, ?, ?)', ref, index, at);
      }
      sql.run(
        'INSERT INTO enrolments (id, person, sealed, created_at, consent_version, consent_at, presence) VALUES (?, ?, ?, ?, ?, ?, ?)',
        entry.id,
        ref,
        sealJson(sealer, entry.person, place(entry.id)),
        at,
        entry.consent?.version ?? null,
        entry.consent?.at ?? null,
        entry.presence ? JSON.stringify(entry.presence) : null,
      );
      sql.run(
        'INSERT INTO photos (enrolment, version, head) VALUES (?, ?, ?)',
        entry.id,
        entry.photo.version,
        JSON.stringify(entry.photo.head),
      );
      return ref;
    },

    find(id: string): EnrolmentRecord | null {
      const row = sql.get('SELECT * FROM enrolments WHERE id = ?', id);
      return row === undefined ? null : enrolment(row);
    },

    /** Newest first; with `somewhere` only those a platform has or is to get, so not of visitors who were checked out. */
    latest: (limit: number, { somewhere = false } = {}): EnrolmentRecord[] =>
      sql
        .all(
          `SELECT * FROM enrolments WHERE ? = 0
             OR EXISTS (SELECT 1 FROM deliveries WHERE deliveries.enrolment = enrolments.id)
           ORDER BY seq DESC LIMIT ?`,
          Number(somewhere),
          limit,
        )
        .map(enrolment),

    personRef,

    /** The person as last enrolled; null when the code is not known here. */
    byCode(code: string): EnrolmentRecord | null {
      const row = sql.get(
        `SELECT enrolments.* FROM enrolments JOIN people ON people.id = enrolments.person
         WHERE people.code_index = ? ORDER BY enrolments.seq DESC LIMIT 1`,
        sealer.index(code),
      );
      return row === undefined ? null : enrolment(row);
    },

    /** Newest first. */
    ofPerson: (ref: string): EnrolmentRecord[] =>
      sql.all('SELECT * FROM enrolments WHERE person = ? ORDER BY seq DESC', ref).map(enrolment),

    /** Everybody as last enrolled, newest first: what a search compares. Checked lightly, for there are thousands. */
    *everybody(): Generator<{ enrolment: string } & Pick<Person, 'code' | 'name' | 'kind'>> {
      const rows = sql.all(
        `SELECT id, sealed FROM enrolments
         WHERE seq = (SELECT max(seq) FROM enrolments other WHERE other.person = enrolments.person) ORDER BY seq DESC`,
      );
      for (const row of rows) {
        const id = text(row, 'id');
        const { code, name, kind } = openJson(sealer, blob(row, 'sealed'), place(id)) as Person;
        yield { enrolment: id, code, name, kind };
      }
    },

    photo(id: string): PhotoRecord | null {
      const row = sql.get('SELECT * FROM photos WHERE enrolment = ?', id);
      if (row === undefined) return null;
      return {
        version: text(row, 'version'),
        head: headSchema.parse(z.json().parse(JSON.parse(text(row, 'head')))),
        deleted: row.deleted_at !== null,
      };
    },

    /** Marks a photo as deleted, if it still is to be: from here on nobody counts on it. */
    markPhotoDeleted: (id: string, at: number): boolean =>
      sql.run(
        'UPDATE photos SET deleted_at = ? WHERE enrolment = ? AND deleted_at IS NULL AND expires_at <= ?',
        at,
        id,
        at,
      ) > 0,

    /** The file could not be deleted: the mark is taken back. */
    keepPhoto(id: string): void {
      sql.run('UPDATE photos SET deleted_at = NULL WHERE enrolment = ?', id);
    },

    /** Marks the photos of a person's enrolments as deleted that nothing is delivered of any more; ids of the enrolments. */
    dropPhotos: (ref: string, at: number): string[] =>
      sql
        .all(
          `UPDATE photos SET deleted_at = ? WHERE deleted_at IS NULL AND enrolment IN
             (SELECT id FROM enrolments WHERE person = ? AND NOT EXISTS
               (SELECT 1 FROM deliveries WHERE deliveries.enrolment = enrolments.id))
           RETURNING enrolment`,
          at,
          ref,
        )
        .map((row) => text(row, 'enrolment')),

    /** Forgets enrolments of a person that have no delivery left, and the person with the last of them. Ids of the enrolments. */
    eraseEmpty(ref: string): string[] {
      return sql.transaction(() => {
        const gone = sql
          .all(
            `DELETE FROM enrolments WHERE person = ? AND NOT EXISTS
               (SELECT 1 FROM deliveries WHERE deliveries.enrolment = enrolments.id) RETURNING id`,
            ref,
          )
          .map((row) => text(row, 'id'));
        sql.run(
          'DELETE FROM people WHERE id = ? AND NOT EXISTS (SELECT 1 FROM enrolments WHERE person = people.id)',
          ref,
        );
        return gone;
      });
    },

    /** Enrolments that nothing happened with since a time and nothing will: all delivered or given up. Oldest first, a few at a time. */
    settledBefore: (time: number, limit: number): string[] =>
      sql
        .all(
          `SELECT id FROM enrolments WHERE created_at < ? AND NOT EXISTS
             (SELECT 1 FROM deliveries WHERE deliveries.enrolment = enrolments.id
               AND (updated_at >= ? OR next_check_at IS NOT NULL OR state NOT IN ('delivered','verified','abandoned')))
           ORDER BY seq LIMIT ?`,
          time,
          time,
          limit,
        )
        .map((row) => text(row, 'id')),

    /** Forgets enrolments with their deliveries, and people without any other. */
    forget(ids: readonly string[]): void {
      sql.transaction(() => {
        for (const id of ids) sql.run('DELETE FROM enrolments WHERE id = ?', id);
        sql.run('DELETE FROM people WHERE NOT EXISTS (SELECT 1 FROM enrolments WHERE person = people.id)');
      });
    },

    /** A sealed value under a name; null when it was never set. */
    item(name: string): unknown {
      const row = sql.get('SELECT sealed FROM items WHERE name = ?', name);
      return row === undefined ? null : openJson(sealer, blob(row, 'sealed'), itemPlace(name));
    },

    setItem(name: string, value: unknown, at: number): void {
      sql.run(
        `INSERT INTO items (name, sealed, updated_at) VALUES (?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at`,
        name,
        sealJson(sealer, value, itemPlace(name)),
        at,
      );
    },
  };
}
