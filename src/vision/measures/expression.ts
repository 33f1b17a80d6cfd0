import type { Point } from '#shared/measures';
import type { Landmarks68 } from '../contract.ts';

/** Aspect ratio of an eye that is shut, and of one that is plainly open: the ends of `eyesOpen`. */
const SHUT = 0.1;
const OPEN = 0.25;

/**
 * Eye aspect ratio: mean lid distance over the distance of the corners
 * (Soukupová and Čech, "Real-Time Eye Blink Detection using Facial Landmarks", 2016).
 */
export function eyeAspectRatio(landmarks: Landmarks68, first: 36 | 42): number {
  const [outer, up1, up2, inner, low2, low1] = landmarks.slice(first, first + 6);
  return (distance(up1, low1) + distance(up2, low2)) / (2 * distance(outer, inner));
}

/** How open the eyes are, 0 shut – 1 open: the smaller of the two. */
export function eyesOpen(landmarks: Landmarks68): number {
  const ratio = Math.min(eyeAspectRatio(landmarks, 36), eyeAspectRatio(landmarks, 42));
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
