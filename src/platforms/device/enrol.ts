import { FaultError } from '#shared/fault';
import { displayName, type Person } from '#shared/person';
import type { EnrolJob, EnrolOutcome } from '../contract.ts';
import { refuseProblems } from '../core/fields.ts';
import { addYears } from '../core/times.ts';
import type { Client, UserBody } from './client.ts';
import { problems } from './rules.ts';
import { type UserId, userId } from './user-id.ts';
import type { UserObject } from './wire.ts';

const seconds = (ms: number): number => Math.floor(ms / 1000);

/** `userType` of §8.2.1. Enrolling would quietly let such a person in again. */
const BLACKLISTED = 3;

/** Optional fields of a UserObject that are not ours: an update hands back what the terminal had. */
const KEPT = ['birthday', 'entryTime', 'title', 'prompt', 'description', 'gender'] as const;

/** Fields that keep the terminal's value when the person brings none. */
const OURS: readonly [name: string, value: (person: Person) => string | undefined][] = [
  ['icNumber', (person) => person.card],
  ['mobile', (person) => person.phone],
  ['remark', (person) => person.remark],
  ['department', (person) => person.department],
  ['mail', (person) => person.email],
  ['position', (person) => person.position],
  ['idNumber', (person) => person.idNumber],
  ['purpose', (person) => person.visit?.purpose],
  ['interviewee', (person) => person.visit?.host],
  ['comeFrom', (person) => person.visit?.company],
];

/**
 * The time a person may pass, in seconds of GMT (§5). With one end given the other is completed; with none, nothing is said on
 * adding, and a limit that an earlier enrolment left behind is lifted (0, as the document's samples write it).
 */
function validity(person: Person, existing: UserObject | null, now: number): Record<string, number> {
  const visit = person.kind === 'visitor' ? person.visit : undefined;
  const from = visit?.from ?? person.validFrom;
  const to = visit?.to ?? person.validTo;
  if (from === undefined && to === undefined) {
    return existing?.startTime || existing?.endTime ? { startTime: 0, endTime: 0 } : {};
  }
  const start = from === undefined ? now : Date.parse(from);
  const end = to === undefined ? addYears(start, 10) : Date.parse(to);
  return { startTime: seconds(Math.min(start, end)), endTime: seconds(end) };
}

/** The UserObject to send (§8.2.1), laid over what the terminal has. */
function userBody(id: UserId, job: Pick<EnrolJob, 'person' | 'photo'>, existing: UserObject | null, now: number) {
  const { person, photo } = job;
  const body: UserBody = {
    userId: id,
    userType: person.kind === 'visitor' ? 2 : 1,
    icNumber: '',
    jobNumber: typeof existing?.jobNumber === 'string' && existing.jobNumber ? existing.jobNumber : person.code,
    mobile: '',
    name: displayName(person.name),
    remark: '',
  };
  for (const field of KEPT) {
    const value = existing?.[field];
    if (typeof value === 'string' || typeof value === 'number') body[field] = value;
  }
  for (const [name, read] of OURS) {
    const value = read(person) ?? existing?.[name];
    if (typeof value === 'string') body[name] = value;
  }
  // 1 male, 2 female; the document has no number for unknown, so nothing is said.
  if (person.gender === 'male') body.gender = 1;
  if (person.gender === 'female') body.gender = 2;
  Object.assign(body, validity(person, existing, now));
  body.photo = Buffer.from(photo.bytes).toString('base64');
  return body;
}

/** `/api/user/list` by id, then add or update. A terminal keeps no version of a picture, so the picture always goes along. */
export async function enrol(client: Client, now: () => number, job: EnrolJob): Promise<EnrolOutcome> {
  refuseProblems(problems(job.person));
  const id = userId(job.person.code);
  const { signal, step } = job;
  const existing = await step('user/list', () => client.find(id, signal));
  if (existing?.userType === BLACKLISTED)
    throw new FaultError({
      kind: 'exists',
      code: 'blacklist',
      message: 'this code is on the terminal’s blacklist: take it off there first',
      field: 'code',
    });
  const body = userBody(id, job, existing, now());
  if (existing === null) {
    await step('user', () => client.add(body, signal));
    return { state: 'delivered', personId: id, created: true, warnings: [] };
  }
  // Found after an add whose outcome was never heard: that is our own work, not somebody in the way.
  const created = job.onExisting === 'stop' && job.resumed;
  if (job.onExisting === 'stop' && !created)
    throw new FaultError({
      kind: 'exists',
      code: 'user',
      message: 'a user with this code is already on the terminal',
      field: 'code',
    });
  await step('user/update', () => client.update(id, body, signal));
  return { state: 'delivered', personId: id, created, warnings: [] };
}
