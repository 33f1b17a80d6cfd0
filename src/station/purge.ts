import type { Journal } from './journal/index.ts';
import type { Retention } from './outbox/retention.ts';
import type { PhotoVault } from './vault/photos.ts';

/** Enrolments forgotten in one transaction: few enough that nobody waits for it. */
const BATCH = 200;

/**
 * Forgets enrolments and receipts that are older than the site keeps them. Only what is delivered or given up: whatever still waits for
 * something stays, however old. Returns how many.
 */
export async function purgeReceipts(
  journal: Journal,
  vault: Pick<PhotoVault, 'erase'>,
  retention: Retention,
  now: number,
): Promise<number> {
  if (retention.receiptsMs === null) return 0;
  let purged = 0;
  for (;;) {
    const old = journal.records.settledBefore(now - retention.receiptsMs, BATCH);
    if (old.length === 0) return purged;
    // The photo first: a row without its file is harmless, a file without its row is only found an hour later.
    for (const enrolment of old) await vault.erase(enrolment);
    journal.transaction(() => {
      journal.records.forget(old);
      journal.audit.append(
        { actor: 'outbox', action: 'purge', outcome: 'done', detail: { enrolments: old.length } },
        now,
      );
    });
    purged += old.length;
  }
}

/**
 * Forgets visits that were over before the site's time, and visitors of whom nothing else is kept: no delivery, so no platform has them. Returns
 * how many visits.
 */
export async function purgeVisits(
  journal: Journal,
  vault: Pick<PhotoVault, 'erase'>,
  retention: Retention,
  now: number,
): Promise<number> {
  const { visitsMs } = retention;
  if (visitsMs === null) return 0;
  const { visits, photos } = journal.transaction(() => {
    const gone = journal.visits.forgetBefore(now - visitsMs);
    const enrolments = gone.people.flatMap((ref) => journal.records.eraseEmpty(ref));
    if (gone.visits > 0)
      journal.audit.append(
        {
          actor: 'outbox',
          action: 'purge',
          outcome: 'done',
          detail: { visits: gone.visits, enrolments: enrolments.length },
        },
        now,
      );
    return { visits: gone.visits, photos: enrolments };
  });
  for (const enrolment of photos) await vault.erase(enrolment);
  return visits;
}
