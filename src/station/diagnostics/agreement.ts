import type { Concern, Prediction } from '#platforms/contract';
import type { Verdict } from '#shared/calls/quality';
import type { Inspection } from '#shared/measures';
import type { Criteria, Limit } from '#shared/quality';

/** What was foretold of one platform's answer when an enrolment was written. */
export interface Expected {
  prediction: Prediction | null;
  /** The platform's own criteria by which it was foretold; null where it told none. */
  live: Criteria | null;
}

/** What a platform said of a picture: the code it refused with; null where it took it. */
export type Answer = { code: string; message: string } | null;

/** What a site may learn from; nothing in it leads to a person. */
export interface Disagreement {
  verdict: Exclude<Verdict, 'agreed'>;
  /** Null where the code is about nothing that is measured here. */
  measure: Concern['measure'] | null;
  value: number | null;
  /** How far the rule book believed the platform to let the measure go. */
  limit: Limit;
  /** Code foretold; null: that it would pass. */
  predicted: string | null;
  answered: string | null;
  message: string | null;
}

/** Codes are compared as text, and platforms mix the case of hexadecimal digits. */
const same = (a: string | number, b: string) => String(a).toLowerCase() === b.toLowerCase();

/** Whether prediction and answer say the same: `strict` warned of what was taken, `lenient` did not foresee a refusal, `other` foresaw another one. */
export function verdictOf({ prediction }: Expected, answer: Answer): Verdict {
  if (answer === null) return prediction === null ? 'agreed' : 'strict';
  if (prediction === null) return 'lenient';
  return same(prediction.code, answer.code) ? 'agreed' : 'other';
}

/**
 * What a platform's answer teaches (pure); null where it was foretold. Of the measures a code is about, the one nearest to its limit, or
 * furthest beyond it, is named: it is the likeliest cause.
 * @param look what was seen in the picture the site judged, or null where it is not known any more
 */
export function disagreementOf(
  expected: Expected,
  answer: Answer,
  look: Pick<Inspection, 'faces' | 'measures'> | null,
  concerns: (code: string) => readonly Concern[],
): Disagreement | null {
  const verdict = verdictOf(expected, answer);
  if (verdict === 'agreed') return null;
  const predicted = expected.prediction === null ? null : String(expected.prediction.code);
  const about = concerns(answer?.code ?? predicted ?? '').map(({ measure, limit }) => ({
    measure,
    limit,
    value: look === null ? null : measure === 'faces' ? look.faces.length : look.measures[measure],
  }));
  const [chief] = about.toSorted((a, b) => rank(a) - rank(b));
  return {
    verdict,
    measure: chief?.measure ?? null,
    value: chief?.value ?? null,
    limit: chief?.limit ?? {},
    predicted,
    answered: answer?.code ?? null,
    message: answer?.message ?? null,
  };
}

/** The number of faces is the last to be named: the gate lets through exactly one, so it is at its limit always. */
function rank({ measure, value, limit }: Concern & { value: number | null }): number {
  const distance = room(value, limit);
  return measure === 'faces' && distance >= 0 ? Number.POSITIVE_INFINITY : distance;
}

/** How far inside its limit a value is, as a share of the limit; negative outside. What is not known comes last. */
function room(value: number | null, { min, max }: Limit): number {
  if (value === null) return Number.POSITIVE_INFINITY;
  const share = (distance: number, end: number) => distance / (Math.abs(end) || 1);
  return Math.min(
    min === undefined ? Number.MAX_VALUE : share(value - min, min),
    max === undefined ? Number.MAX_VALUE : share(max - value, max),
  );
}
