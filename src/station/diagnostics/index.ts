import type { MeasuredDisagreement, PlatformAgreement } from '#shared/calls/quality';
import type { Inspection } from '#shared/measures';
import type { Criteria } from '#shared/quality';
import type { ConfiguredPlatform } from '../api.ts';
import { criteriaOf, type Judge } from '../check.ts';
import { asSent } from '../imaging/as-sent.ts';
import type { DisagreementRow } from '../journal/agreements.ts';
import type { Journal } from '../journal/index.ts';
import { adviceOn } from './advice.ts';
import type { Expected } from './agreement.ts';
import { disagreementsCsv } from './csv.ts';

/** Values shown of one measure. */
const SHOWN = 20;

interface DiagnosticsDeps {
  journal: Pick<Journal, 'agreements' | 'audit' | 'transaction'>;
  checker: Judge;
  now(): number;
  actor(): string;
}

export function createDiagnostics({ journal, checker, now, actor }: DiagnosticsDeps) {
  return {
    /** What each target is expected to say of the picture it will be sent; nothing where it is not known what was seen. */
    foretell(inspection: Inspection | null, targets: readonly ConfiguredPlatform[]): Map<string, Expected> {
      const expected = new Map<string, Expected>();
      if (inspection === null) return expected;
      for (const { id, definition } of targets) {
        const live = checker.live?.get(id) ?? null;
        expected.set(id, { prediction: definition.predict(asSent(inspection, definition.rendition), live), live });
      }
      return expected;
    },

    summary(): PlatformAgreement[] {
      const rows = journal.agreements.disagreements();
      const configured = new Set(checker.config.platforms.map(({ id }) => id));
      return journal.agreements.counts().map((counts) => {
        const here = configured.has(counts.platform);
        const own = rows.filter(({ platform, kind }) => platform === counts.platform && kind === counts.kind);
        const { agreed, strict, lenient, other } = counts;
        return {
          ...counts,
          configured: here,
          answers: agreed + strict + lenient + other,
          measures: byMeasure(own, criteriaOf(checker, here ? [counts.platform] : [])),
        };
      });
    },

    csv: () => [...disagreementsCsv(journal.agreements.disagreements().reverse())].join(''),

    clear(platform: string | null): void {
      journal.transaction(() => {
        const answers = journal.agreements.clear(platform);
        journal.audit.append(
          { actor: actor(), action: 'quality-clear', platform, outcome: 'done', detail: { answers } },
          now(),
        );
      });
    },
  };
}

/** Disagreements of one platform by verdict and measure, most frequent first. Rows come newest first. */
function byMeasure(rows: readonly DisagreementRow[], criteria: Criteria): MeasuredDisagreement[] {
  const groups = Map.groupBy(rows, ({ verdict, measure }) => `${verdict} ${measure ?? ''}`);
  return [...groups.values()]
    .flatMap((group): MeasuredDisagreement[] => {
      const [newest] = group;
      if (newest === undefined) return [];
      const { verdict, measure, limit: believed } = newest;
      const values = group.flatMap(({ value }) => value ?? []);
      const current = measure === null || measure === 'faces' ? null : (criteria[measure] ?? null);
      const codes = group.flatMap(({ predicted, answered }) => (verdict === 'strict' ? predicted : answered) ?? []);
      const count = group.length;
      return [
        {
          verdict,
          measure,
          count,
          codes: [...new Set(codes)],
          values: values.slice(0, SHOWN),
          believed,
          current,
          advice: adviceOn({ verdict, measure, values, count, believed, current }),
        },
      ];
    })
    .toSorted((a, b) => b.count - a.count);
}
