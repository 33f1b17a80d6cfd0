import type { Verification } from '#platforms/contract';
import { type Fault, FaultError, toFault } from '#shared/fault';
import type { Answer } from '../diagnostics/agreement.ts';
import { hear } from '../diagnostics/hear.ts';
import type { DeliveryRecord, Journal } from '../journal/index.ts';
import type { Platforms } from '../platforms.ts';
import { afterLook, LOOKS, NO_PHOTO, type Seen } from './verification.ts';

export interface LookDeps {
  journal: Journal;
  platforms: Platforms;
  now(): number;
  random(): number;
  changed(): void;
  unexpected(delivery: string, error: unknown): void;
}

/** Asks the platform of a delivered delivery whether person, photo and access are there. Resolves with what kept it from asking. */
export async function look(deps: LookDeps, id: string, signal: AbortSignal): Promise<Fault | null> {
  const { journal, platforms, now } = deps;
  const delivery = journal.deliveries.beginLook(id, now() + LOOKS.leaseMs);
  if (delivery === null) return null;
  const enrolment = journal.records.find(delivery.enrolment);
  if (enrolment === null) return null;
  const { code, kind } = enrolment.person;
  let found: Verification | null = null;
  let fault: Fault | null = null;
  try {
    found = await platforms.connector(delivery.platform).verify(code, kind, signal);
  } catch (error) {
    // Cut off by the closing station: due again when its lease is over, or at the next run.
    if (signal.aborted) return null;
    if (!(error instanceof FaultError)) deps.unexpected(id, error);
    fault = toFault(error);
  }
  recordLook(deps, delivery, code, found);
  return fault;
}

/** Writes what a look found, and tells it to the audit trail when it is news. */
function recordLook(
  deps: Pick<LookDeps, 'journal' | 'platforms' | 'now' | 'random' | 'changed'>,
  delivery: DeliveryRecord,
  code: string,
  found: Verification | null,
): void {
  const { journal, now, random, changed } = deps;
  const at = now();
  const refusal = refusalIn(found);
  const seen = afterLook({ ...delivery, found, looks: delivery.checks, now: at, random: random() });
  const { state, door, error, nextCheckAt } = seen;
  journal.transaction(() => {
    const doorDetail = found === null ? delivery.doorDetail : found.detail;
    if (!journal.deliveries.endLook(delivery, { state, door, doorDetail, error, nextCheckAt }, at)) return;
    if (refusal && deps.platforms.has(delivery.platform)) hear(deps, delivery, refusal);
    if (!isNews(delivery, seen)) return;
    journal.audit.append(
      {
        actor: 'outbox',
        action: 'verify',
        subject: code,
        platform: delivery.platform,
        outcome: error?.code ?? (state === 'verified' ? 'verified' : (door ?? 'unknown')),
        detail: { enrolment: delivery.enrolment, looks: delivery.checks },
      },
      at,
    );
  });
  changed();
}

/** A door's or a late refusal of the picture: by a code, or because the platform does not show it after all. */
function refusalIn(found: Verification | null): Answer {
  if (found?.refusal) return found.refusal;
  return found?.person && found.photo === false ? { code: NO_PHOTO.code, message: NO_PHOTO.message } : null;
}

function isNews(before: DeliveryRecord, seen: Seen): boolean {
  return (
    seen.state !== before.state ||
    seen.door !== before.door ||
    (seen.error?.code ?? null) !== (before.error?.code ?? null)
  );
}
