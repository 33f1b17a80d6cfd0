import { Refusal } from './answers.ts';
import { optionalInteger } from './fields.ts';

export interface Page<T> {
  list: T[];
  pageNum: number;
  pageSize: number;
  total: number;
}

/**
 * One page of a list, by `pageNum` (from 1, default 1) and `pageSize` (default 20 unless a chapter says otherwise).
 * @throws Refusal 100003 when either is out of range.
 */
export function pageOf<T>(all: readonly T[], body: Record<string, unknown>, defaultSize = 20): Page<T> {
  const pageNum = optionalInteger(body, 'pageNum') ?? 1;
  const pageSize = optionalInteger(body, 'pageSize') ?? defaultSize;
  if (pageNum < 1) throw new Refusal(100003, 'pageNum');
  if (pageSize < 0) throw new Refusal(100003, 'pageSize');
  const list = all.slice((pageNum - 1) * pageSize, pageNum * pageSize);
  return { list, pageNum, pageSize, total: all.length };
}
