import type { ImportField, ImportProgress, ImportRow, ImportSummary, ImportView } from '#shared/calls/import';
import type { Input } from '#shared/contract';

/** What the import screen shows. `files`: nothing is open. `work`: rows are read, checked or sent this moment, or wait in a pause. */
export type ImportStage = 'files' | 'mapping' | 'work' | 'rows';

const WORKING: ReadonlySet<ImportProgress['phase']> = new Set([
  'waiting',
  'reading',
  'checking',
  'running',
  'delivering',
  'paused',
]);

export function isWorking({ phase }: Pick<ImportProgress, 'phase'>): boolean {
  return WORKING.has(phase);
}

/** @param mapping somebody wants to see the columns again */
export function stageOf(view: Pick<ImportView, 'progress'> | null, mapping: boolean): ImportStage {
  if (view === null) return 'files';
  if (isWorking(view.progress)) return 'work';
  return mapping || view.progress.phase === 'mapping' ? 'mapping' : 'rows';
}

/** How a table is read where somebody said so; what is absent is guessed. */
export type Reading = Pick<Input<'import.read'>, 'encoding' | 'delimiter' | 'header' | 'mapping'>;

/** Another way to read a table changes what its columns are, so that their mapping is guessed anew. */
export function rereading(reading: Reading, change: Omit<Reading, 'mapping'>): Reading {
  const { mapping: _guessedAnew, ...rest } = reading;
  return { ...rest, ...change };
}

/**
 * All columns with one of them changed: exactly what is seen is what is said. Columns go by their number, which holds whatever they are
 * called. No two hold the same field.
 */
export function mappingWith(
  columns: readonly { index: number; field: ImportField | null }[],
  index: number,
  field: ImportField | null,
): Record<string, ImportField | null> {
  return Object.fromEntries(
    columns.map((column) => [
      `#${column.index + 1}`,
      column.index === index ? field : column.field === field ? null : column.field,
    ]),
  );
}

export interface ReasonCount {
  key: string;
  count: number;
  /** `warning`: worth a look, refuses nobody. */
  tone: 'reason' | 'warning';
}

/** What rows can be filtered by: what refuses most first, then what is only noted. */
export function reasonCounts({ reasons, warnings }: Pick<ImportSummary, 'reasons' | 'warnings'>): ReasonCount[] {
  const list = (counts: Record<string, number>, tone: ReasonCount['tone']): ReasonCount[] =>
    Object.entries(counts)
      .map(([key, count]) => ({ key, count, tone }))
      .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
  const refused = list(reasons, 'reason');
  const known = new Set(refused.map(({ key }) => key));
  // A filter finds a reason and a note of the same key together.
  return [...refused, ...list(warnings, 'warning').filter(({ key }) => !known.has(key))];
}

export interface DeliveryTotals {
  arrived: number;
  moving: number;
  asking: number;
  refused: number;
  abandoned: number;
}

/** Where all deliveries of an import stand, on all platforms together. */
export function deliveryTotals({ deliveries }: Pick<ImportSummary, 'deliveries'>): DeliveryTotals {
  const totals: DeliveryTotals = { arrived: 0, moving: 0, asking: 0, refused: 0, abandoned: 0 };
  for (const states of Object.values(deliveries))
    for (const [state, count] of Object.entries(states)) {
      if (state === 'delivered' || state === 'verified') totals.arrived += count;
      else if (state === 'asking' || state === 'refused' || state === 'abandoned') totals[state] += count;
      else totals.moving += count;
    }
  return totals;
}

/** How many good rows nobody has sent yet, as far as leaving the screen is concerned. */
export function unsentRows(view: Pick<ImportView, 'progress' | 'summary'> | null): number {
  if (view === null) return 0;
  const { phase } = view.progress;
  if (phase === 'checked') return view.summary.accepted;
  if (phase !== 'paused' && phase !== 'cancelled') return 0;
  const sent = Math.max(
    0,
    ...Object.values(view.summary.deliveries).map((states) =>
      Object.entries(states).reduce((sum, [state, count]) => sum + (state === 'abandoned' ? 0 : count), 0),
    ),
  );
  return Math.max(0, view.summary.accepted - sent);
}

/** Whether whoever leaves the screen leaves good rows unsent. What was begun a moment ago is at work, though the station has not said so yet. */
export function leavesUnsent({ view, busy }: { view: Parameters<typeof unsentRows>[0]; busy: string | null }): boolean {
  return busy !== 'start' && unsentRows(view) > 0;
}

/** A share from 0 to 1; null while the number of rows is not known. */
export function shareDone({ done, total }: Pick<ImportProgress, 'done' | 'total'>): number | null {
  return total === null || total === 0 ? null : Math.min(1, done / total);
}

/** Rows one of which may be the same person as another. */
export interface AlikeRows {
  /** The same code, the same face under two codes, a face of an earlier import or of the desk; or settled: it was left out. */
  kind: 'code' | 'face' | 'known' | 'out';
  /** The other rows, where they are known. */
  lines: readonly number[];
  /** This one was left out. */
  out: boolean;
}

/** Rows shown beside one at most. */
const SIDES = 4;

/** Whom a row may be, beside itself; null where nothing of the kind is said of it. A code comes first: it has to be settled. */
export function alikeOf({ reasons, warnings }: Pick<ImportRow, 'reasons' | 'warnings'>): AlikeRows | null {
  const said = [...reasons, ...warnings];
  const out = reasons.some(({ code }) => code === 'left-out');
  const linesOf = (kind: 'code' | 'face') => [
    ...new Set(said.flatMap((reason) => (reason.kind === kind && reason.lines) || [])),
  ];
  for (const kind of ['code', 'face'] as const) {
    const lines = linesOf(kind);
    if (lines.length > 0) return { kind, lines: lines.slice(0, SIDES), out };
  }
  if (out) return { kind: 'out', lines: [], out };
  return said.some(({ kind, code }) => kind === 'face' && (code === 'known' || code === 'desk'))
    ? { kind: 'known', lines: [], out }
    : null;
}
