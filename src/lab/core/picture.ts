import sharp from 'sharp';
import { byContent } from './by-content.ts';

/**
 * What the lab knows of a picture. The lab detects no faces: a platform that judges faces answers from these pixel
 * statistics, and any other verdict is ordered as a `wrong-answer` fault.
 */
export interface Picture {
  /** `jpeg`, `png`, `bmp`… as sharp names it. */
  format: string;
  /** Pixels as stored, EXIF orientation not applied: platforms are not known to apply it. */
  width: number;
  height: number;
  /** Mean luminance of the whole picture, 0–255. */
  brightness: number;
  /** Standard deviation of luminance over the middle half of width and height, 0–127.5. */
  centreDeviation: number;
  /** Variance of the 3×3 Laplacian of luminance, on a picture that fits in 800×800. */
  sharpness: number;
  /** Difference hash, 64 bits: each pixel of a 9×8 thumbnail against its right neighbour. */
  dHash: bigint;
}

const pixelLimit = 50_000_000;

/** Decodes a picture wholly and measures it; null when it cannot be decoded to the last row. */
export const inspectPicture = byContent(async (bytes): Promise<Picture | null> => {
  try {
    const options = { limitInputPixels: pixelLimit, failOn: 'warning' } as const;
    const { format, width, height } = await sharp(bytes, options).metadata();
    const grey = await sharp(bytes, options)
      .flatten()
      .resize(800, 800, { fit: 'inside', withoutEnlargement: true })
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const thumbnail = await sharp(bytes, options).flatten().greyscale().resize(9, 8, { fit: 'fill' }).raw().toBuffer();
    const plane = { data: grey.data, width: grey.info.width, height: grey.info.height };
    return {
      format,
      width,
      height,
      brightness: spread(plane, 0).mean,
      centreDeviation: spread(plane, 0.25).deviation,
      sharpness: laplacianVariance(plane),
      dHash: differenceHash(thumbnail),
    };
  } catch {
    return null;
  }
});

/** Standard base64 of one picture without a data-URI prefix, line breaks or missing padding; null otherwise. */
export function bareBase64(text: string): Buffer | null {
  if (text.length === 0 || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null;
  return Buffer.from(text, 'base64');
}

/** Number of bits by which two 64-bit hashes differ. */
export function hashDistance(a: bigint, b: bigint): number {
  let rest = a ^ b;
  let bits = 0;
  while (rest > 0n) {
    bits += Number(rest & 1n);
    rest >>= 1n;
  }
  return bits;
}

interface Plane {
  data: Buffer;
  width: number;
  height: number;
}

/** Mean and standard deviation inside a margin, given as a share of each side. */
function spread({ data, width, height }: Plane, margin: number): { mean: number; deviation: number } {
  const left = Math.floor(width * margin);
  const top = Math.floor(height * margin);
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let y = top; y < height - top; y += 1) {
    for (let x = left; x < width - left; x += 1) {
      const value = data[y * width + x] ?? 0;
      sum += value;
      squares += value * value;
      count += 1;
    }
  }
  const mean = sum / count;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

function laplacianVariance({ data, width, height }: Plane): number {
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const value =
        (data[at - 1] ?? 0) +
        (data[at + 1] ?? 0) +
        (data[at - width] ?? 0) +
        (data[at + width] ?? 0) -
        4 * (data[at] ?? 0);
      sum += value;
      squares += value * value;
      count += 1;
    }
  }
  return count === 0 ? 0 : squares / count - (sum / count) ** 2;
}

function differenceHash(thumbnail: Buffer): bigint {
  let hash = 0n;
  for (let row = 0; row < 8; row += 1) {
    for (let column = 0; column < 8; column += 1) {
      const at = row * 9 + column;
      hash = (hash << 1n) | ((thumbnail[at] ?? 0) > (thumbnail[at + 1] ?? 0) ? 1n : 0n);
    }
  }
  return hash;
}
