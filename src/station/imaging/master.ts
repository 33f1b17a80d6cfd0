import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { FaultError } from '#shared/fault';
import type { Inspection } from '#shared/measures';
import { decodePart } from '#vision/node/decode';
import { decodeHeader, isHeavy, type PictureHeader } from '#vision/node/header';
import { type Head, headIn, headOf, masterCrop } from './geometry.ts';

/** The one picture of an enrolment from which every platform's rendition is made. */
export interface Master {
  /** JPEG, upright, sRGB, no metadata. */
  bytes: Buffer;
  /** SHA-256 of the bytes, hexadecimal. */
  version: string;
  /** The head in pixels of the master. */
  head: Head;
  width: number;
  height: number;
  /** What was seen in the picture it was made from, in pixels of that picture. */
  inspection: Inspection;
}

/** What an enrolment keeps of its master. */
export type StoredPhoto = Pick<Master, 'bytes' | 'version' | 'head'> & { inspection: Inspection | null };

const LONG_SIDE = 1_600;
/** Near transparent to a second encoding: renditions are JPEGs of this JPEG. */
const QUALITY = 95;

/**
 * Makes the master: EXIF orientation applied, colours taken to sRGB, cropped to a portrait around the head as far as the picture
 * goes, at most 1600 pixels long.
 * @param inspection of the same picture; its coordinates are of the upright picture
 * @throws FaultError `quality` when there is no face or the picture does not decode
 */
export async function makeMaster(bytes: Uint8Array, inspection: Inspection): Promise<Master> {
  const head = headOf(inspection);
  if (head === null)
    throw new FaultError({ kind: 'quality', code: 'no-face', field: 'photo', message: 'no face was found' });
  const crop = masterCrop(head, inspection);
  const scale = Math.min(1, LONG_SIDE / Math.max(crop.width, crop.height));
  try {
    const pixels = await oneHeavyAtATime(bytes, (header) => decodePart(bytes, header, crop, scale));
    const { width, height } = pixels;
    const { data, info } = await sharp(pixels.data, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4' })
      .toBuffer({ resolveWithObject: true });
    return {
      bytes: data,
      version: createHash('sha256').update(data).digest('hex'),
      head: headIn(head, crop, scale),
      width: info.width,
      height: info.height,
      inspection,
    };
  } catch (error) {
    throw new FaultError(
      { kind: 'quality', code: 'unreadable', field: 'photo', message: 'the picture cannot be decoded to its end' },
      { cause: error },
    );
  }
}

/** The last heavy picture that was handed over. */
let heavy: Promise<unknown> = Promise.resolve();

/** Pictures that take much memory to decode wait for each other, however many enrolments are under way. */
async function oneHeavyAtATime<T>(bytes: Uint8Array, decode: (header: PictureHeader) => Promise<T>): Promise<T> {
  const header = await decodeHeader(bytes);
  if (!isHeavy(header)) return decode(header);
  const decoded = heavy.then(() => decode(header));
  heavy = decoded.catch(() => undefined);
  return decoded;
}
