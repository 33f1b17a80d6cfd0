/** What the light on a face is like. Shares and luminances 0–1. */
export interface Light {
  /** Mean luminance. */
  brightness: number;
  /** Standard deviation of luminance. */
  contrast: number;
  /** Share of pixels of luminance 0–25 of 255 (ISO/IEC 29794-5 under-exposure). */
  underExposed: number;
  /** Share of pixels of luminance 247–255 of 255 (ISO/IEC 29794-5 over-exposure). */
  overExposed: number;
  /** Variance of luminance (ISO/IEC 29794-5 luminance variance). */
  luminanceVariance: number;
  /** Shannon entropy of the histogram of 256 luminances in bits, 0–8 (ISO/IEC 29794-5 dynamic range). */
  dynamicRange: number;
}

const BLACK = 25.5 / 255;
const WHITE = 246.5 / 255;

/** Mean, spread and crushed or burnt shares of the luminance under a mask; null when the mask is almost empty. */
export function light(luma: Float32Array, mask: Uint8Array): Light | null {
  let count = 0;
  let sum = 0;
  let squares = 0;
  let under = 0;
  let over = 0;
  const histogram = new Uint32Array(256);
  for (let n = 0; n < luma.length; n++) {
    if (!mask[n]) continue;
    const value = luma[n] ?? 0;
    count++;
    sum += value;
    squares += value * value;
    if (value < BLACK) under++;
    if (value > WHITE) over++;
    const bin = Math.min(255, Math.max(0, Math.round(value * 255)));
    histogram[bin] = (histogram[bin] ?? 0) + 1;
  }
  if (count < 100) return null;
  const mean = sum / count;
  const variance = Math.max(0, squares / count - mean * mean);
  return {
    brightness: mean,
    contrast: Math.sqrt(variance),
    underExposed: under / count,
    overExposed: over / count,
    luminanceVariance: variance,
    dynamicRange: histogram.reduce((bits, n) => (n > 0 ? bits - (n / count) * Math.log2(n / count) : bits), 0),
  };
}

/**
 * Likeness of the light on both halves of the face: the darker half's mean luminance over the brighter half's, 0–1.
 * ISO/IEC 29794-5 asks for the same (illumination uniformity) by comparing histograms of both cheeks; the ratio of means
 * is steadier on noisy webcams. The halves are split by the line from nose root to chin.
 */
export function illuminationUniformity(
  luma: Float32Array,
  size: number,
  mask: Uint8Array,
  top: { x: number; y: number },
  bottom: { x: number; y: number },
): number | null {
  let left = 0;
  let lefts = 0;
  let right = 0;
  let rights = 0;
  const slope = (bottom.x - top.x) / Math.max(1, bottom.y - top.y);
  for (let row = 0; row < size; row++) {
    const split = top.x + (row + 0.5 - top.y) * slope;
    for (let column = 0; column < size; column++) {
      const n = row * size + column;
      if (!mask[n]) continue;
      if (column + 0.5 < split) {
        left += luma[n] ?? 0;
        lefts++;
      } else {
        right += luma[n] ?? 0;
        rights++;
      }
    }
  }
  if (lefts < 100 || rights < 100) return null;
  const a = left / lefts;
  const b = right / rights;
  return Math.max(a, b) < 1e-3 ? 1 : Math.min(a, b) / Math.max(a, b);
}
