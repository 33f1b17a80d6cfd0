import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { SharedPace } from '#platforms/contract';
import { StationError } from '../api.ts';
import { RETENTION, type Retention } from '../outbox/retention.ts';
import { createKeyRing, createSealer, type KeyRing, openJson, SealError } from '../vault/seal.ts';
import { type Agreements, createAgreements } from './agreements.ts';
import { AUDIT_KEY, type Audit, createAudit } from './audit.ts';
import { openDatabase } from './database.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import { createGates, type Gates } from './gates.ts';
import { createImportRecords, type ImportRecords } from './imports.ts';
import { createInspections, type Inspections } from './inspections.ts';
import { createOwners, type Owners } from './owners.ts';
import { createPace } from './pace.ts';
import { createPasses, type Passes } from './passes.ts';
import { createRecords, itemPlace, type Records } from './records.ts';
import { createRemovals, type Removals } from './removals.ts';
import { resealAll } from './reseal.ts';
import { createSecrets, type Secrets } from './secrets.ts';
import { blob, createSql, type Sql } from './sql.ts';
import { createVisits, type Visits } from './visits.ts';

export type { AuditEntry } from './audit.ts';
export { ClaimLost } from './deliveries.ts';
export { type DeliveryPatch, type DeliveryRecord, UNHEARD } from './delivery-rows.ts';
export { HEARTBEAT_MS } from './owners.ts';
export type { Consent, EnrolmentRecord } from './records.ts';
export type { VisitPlan, VisitRecord } from './visits.ts';

/** The journal of a data folder: what is to be done, what was done, and who is doing it. */
export interface Journal {
  records: Records;
  deliveries: Deliveries;
  inspections: Inspections;
  agreements: Agreements;
  owners: Owners;
  gates: Gates;
  removals: Removals;
  audit: Audit;
  secrets: Secrets;
  imports: ImportRecords;
  visits: Visits;
  passes: Passes;
  /** Requests that all processes of this folder share; the clock is the caller's. */
  pace(now: () => number): SharedPace;
  sealer: KeyRing;
  /** Runs all of it or none of it. */
  transaction<T>(work: () => T): T;
  /**
   * Throws StationError when another process has replaced the key since this journal was opened: what was written now would be under a key
   * that is given up.
   */
  demandKey(): void;
  /**
   * Seals all of it with another key, and goes on with that; what is still under the old one is opened as well. The number of records; 0
   * when it is under that key already.
   * @param alone called inside the transaction; throws when another process has the journal open
   */
  reseal(next: Uint8Array, by: { actor: string; at: number; alone?(): void }): number;
  /** Whether the database finds itself whole: all of it is read. */
  isWhole(): boolean;
  /** Whether it is sealed with this key. */
  isUnder(key: Uint8Array): boolean;
  close(): void;
}

const KEY_CHECK = 'key-check';

/**
 * Which of the keys the journal is sealed with; the first where it is new. While a rotation is under way there are two.
 * @throws SealError when it is none of them
 */
function keyOf(sql: Sql, keys: readonly Uint8Array[]): Uint8Array {
  const [first] = keys;
  if (first === undefined) throw new SealError('no key was given');
  const row = sql.get('SELECT sealed FROM items WHERE name = ?', KEY_CHECK);
  if (row === undefined) return first;
  const sealed = blob(row, 'sealed');
  for (const key of keys) {
    try {
      openJson(createSealer(key), sealed, itemPlace(KEY_CHECK));
      return key;
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
    }
  }
  throw new SealError('the journal is sealed with another key');
}

export interface OpenOptions {
  retention?: Retention;
  /** No other process may have the journal open; else this fails. */
  alone?: boolean;
}

/**
 * @param keys the data key, and further ones that what is sealed here may still be under
 * @throws StationError when the journal is damaged, lost, too new, or was sealed with another key
 */
export function openJournal(
  dataDir: string,
  keys: Uint8Array | readonly Uint8Array[],
  now: number,
  { retention = RETENTION, alone = false }: OpenOptions = {},
): Journal {
  const db = openDatabase(dataDir, now, { alone });
  try {
    const sql = createSql(db);
    const all = keys instanceof Uint8Array ? [keys] : keys;
    let current = keyOf(sql, all);
    const sealer = createKeyRing(current, all);
    const records = createRecords(sql, sealer);
    const owners = createOwners(sql);
    sql.transaction(() => {
      if (records.item(KEY_CHECK) === null) records.setItem(KEY_CHECK, 'vestibule', now);
      if (records.item(AUDIT_KEY) === null) records.setItem(AUDIT_KEY, randomBytes(32).toString('base64'), now);
    });
    const auditKey = Buffer.from(z.string().parse(records.item(AUDIT_KEY)), 'base64');
    return {
      records,
      deliveries: createDeliveries(sql, sealer, retention),
      inspections: createInspections(sql, sealer),
      agreements: createAgreements(sql),
      owners,
      gates: createGates(records),
      removals: createRemovals(records),
      audit: createAudit(sql, records, auditKey),
      secrets: createSecrets(sql, sealer),
      imports: createImportRecords(sql, sealer, records, owners),
      visits: createVisits(sql, sealer),
      passes: createPasses(sql, sealer, records),
      pace: (clock) => createPace(sql, clock),
      sealer,
      transaction: sql.transaction,
      demandKey() {
        const row = sql.get('SELECT sealed FROM items WHERE name = ?', KEY_CHECK);
        try {
          if (row !== undefined) openJson(createSealer(current), blob(row, 'sealed'), itemPlace(KEY_CHECK));
        } catch (error) {
          throw new StationError('key', `the key of ${dataDir} was changed just now: start again`, { cause: error });
        }
      },
      reseal(next, { actor, at, alone: demandAlone }) {
        const to = createSealer(next);
        const done = sql.transaction(() => {
          demandAlone?.();
          if (Buffer.from(current).equals(next)) return 0;
          const count = resealAll(sql, sealer, to);
          createAudit(sql, createRecords(sql, to), auditKey).append(
            { actor, action: 'key-rotate', outcome: 'done', detail: { records: count } },
            at,
          );
          return count;
        });
        if (!Buffer.from(current).equals(next)) {
          sealer.use(next);
          current = next;
        }
        // What was there under the old key is not to lie in the log any longer (pages are overwritten: secure_delete).
        db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
        return done;
      },
      isWhole: () => sql.get('PRAGMA integrity_check(1)')?.integrity_check === 'ok',
      isUnder: (key) => Buffer.from(current).equals(key),
      close: () => db.close(),
    };
  } catch (error) {
    db.close();
    if (error instanceof SealError)
      throw new StationError(
        'key',
        `the data in ${dataDir} was sealed with another key: use the key it was made with (the file "key" there, VESTIBULE_KEY, or the key ring)`,
      );
    throw error;
  }
}
