import type { Point } from '#shared/measures';
import type { AssetLoader, FaceShape, Picture } from './contract.ts';
import { loadWeights, withTensor } from './engines/face-api.ts';
import { faceApi } from './engines/face-api-library.ts';
import { eyeCentres, middle } from './measures/geometry.ts';
import { cutOut, type Region } from './pixels/warp.ts';

/** Length of a descriptor. */
export const DESCRIPTOR_LENGTH = 128;

/** Descriptors nearer than this are taken for the same person: the limit dlib's network, whose weights these are, was trained to. */
export const SAME_PERSON = 0.6;

const INPUT = 150;

/** Turns a face into numbers that are near for one person and far between two. */
export interface Describer {
  /** 128 numbers of the face with these points. A face with less than about 60 pixels between the eyes has an uncertain one. */
  describe(picture: Picture, shape: FaceShape): Promise<Float32Array>;
  dispose(): void;
}

/**
 * face-api.js' recognition network (ResNet-34, dlib's `face_recognition_resnet_model_v1` converted; King, 2017), fed with faces turned
 * upright and cut out in the proportions it was trained with. Needs `startTensorflow` first.
 */
export async function createDescriber(load: AssetLoader): Promise<Describer> {
  const net = new faceApi.FaceRecognitionNet();
  await loadWeights('face_recognition_model', load, net);
  return {
    async describe(picture, shape) {
      const pixels = cutOut(picture, regionOf(shape), INPUT, 1, 0);
      const found = await withTensor(pixels, INPUT, (input) => net.computeFaceDescriptor(input));
      const descriptor = Array.isArray(found) ? found[0] : found;
      if (descriptor?.length !== DESCRIPTOR_LENGTH)
        throw new Error('The recognition model has another form than expected');
      return descriptor;
    },
    dispose: () => net.dispose(),
  };
}

/** Euclidean distance of two descriptors, 0 for the same picture. RangeError when their lengths differ. */
export function descriptorDistance(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new RangeError('Descriptors of two lengths cannot be compared');
  return Math.sqrt(a.reduce((sum, value, n) => sum + (value - (b[n] ?? 0)) ** 2, 0));
}

/**
 * The square face-api.js cuts out for this network (`FaceLandmarks.align`): its side is the mean distance of the eyes to the mouth over
 * 0.45, and the mean of eyes and mouth lies at 0.43 of its height; here turned upright besides.
 */
function regionOf(shape: FaceShape): Region {
  const { left, right } = eyeCentres(shape);
  const mouth = middle(shape.landmarks[48], shape.landmarks[54]);
  const side = (distance(left, mouth) + distance(right, mouth)) / 2 / 0.45;
  const roll = Math.atan2(right.y - left.y, right.x - left.x);
  const drop = (0.5 - 0.43) * side;
  return {
    centre: {
      x: (left.x + right.x + mouth.x) / 3 - Math.sin(roll) * drop,
      y: (left.y + right.y + mouth.y) / 3 + Math.cos(roll) * drop,
    },
    side,
    roll: (roll * 180) / Math.PI,
  };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
