import type { Box } from '#shared/measures';
import type { Picture } from '../contract.ts';
import { type FramePlanes, shrinkInto } from './planes.ts';

/** A frame's pixels, shrunk where they are asked for, part by part: following a face looks at a fraction of its frame. */
export interface OnDemand {
  /** Every pixel. */
  all(): Uint8ClampedArray;
  /** The same array; only the pixels of `box` (clipped to the picture) need to be right. */
  within(box: Box): Uint8ClampedArray;
}

/**
 * @param size of the shrunk picture
 * @param shrink pixels of the frame to a side of one here, a whole number
 * @param out RGBA of that size, written to as long as the answer is used
 */
export function onDemand(
  planes: FramePlanes,
  { width, height }: Pick<Picture, 'width' | 'height'>,
  shrink: number,
  out: Uint8ClampedArray,
): OnDemand {
  const made: Box[] = [];
  const make = (box: Box): Uint8ClampedArray => {
    if (box.width > 0 && box.height > 0 && !made.some((one) => covers(one, box))) {
      shrinkInto(planes, shrink, box, out, width);
      made.push(box);
    }
    return out;
  };
  return {
    all: () => make({ x: 0, y: 0, width, height }),
    within(box) {
      const x = Math.max(0, Math.floor(box.x));
      const y = Math.max(0, Math.floor(box.y));
      const right = Math.min(width, Math.ceil(box.x + box.width));
      const bottom = Math.min(height, Math.ceil(box.y + box.height));
      return make({ x, y, width: right - x, height: bottom - y });
    },
  };
}

function covers(a: Box, b: Box): boolean {
  return a.x <= b.x && a.y <= b.y && a.x + a.width >= b.x + b.width && a.y + a.height >= b.y + b.height;
}
