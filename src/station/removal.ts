import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '#shared/fault';
import type { Removal, RemovalReceipt, RemoveResult } from './api.ts';
import { asked, type CareDeps, kindsOf } from './care.ts';

const REMOVED: Fault = { kind: 'validation', code: 'removed', message: 'the person was removed' };

/** In place of platforms' ids: every one that is configured. */
const EVERYWHERE = 'all';

/** How often a running delivery is looked at while its person is to be removed. */
const LOOK_MS = 100;

/** Nothing may arrive there any more before the person is removed, or the outbox would enrol them again. */
async function silence(deps: CareDeps, person: string, platform: string, signal: AbortSignal): Promise<void> {
  while (!deps.journal.deliveries.abandon(person, platform, REMOVED, deps.now())) {
    await delay(LOOK_MS, undefined, { signal });
  }
  deps.changed();
}

async function removeThere(deps: CareDeps, id: string, code: string, signal: AbortSignal): Promise<boolean> {
  let removed = false;
  for (const kind of kindsOf(deps, code)) {
    removed = (await deps.platforms.connector(id).remove(code, kind, signal)) || removed;
  }
  return removed;
}

/** Removes a person from platforms side by side, and here what belongs to each; where one could not be asked, that stays. */
export function removeOn(
  deps: CareDeps,
  code: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<RemoveResult[]> {
  const person = deps.journal.records.personRef(code);
  return Promise.all(
    ids.map(async (id): Promise<RemoveResult> => {
      const answer = await asked(deps, id, async () => {
        if (person !== null) await silence(deps, person, id, signal);
        return removeThere(deps, id, code, signal);
      });
      if ('fault' in answer) return { platform: id, removed: false, fault: answer.fault };
      if (person !== null) deps.journal.deliveries.erase(person, id);
      return { platform: id, removed: answer.value, fault: null };
    }),
  );
}

/** What became of one platform, in a word. */
export function outcomeOf({ removed, fault }: RemoveResult): string {
  return fault === null ? (removed ? 'removed' : 'not-there') : `failed:${fault.kind}`;
}

/**
 * Removes a person from platforms, and here what belongs to them; with the last platform everything here. Where a platform
 * could not be asked, what is here of it stays, so that the removal can be tried again. The receipt names nobody: it is printed,
 * and kept in the audit trail, where only who knows the code and has the key can tell whom it is about.
 */
export async function remove(
  deps: CareDeps,
  code: string,
  from: readonly string[],
  signal: AbortSignal,
): Promise<Removal> {
  const { journal, platforms, vault, now } = deps;
  const everywhere = from.length === 1 && from[0] === EVERYWHERE && !platforms.has(EVERYWHERE);
  const ids = everywhere ? platforms.configured.map(({ id }) => id) : [...new Set(from)];
  for (const id of ids) platforms.get(id);
  const person = journal.records.personRef(code);
  const results = await removeOn(deps, code, ids, signal);
  const receipt = journal.transaction((): RemovalReceipt & { photos: string[] } => {
    const photos = person === null ? [] : journal.records.eraseEmpty(person);
    const left = journal.records.personRef(code) !== null;
    if (!left) journal.imports.erase(code);
    const visits = !left && (everywhere || person !== null) ? journal.visits.forget(code) : 0;
    const made: RemovalReceipt = {
      id: randomUUID(),
      at: now(),
      local: person === null && visits === 0 ? 'nothing' : left ? 'kept' : 'erased',
      platforms: results.map((result) => ({ platform: result.platform, outcome: outcomeOf(result) })),
    };
    const detail = {
      receipt: made.id,
      local: made.local,
      platforms: made.platforms.map(({ platform, outcome }) => `${platform}=${outcome}`).join(' '),
    };
    const outcome = results.some(({ fault }) => fault) ? 'partly' : 'done';
    journal.audit.append({ actor: deps.actor(), action: 'remove', subject: code, outcome, detail }, made.at);
    return { ...made, photos };
  });
  const { photos, ...printed } = receipt;
  for (const enrolment of photos) await vault.erase(enrolment);
  return { results, receipt: printed };
}
