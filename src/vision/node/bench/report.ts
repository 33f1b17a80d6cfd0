import type { Limit } from '#shared/quality';
import type { AngleError } from './angles.ts';
import type { QualityBench, QualityRun } from './quality.ts';
import type { MeasureRange, Row } from './ranges.ts';
import type { Share } from './statistics.ts';
import { counts, figure, percent, table } from './table.ts';
import type { Target } from './targets.ts';
import type { Wrong } from './verdicts.ts';

/** How many files of one kind are named; `--json` names all. */
const NAMED = 12;

/** The lines people read. `--json` has the same and more. */
export function qualityReport({ bench, problems, rate, lookMs }: QualityRun): string[] {
  return [
    ...problems.map(({ line, file, message }) => `labels.csv, line ${line}: ${file || 'no file'}: ${message}`),
    `${bench.pictures} pictures, ${rate.toFixed(1)} a second, a look ${lookMs.toFixed(0)} ms, ${bench.unreadable} unreadable`,
    `false accepts ${wrongs(bench.falseAccept)}`,
    `false rejects ${wrongs(bench.falseReject)}${withReasons(bench.falseReject.given)}`,
    `faces counted right ${bench.faceCount.right} of ${bench.faceCount.of}${named(
      bench.faceCount.details.map(({ file, expected, found }) => `${file} (${found ?? 'unreadable'}, not ${expected})`),
    )}`,
    ...reasonLines(bench),
    ...angleLines(bench),
    ...seriesLines(bench),
    ...groupLines(bench),
    '',
    'agreement by kind of picture',
    ...table(
      ['kind', 'pictures', 'as expected', 'our reasons'],
      bench.groups.map(({ group, pictures, accepted, agreed, reasons }) => [
        group,
        `${pictures}`,
        agreed === null ? `${accepted} accepted` : `${agreed}`,
        counts(reasons),
      ]),
    ),
    '',
    'measures: median (5 %–95 %), and the limit that judges them',
    ...table(
      ['measure', 'limit', 'to pass', 'to refuse for it', 'to refuse for something else'],
      bench.ranges.map((range) => [range.measure, limits(range.limit), ...spreads(range)]),
    ),
    '',
    'targets',
    ...table(['target', 'reached', 'limit', ''], bench.targets.map(targetRow)),
  ];
}

function reasonLines({ byReason, reasons }: QualityBench): string[] {
  if (byReason.length === 0) return [];
  const of = (value: number | null) => (value === null ? 'word not known' : `${value}`);
  return [
    '',
    `reasons: ${reasons.named} of ${reasons.of} refused pictures got a labelled reason, ${reasons.toldFirst} are told it first`,
    ...table(
      ['labelled reason', 'pictures', 'accepted', 'refused', 'for it', 'told first', 'our reasons'],
      byReason.map((row) => [
        row.reason,
        `${row.pictures}`,
        `${row.accepted.length}`,
        `${row.refused}`,
        of(row.named),
        of(row.toldFirst),
        counts(row.given),
      ]),
    ),
    ...byReason
      .filter(({ otherwise }) => otherwise.length > 0)
      .map(({ reason, otherwise }) => `  ${reason}, refused for something else${named(otherwise)}`),
  ];
}

function angleLines({ angles }: QualityBench): string[] {
  if (angles.overall.length === 0) return [];
  const row = (name: string, error: AngleError) => [
    error.angle,
    name,
    `${error.pictures}`,
    error.meanError.toFixed(1),
    signed(error.bias),
    error.p95.toFixed(1),
    `${error.unmeasured}`,
  ];
  return [
    '',
    'angles, degrees',
    ...table(
      ['angle', 'pose', 'pictures', 'mean error', 'bias', '95 % below', 'not measured'],
      [
        ...angles.overall.map((error) => row('all', error)),
        ...angles.byKind.map((error) => row(`known: ${error.poseKind}`, error)),
        ...angles.byBand.map((error) => row(`is: ${error.poseBand}`, error)),
      ],
    ),
    '  largest errors',
    ...table(
      ['  angle', 'labelled', 'measured', 'file'],
      angles.worst.map(({ angle, expected, measured, file }) => [
        `  ${angle}`,
        expected.toFixed(1),
        measured.toFixed(1),
        file,
      ]),
    ),
  ];
}

