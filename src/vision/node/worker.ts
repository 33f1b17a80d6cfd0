import { parentPort, workerData } from 'node:worker_threads';
import { backend, memory } from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import type { Picture } from '../contract.ts';
import type { Describer } from '../descriptor.ts';
import { createHumanEngine } from '../engines/human.ts';
import { cutFace } from '../face-cut.ts';
import { look } from '../inspect.ts';
import { assetsIn } from './assets.ts';
import { decodePicture } from './decode.ts';
import { decodeHeader, isHeavy, type PictureHeader } from './header.ts';
import type { DescribeOrder, LookOrder, Order, Report, ThreadMemory, WorkerSetup } from './messages.ts';
import { PictureError } from './picture-error.ts';
import { type PictureSource, readPicture } from './read.ts';
import { startThread } from './start.ts';

/**
 * The worker thread that looks at pictures: the next one is decoded (on libuv's threads) while the engine looks at the
 * one before. Orders are answered in the order they came. A picture that takes much memory to decode is not decoded ahead, and only when
 * the pool says so.
 */
if (!parentPort) throw new Error('This file runs in a worker thread');
const port = parentPort;
const { assets, engine: name = 'human' } = workerData as WorkerSetup;

// One picture at a time is decoded a worker, and the pool has a worker a core: more threads only get in each other's way.
sharp.concurrency(1);
sharp.cache(false);

const engine = await start(assets);
let queue: Promise<void> = Promise.resolve();

const leaves = new Map<number, () => void>();

/** A picture on its way: decoded already, or told to be too heavy for that. */
type Ahead = { picture: Picture } | { bytes: Uint8Array; header: PictureHeader };

port.on('message', (order: Order) => {
  if (order.type === 'leave') {
    leaves.get(order.id)?.();
    return;
  }
  if (order.type === 'memory') {
    queue = queue.then(() => report({ type: 'memory', memory: memoryNow() }));
    return;
  }
  if (order.type === 'describe') {
    queue = queue.then(() => tell(order));
    return;
  }
  const ahead = open(order.source);
  // It is awaited only when its turn comes; until then a rejection must not count as unhandled.
  ahead.catch(() => {});
  queue = queue.then(() => answer(order, ahead));
});
report({ type: 'ready' });

async function open(source: PictureSource): Promise<Ahead> {
  const bytes = await readPicture(source);
  const header = await decodeHeader(bytes);
  return isHeavy(header) ? { bytes, header } : { picture: await decodePicture(bytes, header) };
}

/** Loaded with the first face that is to be described: most threads never need it. */
let describer: Promise<Describer> | null = null;
function theDescriber(): Promise<Describer> {
  describer ??= import('../descriptor.ts').then(({ createDescriber }) => createDescriber(assetsIn(assets)));
  return describer;
}

async function answer({ id, cut }: LookOrder, opening: Promise<Ahead>): Promise<void> {
  try {
    const ahead = await opening;
    // The leave lasts until the answer: a closer view decodes the file once more.
    if (!('picture' in ahead)) await leave(id);
    const picture = 'picture' in ahead ? ahead.picture : await decodePicture(ahead.bytes, ahead.header);
    const { inspection, shape } = await look(picture, engine);
    const face = cut && shape ? cutFace(picture, shape) : null;
    port.postMessage({ type: 'done', id, inspection, face } satisfies Report, face ? [face.buffer] : []);
  } catch (error) {
    fail(id, error);
  }
}

async function tell({ id, face }: DescribeOrder): Promise<void> {
  try {
    report({ type: 'described', id, descriptor: await (await theDescriber()).describe(face) });
  } catch (error) {
    fail(id, error);
  }
}

function fail(id: number, error: unknown): void {
  const code = error instanceof PictureError ? error.code : null;
  report({ type: 'failed', id, error: { code, message: error instanceof Error ? error.message : String(error) } });
}

function memoryNow(): ThreadMemory {
  const { numBytes } = memory();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  // Plans make values without TensorFlow's book of tensors: its backend knows them all.
  return { tensors: backend().numDataIds(), tensorBytes: numBytes, heapUsed, external, arrayBuffers };
}

function leave(id: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  leaves.set(id, resolve);
  report({ type: 'heavy', id });
  return promise.finally(() => leaves.delete(id));
}

function report(message: Report): void {
  port.postMessage(message);
}

async function start(folder: string) {
  const load = await startThread(folder);
  if (name === 'human') return createHumanEngine(load);
  if (name === 'human-thorough') {
    const { glance: _, ...thorough } = await createHumanEngine(load);
    return thorough;
  }
  // Only the bench wants the others: the station's thread does not load their library.
  const { createFaceApiEngine } = await import('../engines/face-api.ts');
  return createFaceApiEngine(load, name);
}
