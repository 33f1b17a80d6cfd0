import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Row } from './sql.ts';

/** What could be read of a table. */
export interface Salvage {
  rows: Row[];
  /** Row numbers inside damaged parts that could not be read: at most so many rows are lost. */
  unread: number;
}

const PAGE = 256;
/** A hole of more row numbers than this is not searched one by one. */
const LONGEST_HOLE = 2_000_000;

/**
 * Reads a table of a damaged database row by row: from its beginning until it breaks, from its end until it breaks, and what lies between
 * one row number at a time. Rows that hang on a damaged page are passed over; nothing is written.
 */
export function salvageTable(db: DatabaseSync, table: string): Salvage {
  const rows: Row[] = [];
  const take = (found: Row[]): void => {
    for (const { __rowid: _rowid, ...row } of found) rows.push(row);
  };
  const columns = `SELECT rowid AS __rowid, * FROM "${table}"`;
  const rowid = (row: Row | undefined): number => (typeof row?.__rowid === 'number' ? row.__rowid : 0);

  /** Goes one way until nothing is left (true) or the table breaks (false). */
  const walk = (sql: string, from: () => SQLInputValue[], seen: (last: number) => void): boolean => {
    let step = PAGE;
    for (;;) {
      try {
        const found = db.prepare(`${sql} LIMIT ${step}`).all(...from());
        if (found.length === 0) return true;
        take(found);
        seen(rowid(found.at(-1)));
      } catch {
        if (step === 1) return false;
        // The rows before the damaged one are still to be had.
        step = 1;
      }
    }
  };

  let low = Number.MIN_SAFE_INTEGER;
  let high = Number.MAX_SAFE_INTEGER;
  const whole = walk(
    `${columns} WHERE rowid > ? ORDER BY rowid`,
    () => [low],
    (last) => {
      low = last;
    },
  );
  if (whole) return { rows, unread: 0 };
  walk(
    `${columns} WHERE rowid < ? AND rowid > ? ORDER BY rowid DESC`,
    () => [high, low],
    (last) => {
      high = last;
    },
  );

  // Numbers begin at 1 and are given in order. With no end in sight, the numbers after the last row are tried for a while.
  const first = Math.max(1, low + 1);
  const last = high === Number.MAX_SAFE_INTEGER ? first + 100_000 : high - 1;
  if (last - first > LONGEST_HOLE) return { rows, unread: last - first + 1 };
  let probe: ReturnType<DatabaseSync['prepare']>;
  try {
    probe = db.prepare(`${columns} WHERE rowid = ?`);
  } catch {
    return { rows, unread: last - first + 1 };
  }
  let unread = 0;
  for (let number = first; number <= last; number += 1) {
    try {
      const found = probe.get(number);
      if (found !== undefined) take([found]);
    } catch {
      unread += 1;
    }
  }
  return { rows, unread };
}

/** Columns of a table in a database; empty when there is no such table, or its description is damaged. */
export function columnsOf(db: DatabaseSync, table: string): string[] {
  try {
    return db
      .prepare(`SELECT name FROM pragma_table_info(?)`)
      .all(table)
      .map(({ name }) => String(name));
  } catch {
    return [];
  }
}

/** Puts a row into a table of the new database, with the columns both know. False when it breaks a rule there: then it was damaged. */
export function putRow(db: DatabaseSync, table: string, columns: readonly string[], row: Row): boolean {
  const known = columns.filter((column) => row[column] !== undefined);
  const places = known.map(() => '?').join(', ');
  const names = known.map((column) => `"${column}"`).join(', ');
  try {
    db.prepare(`INSERT INTO "${table}" (${names}) VALUES (${places})`).run(
      ...known.map((column) => row[column] ?? null),
    );
    return true;
  } catch {
    return false;
  }
}
