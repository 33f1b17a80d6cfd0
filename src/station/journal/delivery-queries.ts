import type { Glance } from '#shared/calls/outbox';
import { type Delivery, type DeliveryState, deliverySchema } from '#shared/delivery';
import type { OutboxFilter } from '../api.ts';
import { INTERRUPTED, type Reader, UNHEARD } from './delivery-rows.ts';
import { integer, integerOrNull, type Sql, text } from './sql.ts';

/** Ids of platforms are sealed: so many deliveries are opened to find one. */
const LOOKED_THROUGH = 500;

const UNFINISHED = `state IN ('queued','running','waiting','asking','refused')`;

/** Which deliveries are counted together at a glance; of those verified, which since a time. */
const GLANCES: Readonly<Record<Glance, string>> = {
  waiting: `state IN ('queued','running','waiting')`,
  asking: `state = 'asking'`,
  refused: `state = 'refused'`,
  verified: `state = 'verified' AND updated_at >= ?`,
};

/** What is asked of the queue; nothing here changes it. Asked all day: every question has its index. */
export function createQueries(sql: Sql, { record, view }: Reader) {
  return {
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

    /**
     * Enrolments with something unfinished, or with what `of` names, a page of them and how many there are: those that need somebody first,
     * then newest first.
     * @param today since when a delivery that is verified counts, ms since the epoch
     */
    held({ limit, offset, of, today }: { limit: number; offset: number; of?: Glance | undefined; today: number }): {
      total: number;
      ids: string[];
    } {
      const from = `FROM deliveries WHERE ${of === undefined ? UNFINISHED : GLANCES[of]}`;
      const since = of === 'verified' ? [today] : [];
      const count = sql.get(`SELECT count(DISTINCT enrolment) AS n ${from}`, ...since);
      const rows = sql.all(
        `SELECT enrolment ${from} GROUP BY enrolment
         ORDER BY max(state IN ('asking','refused')) DESC, max(seq) DESC LIMIT ? OFFSET ?`,
        ...since,
        limit,
        offset,
      );
      return {
        total: count === undefined ? 0 : integer(count, 'n'),
        ids: rows.map((row) => text(row, 'enrolment')),
      };
    },

    /** How many enrolments `held` would list of each. */
    glance(today: number): Record<Glance, number> {
      const count = (where: string, ...since: number[]) => {
        const row = sql.get(`SELECT count(DISTINCT enrolment) AS n FROM deliveries WHERE ${where}`, ...since);
        return row === undefined ? 0 : integer(row, 'n');
      };
      return {
        waiting: count(GLANCES.waiting),
        asking: count(GLANCES.asking),
        refused: count(GLANCES.refused),
        verified: count(GLANCES.verified, today),
      };
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

    /** Whom a platform means by ids of its own, among those it was given last. */
    peopleByTheirIds(platform: string): ReadonlyMap<string, string> {
      const rows = sql.all(
        `SELECT * FROM deliveries WHERE platform = ? AND state IN ('delivered','verified') ORDER BY seq DESC LIMIT ?`,
        platform,
        LOOKED_THROUGH,
      );
      // The newest comes last and counts.
      return new Map(
        rows
          .map(record)
          .flatMap((one) => (one.personId === null ? [] : ([[one.personId, one.person]] as const)))
          .reverse(),
      );
    },

    /** The oldest delivery of a platform whose time has come, the desk's first; null when there is none. A clock set back makes waiting ones due. */
    nextDue(platform: string, enrolment: string | null, now: number): string | null {
      const due = `state IN ('queued','waiting') AND
        (state = 'queued' OR next_attempt_at IS NULL OR next_attempt_at <= ? OR updated_at > ? + 1000)
        ORDER BY urgency DESC, seq LIMIT 1`;
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

    /** How much of a platform waits, and for what. */
    counts(platform: string): { queued: number; running: number; waiting: number; asking: number; refused: number } {
      const found = { queued: 0, running: 0, waiting: 0, asking: 0, refused: 0 };
      const rows = sql.all(
        `SELECT state, count(*) AS n FROM deliveries
         WHERE platform = ? AND state IN ('queued','running','waiting','asking','refused') GROUP BY state`,
        platform,
      );
      for (const row of rows) found[text(row, 'state') as keyof typeof found] = integer(row, 'n');
      return found;
    },

    /** How many people a platform has of those that are known here. */
    peopleOn(platform: string): number {
      const row = sql.get(
        `SELECT count(DISTINCT person) AS n FROM deliveries WHERE platform = ? AND state IN ('delivered','verified')`,
        platform,
      );
      return row === undefined ? 0 : integer(row, 'n');
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

    /** Whether something on these platforms is under way, or will be before a time; what was tried that often does not count. */
    isPressing: (platforms: readonly string[], before: number, attempts: number): boolean =>
      sql.get(
        `SELECT 1 FROM deliveries WHERE platform IN (SELECT value FROM json_each(?)) AND
           (state IN ('queued','running') OR (state = 'waiting' AND attempts < ? AND next_attempt_at <= ?)) LIMIT 1`,
        JSON.stringify(platforms),
        attempts,
        before,
      ) !== undefined,

    /** The earliest time from now on at which a waiting delivery becomes due; null when none does. */
    nextDueAt(now: number): number | null {
      const row = sql.get(
        'SELECT min(next_attempt_at) AS at FROM deliveries WHERE next_attempt_at IS NOT NULL AND next_attempt_at > ?',
        now,
      );
      return row === undefined ? null : integerOrNull(row, 'at');
    },

    /** Deliveries of a platform that are to be looked at now, the longest due first. A clock set back makes all of them due. */
    looksDue(platform: string, enrolment: string | null, now: number, limit: number): string[] {
      const due = `state = 'delivered' AND next_check_at IS NOT NULL AND (next_check_at <= ? OR updated_at > ? + 1000)
        ORDER BY next_check_at LIMIT ?`;
      const rows =
        enrolment === null
          ? sql.all(`SELECT id FROM deliveries WHERE platform = ? AND ${due}`, platform, now, now, limit)
          : sql.all(
              `SELECT id FROM deliveries WHERE enrolment = ? AND platform = ? AND ${due}`,
              enrolment,
              platform,
              now,
              now,
              limit,
            );
      return rows.map((row) => text(row, 'id'));
    },

    /** Whether something delivered to these platforms was not looked at yet, though it will be. */
    hasFirstLook(platforms: readonly string[], enrolment: string | null): boolean {
      const unseen = `state = 'delivered' AND next_check_at IS NOT NULL AND checks = 0
        AND platform IN (SELECT value FROM json_each(?)) LIMIT 1`;
      const ids = JSON.stringify(platforms);
      const row =
        enrolment === null
          ? sql.get(`SELECT 1 FROM deliveries WHERE ${unseen}`, ids)
          : sql.get(`SELECT 1 FROM deliveries WHERE enrolment = ? AND ${unseen}`, enrolment, ids);
      return row !== undefined;
    },

    /** The earliest time from now on at which a delivery is to be looked at; null when none is. */
    nextLookAt(now: number): number | null {
      const row = sql.get(
        'SELECT min(next_check_at) AS at FROM deliveries WHERE next_check_at IS NOT NULL AND next_check_at > ?',
        now,
      );
      return row === undefined ? null : integerOrNull(row, 'at');
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
