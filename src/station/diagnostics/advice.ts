import type { TrimAdvice, Verdict } from '#shared/calls/quality';
import type { MeasureName } from '#shared/measures';
import { type Limit, PRESET_CRITERIA } from '#shared/quality';

/** With fewer disagreements than this a site waits for more: one picture is no pattern. */
const PATTERN = 3;

/** What the station's own framing of the rendition decides, whatever the picture was like. */
const FRAMED: ReadonlySet<string> = new Set<MeasureName>(['faceSize', 'headSize', 'centreX', 'centreY']);

const END = { min: 1, max: -1 } as const;
type End = keyof typeof END;

export interface Disagreeing {
  verdict: Exclude<Verdict, 'agreed'>;
  measure: MeasureName | 'faces' | null;
  values: readonly number[];
  count: number;
  /** How far the platform was believed to let the measure go. */
  believed: Limit;
  /** The limit the gate judges by today. */
  current: Limit | null;
}

/**
 * What a site may do about disagreements over one measure (pure). A refusal nobody foresaw asks for a tighter limit of the gate, so that the
 * picture is taken again while the person still stands there: just inside the values that were refused. Values that even the strict preset calls
 * good are left out, because a limit that shuts them out shuts everybody out.
 */
export function adviceOn({ verdict, measure, values, count, believed, current }: Disagreeing): TrimAdvice {
  const few = count < PATTERN;
  const no = (kind: TrimAdvice['kind']): TrimAdvice => ({ kind, limit: null, few });
  if (measure === null || measure === 'faces') return no('none');
  if (FRAMED.has(measure)) return no('framing');
  if (values.length === 0) return no('none');
  if (verdict === 'strict') {
    const wider = widened(current ?? {}, values);
    return wider === null ? no('keep') : { kind: 'relax', limit: wider, few };
  }
  const strict = PRESET_CRITERIA.strict[measure] ?? {};
  const wanted: Limit = {};
  for (const value of values) {
    const end = endOf(value, believed, current);
    if (end === null || isGood(value, end, strict)) continue;
    const bound = beyond(value, end);
    const other = wanted[end];
    wanted[end] = other === undefined || END[end] * (bound - other) > 0 ? bound : other;
  }
  if (wanted.min === undefined && wanted.max === undefined) return no('unseen');
  const tighter = tightened(current ?? {}, wanted);
  return tighter === null ? no('done') : { kind: 'tighten', limit: tighter, few };
}

/** The end of the limit a value comes nearer to. */
function endOf(value: number, believed: Limit, current: Limit | null): End | null {
  const { min, max } = { ...current, ...believed };
  if (min === undefined) return max === undefined ? null : 'max';
  if (max === undefined) return 'min';
  return value - min < max - value ? 'min' : 'max';
}

function isGood(value: number, end: End, strict: Limit): boolean {
  const bound = strict[end];
  return bound !== undefined && END[end] * (value - bound) >= 0;
}

/** Hundredths for shares, whole numbers for degrees and pixels. */
const perUnit = (value: number) => (Math.abs(value) <= 1 ? 100 : 1);

/** The next round number that the value misses. */
function beyond(value: number, end: End): number {
  const units = perUnit(value);
  // Rounding first keeps 0.29 × 100 from becoming 28.999….
  const scaled = Number((value * units).toFixed(6));
  return (end === 'min' ? Math.floor(scaled) + 1 : Math.ceil(scaled) - 1) / units;
}

/** The next round number that the value meets. */
function reaching(value: number, end: End): number {
  const units = perUnit(value);
  const scaled = Number((value * units).toFixed(6));
  return (end === 'min' ? Math.floor(scaled) : Math.ceil(scaled)) / units;
}

/** The limit of today with the ends that are wanted where those are stricter; null where none is. */
function tightened(current: Limit, wanted: Limit): Limit | null {
  const result: Limit = { ...current };
  let changed = false;
  for (const end of ['min', 'max'] as const) {
    const bound = wanted[end];
    const present = current[end];
    if (bound === undefined || (present !== undefined && END[end] * (bound - present) <= 0)) continue;
    result[end] = bound;
    changed = true;
  }
  return changed ? result : null;
}

/** The limit of today, wide enough for all values; null where it is. */
function widened(current: Limit, values: readonly number[]): Limit | null {
  const result: Limit = { ...current };
  let changed = false;
  for (const end of ['min', 'max'] as const) {
    const present = current[end];
    if (present === undefined) continue;
    const worst = end === 'min' ? Math.min(...values) : Math.max(...values);
    if (END[end] * (worst - present) >= 0) continue;
    result[end] = reaching(worst, end);
    changed = true;
  }
  return changed ? result : null;
}
