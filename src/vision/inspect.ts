import {
  type Box,
  type FoundFace,
  type Inspection,
  type Measures,
  type Point,
  unknownMeasures,
} from '#shared/measures';
import { closerView } from './closer.ts';
import type { FaceEngine, FaceShape, Picture } from './contract.ts';
import { FACE_OVAL } from './engines/mesh-points.ts';
import { type ConfirmedFace, confirm, findFaces } from './faces.ts';
import { eyesOpen, mouthOpen } from './measures/expression.ts';
import { eyeCentres, headLength, interEyeDistance } from './measures/geometry.ts';
import { illuminationUniformity, light } from './measures/light.ts';
import { type Pose, poseOfMesh } from './measures/pose.ts';
import { sharpness } from './measures/sharpness.ts';
import { type AlignedFace, alignFace, polygonMask } from './pixels/aligned.ts';

/**
 * Looks at one picture thoroughly: every face, then the measures of the principal one. The same code runs in a browser
 * worker and in a Node worker thread.
 *
 * @throws what the engine throws
 */
export async function inspect(
  picture: Picture,
  engine: FaceEngine,
  now = () => performance.now(),
): Promise<Inspection> {
  const start = now();
  const faces = await findFaces(picture, engine);
  const [principal, ...others] = faces;
  if (!principal) return describe(picture, [], null, now() - start);
  // The second look starts from the first look's eyes: upright and centred, its points are steadier.
  const refined = (await confirm(picture, engine, principal.shape)) ?? principal;
  const face = { ...refined, score: principal.score };
  return describe(picture, [face, ...others], await measure(picture, face, engine), now() - start);
}

/** Puts faces and measures into the words of the seam: lengths in pixels of the full-size picture. */
export function describe(
  picture: Picture,
  faces: readonly ConfirmedFace[],
  measures: Measures | null,
  ms: number,
): Inspection {
  const { scale } = picture;
  const [principal] = faces;
  const found = faces.map(
    ({ box, score }): FoundFace => ({
      box: enlarge(box, scale),
      score,
      relativeSize: box.height / (principal?.box.height ?? box.height),
    }),
  );
  const eyes = principal ? eyeCentres(principal.shape) : null;
  return {
    width: Math.round(picture.width * scale),
    height: Math.round(picture.height * scale),
    faces: found,
    box: found[0]?.box ?? null,
    eyes: eyes && { left: times(eyes.left, scale), right: times(eyes.right, scale) },
    measures: measures ?? unknownMeasures(),
    ms,
  };
}

/** The measures of one face: geometry in the picture, light and texture on a closer view where the face is small in it. */
export async function measure(picture: Picture, face: ConfirmedFace, engine: FaceEngine): Promise<Measures> {
  const { shape, box } = face;
  const { width, height, scale } = picture;
  const pose: Pose | null = shape.mesh && poseOfMesh(shape.mesh);
  const view = await closerView(picture, face, engine);
  const eyes = eyeCentres(view.shape);
  // Seen from the side eyes draw together: the face's size, and with it the cut-out's, is that of the eyes in depth.
  const foreshortening = pose ? Math.max(0.3, Math.cos((pose.yaw * Math.PI) / 180)) : 1;
  const aligned = alignFace(view.picture, eyes.left, eyes.right, interEyeDistance(eyes) / foreshortening);
  const mask = faceMask(aligned, view.shape);
  return {
    ...unknownMeasures(),
    ...(pose && { yaw: pose.yaw, pitch: pose.pitch, roll: pose.roll }),
    sharpness: sharpness(aligned.luma, aligned.size, mask),
    ...light(aligned.luma, mask),
    faceSize: box.height / height,
    interEyeDistance: interEyeDistance(eyeCentres(shape)) * scale,
    headSize: headLength(shape) / height,
    centreX: (box.x + box.width / 2) / width,
    centreY: (box.y + box.height / 2) / height,
    eyesOpen: eyesOpen(shape.landmarks),
    mouthOpen: mouthOpen(shape.landmarks),
    illuminationUniformity: uniformity(aligned, view.shape, mask),
  };
}

/** The face in the cut-out: inside its rim and inside the picture. */
function faceMask(aligned: AlignedFace, { mesh, landmarks }: FaceShape): Uint8Array {
  const rim = mesh ? FACE_OVAL.map((n) => mesh[n]) : [...landmarks.slice(0, 17), ...landmarks.slice(17, 27).reverse()];
  const polygon = rim.filter((p) => p !== undefined).map((p) => aligned.place(p));
  const mask = polygonMask(polygon, aligned.size);
  return mask.map((marked, n) => marked & (aligned.inside[n] ?? 0));
}

function uniformity(aligned: AlignedFace, { landmarks }: FaceShape, mask: Uint8Array): number | null {
  const [top, bottom] = [landmarks[27], landmarks[8]];
  if (!top || !bottom) return null;
  return illuminationUniformity(aligned.luma, aligned.size, mask, aligned.place(top), aligned.place(bottom));
}

function enlarge(box: Box, scale: number): Box {
  return { x: box.x * scale, y: box.y * scale, width: box.width * scale, height: box.height * scale };
}

function times({ x, y }: Point, scale: number): Point {
  return { x: x * scale, y: y * scale };
}
