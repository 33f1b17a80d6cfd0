import { parentPort, workerData } from 'node:worker_threads';
import { memory } from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import type { Picture } from '../contract.ts';
import { createHumanEngine } from '../engines/human.ts';
import { inspect } from '../inspect.ts';
import { decodePicture, PictureError, readPicture } from './decode.ts';
import type { Order, Report, ThreadMemory, WorkerSetup } from './messages.ts';
import { startThread } from './start.ts';

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
  if (order.type === 'memory') {
    queue = queue.then(() => report({ type: 'memory', memory: memoryNow() }));
    return;
  }
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

function memoryNow(): ThreadMemory {
  const { numTensors, numBytes } = memory();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return { tensors: numTensors, tensorBytes: numBytes, heapUsed, external, arrayBuffers };
}

function report(message: Report): void {
  port.postMessage(message);
}

async function start(folder: string) {
  const load = await startThread(folder);
  if (name === 'human') return createHumanEngine(load);
  // Only the bench wants the others: the station's thread does not load their library.
  const { createFaceApiEngine } = await import('../engines/face-api.ts');
  return createFaceApiEngine(load, name);
}
