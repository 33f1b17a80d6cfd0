import { acrossSkin, alongSkin } from './skin-line.ts';
import type { ZoneStatistics } from './zones.ts';

/** A part of the face, or nothing where it lies beyond the picture. */
export type MaybeZone = ZoneStatistics | null;

/** Colour is compared in log luminance; a difference of chromaticity weighs this many times as much. */
const CHROMA_WEIGHT = 6;

/** Redder along skin's own line than elsewhere in the face is skin still, up to this much; only what leaves that line is another material. */
const MOST_REDDENING = 0.2;

/** Darker than this the chromaticity of a zone is noise. */
const COLOURLESS = 0.08;

/** Keeps the logarithm of black finite. */
const BLACK = 0.02;

/** Detail of eyes and lips (deviation over luminance) in a sharp, well lit face. */
export const DETAIL = { eyes: 0.45, lips: 0.25 } as const;

/** How far a zone's chromaticity is from skin as the nearest of others has it; 0 where it is too dark to have a colour. */
export function colourDistance(zone: ZoneStatistics, others: readonly ZoneStatistics[]): number {
  const lit = others.filter(({ luma }) => luma > COLOURLESS);
  if (zone.luma <= COLOURLESS || lit.length === 0) return 0;
  return Math.min(...lit.map((other) => offSkin(zone, other)));
}

/** Distance of one chromaticity from the line along which skin of another reddens. */
function offSkin(zone: ZoneStatistics, skin: ZoneStatistics): number {
  const [red, blue] = [zone.red - skin.red, zone.blue - skin.blue];
  const along = alongSkin(red, blue);
  return Math.hypot(Math.max(-along, along - MOST_REDDENING, 0), acrossSkin(red, blue));
}

/** Distance in log luminance and in colour off skin's line from the most alike of others. */
export function nearest(zone: ZoneStatistics, others: readonly ZoneStatistics[]): number {
  return Math.min(
    ...others.map((other) => Math.hypot(log(zone.luma) - log(other.luma), CHROMA_WEIGHT * offSkin(zone, other))),
  );
}

/** Distance of two zones in log luminance and chromaticity, redness included. */
export function unlike(a: ZoneStatistics, b: ZoneStatistics): number {
  return Math.hypot(log(a.luma) - log(b.luma), CHROMA_WEIGHT * Math.hypot(a.red - b.red, a.blue - b.blue));
}

/** How much detail zones show of what a good picture shows there: blur and flat light take it from the whole face alike. 0.3–1. */
export function detail(zones: readonly (ZoneStatistics | null)[], full: number): number {
  const most = Math.max(0, ...zones.map((zone) => (zone ? relativeDeviation(zone) : 0)));
  return Math.min(1, Math.max(0.3, most / full));
}

/** Detail of a zone: deviation of luminance over luminance. */
export function relativeDeviation({ deviation, luma }: ZoneStatistics): number {
  return deviation / (luma + BLACK);
}

/** Log luminance. */
export function log(luma: number): number {
  return Math.log(luma + BLACK);
}

/** 0 up to `from`, 1 from `to` on, straight in between. */
export function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}
