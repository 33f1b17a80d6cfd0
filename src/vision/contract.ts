import type { Box, Point } from '#shared/measures';

/** Pixels to look at: RGBA, row by row, upright. `scale` is source pixels per pixel here (≥ 1 when the source was shrunk). */
export interface Picture {
  width: number;
  height: number;
  data: Uint8ClampedArray;
  scale: number;
  /** Size of the source in pixels: `scale` times the size here, but for rounding. */
  source: { width: number; height: number };
  /**
   * Where pixels are made on demand: `data`, of which only what lies in `box` (pixels here, clipped to the picture) need to be made. Reading
   * `data` itself makes them all.
   */
  pixelsIn?(box: Box): Uint8ClampedArray;
  /**
   * The part of the source inside `box` (source pixels, within the source) with more detail than here, where the source
   * has it. `scale` of the answer is again source pixels per pixel; its left-top pixel is the box's corner.
   */
  closer?(box: Box): Promise<Picture>;
}

/** A point with depth, in pixels of the `Picture`; a larger z is farther from the camera. */
export interface Point3 extends Point {
  z: number;
}

/** How sure a detector must be of a face. Below it sees faces in curtains and coins; the fit of the shape is asked after it. */
export const DETECTION_SCORE = 0.5;

/** A face an engine found, in pixels of the `Picture` it was given. */
export interface Detection {
  box: Box;
  /** 0–1 */
  score: number;
  /** In-plane rotation in degrees, clockwise in the image, where the detector tells it. */
  roll: number;
}

/** The 68 points of the iBUG 300-W scheme (0–16 jaw, 17–26 brows, 27–35 nose, 36–47 eyes, 48–67 mouth), in pixels of the `Picture`. */
export type Landmarks68 = readonly Point[];

/** Where the parts of one face lie. */
export interface FaceShape {
  landmarks: Landmarks68;
  /** The 468 points of MediaPipe FaceMesh, for engines that give depth; null for the others. */
  mesh: readonly Point3[] | null;
  /** How much the engine believes that this is a face at all, 0–1. */
  score: number;
}

/** The lids of one eye, in pixels of the `Picture`. */
export interface EyeContour {
  corners: readonly [Point, Point];
  /** Points of the upper lid, each with the one of the lower lid below it. */
  lids: readonly (readonly [Point, Point])[];
}

/**
 * A face engine behind the smallest interface that serves the measures. Engines differ in what they find and cost
 * (docs/decisions/001-face-engine.md); nothing outside this room knows which one runs.
 */
export interface FaceEngine {
  readonly name: string;
  /**
   * Every face in the picture, any order. Rejects when the engine fails; never hangs on bad pixels.
   *
   * @param roll how far the picture is turned before it is searched, degrees: faces of about that roll are found best
   * @param minScore how sure the detector must be, where it is not `DETECTION_SCORE`: lower for what may be a face
   */
  detect(picture: Picture, roll?: number, minScore?: number): Promise<Detection[]>;
  /**
   * A quick look, for a quarter of what `detect` costs: all that may be a face, with at least this score. Coarser in place and size, and blind for
   * faces that are small in the picture. Absent where the engine has none.
   */
  glance?(picture: Picture, minScore: number): Promise<Detection[]>;
  /** The parts of one face: of a detection, or of a face whose shape in the frame before is known (tracking). Null when there is none. */
  shape(picture: Picture, from: Detection | FaceShape): Promise<FaceShape | null>;
  /**
   * The lids of both eyes, image-left eye first, more exactly than the shape has them: a shut eye shows. Null when the
   * engine cannot tell.
   */
  lids(picture: Picture, shape: FaceShape): Promise<readonly [EyeContour, EyeContour] | null>;
  /** Frees what the engine holds. */
  dispose(): void;
}

/** Reads one of the engine's files (models, WebAssembly) by its name. What differs between Node and a browser is handed in here. */
export type AssetLoader = (name: string) => Promise<ArrayBuffer>;
