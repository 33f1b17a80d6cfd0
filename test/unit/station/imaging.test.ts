import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { RenditionSpec } from '#platforms/contract';
import { FaultError } from '#shared/fault';
import { type Inspection, unknownMeasures } from '#shared/measures';
import { frame, headOf, masterCrop } from '../../../src/station/imaging/geometry.ts';
import { makeMaster } from '../../../src/station/imaging/master.ts';
import { makeRendition } from '../../../src/station/imaging/rendition.ts';
import { inspection } from './support/station.ts';

const SPEC: RenditionSpec = { width: 480, height: 640, maxBytes: 200_000, headShare: 0.6 };

/** Marker names of a JPEG's segments up to the picture data. */
function segments(jpeg: Uint8Array): string[] {
  const bytes = Buffer.from(jpeg);
  expect(bytes.readUInt16BE(0)).toBe(0xffd8);
  const found: string[] = [];
  for (let at = 2; at < bytes.length; ) {
    const marker = bytes.readUInt16BE(at);
    found.push(marker.toString(16));
    if (marker === 0xffda) return found;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  throw new Error('no picture data');
}

/** Noise: what compresses worst. Deterministic. */
function noise(width: number, height: number): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3);
  let state = 1;
  for (let at = 0; at < pixels.length; at += 1) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    pixels[at] = state >> 16;
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** A grey picture with a blue disc for the left eye and a red one for the right: which way up it is can be measured. */
function eyes(width: number, height: number, left: [number, number], right: [number, number]): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#888"/>
    <circle cx="${left[0]}" cy="${left[1]}" r="30" fill="#00f"/><circle cx="${right[0]}" cy="${right[1]}" r="30" fill="#f00"/></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

/** Centre of the pixels a colour test holds for. */
async function centreOf(picture: Uint8Array, is: (r: number, g: number, b: number) => boolean) {
  const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
  let [sumX, sumY, count] = [0, 0, 0];
  for (let at = 0; at < data.length; at += info.channels) {
    if (!is(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0)) continue;
    const pixel = at / info.channels;
    sumX += pixel % info.width;
    sumY += Math.floor(pixel / info.width);
    count += 1;
  }
  return { x: sumX / count, y: sumY / count, count };
}
const blue = (r: number, _g: number, b: number) => b > 180 && r < 90;
const red = (r: number, _g: number, b: number) => r > 180 && b < 90;

function looking(width: number, height: number, left: [number, number], right: [number, number]): Inspection {
  return inspection({
    width,
    height,
    eyes: { left: { x: left[0], y: left[1] }, right: { x: right[0], y: right[1] } },
    measures: unknownMeasures(),
  });
}

describe('where the head is', () => {
  it('is told by the eyes: 3.6 eye distances high, eyes in the middle', () => {
    const head = headOf(looking(1000, 1000, [450, 500], [550, 500]));
    expect(head?.centreX).toBe(500);
    expect((head?.chin ?? 0) - (head?.crown ?? 0)).toBeCloseTo(360);
    expect(((head?.chin ?? 0) + (head?.crown ?? 0)) / 2).toBeCloseTo(500, -1);
  });
  it('believes the head size vision measured, for a turned head has its eyes close together', () => {
    const seen = looking(1000, 1000, [480, 500], [520, 500]);
    const head = headOf({ ...seen, measures: { ...seen.measures, headSize: 0.36 } });
    expect((head?.chin ?? 0) - (head?.crown ?? 0)).toBeCloseTo(360);
  });
  it('falls back to the face rectangle, and knows nothing without a face', () => {
    const seen = inspection({ eyes: null, box: { x: 400, y: 400, width: 200, height: 260 } });
    expect(headOf(seen)).toEqual({ centreX: 500, crown: 660 - 338, chin: 660 });
    expect(headOf({ ...seen, box: null })).toBeNull();
  });
});

