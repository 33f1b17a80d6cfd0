import { open } from 'node:fs/promises';
import sharp, { type Metadata, type Sharp } from 'sharp';
import type { Box } from '#shared/measures';
import type { Picture } from '../contract.ts';

/** Why a picture cannot be looked at. */
export type PictureErrorCode =
  | 'not-found'
  | 'empty'
  | 'not-an-image'
  | 'unsupported'
  | 'truncated'
  | 'too-large'
  | 'unreadable';

/** A picture that cannot be looked at, and what to do about it. The message names no file: who asked knows it. */
export class PictureError extends Error {
  override readonly name = 'PictureError';
  readonly code: PictureErrorCode;
  constructor(code: PictureErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A picture to read: a file, or the bytes of one. */
export type PictureSource = { path: string } | { bytes: Uint8Array };

/** The longer side a picture is looked at with. */
const LOOK_SIZE = 640;

const MAX_BYTES = 50 * 1024 * 1024;
const MAX_PIXELS = 100_000_000;

/** What the first bytes say, for a message that names what was given instead of a picture. */
const SIGNATURES: readonly { starts: string; what: string }[] = [
  { starts: '%PDF', what: 'a PDF document' },
  { starts: 'PK\u0003\u0004', what: 'a ZIP or Office file' },
  { starts: '\u00d0\u00cf\u0011\u00e0', what: 'an Office document' },
  { starts: '<!DOCTYPE', what: 'a web page' },
  { starts: '<html', what: 'a web page' },
  { starts: 'MZ', what: 'a program' },
  { starts: '\u007fELF', what: 'a program' },
];

/** Formats that are pictures, yet cannot be read here. */
const FOREIGN = new Set(['svg', 'pdf', 'magick', 'openslide', 'fits', 'vips', 'raw']);

/** Format and upright size of an encoded picture, read from its header alone. */
export interface PictureHeader {
  format: string;
  width: number;
  height: number;
}

/**
 * Reads a picture's bytes, refusing what is missing, empty or too large before it is in memory.
 *
 * @throws {PictureError} not-found, empty, too-large, unreadable
 */
export async function readPicture(source: PictureSource): Promise<Uint8Array> {
  if ('bytes' in source) {
    refuseSize(source.bytes.byteLength);
    return source.bytes;
  }
  const file = await open(source.path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') {
      throw new PictureError('not-found', 'There is no such file. Check its name and folder.', { cause });
    }
    throw new PictureError('unreadable', `The file cannot be opened (${cause.code}). Check its permissions.`, {
      cause,
    });
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new PictureError('unreadable', 'This is not a file. Give a picture file.');
    refuseSize(stat.size);
    return await file.readFile();
  } catch (cause) {
    if (cause instanceof PictureError) throw cause;
    throw new PictureError('unreadable', 'The file cannot be read. Copy it to this computer and try again.', { cause });
  } finally {
    await file.close();
  }
}

/**
 * Reads the header of an encoded picture.
 *
 * @throws {PictureError} empty, not-an-image, unsupported, too-large, truncated, unreadable
 */
export async function decodeHeader(bytes: Uint8Array): Promise<PictureHeader> {
  refuseSize(bytes.byteLength);
  let metadata: Metadata;
  try {
    metadata = await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (cause) {
    throw unreadable(bytes, cause);
  }
  const { format = 'unknown', autoOrient } = metadata;
  if (FOREIGN.has(format))
    throw new PictureError('unsupported', `A ${format.toUpperCase()} file is not a photo. ${USE}`);
  if (autoOrient.width * autoOrient.height > MAX_PIXELS) {
    throw new PictureError(
      'too-large',
      `The picture has ${Math.round((autoOrient.width * autoOrient.height) / 1e6)} megapixels; up to 100 are taken. Make it smaller.`,
    );
  }
  return { format, width: autoOrient.width, height: autoOrient.height };
}

/**
 * Decodes a picture for looking at: upright, sRGB on white, at most `LOOK_SIZE` on its longer side. JPEG is shrunk
 * while it is decoded, so a 12-megapixel photo costs a quarter of a full decode. A picture that ends early is refused.
 *
 * @throws {PictureError}
 */
export async function decodePicture(bytes: Uint8Array): Promise<Picture> {
  const header = await decodeHeader(bytes);
  const { width, height } = header;
  const whole = await pixels(bytes, (image) =>
    image.resize(LOOK_SIZE, LOOK_SIZE, { fit: 'inside', withoutEnlargement: true }),
  );
  return {
    ...whole,
    source: { width, height },
    scale: Math.max(width, height) / Math.max(whole.width, whole.height),
    ...(Math.max(width, height) > LOOK_SIZE && {
      closer: async (box: Box) => {
        const part = await pixels(bytes, (image) =>
          image
            .extract({ left: box.x, top: box.y, width: box.width, height: box.height })
            .resize(LOOK_SIZE, LOOK_SIZE, { fit: 'inside', withoutEnlargement: true }),
        );
        return { ...part, source: { width: box.width, height: box.height }, scale: box.width / part.width };
      },
    }),
  };
}

/** Decodes, turns upright and cuts or shrinks as told: RGBA, 8 bit, sRGB on white. */
async function pixels(
  bytes: Uint8Array,
  shape: (image: Sharp) => Sharp,
): Promise<Pick<Picture, 'width' | 'height' | 'data'>> {
  try {
    const upright = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: true }).autoOrient();
    const { data, info } = await shape(upright)
      .toColourspace('srgb')
      .flatten({ background: '#ffffff' })
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    return { width, height, data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength) };
  } catch (cause) {
    throw unreadable(bytes, cause);
  }
}

const USE = 'Use a JPEG or PNG photo.';

function refuseSize(size: number): void {
  if (size === 0) throw new PictureError('empty', 'The file is empty. Copy or take the picture again.');
  if (size > MAX_BYTES) {
    throw new PictureError(
      'too-large',
      `The file has ${Math.round(size / 1048576)} MB; up to 50 are taken. Make it smaller.`,
    );
  }
}

/** Says in plain words why a decoder gave up. */
function unreadable(bytes: Uint8Array, cause: unknown): PictureError {
  const said = cause instanceof Error ? cause.message : String(cause);
  const start = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  const known = SIGNATURES.find(({ starts }) => start.toLowerCase().startsWith(starts.toLowerCase()));
  if (known)
    return new PictureError('not-an-image', `The file is ${known.what}, whatever its name says. ${USE}`, { cause });
  if (/^....ftyp(hei|hev|mif|msf)/.test(start)) {
    return new PictureError('unsupported', `HEIC pictures cannot be read here. ${USE}`, { cause });
  }
  if (/pixel limit|exceeds/i.test(said)) {
    return new PictureError('too-large', 'The picture has more than 100 megapixels. Make it smaller.', { cause });
  }
  if (/unsupported image format|unknown format/i.test(said)) {
    return new PictureError('not-an-image', `The file is not a picture this program knows. ${USE}`, { cause });
  }
  if (/premature|truncated|end of (file|input|stream)|unexpected end|not enough|read error|expect/i.test(said)) {
    return new PictureError('truncated', 'The picture is incomplete: it ends early. Copy or take it again.', { cause });
  }
  return new PictureError('unreadable', 'The picture is damaged and cannot be decoded. Copy or take it again.', {
    cause,
  });
}
