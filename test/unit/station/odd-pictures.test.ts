import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Inspection } from '#shared/measures';
import { judge, PRESET_CRITERIA } from '#shared/quality';
import { createInspectorPool, type InspectorPool } from '#vision/node/pool';
import { makeMaster } from '../../../src/station/imaging/master.ts';
import { makeRendition } from '../../../src/station/imaging/rendition.ts';
import { portrait } from '../../fixtures/faces.ts';
import {
  animatedPng,
  brokenExif,
  packedChunk,
  storedAs,
  withChunk,
  withoutSegment,
  withSecondPicture,
  withSegment,
} from '../../fixtures/odd-pictures.ts';
import { ASSETS, WORKER_URL } from '../vision/support/pictures.ts';

/**
 * Whatever a file's coding, what is judged and what is sent is the picture a person would see: compared with the same pixels as an
 * ordinary PNG. Tolerances are those of the coding (JPEG, 4:2:0, a palette), not of a wrong turn or wrong colours.
 */
const DEGREES = 2;
const SHARE_OF_SIDE = 0.012;
const BRIGHTNESS = 0.03;
/** CMYK has fewer colours, and its picture is one of print. */
const BRIGHTNESS_IN_PRINT = 0.08;

let pool: InspectorPool;
let png: Buffer;
let jpeg: Buffer;
let grey: Buffer;
let negative: Buffer;
let onWhite: Buffer;
let hdr: Buffer;
let hdrBase: Buffer;
const seen = new Map<Buffer, Promise<Inspection>>();

beforeAll(async () => {
  pool = createInspectorPool({ workers: 2, workerUrl: WORKER_URL, assets: ASSETS });
  jpeg = await sharp(await portrait())
    .resize(600)
    .jpeg({ quality: 92 })
    .toBuffer();
  png = await sharp(jpeg).png({ compressionLevel: 1 }).toBuffer();
  grey = await sharp(png).greyscale().png({ compressionLevel: 1 }).toBuffer();
  negative = await sharp(png).negate().jpeg().toBuffer();
  hdr = await withGainMap(sharp(png)).jpeg({ quality: 92 }).toBuffer();
  // Its encoder darkens the ordinary picture that the gain map brightens: that one is what counts.
  hdrBase = await sharp(withoutSegment(hdr, 0xffe2)).png({ compressionLevel: 1 }).toBuffer();
  onWhite = await sharp(await cutOut())
    .flatten({ background: '#fff' })
    .png()
    .toBuffer();
});
afterAll(() => pool.close());

