import type { MeasureName } from '#shared/measures';
import { ALTERATIONS, isAltered } from './alterations.ts';
import { ANGLES, type Angle } from './angles.ts';
import type { Label } from './labels.ts';
import type { Outcome } from './outcome.ts';
import { spearman } from './statistics.ts';
import type { Subject } from './subjects.ts';

/** Whether a measure follows what is known to grow: pictures of one person, compared two by two. */
export interface SeriesResult {
  name: string;
  measure: MeasureName;
  people: number;
  pictures: number;
  /** Pictures of a series on which the measure could not be told: in no pair. */
  unmeasured: number;
  /** Pairs of one person's pictures with different levels. */
  pairs: number;
  ordered: number;
  tied: number;
  /** Rank correlation of level and measure over all people, 1 as it should be; null where it cannot be told. */
  spearman: number | null;
  /** Pairs in the wrong order: the file with the smaller level first. */
  violations: { files: [string, string]; levels: [number, number]; values: [number, number] }[];
}

interface Step {
  person: string;
  file: string;
  level: number;
  value: number | null;
}

/**
 * Every graded series of a folder: altered pictures with the base they were made from (docs/quality.md says which notes tell of an
 * alteration), and one person's pictures with different angles.
 */
export function compareSeries(outcomes: readonly Outcome[], subjects: ReadonlyMap<Label, Subject>): SeriesResult[] {
  const altered = ALTERATIONS.map(({ name, measure, direction, level, baseLevel }) =>
    resultOf(name, measure, direction, steps(outcomes, subjects, measure, level, baseLevel)),
  );
  const turned = ANGLES.map((angle) => resultOf(`labelled ${angle}`, angle, 1, angleSteps(outcomes, subjects, angle)));
  return [...altered, ...turned].filter(({ pairs, unmeasured }) => pairs + unmeasured > 0);
}

function steps(
  outcomes: readonly Outcome[],
  subjects: ReadonlyMap<Label, Subject>,
  measure: MeasureName,
  levelOf: (label: Label) => number | null,
  baseLevel: (base: Label) => number | null,
): Step[] {
  const bases = new Set<Label>();
  const found = outcomes.flatMap((outcome) => {
    const { person, base } = subjects.get(outcome.label) ?? {};
    const level = levelOf(outcome.label);
    if (!person || level === null) return [];
    if (base) bases.add(base);
    return step(outcome, person, level, measure);
  });
  const unaltered = outcomes.flatMap((outcome) => {
    const person = subjects.get(outcome.label)?.person;
    const level = baseLevel(outcome.label);
    return person && level !== null && bases.has(outcome.label) ? step(outcome, person, level, measure) : [];
  });
  return [...unaltered, ...found];
}

/** Of altered pictures only those turned from their base's angle: blur and darkness are other series' business. */
function angleSteps(outcomes: readonly Outcome[], subjects: ReadonlyMap<Label, Subject>, angle: Angle): Step[] {
  return outcomes.flatMap((outcome) => {
    const { person, base } = subjects.get(outcome.label) ?? {};
    const level = outcome.label[angle];
    if (!person || level === null) return [];
    if (base && outcome.label !== base && (level === base[angle] || !isAltered(outcome.label))) return [];
    return step(outcome, person, level, angle);
  });
}

function step({ label, inspection }: Outcome, person: string, level: number, measure: MeasureName): Step[] {
  return [{ person, file: label.file, level, value: inspection?.measures[measure] ?? null }];
}

function resultOf(name: string, measure: MeasureName, direction: 1 | -1, all: readonly Step[]): SeriesResult {
  const measured = all.filter((one): one is Step & { value: number } => one.value !== null);
  const people = Map.groupBy(measured, ({ person }) => person);
  const violations: SeriesResult['violations'] = [];
  let [pairs, ordered, tied] = [0, 0, 0];
  for (const of of people.values()) {
    const rising = of.toSorted((a, b) => a.level - b.level);
    rising.forEach((a, n) => {
      for (const b of rising.slice(n + 1)) {
        if (a.level === b.level) continue;
        pairs++;
        const change = direction * (b.value - a.value);
        if (change > 0) ordered++;
        else if (change === 0) tied++;
        else violations.push({ files: [a.file, b.file], levels: [a.level, b.level], values: [a.value, b.value] });
      }
    });
  }
  const rank = spearman(
    measured.map(({ level }) => level),
    measured.map(({ value }) => direction * value),
  );
  return {
    name,
    measure,
    people: people.size,
    pictures: measured.length,
    unmeasured: all.length - measured.length,
    pairs,
    ordered,
    tied,
    spearman: rank,
    violations,
  };
}
