import type { Point } from '#shared/measures';
import type { FaceEngine, FaceShape, Picture } from './contract.ts';
import { type ConfirmedFace, findFaces } from './faces.ts';
import { faceBox } from './measures/geometry.ts';

/** A face found across a mirror's edge counts when its middle is this near to the edge, in its own widths. */
const NEAR = 0.3;

/**
 * A face that the picture's left or right edge cuts in half. Detectors do not know half faces, but faces are symmetric:
 * mirrored at the edge the half becomes a whole. Its points beyond the edge lie outside the picture, as they should.
 *
 * Only for pictures in which nothing else was found: it tells "cut off" from "nobody there".
 */
export async function findCutFace(picture: Picture, engine: FaceEngine): Promise<ConfirmedFace | null> {
  for (const edge of ['left', 'right'] as const) {
    const mirrored = mirror(picture, edge);
    const seam = mirrored.width / 2;
    const found = (await findFaces(mirrored, engine)).find(
      ({ box }) => Math.abs(box.x + box.width / 2 - seam) < NEAR * box.width,
    );
    if (!found) continue;
    const shift = edge === 'left' ? -seam : picture.width - seam;
    const shape = moved(found.shape, shift);
    return { shape, box: faceBox(shape), score: found.score };
  }
  return null;
}

/** The part of a picture next to its left or right edge, with its mirror image beyond the edge. */
function mirror(picture: Picture, edge: 'left' | 'right'): Picture {
  const { width, height, data } = picture;
  const half = Math.min(width, height);
  const out = new Uint8ClampedArray(2 * half * height * 4);
  const source = new Uint32Array(data.buffer.slice(data.byteOffset, data.byteOffset + width * height * 4));
  const target = new Uint32Array(out.buffer);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < 2 * half; column++) {
      const from = column < half ? half - 1 - column : column - half;
      const x = edge === 'left' ? from : width - 1 - from;
      target[row * 2 * half + column] = source[row * width + x] ?? 0;
    }
  }
  // Left of the seam lies the mirror image at the left edge; at the right edge the picture itself lies there.
  return { width: 2 * half, height, data: out, scale: 1, source: { width: 2 * half, height } };
}

function moved(shape: FaceShape, by: number): FaceShape {
  const to = <P extends Point>(p: P): P => ({ ...p, x: p.x + by });
  return { ...shape, landmarks: shape.landmarks.map(to), mesh: shape.mesh?.map(to) ?? null };
}
