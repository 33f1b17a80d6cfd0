import { describe, expect, it } from 'vitest';
import type { Comparison } from '#vision/live-comparison';
import {
  type LiveBench,
  liveMisses,
  liveReport,
  pageFigures,
  sceneFigures,
} from '../../../src/main/cli/bench/live/figures.ts';
import type { Probed } from '../../../src/main/cli/bench/live/probe.ts';

const turn = (looks: number, ms: number, faces = looks) => ({ looks, ms, faces });

const comparison: Comparison = {
  warmUpMs: { station: 500, tiny: 250 },
  results: [
    // 30, 20 and 60 looks a second beside 10, 20 and 15: ratios of 3, 1 and 4.
    { scene: 'person', worker: 'station', turns: [turn(30, 1000), turn(30, 1500), turn(30, 500)] },
    { scene: 'person', worker: 'tiny', turns: [turn(30, 3000), turn(30, 1500), turn(30, 2000)] },
    { scene: 'nobody', worker: 'tiny', turns: [turn(20, 1000, 0)] },
    { scene: 'nobody', worker: 'station', turns: [turn(20, 2000, 1)] },
  ],
};

const probed: Probed = {
  warmStart: 100,
  warm: 600,
  opened: 2_000,
  verdicts: [2_400, 2_440, 2_480, 2_900],
  failures: 1,
  delivered: 16,
  longTasks: [
    { at: 500, ms: 300, attribution: ['before the camera'] },
    { at: 1_970, ms: 60, attribution: ['while it opened'] },
    { at: 2_500, ms: 51, attribution: ['after it'] },
  ],
};

describe('sceneFigures', () => {
  it('takes medians of the rates, and of the ratios round by round', () => {
    const [person, nobody] = sceneFigures(comparison);
    expect(person).toEqual({ scene: 'person', stationRate: 30, tinyRate: 15, ratio: 3, stationFaces: 1, tinyFaces: 1 });
    expect(nobody).toEqual({
      scene: 'nobody',
      stationRate: 10,
      tinyRate: 20,
      ratio: 0.5,
      stationFaces: 0.05,
      tinyFaces: 0,
    });
  });

  it('is not made of one worker’s looks', () => {
    expect(() => sceneFigures({ ...comparison, results: comparison.results.slice(0, 1) })).toThrow(/person.*tiny/);
  });
});

describe('pageFigures', () => {
  it('counts from the camera’s opening', () => {
    const figures = pageFigures(probed);
    expect(figures).toMatchObject({ verdicts: 4, seconds: 0.5, verdictRate: 6, warmUpMs: 500, firstVerdictMs: 400 });
    expect(figures).toMatchObject({ dropped: 0.75, failures: 1 });
  });

  it('tells long tasks that reach into the live check, and none from before it', () => {
    expect(pageFigures(probed).longTasks.map(({ attribution }) => attribution[0])).toEqual([
      'while it opened',
      'after it',
    ]);
  });

  it('says what it does not know', () => {
    expect(pageFigures({ ...probed, warm: null, delivered: null })).toMatchObject({ warmUpMs: null, dropped: null });
  });

  it('has no rate of one verdict', () => {
    expect(pageFigures({ ...probed, verdicts: [2_400] })).toMatchObject({ verdictRate: 0, firstVerdictMs: 400 });
  });

  it('is not made of nothing', () => {
    expect(() => pageFigures({ ...probed, opened: null })).toThrow(/camera/);
    expect(() => pageFigures({ ...probed, verdicts: [] })).toThrow(/no verdict/);
  });
});

const bench: LiveBench = {
  comparison: sceneFigures(comparison),
  warmUpMs: comparison.warmUpMs,
  page: { ...pageFigures(probed), longTasks: [] },
  presence: pageFigures(probed),
  hastyFirstVerdictMs: 700,
  browser: '1',
};

describe('the targets', () => {
  it('are reached with a person at twice the rate, no long task and an early verdict', () => {
    expect(liveMisses(bench)).toEqual([]);
    expect(liveReport(bench).at(-1)).toBe('targets: reached');
  });

  it('are missed one by one', () => {
    const slow = sceneFigures(comparison).map((scene) => ({ ...scene, ratio: scene.ratio / 2 }));
    expect(liveMisses({ ...bench, comparison: slow })).toEqual(['rate 1.50 ×, target 2']);
    expect(liveMisses({ ...bench, comparison: [] })).toHaveLength(1);
    expect(liveMisses({ ...bench, page: pageFigures(probed) })).toEqual(['2 long tasks, target none']);
    const late = { ...bench, page: { ...bench.page, firstVerdictMs: 2_501 } };
    expect(liveMisses(late)).toEqual(['first verdict after 2501 ms, target 2500']);
    expect(liveReport(late).at(-1)).toMatch(/^targets missed: first verdict/);
  });

  it('are told with every scene, and with the page while a presence check runs', () => {
    const lines = liveReport({ ...bench, page: { ...bench.page, verdictRate: 25 } });
    expect(lines.filter((line) => / × TinyFaceDetector/.test(line))).toHaveLength(2);
    expect(lines.find((line) => line.startsWith('live '))).toMatch(/25\.0 verdicts a second .* 75 %/);
    expect(lines.find((line) => line.startsWith('live, presence check'))).toMatch(/6\.0 verdicts a second/);
  });
});
