import type { Logger } from 'pino';
import { errorFacts } from './log.ts';

/** Runs what a timer does with the journal: where it cannot be used now, that is told and nothing ends. */
export function createGuarded(log: Pick<Logger, 'warn'>) {
  return (work: () => unknown): void => {
    try {
      work();
    } catch (error) {
      log.warn(errorFacts(error), 'the journal could not be used');
    }
  };
}
