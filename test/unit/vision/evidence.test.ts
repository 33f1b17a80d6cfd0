import { describe, expect, it } from 'vitest';
import { PRESET_CRITERIA } from '#shared/quality';
import { compareAngles } from '#vision/node/bench/angles';
import { evaluate } from '#vision/node/bench/quality';
import { qualityReport } from '#vision/node/bench/report';
import { shareOf, spearman } from '#vision/node/bench/statistics';
import { targetsHold } from '#vision/node/bench/targets';
import { label, outcome } from './support/outcomes.ts';

const evaluated = (...outcomes: Parameters<typeof evaluate>[0][number][]) =>
  evaluate(outcomes, PRESET_CRITERIA.standard);
const reject = (file: string, reason: string, notes = '') =>
  label(file, { expectedVerdict: 'reject', rejectReasons: [reason], notes });

describe('shares and ranks', () => {
  it('give the interval of Wilson, which does not end at 0 of a few', () => {
    expect(shareOf(0, 45)).toMatchObject({ share: 0, low: 0 });
    expect(shareOf(0, 45).high).toBeCloseTo(0.0787, 3);
    expect(shareOf(5, 10).low).toBeCloseTo(0.2366, 3);
    expect(shareOf(0, 0)).toMatchObject({ low: 0, high: 1 });
  });

  it('correlate by rank, with ties', () => {
    expect(spearman([1, 2, 3, 4], [10, 20, 25, 90])).toBeCloseTo(1);
    expect(spearman([1, 2, 3, 4], [9, 8, 8, 1])).toBeCloseTo(-0.9487, 3);
    expect(spearman([1, 2, 3], [5, 5, 5])).toBeNull();
  });
});

describe('verdicts', () => {
  const bench = evaluated(
    outcome(label('good.jpg', { expectedFaces: 1 }), { sharpness: 0.4 }),
    outcome(label('refused.jpg', { expectedFaces: 2 }), { sharpness: 0.01 }),
    outcome(reject('blurred.jpg', 'blur'), { sharpness: 0.01 }),
    outcome(reject('blurred-but-turned.jpg', 'blur'), { sharpness: 0.4, yaw: 40 }),
    outcome(reject('missed.jpg', 'dark'), { brightness: 0.4 }),
    outcome(reject('told-late.jpg', 'blur'), { sharpness: 0.01, yaw: 40 }),
    outcome(reject('odd.jpg', 'bad_hat'), { sharpness: 0.01 }),
    outcome(label('either.jpg', { expectedVerdict: 'either' }), { sharpness: 0.01 }),
    { label: label('damaged.jpg'), inspection: null, accepted: false, reasons: [] },
  );

  it('count what is judged other than labelled, and for what', () => {
    expect(bench.falseAccept).toMatchObject({ count: 1, of: 5, share: 0.2, files: ['missed.jpg'] });
    expect(bench.falseReject).toMatchObject({
      count: 2,
      of: 3,
      files: ['refused.jpg', 'damaged.jpg'],
      given: { sharpness: 1, unreadable: 1 },
    });
    expect(bench).toMatchObject({ pictures: 9, unreadable: 1 });
    expect(bench.faceCount).toMatchObject({ right: 1, of: 2, wrong: ['refused.jpg'] });
  });

  it('ask whether the labelled reason was given, and told first', () => {
    expect(bench.reasons).toEqual({ of: 3, named: 2, toldFirst: 1 });
    expect(bench.byReason).toMatchObject([
      { reason: 'bad_hat', refused: 1, named: null },
      { reason: 'blur', pictures: 3, refused: 3, named: 2, toldFirst: 1, otherwise: ['blurred-but-turned.jpg'] },
      { reason: 'dark', pictures: 1, refused: 0, accepted: ['missed.jpg'] },
    ]);
  });

  it('miss the targets, and say so in words', () => {
    expect(targetsHold(bench.targets)).toBe(false);
    const lines = qualityReport({ bench, outcomes: [], problems: [], rate: 1, lookMs: 1 }).join('\n');
    expect(lines).toContain('false accepts 20.0 % (1 of 5');
    expect(lines).toMatch(/falseAccept +20\.0 % +2\.0 % +MISSED/);
    expect(lines).toMatch(/rollMeanError +– .*cannot be told/);
  });
});

