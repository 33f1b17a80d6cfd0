import { expect, it } from 'vitest';
import { oneLine } from '../../../src/main/cli/check-line.ts';

it('writes a file’s name on one line, whatever is in it', () => {
  expect(oneLine('photos/李 “a” 😀.jpg')).toBe('photos/李 “a” 😀.jpg');
  expect(oneLine('a\nb\r\u001b[2J\u0085\u202e.jpg')).toBe('a\\nb\\r\\u001b[2J\\u0085\\u202e.jpg');
});
