import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
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
const { assets, ways, sets, rounds } = workerData as BatchSetup;

const REST_MS = 200;

/** V8 compiles anew what it has seen for some time, after a hundred looks or so for the last time: an import has thousands. */
const WARM_LOOKS = 120;
const WARM_MS = 15_000;

sharp.concurrency(1);
sharp.cache(false);

setFlagsFromString('--expose-gc');
const clearAway = runInNewContext('gc') as () => void;

const load = await startThread(assets);
const runs = await Promise.all(ways.map(async (way) => ({ way, run: await runOf(way) })));

for (const { name, photos } of sets) {
  const until = performance.now() + WARM_MS;
  for (let looks = 0; looks < WARM_LOOKS && performance.now() < until; looks += photos.length)
    for (const { run } of runs) for (const photo of photos) await run(photo);
  await rested();
  for (let round = 0; round < rounds; round++)
    for (const { way, run } of runs) {
      const from = process.cpuUsage();
      for (const photo of photos) await run(photo);
      await rested();
      const { user, system } = process.cpuUsage(from);
      const cpuMs = (user + system) / 1000 / photos.length;
      port.postMessage({ set: name, way, cpuMs } satisfies BatchCost);
    }
}
port.close();

/** One way to treat a photo, with what it needs, and nothing else, loaded. */
async function runOf(way: BatchWay): Promise<(photo: Uint8Array) => Promise<unknown>> {
  switch (way) {
    case 'decode':
      return (photo) => decodePicture(photo);
    case 'check': {
      const engine = await createHumanEngine(load);
      return async (photo) => look(await decodePicture(photo), engine);
    }
    case 'describe': {
      const engine = await createHumanEngine(load);
      const describer = await createDescriber(load);
      return async (photo) => {
        const picture = await decodePicture(photo);
        const { shape } = await look(picture, engine);
        if (shape) await describer.describe(cutFace(picture, shape));
      };
    }
    case 'ssd': {
      const ssd = await createFaceApiEngine(load, 'ssd');
      return async (photo) => findAlone(await decodePicture(photo), ssd);
    }
  }
}

/**
 * What was left is cleared away now, and V8's threads have done what they had in hand. By itself V8 clears away when more has come, on the account of
 * whatever runs then: most of what decoding leaves would be the check's.
 */
async function rested(): Promise<void> {
  clearAway();
  await sleep(REST_MS);
}

/** The detector, and the landmarks of each face it found. */
async function findAlone(picture: Picture, faces: FaceEngine): Promise<void> {
  for (const face of await faces.detect(picture)) await faces.shape(picture, face);
}
