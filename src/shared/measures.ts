/**
 * What the vision room tells about one picture. Names follow ISO/IEC 29794-5 (face image quality) and
 * ISO/IEC 19794-5 (geometry). Everything is of the *upright* picture (EXIF orientation applied).
 */

/** A rectangle in pixels of the upright picture; x and y are its left-top corner and may lie outside the picture. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A point in pixels of the upright picture. */
export interface Point {
  x: number;
  y: number;
}

/**
 * The measures of the principal face. `null` means "cannot be told", never "fine": what is not reliably known is not claimed.
 *
 * Angles are degrees: `yaw` + is a face turned to image-left, `pitch` + is up, `roll` + is clockwise in the image.
 * Shares are 0–1. Lengths are pixels.
 */
export interface Measures {
  yaw: number | null;
  pitch: number | null;
  roll: number | null;
  /** Fine detail on the face as a share of what sharp edges of its contrast would show, 0–1; the same at every picture size. */
  sharpness: number | null;
  /** Mean luminance of the face region, 0–1. */
  brightness: number | null;
  /** Standard deviation of luminance of the face region, 0–1. */
  contrast: number | null;
  /** Share of face pixels that are crushed to black. */
  underExposed: number | null;
  /** Share of face pixels that are burnt to white. */
  overExposed: number | null;
  /** Height of the face rectangle over the height of the picture, 0–1. */
  faceSize: number | null;
  /** Distance of the two eye centres in pixels of the upright picture (ISO/IEC 19794-5 "inter-eye distance"). */
  interEyeDistance: number | null;
  /** Crown to chin over the height of the picture, 0–1 (crown estimated from the landmarks). */
  headSize: number | null;
  /** Centre of the face over the picture's width and height, 0–1. */
  centreX: number | null;
  centreY: number | null;
  /** Eyes open, 0 closed – 1 open (the smaller of the two eyes); null when dark glasses hide them. */
  eyesOpen: number | null;
  /** Mouth opening over mouth width, 0 closed. */
  mouthOpen: number | null;
  /** Share of the face that cannot be seen, 0–1: covered by a mask or dark glasses, or beyond the picture's edge. */
  occlusion: number | null;
  /** Likeness of the light on the left and right half of the face, 0 one-sided – 1 even (ISO/IEC 29794-5 illumination uniformity). */
  illuminationUniformity: number | null;
}

export type MeasureName = keyof Measures;

/** One face as the engine found it. */
export interface FoundFace {
  box: Box;
  /** The engine's confidence, 0–1. */
  score: number;
  /** Height over the principal face's height: 1 for the principal face itself. */
  relativeSize: number;
}

/** What one look at one picture told: the seam between `vision/` (which fills it) and `shared/quality` (which judges it). */
export interface Inspection {
  /** Size of the upright picture in pixels. */
  width: number;
  height: number;
  /** All faces that count, the principal one (largest, then most central) first. */
  faces: FoundFace[];
  /** The principal face's rectangle; null without a face. */
  box: Box | null;
  /** Eye centres of the principal face, image-left eye first; null without landmarks. */
  eyes: { left: Point; right: Point } | null;
  measures: Measures;
  /** Time spent looking, milliseconds, decoding excluded. */
  ms: number;
}

/** All measures unknown: the inspection of a picture without a face. */
export function unknownMeasures(): Measures {
  return {
    yaw: null,
    pitch: null,
    roll: null,
    sharpness: null,
    brightness: null,
    contrast: null,
    underExposed: null,
    overExposed: null,
    faceSize: null,
    interEyeDistance: null,
    headSize: null,
    centreX: null,
    centreY: null,
    eyesOpen: null,
    mouthOpen: null,
    occlusion: null,
    illuminationUniformity: null,
  };
}
