import type { Logger } from 'pino';
import { createGuarded } from './guarded.ts';
import type { Journal } from './journal/index.ts';
import { errorFacts } from './log.ts';
import type { Retention } from './outbox/retention.ts';
import { purgeReceipts, purgeVisits } from './purge.ts';
import type { PhotoVault } from './vault/photos.ts';

/** Photo files without an enrolment are leftovers of a crash once they are this old; younger ones may be just being written. */
const ORPHAN_MS = 60 * 60_000;

export interface ErasingDeps {
  journal: Journal;
  vault: PhotoVault;
  /** As it is now. */
  retention: Readonly<Retention>;
  now(): number;
  log: Pick<Logger, 'warn'>;
  /** What other rooms keep for a time. */
  purgeMore(): Promise<void>;
}

/** Deletes what has been kept long enough. Sweeping and purging never reject: what could not be deleted is tried again the next time. */
export function createErasing({ journal, vault, retention, now, log, purgeMore }: ErasingDeps) {
  const { deliveries, records } = journal;
  const erasing = new Set<Promise<void>>();
  let over = false;

  const guarded = createGuarded(log);

  /** Photos are marked as deleted before their files are: a delivery that is tried again meanwhile must not count on one. */
  const sweep = async (): Promise<void> => {
    const troubled = (error: unknown) => log.warn(errorFacts(error), 'a photo could not be deleted yet');
    try {
      for (const enrolment of over ? [] : deliveries.expiredPhotos(now())) {
        if (!records.markPhotoDeleted(enrolment, now())) continue;
        const erased = vault.erase(enrolment).catch((error: unknown) => {
          troubled(error);
          if (!over) guarded(() => records.keepPhoto(enrolment));
        });
        erasing.add(erased);
        void erased.then(() => erasing.delete(erased));
      }
    } catch (error) {
      troubled(error);
    }
    await Promise.all(erasing);
  };

  const purge = async (): Promise<void> => {
    try {
      await purgeReceipts(journal, vault, retention, now());
      await purgeMore();
      await purgeVisits(journal, vault, retention, now());
    } catch (error) {
      log.warn(errorFacts(error), 'old receipts or visits could not be deleted yet');
    }
  };

  const reschedule = (): void => guarded(() => deliveries.rescheduleErasures());

  return {
    sweep,
    purge,

    /** What a crash left behind, and what has become too old since the station was open last. */
    async begin(): Promise<void> {
      for (const orphan of await vault.stale(ORPHAN_MS)) {
        if (records.photo(orphan)?.deleted !== false) await vault.erase(orphan);
      }
      reschedule();
      await sweep();
      await purge();
    },

    /** The times that things are kept for are others now: what is older goes. */
    retime(): void {
      reschedule();
      void sweep().then(purge);
    },

    /** The journal is about to be closed. */
    async end(): Promise<void> {
      await sweep();
      over = true;
    },
  };
}
