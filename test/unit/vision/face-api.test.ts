import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FaceEngine } from '#vision/contract';
import {
  createDescriber,
  DESCRIPTOR_LENGTH,
  type Describer,
  descriptorDistance,
  SAME_PERSON,
} from '#vision/descriptor';
import { createHumanEngine } from '#vision/engines/human';
import { ENGINES } from '#vision/engines/names';
import { startTensorflow } from '#vision/engines/tensorflow';
import { cutFace } from '#vision/face-cut';
import { findFaces } from '#vision/faces';
import { poseOfLandmarks } from '#vision/measures/pose-fit';
import { assetsIn } from '#vision/node/assets';
import { decodePicture } from '#vision/node/decode';
import { createInspectorPool } from '#vision/node/pool';
import { ASSETS, group, portrait, WORKER_URL } from './support/pictures.ts';

describe('engines side by side', { timeout: 60_000 }, () => {
  it.each(ENGINES)('%s finds the face of a portrait, level and in front', async (engine) => {
    const pool = createInspectorPool({ workers: 1, workerUrl: WORKER_URL, assets: ASSETS, engine });
    try {
      const upright = await pool.inspect({ bytes: await portrait() });
      expect(upright.faces).toHaveLength(1);
      expect(Math.abs(upright.measures.yaw ?? 90)).toBeLessThan(15);
      const leaning = await sharp(await portrait())
        .rotate(8, { background: '#888' })
        .jpeg()
        .toBuffer();
      const { measures } = await pool.inspect({ bytes: leaning });
      expect((measures.roll ?? 0) - (upright.measures.roll ?? 0)).toBeCloseTo(8, -0.5);
    } finally {
      await pool.close();
    }
  });
});

describe('the pose of 68 landmarks', () => {
  it('refuses another number of points', () => {
    expect(() => poseOfLandmarks([])).toThrow(RangeError);
  });
});

describe('descriptors', { timeout: 60_000 }, () => {
  let engine: FaceEngine;
  let describer: Describer;
  beforeAll(async () => {
    const load = assetsIn(ASSETS);
    await startTensorflow(load);
    engine = await createHumanEngine(load);
    describer = await createDescriber(load);
    return () => {
      engine.dispose();
      describer.dispose();
    };
  });

  const of = async (bytes: Uint8Array): Promise<Float32Array[]> => {
    const picture = await decodePicture(bytes);
    const faces = await findFaces(picture, engine);
    return Promise.all(faces.map(({ shape }) => describer.describe(cutFace(picture, shape))));
  };

  it('are nearer for one person in two pictures than for two people', async () => {
    const [one] = await of(await portrait());
    const [same] = await of(
      await sharp(await portrait())
        .resize(420)
        .rotate(6, { background: '#777' })
        .modulate({ brightness: 1.15 })
        .jpeg({ quality: 80 })
        .toBuffer(),
    );
    const others = await of(await sharp(group(4)).toBuffer());
    if (!one || !same) throw new Error('the portrait shows a face');
    expect(one).toHaveLength(DESCRIPTOR_LENGTH);
    expect(descriptorDistance(one, one)).toBe(0);
    expect(descriptorDistance(one, same)).toBeLessThan(SAME_PERSON);
    expect(others).toHaveLength(4);
    for (const other of others)
      expect(descriptorDistance(one, other)).toBeGreaterThan(descriptorDistance(one, same) + 0.1);
  });

  it('of two lengths are not compared', () => {
    expect(() => descriptorDistance(new Float32Array(128), new Float32Array(64))).toThrow(RangeError);
  });
});
