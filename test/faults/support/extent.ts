import { seeded } from '#main/cli/bench/faults/dice';

/**
 * How much of the fault suite is run. The short form (`npm test`) takes a few points of each kind, chosen by a seed; `FAULTS=all` takes
 * every one, and many more kills at moments nobody chose. `FAULTS_SEED` names another choice.
 */
export const ALL = process.env.FAULTS === 'all';
export const SEED = Number(process.env.FAULTS_SEED ?? 1);

export { seeded };

/** All of a list in the long form, else `count` of them in their order, chosen by the seed and `salt`. */
export function some<T>(list: readonly T[], count: number, salt = 0): T[] {
  if (ALL || list.length <= count) return [...list];
  const random = seeded(SEED * 1_000 + salt);
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(Math.floor(random() * list.length));
  return list.filter((_, index) => chosen.has(index));
}
