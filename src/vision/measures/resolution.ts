import type { Box } from '#shared/measures';
import type { Picture } from '../contract.ts';
import { fourier } from '../pixels/fourier.ts';

/** Length of the lines whose spectrum is taken, in pixels of the aligned face: two inter-eye distances. */
const LINE = 128;

/** Every which line is taken; the spectrum is a mean over many. */
const EVERY = 2;

/** Cycles per line between which a face of any resolution has its detail: what the rest is compared with. */
const COARSE = { from: 8, to: 10 } as const;

/** Above this frequency an aligned face has little but noise: its power is taken for the noise at every frequency. */
const NOISE_FROM = 60;

/** Bands of frequencies are this wide on both sides: single lines of a spectrum jump. */
const SMOOTH = 2;

/** A band holds detail while it has this share of the coarse band's power; below, only what interpolation leaves. */
const LEFT_OVER = 0.01;

/**
 * How many pixels between the eyes would hold the detail there is: the effective inter-eye distance in pixels, at most
 * `LINE / 2`. An enlarged thumbnail keeps that of the thumbnail (17, 25 and 30 are measured as 21, 25 and 28), a
 * blurred picture that of the picture it could be shrunk to.
 *
 * The spectrum of the luminance along rows and columns (Hann window) is followed upwards until it has fallen to a
 * hundredth of its power at 4–5 cycles per inter-eye distance. Sampled at d pixels per inter-eye distance a picture has
 * nothing above d / 2 cycles; natural edges fall with the square of the frequency and cross that line above 25 cycles.
 * White noise is taken off first. After the spectral definition of resolution in ISO 12233 (spatial frequency response).
 *
 * @param luma `size × size`, the face aligned to 64 pixels between the eyes
 * @returns null where the face has no detail to compare with
 */
export function resolution(luma: Float32Array, size: number): number | null {
  const power = new Float64Array(LINE / 2 + 1);
  for (const [along, across] of [
    [1, size],
    [size, 1],
  ] as const)
    addSpectrum(power, luma, size, along, across);
  const noise = mean(power, NOISE_FROM, LINE / 2);
  const coarse = mean(power, COARSE.from, COARSE.to) - noise;
  if (coarse < 1e-6) return null;
  const share = (k: number) => (mean(power, k - SMOOTH, k + SMOOTH) - noise) / coarse;
  let before = share(COARSE.to);
  for (let k = COARSE.to + 1; k <= LINE / 2; k++) {
    const here = share(k);
    // Between two frequencies the crossing is found on a straight line of the logarithms.
    if (here < LEFT_OVER) {
      const [a, b] = [Math.log(Math.max(before, LEFT_OVER)), Math.log(Math.max(here, LEFT_OVER / 10))];
      return k - 1 + (a - Math.log(LEFT_OVER)) / Math.max(1e-6, a - b);
    }
    before = here;
  }
  return LINE / 2;
}

const transform = fourier(LINE);
const HANN = Float32Array.from({ length: LINE }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / LINE));

/**
 * Adds the power spectra of the lines in the middle of a square. Two lines are transformed as the real and the imaginary part of one: at each
 * frequency the power of both together is the mean of that at it and at its mirror.
 */
function addSpectrum(power: Float64Array, luma: Float32Array, size: number, along: number, across: number): void {
  const from = (size - LINE) >> 1;
  const real = new Float64Array(LINE);
  const imaginary = new Float64Array(LINE);
  for (let row = from; row < from + LINE; row += 2 * EVERY) {
    takeLine(real, luma, row * across + from * along, along);
    takeLine(imaginary, luma, (row + EVERY) * across + from * along, along);
    transform(real, imaginary);
    for (let k = 0; k < power.length; k++) {
      const mirror = (LINE - k) % LINE;
      const here = (real[k] as number) ** 2 + (imaginary[k] as number) ** 2;
      const there = (real[mirror] as number) ** 2 + (imaginary[mirror] as number) ** 2;
      power[k] = (power[k] as number) + (here + there) / 2;
    }
  }
}

/** A line without its mean, faded out at both ends. */
function takeLine(line: Float64Array, luma: Float32Array, start: number, along: number): void {
  let sum = 0;
  for (let n = 0; n < LINE; n++) {
    line[n] = luma[start + n * along] ?? 0;
    sum += line[n] as number;
  }
  for (let n = 0; n < LINE; n++) line[n] = ((line[n] as number) - sum / LINE) * (HANN[n] as number);
}

function mean(power: Float64Array, from: number, to: number): number {
  const part = power.subarray(from, Math.min(power.length - 1, to) + 1);
  return part.reduce((sum, value) => sum + value, 0) / part.length;
}

/** Length of the windows in which steps are compared, pixels; windows overlap by half. */
const WINDOW = 12;

/**
 * How far the picture is made of flat blocks with steps between them, 0 smooth – 1 blocks only: in windows of twelve
 * columns (and rows), one minus the median over the largest of the squared steps. Coding blocks (JPEG quality 8: 0.87,
 * 30: 0.70, 60 and better: below 0.67) and pixels enlarged without interpolation (0.95) leave most steps near zero; the detail of a face
 * is spread over its columns (0.35–0.6). Blocks of any size and place are seen, other than by `blockiness`, which knows
 * one grid and how much of the detail it makes. The direction with fewer blocks counts.
 */
export function compression(picture: Picture, region: Box): number {
  return Math.min(steppiness(picture, region, 1), steppiness(picture, region, picture.width));
}

function steppiness({ width, height, data }: Picture, region: Box, stride: number): number {
  const left = Math.max(0, Math.round(region.x));
  const top = Math.max(0, Math.round(region.y));
  const right = Math.min(width - 1, Math.round(region.x + region.width));
  const bottom = Math.min(height - 1, Math.round(region.y + region.height));
  const horizontal = stride === 1;
  const profile = new Float64Array(Math.max(0, horizontal ? right - left : bottom - top));
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const n = (y * width + x) * 4 + 1;
      const step = (data[n + stride * 4] ?? 0) - (data[n] ?? 0);
      const at = horizontal ? x - left : y - top;
      profile[at] = (profile[at] ?? 0) + step * step;
    }
  }
  let sum = 0;
  let windows = 0;
  for (let start = 0; start + WINDOW <= profile.length; start += WINDOW / 2) {
    const sorted = profile.slice(start, start + WINDOW).sort();
    const largest = sorted[WINDOW - 1] ?? 0;
    if (largest === 0) continue;
    sum += 1 - ((sorted[WINDOW / 2 - 1] ?? 0) + (sorted[WINDOW / 2] ?? 0)) / 2 / largest;
    windows++;
  }
  return windows > 0 ? sum / windows : 0;
}
