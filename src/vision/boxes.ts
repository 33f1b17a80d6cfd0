import type { Box } from '#shared/measures';

/** Intersection over union of two rectangles, 0–1. */
export function overlap(a: Box, b: Box): number {
  const common = intersection(a, b);
  return common === 0 ? 0 : common / (a.width * a.height + b.width * b.height - common);
}

/** The part of the smaller rectangle that the other covers, 0–1. */
export function coveredPart(a: Box, b: Box): number {
  return intersection(a, b) / Math.min(a.width * a.height, b.width * b.height);
}

/** The area two rectangles have in common. */
function intersection(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}
