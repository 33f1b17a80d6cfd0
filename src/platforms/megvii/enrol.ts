import { FaultError } from '#shared/fault';
import { displayName, type Person } from '#shared/person';
import { WARNINGS } from '#shared/warnings';
import type { EnrolJob, EnrolOutcome } from '../contract.ts';
import { refuseProblems } from '../core/fields.ts';
import type { MegviiClient } from './client.ts';
import { department } from './department.ts';
import { faultOf, isTaken, TAKEN } from './faults.ts';
import { byUuid, findByCode, findHost, keyField } from './lookup.ts';
import { companyName, phoneDigits, problems } from './rules.ts';
import { askBefore } from './similar.ts';
import type { MegviiSite } from './site.ts';
import { type BatchResult, PERSON_TYPE, type PersonFields, type PersonRecord, SEX } from './wire.ts';

/** What the configuration says about where people belong. */
export interface Placement {
  groupUuids?: { staff?: readonly string[] | undefined; visitor?: readonly string[] | undefined } | undefined;
  orgUuid?: string | undefined;
}

/** What enrolling needs beside the job. */
export interface Enrolling {
  client: MegviiClient;
  site: MegviiSite;
  placement: Placement;
  /** 1–99: a face as like as that is asked about before anything is kept; null: not searched for. */
  threshold: number | null;
}

/** Drops what is not set: the box takes an empty text for a value. */
function given<T extends Record<string, unknown>>(fields: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''),
  ) as Partial<T>;
}

/** The person as 人员管理 1.4.2 has it. `groups` are all the person shall be in. Times go as milliseconds. */
export function personFields(
  person: Person,
  placement: Placement,
  made: { imageUri: string; groups: readonly string[]; hostUuid: string | null },
): PersonFields {
  const visitor = person.kind === 'visitor';
  const { visit } = person;
  return {
    name: displayName(person.name),
    sex: SEX[person.gender ?? 'unknown'],
    imageUri: made.imageUri,
    ...given({
      [keyField(person.kind)]: person.code,
      identifyNum: person.idNumber,
      email: person.email,
      phone: person.phone === undefined ? undefined : phoneDigits(person.phone),
      cardNum: person.card,
      postion: visitor ? undefined : person.position,
      ext: person.remark,
      // Membership goes on the person: `pass/group/batchUpdatePerson` would replace everybody else's (接口使用流程 1.1).
      groupList: made.groups.length === 0 ? undefined : [...made.groups],
      orgUuid: placement.orgUuid,
    }),
    ...(visitor && visit
      ? given({
          visitFirm: visit.company === undefined ? undefined : companyName(visit.company),
          visitStartTimeStamp: visit.from === undefined ? undefined : Date.parse(visit.from),
          visitEndTimeStamp: visit.to === undefined ? undefined : Date.parse(visit.to),
          visitReason: visit.purpose,
          visitedUuid: made.hostUuid ?? undefined,
          visitType: 1,
        })
      : {}),
  };
}

/** What the platform cannot keep of this person, in words for the desk. */
function warningsFor(person: Person): string[] {
  const warnings: string[] = [];
  if (person.kind === 'staff' && (person.validFrom || person.validTo)) warnings.push(WARNINGS['megvii-no-end']);
  const company = person.visit?.company;
  if (company !== undefined && companyName(company) !== company) warnings.push(WARNINGS['megvii-company-shortened']);
  return warnings;
}

/** Somebody has our key: under `stop` that ends it, unless it may be what an earlier attempt of this very delivery left half done. */
function refuseStranger({ onExisting, resumed }: EnrolJob): void {
  if (onExisting === 'update' || resumed) return;
  throw new FaultError({
    kind: 'exists',
    code: 'exists',
    field: 'code',
    message: 'somebody with this code is already on the box, and it was asked not to change anything',
  });
}

/**
 * Enrols one person (接口使用流程 1.1): look up by our key → who looks like this, where configured → qualityJudge → uploadImage → batchAdd or update. Looks before it acts, so that it
 * may be called again after a time-out, whatever became of the first call.
 */
