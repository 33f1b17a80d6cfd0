import type { AssetLoader } from './contract.ts';
import { loadWeights, withTensor } from './engines/face-api.ts';
import { faceApi } from './engines/face-api-library.ts';
import { freePackedWeights } from './engines/packed.ts';
import { FACE_INPUT } from './face-cut.ts';

/** Length of a descriptor. */
export const DESCRIPTOR_LENGTH = 128;

/** Descriptors nearer than this are taken for the same person: the limit dlib's network, whose weights these are, was trained to. */
export const SAME_PERSON = 0.6;

/** Turns a face into numbers that are near for one person and far between two. */
export interface Describer {
  /** 128 numbers of a face that `cutFace` cut out. A face with less than about 60 pixels between the eyes has an uncertain one. */
  describe(face: Float32Array): Promise<Float32Array>;
  dispose(): void;
}

/**
 * face-api.js' recognition network (ResNet-34, dlib's `face_recognition_resnet_model_v1` converted; King, 2017), fed with faces turned
 * upright and cut out in the proportions it was trained with. Needs `startTensorflow` first.
 */
export async function createDescriber(load: AssetLoader): Promise<Describer> {
  const net = new faceApi.FaceRecognitionNet();
  await loadWeights('face_recognition_model', load, net);
  const describe = async (face: Float32Array): Promise<Float32Array> => {
    const found = await withTensor(face, FACE_INPUT, (input) => net.computeFaceDescriptor(input));
    const descriptor = Array.isArray(found) ? found[0] : found;
    if (descriptor?.length !== DESCRIPTOR_LENGTH)
      throw new Error('The recognition model has another form than expected');
    return descriptor;
  };
  const packed = freePackedWeights();
  try {
    await describe(new Float32Array(FACE_INPUT * FACE_INPUT * 3));
  } finally {
    packed();
  }
  return {
    describe,
    dispose: () => net.dispose(),
  };
}

/** Euclidean distance of two descriptors, 0 for the same picture. RangeError when their lengths differ. */
export function descriptorDistance(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new RangeError('Descriptors of two lengths cannot be compared');
  return Math.sqrt(a.reduce((sum, value, n) => sum + (value - (b[n] ?? 0)) ** 2, 0));
}
