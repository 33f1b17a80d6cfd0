import type { Box } from '#shared/measures';
import type { Picture } from '../contract.ts';

/** Pixels are looked at in steps: a background is judged by its large shapes. */
const STEP = 3;

/** Luminance spread (standard deviation) at which a background is not uniform at all. */
const BUSY = 0.25;

/**
 * How even the background is, 0 busy – 1 uniform: one minus the spread of the luminance beside and above the head,
 * each side against its own mean, so that light falling off towards one side does not count
 * (ISO/IEC 29794-5 background uniformity asks for the same by gradients of a segmented background).
 * Advice only: hair, shoulders and chairs are not told from the wall.
 *
 * @param head the head rectangle in pixels of the picture
 * @returns null where the picture shows hardly anything but the head
 */
export function backgroundUniformity({ width, height, data }: Picture, head: Box): number | null {
  const margin = 0.15 * head.width;
  const bottom = Math.min(height, head.y + 0.75 * head.height);
  const sides = [
    { from: 0, to: Math.floor(head.x - margin) },
    { from: Math.ceil(head.x + head.width + margin), to: width },
  ];
  let deviation = 0;
  let total = 0;
  for (const { from, to } of sides) {
    let count = 0;
    let sum = 0;
    let squares = 0;
    for (let y = 0; y < bottom; y += STEP) {
      for (let x = Math.max(0, from); x < Math.min(width, to); x += STEP) {
        const n = (y * width + x) * 4;
        const luma = (0.2126 * (data[n] ?? 0) + 0.7152 * (data[n + 1] ?? 0) + 0.0722 * (data[n + 2] ?? 0)) / 255;
        count++;
        sum += luma;
        squares += luma * luma;
      }
    }
    if (count < 50) continue;
    deviation += count * Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
    total += count;
  }
  return total === 0 ? null : Math.max(0, 1 - deviation / total / BUSY);
}
