import type { Point } from '#shared/measures';
import type { Picture } from '../contract.ts';

/**
 * A turned square in a picture: what an engine looks at. `side` in pixels of the picture,
 * `roll` in degrees clockwise in the image (a face of that roll stands upright in the cut-out).
 */
export interface Region {
  centre: Point;
  side: number;
  roll: number;
}

/** Maps between a picture and the square cut-out of `size` pixels taken from it. */
export interface Similarity {
  /** From cut-out to picture. */
  toPicture(p: Point): Point;
  /** From picture to cut-out. */
  toCrop(p: Point): Point;
  /** Picture pixels per cut-out pixel. */
  scale: number;
}

/** The similarity between a region and its cut-out of `size × size` pixels; pixel centres at half coordinates. */
export function similarity(region: Region, size: number): Similarity {
  const scale = region.side / size;
  const angle = (region.roll * Math.PI) / 180;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const half = size / 2;
  const { centre } = region;
  return {
    scale,
    toPicture: ({ x, y }) => {
      const u = (x - half) * scale;
      const v = (y - half) * scale;
      return { x: centre.x + cos * u - sin * v, y: centre.y + sin * u + cos * v };
    },
    toCrop: ({ x, y }) => {
      const dx = x - centre.x;
      const dy = y - centre.y;
      return { x: half + (cos * dx + sin * dy) / scale, y: half + (cos * dy - sin * dx) / scale };
    },
  };
}

/**
 * Cuts a region out of a picture as an engine's input: RGB, `value × gain + offset`, `size × size × 3`.
 *
 * Bilinear; where the cut-out is coarser than the picture each output pixel averages four samples, because a plain
 * bilinear reduction aliases. Outside the picture is black. Plain arithmetic on the same bytes, so that Node and
 * Chromium get the same numbers.
 */
export function cutOut(picture: Picture, region: Region, size: number, gain: number, offset: number): Float32Array {
  const { width, height, data } = picture;
  const out = new Float32Array(size * size * 3);
  const scale = region.side / size;
  const taps = scale > 1.4 ? 2 : 1;
  const weight = gain / (taps * taps);
  const angle = (region.roll * Math.PI) / 180;
  const stepX = Math.cos(angle) * scale;
  const stepY = Math.sin(angle) * scale;
  const half = size / 2;
  let target = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let tap = 0; tap < taps * taps; tap++) {
        const u = column + ((tap % taps) + 0.5) / taps - half;
        const v = row + (Math.floor(tap / taps) + 0.5) / taps - half;
        const x = region.centre.x + stepX * u - stepY * v - 0.5;
        const y = region.centre.y + stepY * u + stepX * v - 0.5;
        if (x < -1 || y < -1 || x >= width || y >= height) continue;
        const x0 = Math.floor(x);
        const y0 = Math.floor(y);
        const fx = x - x0;
        const fy = y - y0;
        const left = x0 < 0 ? 0 : x0;
        const right = x0 + 1 >= width ? width - 1 : x0 + 1;
        const top = (y0 < 0 ? 0 : y0) * width;
        const bottom = (y0 + 1 >= height ? height - 1 : y0 + 1) * width;
        const a = (top + left) * 4;
        const b = (top + right) * 4;
        const c = (bottom + left) * 4;
        const d = (bottom + right) * 4;
        const wa = (1 - fx) * (1 - fy);
        const wb = fx * (1 - fy);
        const wc = (1 - fx) * fy;
        const wd = fx * fy;
        red +=
          (data[a] as number) * wa + (data[b] as number) * wb + (data[c] as number) * wc + (data[d] as number) * wd;
        green +=
          (data[a + 1] as number) * wa +
          (data[b + 1] as number) * wb +
          (data[c + 1] as number) * wc +
          (data[d + 1] as number) * wd;
        blue +=
          (data[a + 2] as number) * wa +
          (data[b + 2] as number) * wb +
          (data[c + 2] as number) * wc +
          (data[d + 2] as number) * wd;
      }
      out[target++] = red * weight + offset;
      out[target++] = green * weight + offset;
      out[target++] = blue * weight + offset;
    }
  }
  return out;
}
