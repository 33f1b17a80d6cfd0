import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePicture } from '#vision/node/decode';
import { PictureError } from '#vision/node/picture-error';
import { bmp, boxed, claimedGif, claimedPng, withFrame } from '../../fixtures/odd-pictures.ts';
import { group } from './support/pictures.ts';

const small = () => sharp(group(1)).resize(300);
const half = (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2));
const text = (value: string) => Buffer.from(value, 'latin1');

/** What people hand over as a photo, and the code and the word of the answer that tells them what it is. */
const REFUSED: [name: string, make: () => Buffer | Promise<Buffer>, code: string, word: RegExp][] = [
  ['half a WebP', async () => half(await small().webp().toBuffer()), 'unreadable', /damaged/],
  ['half a GIF', async () => half(await small().gif().toBuffer()), 'truncated', /again/],
  ['half a TIFF', async () => half(await small().tiff().toBuffer()), 'unreadable', /damaged/],
  ['half an AVIF', async () => half(await small().avif({ effort: 0 }).toBuffer()), 'truncated', /again/],
  ['a PNG that claims 100,000 × 100,000', () => claimedPng(100_000, 100_000), 'too-large', /pixels/],
  ['a GIF that claims the largest screen', () => claimedGif(), 'too-large', /pixels/],
  ['a PNG whose header lies', () => claimedPng(4_000, 3_000), 'truncated', /again/],
  [
    'a JPEG of twelve bits',
    async () => withFrame(await small().jpeg().toBuffer(), { precision: 12 }),
    'unsupported',
    /JPEG/,
  ],
  [
    'a JPEG without loss',
    async () => withFrame(await small().jpeg().toBuffer(), { marker: 0xffc3 }),
    'unreadable',
    /damaged/,
  ],
  ['a BMP', () => bmp(300, 200), 'unsupported', /BMP/],
  ['a HEIC of an iPhone', () => boxed('heic', 'mif1', 'heic'), 'heic', /Most Compatible/],
  ['a HEIF of no known coding', () => boxed('mif1', 'miaf'), 'heic', /JPEG/],
  ['a video of a phone', () => boxed('isom', 'iso2', 'avc1'), 'not-an-image', /video/],
  ['a QuickTime video', () => boxed('qt  '), 'not-an-image', /video/],
  ['a raw picture', () => boxed('crx '), 'unsupported', /Raw/],
  ['a Photoshop document', () => text(`8BPS\0\x01${'\0'.repeat(90)}`), 'unsupported', /Photoshop/],
  ['a JPEG 2000', () => text('\0\0\0\x0cjP  \r\n\x87\n'), 'unsupported', /JPEG 2000/],
  ['a JPEG XL', () => text(`\xff\n${'\0'.repeat(90)}`), 'unsupported', /JPEG XL/],
  [
    'a drawing behind a declaration',
    () => text('<?xml version="1.0"?>\n<!-- a -->\n<svg xmlns="x"/>'),
    'unsupported',
    /SVG/,
  ],
  ['a spreadsheet', () => text('PK\x03\x04xl/workbook.xml'), 'not-an-image', /Office/],
];

describe('a file that is no photo', () => {
  it.each(REFUSED)('is told: %s', async (_name, make, code, word) => {
    const error: unknown = await decodePicture(await make()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PictureError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(word) });
  });
});

describe('a picture of an odd shape', () => {
  it('is looked at: 16,384 pixels wide and one high', async () => {
    const line = await sharp({ create: { width: 16_384, height: 1, channels: 3, background: '#888' } })
      .png()
      .toBuffer();
    expect(await decodePicture(line)).toMatchObject({ width: 640, height: 1 });
  });
});