describe('framing', () => {
  const head = { centreX: 500, crown: 400, chin: 700 };
  it('gives the head its share and centres it', () => {
    const { inside, extend } = frame(head, { width: 1000, height: 1400 }, SPEC);
    expect(inside.height).toBe(500);
    expect(inside.width).toBe(375);
    expect(Math.abs(inside.x + inside.width / 2 - 500)).toBeLessThanOrEqual(1);
    expect(extend).toEqual({ left: 0, right: 0, top: 0, bottom: 0 });
  });
  it('moves a small overhang back in', () => {
    const { inside, extend } = frame({ ...head, centreX: 180 }, { width: 1000, height: 1400 }, SPEC);
    expect(extend).toEqual({ left: 0, right: 0, top: 0, bottom: 0 });
    expect(inside.width).toBe(375);
  });
  it('draws closer before it invents a background', () => {
    const { inside, extend } = frame({ ...head, centreX: 145 }, { width: 1000, height: 1400 }, SPEC);
    expect(extend).toEqual({ left: 0, right: 0, top: 0, bottom: 0 });
    expect(inside.width).toBeLessThan(375);
    expect(inside.width / inside.height).toBeCloseTo(SPEC.width / SPEC.height, 1);
    expect(300 / inside.height).toBeLessThanOrEqual(0.73);
  });
  it('fills up what is missing even so', () => {
    const far = frame({ centreX: 50, crown: 100, chin: 400 }, { width: 1000, height: 1400 }, SPEC);
    expect(far.extend.left).toBeGreaterThan(80);
    expect(300 / far.inside.height).toBeCloseTo(0.72, 1);
  });
  it('stays inside the picture with at least a pixel wherever a face was believed to be', () => {
    for (const centreX of [-5_000, 5_000]) {
      const { inside } = frame({ ...head, centreX }, { width: 100, height: 100 }, SPEC);
      expect(inside.width).toBeGreaterThanOrEqual(1);
      expect(inside.x).toBeGreaterThanOrEqual(0);
      expect(inside.x + inside.width).toBeLessThanOrEqual(100);
    }
  });
  it('leaves the master room for every platform’s crop', () => {
    const crop = masterCrop(head, { width: 2000, height: 2000 });
    expect(300 / crop.height).toBeCloseTo(0.4, 1);
    expect(crop.width / crop.height).toBeCloseTo(0.75, 1);
  });
});

describe('the master', () => {
  it('takes a phone picture upright, whatever its orientation flag', async () => {
    const upright = await eyes(1200, 1600, [500, 700], [700, 700]);
    // Orientation 6: the sensor lay on its side; viewers turn it 90° clockwise.
    const lying = await sharp(upright).rotate(-90).jpeg({ quality: 95 }).withMetadata({ orientation: 6 }).toBuffer();
    const mirrored = await sharp(upright).rotate(180).jpeg({ quality: 95 }).withMetadata({ orientation: 3 }).toBuffer();
    for (const phone of [lying, mirrored]) {
      const master = await makeMaster(phone, looking(1200, 1600, [500, 700], [700, 700]));
      const left = await centreOf(master.bytes, blue);
      const right = await centreOf(master.bytes, red);
      expect(left.count).toBeGreaterThan(500);
      expect(left.y).toBeCloseTo(right.y, -1);
      expect(left.x).toBeLessThan(right.x);
      expect((left.x + right.x) / 2).toBeCloseTo(master.head.centreX, -1);
      expect(left.y).toBeCloseTo(master.head.crown + 0.51 * (master.head.chin - master.head.crown), -1);
    }
  });

  it('is at most 1600 pixels long, sRGB, without metadata, and named by its bytes', async () => {
    const huge = await sharp(await eyes(3000, 4000, [1300, 1800], [1700, 1800]))
      .withIccProfile('p3')
      .withExif({ IFD0: { Copyright: 'somebody' } })
      .jpeg()
      .toBuffer();
    const seen = looking(3000, 4000, [1300, 1800], [1700, 1800]);
    const master = await makeMaster(huge, seen);
    const { format, space, channels, width, height, exif, icc, xmp } = await sharp(master.bytes).metadata();
    expect({ format, space, channels, exif, icc, xmp }).toEqual({ format: 'jpeg', space: 'srgb', channels: 3 });
    expect(Math.max(width, height)).toBe(1600);
    expect(segments(master.bytes).filter((name) => /^ff(e[1-9a-f]|fe)$/.test(name))).toEqual([]);
    expect(master.version).toMatch(/^[0-9a-f]{64}$/);
    expect((await makeMaster(huge, seen)).version).toBe(master.version);
  });

  it('converts what other colours a picture has: wide gamut keeps its look, grey and CMYK become sRGB', async () => {
    const seen = looking(600, 800, [260, 360], [340, 360]);
    const flat = sharp({ create: { width: 600, height: 800, channels: 3, background: '#c86432' } });
    const wide = await flat.clone().withIccProfile('p3').png().toBuffer();
    const [r, g, b] = (await sharp((await makeMaster(wide, seen)).bytes).stats()).channels.map(({ mean }) => mean);
    expect(Math.abs((r ?? 0) - 0xc8)).toBeLessThan(4);
    expect(Math.abs((g ?? 0) - 0x64)).toBeLessThan(4);
    expect(Math.abs((b ?? 0) - 0x32)).toBeLessThan(4);
    for (const odd of [
      await flat.clone().greyscale().jpeg().toBuffer(),
      await flat.clone().toColourspace('cmyk').jpeg().toBuffer(),
      await flat.clone().ensureAlpha(0.5).png().toBuffer(),
    ]) {
      const { channels, space } = await sharp((await makeMaster(odd, seen)).bytes).metadata();
      expect({ channels, space }).toEqual({ channels: 3, space: 'srgb' });
    }
  });

  it('says so when there is no face, or the picture ends early', async () => {
    const picture = await noise(600, 800);
    const nobody = await makeMaster(picture, inspection({ eyes: null, box: null })).catch((error: unknown) => error);
    expect((nobody as FaultError).fault).toMatchObject({ kind: 'quality', code: 'no-face' });
    const seen = looking(600, 800, [260, 360], [340, 360]);
    const cut = await makeMaster(picture.subarray(0, 20_000), seen).catch((error: unknown) => error);
    expect(cut).toBeInstanceOf(FaultError);
    expect((cut as FaultError).fault).toMatchObject({ kind: 'quality', code: 'unreadable', field: 'photo' });
  });
});

