import { judge, resolveCriteria } from '#shared/quality';
import { openInspector } from '../../../compose.ts';
import { type Agreement, agreementOf, type Said } from './agreement.ts';

/**
 * Judges pictures with the check as it is, which is content with a quick look where that is certain, and with one that never is.
 *
 * @param pictures paths of files
 */
export async function compareThorough(pictures: readonly string[], signal: AbortSignal): Promise<Agreement> {
  const [thorough, quick] = [await saidBy('human-thorough', pictures, signal), await saidBy('human', pictures, signal)];
  return agreementOf(thorough, quick);
}

async function saidBy(engine: 'human' | 'human-thorough', pictures: readonly string[], signal: AbortSignal) {
  const criteria = resolveCriteria({ preset: 'standard' });
  const said = new Map<string, Said>();
  const pool = openInspector(undefined, engine);
  try {
    const sources = pictures.map((path) => ({ path }));
    for await (const { source, inspection } of pool.inspectAll(sources, signal)) {
      if (!inspection) continue;
      const { accepted, reasons } = judge(inspection, criteria);
      said.set(source.path, { accepted, reasons: reasons.map(({ measure }) => measure) });
    }
  } finally {
    await pool.close();
  }
  return said;
}
