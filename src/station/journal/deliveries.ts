import type { Delivery } from '#shared/delivery';
import type { Fault } from '#shared/fault';
import { photoExpiry, type Retention, SUPERSEDED } from '../outbox/retention.ts';
import { type Sealer, sealJson } from '../vault/seal.ts';
import { createQueries } from './delivery-queries.ts';
import {
  createReader,
  type DeliveryPatch,
  type DeliveryRecord,
  INTERRUPTED,
  place,
  type Told,
} from './delivery-rows.ts';
import { integer, type Sql, text } from './sql.ts';

export type Deliveries = ReturnType<typeof createDeliveries>;

/**
 * So long a delivery from the desk keeps those of a batch from starting on its platform: its own process looks every second. Not for
 * ever: that process may have ended without delivering.
 */
const DESK_FIRST_MS = 15_000;

/** The queue in the journal. Whatever belongs together is one transaction; a claim is what says who may act. */
export function createDeliveries(sql: Sql, sealer: Sealer, retention: Retention) {
  const nextRev = (): number => {
    const row = sql.get('UPDATE revision SET value = value + 1 RETURNING value');
    if (row === undefined) throw new Error('journal: no revision');
    return integer(row, 'value');
  };

  const reader = createReader(sql, sealer);
  const { record, view } = reader;

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
    sql.run('UPDATE photos SET expires_at = ? WHERE enrolment = ?', photoExpiry(states, retention), enrolment);
  };

  const write = (before: DeliveryRecord, patch: DeliveryPatch, at: number): void => {
    const sealed: Told = {
      personId: patch.personId === undefined ? before.personId : patch.personId,
      warnings: patch.warnings ?? before.warnings,
      question: patch.question === undefined ? before.question : patch.question,
      doorDetail: patch.doorDetail === undefined ? before.doorDetail : patch.doorDetail,
    };
    // Only what a platform has can be looked for there.
    const taken = patch.state === 'delivered' || patch.state === 'verified';
    sql.run(
      `UPDATE deliveries SET state = ?, owner = NULL, error = ?, sealed = ?, next_attempt_at = ?, streak = ?,
         on_existing = ?, on_similar = ?, door = ?, next_check_at = ?, checks = ?, delivered_at = ?, updated_at = ?, rev = ?
       WHERE id = ?`,
      patch.state,
      patch.error === null ? null : JSON.stringify(patch.error),
      sealJson(sealer, sealed, place(before.id)),
      patch.nextAttemptAt ?? null,
      patch.streak ?? before.streak,
      patch.onExisting ?? before.onExisting,
      patch.onSimilar ?? before.onSimilar,
      taken ? (patch.door === undefined ? before.door : patch.door) : null,
      taken ? (patch.nextCheckAt ?? null) : null,
      taken ? before.checks : 0,
      taken ? (before.deliveredAt ?? at) : null,
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
         (SELECT 1 FROM deliveries other WHERE other.platform = deliveries.platform AND other.state = 'running')
         AND (urgency = 'desk' OR NOT EXISTS
           (SELECT 1 FROM deliveries desk WHERE desk.platform = deliveries.platform AND desk.urgency = 'desk'
              AND desk.state = 'queued' AND desk.updated_at BETWEEN ? AND ?))`,
      owner,
      at,
      id,
      at - DESK_FIRST_MS,
      at,
    );
    if (claimed === 0) return null;
    nextRev();
    return find(id);
  };

  return {
    ...createQueries(sql, reader),

    /** Inside the transaction that writes the enrolment. What an older enrolment of the person still had to send here is given up. */
    insert(
      row: {
        id: string;
        enrolment: string;
        person: string;
        platform: string;
        onExisting: string;
        onSimilar: string;
        urgency?: 'desk' | 'batch';
      },
      at: number,
    ): void {
      const older = sql
        .all(
          `SELECT * FROM deliveries WHERE person = ? AND platform = ? AND state IN ('queued','waiting','asking','refused')`,
          row.person,
          row.platform,
        )
        .map(record);
      const nothing: Told = { personId: null, warnings: [], question: null, doorDetail: null };
      sql.run(
        `INSERT INTO deliveries (id, enrolment, person, platform, state, on_existing, on_similar, urgency, sealed, created_at, updated_at, rev)
         VALUES (?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?)`,
        row.id,
        row.enrolment,
        row.person,
        row.platform,
        row.onExisting,
        row.onSimilar,
        row.urgency ?? 'desk',
        sealJson(sealer, nothing, place(row.id)),
        at,
        at,
        nextRev(),
      );
      for (const old of older) write(old, { state: 'abandoned', error: SUPERSEDED, question: null }, at);
      // What the older one left there is about to be changed: a look would judge the wrong enrolment.
      sql.run(
        'UPDATE deliveries SET next_check_at = NULL WHERE person = ? AND platform = ? AND next_check_at IS NOT NULL',
        row.person,
        row.platform,
      );
    },

    find,
    isSuperseded,

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

    /** Begins a look at a delivered one. Null when another process was first, or there is nothing to look for any more. */
    beginLook(id: string, leaseUntil: number): DeliveryRecord | null {
      return sql.transaction(() => {
        const before = find(id);
        if (before?.state !== 'delivered' || before.nextCheckAt === null) return null;
        sql.run('UPDATE deliveries SET next_check_at = ?, checks = checks + 1 WHERE id = ?', leaseUntil, id);
        return find(id);
      });
    },

    /** Ends a look. False when the delivery changed meanwhile: then what was seen says nothing about it. */
    endLook(look: DeliveryRecord, patch: DeliveryPatch, at: number): boolean {
      return sql.transaction(() => {
        const now = find(look.id);
        if (now?.state !== 'delivered' || now.nextCheckAt === null || now.checks !== look.checks) return false;
        write(now, patch, at);
        return true;
      });
    },

    /** Sets anew when photos are to be deleted: the retention may be another than when it was written. */
    rescheduleErasures(): void {
      sql.transaction(() => {
        for (const row of sql.all('SELECT enrolment FROM photos WHERE deleted_at IS NULL'))
          scheduleErasure(text(row, 'enrolment'));
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
  };
}

/** Another process took the delivery over; the attempt stops here. */
export class ClaimLost extends Error {
  constructor() {
    super('the delivery was taken over by another process');
    this.name = 'ClaimLost';
  }
}
