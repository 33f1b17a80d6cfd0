import type { Point } from '#shared/measures';
import type { Point3 } from '../contract.ts';
import { ZONES, type Zone } from '../engines/mesh-points.ts';
import { type AlignedFace, polygonMask, polygonSpans } from '../pixels/aligned.ts';
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
  const { size } = face;
  const spans = polygonSpans(outline(face, mesh, zone), size);
  const left = without && polygonMask(outline(face, mesh, without), size);
  const most = spans.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  const lumas = new Float64Array(most);
  const reds = new Float64Array(most);
  const blues = new Float64Array(most);
  const offs = new Float64Array(most);
  let count = 0;
  let coloured = 0;
  let sum = 0;
  let squares = 0;
  for (const { row, from, to } of spans) {
    for (let n = row * size + from; n <= row * size + to; n++) {
      if (left?.[n] || !face.inside[n]) continue;
      const r = face.rgb[3 * n] as number;
      const g = face.rgb[3 * n + 1] as number;
      const b = face.rgb[3 * n + 2] as number;
      const value = face.luma[n] as number;
      sum += value;
      squares += value * value;
      const all = r + g + b + 1e-3;
      lumas[count] = value;
      reds[count] = r / all;
      blues[count++] = b / all;
      if (all > COLOURLESS) offs[coloured++] = acrossSkin(r / all, b / all);
    }
  }
  if (count < ENOUGH) return null;
  const mean = sum / count;
  const ordered = lumas.subarray(0, count).sort();
  return {
    luma: quantile(ordered, 0.5),
    dark: quantile(ordered, 0.1),
    bright: quantile(ordered, 0.9),
    deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)),
    red: quantile(reds.subarray(0, count).sort(), 0.5),
    blue: quantile(blues.subarray(0, count).sort(), 0.5),
    mottled: range(offs.subarray(0, coloured)),
  };
}

function outline(face: AlignedFace, mesh: readonly Point3[], zone: Zone): Point[] {
  const polygon = ZONES[zone].map((n) => mesh[n]).filter((p) => p !== undefined);
  return polygon.map(face.place);
}

/** Orders the values on the way. */
function range(values: Float64Array): number {
  if (values.length < ENOUGH) return 0;
  values.sort();
  return quantile(values, 0.9) - quantile(values, 0.1);
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
