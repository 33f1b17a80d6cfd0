import type { Box } from '#shared/measures';
import type { Detection, FaceEngine, FaceShape, Picture } from './contract.ts';
import { overlap } from './engines/blazeface.ts';
import { faceBox } from './measures/geometry.ts';

/** A face whose shape fits: what the detector saw is one. */
export interface ConfirmedFace {
  shape: FaceShape;
  box: Box;
  score: number;
}

/** The mesh tells cats, coins and curtains (below 0.1) from faces (above 0.9), turned and masked ones included. */
const MIN_FIT = 0.5;

/** A face lower than this share of the largest is far behind: a passer-by, a poster, not a second person before the camera. */
const BACKGROUND = 0.4;

/** More faces than this are a crowd whatever the rest are: time stays bounded. */
const CONFIRM_AT_MOST = 12;

/**
 * Every face that counts, the principal one first: detections whose shape fits, each once, without those far behind.
 * The principal face is the largest; among faces of nearly its height the most central.
 */
export async function findFaces(picture: Picture, engine: FaceEngine): Promise<ConfirmedFace[]> {
  const detections = (await engine.detect(picture)).sort(byHeight).slice(0, CONFIRM_AT_MOST);
  const faces: ConfirmedFace[] = [];
  for (const detection of detections) {
    const face = await confirm(picture, engine, detection);
    if (face && !faces.some(({ box }) => overlap(box, face.box) > 0.4)) faces.push(face);
  }
  return ranked(faces, picture.width);
}

/** The shape in a detection, or where a face was a frame ago; null when it does not fit. */
export async function confirm(
  picture: Picture,
  engine: FaceEngine,
  from: Detection | FaceShape,
): Promise<ConfirmedFace | null> {
  const shape = await engine.shape(picture, from);
  if (!shape || shape.score < MIN_FIT) return null;
  return { shape, box: faceBox(shape), score: 'box' in from ? Math.min(from.score, shape.score) : shape.score };
}

/** Principal face first, faces far behind left out. */
export function ranked(faces: readonly ConfirmedFace[], width: number): ConfirmedFace[] {
  const tallest = Math.max(0, ...faces.map(({ box }) => box.height));
  const offCentre = ({ box }: ConfirmedFace) => Math.abs(box.x + box.width / 2 - width / 2);
  const near = faces.filter(({ box }) => box.height >= BACKGROUND * tallest);
  const [principal] = near.filter(({ box }) => box.height >= 0.9 * tallest).sort((a, b) => offCentre(a) - offCentre(b));
  if (!principal) return [];
  return [principal, ...near.filter((face) => face !== principal).sort(byHeight)];
}

function byHeight(a: { box: Box }, b: { box: Box }): number {
  return b.box.height - a.box.height;
}
