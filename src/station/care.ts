import { setTimeout as delay } from 'node:timers/promises';
import type { PlatformKind, Verification } from '#platforms/contract';
import { type Fault, FaultError, toFault } from '#shared/fault';
import type { Person } from '#shared/person';
import type { LoadedConfig, PlatformTest, RemoveResult, VerifyResult } from './api.ts';
import type { Journal } from './journal/index.ts';
import { createPlatforms, type Platforms } from './platforms.ts';
import type { PhotoVault } from './vault/photos.ts';

export interface CareDeps {
  journal: Journal;
  platforms: Platforms;
  vault: PhotoVault;
  now(): number;
  changed(): void;
  unexpected(what: string, error: unknown): void;
}

const REMOVED: Fault = { kind: 'validation', code: 'removed', message: 'the person was removed' };
const NOTHING: Verification = { person: false, photo: null, access: null, personId: null, detail: null };

/** A call to a connector whose failure is an answer too. */
async function asked<T>(
  deps: Pick<CareDeps, 'unexpected'>,
  what: string,
  call: () => Promise<T>,
): Promise<{ value: T } | { fault: Fault }> {
  try {
    return { value: await call() };
  } catch (error) {
    if (!(error instanceof FaultError)) deps.unexpected(what, error);
    return { fault: toFault(error) };
  }
}

export async function testPlatform(
  deps: Pick<CareDeps, 'platforms' | 'unexpected'>,
  id: string,
  signal: AbortSignal,
): Promise<PlatformTest> {
  deps.platforms.get(id);
  const answer = await asked(deps, id, () => deps.platforms.connector(id).test(signal));
  if ('fault' in answer) return { ok: false, skewMs: null, detail: null, fault: answer.fault };
  return { ok: true, ...answer.value, fault: null };
}

/**
 * Tests every platform of a configuration side by side, without a station or a data folder. Never rejects for what a platform does.
 */
export async function testConfiguredPlatforms(
  config: LoadedConfig,
  signal: AbortSignal,
): Promise<(PlatformTest & { platform: string; kind: PlatformKind })[]> {
  const sleep = (ms: number, aborted?: AbortSignal) => delay(ms, undefined, aborted && { signal: aborted });
  const platforms = createPlatforms(config, { now: Date.now, sleep });
  try {
    return await Promise.all(
      platforms.configured.map(async ({ id, kind }) => ({
        platform: id,
        kind,
        ...(await testPlatform({ platforms, unexpected: () => undefined }, id, signal)),
      })),
    );
  } finally {
    await platforms.close();
  }
}

/** The kinds under which a code may be on a platform: as enrolled here, else both, staff first. */
function kindsOf(deps: CareDeps, code: string): readonly Person['kind'][] {
  const known = deps.journal.records.byCode(code);
  return known === null ? ['staff', 'visitor'] : [known.person.kind];
}

async function verifyThere(deps: CareDeps, id: string, code: string, signal: AbortSignal): Promise<Verification> {
  let found = NOTHING;
  for (const kind of kindsOf(deps, code)) {
    found = await deps.platforms.connector(id).verify(code, kind, signal);
    if (found.person) break;
  }
  return found;
}

/** Everything is there: only then a delivery counts as verified. `null` means the platform does not tell, which is no objection. */
function isWhole({ person, photo, access }: Verification): boolean {
  return person && photo !== false && (access === 'applied' || access === null);
}

/** What the look changes here: a delivered delivery becomes verified. Nothing else: what is missing is shown, not guessed about. */
function recordVerified(deps: CareDeps, code: string, platform: string, found: Verification): void {
  const { records, deliveries } = deps.journal;
  const person = records.personRef(code);
  if (person === null || !isWhole(found)) return;
  const latest = deliveries.list({ person, platform }).at(-1);
  if (latest?.state !== 'delivered') return;
  deliveries.change(latest.id, deps.now(), (before) => ({
    state: before.state === 'delivered' ? 'verified' : notRunning(before.state),
    error: before.error,
    nextAttemptAt: before.nextAttemptAt,
  }));
  deps.changed();
}

function notRunning<S extends string>(state: S): Exclude<S, 'running'> {
  if (state === 'running') throw new Error('the delivery is at work');
  return state as Exclude<S, 'running'>;
}

/** Asks the platforms side by side; what cannot be asked carries its fault. */
export async function verify(deps: CareDeps, code: string, signal: AbortSignal): Promise<VerifyResult[]> {
  const able = deps.platforms.configured.filter(({ definition }) => definition.capabilities.includes('verify'));
  return Promise.all(
    able.map(async ({ id }) => {
      const answer = await asked(deps, id, () => verifyThere(deps, id, code, signal));
      if ('fault' in answer) return { platform: id, fault: answer.fault, ...NOTHING };
      recordVerified(deps, code, id, answer.value);
      return { platform: id, fault: null, ...answer.value };
    }),
  );
}

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

/**
 * Removes a person from platforms, and here what belongs to them; with the last platform everything here. Where a platform
 * could not be asked, what is here of it stays, so that the removal can be tried again.
 */
export async function remove(
  deps: CareDeps,
  code: string,
  from: readonly string[],
  signal: AbortSignal,
): Promise<RemoveResult[]> {
  const { journal, platforms, vault } = deps;
  const ids = [...new Set(from)];
  for (const id of ids) platforms.get(id);
  const person = journal.records.personRef(code);
  const results = await Promise.all(
    ids.map(async (id): Promise<RemoveResult> => {
      const answer = await asked(deps, id, async () => {
        if (person !== null) await silence(deps, person, id, signal);
        return removeThere(deps, id, code, signal);
      });
      if ('fault' in answer) return { platform: id, removed: false, fault: answer.fault };
      if (person !== null) journal.deliveries.erase(person, id);
      return { platform: id, removed: answer.value, fault: null };
    }),
  );
  if (person !== null) {
    for (const enrolment of journal.records.eraseEmpty(person)) await vault.erase(enrolment);
  }
  return results;
}
