import type { MeasureName } from '#shared/measures';
import type { Reason } from '#shared/quality';

type Judged = Reason['measure'];

const EYES: readonly Judged[] = ['eyesVisible', 'eyesOpen', 'occlusion'];
const COVER: readonly Judged[] = ['occlusion', 'eyesVisible', 'mouthNoseVisible'];
const MARGINS: readonly Judged[] = ['marginLeft', 'marginRight', 'marginAbove', 'marginBelow'];
const BLUR: readonly Judged[] = ['sharpness', 'resolution'];
const SMALL: readonly Judged[] = ['interEyeDistance', 'faceSize', 'headSize', 'resolution'];
const DARK: readonly Judged[] = ['brightness', 'underExposed', 'dynamicRange', 'contrast', 'luminanceVariance'];
const BRIGHT: readonly Judged[] = ['brightness', 'overExposed', 'dynamicRange', 'contrast'];
const SIDE: readonly Judged[] = ['illuminationUniformity', 'underExposed', 'overExposed'];
const MOUTH: readonly Judged[] = ['mouthOpen', 'expressionNeutrality'];

/**
 * Which of our reasons say the same as a label's `reject_reasons`. A label may be answered by several measures: a picture labelled `dark` is
 * told rightly by its brightness or by its lack of range.
 */
const SAME: Readonly<Record<string, readonly Judged[]>> = {
  no_face: ['faces', 'confidence'],
  not_a_face: ['faces', 'confidence'],
  multi_face: ['faces'],
  multiple_faces: ['faces'],
  yaw: ['yaw'],
  pitch: ['pitch'],
  roll: ['roll'],
  pose: ['yaw', 'pitch', 'roll'],
  blur: BLUR,
  motion_blur: BLUR,
  low_res: ['resolution', 'sharpness', 'compression', 'interEyeDistance'],
  low_resolution: ['resolution', 'sharpness', 'compression', 'interEyeDistance'],
  compression: ['compression', 'sharpness', 'resolution'],
  small_face: SMALL,
  large_face: ['faceSize', 'headSize', ...MARGINS],
  dark: DARK,
  underexposed: DARK,
  bright: BRIGHT,
  overexposed: BRIGHT,
  contrast: ['contrast', 'dynamicRange', 'luminanceVariance'],
  illumination: SIDE,
  side_light: SIDE,
  occlusion: [...COVER, 'eyesOpen'],
  mask: ['mouthNoseVisible', 'occlusion'],
  masked: ['mouthNoseVisible', 'occlusion'],
  sunglasses: EYES,
  eyes: EYES,
  eyes_closed: EYES,
  mouth: MOUTH,
  mouth_open: MOUTH,
  expression: MOUTH,
  framing: [...MARGINS, 'centreX', 'centreY', 'faceSize', 'occlusion'],
  cut_off: [...MARGINS, 'centreX', 'centreY', 'faceSize', 'occlusion'],
  colour: ['naturalColour'],
  color: ['naturalColour'],
  monochrome: ['naturalColour'],
  background: ['backgroundUniformity'],
};

/** Whether a reason of ours says what one of the label's reasons says; null where none of them is a word we know. */
export function saysTheSame(given: readonly Judged[], labelled: readonly string[]): boolean | null {
  const known = labelled.filter((reason) => Object.hasOwn(SAME, reason));
  if (known.length === 0) return null;
  return known.some((reason) => SAME[reason]?.some((measure) => given.includes(measure)));
}

/** Whether a measure is one that should tell a picture with these labelled reasons from a good one. */
export function concerns(measure: MeasureName, labelled: readonly string[]): boolean {
  return labelled.some((reason) => Object.hasOwn(SAME, reason) && SAME[reason]?.includes(measure));
}
