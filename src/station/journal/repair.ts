import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StationError } from '../api.ts';
import { syncDir } from '../files.ts';
import { createKeyRing, createSealer } from '../vault/seal.ts';
import { JOURNAL_FILE, primaryCode, SQLITE_BUSY, stamp } from './database.ts';
import { openJournal } from './index.ts';
import { keyThatOpens, type Loss, mend } from './mend.ts';
import { probe } from './owners.ts';
import { columnsOf, putRow, salvageTable } from './salvage.ts';
import { MIGRATIONS } from './schema.ts';
import { copyWithSchema } from './schema-copy.ts';
import { createSql, text } from './sql.ts';

export interface RepairReport {
  /** `whole`: nothing was wrong and nothing was changed. */
  state: 'whole' | 'rebuilt';
  /** Folder that holds the journal as it was found. */
  backup: string | null;
  /** For each table the rows that were kept, those that were damaged, and at most how many could not even be read. */
  tables: { table: string; kept: number; damaged: number; unread: number }[];
  lost: Loss[];
  /** Photos whose enrolment is lost; they lie in the backup. */
  photosAside: number;
}

/**
 * In the order of their references. Owners are not kept: whoever was at work is not any more. Of imports what was enrolled is kept, so that
 * nothing is sent twice; their rows are read again from the table. Who passed the doors lately is read again from the platforms.
 */
const TABLES = [
  'people',
  'enrolments',
  'photos',
  'deliveries',
  'steps',
  'items',
  'audit',
  'secrets',
  'quality_counts',
  'quality_disagreements',
  'imported',
  'visits',
  'proofs',
] as const;

function isWhole(db: DatabaseSync): boolean {
  const rows = db.prepare('PRAGMA integrity_check(1)').all();
  return rows[0]?.integrity_check === 'ok' && db.prepare('PRAGMA foreign_key_check').all().length === 0;
}

/** Null when the file is no database any more. */
function openDamaged(path: string): { db: DatabaseSync; whole: boolean } | null {
  const db = new DatabaseSync(path, { timeout: 1_000, enableForeignKeyConstraints: false });
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    const whole = isWhole(db);
    return { db, whole };
  } catch (error) {
    if (primaryCode(error) === SQLITE_BUSY) {
      db.close();
      throw new StationError('journal', `${path} is open in another process: close the station first`, {
        cause: error,
      });
    }
    try {
      // Some damage shows already while checking; what is left may be readable all the same.
      db.prepare('SELECT count(*) FROM sqlite_schema').get();
      return { db, whole: false };
    } catch {
      db.close();
      return null;
    }
  }
}

/** The journal under the description of its tables that was kept beside it, where its own is damaged: its rows may be whole. */
function openDescribed(dataDir: string, path: string, copy: string): ReturnType<typeof openDamaged> {
  return copyWithSchema(dataDir, path, copy) ? openDamaged(copy) : null;
}

/** Copies the journal as it was found, before anything is opened: opening may already write. */
function setAside(dataDir: string, now: number): string {
  const name = `journal-before-repair-${stamp(now)}`;
  let backup = join(dataDir, name);
  for (let n = 2; existsSync(backup); n += 1) backup = join(dataDir, `${name}-${n}`);
  mkdirSync(backup, { mode: 0o700 });
  for (const ending of ['', '-wal']) {
    const file = join(dataDir, JOURNAL_FILE + ending);
    if (existsSync(file)) copyFileSync(file, join(backup, JOURNAL_FILE + ending));
  }
  return backup;
}

function unusable(dataDir: string, why: string): StationError {
  const backups = readdirSync(dataDir).filter((name) => /^journal-(backup|damaged|before-repair)-/.test(name));
  const hint = backups.length === 0 ? 'there is no copy of it here' : `copies are ${backups.sort().join(', ')}`;
  return new StationError(
    'journal',
    `${join(dataDir, JOURNAL_FILE)} ${why}, so there is nothing to rebuild it from; ${hint}`,
  );
}

/**
 * Rebuilds a damaged journal from what can be read of it. The journal as it was is set aside first; the new one takes its place in one
 * rename, when it is complete and on the disk. Deliveries are never dropped where anything tells of them.
 * @param keys the data key, and further ones
 * @throws StationError when there is nothing to rebuild from, another process has the journal, or the key is another
 */
