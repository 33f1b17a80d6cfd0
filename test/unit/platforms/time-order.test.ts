import { describe, expect, it } from 'vitest';
import { inTimeOrder, type TimeRange } from '../../../src/platforms/core/time-order.ts';

interface Entry {
  id: string;
  at: number;
}
const entries = (times: readonly number[]): Entry[] => times.map((at, n) => ({ id: String(n), at }));

/** A platform that keeps entries newest first and tells its total or not. */
function platform(kept: readonly Entry[], { total = true, pageSize = 10 } = {}) {
  const asked: TimeRange[] = [];
  const pages = async ({ from, to }: TimeRange, page: number) => {
    asked.push({ from, to });
    const found = kept.filter(({ at }) => at >= from && at < to).toSorted((a, b) => b.at - a.at);
    return { list: found.slice((page - 1) * pageSize, page * pageSize), total: total ? found.length : null };
  };
  const read = async (range: TimeRange) => {
    const found: Entry[] = [];
    const ordering = { pageSize, at: ({ at }: Entry) => at, id: ({ id }: Entry) => id };
    for await (const entry of inTimeOrder(range, pages, ordering)) found.push(entry);
    return found.map(({ at }) => at);
  };
  return { read, asked };
}

describe('records in the order of time', () => {
  it('are oldest first over all pages', async () => {
    const { read } = platform(entries([5, 3, 9, 1, 7, 2, 8, 4, 6, 0, 11, 10, 13, 12]));
    expect(await read({ from: 0, to: 100 })).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  });

  it('end with a short page where no total is told', async () => {
    const { read, asked } = platform(entries([3, 1, 2]), { total: false });
    expect(await read({ from: 0, to: 100 })).toEqual([1, 2, 3]);
    expect(asked).toHaveLength(1);
  });

  it('do not hold more than a thousand at a time: the range is halved', async () => {
    const times = Array.from({ length: 2_500 }, (_, n) => n * 7_919);
    const { read, asked } = platform(entries(times), { pageSize: 500 });
    expect(await read({ from: 0, to: 2_500 * 7_919 })).toEqual(times);
    expect(Math.min(...asked.map(({ from, to }) => to - from))).toBeLessThan((2_500 * 7_919) / 2);
  });

  it('a crowd within one second is read all the same', async () => {
    const { read } = platform(entries(Array.from({ length: 1_500 }, () => 500)), { pageSize: 500 });
    expect(await read({ from: 0, to: 1_000 })).toHaveLength(1_500);
  });

  it('begin at the start and stop before the end, whatever the platform adds', async () => {
    const kept = entries([1, 2, 3]);
    const found: number[] = [];
    const all = async () => ({ list: kept, total: kept.length });
    const ordering = { pageSize: 10, at: ({ at }: Entry) => at, id: ({ id }: Entry) => id };
    for await (const { at } of inTimeOrder({ from: 2, to: 3 }, all, ordering)) found.push(at);
    expect(found).toEqual([2]);
    const { read, asked } = platform(kept);
    expect(await read({ from: 3, to: 3 })).toEqual([]);
    expect(asked).toEqual([]);
  });
});
