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
  /** How well the engine's points fit a face, 0–1: what is no face, or hardly to be seen as one, is below 0.9. */
  confidence: number | null;
  /** Inter-eye distance in pixels that would hold the detail there is, up to 64: enlarging and blurring do not raise it. */
  resolution: number | null;
  /** How far the face is made of flat blocks (coding blocks, enlarged pixels), 0 smooth – 1 blocks only. */
  compression: number | null;
  /** Variance of luminance of the face region (ISO/IEC 29794-5 luminance variance). */
  luminanceVariance: number | null;
  /** Entropy of the face's luminances in bits, 0–8 (ISO/IEC 29794-5 dynamic range). */
  dynamicRange: number | null;
  /** Room between face rectangle and the picture's edges in inter-eye distances; negative where the face is cut off (ISO/IEC 29794-5 crop of the face image). */
  marginLeft: number | null;
  marginRight: number | null;
  marginAbove: number | null;
  marginBelow: number | null;
  /** Whether both eyes can be seen, 0 behind dark glasses – 1 (ISO/IEC 29794-5 eyes visible). */
  eyesVisible: number | null;
  /** Whether mouth and nose can be seen, 0 behind a mask – 1 (ISO/IEC 29794-5 mouth occlusion prevention). */
  mouthNoseVisible: number | null;
  /** How neutral the mouth is, 0 a broad smile or wide open – 1 at rest (ISO/IEC 29794-5 expression neutrality). */
  expressionNeutrality: number | null;
  /** How natural the face's colour is, 0–1 (ISO/IEC 29794-5 natural colour). */
  naturalColour: number | null;
  /** How even the background is, 0 busy – 1 uniform: advice only (ISO/IEC 29794-5 background uniformity). */
  backgroundUniformity: number | null;
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

/** What only the live check tells: enough to follow one head from frame to frame (`presence.ts`). It never leaves the page. */
export interface LiveFace {
  /** The 68 points of the iBUG scheme in pixels of the upright picture. */
  landmarks: readonly Point[];
  /** Brightness of the face, upright and of standard size, coarse: mean 0, length 1. Faces alike have a large scalar product. */
  look: readonly number[];
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
  /** The principal face's head rectangle, crown to chin (crown estimated); absent or null without a face. */
  head?: Box | null;
  /** Eye centres of the principal face, image-left eye first; null without landmarks. */
  eyes: { left: Point; right: Point } | null;
  measures: Measures;
  /** Of the live check alone, while a presence check wants it. */
  live?: LiveFace | null;
  /**
   * Of the live check alone: only the shape of the face is of this frame; what is told from pixels (light, sharpness, eyes, cover) is of a
   * moment ago. It guides; a picture is not chosen by it.
   */
  quick?: boolean;
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
    confidence: null,
    resolution: null,
    compression: null,
    luminanceVariance: null,
    dynamicRange: null,
    marginLeft: null,
    marginRight: null,
    marginAbove: null,
    marginBelow: null,
    eyesVisible: null,
    mouthNoseVisible: null,
    expressionNeutrality: null,
    naturalColour: null,
    backgroundUniformity: null,
  };
}

/** Raised when a measure is computed otherwise: what was measured before then counts as not measured. */
export const MEASURES_VERSION = 3;
