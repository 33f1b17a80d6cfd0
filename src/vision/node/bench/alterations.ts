import type { MeasureName } from '#shared/measures';
import type { Label } from './labels.ts';

/** A way pictures of one base are altered by degrees, and the measure that must follow. */
export interface Alteration {
  name: string;
  measure: MeasureName;
  /** Whether the measure grows (1) or falls (−1) when the level grows. */
  direction: 1 | -1;
  /** How much this picture is altered, as its notes say; null when it is not altered in this way. */
  level(label: Label): number | null;
  /** The level of the unaltered base; null when it does not belong to the series. */
  baseLevel(base: Label): number | null;
}

const BLUR = /gaussian\D*sigma=([\d.]+) ?px(?:=([\d.]+) ?IED)?/i;
const MOTION = /motion blur\D*length=([\d.]+) ?px(?:=([\d.]+) ?IED)?/i;
const GAIN = /linear gain ([\d.]+)/i;
const SIDE_LIGHT = /left-right gain [\d.]+ to ([\d.]+)/i;
const JPEG = /JPEG quality (\d+)/i;
const LOW_RESOLUTION = /downsampled to IED ([\d.]+)/i;
const DISTANCE = /^IED ([\d.]+) ?px/i;

/** Length of a blur over the inter-eye distance: the same blur harms a small face more. */
const perIed = (pattern: RegExp) => (label: Label) => {
  const found = pattern.exec(label.notes);
  if (!found) return null;
  if (found[2] !== undefined) return Number(found[2]);
  return label.ied ? Number(found[1]) / label.ied : null;
};

const noted = (pattern: RegExp, only: (level: number) => boolean = () => true) => {
  return (label: Label) => {
    const found = pattern.exec(label.notes)?.[1];
    return found !== undefined && only(Number(found)) ? Number(found) : null;
  };
};

const at = (level: number) => () => level;
const ied = (base: Label) => base.ied;

/** What the notes of a labelled folder can say of how its pictures were altered. */
export const ALTERATIONS: readonly Alteration[] = [
  { name: 'Gaussian blur', measure: 'sharpness', direction: -1, level: perIed(BLUR), baseLevel: at(0) },
  { name: 'Gaussian blur', measure: 'resolution', direction: -1, level: perIed(BLUR), baseLevel: at(0) },
  { name: 'motion blur', measure: 'sharpness', direction: -1, level: perIed(MOTION), baseLevel: at(0) },
  { name: 'gain', measure: 'brightness', direction: 1, level: noted(GAIN), baseLevel: at(1) },
  { name: 'gain below 1', measure: 'dynamicRange', direction: 1, level: noted(GAIN, (g) => g < 1), baseLevel: at(1) },
  { name: 'gain above 1', measure: 'overExposed', direction: 1, level: noted(GAIN, (g) => g > 1), baseLevel: at(1) },
  {
    name: 'side light',
    measure: 'illuminationUniformity',
    direction: 1,
    level: noted(SIDE_LIGHT),
    baseLevel: at(1),
  },
  { name: 'JPEG quality', measure: 'compression', direction: -1, level: noted(JPEG), baseLevel: at(100) },
  { name: 'thumbnail, enlarged', measure: 'resolution', direction: 1, level: noted(LOW_RESOLUTION), baseLevel: ied },
  { name: 'distance', measure: 'interEyeDistance', direction: 1, level: noted(DISTANCE), baseLevel: ied },
];

/** Whether the notes tell of an alteration: such a picture is not the base of others. */
export function isAltered(label: Label): boolean {
  return ALTERATIONS.some(({ level }) => level(label) !== null) || /rotated|painted|image starts/i.test(label.notes);
}
