import type { Box } from '#shared/measures';
import type { Detection, FaceEngine, Picture } from './contract.ts';

/** A face lower than this share of the picture's longer side may have company that one look at the whole picture misses. */
const SMALL = 0.22;

/** Side of a tile in longer sides of the picture. Two overlap by more than the largest face that is looked for in them. */
const TILE = 0.6;

/** Enlarged, a rocket's fins and a dog's ear look a little like faces (up to 0.66); small faces of people score 0.72 and more. */
const MIN_SCORE = 0.7;

/** Whether the picture's faces are so small, or so absent, that a second look in parts is worth its time. */
export function mayHideSmallFaces(picture: Picture, faces: readonly { box: Box }[]): boolean {
  const tallest = Math.max(0, ...faces.map(({ box }) => box.height));
  return tallest < SMALL * Math.max(picture.width, picture.height);
}

/**
 * Detections in overlapping parts of a picture, in its own pixels: the detector shrinks whatever it looks at to 256 pixels, so that a group
 * across a hall is found only piece by piece. A face that lies in two parts is given twice.
 */
export async function detectInParts(picture: Picture, engine: FaceEngine): Promise<Detection[]> {
  const found: Detection[] = [];
  for (const part of parts(picture)) {
    for (const { box, ...rest } of await engine.detect(crop(picture, part))) {
      if (rest.score < MIN_SCORE) continue;
      found.push({ ...rest, box: { ...box, x: box.x + part.x, y: box.y + part.y } });
    }
  }
  return found;
}

/** Squares that cover the picture, two along each side that is longer than one of them. */
function parts({ width, height }: Picture): Box[] {
  const side = Math.round(TILE * Math.max(width, height));
  const starts = (length: number) => (length <= side ? [0] : [0, length - side]);
  return starts(height).flatMap((y) =>
    starts(width).map((x) => ({ x, y, width: Math.min(side, width), height: Math.min(side, height) })),
  );
}

function crop(picture: Picture, { x, y, width, height }: Box): Picture {
  const out = new Uint8ClampedArray(width * height * 4);
  for (let row = 0; row < height; row++) {
    const from = 4 * ((y + row) * picture.width + x);
    out.set(picture.data.subarray(from, from + 4 * width), 4 * row * width);
  }
  return { width, height, data: out, scale: 1, source: { width, height } };
}
