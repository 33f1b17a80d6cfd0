import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRESET_CRITERIA } from '#shared/quality';
import { benchQuality, benchSpeed, qualityReport } from '#vision/node/bench';
import { parseLabels } from '#vision/node/labels';
import { createInspectorPool, type InspectorPool } from '#vision/node/pool';
import { ASSETS, group, portrait, portraitPixels, WORKER_URL } from './support/pictures.ts';

const HEAD =
  'file,expected_faces,yaw_deg,pitch_deg,roll_deg,pose_kind,categories,expected_verdict,reject_reasons,notes';

describe('parseLabels', () => {
  it('reads quoted fields, empty numbers and Windows line ends', () => {
    const labels = parseLabels(`${HEAD}\r\n"a, b.jpg",1,,-3.5,0,exact,"frontal;""x""",pass,,n\r\n\r\n`);
    expect(labels).toEqual([
      {
        file: 'a, b.jpg',
        expectedFaces: 1,
        yaw: null,
        pitch: -3.5,
        roll: 0,
        poseKind: 'exact',
        expectedVerdict: 'pass',
        category: 'pass: frontal;"x"',
        notes: 'n',
      },
    ]);
  });

  it('names a missing column and an unknown verdict', () => {
    expect(() => parseLabels('file,notes\na,b\n')).toThrow('no column expected_faces');
    expect(() => parseLabels(`${HEAD}\na.jpg,1,,,,,,perhaps,,\n`)).toThrow('line 2: expected_verdict is perhaps');
  });
});

describe('the benches', { timeout: 120_000 }, () => {
  let pool: InspectorPool;
  let folder: string;
  beforeAll(async () => {
    pool = createInspectorPool({ workers: 1, workerUrl: WORKER_URL, assets: ASSETS });
    folder = await mkdtemp(join(tmpdir(), 'vestibule-bench-'));
  });
  afterAll(async () => {
    await pool.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('count what is judged other than labelled', async () => {
    await writeFile(join(folder, 'good.jpg'), await portrait());
    await writeFile(join(folder, 'dark.jpg'), await portraitPixels().linear(0.2, 0).jpeg().toBuffer());
    await writeFile(join(folder, 'half.jpg'), (await portrait()).subarray(0, 9000));
    const rows = [
      'good.jpg,1,,,,none,frontal,pass,,',
      'good.jpg,2,,,,none,frontal,reject,wrongly,',
      'dark.jpg,1,0,,,guess,dark,reject,dark,',
      'half.jpg,,,,,none,broken,reject,broken,',
    ];
    const labelsCsv = join(folder, 'labels.csv');
    await writeFile(labelsCsv, [HEAD, ...rows].join('\n'));
    const bench = await benchQuality({ labelsCsv, pool, criteria: PRESET_CRITERIA.standard });
    expect(bench).toMatchObject({
      pictures: 4,
      unreadable: 1,
      falseReject: { share: 0, files: [] },
      falseAccept: { share: 1 / 3, files: ['good.jpg'] },
      faceCount: { right: 2, of: 3, wrong: ['good.jpg'] },
    });
    expect(bench.groups.find(({ group: name }) => name === 'reject: dark')).toMatchObject({ accepted: 0, agreed: 1 });
    expect(bench.pose).toMatchObject([{ angle: 'yaw', poseKind: 'guess', pictures: 1 }]);
    expect(qualityReport(bench).join('\n')).toContain('false accepts 33.3 %: good.jpg');
  });

  it('measure pictures a second', async () => {
    const speed = await benchSpeed({ files: [group(1)], pool, count: 4 });
    expect(speed.pictures).toBe(4);
    expect(speed.rate).toBeGreaterThan(0.2);
    expect(speed.lookMs).toBeGreaterThan(0);
  });

  const faces = process.env.VESTIBULE_FACES;
  if (faces) {
    it('agree with the labels of the folder in VESTIBULE_FACES', async () => {
      const bench = await benchQuality({
        labelsCsv: join(faces, 'labels.csv'),
        pool,
        criteria: PRESET_CRITERIA.standard,
      });
      expect(bench.falseReject).toEqual({ share: 0, files: [] });
      expect(bench.falseAccept.share).toBeLessThanOrEqual(0.02);
      const roll = bench.pose.find(({ angle, poseKind }) => angle === 'roll' && poseKind === 'synthetic_exact');
      expect(roll?.meanError ?? 0).toBeLessThan(1.5);
    });
  }
});
