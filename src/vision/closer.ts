import type { Box, Point } from '#shared/measures';
import type { FaceEngine, FaceShape, Picture } from './contract.ts';
import type { ConfirmedFace } from './faces.ts';
import { eyeCentres, faceBox, interEyeDistance } from './measures/geometry.ts';
import { ALIGNED_IED } from './pixels/aligned.ts';

/** A face and the pixels to measure it on: the picture itself, or a closer view of the face. */
export interface View {
  picture: Picture;
  shape: FaceShape;
}

/** Below this gain a closer view is not worth a second decode. */
const WORTH = 1.3;

/** How much of the source around the face a closer view takes in, in face boxes. */
const AROUND = 1.8;

/**
 * A closer view of a face that is small in the shrunk picture, while its source has more pixels of it: a person standing
 * far off in a large photo would otherwise read as blurred. The picture itself where there is nothing to gain.
 */
export async function closerView(picture: Picture, face: ConfirmedFace, engine: FaceEngine): Promise<View> {
  const { scale } = picture;
  const here: View = { picture, shape: face.shape };
  const wanted = Math.min(scale, ALIGNED_IED / interEyeDistance(eyeCentres(face.shape)));
  if (!picture.closer || wanted < WORTH) return here;
  const around = faceBox(face.shape);
  const size = AROUND * Math.max(around.width, around.height) * scale;
  const box = within(
    {
      x: (around.x + around.width / 2) * scale - size / 2,
      y: (around.y + around.height / 2) * scale - size / 2,
      width: size,
      height: size,
    },
    picture.source,
  );
  if (!box) return here;
  const near = await picture.closer(box);
  const known = move(face.shape, scale / near.scale, { x: -box.x / near.scale, y: -box.y / near.scale });
  return { picture: near, shape: (await engine.shape(near, known)) ?? known };
}

/** The whole pixels of a box that lie inside a picture; null when none do. */
export function within(box: Box, { width, height }: { width: number; height: number }): Box | null {
  const x = Math.max(0, Math.round(box.x));
  const y = Math.max(0, Math.round(box.y));
  const right = Math.min(width, Math.round(box.x + box.width));
  const bottom = Math.min(height, Math.round(box.y + box.height));
  return right > x && bottom > y ? { x, y, width: right - x, height: bottom - y } : null;
}

function move(shape: FaceShape, factor: number, by: Point): FaceShape {
  const to = ({ x, y }: Point): Point => ({ x: x * factor + by.x, y: y * factor + by.y });
  return {
    ...shape,
    landmarks: shape.landmarks.map(to),
    mesh: shape.mesh?.map((p) => ({ ...to(p), z: p.z * factor })) ?? null,
  };
}
