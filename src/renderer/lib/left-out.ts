/**
 * Why a file was not taken: another table or other photos were, it is a picture of a kind that is not read, it is no picture at all, it is
 * too large, or it could not be read.
 */
export type LeftOutWhy = 'table' | 'photos' | 'picture' | 'other' | 'large' | 'unreadable';

/** Files that were not taken, by why; the names of the first few. */
export interface LeftOutFiles {
  why: LeftOutWhy;
  count: number;
  names: string[];
}

/** Names that are told. */
const NAMED = 3;

export interface LeftOut {
  add(why: LeftOutWhy, name: string): void;
  list(): LeftOutFiles[];
}

/** Collects what was not taken, however many files it is. */
export function createLeftOut(): LeftOut {
  const found = new Map<LeftOutWhy, LeftOutFiles>();
  return {
    add(why, name) {
      const one = found.get(why) ?? { why, count: 0, names: [] };
      one.count += 1;
      if (one.names.length < NAMED) one.names.push(name);
      found.set(why, one);
    },
    list: () => [...found.values()],
  };
}
