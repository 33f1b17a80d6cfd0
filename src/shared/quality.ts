import { z } from 'zod';
import type { Inspection, MeasureName } from './measures.ts';

/** A closed range a measure must lie in; an absent end is not checked. */
export const limitSchema = z.strictObject({ min: z.number().optional(), max: z.number().optional() });
export type Limit = z.infer<typeof limitSchema>;

const MEASURES = [
  'yaw',
  'pitch',
  'roll',
  'sharpness',
  'brightness',
  'contrast',
  'underExposed',
  'overExposed',
  'faceSize',
  'interEyeDistance',
  'headSize',
  'centreX',
  'centreY',
  'eyesOpen',
  'mouthOpen',
  'occlusion',
  'illuminationUniformity',
  'confidence',
  'resolution',
  'compression',
  'luminanceVariance',
  'dynamicRange',
  'marginLeft',
  'marginRight',
  'marginAbove',
  'marginBelow',
  'eyesVisible',
  'mouthNoseVisible',
  'expressionNeutrality',
  'naturalColour',
  'backgroundUniformity',
] as const satisfies readonly MeasureName[];

/** The criteria a picture is judged by: a limit per measure. A measure without a limit is reported, not judged. */
export const criteriaSchema = z.strictObject(
  Object.fromEntries(MEASURES.map((name) => [name, limitSchema.optional()])) as Record<
    MeasureName,
    z.ZodOptional<typeof limitSchema>
  >,
);
export type Criteria = z.infer<typeof criteriaSchema>;

export const PRESETS = ['standard', 'strict', 'lenient'] as const;
export type PresetName = (typeof PRESETS)[number];

/**
 * What a site configures under `quality`: a preset, and limits that override it measure by measure.
 * `{"preset":"strict","yaw":{"min":-5,"max":5}}`
 */
export const qualityConfigSchema = criteriaSchema.extend({ preset: z.enum(PRESETS).optional() });
export type QualityConfig = z.infer<typeof qualityConfigSchema>;

const within = (degrees: number): Limit => ({ min: -degrees, max: degrees });

/** Room that must be left between the face rectangle and the picture's edges, in inter-eye distances. */
const uncut = (least: number): Criteria => ({
  marginLeft: { min: least },
  marginRight: { min: least },
  // The rectangle begins at the hairline, which may lie beyond the edge where the face is still whole.
  marginAbove: { min: least - 0.2 },
  marginBelow: { min: least },
});

/**
 * The presets (docs/decisions/001-face-engine.md has the measurements): `standard` is what the five platforms take in common, `strict` a
 * document portrait, `lenient` what can still be told apart. What strict accepts standard accepts, what standard accepts lenient does.
 *
 * No limit depends on the colour of a skin: a dark face in good light is as dark as a pale one in bad light, but has its full range of
 * luminances (6 bits and more; dark pictures 3.2–5.2), so darkness is told by the range and the mean only guards the far end.
 *
 * `strict` asks for 60 pixels between the eyes, where ISO/IEC 19794-5 has 90: a person at a desk fills that much of a 640×480 camera, the
 * platforms' engines shrink faces to less, and `resolution` sees to it that the pixels are real. It asks for colour, as that standard does.
 * Judged nowhere: the background, because a site cannot change it at the desk, and the variance of luminance, which is contrast again.
 */
