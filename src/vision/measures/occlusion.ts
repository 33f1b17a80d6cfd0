import type { Point3 } from '../contract.ts';
import { ZONES, type Zone } from '../engines/mesh-points.ts';
import type { AlignedFace } from '../pixels/aligned.ts';
import { type ZoneStatistics, zoneStatistics } from './zones.ts';

/** What hides parts of a face, each 0 free – 1 hidden. */
export interface Cover {
  leftEye: number;
  rightEye: number;
  /** Nose, mouth and chin together: a mask. */
  mouth: number;
}

/** How much of the face each part is taken for. */
const SHARES = { eye: 0.15, mouth: 0.4 } as const;

/** Colour is compared in log luminance; a difference of chromaticity weighs this many times as much. */
const CHROMA_WEIGHT = 6;

/**
 * The way skin changes its chromaticity (red up, blue down): shade and blood make it redder, a highlight takes the light's own colour. So
 * redder than skin elsewhere in the face is skin still, up to this much; only what leaves that line is another material.
 */
const REDDENING = { red: 0.8, blue: -0.6, most: 0.2 } as const;

/** Detail of eyes and lips (deviation over luminance) in a sharp, well lit face; below it flatness elsewhere means as much less. */
const DETAIL = { eyes: 0.45, lips: 0.25 } as const;

/** Darker than this the chromaticity of a pixel is noise. */
const COLOURLESS = 0.08;

/** Keeps the logarithm of black finite. */
const BLACK = 0.02;

/**
 * What covers the face: dark glasses and masks, told from light and colour in parts of the mesh, relative to the person's
 * own skin, so that skin colour and exposure fall out. A hand of the face's own colour and clear glasses are not told.
 *
 * *Eyes*: the skin around an open or shut eye (lids and eye bags) is hardly darker than cheek, nose and forehead
 * (log ratio above −0.7 even in deep-set or painted eyes); behind dark lenses it is (below −1.1). A forehead under hair or a hat is no
 * measure of skin. Coloured and mirrored lenses leave the skin's line of colour (by 0.1 and more; lids, frames and shadows stay within 0.06),
 * and plain ones hide what every eye shows: light and dark side by side.
 *
 * *Mouth*: shade and highlight move skin along one line of chromaticity, within 0.04 of it all over a face, in coloured light and with a beard
 * too; cloth is 0.1 and more away. And a nose has shade and nostrils, whatever lies over it has hardly any (deviation over luminance
 * below 0.05, where the eyes of the same picture show detail). Where neither tells: a mask differs from the forehead and nose bridge at nose
 * tip, cheeks and upper lip alike, and shows no lips and no line between them. One sign alone is not enough: beards differ but leave nose and
 * lips, coloured light differs but leaves the lips.
 *
 * @returns null when too little of the face is to be seen
 */
export function cover(face: AlignedFace, mesh: readonly Point3[]): Cover | null {
  const without: Partial<Record<Zone, Zone>> = { aroundLeftEye: 'leftEye', aroundRightEye: 'rightEye' };
  const names = Object.keys(ZONES) as Zone[];
  const zones = names.map((zone) => [zone, zoneStatistics(face, mesh, zone, without[zone])]);
  return coverOf(Object.fromEntries(zones));
}

/** The same from the statistics of the zones, the eyes left out of what is around them. */
export function coverOf(zones: Readonly<Record<Zone, ZoneStatistics | null>>): Cover | null {
  const { nose, leftCheek, rightCheek, upperLip, chin, lips, forehead, noseBridge, leftEye, rightEye } = zones;
  const skin = [forehead, noseBridge].filter((zone) => zone !== null);
  const lower = [nose, leftCheek, rightCheek, upperLip].filter((zone) => zone !== null);
  const lipSkin = [upperLip, chin].filter((zone) => zone !== null);
  if (skin.length === 0 || lower.length < 2 || !lips || lipSkin.length === 0) return null;
  const foreign = foreignColour(skin, [nose, leftCheek, rightCheek], lipSkin);
  return {
    leftEye: eyeCover(zones.aroundLeftEye, leftEye, bare([leftCheek, nose, noseBridge], forehead), lips),
    rightEye: eyeCover(zones.aroundRightEye, rightEye, bare([rightCheek, nose, noseBridge], forehead), lips),
    mouth: Math.max(
      mouthCover(skin, lower, lipSkin, lips),
      ramp(foreign, 0.05, 0.09),
      noseless(nose, [leftEye, rightEye]),
    ),
  };
}

/** Share of the face that is covered (dark glasses, mask), 0–1. */
export function coveredShare({ leftEye, rightEye, mouth }: Cover): number {
  return SHARES.eye * (leftEye + rightEye) + SHARES.mouth * mouth;
}

