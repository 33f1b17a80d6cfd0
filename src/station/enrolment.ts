import { randomUUID } from 'node:crypto';
import type { PresenceRecord } from '#shared/calls/presence';
import type { EnrolmentView } from '#shared/contract';
import { FaultError } from '#shared/fault';
import { displayName, type Person } from '#shared/person';
import type { ConfiguredPlatform } from './api.ts';
import type { Expected } from './diagnostics/agreement.ts';
import type { StoredPhoto } from './imaging/master.ts';
import type { Consent, EnrolmentRecord, Journal, VisitPlan } from './journal/index.ts';
import type { PhotoVault } from './vault/photos.ts';

export interface NewEnrolment {
  person: Person;
  master: StoredPhoto;
  targets: readonly ConfiguredPlatform[];
  onExisting: 'update' | 'stop';
  onSimilar: 'ask' | 'force' | 'stop';
  /** Default `desk`. */
  urgency?: 'desk' | 'batch';
  consent?: Consent | null;
  /** What is foretold of each target's answer about the picture, by platform id. */
  expected?: ReadonlyMap<string, Expected>;
  /** The presence check before the picture; null where no camera was asked. */
  presence?: PresenceRecord | null;
  /** A visitor's: when they come, and whether they have. */
  visit?: VisitPlan | null;
  /** What else belongs to the same transaction; what it throws undoes the enrolment. `NotNeeded` passes as it is. */
  within?(enrolment: string): void;
}

/** Somebody else wrote the same enrolment meanwhile. */
export class NotNeeded extends Error {
  override readonly name = 'NotNeeded';
}

/**
 * Writes an enrolment: first its sealed photo, then, in one transaction, the person and a delivery for each platform. When the
 * journal cannot be written the photo is taken back; when the process dies in between, the file is found stale later.
 * @throws FaultError `capacity` when the disk does not take it
 */
export async function writeEnrolment(
  journal: Journal,
  vault: PhotoVault,
  {
    person,
    master,
    targets,
    onExisting,
    onSimilar,
    urgency = 'desk',
    consent = null,
    presence = null,
    expected,
    within,
    visit = null,
  }: NewEnrolment,
  actor: string,
  at: number,
): Promise<string> {
  const id = randomUUID();
  try {
    await vault.write(id, master.bytes);
    journal.transaction(() => {
      const ref = journal.records.insert({ id, person, photo: master, consent, presence }, at);
      // Whoever is enrolled again is to stay: a removal that still waits for its platform is not wanted any more.
      journal.removals.drop(
        person.code,
        targets.map((target) => target.id),
        at,
      );
      if (visit !== null) journal.visits.enrolled(person, ref, id, visit, at);
      if (master.inspection !== null) journal.inspections.write(id, master.inspection);
      for (const { id: platform } of targets) {
        const delivery = randomUUID();
        journal.deliveries.insert(
          { id: delivery, enrolment: id, person: ref, platform, onExisting, onSimilar, urgency },
          at,
        );
        const foretold = expected?.get(platform);
        if (foretold) journal.agreements.expect(delivery, foretold);
      }
      journal.audit.append(
        {
          actor,
          action: 'enrol',
          subject: person.code,
          outcome: 'written',
          detail: {
            enrolment: id,
            platforms: targets.map((target) => target.id).join(' '),
            onExisting,
            onSimilar,
            ...(consent && { consent: consent.version, consentAt: new Date(consent.at).toISOString() }),
            ...(presence && {
              presence: presence.result,
              presenceAt: new Date(presence.at).toISOString(),
              presenceActions: presence.actions.join(' '),
            }),
          },
        },
        at,
      );
      within?.(id);
    });
    return id;
  } catch (error) {
    await vault.erase(id).catch(() => undefined);
    if (error instanceof NotNeeded) throw error;
    throw new FaultError(
      {
        kind: 'capacity',
        code: 'journal',
        message:
          'the enrolment could not be written down, so nothing was sent: is the disk full or the folder read-only?',
      },
      { cause: error },
    );
  }
}

/** An enrolment as screens see it. */
export function enrolmentView(journal: Journal, record: EnrolmentRecord): EnrolmentView {
  return {
    id: record.id,
    code: record.person.code,
    name: displayName(record.person.name),
    kind: record.person.kind,
    createdAt: record.createdAt,
    consent: record.consent,
    presence: record.presence,
    deliveries: journal.deliveries.list({ enrolment: record.id }),
  };
}
