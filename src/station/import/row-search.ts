import { setImmediate as breathe } from 'node:timers/promises';
import type { ImportRecords } from '../journal/imports.ts';
import { storedRows } from './import-run.ts';
import { whoIs } from './views.ts';

/** Rows that are unsealed between two breaths. */
const AT_ONCE = 250;

/**
 * Finds rows of an import by a part of their code or name. Rows lie sealed, so that each has to be opened; what was found is kept for the
 * next page of the same question, as long as the table was not read anew. Returns lines, ascending.
 */
export function createRowSearch(records: Pick<ImportRecords, 'nextPass' | 'after'>) {
  let last: { key: string; lines: number[] } | null = null;

  return async ({ batch }: { batch: string }, query: string): Promise<readonly number[]> => {
    const wanted = searchText(query);
    const key = JSON.stringify([batch, records.nextPass(batch), wanted]);
    if (last?.key === key) return last.lines;
    const lines: number[] = [];
    let seen = 0;
    for (const row of storedRows(records, batch, null, true)) {
      const { code, name } = whoIs(row);
      if (searchText(code).includes(wanted) || searchText(name).includes(wanted)) lines.push(row.line);
      seen += 1;
      if (seen % AT_ONCE === 0) await breathe();
    }
    last = { key, lines };
    return lines;
  };
}

function searchText(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim();
}
