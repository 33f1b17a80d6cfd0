import { z } from 'zod';
import { openJson, type Sealer, sealJson } from '../vault/seal.ts';
import type { Digest } from './import-digest.ts';
import { blob, type Sql, text } from './sql.ts';

/** Where the numbers of a face are sealed: they do not open anywhere else. */
export const deskFacePlace = (enrolment: string) => `desk-face:${enrolment}`;

const stored = z.object({ descriptor: z.string() });

/**
 * Faces of people enrolled at the desk, in numbers, where the site compares tables with them: one for each person, gone with their enrolment
 * (the table's foreign key), whoever deletes it.
 */
export function createDeskFaces(sql: Sql, sealer: Sealer, digest: Digest) {
  return {
    /** Takes the place of what was known of the person's face. An enrolment that is gone meanwhile leaves nothing. */
    keepDeskFace(enrolment: string, code: string, descriptor: string): void {
      sql.transaction(() => {
        if (sql.get('SELECT 1 AS one FROM enrolments WHERE id = ?', enrolment) === undefined) return;
        sql.run('DELETE FROM desk_faces WHERE code = ?', digest('code', code));
        sql.run(
          'INSERT INTO desk_faces (enrolment, code, sealed) VALUES (?, ?, ?)',
          enrolment,
          digest('code', code),
          sealJson(sealer, { descriptor }, deskFacePlace(enrolment)),
        );
      });
    },

    /** All of them, each with its person's code digest; those of an import's own people left out. */
    *deskFaces(batch: string): Generator<{ code: string; descriptor: string }> {
      for (const found of sql.all(
        `SELECT enrolment FROM desk_faces
           WHERE code NOT IN (SELECT code FROM batch_rows WHERE batch = ? AND code IS NOT NULL)`,
        batch,
      )) {
        const enrolment = text(found, 'enrolment');
        const face = sql.get('SELECT code, sealed FROM desk_faces WHERE enrolment = ?', enrolment);
        if (face === undefined) continue;
        const { descriptor } = stored.parse(openJson(sealer, blob(face, 'sealed'), deskFacePlace(enrolment)));
        yield { code: Buffer.from(blob(face, 'code')).toString('hex'), descriptor };
      }
    },

    hasDeskFace: (enrolment: string): boolean =>
      sql.get('SELECT 1 AS one FROM desk_faces WHERE enrolment = ?', enrolment) !== undefined,

    /** All of them; their number. */
    forgetDeskFaces: (): number => sql.run('DELETE FROM desk_faces'),
    eraseDeskFace(code: string): void {
      sql.run('DELETE FROM desk_faces WHERE code = ?', digest('code', code));
    },
  };
}
