import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import sharp, { type Sharp } from 'sharp';

const root = resolve(import.meta.dirname, '../../../..');
const demo = join(dirname(createRequire(import.meta.url).resolve('face-api.js/package.json')), 'demo');

/** Folder of the engine's files, filled before the tests run. */
export const ASSETS = join(root, 'out', 'engine');

/** The worker's program as it is in a checkout. */
export const WORKER_URL = new URL('../../../../src/vision/node/worker.ts', import.meta.url);

/** One of face-api's demo pictures: groups of three to five people, 1–6. */
export const group = (n: number): string => join(demo, `sample${n}.jpg`);

/** One woman of the sixth group who looks at us, enlarged: a portrait of one person, eyes open, in even light. */
export function portrait(): Promise<Buffer> {
  return portraitPixels().jpeg({ quality: 92 }).toBuffer();
}

/** The portrait before it is encoded, for tests that damage it. */
export function portraitPixels(): Sharp {
  return sharp(group(6))
    .extract({ left: 136, top: 360, width: 444, height: 533 })
    .resize(600, 720, { kernel: 'lanczos3' });
}
