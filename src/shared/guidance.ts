import type { Box, Inspection, MeasureName } from './measures.ts';
import type { Criteria, Reason } from './quality.ts';
import { judge } from './quality.ts';

/**
 * From what was measured to the one plain sentence a person in front of the camera hears. Pure: the clock is an argument.
 *
 * Directions are the *person's own* left and right, so that the words are true whether or not the preview is mirrored.
 * An image-left face (seen from the camera) is on the person's right.
 */
export const ADVICE = [
  'no-face',
  'one-person',
  'come-closer',
  'move-back',
  'move-left',
  'move-right',
  'move-up',
  'move-down',
  'look-straight',
  'turn-left',
  'turn-right',
  'raise-chin',
  'lower-chin',
  'tilt-left',
  'tilt-right',
  'uncover-face',
  'open-eyes',
  'close-mouth',
  'more-light',
  'too-bright',
  'turn-to-light',
  'flat-light',
  'hold-still',
] as const;

/** What a person can do about a picture that is not accepted, most important first. */
export type Advice = (typeof ADVICE)[number];

/** What the capture screen says: an advice, or `good` while the picture is accepted. */
export type Instruction = Advice | 'good';

/** The advice that answers one reason of a verdict. An unknown value asks for what would let us measure it. */
export function adviceFor(reason: Reason): Advice {
  const { measure, value, limit } = reason;
  const low = value !== null && limit.min !== undefined && value < limit.min;
  switch (measure) {
    case 'faces':
      return value === null || value === 0 ? 'no-face' : 'one-person';
    case 'interEyeDistance':
    case 'faceSize':
    case 'headSize':
      return low || value === null ? 'come-closer' : 'move-back';
    case 'centreX':
      // Seen by the camera at image-left, the person stands too far to their own right.
      if (value === null) return 'look-straight';
      return low ? 'move-left' : 'move-right';
    case 'centreY':
      if (value === null) return 'look-straight';
      return low ? 'move-down' : 'move-up';
    case 'yaw':
      // Yaw + is a face turned to image-left, the person's own right.
      if (value === null) return 'look-straight';
      return low ? 'turn-right' : 'turn-left';
    case 'pitch':
      if (value === null) return 'look-straight';
      return low ? 'raise-chin' : 'lower-chin';
    case 'roll':
      // Roll + is clockwise in the image: the crown leans to the person's own left.
      if (value === null) return 'look-straight';
      return low ? 'tilt-left' : 'tilt-right';
    case 'marginLeft':
      return value === null ? 'look-straight' : 'move-left';
    case 'marginRight':
      return value === null ? 'look-straight' : 'move-right';
    case 'marginAbove':
      return value === null ? 'look-straight' : 'move-down';
    case 'marginBelow':
      return value === null ? 'look-straight' : 'move-up';
    case 'confidence':
      return 'look-straight';
    case 'resolution':
    case 'compression':
      // In a live picture few pixels of one's own come from afar.
      return 'come-closer';
    case 'eyesVisible':
    case 'mouthNoseVisible':
    case 'occlusion':
      return 'uncover-face';
    case 'eyesOpen':
      return value === null ? 'uncover-face' : 'open-eyes';
    case 'mouthOpen':
    case 'expressionNeutrality':
      return value === null ? 'uncover-face' : 'close-mouth';
    case 'brightness':
      return low || value === null ? 'more-light' : 'too-bright';
    case 'underExposed':
      return 'more-light';
    case 'overExposed':
      return 'too-bright';
    case 'illuminationUniformity':
      return 'turn-to-light';
    case 'naturalColour':
    case 'backgroundUniformity':
      return 'flat-light';
    case 'contrast':
    case 'luminanceVariance':
    case 'dynamicRange':
      return low || value === null ? 'flat-light' : 'turn-to-light';
    case 'sharpness':
      return 'hold-still';
  }
}

const RANK: ReadonlyMap<Advice, number> = new Map(ADVICE.map((advice, index) => [advice, index]));

/**
 * Advice from measures of which a blurred or dark picture tells little: those of texture, and pitch, the least sure of the angles. Stillness
 * and light are asked for first.
 */
const UNSURE: ReadonlySet<Advice> = new Set(['uncover-face', 'open-eyes', 'close-mouth', 'raise-chin', 'lower-chin']);

/** Every distinct advice for a verdict's reasons, most important first, each with the reasons it answers. */
export function adviceList(reasons: readonly Reason[]): { advice: Advice; reasons: Reason[] }[] {
  const byAdvice = new Map<Advice, Reason[]>();
  // What is hardly to be seen as a face is turned away or covered: that, not what could not be measured of it, is the advice.
  const unclear = reasons.some(({ measure }) => measure === 'confidence');
  for (const reason of reasons) {
    if (unclear && reason.value === null) continue;
    const advice = adviceFor(reason);
    byAdvice.set(advice, [...(byAdvice.get(advice) ?? []), reason]);
  }
  const poor = byAdvice.has('hold-still') || byAdvice.has('more-light');
  const rank = (advice: Advice) => (RANK.get(advice) ?? 0) + (poor && UNSURE.has(advice) ? ADVICE.length : 0);
  return [...byAdvice]
    .map(([advice, own]) => ({ advice, reasons: own }))
    .sort((a, b) => rank(a.advice) - rank(b.advice));
}

/**
 * Where the drawn oval is. The criteria allow a face farther out, because the station crops around it; on the screen the
 * automatic capture waits until the face is where the person was asked to put it.
 */
