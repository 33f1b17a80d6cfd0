import sharp from 'sharp';
import type { RenditionSpec } from '#platforms/contract';
import { frame, type Head } from './geometry.ts';

/** Best quality ever written; beyond it bytes grow and pictures do not. */
const BEST = 92;
/** Below it blocks appear that face engines measure; the picture is made smaller instead. */
const WORST = 60;
/** From here on colour is kept at full resolution. */
const FULL_COLOUR = 85;
const SHRINK = 0.85;

interface Pixels {
  data: Buffer;
  width: number;
  height: number;
}

/**
 * Makes the picture one platform takes: exactly its pixels, the head as large as it wants and centred, at most its bytes.
 * Where the crop leaves the master the edge is repeated. Baseline JPEG (small terminals read no other) without any metadata.
 * When even the lowest quality is too large the picture is made smaller than asked, keeping its shape.
 */
export async function makeRendition(
  master: Uint8Array,
  head: Head,
  spec: RenditionSpec,
): Promise<{ bytes: Buffer; width: number; height: number; quality: number }> {
  const { width: w = 1, height: h = 1 } = await sharp(master).metadata();
  const { inside, extend } = frame(head, { width: w, height: h }, spec);
  const cut = await sharp(master)
    .extract({ left: inside.x, top: inside.y, width: inside.width, height: inside.height })
    .extend({ ...extend, extendWith: 'copy' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const framed: Pixels = { data: cut.data, width: cut.info.width, height: cut.info.height };

  let { width, height } = spec;
  for (;;) {
    const pixels = await resize(framed, width, height);
    const fitting = await encodeWithin(pixels, spec.maxBytes);
    if (fitting !== null) return { ...fitting, width, height };
    const smaller = { width: Math.round(width * SHRINK), height: Math.round(height * SHRINK) };
    if (smaller.width === width || smaller.height === height)
      throw new RangeError(`no JPEG fits into ${spec.maxBytes} bytes`);
    ({ width, height } = smaller);
  }
}

async function resize(from: Pixels, width: number, height: number): Promise<Pixels> {
  const data = await sharp(from.data, { raw: { width: from.width, height: from.height, channels: 3 } })
    .resize({ width, height, fit: 'fill', kernel: 'lanczos3' })
    .raw()
    .toBuffer();
  return { data, width, height };
}

/** The best quality that fits, by bisection; null when none does. */
async function encodeWithin(pixels: Pixels, maxBytes: number): Promise<{ bytes: Buffer; quality: number } | null> {
  const encode = (quality: number) =>
    sharp(pixels.data, { raw: { width: pixels.width, height: pixels.height, channels: 3 } })
      .jpeg({ quality, progressive: false, chromaSubsampling: quality >= FULL_COLOUR ? '4:4:4' : '4:2:0' })
      .toBuffer();

  let best = { bytes: await encode(BEST), quality: BEST };
  if (best.bytes.length <= maxBytes) return best;
  let low = WORST;
  let high = BEST - 1;
  let found: typeof best | null = null;
  while (low <= high) {
    const quality = (low + high) >> 1;
    best = { bytes: await encode(quality), quality };
    if (best.bytes.length <= maxBytes) {
      found = best;
      low = quality + 1;
    } else high = quality - 1;
  }
  return found;
}
