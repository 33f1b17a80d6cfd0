import { FaultError } from '#shared/fault';
import type { Person } from '#shared/person';
import type { EnrolJob, EnrolOutcome } from '../contract.ts';
import { refuseProblems } from '../core/fields.ts';
import type { Unsettled } from '../core/unsettled.ts';
import type { HikConnectClient } from './client.ts';
import { CODE_TAKEN, faultOf, isCode } from './faults.ts';
import { type Directory, filtersFor } from './lookup.ts';
import { problems, type SingleName, validity, wireName } from './rules.ts';
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
  /** Our own adds whose outcome was never heard: such a person is no stranger, whatever `onExisting` says. */
  unsettled: Unsettled;
  /** Codes we added whose picture or access failed: the same holds for them. */
  incomplete: Set<string>;
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

const existsFault = () =>
  new FaultError({
    kind: 'exists',
    code: 'exists',
    field: 'code',
    message: 'somebody with this code is already on the platform, and it was asked not to change anything',
  });

/** A code that stands for a failure; null for none. */
function failureCode(code: string | null | undefined): string | null {
  return code === undefined || code === null || code === '' || code === '0' ? null : code;
}

function levelFault(failures: readonly LevelFailed[]): FaultError | null {
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
 * Enrols one person: look up → `persons/quick/add`, or `persons/update` → `persons/photo` → `accesslevel/person/add`.
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
  const { client, directory, placement, unsettled, incomplete } = room;
  const { person, photo, signal, step } = job;
  const request = {
    personInfo: personFields(person, placement, room.now()),
    photoData: Buffer.from(photo.bytes).toString('base64'),
    accessLevelIds: placement.accessLevelIds,
  };
  let added: QuickAdded;
  try {
    added = await step('persons/quick/add', () =>
      unsettled.around(person.code, () => client.quickAdd(request, signal)),
    );
  } catch (error) {
    if (isCode(error, CODE_TAKEN)) return null;
    throw error;
  }
  directory.remember(person.code, added.personId);
  const fault = quickAddFault(added);
  if (fault) {
    // The person is there and ours: the next attempt goes on from here instead of calling it a stranger.
    incomplete.add(person.code);
    throw fault;
  }
  return { state: 'delivered', personId: added.personId, created: true, warnings: warningsFor(placement) };
}

async function bringUpToDate(room: Enrolling, job: EnrolJob, existing: PersonInfo): Promise<EnrolOutcome> {
  const { client, placement, unsettled, incomplete } = room;
  const { person, photo, signal, step } = job;
  const ours = unsettled.has(person.code) || incomplete.has(person.code);
  if (job.onExisting === 'stop' && !ours) throw existsFault();
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
  unsettled.settle(person.code);
  incomplete.delete(person.code);
  return { state: 'delivered', personId, created: false, warnings: warningsFor(placement) };
}

function warningsFor(placement: Placement): string[] {
  if (placement.accessLevelIds.length > 0) return [];
  return ['no accessLevelIds are configured: the person is on the platform but reaches no door'];
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
