import type { Outcome } from './outcome.ts';
import { mean, quantile } from './statistics.ts';

export const ANGLES = ['yaw', 'pitch', 'roll'] as const;
export type Angle = (typeof ANGLES)[number];

/** How near measured angles come to labelled ones, degrees. NaN-free: a set without a pair is not reported. */
export interface AngleError {
  angle: Angle;
  pictures: number;
  /** Mean absolute error. */
  meanError: number;
  /** Mean of measured minus labelled: what a constant could take off. */
  bias: number;
  /** 95 % of the errors are smaller. */
  p95: number;
  /** The angle is labelled and could not be measured: not in the errors. */
  unmeasured: number;
}

export interface AngleReport {
  overall: AngleError[];
  byKind: (AngleError & { poseKind: string })[];
  byBand: (AngleError & { poseBand: string })[];
  /** The five largest errors of each angle. */
  worst: { angle: Angle; file: string; expected: number; measured: number; poseKind: string }[];
}

/** A labelled angle beside the measured one, degrees. */
export interface AnglePair {
  outcome: Outcome;
  expected: number;
  measured: number;
}

const WORST = 5;

/** The pictures whose angle is labelled and measured. */
export function anglePairs(outcomes: readonly Outcome[], angle: Angle): AnglePair[] {
  return outcomes.flatMap((outcome) => {
    const expected = outcome.label[angle];
    const measured = outcome.inspection?.measures[angle] ?? null;
    return expected === null || measured === null ? [] : [{ outcome, expected, measured }];
  });
}

/** Errors of yaw, pitch and roll: in all, by how the pose is known, and by which pose it is. */
export function compareAngles(outcomes: readonly Outcome[]): AngleReport {
  const each = <T extends object>(of: readonly Outcome[], extra: T): (AngleError & T)[] =>
    ANGLES.flatMap((angle) => {
      const error = errorOf(of, angle);
      return error ? [{ ...error, ...extra }] : [];
    });
  const kinds = Map.groupBy(outcomes, ({ label }) => label.poseKind || 'not said');
  const bands = Map.groupBy(outcomes, ({ label }) => label.poseBand || 'not said');
  return {
    overall: each(outcomes, {}),
    byKind: [...kinds].flatMap(([poseKind, of]) => each(of, { poseKind })),
    byBand: [...bands].flatMap(([poseBand, of]) => each(of, { poseBand })),
    worst: ANGLES.flatMap((angle) =>
      anglePairs(outcomes, angle)
        .sort((a, b) => errorSize(b) - errorSize(a))
        .slice(0, WORST)
        .map(({ outcome: { label }, expected, measured }) => {
          return { angle, file: label.file, expected, measured, poseKind: label.poseKind };
        }),
    ),
  };
}

function errorOf(outcomes: readonly Outcome[], angle: Angle): AngleError | null {
  const pairs = anglePairs(outcomes, angle);
  if (pairs.length === 0) return null;
  const sizes = pairs.map(errorSize);
  return {
    angle,
    pictures: pairs.length,
    meanError: mean(sizes),
    bias: mean(pairs.map(({ expected, measured }) => measured - expected)),
    p95: quantile(sizes, 0.95),
    unmeasured: outcomes.filter(({ label }) => label[angle] !== null).length - pairs.length,
  };
}

function errorSize({ expected, measured }: AnglePair): number {
  return Math.abs(measured - expected);
}