const GUIDE_AREA = { centreX: { min: 0.32, max: 0.68 }, centreY: { min: 0.22, max: 0.78 } } as const;

/** Once outside, a face has to come this far in. */
const INNER_AREA = { centreX: { min: 0.34, max: 0.66 }, centreY: { min: 0.24, max: 0.76 } } as const;

/** A face that moves faster than this, in its own widths a second, blurs at the shutter times of webcams. */
const STILL_LIMIT = 1.2;

/** Speed of a face between two looks, in face widths a second; null when there is nothing to compare. */
export function faceSpeed(before: { box: Box; at: number } | null, box: Box | null, at: number): number | null {
  if (!before || !box || at <= before.at || box.width <= 0) return null;
  const shift = Math.hypot(
    box.x + box.width / 2 - (before.box.x + before.box.width / 2),
    box.y + box.height / 2 - (before.box.y + before.box.height / 2),
  );
  return (shift / box.width) * (1000 / (at - before.at));
}

/**
 * How far inside its limit a measure must come before it is no longer complained of, where 8 % of the limit is not the right amount: more
 * than an engine's own unrest from frame to frame, so that a face at a limit is told one thing and not two in turns (a Schmitt trigger).
 */
const RELEASE: Partial<Record<MeasureName, number>> = { yaw: 3, pitch: 3, roll: 2, centreX: 0.02, centreY: 0.02 };
const RELEASE_SHARE = 0.08;

/** Criteria with the limits of these measures drawn in: what was complained of has to become plainly good. */
function drawnIn(criteria: Criteria, complained: ReadonlySet<Reason['measure']>): Criteria {
  if (complained.size === 0) return criteria;
  const tightened: Criteria = { ...criteria };
  for (const measure of complained) {
    const limit = measure === 'faces' ? undefined : criteria[measure];
    if (measure === 'faces' || !limit) continue;
    const by = (end: number) => RELEASE[measure] ?? Math.abs(end) * RELEASE_SHARE;
    const min = limit.min === undefined ? undefined : limit.min + by(limit.min);
    const max = limit.max === undefined ? undefined : limit.max - by(limit.max);
    // Limits so near to each other that nothing would be left between them stay as they are.
    if (min !== undefined && max !== undefined && min >= max) continue;
    tightened[measure] = { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
  }
  return tightened;
}

/** What one live look means. */
export interface LiveVerdict {
  /** The criteria accept the picture: the shutter may be pressed. */
  accepted: boolean;
  /** Accepted, inside the oval and still: counts for the automatic capture. */
  ready: boolean;
  instruction: Instruction;
  reasons: Reason[];
  /** The reasons behind the instruction: more than `reasons` where the face is not where it was asked to be, or still near a limit. */
  told: Reason[];
}

/**
 * Judges one live frame and chooses the one thing to say about it.
 *
 * @param before the reasons told of the frame before: these limits are left later than they were reached
 */
export function liveVerdict(
  inspection: Inspection,
  criteria: Criteria,
  speed: number | null = null,
  before: readonly Reason[] = [],
): LiveVerdict {
  const { accepted, reasons } = judge(inspection, criteria);
  const complained = new Set(before.map(({ measure }) => measure));
  const all = judge(inspection, drawnIn(criteria, complained)).reasons;
  if (inspection.faces.length === 1) {
    for (const measure of ['centreX', 'centreY'] as const) {
      const value = inspection.measures[measure];
      const area = complained.has(measure) ? INNER_AREA[measure] : GUIDE_AREA[measure];
      const outside = value !== null && (value < area.min || value > area.max);
      if (outside && !all.some((reason) => reason.measure === measure)) all.push({ measure, value, limit: area });
    }
  }
  const first = adviceList(all)[0]?.advice;
  const moving = speed !== null && speed > STILL_LIMIT;
  const instruction: Instruction = first ?? (moving ? 'hold-still' : 'good');
  return { accepted, ready: instruction === 'good', instruction, reasons, told: all };
}

/** How the shown instruction follows the frames without flicker. */
export interface GuideTiming {
  /** An instruction stays at least this long, so that it can be read. */
  holdMs: number;
  /** A new one must be asked for this long before it is shown: engines lose a face for single frames. */
  confirmMs: number;
}

export const GUIDE_TIMING: GuideTiming = { holdMs: 700, confirmMs: 250 };

export interface Guide {
  shown: Instruction;
  shownAt: number;
  /** What the frames say instead, and since when; null while they agree with what is shown. */
  candidate: { instruction: Instruction; since: number } | null;
}

/** A guide that shows `no-face` until the first frame has been looked at. */
export function startGuide(at: number): Guide {
  return { shown: 'no-face', shownAt: at, candidate: null };
}

/** The guide after one more frame. Acceptance is shown at once; everything else waits its turn. */
export function stepGuide(guide: Guide, instruction: Instruction, at: number, timing = GUIDE_TIMING): Guide {
  if (instruction === guide.shown) return guide.candidate ? { ...guide, candidate: null } : guide;
  if (instruction === 'good') return { shown: 'good', shownAt: at, candidate: null };
  const since = guide.candidate?.instruction === instruction ? guide.candidate.since : at;
  const ripe = at - since >= timing.confirmMs && at - guide.shownAt >= timing.holdMs;
  if (ripe) return { shown: instruction, shownAt: at, candidate: null };
  return { ...guide, candidate: { instruction, since } };
}
