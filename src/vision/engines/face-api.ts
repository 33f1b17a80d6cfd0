import { io, type Tensor3D, tensor3d } from '@tensorflow/tfjs-core';
import type { Box, Point } from '#shared/measures';
import {
  type AssetLoader,
  DETECTION_SCORE,
  type Detection,
  type FaceEngine,
  type FaceShape,
  type Landmarks68,
} from '../contract.ts';
import { cutOut, type Region, similarity } from '../pixels/warp.ts';
import { faceApi, type Network } from './face-api-library.ts';
import type { FaceApiDetector } from './names.ts';

/** SSD shrinks to this size by itself; handed over larger, it would only be shrunk twice. */
const SSD_SIZE = 512;
const LANDMARK_SIZE = 112;

/**
 * face-api.js behind the same interface: a detector and the 68 landmarks. It has no depth (`mesh` null) and no confidence of fit (the
 * score is the detector's). Needs `startTensorflow` first.
 *
 * Networks are called directly and with tensors: the library's chained calls never settle on bad input, and its image loading wants a page.
 */
export async function createFaceApiEngine(load: AssetLoader, detector: FaceApiDetector): Promise<FaceEngine> {
  const finder = detector === 'ssd' ? await ssd(load) : await tiny(load, Number(detector.slice('tiny-'.length)));
  const landmarks = new faceApi.FaceLandmark68Net();
  await loadWeights('face_landmark_68_model', load, landmarks);
  return {
    name: `face-api ${detector}`,
    async detect(picture, turned = 0, minScore = DETECTION_SCORE) {
      const side = Math.max(picture.width, picture.height);
      const region: Region = { centre: { x: picture.width / 2, y: picture.height / 2 }, side, roll: turned };
      const { scale, toPicture } = similarity(region, finder.size);
      const found = await withTensor(cutOut(picture, region, finder.size, 1, 0), finder.size, (input) =>
        finder.locate(input, minScore),
      );
      return found.map(({ box, score }): Detection => {
        const centre = toPicture({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
        const [width, height] = [box.width * scale, box.height * scale];
        return { box: { x: centre.x - width / 2, y: centre.y - height / 2, width, height }, score, roll: turned };
      });
    },
    async shape(picture, from) {
      const region = regionOf(from);
      const { toPicture } = similarity(region, LANDMARK_SIZE);
      const found = await withTensor(cutOut(picture, region, LANDMARK_SIZE, 1, 0), LANDMARK_SIZE, (input) =>
        landmarks.detectLandmarks(input),
      );
      const [one] = Array.isArray(found) ? found : [found];
      if (!one) return null;
      return { landmarks: one.positions.map(({ x, y }) => toPicture({ x, y })), mesh: null, score: from.score };
    },
    async lids(_picture, shape) {
      const [left, right] = [36, 42].map((first) => {
        const [a, b, c, d, e, f] = shape.landmarks.slice(first, first + 6);
        if (!a || !b || !c || !d || !e || !f) throw new RangeError('A landmark is missing');
        return { corners: [a, d], lids: [[b, f] as const, [c, e] as const] } as const;
      });
      return left && right ? [left, right] : null;
    },
    dispose() {
      finder.dispose();
      landmarks.dispose();
    },
  };
}

interface Finder {
  size: number;
  locate(input: Tensor3D, minScore: number): Promise<readonly { box: Box; score: number }[]>;
  dispose(): void;
}

async function tiny(load: AssetLoader, size: number): Promise<Finder> {
  const net = new faceApi.TinyFaceDetector();
  await loadWeights('tiny_face_detector_model', load, net);
  return {
    size,
    locate: (input, scoreThreshold) =>
      net.locateFaces(input, new faceApi.TinyFaceDetectorOptions({ inputSize: size, scoreThreshold })),
    dispose: () => net.dispose(),
  };
}

async function ssd(load: AssetLoader): Promise<Finder> {
  const net = new faceApi.SsdMobilenetv1();
  await loadWeights('ssd_mobilenetv1_model', load, net);
  return {
    size: SSD_SIZE,
    locate: (input, minConfidence) => net.locateFaces(input, new faceApi.SsdMobilenetv1Options({ minConfidence })),
    dispose: () => net.dispose(),
  };
}

/** Loads one of face-api.js' networks from `NAME-weights_manifest.json` and `NAME.bin`. */
export async function loadWeights(name: string, load: AssetLoader, net: Network): Promise<void> {
  const [manifest, weights] = await Promise.all([load(`${name}-weights_manifest.json`), load(`${name}.bin`)]);
  const groups: { weights: io.WeightsManifestEntry[] }[] = JSON.parse(new TextDecoder().decode(manifest));
  net.loadFromWeightMap(
    io.decodeWeights(
      weights,
      groups.flatMap((group) => group.weights),
    ),
  );
}

/** Runs something on a square RGB picture as a tensor, which is freed afterwards. Values 0–255. */
export async function withTensor<T>(
  pixels: Float32Array,
  size: number,
  run: (input: Tensor3D) => Promise<T>,
): Promise<T> {
  const input = tensor3d(pixels, [size, size, 3]);
  try {
    return await run(input);
  } finally {
    input.dispose();
  }
}

/** The landmark net wants the face with little around it; turned upright once the eyes are known. */
function regionOf(from: Detection | FaceShape): Region {
  if ('box' in from) {
    const { box, roll } = from;
    return {
      centre: { x: box.x + box.width / 2, y: box.y + box.height / 2 },
      side: Math.max(box.width, box.height),
      roll,
    };
  }
  const roll = rollOf(from.landmarks);
  const upright = similarity({ centre: { x: 0, y: 0 }, side: 1, roll }, 1);
  const turned = from.landmarks.map((p) => upright.toCrop(p));
  const xs = turned.map((p) => p.x);
  const ys = turned.map((p) => p.y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  // The points end at the brows, a detector's box some way above them.
  const middle = { x: (left + right) / 2, y: (top + bottom) / 2 - 0.05 * (bottom - top) };
  return { centre: upright.toPicture(middle), side: 1.2 * Math.max(right - left, bottom - top), roll };
}

function rollOf(landmarks: Landmarks68): number {
  const eye = (first: number): Point => {
    const points = landmarks.slice(first, first + 6);
    return {
      x: points.reduce((sum, p) => sum + p.x, 0) / points.length,
      y: points.reduce((sum, p) => sum + p.y, 0) / points.length,
    };
  };
  const [left, right] = [eye(36), eye(42)];
  return (Math.atan2(right.y - left.y, right.x - left.x) * 180) / Math.PI;
}
