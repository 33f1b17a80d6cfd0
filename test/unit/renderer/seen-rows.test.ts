import { describe, expect, it } from 'vitest';
import { scrolledTo, seenRows } from '../../../src/renderer/lib/use-seen-rows.ts';

const through = (top: number) => ({ top, height: 300, row: 50 });

describe('seenRows', () => {
  it.each([
    [0, 100, { from: 0, to: 8 }],
    [60, 100, { from: 0, to: 10 }],
    [1_000, 100, { from: 18, to: 28 }],
    [4_700, 100, { from: 92, to: 100 }],
    // Fewer rows than before: what was scrolled to is gone.
    [4_700, 10, { from: 10, to: 10 }],
    [0, 0, { from: 0, to: 0 }],
    [0, 3, { from: 0, to: 3 }],
  ])('scrolled by %i of %i rows: %j', (top, total, span) => {
    expect(seenRows(through(top), total, 2)).toEqual(span);
  });

  it('shows none before it is known how high they are', () => {
    expect(seenRows({ top: 0, height: 300, row: 0 }, 10, 2)).toEqual({ from: 0, to: 0 });
  });
});

describe('scrolledTo', () => {
  it.each([
    ['above what is seen: it becomes the first', 2, 500, 100],
    ['below it: the last', 20, 500, 750],
    ['within it: nothing moves', 12, 500, 500],
    ['the first at the top', 0, 0, 0],
  ])('%s', (_, place, top, wanted) => {
    expect(scrolledTo(place, through(top))).toBe(wanted);
  });
});
