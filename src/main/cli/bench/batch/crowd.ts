import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { judge, resolveCriteria } from '#shared/quality';
import type { InspectorPool } from '#vision/node/pool';
import { seeded } from '../faults/dice.ts';

export interface PhotoSize {
  width: number;
  height: number;
  /** Standard deviation of a sensor's noise, of 255. */
  grain: number;
  quality: number;
}

/** What a phone makes: 12 megapixels, with the noise that makes such a file 2 to 3 MB; and a webcam or an old record, 1 megapixel. */
export const SIZES = {
  '12': { width: 3_000, height: 4_000, grain: 5, quality: 92 },
  '1': { width: 960, height: 1_280, grain: 2, quality: 85 },
} as const satisfies Record<string, PhotoSize>;

/** Noise is drawn once and laid over at another place each time: drawing it costs more than everything else. */
const NOISE_SIDE = 1_024;

/** The pictures the check takes: one good face each. */
export async function goodPictures(files: readonly string[], pool: InspectorPool): Promise<string[]> {
  const criteria = resolveCriteria({ preset: 'standard' });
  const good: string[] = [];
  for await (const { source, inspection } of pool.inspectAll(files.map((path) => ({ path }))))
    if (inspection !== null && judge(inspection, criteria).accepted) good.push(source.path);
  return good;
}

/**
 * Makes photos out of pictures: enlarged or shrunk to a size, cut out a little elsewhere for each number, every other one mirrored, with a
 * sensor's noise; no two alike. They are made anew from the file each time: nothing of them is held.
 */
export async function createCamera(size: PhotoSize) {
  const noise = await sharp({
    create: {
      width: NOISE_SIDE,
      height: NOISE_SIDE,
      channels: 3,
      background: '#808080',
      noise: { type: 'gaussian', mean: 128, sigma: Math.max(0.1, size.grain) },
    },
  })
    .raw()
    .toBuffer();

  return async (file: string, number: number): Promise<Uint8Array> => {
    const random = seeded(number + 1);
    const { width, height, quality } = size;
    const spare = 1.04;
    const [wide, high] = [Math.round(width * spare), Math.round(height * spare)];
    const { data, info } = await sharp(file)
      .rotate()
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .resize(wide, high, { fit: 'cover' })
      .extract({
        left: Math.floor(random() * (wide - width)),
        top: Math.floor(random() * (high - height)),
        width,
        height,
      })
      .removeAlpha()
      .flop(number % 2 === 1)
      .raw()
      .toBuffer({ resolveWithObject: true });
    if (size.grain > 0) addNoise(data, noise, Math.floor(random() * noise.length));
    return sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
      .jpeg({ quality, chromaSubsampling: '4:2:0' })
      .toBuffer();
  };
}

function addNoise(pixels: Buffer, noise: Buffer, from: number): void {
  for (let n = 0, at = from; n < pixels.length; n++, at++) {
    if (at === noise.length) at = 0;
    const value = (pixels[n] as number) + (noise[at] as number) - 128;
    pixels[n] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
}

/** Every so many photos one is of 12 megapixels. */
const LARGE_EVERY = 40;

/** Photos that are made; rows after them have one of these again, as a file of its own. */
const DISTINCT = 400;

/**
 * Writes a table and a folder with a photo for each of its rows. No two files are alike, so that each is looked at; from the 401st row on they
 * differ by a comment alone, for making ten thousand costs as much as importing them.
 */
export async function writeCrowd(
  { table, photos }: { table: string; photos: string },
  pictures: readonly string[],
  rows: number,
  signal: AbortSignal,
): Promise<{ bytes: number }> {
  const small = await createCamera(SIZES['1']);
  const large = await createCamera(SIZES['12']);
  let bytes = 0;
  const write = async (n: number, photo: Uint8Array): Promise<void> => {
    bytes += photo.length;
    await writeFile(join(photos, `${codeOf(n)}.jpg`), photo);
  };
  for (let n = 0; n < Math.min(rows, DISTINCT); n++) {
    signal.throwIfAborted();
    const make = n % LARGE_EVERY === LARGE_EVERY - 1 ? large : small;
    const photo = await make(pictures[n % pictures.length] ?? '', Math.floor(n / pictures.length));
    for (let row = n; row < rows; row += DISTINCT)
      await write(row, row === n ? photo : withComment(photo, codeOf(row)));
  }
  const lines = Array.from(
    { length: rows },
    (_, n) => `${codeOf(n)},Person ${n} 张伟,${60_120_000_000 + n},female,Faculty of Computing`,
  );
  await writeFile(table, ['code,name,phone,gender,department', ...lines, ''].join('\n'));
  return { bytes };
}

const codeOf = (n: number): string => `TP${String(n).padStart(6, '0')}`;

/** A JPEG with a comment (COM, ITU-T T.81 B.2.4.5) after its first marker. */
export function withComment(jpeg: Uint8Array, text: string): Uint8Array {
  const comment = Buffer.from(text);
  const length = comment.length + 2;
  const segment = Buffer.concat([Buffer.from([0xff, 0xfe, length >> 8, length & 0xff]), comment]);
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}
