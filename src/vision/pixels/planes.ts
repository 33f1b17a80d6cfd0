import type { Box } from '#shared/measures';

/** How luma and colour differences become red, green and blue: rows of the inverse matrix, of the values as they are coded (0–255). */
export interface YuvMatrix {
  /** Coded luma of black, and what a step of luma is worth. */
  black: number;
  luma: number;
  redOfV: number;
  greenOfU: number;
  greenOfV: number;
  blueOfU: number;
}

interface Size {
  /** Pixels of the frame. */
  width: number;
  height: number;
  data: Uint8Array;
}

/** A frame's bytes with luma and subsampled colour (4:2:0): planar (I420) or with U and V side by side (NV12). */
export interface YuvPlanes extends Size {
  kind: 'yuv';
  y: { offset: number; stride: number };
  /** `step`: bytes from one value to the next of its row. */
  u: { offset: number; stride: number; step: number };
  v: { offset: number; stride: number; step: number };
  matrix: YuvMatrix;
}

/** A frame's bytes with four to a pixel; where red, green and blue lie among them. */
export interface RgbPlanes extends Size {
  kind: 'rgb';
  offset: number;
  stride: number;
  red: number;
  green: number;
  blue: number;
}

export type FramePlanes = YuvPlanes | RgbPlanes;

/** Shares of red and blue in luma (ITU-R BT.709-6 §3.2, BT.601-7 §2.5.1). */
const LUMA_SHARES = { bt709: { red: 0.2126, blue: 0.0722 }, bt601: { red: 0.299, blue: 0.114 } } as const;

/**
 * The inverse of the coding of colour differences.
 *
 * @param full values use 0–255; else luma uses 16–235 and colour 16–240
 */
export function yuvMatrix(standard: keyof typeof LUMA_SHARES, full: boolean): YuvMatrix {
  const { red, blue } = LUMA_SHARES[standard];
  const green = 1 - red - blue;
  const chroma = full ? 1 : 255 / 224;
  return {
    black: full ? 0 : 16,
    luma: full ? 1 : 255 / 219,
    redOfV: 2 * (1 - red) * chroma,
    greenOfU: (-2 * blue * (1 - blue) * chroma) / green,
    greenOfV: (-2 * red * (1 - red) * chroma) / green,
    blueOfU: 2 * (1 - blue) * chroma,
  };
}

/** What lies in a frame where: bits after the binary point in the arithmetic below. */
const BITS = 14;
const HALF = 1 << (BITS - 1);

/**
 * Makes RGBA of a part of a frame, each pixel the mean of `shrink × shrink` of the frame's: what a canvas makes of it at such a scale, without
 * the rest of the frame.
 *
 * @param box in pixels of the answer; whole numbers within the shrunk frame
 * @param out RGBA, row by row, into which the box is written at its place: `stride` pixels to a row, the first that of `origin`
 */
export function shrinkInto(
  planes: FramePlanes,
  shrink: number,
  box: Box,
  out: Uint8ClampedArray,
  stride: number,
  origin: { x: number; y: number } = { x: 0, y: 0 },
): void {
  const to = { out, stride, origin };
  if (planes.kind === 'rgb') shrinkRgb(planes, shrink, box, to);
  else shrinkYuv(planes, shrink, box, to);
}

interface Target {
  out: Uint8ClampedArray;
  stride: number;
  origin: { x: number; y: number };
}

function shrinkRgb(planes: RgbPlanes, shrink: number, box: Box, { out, stride, origin }: Target): void {
  const { data, red, green, blue } = planes;
  const share = 1 / (shrink * shrink);
  for (let row = box.y; row < box.y + box.height; row++) {
    let target = 4 * ((row - origin.y) * stride + box.x - origin.x);
    let from = planes.offset + row * shrink * planes.stride + 4 * box.x * shrink;
    for (let column = 0; column < box.width; column++, from += 4 * shrink, target += 4) {
      let [r, g, b] = [0, 0, 0];
      for (let y = 0; y < shrink; y++) {
        for (let x = 0, at = from + y * planes.stride; x < shrink; x++, at += 4) {
          r += data[at + red] as number;
          g += data[at + green] as number;
          b += data[at + blue] as number;
        }
      }
      out[target] = r * share;
      out[target + 1] = g * share;
      out[target + 2] = b * share;
      out[target + 3] = 255;
    }
  }
}

function shrinkYuv(planes: YuvPlanes, shrink: number, box: Box, { out, stride, origin }: Target): void {
  const { data, y, u, v, matrix } = planes;
  const one = 1 << BITS;
  const luma = Math.round((matrix.luma * one) / (shrink * shrink));
  const redOfV = Math.round(matrix.redOfV * one);
  const greenOfU = Math.round(matrix.greenOfU * one);
  const greenOfV = Math.round(matrix.greenOfV * one);
  const blueOfU = Math.round(matrix.blueOfU * one);
  const base = HALF - Math.round(matrix.luma * matrix.black * one);
  // Up to two pixels of the frame share one value of colour; the mean of more is that of the outer ones.
  const wide = shrink > 2;
  for (let row = box.y; row < box.y + box.height; row++) {
    const top = row * shrink;
    const colourRow = top >> 1;
    const below = wide ? ((top + shrink - 1) >> 1) - colourRow : 0;
    let target = 4 * ((row - origin.y) * stride + box.x - origin.x);
    for (let column = box.x; column < box.x + box.width; column++, target += 4) {
      const left = column * shrink;
      let light = 0;
      for (let dy = 0, at = y.offset + top * y.stride + left; dy < shrink; dy++, at += y.stride) {
        for (let dx = 0; dx < shrink; dx++) light += data[at + dx] as number;
      }
      const colour = left >> 1;
      const atU = u.offset + colourRow * u.stride + colour * u.step;
      const atV = v.offset + colourRow * v.stride + colour * v.step;
      let cu = (data[atU] as number) - 128;
      let cv = (data[atV] as number) - 128;
      if (wide) {
        const beside = ((left + shrink - 1) >> 1) - colour;
        const [rightU, downU] = [atU + beside * u.step, atU + below * u.stride];
        const [rightV, downV] = [atV + beside * v.step, atV + below * v.stride];
        cu =
          (cu + (data[rightU] as number) + (data[downU] as number) + (data[downU + beside * u.step] as number) - 384) /
          4;
        cv =
          (cv + (data[rightV] as number) + (data[downV] as number) + (data[downV + beside * v.step] as number) - 384) /
          4;
      }
      const grey = luma * light + base;
      out[target] = (grey + redOfV * cv) >> BITS;
      out[target + 1] = (grey + greenOfU * cu + greenOfV * cv) >> BITS;
      out[target + 2] = (grey + blueOfU * cu) >> BITS;
      out[target + 3] = 255;
    }
  }
}
