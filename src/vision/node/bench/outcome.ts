import { join } from 'node:path';
import type { Inspection } from '#shared/measures';
import { type Criteria, judge, type Reason } from '#shared/quality';
import { PictureError } from '../picture-error.ts';
import type { InspectorPool } from '../pool.ts';
import type { Label, Problem } from './labels.ts';

/** What became of one labelled picture. */
export interface Outcome {
  label: Label;
  /** Null where the picture could not be read, which refuses it. */
  inspection: Inspection | null;
  accepted: boolean;
  reasons: Reason[];
}

/**
 * Looks at every labelled picture of a folder, in the order of the labels. A file that is not there is a problem and no outcome; one that
 * cannot be read is both: a damaged picture may have been put there to be refused.
 */
export async function lookAt(options: {
  labels: readonly Label[];
  folder: string;
  pool: InspectorPool;
  criteria: Criteria;
  signal?: AbortSignal | undefined;
}): Promise<{ outcomes: Outcome[]; problems: Problem[] }> {
  const { labels, folder, pool, criteria, signal } = options;
  const outcomes: Outcome[] = [];
  const problems: Problem[] = [];
  const sources = labels.map((label) => ({ path: join(folder, label.file), label }));
  for await (const { source, inspection, error } of pool.inspectAll(sources, signal)) {
    const { label } = source;
    if (error) problems.push({ line: label.line, file: label.file, message: error.message });
    if (error instanceof PictureError && error.code === 'not-found') continue;
    outcomes.push({ label, inspection, ...(inspection ? judge(inspection, criteria) : REFUSED) });
  }
  return { outcomes, problems };
}

const REFUSED: Pick<Outcome, 'accepted' | 'reasons'> = { accepted: false, reasons: [] };
