import { parentPort, workerData } from 'node:worker_threads';
import sharp from 'sharp';
import type { FaceEngine, Picture } from '../../contract.ts';
import { createDescriber } from '../../descriptor.ts';
import { createFaceApiEngine } from '../../engines/face-api.ts';
import { createHumanEngine } from '../../engines/human.ts';
import { cutFace } from '../../face-cut.ts';
import { look } from '../../inspect.ts';
import { decodePicture } from '../decode.ts';
import { startThread } from '../start.ts';
import type { BatchCost, BatchSetup, BatchWay } from './batch.ts';

/** The thread of `bench batch`: every way to treat a photo, by turns, each photo in each round. */
if (!parentPort) throw new Error('This file runs in a worker thread');
const port = parentPort;
const { assets, sets, rounds } = workerData as BatchSetup;

sharp.concurrency(1);
sharp.cache(false);

const load = await startThread(assets);
const engine = await createHumanEngine(load);
const describer = await createDescriber(load);
const ssd = await createFaceApiEngine(load, 'ssd');

const ways: Record<BatchWay, (photo: Uint8Array) => Promise<unknown>> = {
  decode: (photo) => decodePicture(photo),
  check: async (photo) => look(await decodePicture(photo), engine),
  describe: async (photo) => {
    const picture = await decodePicture(photo);
    const { shape } = await look(picture, engine);
    if (shape) await describer.describe(cutFace(picture, shape));
  },
  ssd: async (photo) => findAlone(await decodePicture(photo), ssd),
};

for (const { name, photos } of sets) {
  // The first looks compile.
  for (const photo of photos) for (const way of Object.values(ways)) await way(photo);
  for (let round = 0; round < rounds; round++)
    for (const photo of photos)
      for (const [way, run] of Object.entries(ways)) {
        const from = process.cpuUsage();
        await run(photo);
        const { user, system } = process.cpuUsage(from);
        port.postMessage({ set: name, way: way as BatchWay, cpuMs: (user + system) / 1000 } satisfies BatchCost);
      }
}
port.close();

/** The detector, and the landmarks of each face it found. */
async function findAlone(picture: Picture, faces: FaceEngine): Promise<void> {
  for (const face of await faces.detect(picture)) await faces.shape(picture, face);
}
