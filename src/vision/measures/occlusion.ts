import type { Point3 } from '../contract.ts';
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

/** Darker than this the chromaticity of a pixel is noise. */
const COLOURLESS = 0.08;

/** Keeps the logarithm of black finite. */
const BLACK = 0.02;

/**
 * What covers the face: dark glasses and masks, told from light and colour in parts of the mesh, relative to the person's
 * own skin, so that skin colour and exposure fall out. A hand of the face's own colour and clear glasses are not told.
 *
 * *Eyes*: the skin around an open or shut eye (lids and eye bags) is hardly darker than cheek, forehead and nose
 * (log ratio above −0.7 even in deep-set or painted eyes); behind dark lenses it is (below −1.1).
 *
 * Coloured and mirrored lenses differ in chromaticity from the skin around them (above 0.07; lids, frames and shadows below 0.04), and plain
 * ones hide what every eye shows: light and dark side by side.
 *
 * *Mouth*: skin has one chromaticity all over a face, within 0.02, in coloured light and with a beard too; cloth is 0.07 and more away. And a
 * nose has shade and nostrils (deviation over luminance 0.16 and more), whatever lies over it has hardly any. Where neither tells: a mask differs from the forehead and nose bridge at nose tip, cheeks and upper lip alike, and shows no lips
 * and no line between them. One sign alone is not enough: beards differ but leave nose and lips, coloured light differs
 * but leaves the lips.
 *
 * @returns null when too little of the face is to be seen
 */
export function cover(face: AlignedFace, mesh: readonly Point3[]): Cover | null {
  const of = (...zone: [Parameters<typeof zoneStatistics>[2], Parameters<typeof zoneStatistics>[2]?]) =>
    zoneStatistics(face, mesh, ...zone);
  const skin = [of('forehead'), of('noseBridge')].filter((zone) => zone !== null);
  const [nose, leftCheek, rightCheek] = [of('nose'), of('leftCheek'), of('rightCheek')];
  const [upperLip, chin, lips] = [of('upperLip'), of('chin'), of('lips')];
  const around = { left: of('aroundLeftEye', 'leftEye'), right: of('aroundRightEye', 'rightEye') };
  const lower = [nose, leftCheek, rightCheek, upperLip].filter((zone) => zone !== null);
  if (skin.length === 0 || lower.length < 2 || !lips) return null;
  const lipSkin = [upperLip, chin].filter((zone) => zone !== null);
  if (lipSkin.length === 0) return null;
  const eyes = { left: of('leftEye'), right: of('rightEye') };
  const foreign = foreignColour(skin, [nose, leftCheek, rightCheek], lipSkin);
  return {
    leftEye: eyeCover(around.left, eyes.left, [leftCheek, nose, ...skin]),
    rightEye: eyeCover(around.right, eyes.right, [rightCheek, nose, ...skin]),
    mouth: Math.max(mouthCover(skin, lower, lipSkin, lips), ramp(foreign, 0.04, 0.07), noseless(nose)),
  };
}

/** Share of the face that is covered (dark glasses, mask), 0–1. */
export function coveredShare({ leftEye, rightEye, mouth }: Cover): number {
  return SHARES.eye * (leftEye + rightEye) + SHARES.mouth * mouth;
}

function eyeCover(
  around: ZoneStatistics | null,
  eye: ZoneStatistics | null,
  skin: readonly (ZoneStatistics | null)[],
): number {
  const known = skin.filter((zone) => zone !== null);
  if (!around || known.length === 0) return 0;
  const reference = log(Math.min(...known.map(({ luma }) => luma)));
  const darkness = reference - (log(around.luma) + log(around.bright)) / 2;
  const colour = colourDistance(around, known);
  const flatness = eye ? -relativeDeviation(eye) : Number.NEGATIVE_INFINITY;
  return Math.max(ramp(darkness, 0.6, 0.9), ramp(colour, 0.05, 0.08), ramp(flatness, -0.12, -0.07));
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

/** 1 where a nose should be and nothing has a shade. */
function noseless(nose: ZoneStatistics | null): number {
  return nose ? ramp(-relativeDeviation(nose), -0.13, -0.08) : 0;
}

function relativeDeviation({ deviation, luma }: ZoneStatistics): number {
  return deviation / (luma + BLACK);
}

/** Distance of chromaticity to the nearest of others; 0 where it is too dark to have a colour. */
function colourDistance(zone: ZoneStatistics, others: readonly ZoneStatistics[]): number {
  const lit = others.filter(({ luma }) => luma > COLOURLESS);
  if (zone.luma <= COLOURLESS || lit.length === 0) return 0;
  return Math.min(...lit.map((other) => Math.hypot(zone.red - other.red, zone.blue - other.blue)));
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
    ...others.map((other) =>
      Math.hypot(
        log(zone.luma) - log(other.luma),
        CHROMA_WEIGHT * (zone.red - other.red),
        CHROMA_WEIGHT * (zone.blue - other.blue),
      ),
    ),
  );
}

function log(luma: number): number {
  return Math.log(luma + BLACK);
}

/** 0 up to `from`, 1 from `to` on, straight in between. */
function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}
