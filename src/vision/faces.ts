import type { Box } from '#shared/measures';
import { coveredPart, overlap } from './boxes.ts';
import { DETECTION_SCORE, type Detection, type FaceEngine, type FaceShape, type Picture } from './contract.ts';
import { eyeCentres, faceBox, rollOf } from './measures/geometry.ts';
import { detectInParts, mayHideSmallFaces } from './small-faces.ts';

/** A face whose shape fits: what the detector saw is one. */
export interface ConfirmedFace {
  shape: FaceShape;
  box: Box;
  score: number;
}

/** The mesh tells cats, coins and curtains (below 0.1) from faces (above 0.9), turned and masked ones included. */
const MIN_FIT = 0.5;

/** What may be a face: turned far away, or half covered. The detector is this sure; the mesh so much surer than of cats and coins (0.002) … */
const FAINT_SCORE = 0.3;
const FAINT_FIT = 0.03;
/** … or it is where a face was just now. */
const FAINT_OVERLAP = 0.2;

/** A face lower than this share of the largest is far behind: a passer-by, a poster, not a second person before the camera. */
const BACKGROUND = 0.4;

/** More faces than this are a crowd whatever the rest are: time stays bounded. */
const CONFIRM_AT_MOST = 24;

/** A mesh that fits the right way up is this sure of itself; upside down it came to 0.9999998 at most. */
const CERTAIN = 0.9999998;

/** A face the other way up must fit this well: half a face and a covered one fit nothing well, and would be turned at random. */
const TURNED_FIT = 0.999999;

/**
 * A quick look is enough where it shows one large, plain face and nothing else that might be one. 160 pictures were made of two people each: a face 0.4 to 0.6
 * times the height of another had a score of 0.47 and more in it, where the principal face was as large as this share of the picture's longer side. What else looks a
 * little like a face (a pattern, an ear) only costs the thorough look.
 */
const PLAIN_SCORE = 0.7;
const PLAIN_SIZE = 0.25;
const ANYTHING_SCORE = 0.25;

/** Its points are a little less steady, by up to 0.4° of roll: a face that leans further than this (degrees) is looked at as one that may lean too far. */
const PLAIN_ROLL = 6;

/** How a picture is turned when it shows no face as it is. */
const TURNS = [180, 90, -90] as const;

/**
 * Every face that counts, the principal one first: detections whose shape fits, each once, without those far behind.
 * The principal face is the largest; among faces of nearly its height the most central.
 */
export async function findFaces(picture: Picture, engine: FaceEngine): Promise<ConfirmedFace[]> {
  return ranked(await confirmAll(picture, engine, await engine.detect(picture)), picture.width);
}

/**
 * The same, looked for in parts of the picture as well where its faces are small: a still picture has the time. For one that shows nobody
 * this tells somebody far off from nobody at all.
 */
export async function findAllFaces(picture: Picture, engine: FaceEngine): Promise<ConfirmedFace[]> {
  const alone = await findFaceAlone(picture, engine);
  if (alone) return [alone];
  const faces = await confirmAll(picture, engine, await engine.detect(picture));
  if (!mayHideSmallFaces(picture, faces)) return ranked(faces, picture.width);
  return ranked(await confirmAll(picture, engine, await detectInParts(picture, engine), faces), picture.width);
}

/** The one face of an ordinary portrait, by a quick look; null where that is not certain. */
async function findFaceAlone(picture: Picture, engine: FaceEngine): Promise<ConfirmedFace | null> {
  const plain = engine.glance && plainFace(await engine.glance(picture, ANYTHING_SCORE), picture);
  const shape = plain && (await engine.shape(picture, plain));
  if (!shape || shape.score < CERTAIN) return null;
  const eyes = eyeCentres(shape);
  if (Math.abs(rollOf(eyes.left, eyes.right)) > PLAIN_ROLL) return null;
  return { shape, box: faceBox(shape), score: Math.min(plain.score, shape.score) };
}

/** The only thing in a picture that may be a face, if it is large and plain (pure). */
export function plainFace(
  hints: readonly Detection[],
  { width, height }: Pick<Picture, 'width' | 'height'>,
): Detection | null {
  const [face, ...others] = hints.filter(({ score }) => score >= ANYTHING_SCORE);
  if (!face || others.length > 0) return null;
  return face.score >= PLAIN_SCORE && face.box.height >= PLAIN_SIZE * Math.max(width, height) ? face : null;
}

