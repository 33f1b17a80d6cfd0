import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Inspection } from '#shared/measures';
import { type Criteria, judge } from '#shared/quality';
import { type Label, parseLabels } from './labels.ts';
import type { InspectorPool } from './pool.ts';

/** Agreement of the check with what people said of a group of pictures. */
export interface GroupResult {
  group: string;
  pictures: number;
  accepted: number;
  /** How many were judged as expected; null where either verdict is right. */
  agreed: number | null;
  /** Reasons given, most frequent first. */
  reasons: Record<string, number>;
}

/** Mean absolute error of an angle, over the pictures whose pose is known in one way. */
export interface PoseResult {
  angle: 'yaw' | 'pitch' | 'roll';
  poseKind: string;
  pictures: number;
  meanError: number;
}

/** What `benchQuality` found. Shares are 0–1, over the pictures with an expected verdict. */
export interface QualityBench {
  pictures: number;
  unreadable: number;
  falseAccept: { share: number; files: string[] };
  falseReject: { share: number; files: string[] };
  faceCount: { right: number; of: number; wrong: string[] };
  groups: GroupResult[];
  pose: PoseResult[];
  /** Pictures a second, decoding included. */
  rate: number;
  /** Median time of a look, milliseconds, decoding excluded. */
  lookMs: number;
}

interface Outcome {
  label: Label;
  inspection: Inspection | null;
  accepted: boolean;
  reasons: string[];
}

/**
 * Judges every picture of a labelled folder and compares with the labels.
 *
 * @param labelsCsv path of the labels; the files they name lie beside it
 * @throws when the labels cannot be read
 */
export async function benchQuality(options: {
  labelsCsv: string;
  pool: InspectorPool;
  criteria: Criteria;
  now?: () => number;
}): Promise<QualityBench> {
  const { labelsCsv, pool, criteria, now = () => performance.now() } = options;
  const labels = parseLabels(await readFile(labelsCsv, 'utf8'));
  const folder = dirname(labelsCsv);
  const outcomes: Outcome[] = [];
  const start = now();
  for await (const { source, inspection } of pool.inspectAll(
    labels.map((label) => ({ path: join(folder, label.file), label })),
  )) {
    const verdict = inspection && judge(inspection, criteria);
    outcomes.push({
      label: source.label,
      inspection,
      accepted: verdict?.accepted ?? false,
      reasons: verdict ? verdict.reasons.map(({ measure }) => measure) : ['unreadable'],
    });
  }
  const seconds = (now() - start) / 1000;
  const wrong = (expected: 'pass' | 'reject') => {
    const of = outcomes.filter(({ label }) => label.expectedVerdict === expected);
    const files = of.filter(({ accepted }) => accepted !== (expected === 'pass')).map(({ label }) => label.file);
    return { share: of.length > 0 ? files.length / of.length : 0, files };
  };
  const counted = outcomes.filter(({ label }) => label.expectedFaces !== null);
  const miscounted = counted.filter(({ label, inspection }) => inspection?.faces.length !== label.expectedFaces);
  return {
    pictures: outcomes.length,
    unreadable: outcomes.filter(({ inspection }) => inspection === null).length,
    falseAccept: wrong('reject'),
    falseReject: wrong('pass'),
    faceCount: {
      right: counted.length - miscounted.length,
      of: counted.length,
      wrong: miscounted.map(({ label }) => label.file),
    },
    groups: groupsOf(outcomes),
    pose: poseErrors(outcomes),
    rate: outcomes.length / seconds,
    lookMs: median(outcomes.flatMap(({ inspection }) => (inspection ? [inspection.ms] : []))),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

function groupsOf(outcomes: readonly Outcome[]): GroupResult[] {
  const byGroup = Map.groupBy(outcomes, ({ label }) => label.category);
  return [...byGroup]
    .map(([group, members]) => {
      const accepted = members.filter((member) => member.accepted).length;
      const expected = members[0]?.label.expectedVerdict;
      const reasons = Object.groupBy(
        members.flatMap((member) => member.reasons),
        (reason) => reason,
      );
      return {
        group,
        pictures: members.length,
        accepted,
        agreed: expected === 'either' ? null : expected === 'pass' ? accepted : members.length - accepted,
        reasons: Object.fromEntries(
          Object.entries(reasons)
            .map(([reason, all]) => [reason, all?.length ?? 0] as const)
            .sort((a, b) => b[1] - a[1]),
        ),
      };
    })
    .sort((a, b) => a.group.localeCompare(b.group));
}

function poseErrors(outcomes: readonly Outcome[]): PoseResult[] {
  const results: PoseResult[] = [];
  for (const [poseKind, members] of Map.groupBy(outcomes, ({ label }) => label.poseKind)) {
    for (const angle of ['yaw', 'pitch', 'roll'] as const) {
      const errors = members.flatMap(({ label, inspection }) => {
        const [expected, measured] = [label[angle], inspection?.measures[angle] ?? null];
        return expected === null || measured === null ? [] : [Math.abs(expected - measured)];
      });
      if (errors.length === 0) continue;
      const meanError = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      results.push({ angle, poseKind, pictures: errors.length, meanError });
    }
  }
  return results;
}

/** The lines people read. */
export function qualityReport(bench: QualityBench): string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const list = (files: readonly string[]) => (files.length > 0 ? `: ${files.join(', ')}` : '');
  return [
    `${bench.pictures} pictures, ${bench.rate.toFixed(1)} a second, a look ${bench.lookMs.toFixed(0)} ms, ${bench.unreadable} unreadable`,
    `false accepts ${percent(bench.falseAccept.share)}${list(bench.falseAccept.files)}`,
    `false rejects ${percent(bench.falseReject.share)}${list(bench.falseReject.files)}`,
    `faces counted right ${bench.faceCount.right} of ${bench.faceCount.of}${list(bench.faceCount.wrong)}`,
    ...bench.groups.map(
      ({ group, pictures, accepted, agreed, reasons }) =>
        `  ${group}: ${agreed === null ? `${accepted} of ${pictures} accepted` : `${agreed} of ${pictures} as expected`}` +
        ` ${Object.entries(reasons)
          .map(([reason, count]) => `${reason} ${count}`)
          .join(', ')}`,
    ),
    ...bench.pose.map(
      ({ angle, poseKind, pictures, meanError }) =>
        `  ${angle}, ${poseKind}: mean error ${meanError.toFixed(1)}° over ${pictures}`,
    ),
  ];
}

/**
 * How many pictures a second a pool looks at, decoding included.
 *
 * @param files pictures to look at, in turn, until `count` are done; the first round of every worker warms up and does not count
 */
export async function benchSpeed(options: {
  files: readonly string[];
  pool: InspectorPool;
  count?: number;
  now?: () => number;
}): Promise<{ pictures: number; rate: number; lookMs: number }> {
  const { files, pool, count = 100, now = () => performance.now() } = options;
  if (files.length === 0) throw new RangeError('No pictures to look at');
  const sources = (many: number) => Array.from({ length: many }, (_, n) => ({ path: files[n % files.length] ?? '' }));
  for await (const { error } of pool.inspectAll(sources(8))) if (error) throw error;
  const looks: number[] = [];
  const start = now();
  for await (const { inspection } of pool.inspectAll(sources(count))) if (inspection) looks.push(inspection.ms);
  const seconds = (now() - start) / 1000;
  looks.sort((a, b) => a - b);
  return { pictures: count, rate: count / seconds, lookMs: looks[looks.length >> 1] ?? 0 };
}
