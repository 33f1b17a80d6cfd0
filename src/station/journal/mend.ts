import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Fault } from '#shared/fault';
import { type Person, personSchema } from '#shared/person';
import { openJson, type Sealer, sealJson } from '../vault/seal.ts';
import { AUDIT_HEAD, type AuditRow } from './audit.ts';
import { INTERRUPTED, place, type Told } from './delivery-rows.ts';
import { deskFacePlace } from './desk-faces.ts';
import { inspectionPlace } from './inspections.ts';
import { lostOperators, OPERATORS, OPERATORS_LOST } from './operators-item.ts';
import { proofPlace } from './passes.ts';
import { itemPlace, personPlace } from './records.ts';
import { secretPlace } from './secrets.ts';
import { blob, integer, type Row, type Sql, text, textOrNull } from './sql.ts';
import { sealedVisit, visitPlace } from './visits.ts';

/** Something a repair could not bring back, or brought back with less than it had. */
export interface Loss {
  what: 'enrolment' | 'delivery' | 'photo' | 'item' | 'secret' | 'visit';
  id: string;
  /** Plain words, no personal data. */
  note: string;
}

const NOTHING: Told = { personId: null, warnings: [], question: null, doorDetail: null };
const PHOTO_LOST: Fault = {
  kind: 'validation',
  code: 'photo',
  field: 'photo',
  message: 'what the journal knew of the photo was lost when it was damaged: enrol again with a new photo',
};

function opens(sealer: Sealer, sealed: unknown, at: string): unknown {
  if (!(sealed instanceof Uint8Array)) return undefined;
  try {
    return openJson(sealer, sealed, at);
  } catch {
    return undefined;
  }
}

/**
 * Brings salvaged rows back into an order the station can work with: whatever was being sent is to be sent, people are known by their
 * codes again, and deliveries that were lost are written anew from what the audit trail says of their enrolment. Connectors look
 * everybody up before they add, so that sending once more does no harm. Inside one transaction, foreign keys off.
 * @param holes tables that could not be read whole
 */
export function mend(sql: Sql, sealer: Sealer, at: number, holes: ReadonlySet<string>): Loss[] {
  const lost: Loss[] = [];
  const people = mendEnrolments(sql, sealer, lost);
  mendPeople(sql, sealer, people, at);
  mendPhotos(sql, lost);
  mendInspections(sql, sealer);
  mendDeliveries(sql, sealer, lost);
  restoreDeliveries(sql, sealer, at, lost);
  mendVisits(sql, sealer, lost);
  mendProofs(sql, sealer);
  for (const { name, sealed } of sql.all('SELECT name, sealed FROM items')) {
    if (opens(sealer, sealed, itemPlace(String(name))) !== undefined) continue;
    sql.run('DELETE FROM items WHERE name = ?', String(name));
    lost.push({ what: 'item', id: String(name), note: 'could not be opened any more' });
  }
  for (const { platform, field, sealed } of sql.all('SELECT platform, field, sealed FROM secrets')) {
    if (opens(sealer, sealed, secretPlace(String(platform), String(field))) !== undefined) continue;
    sql.run('DELETE FROM secrets WHERE platform = ? AND field = ?', String(platform), String(field));
    lost.push({ what: 'secret', id: `${platform}.${field}`, note: 'could not be opened any more: set it again' });
  }
  mendOperators(sql, sealer, at, holes, lost);
  mendAuditHead(sql, sealer, at);
  for (const { enrolment, sealed } of sql.all('SELECT enrolment, sealed FROM desk_faces'))
    if (opens(sealer, sealed, deskFacePlace(String(enrolment))) === undefined)
      sql.run('DELETE FROM desk_faces WHERE enrolment = ?', String(enrolment));
  sql.run('DELETE FROM desk_faces WHERE enrolment NOT IN (SELECT id FROM enrolments)');
  sql.run('DELETE FROM imported WHERE enrolment NOT IN (SELECT id FROM enrolments)');
  sql.run('DELETE FROM steps WHERE delivery NOT IN (SELECT id FROM deliveries)');
  sql.run('DELETE FROM revision');
  sql.run('INSERT INTO revision SELECT 1, coalesce(max(rev), 0) + 1 FROM deliveries');
  return lost;
}

