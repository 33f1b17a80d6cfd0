import type { ImportReason } from '#shared/calls/import';
import type { Reason } from '#shared/quality';

/** What a registrar is told about a measure that is too low, and one that is too high. */
const WORDS: Record<Reason['measure'], { low: string; high: string }> = {
  faces: { low: 'there is no face in the photo', high: 'there is more than one face in the photo' },
  yaw: { low: 'the face is turned to the side', high: 'the face is turned to the side' },
  pitch: { low: 'the face looks down', high: 'the face looks up' },
  roll: { low: 'the head is tilted', high: 'the head is tilted' },
  sharpness: { low: 'the photo is not sharp', high: 'the photo is over-sharpened' },
  brightness: { low: 'the photo is too dark', high: 'the photo is too bright' },
  contrast: { low: 'the photo has too little contrast', high: 'the photo has too much contrast' },
  underExposed: { low: 'the shadows are lit too much', high: 'part of the face lies in the dark' },
  overExposed: { low: 'the highlights are too weak', high: 'part of the face is washed out' },
  faceSize: { low: 'the face is too small in the photo', high: 'the face is too large in the photo' },
  interEyeDistance: {
    low: 'the face has too few pixels: the photo is too small',
    high: 'the face has too many pixels',
  },
  headSize: { low: 'the head is too small in the photo', high: 'the head is too large in the photo' },
  centreX: { low: 'the face is not in the middle', high: 'the face is not in the middle' },
  centreY: { low: 'the face is too high in the photo', high: 'the face is too low in the photo' },
  eyesOpen: { low: 'the eyes are closed or cannot be seen', high: 'the eyes are opened too wide' },
  mouthOpen: { low: 'the mouth cannot be seen', high: 'the mouth is open' },
  occlusion: { low: 'the face cannot be seen', high: 'something covers the face' },
  illuminationUniformity: { low: 'the light comes from one side', high: 'the light is too even' },
  confidence: { low: 'the face cannot be seen well enough to be sure it is one', high: 'the face cannot be judged' },
  resolution: {
    low: 'the photo was enlarged from a smaller one, or is blurred',
    high: 'the photo has too much detail',
  },
  compression: { low: 'the photo is not compressed enough', high: 'the photo is compressed too much' },
  luminanceVariance: { low: 'the photo is too flat', high: 'the photo is too uneven' },
  dynamicRange: { low: 'the photo is too dark or too grey', high: 'the photo has too strong lights and shadows' },
  marginLeft: { low: 'the face is cut off at the left', high: 'the face is too far from the left edge' },
  marginRight: { low: 'the face is cut off at the right', high: 'the face is too far from the right edge' },
  marginAbove: { low: 'the face is cut off at the top', high: 'the face is too far from the top' },
  marginBelow: { low: 'the face is cut off at the bottom', high: 'the face is too far from the bottom' },
  eyesVisible: { low: 'something covers the eyes', high: 'the eyes cannot be judged' },
  mouthNoseVisible: { low: 'something covers mouth or nose', high: 'mouth and nose cannot be judged' },
  expressionNeutrality: { low: 'the expression is not neutral', high: 'the expression cannot be judged' },
  naturalColour: { low: 'the colours are not natural', high: 'the colours cannot be judged' },
  backgroundUniformity: { low: 'the background is not plain', high: 'the background cannot be judged' },
};

/** A limit a picture missed, in a registrar's words. */
export function qualityReason({ measure, value, limit }: Reason): ImportReason {
  const { low, high } = WORDS[measure];
  const above = value !== null && limit.max !== undefined && value > limit.max;
  return { kind: 'quality', code: measure, message: above ? high : low, value, limit };
}
