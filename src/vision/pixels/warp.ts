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

/** Averages that many samples along each side of an output pixel where the cut-out is coarser than the picture. */
function tapsOf(scale: number): number {
  return scale > 1.4 ? 2 : 1;
}

/**
 * Cuts a region out of a picture as an engine's input: RGB, `value × gain + offset`, `size × size × 3`.
 *
 * Bilinear; where the cut-out is coarser than the picture each output pixel averages four samples, because a plain
 * bilinear reduction aliases. Outside the picture is black. Plain arithmetic on the same bytes, so that Node and
 * Chromium get the same numbers.
 *
 * @param out where it is written, all of it; its first `size × size × 3` values
 */
export function cutOut(
  picture: Picture,
  region: Region,
  size: number,
  gain: number,
  offset: number,
  out = new Float32Array(size * size * 3),
): Float32Array<ArrayBuffer> {
  return region.roll === 0
    ? cutOutLevel(picture, region, size, gain, offset, out)
    : cutOutTurned(picture, region, size, gain, offset, out);
}

/** Where samples along one side of a level cut-out lie: two neighbouring pixels and their weights; both weights 0 outside the picture. */
function samplesAlong(start: number, scale: number, size: number, length: number) {
  const taps = tapsOf(scale);
  const near = new Int32Array(size * taps);
  const far = new Int32Array(size * taps);
  const nearWeight = new Float64Array(size * taps);
  const farWeight = new Float64Array(size * taps);
  for (let n = 0; n < size * taps; n++) {
    const at = start + ((n + 0.5) / taps - size / 2) * scale - 0.5;
    if (at < -1 || at >= length) continue;
    const first = Math.floor(at);
    near[n] = Math.max(0, first);
    far[n] = Math.min(length - 1, first + 1);
    farWeight[n] = (at - first) / taps;
    nearWeight[n] = (1 - (at - first)) / taps;
  }
  return { taps, near, far, nearWeight, farWeight };
}

/** What `cutOutTurned` gives for a region that is not turned, rows first and columns after: the detector's whole picture costs a third so. */
function cutOutLevel(
  picture: Picture,
  region: Region,
  size: number,
  gain: number,
  offset: number,
  out: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  const { width, height } = picture;
  const data = pixelsOf(picture, region);
  const scale = region.side / size;
  const { taps, near, far, nearWeight, farWeight } = samplesAlong(region.centre.x, scale, size, width);
  const rows = samplesAlong(region.centre.y, scale, size, height);
  const from = near.reduce(
    (least, n, k) => ((nearWeight[k] ?? 0) + (farWeight[k] ?? 0) > 0 ? Math.min(least, n) : least),
    width,
  );
  const to = far.reduce((most, n) => Math.max(most, n), 0);
  const line = new Float64Array(width * 3);
  let target = 0;
  for (let row = 0; row < size; row++) {
    line.fill(0);
    for (let n = row * taps; n < (row + 1) * taps; n++) {
      const above = rows.nearWeight[n] as number;
      const below = rows.farWeight[n] as number;
      if (above + below === 0) continue;
      let a = ((rows.near[n] as number) * width + from) * 4;
      let b = ((rows.far[n] as number) * width + from) * 4;
      for (let at = from * 3; at <= to * 3; at += 3, a += 4, b += 4) {
        line[at] = (line[at] as number) + (data[a] as number) * above + (data[b] as number) * below;
        line[at + 1] = (line[at + 1] as number) + (data[a + 1] as number) * above + (data[b + 1] as number) * below;
        line[at + 2] = (line[at + 2] as number) + (data[a + 2] as number) * above + (data[b + 2] as number) * below;
      }
    }
    for (let column = 0; column < size; column++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let n = column * taps; n < (column + 1) * taps; n++) {
        const left = nearWeight[n] as number;
        const right = farWeight[n] as number;
        const a = (near[n] as number) * 3;
        const b = (far[n] as number) * 3;
        red += (line[a] as number) * left + (line[b] as number) * right;
        green += (line[a + 1] as number) * left + (line[b + 1] as number) * right;
        blue += (line[a + 2] as number) * left + (line[b + 2] as number) * right;
      }
      out[target++] = red * gain + offset;
      out[target++] = green * gain + offset;
      out[target++] = blue * gain + offset;
    }
  }
  return out;
}

