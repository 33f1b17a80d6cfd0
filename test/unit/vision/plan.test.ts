import { backend, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { overlap } from '#vision/boxes';
import type { AssetLoader } from '#vision/contract';
import { createHumanEngine } from '#vision/engines/human';
import { planOf } from '#vision/engines/plan';
import { loadGraph } from '#vision/engines/tensorflow';
import { decodePicture } from '#vision/node/decode';
import { startThread } from '#vision/node/start';
import { ASSETS, portrait } from './support/pictures.ts';

/** Networks as the engine uses them: side of the input, how many pictures at once, which outputs. */
const NETWORKS = [
  { name: 'blazeface', size: 256, pictures: 1, names: undefined },
  { name: 'facemesh', size: 192, pictures: 1, names: ['Identity_2:0', 'Identity_1:0'] },
  {
    name: 'iris',
    size: 64,
    pictures: 2,
    names: ['StatefulPartitionedCall/model/conv_eyes_contours_and_brows/BiasAdd:0'],
  },
];

describe('a planned network', { timeout: 60_000 }, () => {
  let load: AssetLoader;
  beforeAll(async () => {
    load = await startThread(ASSETS);
  });

  it.each(NETWORKS)(
    'answers what the graph of $name answers, to the last bit',
    async ({ name, size, pictures, names }) => {
      const model = await loadGraph(name, load);
      const shape = [pictures, size, size, 3];
      const plan = planOf(model, shape, names);
      const held = backend().numDataIds();
      for (const seed of [1, 2]) {
        const input = Float32Array.from({ length: pictures * size * size * 3 }, (_, n) => Math.sin(n * seed * 0.37));
        const expected = tidy(() => {
          const found = model.execute(tensor(input, shape), names);
          return (Array.isArray(found) ? found : [found]).map((one) => one.dataSync().slice());
        });
        expect(plan.run(input)).toEqual(expected);
      }
      // Nothing but the weights stays behind.
      expect(backend().numDataIds()).toBe(held);
      model.dispose();
    },
  );

  it('is of the size it is planned for: a quick look finds the face where the thorough one finds it', async () => {
    const engine = await createHumanEngine(load);
    const picture = await decodePicture(await portrait());
    const [seen] = await engine.detect(picture);
    const [glanced] = (await engine.glance?.(picture, 0.25)) ?? [];
    if (!seen || !glanced) throw new Error('no face');
    expect(glanced.score).toBeGreaterThan(0.7);
    expect(overlap(seen.box, glanced.box)).toBeGreaterThan(0.8);
    engine.dispose();
  });

  it('frees what it made when it is given something else than it was planned for', async () => {
    const model = await loadGraph('iris', load);
    const plan = planOf(model, [2, 64, 64, 3], NETWORKS[2]?.names);
    const held = backend().numDataIds();
    expect(() => plan.run(new Float32Array(12))).toThrow();
    expect(backend().numDataIds()).toBe(held);
    model.dispose();
  });
});
