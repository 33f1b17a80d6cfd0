import { describe, expect, it } from 'vitest';
import { FaultError } from '#shared/fault';
import { unwritten, writing } from '../../../src/station/disk.ts';

const sqlite = (errcode: number) => Object.assign(new Error('SQLite'), { code: 'ERR_SQLITE_ERROR', errcode });
const system = (code: string) => Object.assign(new Error('system'), { code });
const thrown = (error: unknown): unknown => {
  try {
    return writing(() => {
      throw error;
    });
  } catch (caught) {
    return caught;
  }
};

describe('a write the disk does not take', () => {
  it.each([
    ['full', sqlite(13)],
    ['read-only', sqlite(8)],
    ['broken while writing (extended code)', sqlite(10 | (3 << 8))],
    ['full for a file', system('ENOSPC')],
    ['read-only for a file', system('EROFS')],
    ['over the quota', system('EDQUOT')],
  ])('%s: says so, and what to look at', (_what, error) => {
    const fault = thrown(error);
    expect(fault).toBeInstanceOf(FaultError);
    expect((fault as FaultError).fault).toMatchObject({ kind: 'capacity', code: 'disk' });
    expect((fault as FaultError).cause).toBe(error);
  });
  it.each([
    ['a broken rule of the schema', sqlite(19)],
    ['a missing file', system('ENOENT')],
    ['a fault', new FaultError({ kind: 'validation', code: 'x', message: 'x' })],
    ['anything else', 'text'],
  ])('is not taken for %s', (_what, error) => {
    expect(thrown(error)).toBe(error);
    expect(unwritten(error)).toBe(error);
  });
  it('gives back what was written where it was', () => {
    expect(writing(() => 7)).toBe(7);
  });
});
