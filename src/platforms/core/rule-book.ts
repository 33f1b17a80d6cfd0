import type { Inspection } from '#shared/measures';
import type { Limit } from '#shared/quality';
import type { Concern, Prediction } from '../contract.ts';

/** One answer a platform's quality service may give, and what of a picture brings it about. */
export interface Rule {
  code: string | number;
  message: string;
  /** Measures with how far the platform lets each go: one that is missed brings the answer about. */
  limits?: readonly Concern[];
  /** What brings it about and is no measure of ours: pixels of the picture or of the face rectangle. */
  also?(inspection: Inspection): boolean;
  /** Measures that come nearest to what `also` looks at, for whoever wants to trim a threshold. */
  about?: readonly Concern[];
}

/** Whether a value is known and outside its limit: what could not be told foretells nothing. */
function misses(value: number | null, { min, max }: Limit = {}): boolean {
  return value !== null && ((min !== undefined && value < min) || (max !== undefined && value > max));
}

/** The first answer of the book that a picture brings about, in the service's own order; null where it would pass. */
export function foretell(rules: readonly Rule[], inspection: Inspection): Prediction | null {
  const { faces, measures } = inspection;
  const value = ({ measure }: Concern) => (measure === 'faces' ? faces.length : measures[measure]);
  const rule = rules.find(
    ({ limits = [], also }) => limits.some((one) => misses(value(one), one.limit)) || also?.(inspection) === true,
  );
  return rule === undefined ? null : { code: rule.code, message: rule.message };
}

/** The measures an answer is about, with the limits the book believes in; empty for what no measure tells. */
export function concernsOf(rules: readonly Rule[], code: string): Concern[] {
  return rules
    .filter((rule) => String(rule.code) === code)
    .flatMap(({ limits = [], about = [] }) => [...limits, ...about]);
}
