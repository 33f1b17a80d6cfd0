import { type MeasureName, unknownMeasures } from '#shared/measures';
import type { Criteria, Limit } from '#shared/quality';
import type { Outcome } from './outcome.ts';
import { concerns } from './reasons.ts';
import { quantile } from './statistics.ts';

/**
 * What a measure should make of a picture: `pass` and `either` as labelled; of the pictures to refuse, those with a labelled reason that this
 * measure should tell (`concerned`) apart from those refused for something else (`other`).
 */
export const ROWS = ['pass', 'either', 'concerned', 'other'] as const;
export type Row = (typeof ROWS)[number];

/** Spread of a measure over some pictures. */
export interface Spread {
  pictures: number;
  min: number;
  p5: number;
  median: number;
  p95: number;
  max: number;
}

export interface MeasureRange {
  measure: MeasureName;
  /** What judges it; null where it is reported only. */
  limit: Limit | null;
  rows: Partial<Record<Row, Spread>>;
}

export const MEASURE_NAMES = Object.keys(unknownMeasures()) as MeasureName[];

/** The known values of a measure, by row. */
export function valuesOf(outcomes: readonly Outcome[], measure: MeasureName): Record<Row, number[]> {
  const rows: Record<Row, number[]> = { pass: [], either: [], concerned: [], other: [] };
  for (const { label, inspection } of outcomes) {
    const value = inspection?.measures[measure] ?? null;
    if (value === null) continue;
    const { expectedVerdict, rejectReasons } = label;
    if (expectedVerdict !== 'reject') rows[expectedVerdict].push(value);
    else rows[concerns(measure, rejectReasons) ? 'concerned' : 'other'].push(value);
  }
  return rows;
}

/** Each measure's spread beside its limit: what a site looks at before it trims a limit. */
export function compareRanges(outcomes: readonly Outcome[], criteria: Criteria): MeasureRange[] {
  return MEASURE_NAMES.map((measure) => {
    const values = valuesOf(outcomes, measure);
    const spreads = ROWS.flatMap((row) => (values[row].length > 0 ? [[row, spread(values[row])] as const] : []));
    return { measure, limit: criteria[measure] ?? null, rows: Object.fromEntries(spreads) };
  });
}

function spread(values: readonly number[]): Spread {
  const at = (share: number) => quantile(values, share);
  return { pictures: values.length, min: at(0), p5: at(0.05), median: at(0.5), p95: at(0.95), max: at(1) };
}