/** Keeps the enrolments whose person can be read; the people by their rows' numbers. */
function mendEnrolments(sql: Sql, sealer: Sealer, lost: Loss[]): Map<string, Person> {
  const people = new Map<string, Person>();
  for (const row of sql.all('SELECT id, person, sealed FROM enrolments ORDER BY seq')) {
    const id = text(row, 'id');
    const person = personSchema.safeParse(opens(sealer, row.sealed, personPlace(id)));
    if (person.success) people.set(text(row, 'person'), person.data);
    else {
      lost.push({ what: 'enrolment', id, note: 'its person cannot be read any more: enrol them again' });
      sql.run('DELETE FROM enrolments WHERE id = ?', id);
    }
  }
  return people;
}

/** Writes the people anew from their enrolments: the index of codes can be made again, the numbers are in the enrolments. */
function mendPeople(sql: Sql, sealer: Sealer, people: ReadonlyMap<string, Person>, at: number): void {
  const created = new Map(
    sql.all('SELECT id, created_at FROM people').map((row) => [text(row, 'id'), integer(row, 'created_at')]),
  );
  sql.run('DELETE FROM people');
  const byCode = new Map<string, string>();
  for (const [id, { code }] of people) {
    const same = byCode.get(code);
    if (same === undefined) {
      byCode.set(code, id);
      const index = sealer.index(code);
      sql.run('INSERT INTO people (id, code_index, created_at) VALUES (?, ?, ?)', id, index, created.get(id) ?? at);
    } else {
      // The row was lost once already and written anew under another number: they are one.
      sql.run('UPDATE enrolments SET person = ? WHERE person = ?', same, id);
      sql.run('UPDATE deliveries SET person = ? WHERE person = ?', same, id);
    }
  }
}

function mendPhotos(sql: Sql, lost: Loss[]): void {
  sql.run('DELETE FROM photos WHERE enrolment NOT IN (SELECT id FROM enrolments)');
  const without = sql.all('SELECT id FROM enrolments WHERE id NOT IN (SELECT enrolment FROM photos)');
  for (const row of without) {
    const id = text(row, 'id');
    const head = JSON.stringify({ centreX: 0, crown: 0, chin: 0 });
    sql.run('INSERT INTO photos (enrolment, version, head, deleted_at) VALUES (?, ?, ?, 0)', id, 'lost', head);
    lost.push({
      what: 'photo',
      id,
      note: 'where the face is in the photo is not known any more: enrol again where it was not delivered',
    });
  }
}

/** What was seen in a picture serves statistics alone: what is damaged of it goes without a word. */
function mendInspections(sql: Sql, sealer: Sealer): void {
  for (const row of sql.all('SELECT enrolment, seen FROM photos WHERE seen IS NOT NULL')) {
    const id = text(row, 'enrolment');
    if (opens(sealer, row.seen, inspectionPlace(id)) === undefined)
      sql.run('UPDATE photos SET seen = NULL WHERE enrolment = ?', id);
  }
}

/** Nobody is at work; what cannot be opened of a delivery is forgotten, the delivery is not. */
function mendDeliveries(sql: Sql, sealer: Sealer, lost: Loss[]): void {
  sql.run("UPDATE deliveries SET state = 'queued', owner = NULL WHERE state = 'running'");
  sql.run('UPDATE deliveries SET owner = NULL');
  sql.run(
    `UPDATE steps SET outcome = 'failed', code = '${INTERRUPTED}', ended_at = started_at WHERE outcome = 'running'`,
  );
  for (const row of sql.all('SELECT id, enrolment, platform, state, sealed, error, expected FROM deliveries')) {
    const id = text(row, 'id');
    const enrolment = sql.get('SELECT person FROM enrolments WHERE id = ?', text(row, 'enrolment'));
    if (enrolment === undefined) {
      sql.run('DELETE FROM deliveries WHERE id = ?', id);
      const where = `for ${text(row, 'platform')}, ${text(row, 'state')}`;
      lost.push({
        what: 'delivery',
        id,
        note: `${where}: its enrolment ${text(row, 'enrolment')} is lost, enrol again`,
      });
      continue;
    }
    sql.run('UPDATE deliveries SET person = ? WHERE id = ?', text(enrolment, 'person'), id);
    if (opens(sealer, row.sealed, place(id)) === undefined)
      sql.run('UPDATE deliveries SET sealed = ? WHERE id = ?', sealJson(sealer, NOTHING, place(id)), id);
    if (row.expected !== null && !isJson(row.expected))
      sql.run('UPDATE deliveries SET expected = NULL WHERE id = ?', id);
    if (row.error !== null && !isJson(row.error)) sql.run('UPDATE deliveries SET error = NULL WHERE id = ?', id);
  }
  // Without its photo a delivery cannot go on: it is shown as refused, and is not lost.
  sql.run(
    `UPDATE deliveries SET state = 'refused', error = ?, next_attempt_at = NULL WHERE state IN ('queued','waiting','asking')
       AND enrolment IN (SELECT enrolment FROM photos WHERE deleted_at IS NOT NULL)`,
    JSON.stringify(PHOTO_LOST),
  );
}

