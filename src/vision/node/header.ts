import sharp, { type Metadata } from 'sharp';
import { decoderFault, PictureError } from './picture-error.ts';
import { refuseSize } from './read.ts';
import { HEIC, type PictureKind, pictureKind, USE } from './signature.ts';

/** Above what cameras make: medium format has 102 megapixels, phones 108. */
export const MAX_PIXELS = 120_000_000;

/** What one decoder may take of memory; beyond it a picture is refused. */
const MOST_MEMORY = 1024 ** 3;

/** Decoders that take more than this work one at a time (`HeavyLane`). */
const HEAVY_MEMORY = 128 * 1024 ** 2;

/** A picture as its header describes it. */
export interface PictureHeader {
  kind: PictureKind;
  /** Upright size in pixels. */
  width: number;
  height: number;
  /** How the stored picture is to be turned to stand upright: 1–8 (EXIF 2.32 §4.6.4, Orientation). */
  orientation: number;
  /** What its decoder is expected to hold beside what it gives out, bytes. */
  memory: number;
}

/**
 * Reads the header of an encoded picture; no pixel is decoded.
 *
 * @throws {PictureError} empty, not-an-image, heic, unsupported, too-large, truncated, unreadable
 */
export async function decodeHeader(bytes: Uint8Array): Promise<PictureHeader> {
  refuseSize(bytes.byteLength);
  const kind = pictureKind(bytes);
  const metadata = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw decoderFault(cause);
    });
  if (metadata.format !== (kind === 'avif' ? 'heif' : kind))
    throw new PictureError('not-an-image', `The file is not a picture this program knows. ${USE}`);
  if (metadata.compression === 'hevc') throw new PictureError('heic', HEIC);
  const pixels = metadata.width * metadata.height;
  if (pixels > MAX_PIXELS) throw tooLarge(pixels, MAX_PIXELS);
  const perPixel = memoryPerPixel(kind, metadata);
  if (pixels * perPixel > MOST_MEMORY) throw tooLarge(pixels, MOST_MEMORY / perPixel);
  const { orientation = 1 } = metadata;
  const lying = orientation >= 5 && orientation <= 8;
  return {
    kind,
    width: lying ? metadata.height : metadata.width,
    height: lying ? metadata.width : metadata.height,
    orientation: orientation >= 1 && orientation <= 8 ? orientation : 1,
    memory: pixels * perPixel,
  };
}

/** Whether a picture's decoder takes so much memory that two must not work at once. */
export function isHeavy(header: PictureHeader): boolean {
  return header.memory > HEAVY_MEMORY;
}

/**
 * Bytes a pixel that a decoder holds at once. Ordinary JPEG and PNG stream by, line by line. Interlaced PNG and TIFF of one strip are
 * unpacked whole, JPEG of several scans keeps two bytes a coefficient, and AV1's planes, borders and conversion were measured
 * (17 bytes at 24, 48 and 100 megapixels).
 */
function memoryPerPixel(kind: PictureKind, { channels, depth, isProgressive }: Metadata): number {
  const wide = depth === 'uchar' ? 1 : depth === 'ushort' || depth === 'short' ? 2 : 4;
  switch (kind) {
    case 'jpeg':
      return isProgressive ? 2 * channels : 0;
    case 'png':
      return isProgressive ? channels * wide : 0;
    case 'tiff':
      return channels * wide;
    case 'webp':
    case 'gif':
      return 4;
    case 'avif':
      return 17;
  }
}

function tooLarge(pixels: number, most: number): PictureError {
  return new PictureError(
    'too-large',
    `The picture has ${Math.ceil(pixels / 1e6)} megapixels; up to ${Math.floor(most / 1e6)} of its kind are taken. Make it smaller.`,
  );
}