/** The person before nothing at all. */
async function cutOut(): Promise<Buffer> {
  const { width, height } = await sharp(png).metadata();
  const oval = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><ellipse cx="50%" cy="50%" rx="46%" ry="48%"/></svg>`;
  const mask = await sharp(Buffer.from(oval)).extractChannel('alpha').toBuffer();
  return sharp(png).removeAlpha().joinChannel(mask).png({ compressionLevel: 1 }).toBuffer();
}

/** sharp's types do not know it yet. */
function withGainMap(image: Sharp): Sharp {
  Reflect.apply(Reflect.get(image, 'withGainMap'), image, []);
  return image;
}

function look(bytes: Buffer): Promise<Inspection> {
  const known = seen.get(bytes);
  if (known !== undefined) return known;
  const looking = pool.inspect({ bytes });
  seen.set(bytes, looking);
  return looking;
}

interface Case {
  name: string;
  make(): Promise<Buffer>;
  /** What it should look like; the plain picture when absent. */
  like?: () => Buffer;
  print?: true;
}

const from = () => sharp(png);
const oriented = (orientation: number, coded: (image: Sharp) => Sharp): Case['make'] => {
  return async () => coded(await storedAs(png, orientation)).toBuffer();
};

const CASES: readonly Case[] = [
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => ({
    name: `JPEG of EXIF orientation ${orientation}`,
    make: oriented(orientation, (image) => image.jpeg({ quality: 92 })),
  })),
  { name: 'PNG of orientation 6', make: oriented(6, (image) => image.png({ compressionLevel: 1 })) },
  { name: 'WebP of orientation 8', make: oriented(8, (image) => image.webp({ quality: 92 })) },
  { name: 'TIFF of orientation 5', make: oriented(5, (image) => image.tiff({ compression: 'lzw' })) },
  { name: 'AVIF of orientation 6', make: oriented(6, (image) => image.avif({ quality: 80, effort: 0 })) },
  { name: 'CMYK JPEG', make: () => from().toColourspace('cmyk').jpeg({ quality: 92 }).toBuffer(), print: true },
  {
    name: 'CMYK JPEG with a profile',
    make: () => from().withIccProfile('cmyk').jpeg({ quality: 92 }).toBuffer(),
    print: true,
  },
  {
    // Browsers, too, take CMYK in a JPEG as Adobe writes it (inverted), whether or not the marker says so.
    name: 'CMYK JPEG without Adobe’s marker',
    make: async () => withoutSegment(await from().toColourspace('cmyk').jpeg({ quality: 92 }).toBuffer(), 0xffee),
    print: true,
  },
  {
    name: 'CMYK TIFF',
    make: () => from().toColourspace('cmyk').tiff({ compression: 'lzw' }).toBuffer(),
    print: true,
  },
  { name: '16-bit PNG', make: () => from().toColourspace('rgb16').png({ compressionLevel: 1 }).toBuffer() },
  { name: '16-bit TIFF', make: () => from().toColourspace('rgb16').tiff({ compression: 'deflate' }).toBuffer() },
  { name: 'L*a*b* TIFF', make: () => from().toColourspace('lab').tiff({ compression: 'deflate' }).toBuffer() },
  {
    name: 'grey JPEG',
    make: () => from().greyscale().toColourspace('b-w').jpeg({ quality: 92 }).toBuffer(),
    like: () => grey,
  },
  { name: 'grey PNG', make: () => from().greyscale().toColourspace('b-w').png().toBuffer(), like: () => grey },
  {
    name: '16-bit grey PNG',
    make: () => from().greyscale().toColourspace('grey16').png({ compressionLevel: 1 }).toBuffer(),
    like: () => grey,
  },
  {
    name: 'grey PNG with transparency',
    make: () => from().greyscale().toColourspace('b-w').ensureAlpha(1).png().toBuffer(),
    like: () => grey,
  },
  { name: 'PNG with a transparent background: on white', make: cutOut, like: () => onWhite },
  {
    name: 'WebP with a transparent background: on white',
    make: async () =>
      sharp(await cutOut())
        .webp({ quality: 92 })
        .toBuffer(),
    like: () => onWhite,
  },
  { name: 'palette PNG', make: () => from().png({ palette: true, dither: 1 }).toBuffer() },
  { name: 'interlaced PNG', make: () => from().png({ progressive: true, compressionLevel: 1 }).toBuffer() },
  { name: 'progressive JPEG', make: () => from().jpeg({ progressive: true, quality: 92 }).toBuffer() },
  { name: 'WebP', make: () => from().webp({ quality: 90 }).toBuffer() },
  { name: 'AVIF', make: () => from().avif({ quality: 80, effort: 0 }).toBuffer() },
  ...(['gif', 'webp', 'tiff'] as const).map((format) => ({
    name: `${format} of several pictures: the first`,
    make: () =>
      sharp([png, negative], { join: { animated: true } })
        .toFormat(format)
        .toBuffer(),
  })),
  { name: 'animated PNG: the first picture', make: async () => animatedPng(png) },
  { name: 'JPEG with a second picture (MPO)', make: async () => withSecondPicture(jpeg, negative) },
  { name: 'JPEG with a gain map (Ultra HDR)', make: async () => hdr, like: () => hdrBase },
  { name: 'JPEG in Display P3', make: () => from().withIccProfile('p3').jpeg({ quality: 92 }).toBuffer() },
  { name: 'PNG in Display P3', make: () => from().withIccProfile('p3').png({ compressionLevel: 1 }).toBuffer() },
  {
    name: 'JPEG whose EXIF points beyond the file',
    make: async () =>
      withSegment(await (await storedAs(png, 6)).withExif({}).jpeg({ quality: 92 }).toBuffer(), 0xffe1, brokenExif()),
  },
  { name: 'PNG with a text that unpacks to 64 MB', make: async () => withChunk(png, 'zTXt', packedChunk('zTXt', 64)) },
  { name: 'PNG with an iTXt that unpacks to 64 MB', make: async () => withChunk(png, 'iTXt', packedChunk('iTXt', 64)) },
  {
    name: 'PNG with a profile that unpacks to 64 MB',
    make: async () => withChunk(png, 'iCCP', packedChunk('iCCP', 64)),
  },
];

describe('a picture of any coding', { timeout: 60_000 }, () => {
  it('has a plain twin that is good enough to be enrolled', async () => {
    expect(judge(await look(png), PRESET_CRITERIA.standard)).toMatchObject({ accepted: true });
  });

  it.each(CASES)('$name is judged and sent as it is seen', async ({ make, like = () => png, print }) => {
    const bytes = await make();
    const expected = await look(like());
    const found = await look(bytes);
    const { width, height } = expected;
    expect(found).toMatchObject({ width, height });
    expect(found.faces).toHaveLength(1);
    expect(judge(found, PRESET_CRITERIA.standard).accepted).toBe(judge(expected, PRESET_CRITERIA.standard).accepted);
    for (const angle of ['yaw', 'pitch', 'roll'] as const)
      expect(Math.abs((found.measures[angle] ?? 99) - (expected.measures[angle] ?? 0))).toBeLessThan(DEGREES);
    for (const eye of ['left', 'right'] as const) {
      const [a, b] = [found.eyes?.[eye], expected.eyes?.[eye]];
      expect(Math.hypot((a?.x ?? -width) - (b?.x ?? 0), (a?.y ?? 0) - (b?.y ?? 0))).toBeLessThan(width * SHARE_OF_SIDE);
    }
    const off = Math.abs((found.measures.brightness ?? 9) - (expected.measures.brightness ?? 0));
    expect(off).toBeLessThan(print ? BRIGHTNESS_IN_PRINT : BRIGHTNESS);

    const master = await makeMaster(bytes, found);
    const twin = await makeMaster(like(), expected);
    const rendition = await makeRendition(master.bytes, master.head, SPEC);
    for (const sent of [master.bytes, rendition.bytes]) {
      const { format, space, depth, channels, orientation, exif, icc, xmp, iptc, pages } = await sharp(sent).metadata();
      expect({ format, space, depth, channels }).toEqual({
        format: 'jpeg',
        space: 'srgb',
        depth: 'uchar',
        channels: 3,
      });
      expect([orientation, exif, icc, xmp, iptc, pages].every((one) => one === undefined)).toBe(true);
    }
    const plainRendition = await makeRendition(twin.bytes, twin.head, SPEC);
    expect(await difference(rendition.bytes, plainRendition.bytes)).toBeLessThan(print ? 24 : 8);
  });
});

const SPEC = { width: 360, height: 480, maxBytes: 200_000, headShare: 0.6 };

/** Mean difference of two pictures of one size in the channel that differs most, 0–255; blurred, so that it is of shape and colour. */
async function difference(a: Uint8Array, b: Uint8Array): Promise<number> {
  const [one, other] = await Promise.all([a, b].map((picture) => sharp(picture).blur(3).raw().toBuffer()));
  const sums = [0, 0, 0];
  for (const [at, value] of one?.entries() ?? [])
    sums[at % 3] = (sums[at % 3] ?? 0) + Math.abs(value - (other?.[at] ?? 0));
  return Math.max(...sums) / ((one?.length ?? 0) / 3);
}
