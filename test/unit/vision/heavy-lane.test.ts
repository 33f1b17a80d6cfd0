import { expect, it } from 'vitest';
import { createHeavyLane } from '#vision/node/heavy-lane';

it('lets one thread at a time through, in the order they asked, and goes on when one is gone', () => {
  const granted: string[] = [];
  const lane = createHeavyLane<string>((hand, id) => granted.push(`${hand}${id}`));
  lane.ask('a', 1);
  lane.ask('b', 2);
  lane.ask('c', 3);
  expect(granted).toEqual(['a1']);
  expect([lane.waits('a'), lane.waits('b')]).toEqual([false, true]);
  // A thread that died in the line, then the one that held the lane.
  lane.leave('b');
  expect(granted).toEqual(['a1']);
  lane.leave('a');
  expect(granted).toEqual(['a1', 'c3']);
  lane.leave('c');
  lane.ask('a', 4);
  expect(granted).toEqual(['a1', 'c3', 'a4']);
});
