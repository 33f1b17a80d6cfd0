import type { MeasureName } from '#shared/measures';
import type { Limit } from '#shared/quality';
import { ROWS, type Row } from '../ranges.ts';
import { quantile } from '../statistics.ts';
import { figure } from '../table.ts';
import { line, mark, type Plot, rectangle, type Scale, scaleFor, text } from './svg.ts';

const WIDTH = 720;
const LEFT = 190;
const RIGHT = 24;
const TOP = 52;
const ROW = 62;
const BOTTOM = 34;

const NAMES: Record<Row, string> = {
  pass: 'to pass',
  either: 'either',
  concerned: 'to refuse for this',
  other: 'to refuse, other reason',
};

/** How a measure's values lie for each label, with the limit that judges it. Null where the measure was never told. */
export function distributionPlot(options: {
  measure: MeasureName;
  values: Readonly<Record<Row, readonly number[]>>;
  limit: Limit | null;
  /** Whose limit it is. */
  preset: string;
}): Plot | null {
  const { measure, values, limit, preset } = options;
  const rows = ROWS.filter((row) => values[row].length > 0);
  if (rows.length === 0) return null;
  const ends = [limit?.min, limit?.max].filter((end) => end !== undefined);
  const scale = scaleFor([...rows.flatMap((row) => values[row]), ...ends], LEFT, WIDTH - RIGHT);
  const bottom = TOP + rows.length * ROW;
  const range = limitWords(limit, preset);
  return {
    title: `${measure}: distribution by label`,
    description: `${range}. ${rows.map((row) => rowWords(row, values[row])).join(' ')} Each mark is a picture, the upright stroke a median.`,
    width: WIDTH,
    height: bottom + BOTTOM,
    body: [
      text(16, 24, measure, 'title'),
      text(16, 42, range, 'soft'),
      ...outside(limit, scale, bottom),
      ...scale.ticks.flatMap((tick) => [
        line(scale.at(tick), TOP, scale.at(tick), bottom, 'grid'),
        text(scale.at(tick), bottom + 18, `${tick}`, 'soft', 'middle'),
      ]),
      ...rows.flatMap((row, n) => drawRow(row, values[row], scale, TOP + (n + 0.5) * ROW)),
      ...ends.map((end) => line(scale.at(end), TOP - 4, scale.at(end), bottom, 'limit')),
    ],
  };
}

function drawRow(row: Row, values: readonly number[], scale: Scale, middle: number): string[] {
  const median = scale.at(quantile(values, 0.5));
  return [
    text(LEFT - 14, middle - 1, NAMES[row], '', 'end'),
    text(LEFT - 14, middle + 14, `${values.length} pictures`, 'soft', 'end'),
    ...values.toSorted((a, b) => a - b).map((value, n) => mark(scale.at(value), middle + spread(n), row)),
    line(median, middle - 24, median, middle + 24, 'median'),
  ];
}

/** Neighbours are laid at different heights, the same at every run: the golden ratio spreads any number of them evenly. */
function spread(n: number): number {
  return (((n * 0.618034) % 1) - 0.5) * 40;
}

/** What the limit refuses is shaded, so that it shows without colour which side is good. */
function outside(limit: Limit | null, scale: Scale, bottom: number): string[] {
  const shade = (from: number, to: number) =>
    to > from ? [rectangle(from, TOP, to - from, bottom - TOP, 'outside')] : [];
  return [
    ...(limit?.min === undefined ? [] : shade(LEFT, scale.at(limit.min))),
    ...(limit?.max === undefined ? [] : shade(scale.at(limit.max), WIDTH - RIGHT)),
  ];
}

function limitWords(limit: Limit | null, preset: string): string {
  const { min, max } = limit ?? {};
  if (min === undefined && max === undefined) return `not judged by ${preset}`;
  if (min === undefined) return `${preset}: at most ${max}`;
  return max === undefined ? `${preset}: at least ${min}` : `${preset}: ${min} to ${max}`;
}

function rowWords(row: Row, values: readonly number[]): string {
  const at = (share: number) => figure(quantile(values, share));
  return `${NAMES[row]}: ${values.length} pictures, median ${at(0.5)}, 5 % below ${at(0.05)}, 95 % below ${at(0.95)}.`;
}
