import { type Criteria, type Limit, PRESET_CRITERIA, type PresetName } from '#shared/quality';
import type { MegviiSite } from './site.ts';
import type { StorageCriteria } from './wire.ts';

/** From here on an angle bounds nothing: no detector finds a face turned by 90°. The sample of 1.6.5 has 100 for "any". */
const ANY_ANGLE = 90;
/**
 * Mean brightness and its deviation run to 1,000 in the document's ranges, which no 8-bit picture reaches; samples (10, 200) read as grey levels. So
 * 255 and 127.5, the largest mean and deviation there are, mean "any".
 */
const GREY_LEVELS = 255;
const LARGEST_DEVIATION = GREY_LEVELS / 2;
/** Eye centres of a frontal face lie this share of the face's width apart (63 mm of 147 mm, adult means). */
const EYES_OF_WIDTH = 0.43;

/** A face may not be more blurred than wholly. */
const ANY_BLUR = 1;
const asked = (preset: PresetName): number => PRESET_CRITERIA[preset].sharpness?.min ?? 0;
/** Blur of the box's scale beside the sharpness our presets ask for. */
const SHARPNESS_AT: readonly (readonly [blur: number, sharpness: number])[] = [
  [0.2, asked('strict')],
  [0.5, asked('standard')],
  [0.8, asked('lenient')],
  [ANY_BLUR, 0],
];

/**
 * The document gives the scale of blur its ends and no unit. So its middle is taken for what our standard asks, and 0.8, a lax box, for what
 * our lenient preset does, straight lines between them. Never more than the strict preset: a guess must not close the desk. Where it is wrong,
 * the diagnostics show it (a box that refuses 101050 what passed here).
 */
function sharpnessFor(blur: number): number {
  let [before, most] = SHARPNESS_AT[0] ?? [0, 0];
  if (blur <= before) return most;
  for (const [at, sharpness] of SHARPNESS_AT) {
    if (blur <= at) return Number((most + ((sharpness - most) * (blur - before)) / (at - before)).toFixed(3));
    [before, most] = [at, sharpness];
  }
  return most;
}

/**
 * The box's own standard (功能配置 1.6.3) in the house's measures; null where it tells no numbers (levels 1 low and 3 high).
 *
 * - pitch, yaw, roll: degrees either way.
 * - brightnessMin, brightnessMax: mean grey level of the face → `brightness`.
 * - sdtDeviation: standard deviation of brightness → at most this `contrast`.
 * - size: the face's pixels → `interEyeDistance` of the picture before it is scaled: enlarging would meet the number and add nothing.
 * - blur, 0 sharp – 1: at least so much `sharpness`, by `sharpnessFor`.
 */
export function criteriaOf({ customConfig }: StorageCriteria): Criteria | null {
  if (!customConfig) return null;
  const { blur, pitch, yaw, roll, brightnessMin, brightnessMax, sdtDeviation, size } = customConfig;
  const criteria: Criteria = {};
  for (const [name, degrees] of [
    ['pitch', pitch],
    ['yaw', yaw],
    ['roll', roll],
  ] as const)
    if (degrees !== undefined && degrees < ANY_ANGLE) criteria[name] = { min: -degrees, max: degrees };
  if (blur !== undefined && blur < ANY_BLUR) criteria.sharpness = { min: sharpnessFor(blur) };
  const brightness: Limit = {};
  if (brightnessMin !== undefined) brightness.min = Math.min(1, brightnessMin / GREY_LEVELS);
  if (brightnessMax !== undefined && brightnessMax < GREY_LEVELS) brightness.max = brightnessMax / GREY_LEVELS;
  if (brightness.min !== undefined || brightness.max !== undefined) criteria.brightness = brightness;
  if (sdtDeviation !== undefined && sdtDeviation < LARGEST_DEVIATION)
    criteria.contrast = { max: sdtDeviation / GREY_LEVELS };
  if (size !== undefined) criteria.interEyeDistance = { min: Math.ceil(size * EYES_OF_WIDTH) };
  return criteria;
}

/** A box's standard is changed by hand, rarely. */
const FRESH_MS = 10 * 60_000;

export interface LiveCriteria {
  /** What the box told lately, asked again after ten minutes; an older answer serves while the box cannot be asked. */
  get(signal: AbortSignal): Promise<Criteria | null>;
  /** Asks now. */
  refresh(signal: AbortSignal): Promise<StorageCriteria>;
}

export function createLiveCriteria(site: MegviiSite, now: () => number): LiveCriteria {
  let known: { criteria: Criteria | null; at: number } | null = null;
  const refresh = async (signal: AbortSignal) => {
    const told = await site.storageCriteria(signal);
    known = { criteria: criteriaOf(told), at: now() };
    return told;
  };
  return {
    refresh,
    async get(signal) {
      const before = known;
      // A clock that was set back ends the freshness, too.
      const age = before === null ? Number.POSITIVE_INFINITY : now() - before.at;
      if (before !== null && age >= 0 && age < FRESH_MS) return before.criteria;
      try {
        return criteriaOf(await refresh(signal));
      } catch (error) {
        if (before === null) throw error;
        return before.criteria;
      }
    },
  };
}
