import sharp from 'sharp';
import { expect, it } from 'vitest';
import { decodePicture } from '#vision/node/decode';
import { PictureError } from '#vision/node/picture-error';

/** A small generator with a seed (Numerical Recipes' LCG): the same mutations on every machine. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const HEADER = 600;

/** A few bytes of the header changed, taken out or doubled. */
function mutated(picture: Buffer, next: (below: number) => number): Buffer {
  let bytes = Buffer.from(picture);
  for (let times = 1 + next(4); times > 0; times--) {
    const at = next(Math.min(HEADER, bytes.length));
    const kind = next(4);
    if (kind === 0) bytes[at] = next(256);
    else if (kind === 1) bytes[at] = (bytes[at] ?? 0) ^ (1 << next(8));
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + next(8))]);
    else bytes = Buffer.concat([bytes.subarray(0, at + 1 + next(8)), bytes.subarray(at)]);
  }
  return bytes;
}

it.each(['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)(
  'a %s with a changed header is decoded, or refused in words',
  async (format) => {
    const image = sharp({ create: { width: 96, height: 64, channels: 3, background: '#876' } });
    const picture = await image.withMetadata({ orientation: 6 }).toFormat(format).toBuffer();
    const next = numbers(format.length * 7_919);
    const codes = new Set<string>();
    for (let n = 0; n < 60; n++) {
      const outcome = await decodePicture(mutated(picture, next)).catch((error: unknown) => error);
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(PictureError);
        if (outcome instanceof PictureError) codes.add(outcome.code);
      } else expect(outcome).toMatchObject({ data: expect.any(Uint8ClampedArray) });
    }
    expect(codes.size).toBeGreaterThan(0);
  },
  60_000,
);