describe('targets', () => {
  it('hold where everything that can be told is kept, and not where nothing can', () => {
    expect(targetsHold(evaluated(outcome(label('a.jpg'), { sharpness: 0.4 })).targets)).toBe(true);
    expect(targetsHold(evaluated(outcome(label('a.jpg', { expectedVerdict: 'either' }), {})).targets)).toBe(false);
  });
});

describe('angles', () => {
  it('are compared by kind and band, with bias and what was not measured', () => {
    const at = (file: string, roll: number, measured: number | null, poseKind = 'exact') =>
      outcome(label(file, { roll, poseKind }), { roll: measured });
    const report = compareAngles([at('a', 0, 1), at('b', 10, 13), at('c', 5, null), at('d', 0, -8, 'guess')]);
    expect(report.overall).toMatchObject([{ angle: 'roll', pictures: 3, meanError: 4, unmeasured: 1 }]);
    expect(report.byKind).toMatchObject([
      { poseKind: 'exact', meanError: 2, bias: 2 },
      { poseKind: 'guess', meanError: 8, bias: -8 },
    ]);
    expect(report.worst.map(({ file }) => file)).toEqual(['d', 'b', 'a']);
  });
});

describe('graded series', () => {
  const base = outcome(label('d/1_base.jpg', { notes: 'id=1 eth=x', ied: 100, roll: 2 }), { sharpness: 0.5, roll: 2 });
  const blurred = (name: string, sigma: number, sharpness: number | null) =>
    outcome(reject(`d/1_${name}.jpg`, 'blur', `gaussian sigma=${sigma * 100}px=${sigma} IED`), { sharpness });

  it('count pairs of one person that are in order, tied or the wrong way round', () => {
    const { series } = evaluated(base, blurred('a', 0.02, 0.3), blurred('b', 0.04, 0.35), blurred('c', 0.08, null));
    expect(series.find(({ measure }) => measure === 'sharpness')).toMatchObject({
      people: 1,
      pictures: 3,
      unmeasured: 1,
      pairs: 3,
      ordered: 2,
      tied: 0,
      violations: [{ files: ['d/1_a.jpg', 'd/1_b.jpg'], levels: [0.02, 0.04], values: [0.3, 0.35] }],
    });
  });

  it('take only what was turned into a series of angles', () => {
    const turned = outcome(label('d/1_roll.jpg', { roll: 17, notes: 'rotated 15 deg' }), { roll: 16 });
    const dark = outcome(label('d/1_dark.jpg', { roll: 2, notes: 'linear gain 0.3' }), { roll: 5, brightness: 0.1 });
    const { series } = evaluated(base, turned, dark);
    expect(series.find(({ measure }) => measure === 'roll')).toMatchObject({ pictures: 2, pairs: 1, ordered: 1 });
  });
});

describe('groups', () => {
  it('have their rates, inherit them from the base, and are as far apart as the widest two', () => {
    const of = (id: string, group: string) => label(`${id}_base.jpg`, { notes: `id=${id} eth=${group}` });
    const { fairness, targets } = evaluated(
      outcome(of('1', 'north'), { sharpness: 0.4 }),
      outcome(of('2', 'north'), { sharpness: 0.01 }),
      outcome(of('3', 'south'), { sharpness: 0.4 }),
      outcome(reject('3_dark.jpg', 'dark', 'linear gain 0.1'), { brightness: 0.5 }),
      outcome(label('else.jpg'), { sharpness: 0.4 }),
    );
    expect(fairness).toMatchObject({
      ungrouped: 1,
      groups: [
        { group: 'north', falseReject: { count: 1, of: 2 } },
        { group: 'south', falseReject: { count: 0, of: 1 }, falseAccept: { count: 1, of: 1 } },
      ],
      difference: { falseReject: 50, falseAccept: null },
    });
    expect(targets.find(({ name }) => name === 'groupDifference')).toMatchObject({ value: 50, holds: false });
  });
});
