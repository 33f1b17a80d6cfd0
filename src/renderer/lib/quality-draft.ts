import type { MeasureName } from '#shared/measures';
import { type Criteria, type Limit, PRESET_CRITERIA, type PresetName, type QualityConfig } from '#shared/quality';

/** The check as it is being edited: a preset, and what is otherwise than in it. */
export interface QualityDraft {
  preset: PresetName;
  limits: Criteria;
}

/** Measures in the order and groups a person thinks of them. */
export const MEASURE_GROUPS = {
  pose: ['yaw', 'pitch', 'roll'],
  place: [
    'faceSize',
    'headSize',
    'interEyeDistance',
    'centreX',
    'centreY',
    'marginLeft',
    'marginRight',
    'marginAbove',
    'marginBelow',
  ],
  light: [
    'brightness',
    'contrast',
    'dynamicRange',
    'underExposed',
    'overExposed',
    'illuminationUniformity',
    'luminanceVariance',
    'naturalColour',
  ],
  detail: ['sharpness', 'resolution', 'compression'],
  face: [
    'confidence',
    'eyesVisible',
    'eyesOpen',
    'mouthNoseVisible',
    'mouthOpen',
    'expressionNeutrality',
    'occlusion',
    'backgroundUniformity',
  ],
} as const satisfies Record<string, readonly MeasureName[]>;
export type MeasureGroup = keyof typeof MEASURE_GROUPS;

/**
 * What the desk begins to edit (pure): its settings, and of a configuration that was only remembered what that said, because a change here takes
 * its place.
 */
export function beginDraft(settings: QualityDraft, config: QualityConfig | null, started: boolean): QualityDraft {
  if (config === null || started) return { preset: settings.preset, limits: settings.limits };
  const { preset = settings.preset, ...limits } = config;
  return { preset, limits: { ...settings.limits, ...limits } };
}

/** The limits pictures are judged by under a draft; what the configuration in force names outranks it (pure). */
export function draftCriteria({ preset, limits }: QualityDraft, config: QualityConfig | null): Criteria {
  const { preset: given, ...fixed } = config ?? {};
  return { ...PRESET_CRITERIA[given ?? preset], ...limits, ...fixed };
}

/** A draft with one measure's limit; one that is the preset's own is no override (pure). */
export function withLimit(draft: QualityDraft, measure: MeasureName, limit: Limit): QualityDraft {
  const { [measure]: _old, ...others } = draft.limits;
  const own = PRESET_CRITERIA[draft.preset][measure] ?? {};
  return { ...draft, limits: isSameLimit(own, limit) ? others : { ...others, [measure]: limit } };
}

/** A limit from what was typed: an empty end is open. Null where it is no number, or the ends are the wrong way round (pure). */
export function typedLimit(min: string, max: string): Limit | null {
  const low = end(min);
  const high = end(max);
  if (low === null || high === null) return null;
  if (low !== undefined && high !== undefined && low > high) return null;
  return { ...(low !== undefined && { min: low }), ...(high !== undefined && { max: high }) };
}

function end(text: string): number | undefined | null {
  const typed = text.trim().replace(',', '.');
  if (typed === '') return undefined;
  const value = Number(typed);
  return Number.isFinite(value) ? value : null;
}

const isSameLimit = (a: Limit, b: Limit): boolean => a.min === b.min && a.max === b.max;

export function isSameDraft(a: QualityDraft, b: QualityDraft): boolean {
  const names = Object.values(MEASURE_GROUPS).flat();
  return (
    a.preset === b.preset &&
    names.every((name) => {
      const [one, other] = [a.limits[name], b.limits[name]];
      return one === undefined || other === undefined ? one === other : isSameLimit(one, other);
    })
  );
}