function seriesLines({ series }: QualityBench): string[] {
  if (series.length === 0) return [];
  return [
    '',
    'graded series: pairs of one person’s pictures in the right order',
    ...table(
      ['series', 'measure', 'people', 'pictures', 'pairs', 'ordered', 'equal', 'Spearman', 'not measured'],
      series.map((one) => [
        one.name,
        one.measure,
        `${one.people}`,
        `${one.pictures}`,
        `${one.pairs}`,
        `${one.ordered}`,
        `${one.tied}`,
        one.spearman === null ? '–' : one.spearman.toFixed(2),
        `${one.unmeasured}`,
      ]),
    ),
    ...series.flatMap(({ name, measure, violations }) =>
      violations
        .slice(0, NAMED)
        .map(
          ({ files, levels, values }) =>
            `  wrong order, ${name}, ${measure}: ${files[0]} (${levels[0]}) ${figure(values[0])}, ${files[1]} (${levels[1]}) ${figure(values[1])}`,
        ),
    ),
  ];
}

function groupLines({ fairness }: QualityBench): string[] {
  const { groups, ungrouped, difference } = fairness;
  if (groups.length === 0) return [];
  const cell = ({ count, of, share, high }: Share) =>
    of === 0 ? '–' : `${count}/${of} ${percent(share)} (≤ ${percent(high)})`;
  const points = (value: number | null) => (value === null ? '–' : `${value.toFixed(1)} points`);
  return [
    '',
    `ethnic groups (${ungrouped} pictures without one); in brackets the upper end of the 95 % interval`,
    ...table(
      ['group', 'pictures', 'false rejects', 'false accepts', 'either: accepted'],
      [
        ...groups.map((group) => [
          group.group,
          `${group.pictures}`,
          cell(group.falseReject),
          cell(group.falseAccept),
          group.eitherAccepted.of === 0 ? '–' : `${group.eitherAccepted.count}/${group.eitherAccepted.of}`,
        ]),
        [
          'largest difference',
          '',
          points(difference.falseReject),
          points(difference.falseAccept),
          points(difference.eitherAccepted),
        ],
      ],
    ),
  ];
}

function targetRow({ name, value, limit, unit, holds }: Target): string[] {
  const said = (of: number) =>
    unit === 'share' ? percent(of) : unit === 'degrees' ? `${of.toFixed(2)}°` : `${of.toFixed(1)} points`;
  return [
    name,
    value === null ? '–' : said(value),
    said(limit),
    holds === null ? 'cannot be told' : holds ? 'holds' : 'MISSED',
  ];
}

function wrongs({ share, count, of, low, high, files }: Wrong): string {
  if (of === 0) return 'cannot be told: no such pictures';
  return `${percent(share)} (${count} of ${of}; 95 % interval ${percent(low)}–${percent(high)})${named(files)}`;
}

function withReasons(given: Readonly<Record<string, number>>): string {
  return Object.keys(given).length > 0 ? ` · for ${counts(given)}` : '';
}

function named(files: readonly string[]): string {
  if (files.length === 0) return '';
  const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : '';
  return `: ${files.slice(0, NAMED).join(', ')}${more}`;
}

function spreads({ rows }: MeasureRange): string[] {
  return (['pass', 'concerned', 'other'] satisfies Row[]).map((row) => {
    const spread = rows[row];
    return spread ? `${figure(spread.median)} (${figure(spread.p5)}–${figure(spread.p95)})` : '–';
  });
}

/** A limit in words that fit a table. */
export function limits(limit: Limit | null): string {
  if (!limit || (limit.min === undefined && limit.max === undefined)) return 'not judged';
  if (limit.min === undefined) return `≤ ${limit.max}`;
  return limit.max === undefined ? `≥ ${limit.min}` : `${limit.min} to ${limit.max}`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
}
