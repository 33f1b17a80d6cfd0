import type { Limit } from '#shared/quality';

/** A limit in words. */
export function range({ min, max }: Limit): string {
  if (min !== undefined && max !== undefined) return min === max ? `must be ${min}` : `${min} to ${max}`;
  if (min !== undefined) return `at least ${min}`;
  return max === undefined ? 'anything' : `at most ${max}`;
}
