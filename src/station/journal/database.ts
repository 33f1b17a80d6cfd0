import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StationError } from '../api.ts';
import { probe } from './owners.ts';
import { MIGRATIONS, type Migration } from './schema.ts';
import { keepSchemaCopy } from './schema-copy.ts';
import { integer } from './sql.ts';

/** Name of the journal in a data folder. */
export const JOURNAL_FILE = 'journal.db';
const FILE = JOURNAL_FILE;

/** Whether a station has kept anything in a folder. */
export const hasJournal = (dataDir: string): boolean => existsSync(join(dataDir, JOURNAL_FILE));

/** SQLite's primary result codes for a file that is not, or no longer, a database. */
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;
export const SQLITE_BUSY = 5;

export function primaryCode(error: unknown): number | null {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : null;
}

function isDamage(error: unknown): boolean {
  const code = primaryCode(error);
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

/** Name of a time that files can carry: `20260131T101500`. */
export function stamp(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '');
}

/**
 * Copies a damaged journal aside as it was found. The folder is named after the file's own time, so that starting again and
 * again does not fill the disk with the same copy.
 */
function keepAside(dataDir: string): string {
  const path = join(dataDir, FILE);
  const aside = join(dataDir, `journal-damaged-${stamp(statSync(path).mtimeMs)}`);
  if (existsSync(aside)) return aside;
  mkdirSync(aside, { mode: 0o700 });
  for (const ending of ['', '-wal']) {
    if (existsSync(path + ending)) copyFileSync(path + ending, join(aside, FILE + ending));
  }
  return aside;
}

function damaged(dataDir: string, cause: unknown): StationError {
  const aside = keepAside(dataDir);
  const backups = readdirSync(dataDir).filter((name) => name.startsWith('journal-backup-'));
  const backup = backups.sort().at(-1);
  return new StationError(
    'journal',
    `the journal ${join(dataDir, FILE)} is damaged and was left as it is; a copy is in ${aside}. ` +
      'It may hold enrolments that were not delivered, so no new one was begun in its place. ' +
      (backup === undefined
        ? `Run "vestibule outbox repair --data ${dataDir}", restore ${FILE} from a backup of the folder, or start with another data folder and enrol again what is missing.`
        : `Run "vestibule outbox repair --data ${dataDir}", restore it (${join(dataDir, backup)} is from before the last upgrade), or start with another data folder.`),
    { cause },
  );
}

function hasPhotos(dataDir: string): boolean {
  const photos = join(dataDir, 'photos');
  return existsSync(photos) && readdirSync(photos).some((name) => name.endsWith('.bin'));
}

/** A journal with nothing in it beside sealed photos was lost, not new. */
function lostJournal(dataDir: string, what: string): StationError {
  return new StationError(
    'journal',
    `${join(dataDir, FILE)} ${what}, but ${join(dataDir, 'photos')} holds photos that were to be sent: ` +
      `restore ${FILE} (and ${FILE}-wal, where there was one) from a backup, or start with another data folder`,
  );
}

function refuseLost(dataDir: string): void {
  const path = join(dataDir, FILE);
  if (existsSync(path) && statSync(path).size > 0) return;
  if (hasPhotos(dataDir)) throw lostJournal(dataDir, 'is missing or empty');
}

function userVersion(db: DatabaseSync): number {
  const row = db.prepare('PRAGMA user_version').get();
  return row === undefined ? 0 : integer(row, 'user_version');
}

function checkIntegrity(db: DatabaseSync, dataDir: string): void {
  const rows = db.prepare('PRAGMA integrity_check(1)').all();
  if (rows[0]?.integrity_check !== 'ok') throw damaged(dataDir, undefined);
}

/** Halves of backups that processes left which died over them; one that still works on its own is not disturbed. */
function dropHalves(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    const pid = /^journal-backup-.*\.db\.(\d+)\.part(-journal)?$/.exec(name)?.[1];
    if (pid !== undefined && Number(pid) !== process.pid && probe(Number(pid), null) === 'dead')
      rmSync(join(dataDir, name), { force: true });
  }
}

function migrate(db: DatabaseSync, dataDir: string, migrations: readonly Migration[], now: number): void {
  const from = userVersion(db);
  if (from > migrations.length)
    throw new StationError(
      'journal',
      `the journal in ${dataDir} was written by a newer version of Vestibule (schema ${from}, this one knows ${migrations.length}): use that version`,
    );
  if (from === migrations.length) return;
  if (from > 0) {
    // VACUUM INTO takes a consistent copy, whatever another process is doing.
    const backup = join(dataDir, `journal-backup-v${from}-${stamp(now)}.db`);
    dropHalves(dataDir);
    if (!existsSync(backup)) {
      // Under another name first: a full disk would leave half a backup that looks like a whole one.
      const partial = `${backup}.${process.pid}.part`;
      rmSync(partial, { force: true });
      try {
        db.prepare('VACUUM INTO ?').run(partial);
        chmodSync(partial, 0o600);
        renameSync(partial, backup);
      } finally {
        rmSync(partial, { force: true });
      }
    }
  }
  db.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have migrated while we waited for the lock.
    for (let version = userVersion(db); version < migrations.length; version += 1) {
      migrations[version]?.up(db);
      db.exec(`PRAGMA user_version = ${version + 1}`);
    }
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/**
 * Opens the journal of a data folder: checked, migrated, durable (WAL with synchronous=FULL: a commit that returned survives a
 * power cut). `alone`: no other process may have it open, now or until it is closed. Throws `StationError` when it is damaged, lost or newer than this program; the file is then left as it is.
 */
export function openDatabase(
  dataDir: string,
  now: number,
  { migrations = MIGRATIONS, alone = false }: { migrations?: readonly Migration[]; alone?: boolean } = {},
): DatabaseSync {
  refuseLost(dataDir);
  const path = join(dataDir, FILE);
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { timeout: alone ? 2_000 : 10_000, enableForeignKeyConstraints: true });
    // In WAL mode every open connection holds a lock that this one then cannot have (sqlite.org/wal.html, "Exclusive Locking Mode").
    if (alone) db.exec('PRAGMA locking_mode = EXCLUSIVE');
    chmodSync(path, 0o600);
    checkIntegrity(db, dataDir);
    // A young journal lies in its log alone: without it the file is whole, and holds nothing.
    if (userVersion(db) === 0 && hasPhotos(dataDir)) throw lostJournal(dataDir, 'has lost its log and is empty');
    db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF',
    );
    migrate(db, dataDir, migrations, now);
    keepSchemaCopy(db, dataDir);
    return db;
  } catch (error) {
    // The copy aside is taken before closing: the last connection to close writes the WAL into the file.
    const known = error instanceof StationError ? error : isDamage(error) ? damaged(dataDir, error) : null;
    if (db?.isOpen) db.close();
    if (known !== null) throw known;
    const code = primaryCode(error);
    if (alone && code === SQLITE_BUSY)
      throw new StationError(
        'journal',
        `the journal ${path} is open in another process: close the station (and any command at work on this folder) first`,
        { cause: error },
      );
    throw new StationError(
      'journal',
      `the journal ${path} cannot be opened${code === null ? '' : ` (SQLite ${code})`}: is the folder writable, the disk full, or another program holding it?`,
      { cause: error },
    );
  }
}
