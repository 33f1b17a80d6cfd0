import { describe, expect, it, vi } from 'vitest';
import { toI420 } from '#vision/browser/bench/i420';
import type { Picture } from '#vision/contract';
import { onDemand } from '#vision/pixels/on-demand';
import { type FramePlanes, shrinkInto, type YuvPlanes, yuvMatrix } from '#vision/pixels/planes';
import { cutOut } from '#vision/pixels/warp';

const LIMITED_601 = yuvMatrix('bt601', false);

/** Noise that is the same at every run. */
const noise = (length: number) => Uint8Array.from({ length }, (_, n) => (n * 7919 + ((n * n) % 251) * 31) % 256);

/** A frame of luma and colour at random, planar or with its colours side by side. */
function yuv(width: number, height: number, format: 'I420' | 'NV12', matrix = LIMITED_601): YuvPlanes {
  const [wide, high] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const luma = noise(width * height);
  const u = noise(wide * high).map((value) => 255 - value);
  const v = noise(wide * high);
  const data = new Uint8Array(luma.length + 2 * u.length);
  data.set(luma);
  const y = { offset: 0, stride: width };
  const common = { kind: 'yuv', width, height, data, y, matrix } as const;
  if (format === 'I420') {
    data.set(u, luma.length);
    data.set(v, luma.length + u.length);
    const plane = (offset: number) => ({ offset, stride: wide, step: 1 });
    return { ...common, u: plane(luma.length), v: plane(luma.length + u.length) };
  }
  u.forEach((value, n) => {
    data[luma.length + 2 * n] = value;
    data[luma.length + 2 * n + 1] = v[n] ?? 0;
  });
  const plane = (offset: number) => ({ offset, stride: 2 * wide, step: 2 });
  return { ...common, u: plane(luma.length), v: plane(luma.length + 1) };
}

function rgba(planes: FramePlanes, shrink = 1): Uint8ClampedArray {
  const [width, height] = [planes.width / shrink, planes.height / shrink];
  const out = new Uint8ClampedArray(4 * width * height);
  shrinkInto(planes, shrink, { x: 0, y: 0, width, height }, out, width);
  return out;
}

/** One colour, coded. */
function flat([y, u, v]: readonly [number, number, number], matrix: YuvPlanes['matrix']): number[] {
  const data = Uint8Array.of(y, y, y, y, u, v);
  const plane = (offset: number) => ({ offset, stride: 1, step: 1 });
  const planes = {
    kind: 'yuv',
    width: 2,
    height: 2,
    data,
    y: { offset: 0, stride: 2 },
    u: plane(4),
    v: plane(5),
    matrix,
  } as const;
  return [...rgba(planes).slice(0, 4)];
}

describe('yuvMatrix', () => {
  it.each([
    // Colour bars at 100 %: ITU-R BT.601 in 8 bits, and the same colours by BT.709.
    ['bt601', [235, 128, 128], [255, 255, 255]],
    ['bt601', [16, 128, 128], [0, 0, 0]],
    ['bt601', [81, 90, 240], [255, 0, 0]],
    ['bt601', [145, 54, 34], [0, 255, 0]],
    ['bt601', [41, 240, 110], [0, 0, 255]],
    ['bt709', [63, 102, 240], [255, 0, 0]],
    ['bt709', [173, 42, 26], [0, 255, 0]],
    ['bt709', [32, 240, 118], [0, 0, 255]],
  ] as const)('%s, limited: %j is %j', (standard, coded, colour) => {
    flat(coded, yuvMatrix(standard, false)).forEach((value, n) => {
      expect(Math.abs(value - ([...colour, 255][n] ?? 0))).toBeLessThanOrEqual(2);
    });
  });

  it('uses all values where the range is full', () => {
    expect(flat([0, 128, 128], yuvMatrix('bt601', true))).toEqual([0, 0, 0, 255]);
    expect(flat([255, 128, 128], yuvMatrix('bt601', true))).toEqual([255, 255, 255, 255]);
    expect(flat([76, 85, 255], yuvMatrix('bt601', true))).toEqual([254, 0, 0, 255]);
  });
});

