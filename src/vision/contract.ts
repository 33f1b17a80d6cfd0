import type { Box, Point } from '#shared/measures';

/** Pixels to look at: RGBA, row by row, upright. `scale` is source pixels per pixel here (≥ 1 when the source was shrunk). */
export interface Picture {
  width: number;
  height: number;
  data: Uint8ClampedArray;
  scale: number;
}

/** A face an engine found, in pixels of the `Picture` it was given. */
export interface Detection {
  box: Box;
  /** 0–1 */
  score: number;
}

/** The 68 points of the iBUG 300-W scheme (0–16 jaw, 17–26 brows, 27–35 nose, 36–47 eyes, 48–67 mouth), in pixels of the `Picture`. */
export type Landmarks68 = readonly Point[];

/**
 * A face engine behind the smallest interface that serves the measures. Engines differ in what they find and cost
 * (docs/decisions/); nothing outside this room knows which one runs.
 */
export interface FaceEngine {
  readonly name: string;
  /** Every face in the picture, any order. Rejects when the engine fails; never hangs on bad pixels. */
  detect(picture: Picture): Promise<Detection[]>;
  /** Landmarks of one detected face, or null when they do not fit. */
  landmarks(picture: Picture, box: Box): Promise<Landmarks68 | null>;
  /** Frees what the engine holds. */
  dispose(): void;
}
