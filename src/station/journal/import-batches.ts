import { randomUUID } from 'node:crypto';
import type { Digest } from './import-digest.ts';
import type { Owners } from './owners.ts';
import { integer, type Sql, text, textOrNull } from './sql.ts';

/** The imports themselves: a table each, known by its name's digest. */
export function createBatches(sql: Sql, digest: Digest, owners: Pick<Owners, 'living'>) {
  return {
    /** The import of this name (a file), new or as it was left; its id. */
    open(name: string, at: number): string {
      return sql.transaction(() => {
        const known = sql.get('SELECT id FROM batches WHERE digest = ?', digest('batch', name));
        if (known !== undefined) {
          sql.run('UPDATE batches SET updated_at = ? WHERE id = ?', at, text(known, 'id'));
          return text(known, 'id');
        }
        const id = randomUUID();
        sql.run(
          'INSERT INTO batches (id, digest, created_at, updated_at) VALUES (?, ?, ?, ?)',
          id,
          digest('batch', name),
          at,
          at,
        );
        return id;
      });
    },

    has: (batch: string): boolean => sql.get('SELECT 1 AS one FROM batches WHERE id = ?', batch) !== undefined,

    /** Imports with rows that nobody looked at yet: they were begun and not finished. The newest first. */
    unfinished: (): { id: string; at: number; rows: number; unchecked: number }[] =>
      sql
        .all(
          `SELECT b.id, b.updated_at, count(*) AS n, sum(r.verdict = 'new') AS unchecked
           FROM batches b JOIN batch_rows r ON r.batch = b.id GROUP BY b.id HAVING unchecked > 0 ORDER BY b.updated_at DESC`,
        )
        .map((found) => ({
          id: text(found, 'id'),
          at: integer(found, 'updated_at'),
          rows: integer(found, 'n'),
          unchecked: integer(found, 'unchecked'),
        })),

    forget(batch: string): void {
      sql.run('DELETE FROM batches WHERE id = ?', batch);
    },

    /**
     * Takes an import in hand, so that no other process reads its rows anew meanwhile. `taken`: it is ours, now or before. `held`: another
     * process that still lives has it. `gone`: there is no such import any more.
     */
    take: (batch: string, owner: string, at: number): 'taken' | 'held' | 'gone' =>
      sql.transaction(() => {
        const found = sql.get('SELECT owner FROM batches WHERE id = ?', batch);
        if (found === undefined) return 'gone';
        const holder = textOrNull(found, 'owner');
        if (holder !== null && holder !== owner && owners.living(holder, at) !== null) return 'held';
        sql.run('UPDATE batches SET owner = ?, updated_at = ? WHERE id = ?', owner, at, batch);
        return 'taken';
      }),
    /** Puts down what this owner had in hand. */
    putDown(batch: string, owner: string): void {
      sql.run('UPDATE batches SET owner = NULL WHERE id = ? AND owner = ?', batch, owner);
    },

    /** Imports nobody has touched since a time, and nobody has in hand; their ids. */
    purgeBatches: (before: number): string[] =>
      sql
        .all(
          `DELETE FROM batches WHERE updated_at < ? AND (owner IS NULL OR owner NOT IN (SELECT id FROM owners)) RETURNING id`,
          before,
        )
        .map((found) => text(found, 'id')),
  };
}
