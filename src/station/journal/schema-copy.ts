import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { probe } from './owners.ts';
import { integer } from './sql.ts';

/** Beside the journal: the pages that describe its tables, as they are. Statements of the schema and page numbers, nothing of anybody. */
const FILE = 'schema.json';

/** A journal larger than this is read into memory for nothing else. */
const SIZE_LIMIT = 1 << 30;

/** Where page 1 tells how many pages there are and which are free (SQLite file format, §1.3). */
const PAGES_AT = 28;
const FREE_AT = 32;

const copySchema = z.object({
  /** SQLite's own number of the schema, which every change to it counts up. */
  cookie: z.number().int(),
  pageSize: z.number().int().min(512).max(65_536),
  pages: z.array(z.object({ page: z.number().int().min(1), bytes: z.string() })).min(1),
});
type SchemaCopy = z.infer<typeof copySchema>;

function readCopy(dataDir: string): SchemaCopy | null {
  try {
    return copySchema.parse(JSON.parse(readFileSync(join(dataDir, FILE), 'utf8')));
  } catch {
    return null;
  }
}

function pragma(db: DatabaseSync, name: 'schema_version' | 'page_size' | 'page_count'): number {
  const row = db.prepare(`PRAGMA ${name}`).get();
  return row === undefined ? 0 : integer(row, name);
}

/** What processes left that died while they wrote. */
function dropHalves(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    const pid = name.startsWith(`${FILE}.`) ? /\.(\d+)\.part$/.exec(name)?.[1] : undefined;
    if (pid !== undefined && probe(Number(pid), null) === 'dead') rmSync(join(dataDir, name), { force: true });
  }
}

/**
 * Keeps a copy of the pages that describe a journal's tables: a single one of them that is damaged makes all rows of all tables unreadable,
 * though they are whole. Written when the schema has changed, which is at the first start and after an upgrade. That it cannot be
 * written (a full disk, a disk that is read-only) keeps nobody from working.
 */
export function keepSchemaCopy(db: DatabaseSync, dataDir: string): void {
  const cookie = pragma(db, 'schema_version');
  if (readCopy(dataDir)?.cookie === cookie) return;
  const pageSize = pragma(db, 'page_size');
  if (pageSize * pragma(db, 'page_count') > SIZE_LIMIT) return;
  const partial = join(dataDir, `${FILE}.${process.pid}.part`);
  try {
    dropHalves(dataDir);
    // Through SQLite: a page may be in the log alone, and what is in the file is then another.
    const all = db.serialize();
    const numbers = db.prepare("SELECT pageno FROM dbstat WHERE name = 'sqlite_schema'").all();
    const pages = numbers.map((row) => {
      const page = integer(row, 'pageno');
      return { page, bytes: Buffer.from(all.subarray((page - 1) * pageSize, page * pageSize)).toString('base64') };
    });
    writeFileSync(partial, JSON.stringify({ cookie, pageSize, pages } satisfies SchemaCopy), {
      mode: 0o600,
      flush: true,
    });
    renameSync(partial, join(dataDir, FILE));
  } catch {
    rmSync(partial, { force: true });
  }
}

/**
 * Copies a journal and its log to `to`, with the description of its tables as it was kept. False when none was kept, or it is not of this
 * journal (another page size); the journal itself is not touched.
 */
export function copyWithSchema(dataDir: string, journal: string, to: string): boolean {
  const kept = readCopy(dataDir);
  if (kept === null) return false;
  copyFileSync(journal, to);
  if (existsSync(`${journal}-wal`)) copyFileSync(`${journal}-wal`, `${to}-wal`);
  const count = Math.ceil(statSync(to).size / kept.pageSize);
  if (kept.pages.some(({ page, bytes }) => page > count || Buffer.from(bytes, 'base64').length !== kept.pageSize))
    return false;
  const file = openSync(to, 'r+');
  try {
    for (const { page, bytes } of kept.pages) {
      const content = Buffer.from(bytes, 'base64');
      if (page === 1) {
        content.writeUInt32BE(count, PAGES_AT);
        // Which pages are free is not known any more, and nothing will be written here.
        content.fill(0, FREE_AT, FREE_AT + 8);
      }
      writeSync(file, content, 0, content.length, (page - 1) * kept.pageSize);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return true;
}
