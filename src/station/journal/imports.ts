import type { Sealer } from '../vault/seal.ts';
import { createDeskFaces } from './desk-faces.ts';
import { createBatches } from './import-batches.ts';
import { createDigest } from './import-digest.ts';
import { createImportOutcome } from './import-outcome.ts';
import { createImportRows } from './import-rows.ts';
import { createLooks } from './looks.ts';
import type { Owners } from './owners.ts';
import type { Records } from './records.ts';
import type { Sql } from './sql.ts';

export type ImportRecords = ReturnType<typeof createImportRecords>;

/**
 * Imports in the journal: every row of a table with its verdict, so that 100,000 rows need no memory and nothing is lost when the process is.
 * What was enrolled is known by its content (person and photo), whatever file it came in.
 */
export function createImportRecords(
  sql: Sql,
  sealer: Sealer,
  records: Pick<Records, 'item' | 'setItem'>,
  owners: Pick<Owners, 'living'>,
) {
  const digest = createDigest(sql, records);
  const { purgeBatches, ...batches } = createBatches(sql, digest, owners);
  const { eraseRows, ...rows } = createImportRows(sql, sealer, digest);
  const { eraseDeskFace, ...deskFaces } = createDeskFaces(sql, sealer, digest);
  const { eraseLooks, purgeLooks, ...looks } = createLooks(sql, sealer, digest);

  return {
    digest,
    ...batches,
    ...rows,
    ...createImportOutcome(sql),
    ...looks,
    ...deskFaces,

    /** Forgets a person: their rows in whatever import, looks at their photos, and what is known of their face. */
    erase(code: string): void {
      sql.transaction(() => {
        eraseRows(code);
        eraseLooks(code);
        eraseDeskFace(code);
      });
    },

    /** Imports nobody has touched since a time, and looks nobody has used; the ids of the imports. */
    purge: (before: number): string[] =>
      sql.transaction(() => {
        purgeLooks(before);
        return purgeBatches(before);
      }),
  };
}