function cutOutTurned(
  picture: Picture,
  region: Region,
  size: number,
  gain: number,
  offset: number,
  out: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  const { width, height } = picture;
  const data = wordsOf(pixelsOf(picture, region));
  const scale = region.side / size;
  const taps = tapsOf(scale);
  const weight = gain / (taps * taps);
  const angle = (region.roll * Math.PI) / 180;
  const stepX = Math.cos(angle) * scale;
  const stepY = Math.sin(angle) * scale;
  const half = size / 2;
  const [lastX, lastY] = [width - 1, height - 1];
  // Where the samples of a pixel lie from its first: the same for every pixel.
  const offsets = Array.from({ length: taps * taps }, (_, tap) => {
    const [u, v] = [((tap % taps) + 0.5) / taps, (Math.floor(tap / taps) + 0.5) / taps];
    return [stepX * u - stepY * v, stepY * u + stepX * v];
  });
  const offsetX = Float64Array.from(offsets, ([x]) => x ?? 0);
  const offsetY = Float64Array.from(offsets, ([, y]) => y ?? 0);
  let target = 0;
  for (let row = 0; row < size; row++) {
    const startX = region.centre.x - stepX * half - stepY * (row - half) - 0.5;
    const startY = region.centre.y - stepY * half + stepX * (row - half) - 0.5;
    for (let column = 0; column < size; column++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      const baseX = startX + stepX * column;
      const baseY = startY + stepY * column;
      for (let tap = 0; tap < offsetX.length; tap++) {
        const x = baseX + (offsetX[tap] as number);
        const y = baseY + (offsetY[tap] as number);
        let x0: number;
        let y0: number;
        let at: number;
        let right = 1;
        let down = width;
        if (x >= 0 && y >= 0 && x < lastX && y < lastY) {
          // Not negative: what is cut off here is what rounding down cuts off.
          x0 = x | 0;
          y0 = y | 0;
          at = y0 * width + x0;
        } else {
          if (x < -1 || y < -1 || x >= width || y >= height) continue;
          x0 = Math.floor(x);
          y0 = Math.floor(y);
          at = Math.max(0, y0) * width + Math.max(0, x0);
          if (x0 < 0 || x0 >= lastX) right = 0;
          if (y0 < 0 || y0 >= lastY) down = 0;
        }
        const a = data[at] as number;
        const b = data[at + right] as number;
        const c = data[at + down] as number;
        const d = data[at + down + right] as number;
        const fx = x - x0;
        const fy = y - y0;
        const wd = fx * fy;
        const wb = fx - wd;
        const wc = fy - wd;
        const wa = 1 - fx - wc;
        red += (a & 255) * wa + (b & 255) * wb + (c & 255) * wc + (d & 255) * wd;
        green += ((a >> 8) & 255) * wa + ((b >> 8) & 255) * wb + ((c >> 8) & 255) * wc + ((d >> 8) & 255) * wd;
        blue += ((a >> 16) & 255) * wa + ((b >> 16) & 255) * wb + ((c >> 16) & 255) * wc + ((d >> 16) & 255) * wd;
      }
      out[target++] = red * weight + offset;
      out[target++] = green * weight + offset;
      out[target++] = blue * weight + offset;
    }
  }
  return out;
}

/** RGBA, a pixel to a word, red lowest (all machines this runs on are little-endian): one read where single values take three. */
function wordsOf(pixels: Uint8ClampedArray): Int32Array {
  const { byteOffset, byteLength } = pixels;
  return byteOffset % 4 === 0
    ? new Int32Array(pixels.buffer, byteOffset, byteLength >> 2)
    : new Int32Array(pixels.slice().buffer);
}

/** The picture's pixels, of which those that a cut-out of the region samples are made: they lie in an upright rectangle about it. */
function pixelsOf(picture: Picture, { centre, side, roll }: Region): Uint8ClampedArray {
  const angle = (roll * Math.PI) / 180;
  const reach = (side / 2) * (Math.abs(Math.cos(angle)) + Math.abs(Math.sin(angle))) + 2;
  const box = { x: centre.x - reach, y: centre.y - reach, width: 2 * reach, height: 2 * reach };
  return picture.pixelsIn?.(box) ?? picture.data;
}
