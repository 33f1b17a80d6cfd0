import type { Label } from './labels.ts';
import type { Outcome } from './outcome.ts';
import { type Share, shareOf } from './statistics.ts';
import type { Subject } from './subjects.ts';

/** Rates of the pictures of one ethnic group. */
export interface GroupRates {
  group: string;
  pictures: number;
  people: number | null;
  falseReject: Share;
  falseAccept: Share;
  /** Of the pictures that may be judged either way: no error, but a group that is refused more often there is treated otherwise. */
  eitherAccepted: Share;
}

export interface Fairness {
  groups: GroupRates[];
  /** Pictures whose group is not known. */
  ungrouped: number;
  /** The largest difference between two groups in percentage points; null with fewer than two groups that have such pictures. */
  difference: { falseReject: number | null; falseAccept: number | null; eitherAccepted: number | null };
}

/** Error rates per ethnic group: the notes' `eth=`, for altered pictures that of their base. */
export function compareGroups(outcomes: readonly Outcome[], subjects: ReadonlyMap<Label, Subject>): Fairness {
  const groupOf = ({ label }: Outcome) => subjects.get(label)?.group ?? null;
  const known = outcomes.filter((outcome) => groupOf(outcome) !== null);
  const groups = [...Map.groupBy(known, (outcome) => groupOf(outcome) ?? '')]
    .map(([group, of]) => ratesOf(group, of, subjects))
    .sort((a, b) => a.group.localeCompare(b.group));
  return {
    groups,
    ungrouped: outcomes.length - known.length,
    difference: {
      falseReject: widest(groups.map(({ falseReject }) => falseReject)),
      falseAccept: widest(groups.map(({ falseAccept }) => falseAccept)),
      eitherAccepted: widest(groups.map(({ eitherAccepted }) => eitherAccepted)),
    },
  };
}

function ratesOf(group: string, outcomes: readonly Outcome[], subjects: ReadonlyMap<Label, Subject>): GroupRates {
  const rate = (verdict: Label['expectedVerdict'], counts: boolean) => {
    const of = outcomes.filter(({ label }) => label.expectedVerdict === verdict);
    return shareOf(of.filter(({ accepted }) => accepted === counts).length, of.length);
  };
  const people = new Set(outcomes.flatMap(({ label }) => subjects.get(label)?.person ?? []));
  return {
    group,
    pictures: outcomes.length,
    people: people.size || null,
    falseReject: rate('pass', false),
    falseAccept: rate('reject', true),
    eitherAccepted: rate('either', true),
  };
}

function widest(shares: readonly Share[]): number | null {
  const values = shares.filter(({ of }) => of > 0).map(({ share }) => 100 * share);
  return values.length < 2 ? null : Math.max(...values) - Math.min(...values);
}
