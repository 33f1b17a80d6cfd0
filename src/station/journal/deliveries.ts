import { z } from 'zod';
import { type Delivery, type DeliveryState, deliverySchema, questionSchema, stepSchema } from '#shared/delivery';
import { type Fault, faultSchema } from '#shared/fault';
import type { OutboxFilter } from '../api.ts';
import { photoExpiry, SUPERSEDED } from '../outbox/retention.ts';
import { openJson, type Sealer, sealJson } from '../vault/seal.ts';
import { blob, integer, integerOrNull, type Row, type Sql, text, textOrNull } from './sql.ts';

/** What a platform told about a person; sealed, for ids and candidates can be somebody's code or name. */
const told = z.object({
  personId: z.string().nullable(),
  warnings: z.array(z.string()),
  question: questionSchema.nullable(),
});
type Told = z.infer<typeof told>;

/** A delivery as the journal has it: the view of it and what only the outbox needs. */
export interface DeliveryRecord extends Omit<Delivery, 'steps'> {
  person: string;
  onExisting: 'update' | 'stop';
  onSimilar: 'ask' | 'force' | 'stop';
  /** Transient failures in a row. */
  streak: number;
}

/** What an attempt, an answer or a look changed. Absent fields stay. */
export interface DeliveryPatch {
  state: Exclude<DeliveryState, 'running'>;
  error: Fault | null;
  nextAttemptAt?: number | null;
  streak?: number;
  personId?: string | null;
  warnings?: string[];
  question?: Delivery['question'];
  onExisting?: 'update' | 'stop';
  onSimilar?: 'ask' | 'force' | 'stop';
}

/** Code of a step whose answer never came, and of one that a crash cut off: the platform may have acted all the same. */
export const UNHEARD = 'unheard';
const INTERRUPTED = 'interrupted';

const place = (delivery: string) => `delivery:${delivery}`;

export type Deliveries = ReturnType<typeof createDeliveries>;

