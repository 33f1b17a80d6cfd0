import { setTimeout as sleep } from 'node:timers/promises';
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

/**
 * The thread of `bench batch`: the ways to treat photos by turns, in each round each way all photos. What a way leaves to be cleared away is
 * cleared within its turn, not on the next one's account.
 */
if (!parentPort) throw new Error('This file runs in a worker thread');
const port = parentPort;
const { assets, sets, rounds } = workerData as BatchSetup;

const REST_MS = 200;

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
  for (const run of Object.values(ways)) for (const photo of photos) await run(photo);
  await rested();
  for (let round = 0; round < rounds; round++)
    for (const [way, run] of Object.entries(ways)) {
      const from = process.cpuUsage();
      for (const photo of photos) await run(photo);
      await rested();
      const { user, system } = process.cpuUsage(from);
      const cpuMs = (user + system) / 1000 / photos.length;
      port.postMessage({ set: name, way: way as BatchWay, cpuMs } satisfies BatchCost);
    }
}
port.close();

/** Waits until V8's threads have cleared away and compiled what they had in hand. */
async function rested(): Promise<void> {
  await sleep(REST_MS);
}

/** The detector, and the landmarks of each face it found. */
async function findAlone(picture: Picture, faces: FaceEngine): Promise<void> {
  for (const face of await faces.detect(picture)) await faces.shape(picture, face);
}
