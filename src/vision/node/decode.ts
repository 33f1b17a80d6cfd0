import sharp from 'sharp';
import type { Box } from '#shared/measures';
import type { Picture } from '../contract.ts';
import { decodeHeader, MAX_PIXELS, type PictureHeader } from './header.ts';
import { liesOnSide, storedBox, turnUpright } from './orientation.ts';
import { decoderFault } from './picture-error.ts';

/** The longer side a picture is looked at with. */
const LOOK_SIZE = 640;

/** Longer than any picture that is taken needs; shorter than the pool waits, so that the picture is named and not its thread. */
const DECODE_SECONDS = 20;

/** Upright pixels: RGB or RGBA, 8 bit, sRGB, row by row. */
export interface Pixels {
  width: number;
  height: number;
  data: Buffer;
}

/**
 * Decodes a picture for looking at: upright, sRGB on white, at most `LOOK_SIZE` on its longer side. JPEG is shrunk
 * while it is decoded, so a 12-megapixel photo costs a quarter of a full decode. A picture that ends early is refused.
 * Of several pictures in a file (animations, pages, depth and gain maps) the first counts.
 *
 * @throws {PictureError}
 */
export async function decodePicture(bytes: Uint8Array, known?: PictureHeader): Promise<Picture> {
  const header = known ?? (await decodeHeader(bytes));
  const { width, height } = header;
  const look = async (box: Box) => {
    const shrink = Math.min(1, LOOK_SIZE / Math.max(box.width, box.height));
    const { data, ...size } = await decodePart(bytes, header, box, shrink, 4);
    return { ...size, data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength) };
  };
  const whole = await look({ x: 0, y: 0, width, height });
  return {
    ...whole,
    source: { width, height },
    scale: Math.max(width, height) / Math.max(whole.width, whole.height),
    ...(Math.max(width, height) > LOOK_SIZE && {
      closer: async (box: Box) => {
        const part = await look(box);
        return { ...part, source: { width: box.width, height: box.height }, scale: box.width / part.width };
      },
    }),
  };
}

/**
 * Decodes a part of a picture: upright, colours taken to sRGB, on white where it is transparent. The one way from a file to pixels: what
 * is judged and what is sent are decoded alike.
 *
 * @param box whole pixels of the upright picture, within it
 * @param scale of the pixels that are given out, at most 1
 * @param channels 3 for RGB, 4 for RGBA (opaque), as a `Picture` has it
 * @throws {PictureError} truncated, unsupported, unreadable, too-large
 */
export async function decodePart(
  bytes: Uint8Array,
  header: PictureHeader,
  box: Box,
  scale: number,
  channels: 3 | 4 = 3,
): Promise<Pixels> {
  const { orientation } = header;
  const stored = storedBox(box, orientation, header);
  const whole = box.width === header.width && box.height === header.height;
  try {
    const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: true });
    if (!whole) image.extract({ left: stored.x, top: stored.y, width: stored.width, height: stored.height });
    if (scale < 1) {
      image.resize({
        width: Math.max(1, Math.round(stored.width * scale)),
        height: Math.max(1, Math.round(stored.height * scale)),
        fit: 'fill',
      });
    }
    image.toColourspace('srgb').flatten({ background: '#ffffff' }).removeAlpha();
    if (channels === 4) image.ensureAlpha();
    const { data, info } = await image
      .raw({ depth: 'uchar' })
      .timeout({ seconds: DECODE_SECONDS })
      .toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    if (orientation === 1) return { width, height, data };
    const raw = { width, height, channels } as const;
    return {
      ...(liesOnSide(orientation) ? { width: height, height: width } : { width, height }),
      data: await turnUpright(sharp(data, { raw }), orientation).raw().toBuffer(),
    };
  } catch (cause) {
    throw decoderFault(cause);
  }
}
