import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRESET_CRITERIA } from '#shared/quality';
import { benchMemory, memoryReport } from '#vision/node/bench/memory';
import { benchQuality } from '#vision/node/bench/quality';
import { qualityReport } from '#vision/node/bench/report';
import { benchSpeed } from '#vision/node/bench/speed';
import { benchStill, summarise } from '#vision/node/bench/still';
import { targetsHold } from '#vision/node/bench/targets';
import { createInspectorPool, type InspectorPool } from '#vision/node/pool';
import { ASSETS, portrait, portraitPixels, WORKER_URL } from './support/pictures.ts';

const HEAD = 'file,expected_faces,yaw_deg,roll_deg,pose_kind,categories,expected_verdict,reject_reasons';
const STILL_WORKER_URL = new URL('../../../src/vision/node/bench/still-worker.ts', import.meta.url);

describe('the benches', { timeout: 120_000 }, () => {
  let pool: InspectorPool;
  let folder: string;
  beforeAll(async () => {
    pool = createInspectorPool({ workers: 1, workerUrl: WORKER_URL, assets: ASSETS });
    folder = await mkdtemp(join(tmpdir(), 'vestibule-bench-'));
    await writeFile(join(folder, 'good.jpg'), await portrait());
    await writeFile(join(folder, 'dark.jpg'), await portraitPixels().linear(0.2, 0).jpeg().toBuffer());
    await writeFile(join(folder, 'half.jpg'), (await portrait()).subarray(0, 9000));
  });
  afterAll(async () => {
    await pool.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('count what is judged other than labelled, and go on after what is not there', async () => {
    const rows = [
      'good.jpg,1,,,none,frontal,pass,',
      'good.jpg,2,,,none,frontal,reject,wrongly',
      'dark.jpg,1,0,,guess,dark,reject,dark',
      'gone.jpg,1,,,none,frontal,pass,',
      'half.jpg,,,,none,broken,reject,broken',
    ];
    await writeFile(join(folder, 'labels.csv'), [HEAD, ...rows].join('\n'));
    const run = await benchQuality({ folder, pool, criteria: PRESET_CRITERIA.standard });
    expect(run.bench).toMatchObject({
      pictures: 4,
      unreadable: 1,
      falseReject: { share: 0, files: [] },
      falseAccept: { share: 1 / 3, files: ['good.jpg'] },
      faceCount: { right: 2, of: 3, wrong: ['good.jpg'] },
      reasons: { of: 1, named: 1, toldFirst: 1 },
    });
    expect(run.bench.groups.find((one) => one.group === 'reject: dark')).toMatchObject({ accepted: 0, agreed: 1 });
    expect(run.bench.angles.byKind).toMatchObject([{ angle: 'yaw', poseKind: 'guess', pictures: 1 }]);
    expect(run.problems).toMatchObject([
      { line: 5, file: 'gone.jpg' },
      { line: 6, file: 'half.jpg' },
    ]);
    expect(run.rate).toBeGreaterThan(0);
    expect(run.lookMs).toBeGreaterThan(0);
    expect(qualityReport(run).join('\n')).toContain('labels.csv, line 5: gone.jpg: There is no such file.');
  });

  it('measure pictures a second', async () => {
    const speed = await benchSpeed({ files: [join(folder, 'good.jpg')], pool, count: 4 });
    expect(speed.pictures).toBe(4);
    expect(speed.rate).toBeGreaterThan(0);
    expect(speed.lookMs).toBeGreaterThan(0);
  });

  it('find as many tensors after 30 pictures as after one, unreadable ones included', async () => {
    const files = ['good.jpg', 'dark.jpg', 'half.jpg'].map((file) => join(folder, file));
    const own = createInspectorPool({ workers: 1, workerUrl: WORKER_URL, assets: ASSETS });
    try {
      const bench = await benchMemory({ files, pool: own, count: 30, every: 10, rss: () => 1 });
      expect(bench.samples.map(({ pictures }) => pictures)).toEqual([1, 10, 20, 30]);
      const tensors = new Set(bench.samples.map((sample) => sample.tensors));
      expect(tensors.size).toBe(1);
      expect([...tensors][0]).toBeGreaterThan(100);
      expect(bench).toMatchObject({ tensorsConstant: true, slope: null });
      expect(memoryReport(bench).join('\n')).toContain('tensors constant');
    } finally {
      await own.close();
    }
  });

  it('time the thorough check beside SSD with landmarks, and leave out what cannot be read', async () => {
    const files = ['good.jpg', 'half.jpg'].map((file) => join(folder, file));
    const bench = await benchStill({ assets: ASSETS, workerUrl: STILL_WORKER_URL, files, rounds: 1 });
    expect(bench).toMatchObject({ pictures: 1, skipped: [{ file: files[1] }] });
    expect(bench.ratio).toBeCloseTo(bench.thoroughMs / bench.aloneMs);
    expect(bench.ratio).toBeGreaterThan(0);
  });

  const faces = process.env.VESTIBULE_FACES;
  if (faces) {
    it('agree with the labels of the folder in VESTIBULE_FACES', async () => {
      const { bench } = await benchQuality({ folder: faces, pool, criteria: PRESET_CRITERIA.standard });
      expect(targetsHold(bench.targets), JSON.stringify(bench.targets)).toBe(true);
    });
  }
});

describe('summarise', () => {
  it('compares medians, and names the slowest picture', () => {
    const times = [
      { file: 'a', thoroughMs: 10, aloneMs: 100 },
      { file: 'b', thoroughMs: 30, aloneMs: 60 },
      { file: 'c', thoroughMs: 20, aloneMs: 80 },
    ];
    expect(summarise(times, [])).toMatchObject({
      thoroughMs: 20,
      aloneMs: 80,
      ratio: 0.25,
      worst: { file: 'b', ratio: 0.5 },
    });
    expect(() => summarise([], [])).toThrow('None of the pictures');
  });
});
