import type { Point3 } from '../contract.ts';
import { ZONES, type Zone } from '../engines/mesh-points.ts';
import { type AlignedFace, polygonMask } from '../pixels/aligned.ts';
import { acrossSkin } from './skin-line.ts';

/** Light and colour of one part of a face, robust against the few pixels that do not belong. */
export interface ZoneStatistics {
  /** Median luminance, 0–1. */
  luma: number;
  /** Tenth and ninetieth percentile of luminance. */
  dark: number;
  bright: number;
  /** Standard deviation of luminance. */
  deviation: number;
  /** Median chromaticity: red and blue over the sum of the channels. */
  red: number;
  blue: number;
  /** How far its pixels lie off one line of skin: tenth to ninetieth percentile of chromaticity across that line; 0 where it is dark. */
  mottled: number;
}

/** Darker than this (sum of the channels) the chromaticity of a pixel is noise. */
const COLOURLESS = 0.12;

/** A zone of fewer pixels says nothing. */
const ENOUGH = 20;

/** Statistics of a zone of the face, those of `without` left out; null when it is almost or wholly out of the picture. */
export function zoneStatistics(
  face: AlignedFace,
  mesh: readonly Point3[],
  zone: Zone,
  without?: Zone,
): ZoneStatistics | null {
  const marked = zoneMask(face, mesh, zone);
  const left = without && zoneMask(face, mesh, without);
  const luma: number[] = [];
  const red: number[] = [];
  const blue: number[] = [];
  const off: number[] = [];
  let sum = 0;
  let squares = 0;
  for (let n = 0; n < marked.length; n++) {
    if (!marked[n] || left?.[n] || !face.inside[n]) continue;
    const [r, g, b] = [face.rgb[3 * n] ?? 0, face.rgb[3 * n + 1] ?? 0, face.rgb[3 * n + 2] ?? 0];
    const value = face.luma[n] ?? 0;
    luma.push(value);
    sum += value;
    squares += value * value;
    const all = r + g + b + 1e-3;
    red.push(r / all);
    blue.push(b / all);
    if (all > COLOURLESS) off.push(acrossSkin(r / all, b / all));
  }
  if (luma.length < ENOUGH) return null;
  const mean = sum / luma.length;
  const lumas = sorted(luma);
  return {
    luma: quantile(lumas, 0.5),
    dark: quantile(lumas, 0.1),
    bright: quantile(lumas, 0.9),
    deviation: Math.sqrt(Math.max(0, squares / luma.length - mean * mean)),
    red: quantile(sorted(red), 0.5),
    blue: quantile(sorted(blue), 0.5),
    mottled: range(off),
  };
}

function zoneMask(face: AlignedFace, mesh: readonly Point3[], zone: Zone): Uint8Array {
  const polygon = ZONES[zone].map((n) => mesh[n]).filter((p) => p !== undefined);
  return polygonMask(polygon.map(face.place), face.size);
}

function range(values: readonly number[]): number {
  if (values.length < ENOUGH) return 0;
  const ordered = sorted(values);
  return quantile(ordered, 0.9) - quantile(ordered, 0.1);
}

/** In a typed array, which is sorted as numbers without asking anybody. */
function sorted(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
