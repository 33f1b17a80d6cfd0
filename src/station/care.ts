import { setTimeout as delay } from 'node:timers/promises';
import type { PlatformKind, Verification } from '#platforms/contract';
import { isSuccess } from '#shared/delivery';
import { type Fault, FaultError, toFault } from '#shared/fault';
import type { Person } from '#shared/person';
import type { LoadedConfig, PlatformTest, VerifyResult } from './api.ts';
import type { PersonRow } from './journal/import-rows.ts';
import type { Journal } from './journal/index.ts';
import { afterLook } from './outbox/verification.ts';
import { createPlatforms, type Platforms } from './platforms.ts';
import type { PhotoVault } from './vault/photos.ts';

export interface CareDeps {
  journal: Journal;
  platforms: Platforms;
  vault: PhotoVault;
  now(): number;
  random(): number;
  /** Who asks, for the audit trail. */
  actor(): string;
  changed(): void;
  unexpected(what: string, error: unknown): void;
  /** Erases somebody who is removed from the tables that are open: lines, and photos of their rows, as far as this station has them. */
  eraseFromTables(code: string, rows: readonly PersonRow[]): Promise<void>;
}

const NOTHING: Verification = { person: false, photo: null, access: null, personId: null, detail: null };

/** A call to a connector whose failure is an answer too. */
export async function asked<T>(
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
export function kindsOf(deps: Pick<CareDeps, 'journal'>, code: string): readonly Person['kind'][] {
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

/** What the look changes here: the newest delivery to this platform, when it counts as delivered, says what was found. */
function recordFound(deps: CareDeps, code: string, platform: string, found: Verification): void {
  const { journal, now, random, actor } = deps;
  const { records, deliveries } = journal;
  const person = records.personRef(code);
  if (person === null) return;
  const at = now();
  journal.transaction(() => {
    const latest = deliveries.list({ person, platform }).at(-1);
    const before = latest === undefined ? null : deliveries.find(latest.id);
    if (before === null || !isSuccess(before.state)) return;
    const seen = afterLook({ ...before, found, looks: before.checks + 1, now: at, random: random() });
    const { state, door, error, nextCheckAt } = seen;
    deliveries.change(before.id, at, () => ({ state, door, doorDetail: found.detail, error, nextCheckAt }));
    journal.audit.append(
      {
        actor: actor(),
        action: 'verify',
        subject: code,
        platform,
        outcome: error?.code ?? (state === 'verified' ? 'verified' : (door ?? 'unknown')),
        detail: { enrolment: before.enrolment },
      },
      at,
    );
  });
  deps.changed();
}

/** Asks the platforms side by side; what cannot be asked carries its fault. */
export async function verify(deps: CareDeps, code: string, signal: AbortSignal): Promise<VerifyResult[]> {
  const able = deps.platforms.configured.filter(({ definition }) => definition.capabilities.includes('verify'));
  return Promise.all(
    able.map(async ({ id }) => {
      const answer = await asked(deps, id, () => verifyThere(deps, id, code, signal));
      if ('fault' in answer) return { platform: id, fault: answer.fault, ...NOTHING };
      recordFound(deps, code, id, answer.value);
      return { platform: id, fault: null, ...answer.value };
    }),
  );
}
