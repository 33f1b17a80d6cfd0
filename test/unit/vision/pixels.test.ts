import { describe, expect, it } from 'vitest';
import type { Picture } from '#vision/contract';
import { polygonMask, polygonSpans } from '#vision/pixels/aligned';
import { gaussian } from '#vision/pixels/gaussian';
import { erode } from '#vision/pixels/mask';
import { upperMedian } from '#vision/pixels/median';
import { cutOut, similarity } from '#vision/pixels/warp';

/** A picture whose red is the column and whose green is the row. */
function ramp(width: number, height: number): Picture {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let n = 0; n < width * height; n++) data.set([n % width, Math.floor(n / width), 0, 255], n * 4);
  return { width, height, data, scale: 1, source: { width, height } };
}

describe('similarity', () => {
  it('brings points there and back', () => {
    const map = similarity({ centre: { x: 40, y: 30 }, side: 50, roll: 25 }, 128);
    const back = map.toCrop(map.toPicture({ x: 17, y: 99 }));
    expect(back.x).toBeCloseTo(17);
    expect(back.y).toBeCloseTo(99);
    expect(map.toPicture({ x: 64, y: 64 })).toEqual({ x: 40, y: 30 });
  });

  it('turns a face of positive roll upright: its image-right eye lies lower', () => {
    const map = similarity({ centre: { x: 0, y: 0 }, side: 1, roll: 30 }, 1);
    const left = map.toCrop({ x: 0, y: 0 });
    const right = map.toCrop({ x: Math.cos(Math.PI / 6), y: Math.sin(Math.PI / 6) });
    expect(right.y - left.y).toBeCloseTo(0);
    expect(right.x - left.x).toBeCloseTo(1);
  });
});

describe('cutOut', () => {
  it('copies pixels exactly where nothing is scaled or turned', () => {
    const out = cutOut(ramp(40, 30), { centre: { x: 10, y: 8 }, side: 4, roll: 0 }, 4, 1, 0);
    // Columns 8–11, rows 6–9.
    expect([out[0], out[1]]).toEqual([8, 6]);
    expect([out[15 * 3], out[15 * 3 + 1]]).toEqual([11, 9]);
  });

  it('averages what it shrinks', () => {
    const out = cutOut(ramp(40, 30), { centre: { x: 8, y: 8 }, side: 8, roll: 0 }, 2, 1, 0);
    expect(out[0]).toBeCloseTo(5.5);
    expect(out[3]).toBeCloseTo(9.5);
  });

  it('is black (the offset) beyond the picture', () => {
    const out = cutOut(ramp(4, 4), { centre: { x: -20, y: -20 }, side: 4, roll: 0 }, 2, 2 / 255, -1);
    expect([...out]).toEqual(new Array(12).fill(-1));
  });

  it('turns by a right angle: what was on the right is at the top after undoing a roll of 90°', () => {
    const out = cutOut(ramp(40, 40), { centre: { x: 20, y: 20 }, side: 20, roll: 90 }, 4, 1, 0);
    // Going right in the cut-out goes down in the picture.
    expect((out[3 * 3 + 1] ?? 0) - (out[1] ?? 0)).toBeCloseTo(15, 0);
    expect((out[3 * 3] ?? 0) - (out[0] ?? 0)).toBeCloseTo(0, 1);
  });
});

describe('cutOut, level and turned by next to nothing', () => {
  const picture = ramp(61, 47);
  for (let n = 0; n < picture.data.length; n += 4) picture.data[n + 2] = (n * 37) % 251;

  it.each([
    ['shrunk', { x: 30, y: 24 }, 61, 16],
    ['enlarged', { x: 20.3, y: 18.7 }, 11, 24],
    ['reaching beyond every edge', { x: 30, y: 24 }, 90, 32],
    ['over a corner', { x: 1.5, y: 45 }, 30, 20],
  ])('gives the same: %s', (_, centre, side, size) => {
    const level = cutOut(picture, { centre, side, roll: 0 }, size, 2 / 255, -1);
    const turned = cutOut(picture, { centre, side, roll: 1e-9 }, size, 2 / 255, -1);
    const most = level.reduce((most, value, n) => Math.max(most, Math.abs(value - (turned[n] ?? 0))), 0);
    expect(most).toBeLessThan(1e-5);
  });
});

