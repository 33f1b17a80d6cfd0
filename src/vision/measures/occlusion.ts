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

/** Keeps the logarithm of black finite. */
const BLACK = 0.02;

/**
 * What covers the face: dark glasses and masks, told from light and colour in parts of the mesh, relative to the person's
 * own skin, so that skin colour and exposure fall out. A hand of the face's own colour and clear glasses are not told.
 *
 * *Eyes*: the skin around an open or shut eye (lids and eye bags) is hardly darker than cheek, forehead and nose
 * (log ratio above −0.7 even in deep-set or painted eyes); behind dark lenses it is (below −1.1).
 *
 * *Mouth*: a mask differs from the forehead and nose bridge at nose tip, cheeks and upper lip alike, and shows no lips
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
  return {
    leftEye: eyeCover(around.left, [leftCheek, nose, ...skin]),
    rightEye: eyeCover(around.right, [rightCheek, nose, ...skin]),
    mouth: mouthCover(skin, lower, lipSkin, lips),
  };
}

/** Share of the face that is covered (dark glasses, mask), 0–1. */
export function coveredShare({ leftEye, rightEye, mouth }: Cover): number {
  return SHARES.eye * (leftEye + rightEye) + SHARES.mouth * mouth;
}

function eyeCover(around: ZoneStatistics | null, skin: readonly (ZoneStatistics | null)[]): number {
  const lumas = skin.filter((zone) => zone !== null).map(({ luma }) => luma);
  if (!around || lumas.length === 0) return 0;
  const reference = log(Math.min(...lumas));
  const darkness = reference - (log(around.luma) + log(around.bright)) / 2;
  return ramp(darkness, 0.6, 0.9);
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
