import { type Angle, type AnglePair, anglePairs } from '../angles.ts';
import type { Outcome } from '../outcome.ts';
import { mean } from '../statistics.ts';
import { line, mark, type Plot, scaleFor, text } from './svg.ts';

const SIDE = 480;
const LEFT = 64;
const TOP = 60;
const LEGEND = 22;

/** Colour and form of the ways a pose can be known, in the order they are met. */
const MARKS = [
  ['pass', 'circle'],
  ['concerned', 'diamond'],
  ['other', 'square'],
  ['either', 'circle'],
] as const;

/** Measured angles over labelled ones, with the line on which they would agree. Null where nothing can be compared. */
export function calibrationPlot(outcomes: readonly Outcome[], angle: Angle): Plot | null {
  const pairs = anglePairs(outcomes, angle);
  if (pairs.length === 0) return null;
  const kinds = [...Map.groupBy(pairs, ({ outcome }) => outcome.label.poseKind || 'not said')];
  const values = pairs.flatMap(({ expected, measured }) => [expected, measured]);
  const x = scaleFor(values, LEFT, LEFT + SIDE);
  const y = scaleFor(values, TOP + SIDE, TOP);
  const [first, last] = [x.ticks[0] ?? 0, x.ticks.at(-1) ?? 0];
  const legend = TOP + SIDE + 64;
  return {
    title: `${angle}: measured over labelled, degrees`,
    description: `${kinds.map(([kind, of]) => kindWords(kind, of)).join(' ')} On the oblique line both would agree.`,
    width: LEFT + SIDE + 40,
    height: legend + LEGEND * kinds.length,
    body: [
      text(16, 24, `${angle}: measured over labelled`, 'title'),
      text(16, 42, 'degrees, measured upwards; on the oblique line both agree', 'soft'),
      ...x.ticks.flatMap((tick) => [
        line(x.at(tick), TOP, x.at(tick), TOP + SIDE, 'grid'),
        text(x.at(tick), TOP + SIDE + 18, `${tick}`, 'soft', 'middle'),
        line(LEFT, y.at(tick), LEFT + SIDE, y.at(tick), 'grid'),
        text(LEFT - 8, y.at(tick) + 4, `${tick}`, 'soft', 'end'),
      ]),
      text(LEFT + SIDE / 2, TOP + SIDE + 38, 'labelled', '', 'middle'),
      line(x.at(first), y.at(first), x.at(last), y.at(last), 'ideal'),
      ...kinds.flatMap(([, of], n) =>
        of.map(({ expected, measured }) => mark(x.at(expected), y.at(measured), ...styleOf(n))),
      ),
      ...kinds.flatMap(([kind, of], n) => [
        mark(LEFT, legend + n * LEGEND - 4, ...styleOf(n)),
        text(LEFT + 12, legend + n * LEGEND, kindWords(kind, of), 'soft'),
      ]),
    ],
  };
}

function styleOf(n: number): readonly [string, 'circle' | 'square' | 'diamond'] {
  return MARKS[n % MARKS.length] ?? MARKS[0];
}

function kindWords(kind: string, pairs: readonly AnglePair[]): string {
  const error = mean(pairs.map(({ expected, measured }) => Math.abs(measured - expected)));
  return `${kind}: ${pairs.length} pictures, mean error ${error.toFixed(1)}°.`;
}
