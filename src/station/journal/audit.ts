import { createHash, createHmac } from 'node:crypto';
import { z } from 'zod';
import { integer, type Row, type Sql, text, textOrNull } from './sql.ts';

/** One thing somebody did, or that was done for them. */
export interface AuditEntry {
  /** `desk`, `cli` or `kiosk`, with the operator's label behind it (`desk:Anna`), or `outbox` for what the station did by itself. */
  actor: string;
  action: AuditAction;
  /** Code of the person it was about; only its keyed digest is written. */
  subject?: string | null;
  platform?: string | null;
  /** One word: a state, a fault's code, `done`. */
  outcome: string;
  /** Ids, numbers and words of our own; never personal data. */
  detail?: Record<string, string | number | boolean | null>;
}

export type AuditAction =
  | 'import'
  | 'enrol'
  | 'delivery'
  | 'verify'
  | 'answer'
  | 'look'
  | 'retry'
  | 'remove'
  | 'export'
  | 'purge'
  | 'key-rotate'
  | 'secret-set'
  | 'secret-clear'
  | 'pin-set'
  | 'pin-clear'
  | 'pin-wrong'
  | 'sign-in'
  | 'sign-out'
  | 'lock'
  | 'step-up'
  | 'kiosk'
  | 'operator-add'
  | 'operator-role'
  | 'operator-pin'
  | 'operator-remove'
  | 'operator-clear'
  | 'settings'
  | 'platform-add'
  | 'platform-change'
  | 'platform-remove'
  | 'presence-skip'
  | 'audit-export'
  | 'quality-clear'
  | 'visit-register'
  | 'visit-cancel'
  | 'visit-arrive'
  | 'visit-leave'
  | 'visit-access'
  | 'proven'
  | 'door-open'
  | 'clock-set'
  | 'repair';

export interface AuditRow {
  seq: number;
  at: number;
  actor: string;
  action: string;
  /** HMAC-SHA-256 of the code, the first 16 bytes, hexadecimal. */
  subject: string | null;
  platform: string | null;
  outcome: string;
  detail: Record<string, unknown>;
  /** SHA-256, hexadecimal. */
  hash: string;
}

/** Where the chain is broken, or that it is whole. */
export type AuditReport = { whole: true; rows: number } | { whole: false; rows: number; seq: number; reason: string };

export const GENESIS = '0'.repeat(64);
const headSchema = z.object({ seq: z.number().int(), hash: z.string() });
export type AuditHead = z.infer<typeof headSchema>;

/** Items of the journal, sealed: the last link, so that a cut or rewritten end shows, and the key of the digests. */
export interface SealedItems {
  item(name: string): unknown;
  setItem(name: string, value: unknown, at: number): void;
}
export const AUDIT_HEAD = 'audit-head';
export const AUDIT_KEY = 'audit-key';

/** The hash of a row: SHA-256 over the hash before it and the row as JSON in a fixed order. */
export function chainHash(previous: string, row: Omit<AuditRow, 'hash' | 'detail'> & { detail: string }): string {
  const canonical = JSON.stringify([
    row.seq,
    row.at,
    row.actor,
    row.action,
    row.subject,
    row.platform,
    row.outcome,
    row.detail,
  ]);
  return createHash('sha256').update(previous, 'utf8').update('\n').update(canonical, 'utf8').digest('hex');
}

const PAGE = 1_000;
/** Rows that are looked at when the journal is opened: the newest. All of them: `vestibule audit verify`. */
const AT_OPEN = 500;

export type Audit = ReturnType<typeof createAudit>;

/**
 * The audit trail: rows that are only ever added, each carrying the hash of the one before. Changing, removing or inserting one breaks
 * the chain; the last link is also kept sealed, so that the end cannot be cut off or written anew without the data key.
 * @param key 32 bytes; the digests' own, so that they stay the same when the data key changes
 */
export function createAudit(sql: Sql, items: SealedItems, key: Uint8Array) {
  const head = (): AuditHead => {
    const sealed = items.item(AUDIT_HEAD);
    return sealed === null ? { seq: 0, hash: GENESIS } : headSchema.parse(sealed);
  };
  const subjectOf = (code: string): string => createHmac('sha256', key).update(code, 'utf8').digest('hex').slice(0, 32);

  const stored = (row: Row) => ({
    seq: integer(row, 'seq'),
    at: integer(row, 'at'),
    actor: text(row, 'actor'),
    action: text(row, 'action'),
    subject: textOrNull(row, 'subject'),
    platform: textOrNull(row, 'platform'),
    outcome: text(row, 'outcome'),
    detail: text(row, 'detail'),
    hash: text(row, 'hash'),
  });

  function* pages(from: number) {
    for (let after = from - 1; ; ) {
      const rows = sql.all('SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?', after, PAGE).map(stored);
      yield* rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) return;
      after = last.seq;
    }
  }

  /** Follows the chain from a row on; the row before it is believed. */
  const verify = (from = 1): AuditReport => {
    let rows = 0;
    let previous = from === 1 ? GENESIS : null;
    let expected = from;
    for (const row of pages(from - (previous === null ? 1 : 0))) {
      if (previous === null) {
        previous = row.hash;
        continue;
      }
      rows += 1;
      const broken = (reason: string): AuditReport => ({ whole: false, rows, seq: row.seq, reason });
      if (row.seq !== expected) return broken(`row ${expected} is missing`);
      if (chainHash(previous, row) !== row.hash) return broken(`row ${row.seq} was changed`);
      previous = row.hash;
      expected += 1;
    }
    const last = head();
    if (last.seq !== expected - 1 || last.hash !== (previous ?? GENESIS))
      return {
        whole: false,
        rows,
        seq: expected,
        reason: `the trail does not end where it was left, at row ${last.seq}`,
      };
    return { whole: true, rows };
  };

  return {
    subjectOf,

    /** Adds a row. Belongs in the transaction of what it tells about. */
    append({ actor, action, subject, platform, outcome, detail }: AuditEntry, at: number): AuditRow {
      return sql.transaction(() => {
        const last = head();
        const row = {
          seq: last.seq + 1,
          at,
          actor,
          action,
          subject: subject == null ? null : subjectOf(subject),
          platform: platform ?? null,
          outcome,
          detail: JSON.stringify(detail ?? {}),
        };
        const hash = chainHash(last.hash, row);
        sql.run(
          'INSERT INTO audit (seq, at, actor, action, subject, platform, outcome, detail, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
          row.seq,
          row.at,
          row.actor,
          row.action,
          row.subject,
          row.platform,
          row.outcome,
          row.detail,
          hash,
        );
        items.setItem(AUDIT_HEAD, { seq: row.seq, hash } satisfies AuditHead, at);
        return { ...row, detail: detail ?? {}, hash };
      });
    },

    /** When the last row was written; null where there is none. */
    lastAt(): number | null {
      const row = sql.get('SELECT at FROM audit ORDER BY seq DESC LIMIT 1');
      return row === undefined ? null : integer(row, 'at');
    },

    verify,
    /** The newest rows only: what opening a journal has time for. */
    verifyRecent: (): AuditReport => verify(Math.max(1, head().seq - AT_OPEN + 1)),

    /** Oldest first; of one person where a code is given. */
    *rows(code?: string): Generator<AuditRow> {
      const only = code === undefined ? null : subjectOf(code);
      for (const row of pages(1)) {
        if (only === null || row.subject === only)
          yield { ...row, detail: z.record(z.string(), z.unknown()).parse(JSON.parse(row.detail)) };
      }
    },
  };
}
