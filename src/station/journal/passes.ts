import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { RecognitionRecord } from '#platforms/contract';
import type { GateProof } from '#shared/gates';
import { openJson, type Sealer, sealJson } from '../vault/seal.ts';
import type { SealedItems } from './audit.ts';
import { blob, integer, integerOrNull, type Row, type Sql, text, textOrNull } from './sql.ts';

/** So many passes of a platform are kept at most; older ones go. */
export const KEPT_PASSES = 500;

/** Somebody who passed a door, as the journal keeps it: the record's own words sealed, without any picture and without a name. */
export interface PassRow {
  id: string;
  platform: string;
  at: number;
  /** The journal's number of the person; null for everybody who was not enrolled here, and for who was removed since. */
  person: string | null;
  record: string;
  gate: string | null;
  kind: RecognitionRecord['kind'];
  method: RecognitionRecord['method'];
  similarity: number | null;
  passed: boolean | null;
  proof: boolean;
}

/** Where an enrolment stands that a pass may prove. */
export interface Provable {
  delivery: string;
  enrolment: string;
  deliveredAt: number | null;
}

const sealedPass = z.object({
  record: z.string(),
  gate: z.string().nullable(),
  kind: z.enum(['staff', 'visitor', 'stranger', 'other']),
  method: z.enum(['face', 'card', 'code', 'other']),
  similarity: z.number().nullable(),
  passed: z.boolean().nullable(),
});
const sealedProof = z.object({ gate: z.string().nullable(), similarity: z.number().nullable() });

/** Where a pass and a proof are sealed: they do not open anywhere else. */
export const passPlace = (id: string) => `pass:${id}`;
export const proofPlace = (delivery: string) => `proof:${delivery}`;
/** A record is known again by a keyed digest. */
export const passIndex = (sealer: Sealer, platform: string, record: string) =>
  sealer.index(`pass ${platform} ${record}`);

const silenceItem = (platform: string) => `gates:${platform}`;
const cursorItem = (platform: string) => `passes:${platform}`;

export type Passes = ReturnType<typeof createPasses>;

