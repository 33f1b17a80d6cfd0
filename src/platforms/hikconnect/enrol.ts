import { FaultError } from '#shared/fault';
import type { Person } from '#shared/person';
import { WARNINGS } from '#shared/warnings';
import type { EnrolJob, EnrolOutcome } from '../contract.ts';
import { refuseProblems } from '../core/fields.ts';
import { giveCard } from './cards.ts';
import type { HikConnectClient } from './client.ts';
import { CODE_TAKEN, faultOf, isCode } from './faults.ts';
import { type Directory, filtersFor } from './lookup.ts';
import { problems, type SingleName, validity, wireName } from './rules.ts';
import type { Turns } from './turns.ts';
import { GENDER, type LevelFailed, type PersonFields, type PersonInfo, type QuickAdded } from './wire.ts';

/** What the configuration says about where people belong and how they are written. */
export interface Placement {
  groupId: string;
  accessLevelIds: readonly string[];
  singleName: SingleName;
}

/** What enrolling needs beside the job. */
export interface Enrolling {
  client: HikConnectClient;
  directory: Directory;
  placement: Placement;
  turns: Turns;
  now(): number;
}

/** The person as A.3.122 has it. */
export function personFields(person: Person, placement: Placement, now: number): PersonFields {
  return {
    groupId: placement.groupId,
    personCode: person.code,
    ...wireName(person.name, placement.singleName),
    gender: GENDER[person.gender ?? 'unknown'],
    ...(person.phone ? { phone: person.phone } : {}),
    ...(person.email ? { email: person.email } : {}),
    ...(person.remark ? { description: person.remark } : {}),
    ...validity(person, now),
  };
}

/** Somebody has our key: under `stop` that ends it, unless it may be what an earlier attempt of this very delivery left half done. */
export function refuseStranger({ onExisting, resumed }: EnrolJob): void {
  if (onExisting === 'update' || resumed) return;
  throw new FaultError({
    kind: 'exists',
    code: 'exists',
    field: 'code',
    message: 'somebody with this code is already on the platform, and it was asked not to change anything',
  });
}

/** A code that stands for a failure; null for none. */
function failureCode(code: string | null | undefined): string | null {
  return code === undefined || code === null || code === '' || code === '0' ? null : code;
}

/** The first of the access levels that could not be given or taken, as a fault; null when all went well (tables 5-62 to 5-66). */
export function levelFault(failures: readonly LevelFailed[]): FaultError | null {
  const [first] = failures;
  if (first === undefined) return null;
  const code = failureCode(first.errorCode);
  if (code !== null) return faultOf(code, '');
  return new FaultError({
    kind: 'validation',
    code: 'access-level',
    field: 'accessLevelIds',
    message: 'the person is on the platform, but an access level could not be given: check accessLevelIds',
  });
}

/** What failed inside a success of `quick/add` (tables 5-78, 5-79). Without picture or door the person is not enrolled: those are faults. */
export function quickAddFault({ photoFailed, accessLevelFailed }: QuickAdded): FaultError | null {
  if (photoFailed) {
    const code = failureCode(photoFailed.errorCode);
    if (code !== null) return faultOf(code, '');
  }
  if (!accessLevelFailed) return null;
  const all = failureCode(accessLevelFailed.errorCode);
  return all === null ? levelFault(accessLevelFailed.personAccessLevelFailedList ?? []) : faultOf(all, '');
}

/**
 * Enrols one person: look up → `persons/quick/add`, or `persons/update` → `persons/photo` → `accesslevel/person/add`; then the card, if any.
 *
 * `quick/add` (5.8.15) rather than `persons/add` with two calls after it: 4.10 names it for this very purpose, a device gets person and face by
 * one protocol instead of a faceless person first, and one request of the five a second does the work of three.
 */
export async function enrol(room: Enrolling, job: EnrolJob): Promise<EnrolOutcome> {
  const { person } = job;
  refuseProblems(problems(person));
  const known = await lookUp(room, job);
  if (known) return bringUpToDate(room, job, known);
  return (await add(room, job)) ?? bringUpToDate(room, job, await lookUpThoroughly(room, job));
}

