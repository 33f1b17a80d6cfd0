import type { Criteria } from '#shared/quality';
import type { Platforms } from './platforms.ts';

/** What the platforms told of their own criteria, by platform id. */
export interface LiveCriteria {
  readonly known: ReadonlyMap<string, Criteria>;
  /** Asks the platforms that tell; never rejects, and is done after `ASK_MS` whatever they do. What was known stays known. */
  refresh(): Promise<void>;
  /** The platform of that name may be another one now. */
  forget(id: string): void;
}

/** A person waits at the desk: a platform that is slower than this is judged by what it said last, or by our estimate. */
const ASK_MS = 1500;

/** A platform that did not answer is left alone this long. */
const REST_MS = 60_000;

/** The criteria that platforms tell live, for the gate (`Connector.criteria`). */
export function createLiveCriteria(platforms: Platforms, now: () => number, closing: AbortSignal): LiveCriteria {
  const known = new Map<string, Criteria>();
  const resting = new Map<string, number>();
  /** Those there are now: an administrator may add one. */
  const ids = (): string[] =>
    platforms.configured.filter(({ definition }) => definition.capabilities.includes('criteria')).map(({ id }) => id);

  async function ask(id: string): Promise<void> {
    if (now() < (resting.get(id) ?? Number.NEGATIVE_INFINITY)) return;
    try {
      const signal = AbortSignal.any([closing, AbortSignal.timeout(ASK_MS)]);
      const told = await platforms.connector(id).criteria?.(signal);
      resting.delete(id);
      if (told) known.set(id, told);
      else known.delete(id);
    } catch {
      resting.set(id, now() + REST_MS);
    }
  }

  return {
    known,
    async refresh() {
      await Promise.all(ids().map(ask));
    },
    forget(id) {
      known.delete(id);
      resting.delete(id);
    },
  };
}
