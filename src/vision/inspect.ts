import {
  type Box,
  type FoundFace,
  type Inspection,
  type Measures,
  type Point,
  unknownMeasures,
} from '#shared/measures';
import { closerView, within } from './closer.ts';
import type { FaceEngine, FaceShape, Picture } from './contract.ts';
import { findCutFace } from './cut-off.ts';
import { FACE_OVAL } from './engines/mesh-points.ts';
import { type ConfirmedFace, confirm, type FaintFace, findAllFaces, findTurnedFaces } from './faces.ts';
import { backgroundUniformity } from './measures/background.ts';
import { blockiness } from './measures/blockiness.ts';
import { naturalColour } from './measures/colour.ts';
import { expressionNeutrality, eyesOpen, mouthOpen } from './measures/expression.ts';
import { eyeCentres, headBox, headLength, interEyeDistance, margins } from './measures/geometry.ts';
import { illuminationUniformity, light } from './measures/light.ts';
import { cover, coveredShare } from './measures/occlusion.ts';
import { type Pose, poseOfMesh } from './measures/pose.ts';
import { poseOfLandmarks } from './measures/pose-fit.ts';
import { compression, resolution } from './measures/resolution.ts';
import { sharpness } from './measures/sharpness.ts';
import { type AlignedFace, alignFace, polygonMask } from './pixels/aligned.ts';
import { erode } from './pixels/mask.ts';

/** Below every preset's limit: a face found by its place alone is not clear, whatever its points say. */
const FAINT_CONFIDENCE = 0.5;

/** The rim of the face is an edge of its own: pixels nearer to it than this say nothing about sharpness. */
const RIM = 6;

/** Blocks are looked for in pictures shrunk up to this much (in larger ones a block is small against a face), on this many pixels. */
const CODED_UP_TO = 2.5;
const CODED_SIDE = 320;

/** Block borders' share of the detail in any picture, and where nothing else is left: JPEG quality 8 has 0.2–0.6, an ordinary photo less than 0.13. */
const BLOCKS_FROM = 0.13;
const BLOCKS_TO = 0.2;

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
  return (await look(picture, engine, now)).inspection;
}

/** The same, with the parts of the principal face for whoever wants more of it; null without a face. */
export async function look(
  picture: Picture,
  engine: FaceEngine,
  now = () => performance.now(),
): Promise<{ inspection: Inspection; shape: FaceShape | null }> {
  const start = now();
  const upright = await findAllFaces(picture, engine);
  const faces = upright.length > 0 ? upright : await findOddFaces(picture, engine);
  const [principal, ...others] = faces;
  if (!principal) return { inspection: describe(picture, [], null, now() - start), shape: null };
  // The second look starts from the first look's eyes: upright and centred, its points are steadier.
  const refined = (await confirm(picture, engine, principal.shape)) ?? principal;
  const face = { ...refined, score: principal.score };
  const measures = await measure(picture, face, engine);
  return { inspection: describe(picture, [face, ...others], measures, now() - start), shape: face.shape };
}

/** A face that lies on its side, stands on its head or is cut in half is refused, too, but not for being nobody. */
async function findOddFaces(picture: Picture, engine: FaceEngine): Promise<ConfirmedFace[]> {
  const turned = await findTurnedFaces(picture, engine);
  if (turned.length > 0) return turned;
  const cut = await findCutFace(picture, engine);
  return cut ? [cut] : [];
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
    width: picture.source.width,
    height: picture.source.height,
    faces: found,
    box: found[0]?.box ?? null,
    head: principal ? enlarge(headBox(principal.shape), scale) : null,
    eyes: eyes && { left: times(eyes.left, scale), right: times(eyes.right, scale) },
    measures: measures ?? unknownMeasures(),
    ms,
  };
}

/** What can be told of something that is hardly to be seen as a face: where it is, how large, and that it is not clear. */
export function describeFaint(picture: Picture, { box, fit }: FaintFace, ms: number): Inspection {
  const { width, height, scale } = picture;
  const here = enlarge(box, scale);
  return {
    width: picture.source.width,
    height: picture.source.height,
    faces: [{ box: here, score: fit, relativeSize: 1 }],
    box: here,
    head: null,
    eyes: null,
    measures: {
      ...unknownMeasures(),
      faceSize: box.height / height,
      centreX: (box.x + box.width / 2) / width,
      centreY: (box.y + box.height / 2) / height,
      confidence: Math.min(fit, FAINT_CONFIDENCE),
    },
    ms,
  };
}

