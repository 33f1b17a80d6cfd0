import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Inspection } from '#shared/measures';
import { judge, PRESET_CRITERIA } from '#shared/quality';
import { createInspectorPool, type InspectorPool } from '#vision/node/pool';
import { ASSETS, group, portrait, portraitPixels, WORKER_URL } from './support/pictures.ts';

let pool: InspectorPool;
beforeAll(() => {
  pool = createInspectorPool({ workers: 1, workerUrl: WORKER_URL, assets: ASSETS });
});
afterAll(() => pool.close());

const look = (bytes: Uint8Array): Promise<Inspection> => pool.inspect({ bytes });
const reasonsOf = (inspection: Inspection) => judge(inspection, PRESET_CRITERIA.standard).reasons.map((r) => r.measure);

describe('a thorough look', { timeout: 60_000 }, () => {
  it('accepts a portrait of one person', async () => {
    const found = await look(await portrait());
    expect(found.faces).toHaveLength(1);
    expect(found).toMatchObject({ width: 600, height: 720 });
    expect(reasonsOf(found)).toEqual([]);
    expect(found.measures.interEyeDistance).toBeGreaterThan(100);
    expect(found.measures.eyesOpen).toBeGreaterThan(0.8);
    const { box, eyes } = found;
    expect(eyes && box && eyes.left.x > box.x && eyes.right.x < box.x + box.width).toBe(true);
    expect(eyes && eyes.left.x < eyes.right.x).toBe(true);
  });

  it.each([
    [1, 3],
    [3, 3],
    [4, 4],
    [5, 5],
    [6, 4],
  ])('counts everyone in group %d', async (n, people) => {
    const found = await pool.inspect({ path: group(n) });
    expect(found.faces).toHaveLength(people);
    expect(found.faces[0]?.relativeSize).toBe(1);
    expect(reasonsOf(found)).toContain('faces');
  });

  it('sees two people side by side, and not one who is far behind', async () => {
    const near = await portraitPixels().png().toBuffer();
    const beside = await sharp(near)
      .extend({ right: 600, background: '#888' })
      .composite([{ input: near, left: 600, top: 0 }])
      .jpeg()
      .toBuffer();
    expect((await look(beside)).faces).toHaveLength(2);
    const far = await sharp(near).resize(150).png().toBuffer();
    const behind = await sharp(near)
      .extend({ right: 300, background: '#888' })
      .composite([{ input: far, left: 690, top: 120 }])
      .jpeg()
      .toBuffer();
    expect((await look(behind)).faces).toHaveLength(1);
  });

  it.each([180, 90, -90])('tells a face that is turned by %d degrees, and refuses it for that', async (angle) => {
    const turned = await portraitPixels().rotate(angle).jpeg().toBuffer();
    const found = await look(turned);
    expect(found.faces).toHaveLength(1);
    const off = (((found.measures.roll ?? 0) - angle + 540) % 360) - 180;
    expect(Math.abs(off)).toBeLessThan(20);
    expect(reasonsOf(found)).toContain('roll');
  });

  it.each(['left', 'right'])('calls a face cut in half at the %s cut off, not nobody', async (side) => {
    const { eyes, width, height } = await look(await portrait());
    if (!eyes) throw new Error('the portrait has eyes');
    const middle = Math.round((eyes.left.x + eyes.right.x) / 2);
    const part =
      side === 'left'
        ? { left: middle, top: 0, width: width - middle, height }
        : { left: 0, top: 0, width: middle, height };
    const found = await look(
      await sharp(await portrait())
        .extract(part)
        .jpeg()
        .toBuffer(),
    );
    expect(found.faces).toHaveLength(1);
    expect(reasonsOf(found)).toContain(side === 'left' ? 'marginLeft' : 'marginRight');
  });

  it.each(['nearest', 'cubic', 'lanczos3'] as const)('sees a thumbnail enlarged (%s)', async (kernel) => {
    const small = await portraitPixels().resize(90).png().toBuffer();
    const found = await look(await sharp(small).resize(900, undefined, { kernel }).jpeg({ quality: 92 }).toBuffer());
    const reasons = reasonsOf(found);
    expect(reasons.includes('resolution') || reasons.includes('compression')).toBe(true);
  });

  it('finds no face in an empty picture, nor in noise', async () => {
    const blank = sharp({ create: { width: 640, height: 480, channels: 3, background: '#777' } });
    const noise = sharp({
      create: {
        width: 640,
        height: 480,
        channels: 3,
        background: '#000',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    });
    for (const picture of [blank, noise]) {
      const found = await look(await picture.png().toBuffer());
      expect(found).toMatchObject({ faces: [], box: null, eyes: null });
      expect(Object.values(found.measures).every((value) => value === null)).toBe(true);
    }
  });

  it('gives lengths of the full-size picture, whatever it was shrunk to', async () => {
    const small = await look(await portrait());
    const large = await look(
      await sharp(await portrait())
        .resize(1800)
        .jpeg()
        .toBuffer(),
    );
    expect(large.width).toBe(1800);
    expect((large.measures.interEyeDistance ?? 0) / (small.measures.interEyeDistance ?? 1)).toBeCloseTo(3, 1);
    expect(large.measures.faceSize).toBeCloseTo(small.measures.faceSize ?? 0, 1);
  });

  it('measures roll in degrees, clockwise positive, and keeps its sign in the mirror', async () => {
    const upright = (await look(await portrait())).measures.roll ?? Number.NaN;
    const png = await portraitPixels().png().toBuffer();
    const turned = (await look(await sharp(png).rotate(20, { background: '#888' }).jpeg().toBuffer())).measures;
    expect(turned.roll).toBeCloseTo(upright + 20, -0.3);
    const mirrored = (await look(await sharp(png).flop().jpeg().toBuffer())).measures;
    const plain = (await look(png)).measures;
    expect(Math.abs((mirrored.yaw ?? 99) + (plain.yaw ?? 0))).toBeLessThan(4);
    expect(Math.abs((mirrored.roll ?? 99) + (plain.roll ?? 0))).toBeLessThan(2);
  });

  it('measures a person far off in a large photo on the photo itself, not on what it was shrunk to', async () => {
    const person = await sharp(await portrait())
      .png()
      .toBuffer();
    const field = await sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#8a8' } })
      .composite([{ input: person, left: 1700, top: 1000 }])
      .jpeg({ quality: 92 })
      .toBuffer();
    const found = await look(field);
    const close = await look(await portrait());
    expect(found.faces).toHaveLength(1);
    expect(found.measures.sharpness).toBeGreaterThan(0.8 * (close.measures.sharpness ?? 1));
  });

  describe('refuses, with the reason', () => {
    const damage: [string, (picture: Sharp) => Promise<Buffer>][] = [
      ['sharpness', (picture) => picture.blur({ sigma: 7, minAmplitude: 0.001 }).jpeg().toBuffer()],
      [
        'resolution',
        async (picture) =>
          sharp(await picture.resize(80).png().toBuffer())
            .resize(600)
            .jpeg()
            .toBuffer(),
      ],
      ['compression', (picture) => picture.jpeg({ quality: 6 }).toBuffer()],
      ['brightness', (picture) => picture.linear(0.25, 0).jpeg().toBuffer()],
      ['overExposed', (picture) => picture.linear(2.6, 0).jpeg().toBuffer()],
      ['interEyeDistance', (picture) => picture.resize(120).jpeg().toBuffer()],
    ];
    it.each(damage)('%s', async (reason, spoil) => {
      const png = await portraitPixels().png().toBuffer();
      expect(reasonsOf(await look(await spoil(sharp(png))))).toContain(reason);
    });

    const painted = async (svg: (at: Inspection) => string): Promise<Inspection> => {
      const png = await portraitPixels().png().toBuffer();
      const at = await look(png);
      const overlay = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="600" height="720">${svg(at)}</svg>`);
      return look(
        await sharp(png)
          .composite([{ input: overlay }])
          .jpeg({ quality: 92 })
          .toBuffer(),
      );
    };

    it('dark glasses', async () => {
      const found = await painted(({ eyes, measures }) =>
        [eyes?.left, eyes?.right]
          .map(
            (p) => `<circle cx="${p?.x}" cy="${p?.y}" r="${0.44 * (measures.interEyeDistance ?? 0)}" fill="#151515"/>`,
          )
          .join(''),
      );
      expect(found.measures.occlusion).toBeGreaterThan(0.2);
      expect(found.measures.eyesOpen).toBeNull();
      expect(reasonsOf(found)).toEqual(expect.arrayContaining(['occlusion', 'eyesOpen']));
    });

    it('a mask', async () => {
      const found = await painted(({ eyes, box, measures }) => {
        const ied = measures.interEyeDistance ?? 0;
        const [x = 0, y = 0] = eyes ? [(eyes.left.x + eyes.right.x) / 2, (eyes.left.y + eyes.right.y) / 2] : [];
        const bottom = (box?.y ?? 0) + (box?.height ?? 0);
        return `<path d="M${x - 1.1 * ied} ${y + 0.5 * ied} L${x} ${y + 0.35 * ied} L${x + 1.1 * ied} ${y + 0.5 * ied} L${x + 0.9 * ied} ${bottom - 0.3 * ied} L${x} ${bottom} L${x - 0.9 * ied} ${bottom - 0.3 * ied} Z" fill="#8fb8c4"/>`;
      });
      expect(found.measures.occlusion).toBeGreaterThan(0.3);
      expect(reasonsOf(found)).toContain('occlusion');
    });

    it('a face cut off by the edge of the picture', async () => {
      const png = await portraitPixels().png().toBuffer();
      const { eyes } = await look(png);
      const left = Math.round(((eyes?.left.x ?? 0) + (eyes?.right.x ?? 0)) / 2 - 20);
      const cut = await sharp(png)
        .extract({ left, top: 0, width: 600 - left, height: 720 })
        .jpeg()
        .toBuffer();
      expect(judge(await look(cut), PRESET_CRITERIA.standard).accepted).toBe(false);
    });

    it('closed eyes', async () => {
      const found = await look(
        await sharp(group(2)).extract({ left: 1332, top: 19, width: 426, height: 511 }).resize(600).jpeg().toBuffer(),
      );
      expect(reasonsOf(found)).toContain('eyesOpen');
    });
  });
});
