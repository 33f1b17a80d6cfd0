import type { Point } from '#shared/measures';
import type { Picture } from '../contract.ts';
import { cutOut, type Region, similarity } from './warp.ts';

/** Inter-eye distance of the aligned face in pixels: every pixel measure sees faces of one size. */
export const ALIGNED_IED = 64;

/** Side of the aligned cut-out: three inter-eye distances, from above the brows to below the chin. */
const ALIGNED_SIZE = 3 * ALIGNED_IED;

/** How far the middle of the cut-out lies below the eyes, in inter-eye distances. */
const DROP = 0.45;

/** A face cut out upright, its eyes level and `ALIGNED_IED` apart. Values 0–1. */
export interface AlignedFace {
  size: number;
  /** RGB, row by row. */
  rgb: Float32Array;
  /** Rec. 709 luma of the sRGB values (what ISO/IEC 29794-5 takes for luminance), row by row. */
  luma: Float32Array;
  /** 1 inside the picture, 0 where the cut-out reaches beyond it. */
  inside: Uint8Array;
  /** Brings a point of the picture to the cut-out. */
  place(p: Point): Point;
}

/** Cuts the face between two eye centres out of a picture, upright and of standard size. */
export function alignFace(picture: Picture, leftEye: Point, rightEye: Point, ied: number): AlignedFace {
  const dx = rightEye.x - leftEye.x;
  const dy = rightEye.y - leftEye.y;
  const angle = Math.atan2(dy, dx);
  const drop = DROP * ied;
  const region: Region = {
    centre: {
      x: (leftEye.x + rightEye.x) / 2 - Math.sin(angle) * drop,
      y: (leftEye.y + rightEye.y) / 2 + Math.cos(angle) * drop,
    },
    side: (ied * ALIGNED_SIZE) / ALIGNED_IED,
    roll: (angle * 180) / Math.PI,
  };
  const size = ALIGNED_SIZE;
  const rgb = cutOut(picture, region, size, 1 / 255, 0);
  const luma = new Float32Array(size * size);
  const inside = new Uint8Array(size * size);
  const map = similarity(region, size);
  for (let row = 0, n = 0; row < size; row++) {
    for (let column = 0; column < size; column++, n++) {
      luma[n] = 0.2126 * (rgb[3 * n] ?? 0) + 0.7152 * (rgb[3 * n + 1] ?? 0) + 0.0722 * (rgb[3 * n + 2] ?? 0);
      const p = map.toPicture({ x: column + 0.5, y: row + 0.5 });
      inside[n] = p.x >= 0 && p.y >= 0 && p.x < picture.width && p.y < picture.height ? 1 : 0;
    }
  }
  return { size, rgb, luma, inside, place: map.toCrop };
}

/** Marks the pixels whose centre lies inside a polygon (even–odd rule): `size × size`, 1 inside. */
export function polygonMask(polygon: readonly Point[], size: number): Uint8Array {
  const mask = new Uint8Array(size * size);
  for (const { row, from, to } of polygonSpans(polygon, size)) mask.fill(1, row * size + from, row * size + to + 1);
  return mask;
}

/** Pixels of one row, the last included. */
export interface Span {
  row: number;
  from: number;
  to: number;
}

/** The same as pieces of rows, from the top down and from left to right. */
export function polygonSpans(polygon: readonly Point[], size: number): Span[] {
  const spans: Span[] = [];
  const top = Math.max(0, Math.floor(polygon.reduce((least, { y }) => Math.min(least, y), size)));
  const bottom = Math.min(size, Math.ceil(polygon.reduce((most, { y }) => Math.max(most, y), 0)));
  for (let row = top; row < bottom; row++) {
    const y = row + 0.5;
    const crossings: number[] = [];
    for (let n = 0; n < polygon.length; n++) {
      const a = polygon[n] as Point;
      const b = polygon[n + 1 < polygon.length ? n + 1 : 0] as Point;
      if (a.y <= y !== b.y <= y) crossings.push(a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x));
    }
    crossings.sort((p, q) => p - q);
    let next = 0;
    for (let n = 0; n + 1 < crossings.length; n += 2) {
      const from = Math.max(next, Math.ceil((crossings[n] ?? 0) - 0.5));
      const to = Math.min(size - 1, Math.floor((crossings[n + 1] ?? 0) - 0.5));
      if (from > to) continue;
      spans.push({ row, from, to });
      next = to + 1;
    }
  }
  return spans;
}