/** The queue in the journal. Whatever belongs together is one transaction; a claim is what says who may act. */
export function createDeliveries(sql: Sql, sealer: Sealer) {
  const nextRev = (): number => {
    const row = sql.get('UPDATE revision SET value = value + 1 RETURNING value');
    if (row === undefined) throw new Error('journal: no revision');
    return integer(row, 'value');
  };

  const record = (row: Row): DeliveryRecord => {
    const id = text(row, 'id');
    const error = textOrNull(row, 'error');
    return {
      id,
      enrolment: text(row, 'enrolment'),
      person: text(row, 'person'),
      platform: text(row, 'platform'),
      state: deliverySchema.shape.state.parse(row.state),
      attempts: integer(row, 'attempts'),
      streak: integer(row, 'streak'),
      error: error === null ? null : faultSchema.parse(JSON.parse(error)),
      nextAttemptAt: integerOrNull(row, 'next_attempt_at'),
      updatedAt: integer(row, 'updated_at'),
      onExisting: z.enum(['update', 'stop']).parse(row.on_existing),
      onSimilar: z.enum(['ask', 'force', 'stop']).parse(row.on_similar),
      ...told.parse(openJson(sealer, blob(row, 'sealed'), place(id))),
    };
  };

  const view = (row: Row): Delivery => {
    const { person: _person, onExisting: _existing, onSimilar: _similar, streak: _streak, ...rest } = record(row);
    const steps = sql
      .all('SELECT name, started_at, ended_at, outcome, code FROM steps WHERE delivery = ? ORDER BY id', rest.id)
      .map((step) => ({
        name: text(step, 'name'),
        startedAt: integer(step, 'started_at'),
        endedAt: integerOrNull(step, 'ended_at'),
        outcome: stepSchema.shape.outcome.parse(step.outcome),
        code: textOrNull(step, 'code'),
      }));
    return { ...rest, steps };
  };

  const find = (id: string): DeliveryRecord | null => {
    const row = sql.get('SELECT * FROM deliveries WHERE id = ?', id);
    return row === undefined ? null : record(row);
  };

  /** Whether a later enrolment of the same person is to reach the same platform. */
  const isSuperseded = (id: string): boolean =>
    sql.get(
      `SELECT 1 FROM deliveries mine JOIN deliveries later
         ON later.person = mine.person AND later.platform = mine.platform AND later.seq > mine.seq
       WHERE mine.id = ? LIMIT 1`,
      id,
    ) !== undefined;

  const scheduleErasure = (enrolment: string): void => {
    const states = sql.all('SELECT * FROM deliveries WHERE enrolment = ?', enrolment).map(record);
    sql.run('UPDATE photos SET expires_at = ? WHERE enrolment = ?', photoExpiry(states), enrolment);
  };

  const write = (before: DeliveryRecord, patch: DeliveryPatch, at: number): void => {
    const sealed: Told = {
      personId: patch.personId === undefined ? before.personId : patch.personId,
      warnings: patch.warnings ?? before.warnings,
      question: patch.question === undefined ? before.question : patch.question,
    };
    sql.run(
      `UPDATE deliveries SET state = ?, owner = NULL, error = ?, sealed = ?, next_attempt_at = ?, streak = ?,
         on_existing = ?, on_similar = ?, updated_at = ?, rev = ? WHERE id = ?`,
      patch.state,
      patch.error === null ? null : JSON.stringify(patch.error),
      sealJson(sealer, sealed, place(before.id)),
      patch.nextAttemptAt ?? null,
      patch.streak ?? before.streak,
      patch.onExisting ?? before.onExisting,
      patch.onSimilar ?? before.onSimilar,
      at,
      nextRev(),
      before.id,
    );
    scheduleErasure(before.enrolment);
  };

  const closeSteps = (delivery: string, at: number): void => {
    sql.run(
      `UPDATE steps SET outcome = 'failed', code = '${INTERRUPTED}', ended_at = ? WHERE delivery = ? AND outcome = 'running'`,
      at,
      delivery,
    );
  };

  const claim = (id: string, owner: string, at: number): DeliveryRecord | null => {
    // One delivery at a time on a platform, whichever process runs it: connectors keep their rate limits in memory, and two
    // enrolments of one person must not overtake each other.
    const claimed = sql.run(
      `UPDATE deliveries SET state = 'running', owner = ?, attempts = attempts + 1, next_attempt_at = NULL, updated_at = ?,
         rev = (SELECT value + 1 FROM revision)
       WHERE id = ? AND state IN ('queued','waiting') AND NOT EXISTS
         (SELECT 1 FROM deliveries other WHERE other.platform = deliveries.platform AND other.state = 'running')`,
      owner,
      at,
      id,
    );
    if (claimed === 0) return null;
    nextRev();
    return find(id);
  };

  return {
    /** Inside the transaction that writes the enrolment. What an older enrolment of the person still had to send here is given up. */
    insert(
      row: { id: string; enrolment: string; person: string; platform: string; onExisting: string; onSimilar: string },
      at: number,
    ): void {
      const older = sql
        .all(
          `SELECT * FROM deliveries WHERE person = ? AND platform = ? AND state IN ('queued','waiting','asking','refused')`,
          row.person,
          row.platform,
        )
        .map(record);
      const nothing: Told = { personId: null, warnings: [], question: null };
      sql.run(
        `INSERT INTO deliveries (id, enrolment, person, platform, state, on_existing, on_similar, sealed, created_at, updated_at, rev)
         VALUES (?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?)`,
        row.id,
        row.enrolment,
        row.person,
        row.platform,
        row.onExisting,
        row.onSimilar,
        sealJson(sealer, nothing, place(row.id)),
        at,
        at,
        nextRev(),
      );
      for (const old of older) write(old, { state: 'abandoned', error: SUPERSEDED, question: null }, at);
    },

    find,
    isSuperseded,

    /** Oldest first. */
    list({ states, enrolment, platform, person }: OutboxFilter & { person?: string } = {}): Delivery[] {
      // Only what is asked for is in the statement: `? IS NULL OR …` would read the whole table.
      const terms = [
        states === undefined
          ? null
          : { sql: 'state IN (SELECT value FROM json_each(?))', value: JSON.stringify(states) },
        enrolment === undefined ? null : { sql: 'enrolment = ?', value: enrolment },
        platform === undefined ? null : { sql: 'platform = ?', value: platform },
        person === undefined ? null : { sql: 'person = ?', value: person },
      ].filter((term) => term !== null);
      const where = terms.length === 0 ? '' : `WHERE ${terms.map((term) => term.sql).join(' AND ')}`;
      return sql.all(`SELECT * FROM deliveries ${where} ORDER BY seq`, ...terms.map(({ value }) => value)).map(view);
    },

    view(id: string): Delivery | null {
      const row = sql.get('SELECT * FROM deliveries WHERE id = ?', id);
      return row === undefined ? null : view(row);
    },

    /** Deliveries that changed after a revision, in the order they changed, by whatever process; and the revision now. */
    changedSince(rev: number): { rev: number; deliveries: Delivery[] } {
      const rows = sql.all('SELECT * FROM deliveries WHERE rev > ? ORDER BY rev', rev);
      const last = rows.at(-1);
      return { rev: last === undefined ? rev : integer(last, 'rev'), deliveries: rows.map(view) };
    },

    /** The revision now: changes from here on are news. */
    revision(): number {
      const row = sql.get('SELECT value FROM revision');
      return row === undefined ? 0 : integer(row, 'value');
    },

    /** Whether a step of an earlier attempt may have acted without our hearing of it. */
    hasUnheardStep(delivery: string): boolean {
      return (
        sql.get('SELECT 1 FROM steps WHERE delivery = ? AND code IN (?, ?)', delivery, UNHEARD, INTERRUPTED) !==
        undefined
      );
    },

    /** The person's id on a platform as the last success told it. */
    knownPersonId(person: string, platform: string): string | null {
      const rows = sql.all(
        'SELECT * FROM deliveries WHERE person = ? AND platform = ? ORDER BY seq DESC',
        person,
        platform,
      );
      return rows.map(record).find(({ personId }) => personId !== null)?.personId ?? null;
    },

    /** The oldest delivery of a platform whose time has come; null when there is none. A clock set back makes waiting ones due. */
    nextDue(platform: string, enrolment: string | null, now: number): string | null {
      const due = `state IN ('queued','waiting') AND
        (state = 'queued' OR next_attempt_at IS NULL OR next_attempt_at <= ? OR updated_at > ? + 1000) ORDER BY seq LIMIT 1`;
      const row =
        enrolment === null
          ? sql.get(`SELECT id FROM deliveries WHERE platform = ? AND ${due}`, platform, now, now)
          : sql.get(
              `SELECT id FROM deliveries WHERE enrolment = ? AND platform = ? AND ${due}`,
              enrolment,
              platform,
              now,
              now,
            );
      return row === undefined ? null : text(row, 'id');
    },

    progress(id: string): { state: DeliveryState; attempts: number } | null {
      const row = sql.get('SELECT state, attempts FROM deliveries WHERE id = ?', id);
      if (row === undefined) return null;
      return { state: deliverySchema.shape.state.parse(row.state), attempts: integer(row, 'attempts') };
    },

    /** Whether anything on these platforms still moves by itself. */
    isMoving(platforms: readonly string[], enrolment: string | null): boolean {
      const moving = `state IN ('queued','waiting','running') AND platform IN (SELECT value FROM json_each(?)) LIMIT 1`;
      const ids = JSON.stringify(platforms);
      const row =
        enrolment === null
          ? sql.get(`SELECT 1 FROM deliveries WHERE ${moving}`, ids)
          : sql.get(`SELECT 1 FROM deliveries WHERE enrolment = ? AND ${moving}`, enrolment, ids);
      return row !== undefined;
    },

    /** The earliest time a waiting delivery becomes due; null when none waits. */
    nextDueAt(): number | null {
      const row = sql.get(`SELECT min(next_attempt_at) AS at FROM deliveries WHERE next_attempt_at IS NOT NULL`);
      return row === undefined ? null : integerOrNull(row, 'at');
    },

    /** Makes a queued or waiting delivery ours. Null when it is no longer open, or its platform is at work for somebody. */
    claim: (id: string, owner: string, at: number) => sql.transaction(() => claim(id, owner, at)),

    /** Writes that a step begins; its number. Throws when the claim was lost: then nothing may be sent any more. */
    beginStep(delivery: string, owner: string, name: string, at: number): number {
      return sql.transaction(() => {
        const mine = sql.run(
          'UPDATE deliveries SET updated_at = ?, rev = ? WHERE id = ? AND owner = ?',
          at,
          nextRev(),
          delivery,
          owner,
        );
        if (mine === 0) throw new ClaimLost();
        const row = sql.get(
          `INSERT INTO steps (delivery, attempt, name, started_at, outcome)
           SELECT id, attempts, ?, ?, 'running' FROM deliveries WHERE id = ? RETURNING id`,
          name,
          at,
          delivery,
        );
        if (row === undefined) throw new ClaimLost();
        return integer(row, 'id');
      });
    },

    endStep(step: number, outcome: 'done' | 'failed', code: string | null, at: number): void {
      sql.transaction(() => {
        sql.run('UPDATE steps SET outcome = ?, code = ?, ended_at = ? WHERE id = ?', outcome, code, at, step);
        sql.run(
          'UPDATE deliveries SET updated_at = ?, rev = ? WHERE id = (SELECT delivery FROM steps WHERE id = ?)',
          at,
          nextRev(),
          step,
        );
      });
    },

    /** Ends an attempt. False when the claim was lost meanwhile: then somebody else decides. */
    finish(id: string, owner: string, patch: DeliveryPatch, at: number): boolean {
      return sql.transaction(() => {
        const row = sql.get('SELECT * FROM deliveries WHERE id = ? AND owner = ?', id, owner);
        if (row === undefined) return false;
        closeSteps(id, at);
        const done = patch.state === 'delivered';
        const superseded = !done && isSuperseded(id);
        write(record(row), superseded ? { state: 'abandoned', error: SUPERSEDED, question: null } : patch, at);
        return true;
      });
    },

    /** Changes a delivery nobody is working on, as `decide` says; what it throws passes. Null when there is no such delivery. */
    change(id: string, at: number, decide: (before: DeliveryRecord) => DeliveryPatch): Delivery | null {
      return sql.transaction(() => {
        const before = find(id);
        if (before === null) return null;
        write(before, decide(before), at);
        const row = sql.get('SELECT * FROM deliveries WHERE id = ?', id);
        return row === undefined ? null : view(row);
      });
    },

    /** Puts the running deliveries of an owner that is no more back into the queue, but those still in `except`. Their number. */
    release(owner: string, except: ReadonlySet<string>, at: number): number {
      const held = () =>
        sql.all('SELECT * FROM deliveries WHERE owner = ?', owner).filter((row) => !except.has(text(row, 'id')));
      // Asked all the time and nearly always none: no lock for that.
      if (held().length === 0) return 0;
      return sql.transaction(() => {
        const lost = held().map(record);
        for (const one of lost) {
          closeSteps(one.id, at);
          const superseded = isSuperseded(one.id);
          write(
            one,
            superseded ? { state: 'abandoned', error: SUPERSEDED } : { state: 'queued', error: one.error },
            at,
          );
        }
        return lost.length;
      });
    },

    /** Gives up what a person still has to receive on a platform. True when nothing is running there any more. */
    abandon(person: string, platform: string, why: Fault, at: number): boolean {
      return sql.transaction(() => {
        const rows = sql
          .all(
            `SELECT * FROM deliveries WHERE person = ? AND platform = ? AND state IN ('queued','waiting','asking','refused','running')`,
            person,
            platform,
          )
          .map(record);
        for (const row of rows)
          if (row.state !== 'running') write(row, { state: 'abandoned', error: why, question: null }, at);
        return !rows.some(({ state }) => state === 'running');
      });
    },

    erase(person: string, platform: string): void {
      sql.run('DELETE FROM deliveries WHERE person = ? AND platform = ?', person, platform);
    },

    /** Photo files nothing needs any more. */
    expiredPhotos: (now: number): string[] =>
      sql
        .all(
          'SELECT enrolment FROM photos WHERE deleted_at IS NULL AND expires_at IS NOT NULL AND expires_at <= ?',
          now,
        )
        .map((row) => text(row, 'enrolment')),
  };
}

/** Another process took the delivery over; the attempt stops here. */
export class ClaimLost extends Error {
  constructor() {
    super('the delivery was taken over by another process');
    this.name = 'ClaimLost';
  }
}
