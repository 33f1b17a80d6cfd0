import type { Sharp } from 'sharp';
import type { Box } from '#shared/measures';

/**
 * Where a part of the upright picture lies in the stored one, for each EXIF orientation (EXIF 2.32 §4.6.4). Cutting first and turning
 * the part costs the part; turning first would unpack the whole picture.
 *
 * @param upright size of the upright picture
 */
export function storedBox(box: Box, orientation: number, upright: { width: number; height: number }): Box {
  const { x, y, width, height } = box;
  const fromRight = upright.width - x - width;
  const fromBottom = upright.height - y - height;
  const lying = { width: height, height: width };
  switch (orientation) {
    case 2:
      return { x: fromRight, y, width, height };
    case 3:
      return { x: fromRight, y: fromBottom, width, height };
    case 4:
      return { x, y: fromBottom, width, height };
    case 5:
      return { x: y, y: x, ...lying };
    case 6:
      return { x: y, y: fromRight, ...lying };
    case 7:
      return { x: fromBottom, y: fromRight, ...lying };
    case 8:
      return { x: fromBottom, y: x, ...lying };
    default:
      return box;
  }
}

/** Whether the stored picture lies on its side. */
export function liesOnSide(orientation: number): boolean {
  return orientation >= 5;
}

/** Turns stored pixels upright. Mirroring comes before the turn, as `sharp` does it. */
export function turnUpright(stored: Sharp, orientation: number): Sharp {
  switch (orientation) {
    case 2:
      return stored.flop();
    case 3:
      return stored.rotate(180);
    case 4:
      return stored.flip();
    case 5:
      return stored.flip().rotate(90);
    case 6:
      return stored.rotate(90);
    case 7:
      return stored.flop().rotate(90);
    case 8:
      return stored.rotate(270);
    default:
      return stored;
  }
}
