import { z } from 'zod';
import type { Inspection, MeasureName } from './measures.ts';

/** A closed range a measure must lie in; an absent end is not checked. */
const limit = z.strictObject({ min: z.number().optional(), max: z.number().optional() });
export type Limit = z.infer<typeof limit>;

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
] as const satisfies readonly MeasureName[];

/** The criteria a picture is judged by: a limit per measure. A measure without a limit is reported, not judged. */
export const criteriaSchema = z.strictObject(
  Object.fromEntries(MEASURES.map((name) => [name, limit.optional()])) as Record<
    MeasureName,
    z.ZodOptional<typeof limit>
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

/**
 * The presets, calibrated on labelled faces (docs/decisions/001-face-engine.md): `standard` is what the five platforms take
 * in common, `strict` a document portrait, `lenient` what can still be told apart. No limit depends on the colour of a
 * skin: dark faces in good light read 0.22 and more in brightness, dark pictures of pale ones 0.18 and less.
 */
export const PRESET_CRITERIA: Record<PresetName, Criteria> = {
  standard: {
    interEyeDistance: { min: 50 },
    faceSize: { min: 0.1, max: 0.95 },
    centreX: { min: 0.15, max: 0.85 },
    centreY: { min: 0.15, max: 0.85 },
    yaw: within(20),
    pitch: within(20),
    roll: within(10),
    sharpness: { min: 0.16 },
    brightness: { min: 0.2, max: 0.85 },
    contrast: { min: 0.045 },
    underExposed: { max: 0.3 },
    overExposed: { max: 0.03 },
    illuminationUniformity: { min: 0.45 },
    eyesOpen: { min: 0.4 },
    mouthOpen: { max: 0.4 },
    occlusion: { max: 0.12 },
  },
  strict: {
    interEyeDistance: { min: 90 },
    faceSize: { min: 0.25, max: 0.85 },
    centreX: { min: 0.35, max: 0.65 },
    centreY: { min: 0.3, max: 0.7 },
    yaw: within(8),
    pitch: within(12),
    roll: within(6),
    sharpness: { min: 0.2 },
    brightness: { min: 0.2, max: 0.8 },
    contrast: { min: 0.06 },
    underExposed: { max: 0.15 },
    overExposed: { max: 0.01 },
    illuminationUniformity: { min: 0.65 },
    eyesOpen: { min: 0.6 },
    mouthOpen: { max: 0.17 },
    occlusion: { max: 0.05 },
  },
  lenient: {
    interEyeDistance: { min: 40 },
    yaw: within(30),
    pitch: within(30),
    roll: within(25),
    sharpness: { min: 0.1 },
    brightness: { min: 0.12, max: 0.92 },
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
 * A measure that has a limit and could not be told (null) is a reason: what is unknown is not accepted.
 */
export function judge(inspection: Inspection, criteria: Criteria): Verdict {
  const reasons: Reason[] = [];
  const count = inspection.faces.length;
  if (count !== 1) reasons.push({ measure: 'faces', value: count, limit: { min: 1, max: 1 } });
  if (count > 0) {
    for (const measure of MEASURES) {
      const bounds = criteria[measure];
      if (!bounds) continue;
      const value = inspection.measures[measure];
      if (value === null || !inside(value, bounds)) reasons.push({ measure, value, limit: bounds });
    }
  }
  return { accepted: reasons.length === 0, reasons };
}

function inside(value: number, { min, max }: Limit): boolean {
  return (min === undefined || value >= min) && (max === undefined || value <= max);
}
