import { parentPort, workerData } from 'node:worker_threads';
import sharp from 'sharp';
import type { Picture } from '../contract.ts';
import { createHumanEngine } from '../engines/human.ts';
import { startTensorflow } from '../engines/tensorflow.ts';
import { inspect } from '../inspect.ts';
import { assetsIn } from './assets.ts';
import { decodePicture, PictureError, readPicture } from './decode.ts';
import type { Order, Report, WorkerSetup } from './messages.ts';

/**
 * The worker thread that looks at pictures: the next one is decoded (on libuv's threads) while the engine looks at the
 * one before. Orders are answered in the order they came.
 */
if (!parentPort) throw new Error('This file runs in a worker thread');
const port = parentPort;
const { assets, engine: name = 'human' } = workerData as WorkerSetup;

// One picture at a time is decoded a worker, and the pool has a worker a core: more threads only get in each other's way.
sharp.concurrency(1);
sharp.cache(false);

const engine = await start(assets);
let queue: Promise<void> = Promise.resolve();

port.on('message', (order: Order) => {
  const picture = readPicture(order.source).then(decodePicture);
  // It is awaited only when its turn comes; until then a rejection must not count as unhandled.
  picture.catch(() => {});
  queue = queue.then(() => answer(order.id, picture));
});
report({ type: 'ready' });

async function answer(id: number, decoding: Promise<Picture>): Promise<void> {
  try {
    report({ type: 'done', id, inspection: await inspect(await decoding, engine) });
  } catch (error) {
    const code = error instanceof PictureError ? error.code : null;
    report({ type: 'failed', id, error: { code, message: error instanceof Error ? error.message : String(error) } });
  }
}

function report(message: Report): void {
  port.postMessage(message);
}

async function start(folder: string) {
  const before = (['uncaughtException', 'unhandledRejection'] as const).map(
    (event) => [event, process.listeners(event as 'uncaughtException')] as const,
  );
  const load = assetsIn(folder);
  // The glue reads CommonJS's name for its folder, which a bundled module lacks; its files are handed to it anyway.
  if (typeof __dirname === 'undefined') Reflect.set(globalThis, '__dirname', folder);
  await startTensorflow(load);
  // TensorFlow's WebAssembly glue installs handlers that throw again whatever the process had survived.
  for (const [event, listeners] of before) {
    for (const listener of process.listeners(event as 'uncaughtException')) {
      if (!listeners.includes(listener)) process.removeListener(event, listener);
    }
  }
  if (name === 'human') return createHumanEngine(load);
  // Only the bench wants the others: the station's thread does not load their library.
  const { createFaceApiEngine } = await import('../engines/face-api.ts');
  return createFaceApiEngine(load, name);
}
