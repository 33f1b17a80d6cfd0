import type { NamedTensorMap, Tensor3D } from '@tensorflow/tfjs-core';
import * as library from 'face-api.js/dist/face-api.node-wasm.js';
import type { Box, Point } from '#shared/measures';

/**
 * What of face-api.js is used, in our words: its own types name the tensors of a bundled copy of TensorFlow, while at run time it shares
 * ours. This build of it is CommonJS, which Node reads as it is.
 */
interface Network {
  loadFromWeightMap(weights: NamedTensorMap): void;
  dispose(): void;
}

interface Detector<Options> extends Network {
  locateFaces(input: Tensor3D, options: Options): Promise<readonly { box: Box; score: number }[]>;
}

interface TinyOptions {
  readonly inputSize: number;
}

interface SsdOptions {
  readonly minConfidence: number;
}

interface FaceApi {
  /** What counts as a picture, where the library does not find out by itself: in a worker. */
  env: { setEnv(classes: Record<'Canvas' | 'Image' | 'ImageData' | 'Video', unknown>): void };
  TinyFaceDetector: new () => Detector<TinyOptions>;
  TinyFaceDetectorOptions: new (options: { inputSize: number; scoreThreshold: number }) => TinyOptions;
  SsdMobilenetv1: new () => Detector<SsdOptions>;
  SsdMobilenetv1Options: new (options: { minConfidence: number }) => SsdOptions;
  FaceLandmark68Net: new () => Network & {
    detectLandmarks(input: Tensor3D): Promise<{ positions: readonly Point[] } | { positions: readonly Point[] }[]>;
  };
  FaceRecognitionNet: new () => Network & {
    computeFaceDescriptor(input: Tensor3D): Promise<Float32Array | Float32Array[]>;
  };
}

export type { Network };

export const faceApi = library as unknown as FaceApi;