export async function repairJournal(dataDir: string, keys: readonly Uint8Array[], now: number): Promise<RepairReport> {
  const path = join(dataDir, JOURNAL_FILE);
  if (!existsSync(path) || statSync(path).size === 0) throw unusable(dataDir, 'is missing or empty');
  const backup = setAside(dataDir, now);
  const forgetBackup = () => rmSync(backup, { recursive: true, force: true });
  let source: ReturnType<typeof openDamaged>;
  try {
    source = openDamaged(path);
  } catch (error) {
    forgetBackup();
    throw error;
  }
  const partial = join(dataDir, `journal-rebuilt-${process.pid}.part`);
  const described = `${partial}-described`;
  const drop = () => {
    for (const file of [partial, described])
      for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(file + ending, { force: true });
  };
  drop();
  dropDead(dataDir);
  try {
    source ??= openDescribed(dataDir, path, described);
  } catch (error) {
    drop();
    forgetBackup();
    throw error;
  }
  if (source === null) {
    drop();
    forgetBackup();
    throw unusable(dataDir, 'is no database any more');
  }
  if (source.whole && !existsSync(described)) {
    source.db.close();
    forgetBackup();
    return { state: 'whole', backup: null, tables: [], lost: [], photosAside: 0 };
  }

  try {
    const { tables, lost, known } = rebuild(source.db, partial, keys, now);
    sync(partial);
    // Before the new journal takes its place: a station that starts on it deletes photos nobody is known for.
    const photosAside = setPhotosAside(dataDir, backup, known);
    settle(source.db);
    // Its contents are in the file (checkpoint) and in the backup: beside the new journal it would be taken for the new one's.
    for (const ending of ['-wal', '-shm']) rmSync(path + ending, { force: true });
    renameSync(partial, path);
    await syncDir(dataDir);
    noteRepair(dataDir, keys, photosAside, now);
    return { state: 'rebuilt', backup, tables, lost, photosAside };
  } catch (error) {
    if (source.db.isOpen) settle(source.db);
    throw error;
  } finally {
    drop();
  }
}

/** What repairs left that were killed: nothing in it is not in the journal they began from. */
function dropDead(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    const pid = /^journal-rebuilt-(\d+)\.part/.exec(name)?.[1];
    if (pid !== undefined && probe(Number(pid), null) === 'dead') rmSync(join(dataDir, name), { force: true });
  }
}

/** Writes the log into the file, page by page, whatever is in them, and closes. */
function settle(db: DatabaseSync): void {
  try {
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // Too damaged for that; the backup has the log.
  }
  db.close();
}

function sync(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function rebuild(
  source: DatabaseSync,
  file: string,
  keys: readonly Uint8Array[],
  now: number,
): Pick<RepairReport, 'tables' | 'lost'> & { known: ReadonlySet<string> } {
  const db = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  try {
    for (const { up } of MIGRATIONS) up(db);
    db.exec(`PRAGMA user_version = ${MIGRATIONS.length}; BEGIN`);
    const tables = TABLES.map((table) => {
      const columns = columnsOf(source, table).filter((column) => columnsOf(db, table).includes(column));
      if (columns.length === 0) return { table, kept: 0, damaged: 0, unread: 0 };
      const { rows, unread } = salvageTable(source, table);
      const rowsFor = table === 'deliveries' ? rows.map(ownerless) : rows;
      const kept = rowsFor.filter((row) => putRow(db, table, columns, row)).length;
      return { table, kept, damaged: rows.length - kept, unread };
    });
    const sql = createSql(db);
    const rings = keys.map((key) => ({ key, sealer: createSealer(key) }));
    const key = keyThatOpens(sql, rings);
    if (key === null)
      throw new StationError(
        'key',
        'what is left of the journal was sealed with another key: give the key it was made with',
      );
    const holes = new Set(
      tables.filter(({ damaged, unread }) => damaged + unread > 0).map(({ table }) => String(table)),
    );
    const lost = mend(sql, createKeyRing(key, keys), now, holes);
    db.exec('COMMIT');
    if (!isWhole(db)) throw new Error('the rebuilt journal does not hold together');
    return { tables, lost, known: new Set(sql.all('SELECT id FROM enrolments').map((row) => text(row, 'id'))) };
  } finally {
    if (db.isTransaction) db.exec('ROLLBACK');
    db.close();
  }
}

/** Owners are gone, and a running delivery without one breaks a rule of the schema. */
function ownerless<R extends Record<string, unknown>>(row: R): R {
  return { ...row, owner: null, ...(row.state === 'running' && { state: 'queued' }) };
}

/** Moves photos nobody is known for any more into the backup, where no clean-up finds them. Their number. */
function setPhotosAside(dataDir: string, backup: string, known: ReadonlySet<string>): number {
  const photos = join(dataDir, 'photos');
  const names = existsSync(photos) ? readdirSync(photos).filter((name) => name.endsWith('.bin')) : [];
  const lost = names.filter((name) => !known.has(name.slice(0, -'.bin'.length)));
  if (lost.length > 0) mkdirSync(join(backup, 'photos'), { recursive: true, mode: 0o700 });
  for (const name of lost) renameSync(join(photos, name), join(backup, 'photos', name));
  return lost.length;
}

/** Notes the repair in the audit trail. */
function noteRepair(dataDir: string, keys: readonly Uint8Array[], photosAside: number, now: number): void {
  const journal = openJournal(dataDir, keys, now);
  try {
    journal.audit.append({ actor: 'cli', action: 'repair', outcome: 'rebuilt', detail: { photosAside } }, now);
  } finally {
    journal.close();
  }
}
