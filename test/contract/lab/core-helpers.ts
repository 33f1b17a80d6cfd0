import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const demo = (n: number) =>
  fileURLToPath(new URL(`../../../node_modules/face-api.js/demo/sample${n}.jpg`, import.meta.url));

/** A portrait-shaped JPEG of one of the six demo pictures, small enough for every platform. */
export function portrait(n = 2, width = 480, height = 640): Promise<Buffer> {
  return sharp(demo(n)).resize(width, height, { fit: 'cover' }).jpeg({ quality: 80 }).toBuffer();
}

/** A valid JPEG without anything on it. */
export function blank(level = 128): Promise<Buffer> {
  const background = { r: level, g: level, b: level };
  return sharp({ create: { width: 480, height: 640, channels: 3, background } })
    .jpeg()
    .toBuffer();
}

/** A picture in another format than JPEG. */
export async function png(): Promise<Buffer> {
  return sharp(await portrait())
    .png()
    .toBuffer();
}

/** An answer's body as an object, whatever it is. */
export async function json(answer: Response): Promise<Record<string, unknown>> {
  return (await answer.json()) as Record<string, unknown>;
}
