import { z } from 'zod';
import type { Sql } from './sql.ts';

/** Name of the sealed item that holds the site's operators. Once there, it stays, if only as an empty list. */
export const OPERATORS = 'operators';
/** Name of the sealed item that is true while a repair has lost the operators and nobody has made new ones. */
export const OPERATORS_LOST = 'operators-lost';

const detail = z.object({ operator: z.string() });

/** Labels that were added and not removed, by what is left of the audit trail. */
function operatorsOfTrail(sql: Sql): ReadonlySet<string> {
  const labels = new Set<string>();
  const rows = sql.all(
    "SELECT action, detail FROM audit WHERE action IN ('operator-add','operator-remove') ORDER BY seq",
  );
  for (const row of rows) {
    const told = parse(row.detail);
    if (row.action === 'operator-clear') labels.clear();
    // An entry that cannot be read any more still tells that there was somebody.
    if (row.action === 'operator-add') labels.add(told ?? '?');
    else if (told !== null) labels.delete(told);
  }
  return labels;
}

function parse(text: unknown): string | null {
  try {
    return detail.parse(JSON.parse(String(text))).operator;
  } catch {
    return null;
  }
}

/**
 * Whether a repair lost who may sign in. A station without operators lets everybody do everything, so that where it is not certain that
 * there were none, it counts as lost.
 * @param holes what of the two tables could not be read
 */
export function lostOperators(
  sql: Sql,
  { unopened, holes }: { unopened: readonly string[]; holes: ReadonlySet<string> },
): boolean {
  if (sql.get('SELECT 1 FROM items WHERE name = ?', OPERATORS) !== undefined) return false;
  if (unopened.includes(OPERATORS) || operatorsOfTrail(sql).size > 0) return true;
  return (holes.has('items') || unopened.length > 0) && holes.has('audit');
}
