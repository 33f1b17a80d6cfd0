import type { Box, Point } from '#shared/measures';
import type { FaceShape } from '../contract.ts';

/**
 * Eye centres: the middle between the two corners of each eye (ISO/IEC 19794-5, feature points 12.1 and 12.2), image-left
 * eye first. The lids are left out, so that a blink does not move them.
 */
export function eyeCentres({ landmarks }: FaceShape): { left: Point; right: Point } {
  return { left: middle(landmarks[36], landmarks[39]), right: middle(landmarks[42], landmarks[45]) };
}

/** Inter-eye distance in pixels of the points given (ISO/IEC 19794-5 IED). */
export function interEyeDistance(eyes: { left: Point; right: Point }): number {
  return Math.hypot(eyes.right.x - eyes.left.x, eyes.right.y - eyes.left.y);
}

/**
 * The face rectangle: upright, around every point of the face the engine placed, hairline to chin and ear to ear.
 * An engine with 68 points ends at the brows; the forehead is then added as a third of brow to chin
 * (the classical equal thirds of the face: hairline–brow, brow–nose base, nose base–chin).
 */
export function faceBox({ mesh, landmarks }: FaceShape): Box {
  const points: readonly Point[] = mesh ?? landmarks;
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  const x = Math.min(...xs);
  const width = Math.max(...xs) - x;
  const bottom = Math.max(...ys);
  const top = Math.min(...ys);
  const y = mesh ? top : top - (bottom - top) / 2;
  return { x, y, width, height: bottom - y };
}

/**
 * Crown to chin in pixels. Hair hides the crown, so it is estimated: the eyes lie half-way between crown and chin
 * (ISO/IEC 19794-5 head length; Farkas, Anthropometry of the Head and Face: vertex–gnathion 2.0 × eye line–gnathion).
 */
export function headLength(shape: FaceShape): number {
  const { left, right } = eyeCentres(shape);
  const eyes = middle(left, right);
  const chin = shape.landmarks[8] ?? eyes;
  return 2 * Math.hypot(chin.x - eyes.x, chin.y - eyes.y);
}

/**
 * The head rectangle: as wide as the face, from the crown (see `headLength`) to the chin; of a head that leans, the
 * upright rectangle around the face with the crown added in the direction the head points.
 */
export function headBox(shape: FaceShape): Box {
  const face = faceBox(shape);
  const eyes = eyeCentres(shape);
  const centre = middle(eyes.left, eyes.right);
  const chin = shape.landmarks[8] ?? centre;
  const crown = { x: 2 * centre.x - chin.x, y: 2 * centre.y - chin.y };
  const x = Math.min(face.x, crown.x);
  const y = Math.min(face.y, crown.y);
  return {
    x,
    y,
    width: Math.max(face.x + face.width, crown.x) - x,
    height: Math.max(face.y + face.height, crown.y) - y,
  };
}

/** Room between a rectangle and the picture's edges, in inter-eye distances; negative where the picture cuts it off. */
export interface Margins {
  marginLeft: number;
  marginRight: number;
  marginAbove: number;
  marginBelow: number;
}

/** How the face lies in the picture (ISO/IEC 29794-5 leftward, rightward, upward and downward crop of the face image). */
export function margins(box: Box, picture: { width: number; height: number }, ied: number): Margins {
  return {
    marginLeft: box.x / ied,
    marginRight: (picture.width - box.x - box.width) / ied,
    marginAbove: box.y / ied,
    marginBelow: (picture.height - box.y - box.height) / ied,
  };
}

/** The slope of the line from the image-left to the image-right eye, degrees clockwise; 0 where one is not known. */
export function rollOf(left: Point | undefined, right: Point | undefined): number {
  return left && right ? (Math.atan2(right.y - left.y, right.x - left.x) * 180) / Math.PI : 0;
}

/** The point half-way between two. */
export function middle(a: Point | undefined, b: Point | undefined): Point {
  if (!a || !b) throw new RangeError('A landmark is missing');
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
