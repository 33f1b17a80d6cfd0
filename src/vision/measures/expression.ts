import type { Point } from '#shared/measures';
import type { EyeContour, Landmarks68 } from '../contract.ts';

/** Aspect ratio of an eye that is shut, and of one that is plainly open (narrow eyes included): the ends of `eyesOpen`. */
const SHUT = 0.1;
const OPEN = 0.27;

/**
 * Eye aspect ratio: mean distance of the lids over the distance of the corners
 * (Soukupová and Čech, "Real-Time Eye Blink Detection using Facial Landmarks", 2016).
 */
export function eyeAspectRatio({ corners, lids }: EyeContour): number {
  const mean = lids.reduce((sum, [upper, lower]) => sum + distance(upper, lower), 0) / lids.length;
  return mean / distance(corners[0], corners[1]);
}

/** How open the eyes are, 0 shut – 1 open: the less open of the two. */
export function eyesOpen(eyes: readonly EyeContour[]): number {
  const ratio = Math.min(...eyes.map(eyeAspectRatio));
  return Math.min(1, Math.max(0, (ratio - SHUT) / (OPEN - SHUT)));
}

/** Gap between the inner lips over the width of the mouth, 0 closed. */
export function mouthOpen(landmarks: Landmarks68): number {
  const gaps = [
    [61, 67],
    [62, 66],
    [63, 65],
  ] as const;
  const mean = gaps.reduce((sum, [top, bottom]) => sum + distance(landmarks[top], landmarks[bottom]), 0) / gaps.length;
  return mean / distance(landmarks[48], landmarks[54]);
}

/** Width of the mouth over the inter-eye distance: at rest, and in a broad smile. */
const REST = 0.92;
const SMILE = 1.15;

/** Gap between the lips, over the mouth's width, from which on it is an expression, and where it is a plain one. */
const PARTED = 0.05;
const WIDE = 0.3;

/**
 * How neutral the mouth is, 0 a broad smile or wide open – 1 at rest: the less neutral of its width over the inter-eye
 * distance and its opening (ISO/IEC 29794-5 expression neutrality, ISO/IEC 19794-5 neutral expression). Brows and eyes
 * are left out: they differ more between people at rest than between expressions.
 *
 * @param ied inter-eye distance in the same pixels, undone of foreshortening by the same yaw as the mouth
 */
export function expressionNeutrality(landmarks: Landmarks68, ied: number): number {
  const width = distance(landmarks[48], landmarks[54]) / ied;
  const smile = (width - REST) / (SMILE - REST);
  const open = (mouthOpen(landmarks) - PARTED) / (WIDE - PARTED);
  return Math.min(1, Math.max(0, 1 - Math.max(smile, open)));
}

function distance(a: Point | undefined, b: Point | undefined): number {
  if (!a || !b) throw new RangeError('A landmark is missing');
  return Math.hypot(a.x - b.x, a.y - b.y);
}