/** The measures of one face: geometry in the picture, light and texture on a closer view where the face is small in it. */
export async function measure(picture: Picture, face: ConfirmedFace, engine: FaceEngine): Promise<Measures> {
  const { shape, box } = face;
  const { scale } = picture;
  const pose = poseOf(shape);
  const view = await closerView(picture, face, engine);
  const eyes = eyeCentres(view.shape);
  const aligned = alignFace(view.picture, eyes.left, eyes.right, interEyeDistance(eyes) / foreshortening(pose));
  const rim = rimMask(aligned, view.shape);
  const mask = rim.map((marked, n) => marked & (aligned.inside[n] ?? 0));
  const covered = view.shape.mesh && cover(aligned, view.shape.mesh);
  const eyesVisible = covered && 1 - Math.max(covered.leftEye, covered.rightEye);
  const lids = hidden(eyesVisible) ? null : await engine.lids(view.picture, view.shape);
  const ied = interEyeDistance(eyeCentres(shape)) / foreshortening(pose);
  const own = await ownPixels(picture, box);
  const head = headBox(shape);
  return {
    ...unknownMeasures(),
    ...shapeMeasures(picture, face, pose),
    sharpness: discounted(
      sharpness(aligned.luma, aligned.size, erode(mask, aligned.size, RIM)),
      own.native ? blockiness(own.picture, own.region) : null,
    ),
    resolution: atMost(resolution(aligned.luma, aligned.size), ied * scale),
    compression: compression(own.picture, own.region),
    ...light(aligned.luma, mask),
    eyesOpen: lids && eyesOpen(lids),
    occlusion: covered && Math.min(1, coveredShare(covered) + outside(rim, mask)),
    illuminationUniformity: uniformity(aligned, view.shape, mask),
    eyesVisible,
    mouthNoseVisible: covered && 1 - covered.mouth,
    naturalColour: naturalColour(aligned.rgb, mask),
    backgroundUniformity: backgroundUniformity(picture, head),
  };
}

/**
 * How far the eyes are open in this picture alone, measured as `measure` does.
 *
 * @param before the face's measures of a moment ago: behind dark glasses there is nothing to be measured
 */
export async function openEyes(
  picture: Picture,
  face: ConfirmedFace,
  engine: FaceEngine,
  { eyesVisible }: Pick<Measures, 'eyesVisible'>,
): Promise<number | null> {
  if (hidden(eyesVisible)) return null;
  const view = await closerView(picture, face, engine);
  const lids = await engine.lids(view.picture, view.shape);
  return lids && eyesOpen(lids);
}

function hidden(eyesVisible: number | null): boolean {
  return eyesVisible !== null && eyesVisible < 0.5;
}

/** The measures that the shape of a face tells without a look at its pixels. */
export function shapeMeasures(picture: Picture, { shape, box }: ConfirmedFace, pose = poseOf(shape)) {
  const { width, height, scale } = picture;
  const seen = interEyeDistance(eyeCentres(shape));
  return {
    yaw: pose.yaw,
    pitch: pose.pitch,
    roll: pose.roll,
    faceSize: box.height / height,
    interEyeDistance: seen * scale,
    headSize: headLength(shape) / height,
    centreX: (box.x + box.width / 2) / width,
    centreY: (box.y + box.height / 2) / height,
    mouthOpen: mouthOpen(shape.landmarks),
    confidence: shape.score,
    ...margins(box, picture, seen / foreshortening(pose)),
    expressionNeutrality: expressionNeutrality(shape.landmarks, seen),
  } satisfies Partial<Measures>;
}

function poseOf({ mesh, landmarks }: FaceShape): Pose {
  return mesh ? poseOfMesh(mesh) : poseOfLandmarks(landmarks);
}

/** Seen from the side eyes draw together: the face's size, and with it a cut-out's, is that of the eyes in depth. */
function foreshortening({ yaw }: Pose): number {
  return Math.max(0.3, Math.cos((yaw * Math.PI) / 180));
}

/** Share of the face that lies beyond the picture's edge. */
function outside(rim: Uint8Array, mask: Uint8Array): number {
  const count = (marks: Uint8Array) => marks.reduce((sum, mark) => sum + mark, 0);
  return 1 - count(mask) / Math.max(1, count(rim));
}

function atMost(value: number | null, most: number): number | null {
  return value === null ? null : Math.min(value, most);
}

/** The middle of a face where it is to be looked at pixel by pixel. */
interface Part {
  picture: Picture;
  region: Box;
  /** Whether its pixels are the source's own: shrinking wipes the coder's grid away, though not large blocks. */
  native: boolean;
}

/** The middle of the face in the source's own pixels, where they are to be had cheaply; else as it is here. */
async function ownPixels(picture: Picture, box: Box): Promise<Part> {
  const { scale } = picture;
  if (!picture.closer || scale < 1.01 || scale > CODED_UP_TO) return { picture, region: box, native: scale < 1.01 };
  const side = Math.min(CODED_SIDE, Math.min(box.width, box.height) * scale);
  const part = within(
    {
      x: (box.x + box.width / 2) * scale - side / 2,
      y: (box.y + box.height / 2) * scale - side / 2,
      width: side,
      height: side,
    },
    picture.source,
  );
  if (!part) return { picture, region: box, native: false };
  const near = await picture.closer(part);
  return { picture: near, region: { x: 0, y: 0, width: near.width, height: near.height }, native: true };
}

/** Detail that is mostly the coder's is no detail of the face: what block borders make is taken off the sharpness. */
function discounted(value: number | null, share: number | null): number | null {
  if (value === null || share === null) return value;
  return value * Math.min(1, Math.max(0, 1 - (share - BLOCKS_FROM) / (BLOCKS_TO - BLOCKS_FROM)));
}

/** The face in the cut-out, up to its rim, whether inside the picture or not. */
function rimMask(aligned: AlignedFace, { mesh, landmarks }: FaceShape): Uint8Array {
  const rim = mesh ? FACE_OVAL.map((n) => mesh[n]) : [...landmarks.slice(0, 17), ...landmarks.slice(17, 27).reverse()];
  return polygonMask(rim.filter((p) => p !== undefined).map(aligned.place), aligned.size);
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
