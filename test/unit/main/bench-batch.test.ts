import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { agreementOf } from '#main/cli/bench/batch/agreement';
import { withComment } from '#main/cli/bench/batch/crowd';
import { exponentOf, quartersOf } from '#main/cli/bench/batch/end-to-end';
import { sizesUpTo, spread } from '#main/cli/bench/batch/index';
import { wantsToBeLean } from '#main/cli/lean';
import { costsOf } from '#vision/node/bench/batch';

describe('bench batch', () => {
  it('tells linear growth from quadratic', () => {
    const times = (power: number) => [100, 1_000, 10_000].map((rows) => ({ rows, ms: 7 * rows ** power }));
    expect(exponentOf(times(1))).toBeCloseTo(1);
    expect(exponentOf(times(2))).toBeCloseTo(2);
    expect(exponentOf(times(1).slice(1, 2))).toBeNull();
  });

  it('tells a picture that one way accepts and the other does not, and one refused for other reasons', () => {
    const said = (accepted: boolean, ...reasons: string[]) => ({ accepted, reasons });
    const thorough = new Map([
      ['a', said(true)],
      ['b', said(false, 'yaw', 'roll')],
      ['c', said(false, 'yaw')],
      ['d', said(true)],
      ['only here', said(true)],
    ]);
    const batch = new Map([
      ['a', said(true)],
      ['b', said(false, 'roll', 'yaw')],
      ['c', said(false, 'pitch')],
      ['d', said(false, 'yaw')],
    ]);
    expect(agreementOf(thorough, batch)).toEqual({ compared: 4, accepted: 2, verdicts: ['d'], reasons: ['c'] });
  });

  it('takes the quarters of time, not of samples', () => {
    const samples = Array.from({ length: 100 }, (_, n) => ({ at: n, rss: n < 90 ? 100 : 200, each: [] }));
    expect(quartersOf(samples)).toEqual({ first: 100, last: 100 });
    expect(quartersOf(samples.map((one) => ({ ...one, rss: one.at })))?.last).toBeGreaterThan(80);
    expect(quartersOf(samples.slice(0, 3))).toBeNull();
  });

  it('imports 100, 1,000 … and as many as asked for', () => {
    expect(sizesUpTo(10_000)).toEqual([100, 1_000, 10_000]);
    expect(sizesUpTo(250)).toEqual([100, 250]);
    expect(sizesUpTo(20)).toEqual([20]);
  });

  it('takes pictures from all over a folder', () => {
    const pictures = ['a', 'b', 'c', 'd', 'e', 'f'];
    expect(spread(pictures, 3)).toEqual(['a', 'c', 'e']);
    expect(spread(pictures, 4)).toEqual(['a', 'b', 'd', 'e']);
    expect(spread(pictures, 8)).toEqual([...pictures, 'a', 'b']);
  });

  it('gives photos a comment that changes the file and not the picture', async () => {
    const jpeg = await sharp({ create: { width: 20, height: 10, channels: 3, background: '#a04010' } })
      .jpeg()
      .toBuffer();
    const other = withComment(jpeg, 'TP000001');
    expect(other).not.toEqual(jpeg);
    expect(await sharp(other).raw().toBuffer()).toEqual(await sharp(jpeg).raw().toBuffer());
  });

  it('compares medians', () => {
    const of = (way: 'decode' | 'check' | 'ssd', ...ms: number[]) => ms.map((cpuMs) => ({ set: '12 MP', way, cpuMs }));
    const costs = costsOf('12 MP', 3, [...of('decode', 10, 90, 20), ...of('check', 50, 1, 500), ...of('ssd', 400)]);
    expect(costs).toMatchObject({ decodeMs: 20, checkMs: 50, overDecode: 2.5, ssdOverCheck: 8 });
  });
});

describe('commands that begin once more, leaner', () => {
  const started = { platform: 'linux' as const, argv: ['node', 'cli.js', 'import'], env: {}, execve: () => {} };

  it('are those of many pictures, where it can be done and nobody has decided otherwise', () => {
    expect(wantsToBeLean(started)).toBe(true);
    expect(wantsToBeLean({ ...started, argv: ['node', 'cli.js', 'check'] })).toBe(false);
    expect(wantsToBeLean({ ...started, env: { MALLOC_ARENA_MAX: '8' } })).toBe(false);
    expect(wantsToBeLean({ ...started, platform: 'win32' })).toBe(false);
    expect(wantsToBeLean({ ...started, execve: undefined })).toBe(false);
  });
});