/** Whom a visit is of is known by its code; one that cannot be read is no visit any more. */
function mendVisits(sql: Sql, sealer: Sealer, lost: Loss[]): void {
  for (const row of sql.all('SELECT id, person, sealed FROM visits')) {
    const id = text(row, 'id');
    const visit = sealedVisit.safeParse(opens(sealer, row.sealed, visitPlace(id)));
    if (!visit.success) {
      sql.run('DELETE FROM visits WHERE id = ?', id);
      lost.push({ what: 'visit', id, note: 'who it is of cannot be read any more' });
      continue;
    }
    const index = sealer.index(visit.data.person.code);
    const known = row.person === null ? undefined : sql.get('SELECT id FROM people WHERE code_index = ?', index);
    const ref = known === undefined ? null : text(known, 'id');
    sql.run('UPDATE visits SET code_index = ?, person = ? WHERE id = ?', index, ref, id);
  }
  sql.run('UPDATE visits SET enrolment = NULL WHERE enrolment NOT IN (SELECT id FROM enrolments)');
}

/** A first pass is proven again by the next one: what is damaged of it goes without a word. */
function mendProofs(sql: Sql, sealer: Sealer): void {
  for (const row of sql.all('SELECT delivery, sealed FROM proofs')) {
    const delivery = text(row, 'delivery');
    if (opens(sealer, row.sealed, proofPlace(delivery)) === undefined)
      sql.run('DELETE FROM proofs WHERE delivery = ?', delivery);
  }
  sql.run('UPDATE proofs SET pass = NULL');
  sql.run('DELETE FROM proofs WHERE delivery NOT IN (SELECT id FROM deliveries)');
}

function isJson(value: unknown): boolean {
  try {
    JSON.parse(String(value));
    return true;
  } catch {
    return false;
  }
}

const enrolDetail = z.object({
  enrolment: z.string(),
  platforms: z.string(),
  onExisting: z.enum(['update', 'stop']),
  onSimilar: z.enum(['ask', 'force', 'stop']),
});

type Trail = Pick<AuditRow, 'seq' | 'action' | 'subject' | 'platform' | 'outcome'> & { detail: unknown };

function trailOf(sql: Sql): Trail[] {
  return sql
    .all("SELECT * FROM audit WHERE action IN ('enrol','delivery','remove') ORDER BY seq")
    .flatMap((row: Row) => {
      if (!isJson(row.detail)) return [];
      return {
        seq: integer(row, 'seq'),
        action: text(row, 'action'),
        subject: textOrNull(row, 'subject'),
        platform: textOrNull(row, 'platform'),
        outcome: text(row, 'outcome'),
        detail: JSON.parse(text(row, 'detail')) as unknown,
      };
    });
}

