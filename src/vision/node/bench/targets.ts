import type { AngleReport } from './angles.ts';
import type { Fairness } from './fairness.ts';
import type { Verdicts } from './verdicts.ts';

/** One promise of docs/quality.md: `holds` is null where the folder cannot tell. */
export interface Target {
  name: 'falseAccept' | 'falseReject' | 'rollMeanError' | 'groupDifference';
  value: number | null;
  limit: number;
  /** Of `value` and `limit`. */
  unit: 'share' | 'degrees' | 'points';
  holds: boolean | null;
}

/** What the check promises on a labelled folder, beside what it reached. */
export function targetsOf(
  result: Pick<Verdicts, 'falseAccept' | 'falseReject'> & { angles: AngleReport; fairness: Fairness },
): Target[] {
  const { falseAccept, falseReject, angles, fairness } = result;
  const differences = [fairness.difference.falseAccept, fairness.difference.falseReject].filter((d) => d !== null);
  return [
    target('falseAccept', falseAccept.of > 0 ? falseAccept.share : null, 0.02, 'share'),
    target('falseReject', falseReject.of > 0 ? falseReject.share : null, 0, 'share'),
    target('rollMeanError', angles.overall.find(({ angle }) => angle === 'roll')?.meanError ?? null, 1.5, 'degrees'),
    target('groupDifference', differences.length > 0 ? Math.max(...differences) : null, 3, 'points'),
  ];
}

/** Whether nothing was missed, and something could be told: a folder that tells nothing proves nothing. */
export function targetsHold(targets: readonly Target[]): boolean {
  return targets.every(({ holds }) => holds !== false) && targets.some(({ holds }) => holds === true);
}

function target(name: Target['name'], value: number | null, limit: number, unit: Target['unit']): Target {
  return { name, value, limit, unit, holds: value === null ? null : value <= limit };
}
