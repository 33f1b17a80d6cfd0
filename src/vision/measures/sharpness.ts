import { gaussian, type Part } from '../pixels/gaussian.ts';
import { upperMedian } from '../pixels/median.ts';

/**
 * Pairs of scales whose edges are compared (pixels of the aligned face), and what their quotient is multiplied with.
 * The first pair spans two octaves and is scaled so that a step edge gives 1: (4 / 1)³ = 64. It feels blur, and a little
 * what a face looks like (strong brows and lashes help). The second looks only at the finest detail, where an enlarged
 * thumbnail of any face has none; it is weighed so that both put the limit between usable and not at 0.16.
 */
const SCALES = [
  { fine: 1, coarse: 4, weight: 1 / 64 },
  { fine: 0.5, coarse: 1.4, weight: 0.062 },
] as const;

/** Arrays that each look writes anew: made anew, too, they would be a megabyte a picture to clear away. */
const scratch = { sharp: reused(), soft: reused(), detail: reused(), base: reused() };

/** An array of at least one length that was asked for, of which so much is given out. */
function reused(): (length: number) => Float32Array {
  let held = new Float32Array(0);
  return (length) => {
    if (held.length < length) held = new Float32Array(length);
    return held.subarray(0, length);
  };
}

/** The four directions an edge is looked across in. */
const DIRECTIONS = [
  [1, 0],
  [0, 1],
  [1, 1],
  [1, -1],
] as const;

/** A median absolute deviation of a normal distribution times this is its standard deviation. */
const MAD = 1.4826;

/**
 * Sharpness of an aligned face, 0–1: how much of the fine detail is there that sharp edges of the same strength would
 * show. 1 is an ideal edge; 0.15 one smeared with a Gaussian of 0.02 inter-eye distances.
 *
 * In each of four directions, the energy of the second difference of the luminance at a fine scale over that at a coarse
 * one (the energy of an edge's second derivative falls with σ³); the least counts, so that motion blur, which spares the
 * edges along it, is seen. Contrast and brightness fall out of the quotient. Of the fine energy the part that is spread
 * evenly, as noise is, is taken off by its median absolute deviation: a noisy picture is not a sharp one.
 *
 * After the re-scaling idea of Elder and Zucker, "Local scale control for edge detection and blur estimation" (1998);
 * ISO/IEC 29794-5 sharpness. Faces must come in one inter-eye distance. Against Laplacian variance over mean² it tells
 * soft webcams (0.20) from enlarged thumbnails (0.13): docs/decisions/001-face-engine.md.
 *
 * @param luma `size × size`, 0–1
 * @param mask 1 for the pixels that count (face, without its rim)
 * @returns null when the mask is almost empty or the face has no structure at all
 */
export function sharpness(luma: Float32Array, size: number, mask: Uint8Array): number | null {
  const marked = inner(mask, size);
  if (marked.length < 500) return null;
  const part = around(marked, size);
  let least = 1;
  for (const { fine, coarse, weight } of SCALES) {
    const sharp = gaussian(luma, size, fine, part, scratch.sharp(luma.length));
    const soft = gaussian(luma, size, coarse, part, scratch.soft(luma.length));
    for (const [dx, dy] of DIRECTIONS) {
      const stride = dy * size + dx;
      const detail = secondDifferences(sharp, marked, stride, scratch.detail(marked.length));
      const base = secondDifferences(soft, marked, stride, scratch.base(marked.length));
      const varied = variance(base);
      if (varied < 1e-10) return null;
      // Noise still shows at 1.4 pixels, and no longer at 4, where everything is evenly spread.
      const against = coarse < 2 ? structure(base, varied) : varied;
      least = Math.min(least, against > 0 ? (weight * structure(detail, variance(detail))) / against : 0);
    }
  }
  return least;
}

/** Energy of the edges: the variance without what is spread evenly. */
function structure(values: Float32Array, varied: number): number {
  return Math.max(0, varied - spread(values) ** 2);
}

/** Places of the marked pixels that have neighbours on all sides. */
function inner(mask: Uint8Array, size: number): Int32Array {
  const places = new Int32Array(mask.length);
  let count = 0;
  for (let row = 1; row < size - 1; row++) {
    for (let n = row * size + 1; n < (row + 1) * size - 1; n++) if (mask[n]) places[count++] = n;
  }
  return places.subarray(0, count);
}

/** What the second differences at these places read: the places, ordered by rows, and their neighbours. */
function around(places: Int32Array, size: number): Part {
  let left = size;
  let right = 0;
  for (const place of places) {
    const column = place % size;
    if (column < left) left = column;
    if (column > right) right = column;
  }
  const row = (place = 0) => Math.floor(place / size);
  return { left: left - 1, top: row(places[0]) - 1, right: right + 2, bottom: row(places.at(-1)) + 2 };
}

function secondDifferences(values: Float32Array, places: Int32Array, stride: number, out: Float32Array): Float32Array {
  for (let k = 0; k < places.length; k++) {
    const n = places[k] as number;
    out[k] = (values[n + stride] as number) + (values[n - stride] as number) - 2 * (values[n] as number);
  }
  return out;
}

function variance(values: Float32Array): number {
  let sum = 0;
  let squares = 0;
  for (let n = 0; n < values.length; n++) {
    const value = values[n] as number;
    sum += value;
    squares += value * value;
  }
  return squares / values.length - (sum / values.length) ** 2;
}

/** Standard deviation of the bulk of the values, blind to the few large ones (the edges); told from every eighth value. */
function spread(values: Float32Array): number {
  const sample = new Float32Array(Math.ceil(values.length / 8));
  for (let n = 0; n < sample.length; n++) sample[n] = values[8 * n] as number;
  const middle = upperMedian(sample);
  for (let n = 0; n < sample.length; n++) sample[n] = Math.abs((sample[n] as number) - middle);
  return MAD * upperMedian(sample);
}
