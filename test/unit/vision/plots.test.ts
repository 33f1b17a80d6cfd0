import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PRESET_CRITERIA } from '#shared/quality';
import { distributionPlot } from '#vision/node/bench/plots/distribution';
import { scaleFor, svgOf } from '#vision/node/bench/plots/svg';
import { writePlots } from '#vision/node/bench/plots/write';
import { label, outcome } from './support/outcomes.ts';

describe('scaleFor', () => {
  it('takes in all values, with round ticks', () => {
    const scale = scaleFor([0.03, 0.52], 0, 100);
    expect(scale.ticks).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]);
    expect(scale.at(0.3)).toBeCloseTo(50);
    expect(scaleFor([1, 1], 0, 100).ticks.length).toBeGreaterThan(1);
  });
});

describe('plots', () => {
  it('tell in words what they draw, and draw a mark a picture and the limit', () => {
    const values = { pass: [0.4, 0.5], either: [], concerned: [0.1], other: [0.3] };
    const plot = distributionPlot({ measure: 'sharpness', values, limit: { min: 0.145 }, preset: 'a < b' });
    if (!plot) throw new Error('there are values');
    const svg = svgOf(plot);
    expect(svg).toContain('<title id="title">sharpness: distribution by label</title>');
    expect(svg).toContain('a &lt; b: at least 0.145. to pass: 2 pictures, median 0.450');
    expect(svg.match(/class="dot pass"/g)).toHaveLength(2);
    expect(svg.match(/class="dot concerned"/g)).toHaveLength(1);
    expect(svg.match(/class="limit"/g)).toHaveLength(1);
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg).not.toContain('<script');
    expect(
      distributionPlot({ measure: 'yaw', values: { ...values, pass: [] }, limit: null, preset: 's' }),
    ).not.toBeNull();
    const nothing = { pass: [], either: [], concerned: [], other: [] };
    expect(distributionPlot({ measure: 'yaw', values: nothing, limit: null, preset: 's' })).toBeNull();
  });

  it('are written for what was measured, without a name of a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vestibule-plots-'));
    try {
      const outcomes = [
        outcome(label('somebody.jpg', { yaw: 10, poseKind: 'exact' }), { yaw: 12, sharpness: 0.4 }),
        outcome(label('nobody.jpg', { expectedVerdict: 'reject', rejectReasons: ['no_face'] }), {}, 0),
      ];
      const files = await writePlots(folder, outcomes, PRESET_CRITERIA.standard, 'standard');
      expect(files.sort()).toEqual(['calibration-yaw.svg', 'sharpness.svg', 'yaw.svg']);
      expect((await readdir(folder)).sort()).toEqual(files);
      for (const file of files) expect(await readFile(join(folder, file), 'utf8')).not.toContain('body.jpg');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