/** The audit trail tells which platforms an enrolment was for and which of them took it: deliveries that are gone are written again. */
function restoreDeliveries(sql: Sql, sealer: Sealer, at: number, lost: Loss[]): void {
  const trail = trailOf(sql);
  const removed = new Map<string, number>();
  const taken = new Set<string>();
  for (const { seq, action, subject, platform, outcome, detail } of trail) {
    if (action === 'remove' && subject !== null) removed.set(subject, seq);
    const enrolment = z.object({ enrolment: z.string() }).safeParse(detail).data?.enrolment;
    if (action === 'delivery' && outcome === 'delivered') taken.add(`${enrolment} ${platform}`);
  }
  for (const { seq, action, subject, detail } of trail) {
    const told = enrolDetail.safeParse(detail);
    if (action !== 'enrol' || !told.success) continue;
    // What was removed on purpose is not lost.
    if (subject !== null && (removed.get(subject) ?? 0) > seq) continue;
    const { enrolment, platforms, onExisting, onSimilar } = told.data;
    const owner = sql.get('SELECT person FROM enrolments WHERE id = ?', enrolment);
    if (owner === undefined) continue;
    for (const platform of platforms.split(' ').filter(Boolean)) {
      const there = sql.get('SELECT 1 FROM deliveries WHERE enrolment = ? AND platform = ?', enrolment, platform);
      if (there !== undefined) continue;
      const id = randomUUID();
      const photo = sql.get('SELECT deleted_at FROM photos WHERE enrolment = ?', enrolment);
      const state = taken.has(`${enrolment} ${platform}`)
        ? 'delivered'
        : photo?.deleted_at === null
          ? 'queued'
          : 'refused';
      sql.run(
        `INSERT INTO deliveries (id, enrolment, person, platform, state, on_existing, on_similar, error, sealed, created_at, updated_at, rev)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(rev), 0) + 1 FROM deliveries))`,
        id,
        enrolment,
        text(owner, 'person'),
        platform,
        state,
        onExisting,
        onSimilar,
        state === 'refused' ? JSON.stringify(PHOTO_LOST) : null,
        sealJson(sealer, NOTHING, place(id)),
        at,
        at,
      );
      lost.push({ what: 'delivery', id, note: `for ${platform}: written again from the audit trail, ${state}` });
    }
  }
  const bare = sql.all('SELECT id FROM enrolments WHERE id NOT IN (SELECT enrolment FROM deliveries)');
  for (const row of bare)
    lost.push({
      what: 'enrolment',
      id: text(row, 'id'),
      note: 'which platforms it was for is not known any more: deliver to them again from the people view',
    });
}

/** A lost list of operators must not look like a station that never had any: it would be open to everybody. */
function mendOperators(sql: Sql, sealer: Sealer, at: number, holes: ReadonlySet<string>, lost: Loss[]): void {
  const unopened = lost.filter(({ what }) => what === 'item').map(({ id }) => id);
  if (!lostOperators(sql, { unopened, holes })) return;
  putItem(sql, sealer, OPERATORS_LOST, true, at);
  const note = 'who may sign in is not known any more: the desk stays closed until "vestibule operators add"';
  lost.push({ what: 'item', id: OPERATORS, note });
}

function putItem(sql: Sql, sealer: Sealer, name: string, value: unknown, at: number): void {
  const sealed = sealJson(sealer, value, itemPlace(name));
  sql.run('INSERT OR REPLACE INTO items (name, sealed, updated_at) VALUES (?, ?, ?)', name, sealed, at);
}

/** Without its sealed end the trail goes on from the last row that is left; that it is shorter shows in the numbers or not at all. */
function mendAuditHead(sql: Sql, sealer: Sealer, at: number): void {
  if (sql.get('SELECT 1 FROM items WHERE name = ?', AUDIT_HEAD) !== undefined) return;
  const last = sql.get('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1');
  if (last === undefined) return;
  const head = { seq: integer(last, 'seq'), hash: text(last, 'hash') };
  putItem(sql, sealer, AUDIT_HEAD, head, at);
}

/** Which of the keys opens anything of what was salvaged; the first when nothing does. */
export function keyThatOpens(sql: Sql, rings: readonly { key: Uint8Array; sealer: Sealer }[]): Uint8Array | null {
  const samples = [
    ...sql
      .all('SELECT name, sealed FROM items LIMIT 20')
      .map((row) => [blob(row, 'sealed'), itemPlace(text(row, 'name'))]),
    ...sql
      .all('SELECT id, sealed FROM enrolments LIMIT 50')
      .map((row) => [blob(row, 'sealed'), personPlace(text(row, 'id'))]),
  ] as const;
  const found = rings.find(({ sealer }) =>
    samples.some(([sealed, at]) => opens(sealer, sealed, String(at)) !== undefined),
  );
  return found?.key ?? (samples.length === 0 ? (rings[0]?.key ?? null) : null);
}
