import type { EnrolOutcome } from '#platforms/contract';
import { type Fault, FaultError, toFault } from '#shared/fault';
import type { ConfiguredPlatform } from '../api.ts';
import type { Answer } from '../diagnostics/agreement.ts';
import { hear } from '../diagnostics/hear.ts';
import { makeRendition } from '../imaging/rendition.ts';
import { ClaimLost, type DeliveryPatch, type DeliveryRecord, type Journal, UNHEARD } from '../journal/index.ts';
import type { Platforms } from '../platforms.ts';
import type { PhotoVault } from '../vault/photos.ts';
import { afterFault, type Consequence, type Gate, mayHaveActed } from './policy.ts';
import { LOOKS } from './verification.ts';

export interface AttemptDeps {
  journal: Journal;
  vault: PhotoVault;
  platforms: Platforms;
  /** This process in the journal. */
  owner: string;
  now(): number;
  random(): number;
  /** Something in the journal changed. */
  changed(): void;
  /** An attempt came to its end, for the log. */
  ended(delivery: DeliveryRecord, patch: DeliveryPatch): void;
  /** An error that is no fault; it must not stop the others. */
  unexpected(delivery: string, error: unknown): void;
}

/** What an attempt told about the platform. */
export interface AttemptResult {
  fault: Fault | null;
  consequence: Consequence | null;
}

/** The steps of a connector under the journal: written before the request, the outcome after it. */
function stepRunner(deps: AttemptDeps, delivery: string, done: Set<string>) {
  return async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    const { journal, owner, now } = deps;
    const step = journal.deliveries.beginStep(delivery, owner, name, now());
    deps.changed();
    const end = (outcome: 'done' | 'failed', code: string | null) => {
      journal.deliveries.endStep(step, outcome, code, now());
      deps.changed();
    };
    try {
      const value = await run();
      end('done', null);
      done.add(name);
      return value;
    } catch (error) {
      const heard = error instanceof FaultError && !mayHaveActed(error.fault);
      end('failed', heard ? error.fault.code : UNHEARD);
      throw error;
    }
  };
}

async function send(
  deps: AttemptDeps,
  delivery: DeliveryRecord,
  done: Set<string>,
  signal: AbortSignal,
): Promise<EnrolOutcome> {
  const { journal, vault, platforms } = deps;
  const enrolment = journal.records.find(delivery.enrolment);
  const photo = journal.records.photo(delivery.enrolment);
  if (enrolment === null || photo === null) throw new ClaimLost();
  const { definition } = platforms.get(delivery.platform);
  // Taken hold of now: the platform may be changed or taken out of use while the picture is made, and what was begun is ended.
  const connector = platforms.connector(delivery.platform);
  const master = await vault.read(delivery.enrolment);
  const { bytes } = await makeRendition(master, photo.head, definition.rendition);
  signal.throwIfAborted();
  return connector.enrol({
    person: enrolment.person,
    photo: { bytes, version: photo.version },
    onExisting: delivery.onExisting,
    onSimilar: delivery.onSimilar,
    urgency: delivery.urgency,
    resumed: journal.deliveries.hasUnheardStep(delivery.id),
    knownPersonId: delivery.personId ?? journal.deliveries.knownPersonId(delivery.person, delivery.platform),
    signal,
    step: stepRunner(deps, delivery.id, done),
  });
}

function patchOf(outcome: EnrolOutcome, firstLookAt: number | null): DeliveryPatch {
  if (outcome.state === 'asking') return { state: 'asking', error: null, question: outcome.question, streak: 0 };
  const { personId, warnings } = outcome;
  return {
    state: 'delivered',
    error: null,
    personId,
    warnings,
    question: null,
    streak: 0,
    door: null,
    doorDetail: null,
    nextCheckAt: firstLookAt,
  };
}

/** States that are an outcome; waiting and being queued again are not. */
const OUTCOMES: ReadonlySet<string> = new Set(['delivered', 'asking', 'refused']);

function auditDelivery(journal: Journal, delivery: DeliveryRecord, patch: DeliveryPatch, at: number): void {
  if (!OUTCOMES.has(patch.state)) return;
  const { enrolment, platform, attempts } = delivery;
  journal.audit.append(
    {
      actor: 'outbox',
      action: 'delivery',
      subject: journal.records.find(enrolment)?.person.code ?? null,
      platform,
      outcome: patch.state,
      detail: { enrolment, attempts, ...(patch.error && { kind: patch.error.kind, code: patch.error.code }) },
    },
    at,
  );
}

const canVerify = ({ definition }: ConfiguredPlatform): boolean => definition.capabilities.includes('verify');

/** What the platform said of the picture in this attempt; undefined where it came to no word about it. */
function answerOf(
  fault: Fault | null,
  judging: readonly string[] | undefined,
  done: ReadonlySet<string>,
): Answer | undefined {
  if (fault?.kind === 'quality') return { code: fault.code, message: fault.message };
  return judging?.some((name) => done.has(name)) ? null : undefined;
}

/**
 * One attempt of a claimed delivery, to its end in the journal. Interrupted (signal), it goes back into the queue as it was: the
 * connector looks the person up again before it acts. Never rejects for what a platform or a connector does; rejects when the
 * journal itself cannot be written, and then the delivery stays claimed until it can be released.
 */
export async function attempt(
  deps: AttemptDeps,
  delivery: DeliveryRecord,
  gate: Gate | null,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const { journal, owner, now, platforms } = deps;
  const done = new Set<string>();
  const finish = (patch: DeliveryPatch, fault: Fault | null = null) => {
    const judging = platforms.has(delivery.platform) ? platforms.get(delivery.platform).definition.judging : undefined;
    const answer = answerOf(fault, judging, done);
    journal.transaction(() => {
      if (!journal.deliveries.finish(delivery.id, owner, patch, now())) return;
      auditDelivery(journal, delivery, patch, now());
      if (answer !== undefined && platforms.has(delivery.platform)) hear(deps, delivery, answer);
    });
    deps.ended(delivery, patch);
    deps.changed();
  };
  try {
    const outcome = await send(deps, delivery, done, signal);
    // It may have been taken out of use meanwhile: then nobody looks again.
    const looks = platforms.has(delivery.platform) && canVerify(platforms.get(delivery.platform));
    finish(patchOf(outcome, looks ? now() + LOOKS.firstMs : null));
    return { fault: null, consequence: null };
  } catch (error) {
    if (error instanceof ClaimLost) return { fault: null, consequence: null };
    const fault = toFault(error);
    const interrupted = signal.aborted && (!(error instanceof FaultError) || fault.kind === 'time-out');
    if (interrupted) {
      finish({ state: 'queued', error: delivery.error });
      return { fault: null, consequence: null };
    }
    if (!(error instanceof FaultError)) deps.unexpected(delivery.id, error);
    const consequence = afterFault({
      fault,
      failures: Math.max(delivery.streak, gate?.failures ?? 0),
      previous: delivery.error?.kind ?? null,
      now: now(),
      random: deps.random(),
    });
    finish(
      {
        state: consequence.state,
        error: fault,
        question: null,
        nextAttemptAt: consequence.state === 'waiting' ? consequence.until : null,
        streak: consequence.state === 'waiting' ? delivery.streak + 1 : delivery.streak,
      },
      fault,
    );
    return { fault, consequence };
  }
}
