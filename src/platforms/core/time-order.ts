/** A half-open range of time, milliseconds since the epoch: from (included) to (not included). */
export interface TimeRange {
  from: number;
  to: number;
}

/** One page of what a platform keeps of a range, from page 1. A total of null is not told. */
export type TimePages<T> = (range: TimeRange, page: number) => Promise<{ list: readonly T[]; total: number | null }>;

interface Ordering<T> {
  pageSize: number;
  at(record: T): number;
  id(record: T): string;
}

/** Held in memory at a time; a range that has more is halved. */
const MOST_AT_ONCE = 1_000;
/** A range is not halved below this: so many records in one second do not exist. */
const SHORTEST_MS = 1_000;
const LAST_PAGE = 10_000;

/**
 * Records of a range oldest first, each once, from a platform that pages them in an order of its own. Asks for no more than about a thousand at a
 * time: a range with more is halved until it has less, and each part is put in order by itself. What a platform keeps before or after the range
 * asked for is dropped.
 */
export async function* inTimeOrder<T>(
  range: TimeRange,
  pages: TimePages<T>,
  ordering: Ordering<T>,
): AsyncGenerator<T, void, undefined> {
  if (range.from >= range.to) return;
  const first = await pages(range, 1);
  if (first.total !== null && first.total > MOST_AT_ONCE && range.to - range.from > SHORTEST_MS) {
    const middle = Math.floor((range.from + range.to) / 2);
    yield* inTimeOrder({ from: range.from, to: middle }, pages, ordering);
    yield* inTimeOrder({ from: middle, to: range.to }, pages, ordering);
    return;
  }
  const found = new Map<string, T>();
  let seen = 0;
  let page = first;
  for (let number = 1; number <= LAST_PAGE; number += 1) {
    if (number > 1) page = await pages(range, number);
    for (const record of page.list) found.set(ordering.id(record), record);
    seen += page.list.length;
    const ended = page.total === null ? page.list.length < ordering.pageSize : seen >= page.total;
    if (page.list.length === 0 || ended) break;
  }
  const inRange = [...found.values()].filter((record) => {
    const at = ordering.at(record);
    return at >= range.from && at < range.to;
  });
  yield* inRange.sort((a, b) => ordering.at(a) - ordering.at(b));
}