/** Zones of bare skin: a forehead half as dark as the darkest of the others is hair or a hat. */
function bare(zones: readonly (ZoneStatistics | null)[], forehead: ZoneStatistics | null): ZoneStatistics[] {
  const known = zones.filter((zone) => zone !== null);
  const darkest = Math.min(...known.map(({ luma }) => luma));
  return forehead && (known.length === 0 || forehead.luma > darkest / 2) ? [...known, forehead] : known;
}

function eyeCover(
  around: ZoneStatistics | null,
  eye: ZoneStatistics | null,
  skin: readonly ZoneStatistics[],
  lips: ZoneStatistics,
): number {
  if (!around || skin.length === 0) return 0;
  const reference = log(Math.min(...skin.map(({ luma }) => luma)));
  const darkness = reference - (log(around.luma) + log(around.bright)) / 2;
  const colour = colourDistance(around, skin);
  const flatness = eye ? -relativeDeviation(eye) / detail([lips], DETAIL.lips) : Number.NEGATIVE_INFINITY;
  return Math.max(ramp(darkness, 0.6, 0.9), ramp(colour, 0.06, 0.1), ramp(flatness, -0.12, -0.07));
}

/** How far the lower face is from the skin above in chromaticity: both beside the mouth, and at nose or cheeks, where no beard grows. */
function foreignColour(
  skin: readonly ZoneStatistics[],
  middle: readonly (ZoneStatistics | null)[],
  lipSkin: readonly ZoneStatistics[],
): number {
  const [nose, ...cheeks] = middle.map((zone) => (zone ? colourDistance(zone, skin) : 0));
  const bare = Math.max(nose ?? 0, Math.min(...cheeks));
  return Math.min(bare, Math.max(...lipSkin.map((zone) => colourDistance(zone, skin))));
}

/** 1 where a nose should be and nothing has a shade, although the eyes of the same picture show detail. */
function noseless(nose: ZoneStatistics | null, eyes: readonly (ZoneStatistics | null)[]): number {
  return nose ? ramp(-relativeDeviation(nose) / detail(eyes, DETAIL.eyes), -0.13, -0.08) : 0;
}

/** How much detail zones show of what a good picture shows there: blur and flat light take it from the whole face alike. 0.3–1. */
function detail(zones: readonly (ZoneStatistics | null)[], full: number): number {
  const most = Math.max(0, ...zones.map((zone) => (zone ? relativeDeviation(zone) : 0)));
  return Math.min(1, Math.max(0.3, most / full));
}

function relativeDeviation({ deviation, luma }: ZoneStatistics): number {
  return deviation / (luma + BLACK);
}

/** How far a zone's chromaticity is from skin as the nearest of others has it; 0 where it is too dark to have a colour. */
function colourDistance(zone: ZoneStatistics, others: readonly ZoneStatistics[]): number {
  const lit = others.filter(({ luma }) => luma > COLOURLESS);
  if (zone.luma <= COLOURLESS || lit.length === 0) return 0;
  return Math.min(...lit.map((other) => offSkin(zone, other)));
}

/** Distance of one chromaticity from the line along which skin of another reddens. */
function offSkin(zone: ZoneStatistics, skin: ZoneStatistics): number {
  const [red, blue] = [zone.red - skin.red, zone.blue - skin.blue];
  const along = REDDENING.red * red + REDDENING.blue * blue;
  const across = REDDENING.red * blue - REDDENING.blue * red;
  return Math.hypot(Math.max(-along, along - REDDENING.most, 0), across);
}

function mouthCover(
  skin: readonly ZoneStatistics[],
  lower: readonly ZoneStatistics[],
  lipSkin: readonly ZoneStatistics[],
  lips: ZoneStatistics,
): number {
  const foreign = lower.map((zone) => nearest(zone, skin)).sort((a, b) => a - b)[1] ?? 0;
  const lipColour = nearest(lips, lipSkin);
  const lipLine = log(Math.min(...lipSkin.map(({ luma }) => luma))) - log(lips.dark);
  const byColour = ramp(foreign / 0.5 - Math.max(lipColour / 0.5, lipLine / 0.9), 0.4, 0.7);
  // A mask of the skin's own colour still leaves a mouth without lips, line or shading.
  const flatness = ramp(-lips.deviation / (lips.luma + BLACK), -0.12, -0.06) * ramp(-lipLine, -0.14, -0.08);
  return Math.max(byColour, flatness);
}

function nearest(zone: ZoneStatistics, others: readonly ZoneStatistics[]): number {
  return Math.min(
    ...others.map((other) => Math.hypot(log(zone.luma) - log(other.luma), CHROMA_WEIGHT * offSkin(zone, other))),
  );
}

function log(luma: number): number {
  return Math.log(luma + BLACK);
}

/** 0 up to `from`, 1 from `to` on, straight in between. */
function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}
