import { FaultError, isTransient } from '#shared/fault';
import { displayName, type Person } from '#shared/person';
import { WARNINGS } from '#shared/warnings';
import type { EnrolJob, EnrolOutcome } from '../contract.ts';
import { refuseProblems } from '../core/fields.ts';
import { wallClock } from '../core/times.ts';
import { type Client, SimilarFace } from './client.ts';
import type { SenselinkConfig } from './config.ts';
import type { Departments } from './departments.ts';
import { CODES, QUALITY } from './faults.ts';
import type { Fields } from './form.ts';
import { codeIn, markedRemark, ownRemark } from './guest-mark.ts';
import { findGuest, findHost, findStaff } from './people.ts';
import { problems } from './rules.ts';
import type { User } from './wire.ts';

interface Room {
  client: Client;
  config: SenselinkConfig;
  departments: Departments;
}

/**
 * The groups to send: always all of them, because an update that leaves one out takes the person from it. What the site
 * configured is added to what the person has; with neither, the platform's default group.
 */
async function groupsFor(room: Room, job: EnrolJob, existing: User | null): Promise<number[]> {
  const { kind } = job.person;
  const had = existing?.groupList?.map((group) => group.id) ?? [];
  const groups = new Set([...had, ...(room.config.groupIds?.[kind] ?? [])]);
  if (groups.size === 0) {
    const fallback = await job.step('group', () => room.client.defaultGroup(kind === 'staff' ? 1 : 2, job.signal));
    if (fallback !== null) groups.add(fallback);
  }
  return [...groups];
}

/** Fields with a value only: an optional one that is not known is not mentioned. */
function known(fields: Record<string, string | number | null | undefined>): Fields {
  const result: Fields = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null && value !== undefined && value !== '') result[name] = value;
  }
  return result;
}

/** What adding and updating have in common; required fields are there even when blank (§6.3.1, §6.3.2). */
function staffFields(person: Person, existing: User | null, groups: number[]): Fields {
  return {
    name: displayName(person.name),
    jobNumber: person.code,
    icNumber: person.card ?? existing?.ic_number ?? '',
    mobile: person.phone ?? existing?.mobile ?? '',
    remark: person.remark ?? existing?.remark ?? '',
    groups,
    ...known({ mail: person.email ?? existing?.mail, position: person.position ?? existing?.position }),
  };
}

/** Gender on adding only: §6.3.2 lists none. 1 female, 2 male, the reverse of the other platforms. */
function addStaffFields(person: Person, groups: number[], department: number | null): Fields {
  const gender = person.gender === 'female' ? 1 : person.gender === 'male' ? 2 : null;
  return {
    ...staffFields(person, null, groups),
    ...known({ gender, idNumber: person.idNumber, departmentId: department }),
  };
}

/** Optional fields that are not ours go back as they came, some under another spelling than on adding (§6.3.2). */
function updateStaffFields(person: Person, existing: User, groups: number[], department: number | null): Fields {
  return {
    ...staffFields(person, existing, groups),
    // Required here (§6.3.2); it comes back encrypted, so what is there cannot be handed back.
    idNumber: person.idNumber ?? '',
    ...known({
      location: existing.location,
      birthday: existing.birthday,
      department_id: department ?? existing.department_id,
      area_code: existing.area_code,
      entry_time: existing.entry_time,
    }),
  };
}

/** §6.3.4, §6.3.5: the same fields for adding and updating. */
function guestFields(person: Person, existing: User | null, groups: number[], hostId: number): Fields {
  const { from = '', to = '' } = person.visit ?? {};
  return {
    name: displayName(person.name),
    mobile: person.phone ?? '',
    idNumber: person.idNumber ?? '',
    remark: markedRemark(person.code, person.remark ?? ownRemark(existing?.remark, person.code)),
    groups,
    receptionUserId: hostId,
    dateTimeFrom: wallClock(from),
    dateTimeTo: wallClock(to),
  };
}

/** The question of 30002 with what the platform told of the other person, and the job number where it is staff. */
async function ask(room: Room, job: EnrolJob, similar: SimilarFace): Promise<EnrolOutcome> {
  const { personId, personName, canForce } = similar;
  const id = personId === undefined ? Number.NaN : Number(personId);
  const other = Number.isSafeInteger(id) ? await job.step('user/list', () => room.client.byId(id, job.signal)) : null;
  const name = personName ?? other?.name;
  // Not the picture: `portrait` fetches it when the desk asks, and nothing keeps it.
  const code = other?.job_number || codeIn(other?.remark);
  return {
    state: 'asking',
    question: {
      kind: 'similar',
      candidate: {
        ...(personId === undefined ? {} : { personId }),
        ...(name ? { name } : {}),
        ...(code ? { code } : {}),
      },
      canForce,
    },
  };
}

