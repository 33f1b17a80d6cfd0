import { parentPort, workerData } from 'node:worker_threads';
import sharp from 'sharp';
import type { FaceEngine, Picture } from '../../contract.ts';
import { createFaceApiEngine } from '../../engines/face-api.ts';
import { createHumanEngine } from '../../engines/human.ts';
import { inspect } from '../../inspect.ts';
import { decodePicture } from '../decode.ts';
import { readPicture } from '../read.ts';
import { startThread } from '../start.ts';
import type { StillReport, StillSetup } from './still.ts';

/** The thread of `bench still`: both engines, so that one run on one thread tells a ratio. */
if (!parentPort) throw new Error('This file runs in a worker thread');
const port = parentPort;
const { assets, files, rounds } = workerData as StillSetup;

sharp.concurrency(1);
sharp.cache(false);

const load = await startThread(assets);
const thorough = await createHumanEngine(load);
const ssd = await createFaceApiEngine(load, 'ssd');
let warm = false;

for (const file of files) {
  try {
    const picture = await decodePicture(await readPicture({ path: file }));
    if (!warm) {
      await timed(() => inspect(picture, thorough));
      await timed(() => findAlone(picture, ssd));
      warm = true;
    }
    let [thoroughMs, aloneMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let round = 0; round < rounds; round++) {
      thoroughMs = Math.min(thoroughMs, await timed(() => inspect(picture, thorough)));
      aloneMs = Math.min(aloneMs, await timed(() => findAlone(picture, ssd)));
    }
    report({ type: 'times', times: { file, thoroughMs, aloneMs } });
  } catch (error) {
    report({ type: 'skipped', file, message: error instanceof Error ? error.message : String(error) });
  }
}
port.close();

/** What the thorough check is compared with: the detector, and the landmarks of each face it found. */
async function findAlone(picture: Picture, engine: FaceEngine): Promise<void> {
  for (const face of await engine.detect(picture)) await engine.shape(picture, face);
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function report(message: StillReport): void {
  port.postMessage(message);
}
