import type { qualityCalls } from '#shared/calls/quality';
import type { Handlers } from '#shared/contract';
import type { Diagnostics } from '../api.ts';

/** The calls of `shared/calls/quality.ts`. */
export function diagnosticsHandlers(diagnostics: Diagnostics): Pick<Handlers, keyof typeof qualityCalls> {
  return {
    'quality.disagreements': async () => diagnostics.summary(),
    'quality.disagreements.export': async () => ({ csv: diagnostics.csv() }),
    'quality.disagreements.clear': async ({ platform }) => {
      diagnostics.clear(platform);
      return undefined;
    },
  };
}
