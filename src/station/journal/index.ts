import { StationError } from '../api.ts';
import { createSealer, SealError, type Sealer } from '../vault/seal.ts';
import { openDatabase } from './database.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import { createOwners, type Owners } from './owners.ts';
import { createRecords, type Records } from './records.ts';
import { createSql } from './sql.ts';

export { ClaimLost } from './deliveries.ts';
export { type DeliveryPatch, type DeliveryRecord, UNHEARD } from './delivery-rows.ts';
export { HEARTBEAT_MS } from './owners.ts';
export type { EnrolmentRecord } from './records.ts';

/** The journal of a data folder: what is to be done, what was done, and who is doing it. */
export interface Journal {
  records: Records;
  deliveries: Deliveries;
  owners: Owners;
  sealer: Sealer;
  /** Runs all of it or none of it. */
  transaction<T>(work: () => T): T;
  close(): void;
}

const KEY_CHECK = 'key-check';

/** @throws StationError when the journal is damaged, lost, too new, or was sealed with another key */
export function openJournal(dataDir: string, dataKey: Uint8Array, now: number): Journal {
  const sealer = createSealer(dataKey);
  const db = openDatabase(dataDir, now);
  try {
    const sql = createSql(db);
    const records = createRecords(sql, sealer);
    sql.transaction(() => {
      if (records.item(KEY_CHECK) === null) records.setItem(KEY_CHECK, 'vestibule', now);
    });
    return {
      records,
      deliveries: createDeliveries(sql, sealer),
      owners: createOwners(sql),
      sealer,
      transaction: sql.transaction,
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
