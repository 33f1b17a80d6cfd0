import { gaussian } from '../pixels/gaussian.ts';

/** The two scales whose edges are compared, pixels of the aligned face. */
const FINE = 1;
const COARSE = 4;

/** What the quotient is for a perfect step edge: (COARSE / FINE)³. */
const STEP_EDGE = (COARSE / FINE) ** 3;

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
 * show. 1 is an ideal edge, 0.15 an edge smeared with a Gaussian of 0.02 inter-eye distances.
 *
 * In each of four directions, the energy of the second difference of the luminance at σ = 1 pixel over that at σ = 4, as
 * a share of the quotient of a step edge (64, since the energy of an edge's second derivative falls with σ³); the least
 * of the four counts, so that motion blur, which spares the edges along it, is seen. Contrast, brightness and what the
 * face looks like fall out of the quotient. Of the fine energy the part that is spread evenly, as noise is, is taken off
 * by its median absolute deviation: a noisy picture is not a sharp one.
 *
 * After the re-scaling idea of Elder and Zucker, "Local scale control for edge detection and blur estimation" (1998);
 * ISO/IEC 29794-5 sharpness. Faces must come in one inter-eye distance. Against Laplacian variance over mean² it tells
 * soft webcams (0.21) from enlarged thumbnails (0.16 at most): docs/decisions/001-face-engine.md.
 *
 * @param luma `size × size`, 0–1
 * @param mask 1 for the pixels that count (face, without its rim)
 * @returns null when the mask is almost empty or the face has no structure at all
 */
export function sharpness(luma: Float32Array, size: number, mask: Uint8Array): number | null {
  const fine = gaussian(luma, size, FINE);
  const coarse = gaussian(luma, size, COARSE);
  let least = Number.POSITIVE_INFINITY;
  for (const [dx, dy] of DIRECTIONS) {
    const sharp = secondDifferences(fine, size, mask, dx, dy);
    if (sharp.length < 500) return null;
    const soft = variance(secondDifferences(coarse, size, mask, dx, dy));
    if (soft < 1e-10) return null;
    least = Math.min(least, Math.max(0, variance(sharp) - spread(sharp) ** 2) / soft);
  }
  return Math.min(1, least / STEP_EDGE);
}

function secondDifferences(
  values: Float32Array,
  size: number,
  mask: Uint8Array,
  dx: number,
  dy: number,
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(values.length);
  const stride = dy * size + dx;
  let count = 0;
  for (let row = 1; row < size - 1; row++) {
    for (let column = 1; column < size - 1; column++) {
      const n = row * size + column;
      if (mask[n]) out[count++] = (values[n + stride] ?? 0) + (values[n - stride] ?? 0) - 2 * (values[n] ?? 0);
    }
  }
  return out.slice(0, count);
}

function variance(values: Float32Array): number {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return squares / values.length - (sum / values.length) ** 2;
}

/** Standard deviation of the bulk of the values, blind to the few large ones (the edges); told from every fourth value. */
function spread(values: Float32Array): number {
  const sample = values.filter((_, n) => n % 4 === 0);
  const middle = median(sample);
  return MAD * median(sample.map((value) => Math.abs(value - middle)));
}

function median(values: Float32Array): number {
  return values.toSorted()[values.length >> 1] ?? 0;
}