describe('shrinkInto', () => {
  it('reads planar and interleaved colour alike', () => {
    for (const shrink of [1, 2, 3, 4])
      expect(rgba(yuv(24, 12, 'NV12'), shrink)).toEqual(rgba(yuv(24, 12, 'I420'), shrink));
  });

  it('averages square by square', () => {
    const data = noise(4 * 12 * 6);
    const planes = {
      kind: 'rgb',
      width: 12,
      height: 6,
      data,
      offset: 0,
      stride: 48,
      red: 2,
      green: 1,
      blue: 0,
    } as const;
    const out = rgba(planes, 3);
    for (let row = 0; row < 2; row++) {
      for (let column = 0; column < 4; column++) {
        for (const [channel, byte] of [2, 1, 0].entries()) {
          let sum = 0;
          for (let n = 0; n < 9; n++)
            sum += data[48 * (3 * row + Math.floor(n / 3)) + 4 * (3 * column + (n % 3)) + byte] ?? 0;
          expect(out[4 * (4 * row + column) + channel]).toBeCloseTo(sum / 9, -0.4);
        }
      }
    }
  });

  it('shrinks what is coded in luma and colour as it shrinks the colours', () => {
    const planes = yuv(24, 12, 'I420', yuvMatrix('bt709', true));
    planes.data.forEach((value, n) => {
      // Within the colours there are, so that nothing is clipped before it is averaged.
      planes.data[n] = 96 + (value % 64);
    });
    const fine = rgba(planes);
    for (const shrink of [2, 4]) {
      const out = rgba(planes, shrink);
      const width = 24 / shrink;
      out.forEach((value, at) => {
        const [column, row] = [Math.floor(at / 4) % width, Math.floor(at / 4 / width)];
        let sum = 0;
        for (let y = 0; y < shrink; y++)
          for (let x = 0; x < shrink; x++)
            sum += fine[4 * ((row * shrink + y) * 24 + column * shrink + x) + (at % 4)] ?? 0;
        expect(Math.abs(value - sum / shrink ** 2)).toBeLessThanOrEqual(1);
      });
    }
  });

  it('puts a part where it is wanted', () => {
    const planes = yuv(12, 8, 'I420');
    const whole = rgba(planes);
    const part = new Uint8ClampedArray(4 * 3 * 2);
    shrinkInto(planes, 1, { x: 5, y: 3, width: 3, height: 2 }, part, 3, { x: 5, y: 3 });
    for (let row = 0; row < 2; row++) {
      const from = 4 * ((3 + row) * 12 + 5);
      expect(part.slice(12 * row, 12 * row + 12)).toEqual(whole.slice(from, from + 12));
    }
  });
});

describe('a frame of the bench', () => {
  it('shows the picture it was coded from', () => {
    const [width, height] = [16, 8];
    const data = Uint8ClampedArray.from({ length: 4 * width * height }, (_, n) => {
      const [column, row] = [(n >> 2) % width, Math.floor(n / 4 / width)];
      return [40 + 10 * column, 30 + 20 * row, 200 - 8 * column, 255][n % 4] ?? 0;
    });
    const wide = width / 2;
    const plane = (offset: number) => ({ offset, stride: wide, step: 1 });
    const coded = rgba({
      kind: 'yuv',
      width,
      height,
      data: toI420({ data, width, height }),
      y: { offset: 0, stride: width },
      u: plane(width * height),
      v: plane(width * height * 1.25),
      matrix: LIMITED_601,
    });
    // Colour has half the size: neighbours of a slope share it.
    coded.forEach((value, n) => {
      expect(Math.abs(value - (data[n] ?? 0))).toBeLessThanOrEqual(16);
    });
    const mean = (values: Uint8ClampedArray) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(coded)).toBeCloseTo(mean(data), 0);
  });
});

describe('onDemand', () => {
  const planes = yuv(64, 48, 'I420');
  const size = { width: 32, height: 24 };

  it('makes what lies in the box, clipped to the picture, and no more', () => {
    const out = new Uint8ClampedArray(4 * 32 * 24);
    onDemand(planes, size, 2, out).within({ x: 20.4, y: -5, width: 90, height: 10 });
    const whole = rgba(planes, 2);
    for (let n = 0; n < 32 * 24; n++) {
      const made = n % 32 >= 20 && Math.floor(n / 32) < 5;
      expect(out.slice(4 * n, 4 * n + 4)).toEqual(made ? whole.slice(4 * n, 4 * n + 4) : new Uint8ClampedArray(4));
    }
  });

  it('makes everything after a part, and nothing twice', () => {
    const out = new Uint8ClampedArray(4 * 32 * 24);
    const pixels = onDemand(planes, size, 2, out);
    pixels.within({ x: 3, y: 3, width: 9, height: 9 });
    expect(pixels.all()).toEqual(rgba(planes, 2));
    out.fill(0);
    expect(pixels.within({ x: 0, y: 0, width: 9, height: 9 }).every((value) => value === 0)).toBe(true);
  });

  it('takes a box beside the picture', () => {
    const out = new Uint8ClampedArray(4 * 32 * 24);
    onDemand(planes, size, 2, out).within({ x: -40, y: 2, width: 20, height: 5 });
    expect(out.every((value) => value === 0)).toBe(true);
  });

  it('gives a cut-out the pixels it samples, however it lies', () => {
    for (const roll of [0, 30, 45, 90, 200]) {
      for (const centre of [
        { x: 15, y: 11 },
        { x: 1, y: 22 },
      ]) {
        const region = { centre, side: 14, roll };
        const frame = { ...size, scale: 2, source: { width: 64, height: 48 } };
        const whole: Picture = { ...frame, data: rgba(planes, 2) };
        const demanded = onDemand(planes, size, 2, new Uint8ClampedArray(4 * 32 * 24));
        const all = vi.fn(demanded.all);
        const lazy: Picture = {
          ...frame,
          pixelsIn: demanded.within,
          get data() {
            return all();
          },
        };
        expect(cutOut(lazy, region, 10, 1, 0)).toEqual(cutOut(whole, region, 10, 1, 0));
        expect(all).not.toHaveBeenCalled();
      }
    }
  });
});
