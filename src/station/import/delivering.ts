import type { Journal } from '../journal/index.ts';
import type { Work } from '../outbox/runner.ts';

/** What waits no longer than this is waited for: a platform that asked for a moment's rest is not one that is down. */
const SHORT_MS = 15_000;
/** Attempts after which a delivery that is put off again and again is left to the outbox. */
const ATTEMPTS = 5;

/**
 * What a command delivers while it imports and after: everything that is due, the desk's first. It ends when all rows are written and
 * nothing moves any more but what a platform put off for longer, or what waits for a platform that is down.
 * @param written whether the last row's deliveries are in the journal
 */
export function importDeliveries(
  journal: Pick<Journal, 'deliveries'>,
  platforms: readonly string[],
  { now, written, patient }: { now(): number; written(): boolean; patient(): boolean },
): Work {
  const gated = new Set<string>();
  return {
    pick(platform) {
      // Asked about: so it is open again.
      gated.delete(platform);
      return journal.deliveries.nextDue(platform, null, now());
    },
    gated: (platform) => void gated.add(platform),
    finished() {
      if (!written()) return false;
      const open = platforms.filter((platform) => !gated.has(platform));
      if (patient()) return !journal.deliveries.isMoving(platforms, null);
      return !journal.deliveries.isPressing(open, now() + SHORT_MS, ATTEMPTS);
    },
  };
}
