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

function distance(a: Point | undefined, b: Point | undefined): number {
  if (!a || !b) throw new RangeError('A landmark is missing');
  return Math.hypot(a.x - b.x, a.y - b.y);
}
