import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { Point } from '#shared/measures';
import {
  type AssetLoader,
  DETECTION_SCORE,
  type Detection,
  type EyeContour,
  type FaceEngine,
  type FaceShape,
  type Picture,
  type Point3,
} from '../contract.ts';
import { middle, rollOf } from '../measures/geometry.ts';
import { cutOut, type Region, similarity } from '../pixels/warp.ts';
import { anchorCentres, anchorsOf, BLAZEFACE_SIZE, decodeFaces } from './blazeface.ts';
import { MESH_TO_68 } from './mesh-points.ts';
import { type Plan, planOf } from './plan.ts';
import { loadGraph } from './tensorflow.ts';

/** A quick look shows the detector a quarter of the pixels it was made for. All its layers are convolutions: it takes any size, and boxes of its anchors'. */
const GLANCE_SIZE = BLAZEFACE_SIZE / 2;

/** The detector's scores and boxes, for its fine and for its coarse anchors, before they are given the shape of 256-pixel inputs. */
const DETECTOR_OUTPUTS = [33, 34, 35, 36].map((n) => `StatefulPartitionedCall/functional_1/conv2d_${n}/BiasAdd:0`);

const MESH_SIZE = 192;

/** What is wanted of the mesh model: its points and how sure it is. Its third output, contours of eyes and lips, is a branch that need not run. */
const MESH_OUTPUTS = ['Identity_2:0', 'Identity_1:0'];

/** The mesh was trained on cut-outs of about this many times the face. */
const MARGIN = 1.5;

/** The iris model looks at a square of this many times the eye's width. */
const EYE_SIZE = 64;
const EYE_MARGIN = 2.3;

/** What is wanted of the iris model: 71 points of lids and brows. Its other branch, the iris, need not run. */
const EYE_OUTPUTS = ['StatefulPartitionedCall/model/conv_eyes_contours_and_brows/BiasAdd:0'];
const EYE_POINTS = 71;

/** Of these points: the eye's corners, and lid points above each other. */
const EYE_CORNERS = [0, 8] as const;
const EYE_LIDS = [
  [11, 3],
  [12, 4],
  [13, 5],
] as const;

/**
 * BlazeFace and FaceMesh, the models that @vladmandic/human ships, run straight on TensorFlow.js: the library around
 * them keeps state between pictures, fetches, and truncates points to whole pixels. Needs `startTensorflow` first.
 */
export async function createHumanEngine(load: AssetLoader): Promise<FaceEngine> {
  const [blazeface, facemesh, iris] = await Promise.all([
    loadGraph('blazeface', load, [1, -1, -1, 3]),
    loadGraph('facemesh', load),
    loadGraph('iris', load),
  ]);
  const detector = detectorOf(blazeface, BLAZEFACE_SIZE);
  // Planned when it is first wanted: a live picture is never only glanced at.
  let glancer: Detector | null = null;
  const mesher = planOf(facemesh, [1, MESH_SIZE, MESH_SIZE, 3], MESH_OUTPUTS);
  // What networks are given is written to the same place each time: made anew it would be 2 MB a picture to clear away.
  const oneFace = new Float32Array(MESH_SIZE * MESH_SIZE * 3);
  const bothEyes = new Float32Array(2 * EYE_SIZE * EYE_SIZE * 3);
  const eyes = planOf(iris, [2, EYE_SIZE, EYE_SIZE, 3], EYE_OUTPUTS);
  return {
    name: 'human',
    async detect(picture, turned = 0, minScore = DETECTION_SCORE) {
      return detector(picture, turned, minScore);
    },
    async glance(picture, minScore) {
      glancer ??= detectorOf(blazeface, GLANCE_SIZE);
      return glancer(picture, 0, minScore);
    },
    async shape(picture, from) {
      const region = regionOf(from);
      const [flat, flag] = mesher.run(cutOut(picture, region, MESH_SIZE, 1 / 255, 0, oneFace));
      if (flat?.length !== 1404 || flag?.length !== 1)
        throw new Error('The face mesh model has another form than expected');
      const { scale, toPicture } = similarity(region, MESH_SIZE);
      const mesh: Point3[] = [];
      for (let n = 0; n < 468; n++) {
        const p = toPicture({ x: flat[3 * n] ?? 0, y: flat[3 * n + 1] ?? 0 });
        mesh.push({ x: p.x, y: p.y, z: (flat[3 * n + 2] ?? 0) * scale });
      }
      const landmarks = MESH_TO_68.map((n): Point => ({ x: mesh[n]?.x ?? 0, y: mesh[n]?.y ?? 0 }));
      return { landmarks, mesh, score: flag[0] ?? 0 };
    },
    async lids(picture, { landmarks }) {
      const roll = rollOf(landmarks[36], landmarks[45]);
      const regions = [eyeRegion(landmarks[36], landmarks[39], roll), eyeRegion(landmarks[42], landmarks[45], roll)];
      const each = EYE_SIZE * EYE_SIZE * 3;
      regions.forEach((region, n) => {
        cutOut(picture, region, EYE_SIZE, 1 / 255, 0, bothEyes.subarray(n * each, (n + 1) * each));
      });
      const [points] = eyes.run(bothEyes);
      if (points?.length !== 2 * EYE_POINTS * 3) throw new Error('The iris model has another form than expected');
      const [left, right] = regions.map((region, eye): EyeContour => {
        const { toPicture } = similarity(region, EYE_SIZE);
        const at = (n: number): Point => {
          const from = (eye * EYE_POINTS + n) * 3;
          return toPicture({ x: points[from] ?? 0, y: points[from + 1] ?? 0 });
        };
        return {
          corners: [at(EYE_CORNERS[0]), at(EYE_CORNERS[1])],
          lids: EYE_LIDS.map(([upper, lower]) => [at(upper), at(lower)]),
        };
      });
      return left && right ? [left, right] : null;
    },
    dispose() {
      blazeface.dispose();
      facemesh.dispose();
      iris.dispose();
    },
  };
}

