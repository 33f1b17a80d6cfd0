import { expect, test } from 'vitest';
import type { Delivery } from '#shared/delivery';
import { questionOf } from '../../../src/renderer/lib/asked.ts';

const delivery: Delivery = {
  id: 'd',
  enrolment: 'e',
  platform: 'gate',
  state: 'delivered',
  personId: null,
  attempts: 1,
  error: null,
  warnings: [],
  question: null,
  nextAttemptAt: null,
  updatedAt: 0,
  steps: [],
};
const exists = (code: string) => ({ kind: 'exists' as const, code, message: 'somebody is there' });

test('a platform’s own question, and whether to bring somebody up to date who is there already', () => {
  const question = { kind: 'similar' as const, candidate: { name: 'Bea' }, canForce: false };
  expect(questionOf(delivery, 'A1')).toBeNull();
  expect(questionOf({ ...delivery, state: 'asking', question }, 'A1')).toBe(question);
  expect(questionOf({ ...delivery, state: 'refused', error: exists('person') }, 'A1')).toEqual({
    kind: 'exists',
    candidate: { code: 'A1' },
    canForce: true,
  });
  // On a black list, or several people with one code: updating is not for a button.
  expect(questionOf({ ...delivery, state: 'refused', error: exists('blacklist') }, 'A1')).toBeNull();
  expect(questionOf({ ...delivery, state: 'refused', error: exists('ambiguous') }, 'A1')).toBeNull();
  expect(questionOf({ ...delivery, state: 'abandoned', error: exists('person') }, 'A1')).toBeNull();
});