describe('upperMedian', () => {
  it('is what sorting tells, of many, few, equal and no values', () => {
    for (const length of [0, 1, 2, 3, 8, 101, 1000])
      for (const different of [1, 3, 1000]) {
        const values = Float32Array.from({ length }, (_, n) => ((n * 7919) % 104_729) % different);
        expect(upperMedian(values.slice())).toBe(values.toSorted()[length >> 1] ?? 0);
      }
  });
});

describe('polygonMask', () => {
  it('marks the pixels whose centre is inside', () => {
    const square = [
      { x: 1, y: 1 },
      { x: 4, y: 1 },
      { x: 4, y: 3 },
      { x: 1, y: 3 },
    ];
    const mask = polygonMask(square, 6);
    expect(mask.reduce((sum, mark) => sum + mark, 0)).toBe(6);
    expect(mask[6 + 1]).toBe(1);
    expect(mask[6 + 4]).toBe(0);
    expect(mask[3 * 6 + 1]).toBe(0);
  });

  it('clips what reaches beyond the square', () => {
    const all = [
      { x: -10, y: -10 },
      { x: 20, y: -10 },
      { x: 20, y: 20 },
      { x: -10, y: 20 },
    ];
    expect(polygonMask(all, 5).every((mark) => mark === 1)).toBe(true);
  });
});

describe('polygonSpans', () => {
  it('gives each pixel of a shape with a notch once, row by row', () => {
    const shape = [
      { x: 0.2, y: 0.5 },
      { x: 9.5, y: 0.1 },
      { x: 5.5, y: 4.5 },
      { x: 9.5, y: 9.5 },
      { x: 0.5, y: 9.9 },
      { x: 4.5, y: 5 },
    ];
    const seen = new Map<number, number>();
    let before = -1;
    for (const { row, from, to } of polygonSpans(shape, 10)) {
      for (let at = from; at <= to; at++) {
        const n = row * 10 + at;
        expect(n).toBeGreaterThan(before);
        before = n;
        seen.set(n, 1);
      }
    }
    const mask = polygonMask(shape, 10);
    expect(mask.map((_, n) => seen.get(n) ?? 0)).toEqual(mask);
    expect(seen.size).toBeGreaterThan(30);
  });
});

describe('gaussian', () => {
  it('gives of a part what it gives there of the whole', () => {
    const size = 40;
    const values = Float32Array.from({ length: size * size }, (_, n) => Math.sin(n * 0.7) + (n % 13));
    for (const sigma of [0.5, 1.4, 4]) {
      const whole = gaussian(values, size, sigma);
      for (const part of [
        { left: 0, top: 0, right: 9, bottom: 40 },
        { left: 12, top: 20, right: 25, bottom: 31 },
        { left: 30, top: 33, right: 40, bottom: 40 },
      ]) {
        const some = gaussian(values, size, sigma, part);
        for (let row = part.top; row < part.bottom; row++) {
          const [from, to] = [row * size + part.left, row * size + part.right];
          expect(some.subarray(from, to)).toEqual(whole.subarray(from, to));
        }
      }
    }
  });
});

describe('erode', () => {
  it('takes a rim off', () => {
    const size = 9;
    const mask = polygonMask(
      [
        { x: 1, y: 1 },
        { x: 8, y: 1 },
        { x: 8, y: 8 },
        { x: 1, y: 8 },
      ],
      size,
    );
    const inner = erode(mask, size, 2);
    expect(inner.reduce((sum, mark) => sum + mark, 0)).toBe(9);
    expect(inner[4 * size + 4]).toBe(1);
    expect(inner[2 * size + 4]).toBe(0);
  });
});

describe('gaussian', () => {
  it('keeps an even picture and spreads a point as the kernel says', () => {
    const size = 31;
    expect(
      [...gaussian(new Float32Array(size * size).fill(0.25), size, 3)].every((v) => Math.abs(v - 0.25) < 1e-5),
    ).toBe(true);
    const point = new Float32Array(size * size);
    point[15 * size + 15] = 1;
    const spread = gaussian(point, size, 2);
    expect(spread[15 * size + 15]).toBeCloseTo(1 / (2 * Math.PI * 4), 3);
    expect(spread[15 * size + 17]).toBeCloseTo(Math.exp(-0.5) / (2 * Math.PI * 4), 3);
  });
});
