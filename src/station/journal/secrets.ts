import { z } from 'zod';
import { openJson, type Sealer, sealJson } from '../vault/seal.ts';
import { blob, integer, type Sql, text } from './sql.ts';

export type Secrets = ReturnType<typeof createSecrets>;

/** Platform credentials at rest: sealed, each bound to its platform and field. */
export function createSecrets(sql: Sql, sealer: Sealer) {
  return {
    get(platform: string, field: string): string | null {
      const row = sql.get('SELECT sealed FROM secrets WHERE platform = ? AND field = ?', platform, field);
      return row === undefined
        ? null
        : z.string().parse(openJson(sealer, blob(row, 'sealed'), secretPlace(platform, field)));
    },
    set(platform: string, field: string, value: string, at: number): void {
      sql.run(
        `INSERT INTO secrets (platform, field, sealed, updated_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (platform, field) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at`,
        platform,
        field,
        sealJson(sealer, value, secretPlace(platform, field)),
        at,
      );
    },
    /** False when there was none. */
    clear: (platform: string, field: string): boolean =>
      sql.run('DELETE FROM secrets WHERE platform = ? AND field = ?', platform, field) > 0,
    /** What is kept, without the values. */
    list: (): { platform: string; field: string; updatedAt: number }[] =>
      sql.all('SELECT platform, field, updated_at FROM secrets ORDER BY platform, field').map((row) => ({
        platform: text(row, 'platform'),
        field: text(row, 'field'),
        updatedAt: integer(row, 'updated_at'),
      })),
  };
}

export const secretPlace = (platform: string, field: string) => `secret:${platform}:${field}`;