/** Adds the person; null where our key is taken by somebody the first look-up could not see. */
async function add(room: Enrolling, job: EnrolJob): Promise<EnrolOutcome | null> {
  const { client, directory, placement } = room;
  const { person, photo, signal, step } = job;
  const request = {
    personInfo: personFields(person, placement, room.now()),
    photoData: Buffer.from(photo.bytes).toString('base64'),
    accessLevelIds: placement.accessLevelIds,
  };
  let added: QuickAdded;
  try {
    added = await step('persons/quick/add', () => client.quickAdd(request, signal));
  } catch (error) {
    if (isCode(error, CODE_TAKEN)) return null;
    throw error;
  }
  const { personId } = added;
  directory.remember(person.code, personId);
  const fault = quickAddFault(added);
  if (fault) {
    await undo(room, job, personId);
    throw fault;
  }
  return { state: 'delivered', personId, created: true, warnings: await finish(room, job, personId) };
}

/**
 * Takes back somebody whom this very call added without a picture or a door. Under `update` the next attempt goes on from there and nothing is
 * lost; under `stop` the half-made person would bar the way of the one that is to replace it, so it goes. What went wrong counts, not this.
 */
async function undo({ client, directory }: Enrolling, job: EnrolJob, personId: string): Promise<void> {
  if (job.onExisting === 'update') return;
  try {
    await job.step('persons/delete', () => client.deletePerson(personId, job.signal));
    directory.forget(job.person.code);
  } catch {
    // Left behind: the next attempt says `exists`, and the desk decides.
  }
}

async function bringUpToDate(room: Enrolling, job: EnrolJob, existing: PersonInfo): Promise<EnrolOutcome> {
  const { client, placement } = room;
  const { person, photo, signal, step } = job;
  refuseStranger(job);
  const { personId } = existing;

  const fields = personFields(person, placement, room.now());
  await step('persons/update', () => client.updatePerson({ ...fields, personId }, signal));
  const photoData = Buffer.from(photo.bytes).toString('base64');
  await step('persons/photo', () => client.updatePhoto(personId, photoData, signal));
  if (placement.accessLevelIds.length > 0) {
    const failed = await step('accesslevel/person/add', () =>
      client.addAccessLevels(personId, placement.accessLevelIds, signal),
    );
    const fault = levelFault(failed);
    if (fault) throw fault;
  }
  return { state: 'delivered', personId, created: false, warnings: await finish(room, job, personId) };
}

/** The card, and what the desk should know. The face opens doors: a card that is refused is a warning, one that may pass later is tried again. */
async function finish({ client, placement, turns }: Enrolling, job: EnrolJob, personId: string): Promise<string[]> {
  const warnings: string[] = [];
  const { card } = job.person;
  if (card) {
    const refused = await job.step('persons/updatecards', () =>
      turns(personId, () => giveCard(client, personId, card, job.signal)),
    );
    if (refused) warnings.push(`${WARNINGS['hikconnect-no-card']}: ${refused.message}`);
  }
  if (placement.accessLevelIds.length === 0) warnings.push(WARNINGS['hikconnect-no-door']);
  return warnings;
}

/**
 * The look-up before anything is sent: what we remember, else one search by name. It is meant to find our own earlier work; somebody who
 * was added under another name shows when the platform calls the code taken, and is searched for then.
 */
async function lookUp({ directory }: Enrolling, job: EnrolJob): Promise<PersonInfo | null> {
  const { person, knownPersonId, signal, step } = job;
  if (knownPersonId !== null || directory.remembers(person.code)) {
    const recalled = await step('persons/get', () => directory.recall(person.code, knownPersonId, signal));
    if (recalled) return recalled;
  }
  const [byName] = filtersFor(person);
  return step('persons/list', () => directory.search(person.code, byName, signal));
}

/** Our key exists for certain: by phone and e-mail, then among everybody. */
async function lookUpThoroughly({ directory }: Enrolling, job: EnrolJob): Promise<PersonInfo> {
  const { person, signal, step } = job;
  const [, ...others] = filtersFor(person);
  for (const filter of [...others, null]) {
    const found = await step('persons/list', () => directory.search(person.code, filter, signal));
    if (found) return found;
  }
  throw new FaultError({
    kind: 'exists',
    code: [...CODE_TAKEN].join(),
    field: 'code',
    message:
      'the platform says this code is taken, but nobody this key may see has it: use another code, or look among departments it cannot see',
  });
}