describe('a rendition', () => {
  const master = async () =>
    makeMaster(await eyes(1200, 1600, [500, 700], [700, 700]), looking(1200, 1600, [500, 700], [700, 700]));

  it('has exactly the pixels asked, and the head where it belongs', async () => {
    const { bytes, head } = await master();
    for (const spec of [
      SPEC,
      { ...SPEC, width: 295, height: 413, headShare: 0.7 },
      { ...SPEC, width: 640, height: 800 },
    ]) {
      const made = await makeRendition(bytes, head, spec);
      const { width, height } = await sharp(made.bytes).metadata();
      expect([width, height]).toEqual([spec.width, spec.height]);
      const [left, right] = [await centreOf(made.bytes, blue), await centreOf(made.bytes, red)];
      expect((left.x + right.x) / 2 / width).toBeCloseTo(0.5, 1);
      // The eyes are 200 apart in a head of 720.
      expect((right.x - left.x) / height).toBeCloseTo((200 / 720) * spec.headShare, 2);
    }
  });

  it('is a baseline JPEG with nothing in it but the picture', async () => {
    const { bytes, head } = await master();
    const found = segments((await makeRendition(bytes, head, SPEC)).bytes);
    // Quantisation, baseline frame, Huffman tables, scan; the JFIF header (APP0) at most.
    expect(found.filter((name) => !['ffe0', 'ffdb', 'ffc0', 'ffc4', 'ffda', 'ffdd'].includes(name))).toEqual([]);
    expect(found).toContain('ffc0');
  });

  it('fits the bytes by quality first and by size at last', async () => {
    const picture = await noise(900, 1200);
    const noisy = await makeMaster(picture, looking(900, 1200, [400, 560], [500, 560]));
    const roomy = await makeRendition(noisy.bytes, noisy.head, { ...SPEC, maxBytes: 2_000_000 });
    expect(roomy).toMatchObject({ width: 480, height: 640, quality: 92 });
    const tight = await makeRendition(noisy.bytes, noisy.head, {
      ...SPEC,
      maxBytes: Math.round(roomy.bytes.length / 2),
    });
    expect(tight.quality).toBeLessThan(92);
    expect(tight.quality).toBeGreaterThanOrEqual(60);
    expect(tight).toMatchObject({ width: 480, height: 640 });
    const tiny = await makeRendition(noisy.bytes, noisy.head, { ...SPEC, maxBytes: 12_000 });
    expect(tiny.bytes.length).toBeLessThanOrEqual(12_000);
    expect(tiny.quality).toBeGreaterThanOrEqual(60);
    expect(tiny.width).toBeLessThan(480);
    expect(tiny.width / tiny.height).toBeCloseTo(0.75, 1);
  });

  it('repeats the edge where the crop leaves the picture, and never shows black', async () => {
    const flat = await sharp({ create: { width: 400, height: 400, channels: 3, background: '#b0a090' } })
      .png()
      .toBuffer();
    // A face that fills the picture.
    const close = await makeMaster(flat, looking(400, 400, [140, 200], [260, 200]));
    const { bytes } = await makeRendition(close.bytes, close.head, SPEC);
    const { channels } = await sharp(bytes).stats();
    expect(channels.map(({ min }) => min > 130)).toEqual([true, true, true]);
  });
});