export async function enrol(room: Enrolling, job: EnrolJob): Promise<EnrolOutcome> {
  const { client, site } = room;
  const { person, signal, step } = job;
  refuseProblems(problems(person));
  const known = await lookUp(client, job);
  if (known) refuseStranger(job);
  assertSameKind(known, person);

  const host = person.kind === 'visitor' ? (person.visit?.host ?? null) : null;
  const hostUuid = host === null ? null : await step('person/list host', () => findHost(client, host, signal));

  const { orgUuid, warning } = await department(site, room.placement.orgUuid, job, known);
  const placement = { groupUuids: room.placement.groupUuids, orgUuid };

  const question = await askBefore(room, job, known);
  if (question) return { state: 'asking', question };
  await step('qualityJudge', () => client.qualityJudge(job.photo.bytes, signal));
  const imageUri = await step('uploadImage', () => client.uploadImage(job.photo.bytes, signal));

  const wanted = placement.groupUuids?.[person.kind] ?? [];
  const warnings = [...warningsFor(person), ...(warning === null ? [] : [warning])];
  const update = async (existing: PersonRecord): Promise<EnrolOutcome> => {
    // Groups others gave stay: an update's `groupList` is the person's whole membership. Without any of ours it is left out.
    const groups =
      wanted.length === 0 ? [] : [...new Set([...(existing.groupList ?? []).map(({ uuid }) => uuid), ...wanted])];
    const fields = personFields(person, placement, { imageUri, groups, hostUuid });
    await step('person/update', () => client.updatePerson({ uuid: existing.uuid, ...fields }, signal));
    return { state: 'delivered', personId: existing.uuid, created: false, warnings };
  };
  if (known) return update(known);

  const fields = personFields(person, placement, { imageUri, groups: wanted, hostUuid });
  const added = await step('person/batchAdd', () => add(client, { type: PERSON_TYPE[person.kind], ...fields }, signal));
  if (added !== null) return { state: 'delivered', personId: added, created: true, warnings };

  // Our key appeared between the look-up and here: another desk, or an earlier request of ours that was believed lost.
  const rival = await lookUp(client, { ...job, knownPersonId: null });
  if (rival === null) throw faultOf(101011, '');
  refuseStranger(job);
  assertSameKind(rival, person);
  return update(rival);
}

/** The person under our key, confirmed by `person/query`; null where there is none. A remembered uuid is tried first, and checked. */
async function lookUp(client: MegviiClient, job: EnrolJob): Promise<PersonRecord | null> {
  const { person, knownPersonId, signal, step } = job;
  const field = keyField(person.kind);
  if (knownPersonId !== null) {
    const remembered = await step('person/query', () => byUuid(client, knownPersonId, signal));
    if (remembered?.[field] === person.code) return remembered;
  }
  const listed = await step('person/list', () => findByCode(client, person.code, person.kind, signal));
  if (listed === null) return null;
  const confirmed = await step('person/query', () => byUuid(client, listed.uuid, signal));
  return confirmed?.[field] === person.code ? confirmed : null;
}

function assertSameKind(existing: PersonRecord | null, person: Person): void {
  const type = existing?.type;
  if (type === null || type === undefined || type === PERSON_TYPE[person.kind]) return;
  throw new FaultError({
    kind: 'validation',
    code: '101105',
    field: 'kind',
    message:
      'this code belongs to a person of another type on the box (staff, visitor or key person), which cannot be changed',
  });
}

/**
 * Adds one person. Resolves with the uuid, or null where our key is taken; any other failure inside the answer is thrown.
 * Both lists are read: `batchAdd` answers code 0 even if nobody was added.
 */
async function add(
  client: MegviiClient,
  fields: PersonFields & { type: number },
  signal: AbortSignal,
): Promise<string | null> {
  let answer: BatchResult;
  try {
    answer = await client.addPerson(fields, signal);
  } catch (error) {
    if (isTaken(error)) return null;
    throw error;
  }
  const [failure] = answer.failures;
  if (failure) {
    const code = failure.code ?? 0;
    if (TAKEN.has(code)) return null;
    throw faultOf(code, failure.msg ?? '');
  }
  const uuid = answer.successes[0]?.uuid;
  if (uuid) return uuid;
  throw new FaultError({
    kind: 'protocol',
    code: 'batchAdd',
    message: 'the box names the person neither as added nor as failed',
  });
}
