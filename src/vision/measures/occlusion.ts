import type { Point3 } from '../contract.ts';
import { ZONES, type Zone } from '../engines/mesh-points.ts';
import type { AlignedFace } from '../pixels/aligned.ts';
import { eyeCovers } from './cover-of-eyes.ts';
import { mouthCover } from './cover-of-mouth.ts';
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

/**
 * What covers the face: dark glasses, masks, hands and hair, told from light and colour in parts of the mesh, relative to the person's own
 * skin, so that skin colour and exposure fall out. Clear glasses are no cover; a cover that looks like the skin around it, details
 * included, is not told.
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
  const { lips } = zones;
  const mouth = lips && mouthCover(zones, lips);
  if (!lips || mouth === null) return null;
  const [leftEye, rightEye] = eyeCovers(zones, lips);
  return { leftEye, rightEye, mouth };
}

/** Share of the face that is covered (dark glasses, mask), 0–1. */
export function coveredShare({ leftEye, rightEye, mouth }: Cover): number {
  return SHARES.eye * (leftEye + rightEye) + SHARES.mouth * mouth;
}
