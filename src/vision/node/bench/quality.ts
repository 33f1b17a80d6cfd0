import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Criteria } from '#shared/quality';
import type { InspectorPool } from '../pool.ts';
import { type AngleReport, compareAngles } from './angles.ts';
import { compareGroups, type Fairness } from './fairness.ts';
import { type Problem, parseLabels } from './labels.ts';
import { lookAt, type Outcome } from './outcome.ts';
import { compareRanges, type MeasureRange } from './ranges.ts';
import { compareSeries, type SeriesResult } from './series.ts';
import { quantile } from './statistics.ts';
import { subjectsOf } from './subjects.ts';
import { type Target, targetsOf } from './targets.ts';
import { compareVerdicts, givenReasons, type Verdicts } from './verdicts.ts';

/** Agreement of the check with what people said of pictures of one kind. */
export interface CategoryResult {
  group: string;
  pictures: number;
  accepted: number;
  /** How many were judged as expected; null where either verdict is right. */
  agreed: number | null;
  /** Reasons given, most frequent first. */
  reasons: Record<string, number>;
}

/** What `evaluate` found. Shares are 0–1, over the pictures with an expected verdict. */
export interface QualityBench extends Verdicts {
  pictures: number;
  unreadable: number;
  faceCount: {
    right: number;
    of: number;
    wrong: string[];
    details: { file: string; expected: number; found: number | null }[];
  };
  groups: CategoryResult[];
  angles: AngleReport;
  series: SeriesResult[];
  fairness: Fairness;
  ranges: MeasureRange[];
  targets: Target[];
}

export interface QualityRun {
  bench: QualityBench;
  outcomes: Outcome[];
  problems: Problem[];
  /** Pictures a second, decoding included. */
  rate: number;
  /** Median time of a look, milliseconds, decoding excluded. */
  lookMs: number;
}

/**
 * Judges every picture of a folder by its `labels.csv` and compares with the labels.
 *
 * @throws when the labels cannot be read, or name no picture that is there
 */
export async function benchQuality(options: {
  folder: string;
  pool: InspectorPool;
  criteria: Criteria;
  signal?: AbortSignal | undefined;
  now?: () => number;
}): Promise<QualityRun> {
  const { folder, pool, criteria, signal, now = () => performance.now() } = options;
  const { labels, problems } = parseLabels(await readFile(join(folder, 'labels.csv')));
  const start = now();
  const looked = await lookAt({ labels, folder, pool, criteria, signal });
  const seconds = (now() - start) / 1000;
  const { outcomes } = looked;
  if (outcomes.length === 0) throw new Error('labels.csv names no picture that is there');
  const times = outcomes.flatMap(({ inspection }) => inspection?.ms ?? []);
  return {
    bench: evaluate(outcomes, criteria),
    outcomes,
    problems: [...problems, ...looked.problems].sort((a, b) => a.line - b.line),
    rate: outcomes.length / seconds,
    lookMs: times.length > 0 ? quantile(times, 0.5) : 0,
  };
}

/** Everything that verdicts and measures tell beside the labels. Pure. */
export function evaluate(outcomes: readonly Outcome[], criteria: Criteria): QualityBench {
  const subjects = subjectsOf(outcomes.map(({ label }) => label));
  const verdicts = compareVerdicts(outcomes);
  const angles = compareAngles(outcomes);
  const fairness = compareGroups(outcomes, subjects);
  return {
    pictures: outcomes.length,
    unreadable: outcomes.filter(({ inspection }) => inspection === null).length,
    ...verdicts,
    faceCount: countFaces(outcomes),
    groups: categories(outcomes),
    angles,
    series: compareSeries(outcomes, subjects),
    fairness,
    ranges: compareRanges(outcomes, criteria),
    targets: targetsOf({ ...verdicts, angles, fairness }),
  };
}

function countFaces(outcomes: readonly Outcome[]): QualityBench['faceCount'] {
  const counted = outcomes.flatMap(({ label, inspection }) => {
    if (label.expectedFaces === null) return [];
    return { file: label.file, expected: label.expectedFaces, found: inspection?.faces.length ?? null };
  });
  const details = counted.filter(({ expected, found }) => expected !== found);
  return {
    right: counted.length - details.length,
    of: counted.length,
    wrong: details.map(({ file }) => file),
    details,
  };
}

function categories(outcomes: readonly Outcome[]): CategoryResult[] {
  return [...Map.groupBy(outcomes, ({ label }) => label.category)]
    .map(([group, members]) => {
      const accepted = members.filter((member) => member.accepted).length;
      const expected = members[0]?.label.expectedVerdict;
      return {
        group,
        pictures: members.length,
        accepted,
        agreed: expected === 'either' ? null : expected === 'pass' ? accepted : members.length - accepted,
        reasons: givenReasons(members),
      };
    })
    .sort((a, b) => a.group.localeCompare(b.group));
}