/** The same where nothing is found upright: faces in a picture that lies on its side or stands on its head. */
export async function findTurnedFaces(picture: Picture, engine: FaceEngine): Promise<ConfirmedFace[]> {
  for (const turn of TURNS) {
    const found = await confirmAll(picture, engine, await engine.detect(picture, turn));
    const faces = found.filter(({ shape }) => shape.score >= TURNED_FIT);
    if (faces.length > 0) return ranked(faces, picture.width);
  }
  return [];
}

/** The faces known already, and those of the detections that are not among them. */
async function confirmAll(
  picture: Picture,
  engine: FaceEngine,
  found: readonly Detection[],
  known: readonly ConfirmedFace[] = [],
): Promise<ConfirmedFace[]> {
  const faces = [...known];
  for (const detection of distinct(found).slice(0, CONFIRM_AT_MOST)) {
    if (known.some(({ box }) => isSame(box, detection.box))) continue;
    const face = await confirmUpright(picture, engine, detection);
    if (face && !faces.some(({ box }) => isSame(box, face.box))) faces.push(face);
  }
  return faces;
}

/**
 * Whether two rectangles are of one face: they cover each other, or one lies in the other. In a close-up the detector takes mouth and chin,
 * or an eye and the nose, for a second, smaller face, and the mesh finds its points there too; a real face never lies within another's.
 */
function isSame(a: Box, b: Box): boolean {
  return overlap(a, b) > 0.4 || coveredPart(a, b) > 0.6;
}

/** Each place once, as its most certain detection has it: what two parts of a picture both show need not be confirmed twice. */
function distinct(found: readonly Detection[]): Detection[] {
  const kept: Detection[] = [];
  for (const detection of [...found].sort((a, b) => b.score - a.score)) {
    if (!kept.some(({ box }) => overlap(box, detection.box) > 0.4)) kept.push(detection);
  }
  return kept.sort(byHeight);
}

/**
 * The shape in a detection, tried the other ways up as well where it is not certain: detectors find a face that stands on
 * its head, but take its eyes for level, and the mesh then sees a face in what is mouth and chin. The way that fits best is right.
 */
async function confirmUpright(
  picture: Picture,
  engine: FaceEngine,
  detection: Detection,
): Promise<ConfirmedFace | null> {
  let best: FaceShape | null = null;
  for (const turn of [0, ...TURNS]) {
    const shape = await engine.shape(picture, { ...detection, roll: detection.roll + turn });
    const fits = turn === 0 || (shape?.score ?? 0) >= TURNED_FIT;
    if (shape && fits && shape.score > (best?.score ?? 0)) best = shape;
    if (best && best.score >= CERTAIN) break;
  }
  if (!best || best.score < MIN_FIT) return null;
  return { shape: best, box: faceBox(best), score: Math.min(detection.score, best.score) };
}

/** Something that is hardly to be seen as a face: enough to ask somebody to look here, not to measure. */
export interface FaintFace {
  box: Box;
  /** How well the engine's points fit, 0–1. */
  fit: number;
}

/** `findFaces`, and beside it all that the detector took for what may be a face: for `findFaintFace` where there is none. */
export async function findFacesAndHints(
  picture: Picture,
  engine: FaceEngine,
): Promise<{ faces: ConfirmedFace[]; hints: Detection[] }> {
  const hints = await engine.detect(picture, 0, FAINT_SCORE);
  const sure = hints.filter(({ score }) => score >= DETECTION_SCORE);
  return { faces: ranked(await confirmAll(picture, engine, sure), picture.width), hints };
}

/** What may be a face where none is to be found. `before`: the face that was here just now. */
export async function findFaintFace(
  picture: Picture,
  engine: FaceEngine,
  hints: readonly Detection[],
  before: ConfirmedFace | null,
): Promise<FaintFace | null> {
  for (const detection of hints.toSorted(byHeight).slice(0, 3)) {
    const shape = await engine.shape(picture, detection);
    const fit = shape?.score ?? 0;
    const here = before !== null && overlap(detection.box, before.box) > FAINT_OVERLAP;
    if (fit >= FAINT_FIT || here) return { box: detection.box, fit };
  }
  return null;
}

/** The shape where a face was seen before, in this picture or a frame ago; null when it does not fit. */
export async function confirm(picture: Picture, engine: FaceEngine, from: FaceShape): Promise<ConfirmedFace | null> {
  const shape = await engine.shape(picture, from);
  if (!shape || shape.score < MIN_FIT) return null;
  return { shape, box: faceBox(shape), score: shape.score };
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
