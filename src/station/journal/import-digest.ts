import { createHmac, randomBytes } from 'node:crypto';
import type { Records } from './records.ts';
import type { Sql } from './sql.ts';

/** Name of the item that holds the key of digests: its own, so that they outlive a change of the data key. */
const IMPORT_KEY = 'import-key';

/** Digest of a value under the journal's own key: equal values are found, and tell nothing. */
export type Digest = (kind: 'code' | 'photo' | 'content' | 'batch', value: string | Uint8Array) => Uint8Array;

/** The digests of imports, under a key that is made when it is first needed. */
export function createDigest(sql: Sql, records: Pick<Records, 'item' | 'setItem'>): Digest {
  let key: Buffer | null = null;
  return (kind, value) => {
    if (key === null) {
      // Another process may be making it this moment.
      const stored = sql.transaction(() => {
        const known = records.item(IMPORT_KEY);
        if (typeof known === 'string') return known;
        const made = randomBytes(32).toString('base64');
        records.setItem(IMPORT_KEY, made, 0);
        return made;
      });
      key = Buffer.from(stored, 'base64');
    }
    // Codes that differ in case alone are one on most platforms, and their photos are one in every folder.
    const text = kind === 'code' && typeof value === 'string' ? value.normalize('NFKC').toLowerCase() : value;
    return createHmac('sha256', key).update(`${kind}:`).update(text).digest();
  };
}
