import { z } from 'zod';
import { openJson, type Sealer, sealJson } from '../vault/seal.ts';
import type { Digest } from './import-digest.ts';
import { blob, integer, type Sql } from './sql.ts';

/** Where a look's sealed part is bound to. */
export const lookPlace = (photo: Uint8Array) => `look:${Buffer.from(photo).toString('hex')}`;

const DAY_MS = 24 * 60 * 60_000;

/** A look at a photo that need not be taken again; sealed. */
const lookSchema = z.object({ inspection: z.unknown(), descriptor: z.string().nullable() });
export type StoredLook = z.infer<typeof lookSchema>;

/** Looks at photos of imports, under their photos' digests. */
export function createLooks(sql: Sql, sealer: Sealer, digest: Digest) {
  return {
    look(photo: Uint8Array, at: number): StoredLook | null {
      const found = sql.get('SELECT sealed, used_at FROM looks WHERE photo = ?', photo);
      if (found === undefined) return null;
      // Each write waits for the disk: a day is near enough for what is kept for a week.
      if (at - integer(found, 'used_at') > DAY_MS) sql.run('UPDATE looks SET used_at = ? WHERE photo = ?', at, photo);
      return lookSchema.parse(openJson(sealer, blob(found, 'sealed'), lookPlace(photo)));
    },

    keepLook(photo: Uint8Array, code: string, look: StoredLook, at: number): void {
      sql.run(
        'INSERT OR REPLACE INTO looks (photo, code, sealed, used_at) VALUES (?, ?, ?, ?)',
        photo,
        digest('code', code),
        sealJson(sealer, look, lookPlace(photo)),
        at,
      );
    },

    /** Faces in numbers that earlier imports left, each with its person's code digest; those of an import's own people left out. */
    *faces(batch: string): Generator<{ code: string; descriptor: string }> {
      for (const { photo } of sql.all(
        `SELECT photo FROM looks WHERE code IS NOT NULL
           AND code NOT IN (SELECT code FROM batch_rows WHERE batch = ? AND code IS NOT NULL)`,
        batch,
      )) {
        if (!(photo instanceof Uint8Array)) continue;
        const found = sql.get('SELECT code, sealed FROM looks WHERE photo = ?', photo);
        if (found === undefined) continue;
        const { descriptor } = lookSchema.parse(openJson(sealer, blob(found, 'sealed'), lookPlace(photo)));
        if (descriptor !== null) yield { code: Buffer.from(blob(found, 'code')).toString('hex'), descriptor };
      }
    },

    /** Faces in numbers of an import's own rows, each as its photo was looked at last; rows that are left out have none. */
    *rowFaces(batch: string): Generator<{ line: number; code: string; descriptor: string }> {
      const found = sql.all(
        `SELECT line, photo FROM batch_rows JOIN looks
           ON looks.rowid = (SELECT max(rowid) FROM looks WHERE looks.code = batch_rows.code)
         WHERE batch = ? AND verdict <> 'skipped'`,
        batch,
      );
      for (const { line, photo } of found) {
        if (!(photo instanceof Uint8Array)) continue;
        const one = sql.get('SELECT code, sealed FROM looks WHERE photo = ?', photo);
        if (one === undefined) continue;
        const { descriptor } = lookSchema.parse(openJson(sealer, blob(one, 'sealed'), lookPlace(photo)));
        if (descriptor !== null)
          yield { line: Number(line), code: Buffer.from(blob(one, 'code')).toString('hex'), descriptor };
      }
    },

    eraseLooks(code: string): void {
      sql.run('DELETE FROM looks WHERE code = ?', digest('code', code));
    },
    /** Those nobody has used since a time. */
    purgeLooks(before: number): void {
      sql.run('DELETE FROM looks WHERE used_at < ?', before);
    },
  };
}