/** Who passed the doors lately, and the first pass of each enrolment. A proof goes with its delivery. */
export function createPasses(sql: Sql, sealer: Sealer, items: SealedItems) {
  const pass = (row: Row): PassRow => {
    const id = text(row, 'id');
    return {
      id,
      platform: text(row, 'platform'),
      at: integer(row, 'at'),
      person: textOrNull(row, 'person'),
      ...sealedPass.parse(openJson(sealer, blob(row, 'sealed'), passPlace(id))),
      proof: integer(row, 'proof') > 0,
    };
  };
  const columns = 'passes.*, EXISTS (SELECT 1 FROM proofs WHERE proofs.pass = passes.id) AS proof';

  return {
    /** Of a record that is kept: its pass. */
    find(platform: string, record: string): string | null {
      const row = sql.get('SELECT id FROM passes WHERE record = ?', passIndex(sealer, platform, record));
      return row === undefined ? null : text(row, 'id');
    },

    /** Keeps a pass that `find` does not know, and drops the platform's oldest beyond those kept; its id. */
    insert(platform: string, { id: record, at, place, ...told }: RecognitionRecord, person: string | null): string {
      const id = randomUUID();
      const { kind, method, similarity, passed } = told;
      const sealed: z.infer<typeof sealedPass> = { record, gate: place, kind, method, similarity, passed };
      sql.run(
        'INSERT INTO passes (id, record, platform, person, at, sealed) VALUES (?, ?, ?, ?, ?, ?)',
        id,
        passIndex(sealer, platform, record),
        platform,
        person,
        at,
        sealJson(sealer, sealed, passPlace(id)),
      );
      sql.run(
        `DELETE FROM passes WHERE seq IN
           (SELECT seq FROM passes WHERE platform = ? ORDER BY at DESC, seq DESC LIMIT -1 OFFSET ?)`,
        platform,
        KEPT_PASSES,
      );
      return id;
    },

    /** The time up to which passes of a platform may have been dropped to make room; null as long as there is room. */
    droppedUntil(platform: string): number | null {
      const row = sql.get('SELECT count(*) AS n, min(at) AS first FROM passes WHERE platform = ?', platform);
      return row === undefined || integer(row, 'n') < KEPT_PASSES ? null : integerOrNull(row, 'first');
    },

    get(id: string): PassRow | null {
      const row = sql.get(`SELECT ${columns} FROM passes WHERE id = ?`, id);
      return row === undefined ? null : pass(row);
    },

    /** Newest first. */
    list: (limit: number): PassRow[] =>
      sql.all(`SELECT ${columns} FROM passes ORDER BY at DESC, seq DESC LIMIT ?`, limit).map(pass),

    /** Newest first. */
    ofPerson: (ref: string): PassRow[] =>
      sql.all(`SELECT ${columns} FROM passes WHERE person = ? ORDER BY at DESC, seq DESC`, ref).map(pass),

    /** Forgets passes before a time; how many. */
    forgetBefore: (time: number): number => sql.run('DELETE FROM passes WHERE at < ?', time),

    /** Up to which record of a platform everything was read; null before the first. */
    cursor(platform: string): number | null {
      return z
        .number()
        .nullable()
        .catch(null)
        .parse(items.item(cursorItem(platform)));
    },
    setCursor(platform: string, at: number, now: number): void {
      items.setItem(cursorItem(platform), at, now);
    },

    /** When gates were heard of last, as the monitor wrote it down. */
    silences: (platform: string): unknown => items.item(silenceItem(platform)),
    setSilences(platform: string, silences: unknown, now: number): void {
      items.setItem(silenceItem(platform), silences, now);
    },

    /** The newest delivery of somebody to a platform, when the platform has them and no pass has proven it yet. */
    provable(person: string, platform: string): Provable | null {
      const row = sql.get(
        `SELECT id, enrolment, delivered_at, state, EXISTS (SELECT 1 FROM proofs WHERE delivery = deliveries.id) AS proven
         FROM deliveries WHERE person = ? AND platform = ? ORDER BY seq DESC LIMIT 1`,
        person,
        platform,
      );
      if (row === undefined || integer(row, 'proven') > 0) return null;
      if (row.state !== 'delivered' && row.state !== 'verified') return null;
      return {
        delivery: text(row, 'id'),
        enrolment: text(row, 'enrolment'),
        deliveredAt: integerOrNull(row, 'delivered_at'),
      };
    },

    /** Marks the first pass on a delivery. False when another process was first. */
    prove({ delivery, gate, at, similarity }: Omit<GateProof, 'enrolment' | 'platform'>, pass: string | null): boolean {
      const sealed: z.infer<typeof sealedProof> = { gate, similarity };
      return (
        sql.run(
          'INSERT OR IGNORE INTO proofs (delivery, pass, at, sealed) VALUES (?, ?, ?, ?)',
          delivery,
          pass,
          at,
          sealJson(sealer, sealed, proofPlace(delivery)),
        ) > 0
      );
    },

    /** Of all enrolments of somebody, oldest first. */
    proofsOf: (person: string): GateProof[] =>
      sql
        .all(
          `SELECT proofs.delivery, proofs.at, proofs.sealed, deliveries.enrolment, deliveries.platform
           FROM proofs JOIN deliveries ON deliveries.id = proofs.delivery WHERE deliveries.person = ? ORDER BY proofs.at`,
          person,
        )
        .map((row) => {
          const delivery = text(row, 'delivery');
          return {
            delivery,
            enrolment: text(row, 'enrolment'),
            platform: text(row, 'platform'),
            at: integer(row, 'at'),
            ...sealedProof.parse(openJson(sealer, blob(row, 'sealed'), proofPlace(delivery))),
          };
        }),
  };
}
