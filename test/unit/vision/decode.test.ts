import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodePicture } from '#vision/node/decode';
import { decodeHeader } from '#vision/node/header';
import { PictureError } from '#vision/node/picture-error';
import { readPicture } from '#vision/node/read';
import { group } from './support/pictures.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vestibule-decode-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PictureError);
  return error instanceof PictureError ? error.code : '';
}

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 100, b: 50 } } });

describe('readPicture', () => {
  it('says that a file is not there', async () => {
    expect(await codeOf(readPicture({ path: join(folder, 'nobody.jpg') }))).toBe('not-found');
  });

  it('says that a folder is not a picture', async () => {
    expect(await codeOf(readPicture({ path: folder }))).toBe('folder');
  });

  it('refuses an empty file, and one that is too large before it is read', async () => {
    await writeFile(join(folder, 'empty.jpg'), '');
    expect(await codeOf(readPicture({ path: join(folder, 'empty.jpg') }))).toBe('empty');
    await writeFile(join(folder, 'giant.jpg'), 'x');
    await truncate(join(folder, 'giant.jpg'), 51 * 1024 * 1024);
    expect(await codeOf(readPicture({ path: join(folder, 'giant.jpg') }))).toBe('too-large');
  });
});

describe('decodePicture', () => {
  it('names a PDF that is called a photo', async () => {
    const pdf = Buffer.from('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n');
    await expect(decodePicture(pdf)).rejects.toMatchObject({
      code: 'not-an-image',
      message: expect.stringContaining('PDF'),
    });
  });

  it.each([
    ['noise', Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * 73) % 251))],
    ['a web page', Buffer.from('<!DOCTYPE html><title>Sign in</title>')],
    ['a text', Buffer.from('name,photo\nAnna,anna.jpg\n')],
  ])('refuses %s', async (_, bytes) => {
    expect(await codeOf(decodePicture(bytes))).toBe('not-an-image');
  });

  it('refuses drawings', async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><rect width="9" height="9"/></svg>',
    );
    expect(await codeOf(decodePicture(svg))).toBe('unsupported');
  });

  it('names HEIC as a format to convert', async () => {
    const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic\0\0\0\0mif1heic')]);
    expect(await codeOf(decodePicture(heic))).toBe('heic');
  });

  it.each([0.3, 0.6, 0.95])(
    'refuses a JPEG of which only %d is there, instead of judging half a face',
    async (share) => {
      const whole = await readFile(group(1));
      expect(await codeOf(decodePicture(whole.subarray(0, Math.floor(whole.length * share))))).toBe('truncated');
    },
  );

  it('refuses a PNG that ends early', async () => {
    const whole = await sharp(group(1)).resize(300).png().toBuffer();
    expect(await codeOf(decodePicture(whole.subarray(0, whole.length / 2)))).toBe('truncated');
  });

  it('refuses a small file that would unpack to more than 120 megapixels', async () => {
    const bomb = await plain(12_100, 10_000).png({ compressionLevel: 9 }).toBuffer();
    expect(bomb.byteLength).toBeLessThan(1_000_000);
    expect(await codeOf(decodePicture(bomb))).toBe('too-large');
    expect(await codeOf(decodeHeader(bomb))).toBe('too-large');
  }, 60_000);

  it('turns a picture upright as its EXIF says, and gives its full upright size by scale', async () => {
    const left = await sharp({ create: { width: 400, height: 800, channels: 3, background: '#f00' } })
      .composite([{ input: await plain(400, 400).png().toBuffer(), left: 0, top: 400 }])
      .jpeg()
      .toBuffer();
    // Orientation 6: the camera was turned, the picture is shown turned clockwise by 90°.
    const turned = await sharp(left).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const picture = await decodePicture(turned);
    expect([picture.width, picture.height, picture.scale]).toEqual([640, 320, 1.25]);
    expect(await decodeHeader(turned)).toMatchObject({ kind: 'jpeg', width: 800, height: 400, orientation: 6 });
    const pixel = (x: number, y: number) => [...picture.data.slice((y * 640 + x) * 4, (y * 640 + x) * 4 + 3)];
    expect(pixel(600, 160)[1]).toBeLessThan(10);
    expect(pixel(40, 160)[1]).toBeGreaterThan(80);
  });

  it.each([
    ['grey', () => plain(64, 48).greyscale().png().toBuffer()],
    ['16 bit', () => plain(64, 48).toColourspace('rgb16').png().toBuffer()],
    ['CMYK', () => plain(64, 48).toColourspace('cmyk').jpeg().toBuffer()],
    ['progressive', () => plain(64, 48).jpeg({ progressive: true }).toBuffer()],
    ['WebP', () => plain(64, 48).webp().toBuffer()],
  ])('brings %s pictures to eight bits of RGB', async (_, make) => {
    const picture = await decodePicture(await make());
    expect(picture.data).toHaveLength(64 * 48 * 4);
    expect(picture.scale).toBe(1);
    // The mean luminance of the colour, whatever the coding did to its hue.
    const [r = 0, g = 0, b = 0, a] = picture.data;
    expect(0.2126 * r + 0.7152 * g + 0.0722 * b).toBeGreaterThan(90);
    expect(0.2126 * r + 0.7152 * g + 0.0722 * b).toBeLessThan(150);
    expect(a).toBe(255);
  });

  it('puts transparent pictures on white', async () => {
    const clear = { create: { width: 8, height: 8, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } } as const;
    const { data } = await decodePicture(await sharp(clear).png().toBuffer());
    expect([...data.slice(0, 4)]).toEqual([255, 255, 255, 255]);
  });

  it('reads a picture of one pixel', async () => {
    expect(await decodePicture(await plain(1, 1).png().toBuffer())).toMatchObject({ width: 1, height: 1, scale: 1 });
  });

  it('gives a closer view of a part in the resolution of the source', async () => {
    const large = await sharp(group(1)).resize(1920).jpeg().toBuffer();
    const picture = await decodePicture(large);
    expect(picture.scale).toBe(3);
    const part = await picture.closer?.({ x: 800, y: 400, width: 300, height: 200 });
    expect(part).toMatchObject({ width: 300, height: 200, scale: 1 });
  });
});
