import { describe, expect, it } from 'vitest';
import { doorCount } from '../../../src/renderer/lib/door-words.ts';

describe('what a platform says of its doors', () => {
  it('is told in the reader’s language, with its numbers', () => {
    expect(doorCount('at 2 of 2')).toEqual({ said: 'at', count: 2, total: 2 });
    expect(doorCount('waiting at 1 of 3')).toEqual({ said: 'waiting', count: 1, total: 3 });
    expect(doorCount('failed at 1 of 3: door 4: 0x400')).toEqual({ said: 'failed', count: 1, total: 3 });
    expect(doorCount('missing in 2 of 4 configured groups')).toEqual({ said: 'missing', count: 2, total: 4 });
  });

  it('stays as it is where there are no words for it', () => {
    expect(doorCount('somebody at 2 of 2')).toBeNull();
    expect(doorCount('0x40000 at 1 of 2')).toBeNull();
  });
});