/** Saves once without force; what 30002 then means is the job's to say. */
async function saveOrAsk(
  room: Room,
  job: EnrolJob,
  name: string,
  created: boolean,
  warnings: string[],
  save: (force: Fields) => Promise<string>,
): Promise<EnrolOutcome> {
  const done = (personId: string): EnrolOutcome => ({ state: 'delivered', personId, created, warnings });
  try {
    return done(await job.step(name, () => save({})));
  } catch (error) {
    if (!(error instanceof SimilarFace)) throw error;
    if (job.onSimilar === 'ask') return ask(room, job, error);
    // Without the other person, whose name an error must not carry into a log.
    if (job.onSimilar === 'stop') throw new FaultError(error.fault);
    if (!error.canForce)
      throw new FaultError({
        ...error.fault,
        message: `${error.fault.message} and does not let it be enrolled all the same`,
      });
    return done(await job.step(`${name} force`, () => save({ force: 1 })));
  }
}

function warningsFor(person: Person): string[] {
  if (person.kind === 'staff' && person.validTo !== undefined) return [WARNINGS['senselink-no-end']];
  return [];
}

/** The department of staff who name one (§6.3.1); that it is not there is no reason to leave somebody before the door. */
async function departmentFor(room: Room, job: EnrolJob, warnings: string[]): Promise<number | null> {
  const { kind, department } = job.person;
  if (kind !== 'staff' || department === undefined || department === '') return null;
  const found = await job.step('department', async () => {
    try {
      return await room.departments.resolve(department, job.signal);
    } catch (error) {
      if (!(error instanceof FaultError) || isTransient(error.fault.kind)) throw error;
      return { warning: `${WARNINGS['senselink-departments-untold']}: ${error.fault.code}` };
    }
  });
  if ('id' in found) return found.id;
  warnings.push(found.warning);
  return null;
}

/** Exactly one face (§6.6.1), and of good quality (§6.6.2): the first counts where the second would take the largest. */
async function judgePhoto(room: Room, job: EnrolJob): Promise<void> {
  const { photo, signal, step } = job;
  const faces = await step('recognition/check', async () => {
    try {
      return await room.client.countFaces(photo.bytes, signal);
    } catch (error) {
      // A version without the call, or a key that may not make it: the quality check alone decides.
      const kind = error instanceof FaultError ? error.fault.kind : null;
      if (kind === 'protocol' || (error instanceof FaultError && error.fault.code === '20002')) return null;
      throw error;
    }
  });
  if (faces !== null && faces !== 1) {
    const { kind = 'quality', message = '' } = (faces === 0 ? CODES[30003] : QUALITY[101]) ?? {};
    throw new FaultError({ kind, code: faces === 0 ? '30003' : '101', message, field: 'photo' });
  }
  await step('recognition/quality', () => room.client.checkQuality(photo.bytes, signal));
}

/** recognition/check and quality → user/list by job number → user or user/update; guests by their endpoints. */
export async function enrol(room: Room, job: EnrolJob): Promise<EnrolOutcome> {
  refuseProblems(problems(job.person));
  const { client } = room;
  const { person, photo, signal, step } = job;
  const staff = person.kind === 'staff';
  await judgePhoto(room, job);
  const existing = await step('user/list', () =>
    staff ? findStaff(client, person.code, signal) : findGuest(client, person.code, person.phone, signal),
  );
  // Found after an add whose outcome was never heard: that is our own work, not somebody in the way.
  const mine = job.onExisting === 'stop' && job.resumed;
  if (existing !== null && job.onExisting === 'stop' && !mine)
    throw new FaultError({
      kind: 'exists',
      code: 'person',
      message: 'a person with this code is already in SenseLink',
      field: 'code',
    });

  const warnings = warningsFor(person);
  const department = await departmentFor(room, job, warnings);
  const groups = await groupsFor(room, job, existing);
  const hostId = staff
    ? 0
    : (await step('user/list host', () => findHost(client, person.visit?.host ?? '', signal))).id;

  if (existing === null) {
    const fields = staff ? addStaffFields(person, groups, department) : guestFields(person, null, groups, hostId);
    const add = staff ? client.addUser : client.addGuest;
    return saveOrAsk(room, job, staff ? 'user' : 'guest', true, warnings, (force) =>
      add({ ...fields, ...force }, photo.bytes, signal),
    );
  }
  const fields = staff
    ? updateStaffFields(person, existing, groups, department)
    : guestFields(person, existing, groups, hostId);
  const update = staff ? client.updateUser : client.updateGuest;
  return saveOrAsk(room, job, staff ? 'user/update' : 'guest/update', mine, warnings, (force) =>
    update(existing.id, { ...fields, ...force }, photo.bytes, signal),
  );
}
