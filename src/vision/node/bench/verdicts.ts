import { adviceList } from '#shared/guidance';
import type { Outcome } from './outcome.ts';
import { saysTheSame } from './reasons.ts';
import { type Share, shareOf } from './statistics.ts';

/** Pictures judged other than labelled. */
export interface Wrong extends Share {
  files: string[];
}

/** The pictures that are labelled to be refused for one reason. A picture with two labelled reasons is in both. */
export interface ReasonResult {
  reason: string;
  pictures: number;
  /** Refused for whatever reason. */
  refused: number;
  /** Refused, and one of our reasons is the labelled one; null where the label's word is not one we know. */
  named: number | null;
  /** The same of the advice that a person is given first. */
  toldFirst: number | null;
  /** Our reasons, most frequent first. */
  given: Record<string, number>;
  /** Accepted. */
  accepted: string[];
  /** Refused, but not for the labelled reason. */
  otherwise: string[];
}

export interface Verdicts {
  falseAccept: Wrong;
  falseReject: Wrong & {
    /** What the refused ones were refused for. */
    given: Record<string, number>;
  };
  byReason: ReasonResult[];
  /** Refused pictures with a labelled reason that we know: how many got that reason, and were told it first. */
  reasons: { of: number; named: number; toldFirst: number };
}

/** Compares verdicts and reasons with the labels. Pictures labelled `either` are left out. */
export function compareVerdicts(outcomes: readonly Outcome[]): Verdicts {
  const reject = outcomes.filter(({ label }) => label.expectedVerdict === 'reject');
  const pass = outcomes.filter(({ label }) => label.expectedVerdict === 'pass');
  const refusedGood = pass.filter(({ accepted }) => !accepted);
  const words = [...new Set(reject.flatMap(({ label }) => label.rejectReasons))].sort();
  const comparable = reject.filter(({ accepted, label }) => !accepted && saysTheSame([], label.rejectReasons) !== null);
  return {
    falseAccept: wrong(
      reject.filter(({ accepted }) => accepted),
      reject.length,
    ),
    falseReject: { ...wrong(refusedGood, pass.length), given: givenReasons(refusedGood) },
    byReason: words.map((reason) =>
      reasonResult(
        reason,
        reject.filter(({ label }) => label.rejectReasons.includes(reason)),
      ),
    ),
    reasons: {
      of: comparable.length,
      named: comparable.filter((outcome) => named(outcome, outcome.label.rejectReasons)).length,
      toldFirst: comparable.filter((outcome) => toldFirst(outcome, outcome.label.rejectReasons)).length,
    },
  };
}

/** How often each of our reasons was given, most frequent first. A picture that could not be read counts as `unreadable`. */
export function givenReasons(outcomes: readonly Outcome[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { inspection, reasons } of outcomes) {
    const names = inspection ? reasons.map(({ measure }) => measure) : ['unreadable'];
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1]));
}

function wrong(outcomes: readonly Outcome[], of: number): Wrong {
  return { ...shareOf(outcomes.length, of), files: outcomes.map(({ label }) => label.file) };
}

function reasonResult(reason: string, of: readonly Outcome[]): ReasonResult {
  const refused = of.filter(({ accepted }) => !accepted);
  const known = saysTheSame([], [reason]) !== null;
  const rightly = refused.filter((outcome) => named(outcome, [reason]));
  return {
    reason,
    pictures: of.length,
    refused: refused.length,
    named: known ? rightly.length : null,
    toldFirst: known ? refused.filter((outcome) => toldFirst(outcome, [reason])).length : null,
    given: givenReasons(of),
    accepted: of.filter(({ accepted }) => accepted).map(({ label }) => label.file),
    otherwise: known ? refused.filter((outcome) => !rightly.includes(outcome)).map(({ label }) => label.file) : [],
  };
}

function named({ reasons }: Outcome, labelled: readonly string[]): boolean {
  return (
    saysTheSame(
      reasons.map(({ measure }) => measure),
      labelled,
    ) === true
  );
}

function toldFirst({ reasons }: Outcome, labelled: readonly string[]): boolean {
  const first = adviceList(reasons)[0]?.reasons ?? [];
  return (
    saysTheSame(
      first.map(({ measure }) => measure),
      labelled,
    ) === true
  );
}