export const PRESET_CRITERIA: Record<PresetName, Criteria> = {
  standard: {
    confidence: { min: 0.9 },
    interEyeDistance: { min: 40 },
    faceSize: { min: 0.1, max: 0.95 },
    ...uncut(-0.2),
    centreX: { min: 0.15, max: 0.85 },
    centreY: { min: 0.15, max: 0.85 },
    yaw: within(20),
    pitch: { min: -19, max: 14 },
    roll: within(10),
    sharpness: { min: 0.115 },
    resolution: { min: 27 },
    compression: { max: 0.8 },
    brightness: { min: 0.15, max: 0.85 },
    dynamicRange: { min: 5.4 },
    contrast: { min: 0.045 },
    underExposed: { max: 0.3 },
    overExposed: { max: 0.03 },
    illuminationUniformity: { min: 0.45 },
    eyesVisible: { min: 0.5 },
    eyesOpen: { min: 0.4 },
    mouthNoseVisible: { min: 0.5 },
    mouthOpen: { max: 0.4 },
    occlusion: { max: 0.12 },
  },
  strict: {
    confidence: { min: 0.95 },
    interEyeDistance: { min: 60 },
    faceSize: { min: 0.25, max: 0.85 },
    ...uncut(0),
    centreX: { min: 0.35, max: 0.65 },
    centreY: { min: 0.3, max: 0.7 },
    yaw: within(8),
    pitch: within(10),
    roll: within(6),
    sharpness: { min: 0.15 },
    resolution: { min: 28 },
    compression: { max: 0.75 },
    brightness: { min: 0.17, max: 0.8 },
    dynamicRange: { min: 5.6 },
    contrast: { min: 0.05 },
    underExposed: { max: 0.15 },
    overExposed: { max: 0.01 },
    illuminationUniformity: { min: 0.65 },
    naturalColour: { min: 0.66 },
    eyesVisible: { min: 0.8 },
    eyesOpen: { min: 0.5 },
    mouthNoseVisible: { min: 0.7 },
    mouthOpen: { max: 0.17 },
    expressionNeutrality: { min: 0.4 },
    occlusion: { max: 0.05 },
  },
  lenient: {
    confidence: { min: 0.5 },
    interEyeDistance: { min: 32 },
    yaw: within(30),
    pitch: within(25),
    roll: within(25),
    sharpness: { min: 0.08 },
    resolution: { min: 20 },
    brightness: { min: 0.1, max: 0.92 },
    occlusion: { max: 0.25 },
  },
};

/** One limit that a picture missed. `faces` counts the faces; the others are measures. */
export interface Reason {
  measure: MeasureName | 'faces';
  /** What was measured; null when it could not be told. */
  value: number | null;
  limit: Limit;
}

export interface Verdict {
  accepted: boolean;
  reasons: Reason[];
}

/** The criteria of a site: its preset with its own limits laid over it. */
export function resolveCriteria(config: QualityConfig = {}): Criteria {
  const { preset = 'standard', ...own } = config;
  return { ...PRESET_CRITERIA[preset], ...own };
}

/** Keeps the stricter end of each limit: what passes the result passes both. */
export function strictest(a: Criteria, b: Criteria): Criteria {
  const result: Criteria = { ...a };
  for (const name of MEASURES) {
    const other = b[name];
    if (!other) continue;
    const mine = result[name];
    const min = Math.max(mine?.min ?? Number.NEGATIVE_INFINITY, other.min ?? Number.NEGATIVE_INFINITY);
    const max = Math.min(mine?.max ?? Number.POSITIVE_INFINITY, other.max ?? Number.POSITIVE_INFINITY);
    result[name] = { ...(Number.isFinite(min) && { min }), ...(Number.isFinite(max) && { max }) };
  }
  return result;
}

/**
 * Judges what vision measured. Exactly one face is always demanded: without one no other reason is given, because
 * nothing else was measured; with several the principal face is judged as well, so that one look tells everything.
 * A measure that has a limit and could not be told (null) is a reason with the value null: what is unknown is not accepted. A site that
 * would rather accept it leaves the limit away: an override without ends (`"eyesOpen": {}`) judges nothing.
 */
export function judge(inspection: Inspection, criteria: Criteria): Verdict {
  const reasons: Reason[] = [];
  const count = inspection.faces.length;
  if (count !== 1) reasons.push({ measure: 'faces', value: count, limit: { min: 1, max: 1 } });
  if (count > 0) {
    for (const measure of MEASURES) {
      const bounds = criteria[measure];
      if (!bounds || (bounds.min === undefined && bounds.max === undefined)) continue;
      const value = inspection.measures[measure];
      if (value === null || !inside(value, bounds)) reasons.push({ measure, value, limit: bounds });
    }
  }
  return { accepted: reasons.length === 0, reasons };
}

function inside(value: number, { min, max }: Limit): boolean {
  return (min === undefined || value >= min) && (max === undefined || value <= max);
}