function eyeRegion(a: Point | undefined, b: Point | undefined, roll: number): Region {
  const centre = middle(a, b);
  return { centre, side: 2 * EYE_MARGIN * Math.hypot(centre.x - (a?.x ?? 0), centre.y - (a?.y ?? 0)), roll };
}

type Detector = (picture: Picture, turned: number, minScore: number) => Detection[];

/** BlazeFace on pictures shrunk to a square of `size` pixels. */
function detectorOf(blazeface: GraphModel, size: number): Detector {
  const plan: Plan = planOf(blazeface, [1, size, size, 3], DETECTOR_OUTPUTS);
  const anchors = anchorCentres(size);
  const input = new Float32Array(size * size * 3);
  return (picture, turned, minScore) => {
    const side = Math.max(picture.width, picture.height);
    const region: Region = { centre: { x: picture.width / 2, y: picture.height / 2 }, side, roll: turned };
    const output = joinLayers(plan.run(cutOut(picture, region, size, 2 / 255, -1, input)), size);
    const { scale, toPicture } = similarity(region, size);
    return decodeFaces(output, anchors, minScore).map(({ box, score, points }): Detection => {
      const centre = toPicture({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
      const [width, height] = [box.width * scale, box.height * scale];
      return {
        box: { x: centre.x - width / 2, y: centre.y - height / 2, width, height },
        score,
        roll: turned + rollOf(points[0], points[1]),
      };
    });
  };
}

/** The detector answers scores (1) and boxes (16) apart, for fine and for coarse anchors: joined to rows of 17. */
function joinLayers(outputs: readonly Float32Array[], size: number): Float32Array {
  const layers = anchorsOf(size).map(({ cells, each }) => cells * cells * each);
  const joined = new Float32Array(layers.reduce((sum, anchors) => sum + anchors, 0) * 17);
  let row = 0;
  for (const anchors of layers) {
    const scores = outputs.find((values) => values.length === anchors);
    const boxes = outputs.find((values) => values.length === anchors * 16);
    if (!scores || !boxes) throw new Error('The face detector model has another form than expected');
    for (let n = 0; n < anchors; n++, row++) {
      joined[row * 17] = scores[n] ?? 0;
      joined.set(boxes.subarray(n * 16, n * 16 + 16), row * 17 + 1);
    }
  }
  return joined;
}

/** Where to look for the mesh: around the detection, or around the shape of the frame before; turned upright by the eyes. */
function regionOf(from: Detection | FaceShape): Region {
  if ('box' in from) {
    const { box, roll } = from;
    return {
      centre: { x: box.x + box.width / 2, y: box.y + box.height / 2 },
      side: MARGIN * Math.max(box.width, box.height),
      roll,
    };
  }
  const points: readonly Point[] = from.mesh ?? from.landmarks;
  const roll = rollOf(from.landmarks[36], from.landmarks[45]);
  const upright = similarity({ centre: { x: 0, y: 0 }, side: 1, roll }, 1);
  const turned = points.map((p) => upright.toCrop(p));
  const xs = turned.map((p) => p.x);
  const ys = turned.map((p) => p.y);
  const [minX, maxX, minY, maxY] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return {
    centre: upright.toPicture({ x: (minX + maxX) / 2, y: (minY + maxY) / 2 }),
    side: MARGIN * Math.max(maxX - minX, maxY - minY),
    roll,
  };
}
