import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isSuccess } from '#shared/delivery';
import { type Fault, FaultError, isTransient } from '#shared/fault';
import type { Removal, RemovalReceipt, RemoveResult } from './api.ts';
import { asked, type CareDeps, kindsOf } from './care.ts';
import { REMOVED } from './outbox/retention.ts';

/** In place of platforms' ids: every one that is configured. */
const EVERYWHERE = 'all';

/** How often a running delivery is looked at while its person is to be removed. */
const LOOK_MS = 100;

const RETURNED: Fault = {
  kind: 'validation',
  code: 'enrolled-again',
  message: 'the person was enrolled again meanwhile, so they were not removed',
};

/** Whether the removal is still wanted. */
type Wanted = (platform: string) => boolean;

/** Nothing may arrive there any more before the person is removed, or the outbox would enrol them again. */
async function silence(
  deps: CareDeps,
  person: string,
  platform: string,
  signal: AbortSignal,
  wanted: Wanted,
): Promise<void> {
  const { journal, now } = deps;
  const isSilent = () =>
    journal.transaction(() => {
      if (!wanted(platform)) throw new FaultError(RETURNED);
      return journal.deliveries.abandon(person, platform, REMOVED, now());
    });
  while (!isSilent()) await delay(LOOK_MS, undefined, { signal });
  deps.changed();
}

/** What belongs to the platform here goes; false: the person was enrolled again while it was asked, and is to arrive once more. */
function forgetThere({ journal, now }: CareDeps, person: string, platform: string, wanted: Wanted): boolean {
  return journal.transaction(() => {
    if (wanted(platform)) {
      journal.deliveries.erase(person, platform);
      return true;
    }
    const arrived = journal.deliveries.list({ person, platform }).filter(({ state }) => isSuccess(state));
    for (const { id } of arrived)
      journal.deliveries.change(id, now(), () => ({ state: 'queued', error: null, streak: 0 }));
    return false;
  });
}

async function removeThere(deps: CareDeps, id: string, code: string, signal: AbortSignal): Promise<boolean> {
  let removed = false;
  for (const kind of kindsOf(deps, code)) {
    removed = (await deps.platforms.connector(id).remove(code, kind, signal)) || removed;
  }
  return removed;
}

/**
 * Removes a person from platforms side by side, and here what belongs to each; where one could not be asked, that stays.
 * @param wanted asked before each step that cannot be taken back
 */
export function removeOn(
  deps: CareDeps,
  code: string,
  ids: readonly string[],
  signal: AbortSignal,
  wanted: Wanted = () => true,
): Promise<RemoveResult[]> {
  const person = deps.journal.records.personRef(code);
  return Promise.all(
    ids.map(async (platform): Promise<RemoveResult> => {
      const answer = await asked(deps, platform, async () => {
        if (person !== null) await silence(deps, person, platform, signal, wanted);
        return removeThere(deps, platform, code, signal);
      });
      const failed = (fault: Fault): RemoveResult => {
        return { platform, removed: false, fault, again: signal.aborted || isTransient(fault.kind) };
      };
      if ('fault' in answer) return failed(answer.fault);
      if (person !== null && !forgetThere(deps, person, platform, wanted)) return failed(RETURNED);
      return { platform, removed: answer.value, fault: null, again: false };
    }),
  );
}

/** What became of one platform, in a word. */
export function outcomeOf({ removed, fault }: RemoveResult): string {
  return fault === null ? (removed ? 'removed' : 'not-there') : `failed:${fault.kind}`;
}

/**
 * Removes a person from platforms, and here what belongs to them; with the last platform everything here. It is promised first: where a
 * platform cannot be asked now, what is here of it stays, and it is tried again by itself (`finishRemovals`), also after a crash, unless the
 * person is enrolled there again. The receipt names nobody: it is printed, and kept in the audit trail, where only who knows the code and has
 * the key can tell whom it is about.
 */
export async function remove(
  deps: CareDeps,
  code: string,
  from: readonly string[],
  signal: AbortSignal,
): Promise<Removal> {
  const { journal, platforms, now } = deps;
  const everywhere = from.length === 1 && from[0] === EVERYWHERE && !platforms.has(EVERYWHERE);
  const ids = everywhere ? platforms.configured.map(({ id }) => id) : [...new Set(from)];
  for (const id of ids) platforms.get(id);
  journal.transaction(() => journal.removals.promise(code, ids, now()));
  return carryOut(deps, code, ids, signal, everywhere);
}

/** Tries the removals once more that could not be done yet; the trail is told when it helped. Never rejects for what a platform does. */
export async function finishRemovals(deps: CareDeps, signal: AbortSignal): Promise<void> {
  const { journal, platforms } = deps;
  for (const code of new Set(journal.removals.open().map((one) => one.code))) {
    if (signal.aborted) return;
    const ids = journal.removals.open(code).flatMap(({ platform }) => (platforms.has(platform) ? platform : []));
    if (ids.length > 0) await carryOut(deps, code, ids, signal, false, true);
  }
}

async function carryOut(
  deps: CareDeps,
  code: string,
  ids: readonly string[],
  signal: AbortSignal,
  everywhere: boolean,
  again = false,
): Promise<Removal> {
  const { journal, vault, now } = deps;
  const person = journal.records.personRef(code);
  const rows = journal.imports.ofCode(code);
  const results = await removeOn(deps, code, ids, signal, (platform) => journal.removals.has(code, platform));
  const { photos, left, ...receipt } = journal.transaction((): RemovalReceipt & { photos: string[]; left: boolean } => {
    const over = results.filter((result) => !result.again).map(({ platform }) => platform);
    journal.removals.drop(code, over, now());
    const photos = person === null ? [] : journal.records.eraseEmpty(person);
    const left = journal.records.personRef(code) !== null;
    if (!left) journal.imports.erase(code);
    const visits = !left && (everywhere || person !== null) ? journal.visits.forget(code) : 0;
    const made: RemovalReceipt = {
      id: randomUUID(),
      at: now(),
      local: person === null && visits === 0 && rows.length === 0 ? 'nothing' : left ? 'kept' : 'erased',
      platforms: results.map((result) => ({ platform: result.platform, outcome: outcomeOf(result) })),
    };
    const detail = {
      receipt: made.id,
      local: made.local,
      platforms: made.platforms.map(({ platform, outcome }) => `${platform}=${outcome}`).join(' '),
    };
    const outcome = results.some(({ fault }) => fault) ? 'partly' : 'done';
    if (!again || over.length > 0)
      journal.audit.append({ actor: deps.actor(), action: 'remove', subject: code, outcome, detail }, made.at);
    return { ...made, photos, left };
  });
  for (const enrolment of photos) await vault.erase(enrolment);
  if (!left) await deps.eraseFromTables(code, rows);
  if (again) deps.changed();
  return { results, receipt };
}
