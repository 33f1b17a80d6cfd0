import { FaultError } from '#shared/fault';
import type { Person } from '#shared/person';
import { WARNINGS } from '#shared/warnings';
import type { EnrolJob, EnrolOutcome } from '../contract.ts';
import { refuseProblems } from '../core/fields.ts';
import { ignoring, reapply } from './access.ts';
import type { Client, PersonBody } from './client.ts';
import type { HcpConfig } from './config.ts';
import { formatRemark, parseRemark, samePhoto, shortened } from './remark.ts';
import { hcpGender, hcpName, period, problems, sameInstant } from './rules.ts';
import type { PersonInfo } from './wire.ts';

interface Room {
  client: Client;
  config: HcpConfig;
  now(): number;
}

/** Whether the remark is ours to keep the picture's version in. */
function keepsVersion(room: Room): boolean {
  return room.config.photoVersionIn !== 'none';
}

/** The person as HikCentral should have it, laid over what it has. */
function wanted(room: Room, person: Person, version: string, existing: PersonInfo | null) {
  const name = hcpName(person.name);
  const own = person.remark ?? parseRemark(existing?.remark).own;
  const remark = keepsVersion(room) ? formatRemark(version, own) : shortened(own);
  const body: PersonBody = {
    personCode: person.code,
    personFamilyName: name.family,
    personGivenName: name.given,
    gender: hcpGender(person.gender),
    // Whoever was moved to another organisation in HikCentral stays there.
    orgIndexCode: existing?.orgIndexCode || room.config.orgIndexCode,
    remark: remark.text,
    ...period(person, existing ?? {}, room.now(), room.config.validity),
  };
  const warnings = remark.dropped
    ? [keepsVersion(room) ? WARNINGS['hcp-remark-dropped'] : WARNINGS['hcp-remark-cut']]
    : [];
  return { body, warnings };
}

function upToDate(existing: PersonInfo, body: PersonBody): boolean {
  return (
    existing.personFamilyName === body.personFamilyName &&
    existing.personGivenName === body.personGivenName &&
    (existing.gender ?? 0) === body.gender &&
    (existing.remark ?? '') === body.remark &&
    sameInstant(existing.beginTime, body.beginTime) &&
    sameInstant(existing.endTime, body.endTime)
  );
}

/** personInfo → single/add, or face/update and single/update as far as something differs; then the doors. */
export async function enrol(room: Room, job: EnrolJob): Promise<EnrolOutcome> {
  refuseProblems(problems(job.person));
  const { signal, step, person } = job;
  const look = () => step('personInfo', () => room.client.find(person.code, signal));
  const existing = await look();
  if (existing !== null) return bringUpToDate(room, job, existing);

  const { body, warnings } = wanted(room, person, job.photo.version, null);
  try {
    const personId = await step('single/add', () => room.client.add(body, base64(job.photo.bytes), signal));
    return finish(room, job, personId, true, warnings);
  } catch (error) {
    // Somebody, perhaps an earlier attempt of ours, was faster: the person is there after all.
    if (!(error instanceof FaultError && error.fault.code === '131')) throw error;
    const found = await look();
    if (found === null) throw error;
    return bringUpToDate(room, job, found);
  }
}

async function bringUpToDate(room: Room, job: EnrolJob, existing: PersonInfo): Promise<EnrolOutcome> {
  const { signal, step, person, photo } = job;
  const remark = parseRemark(existing.remark);
  const hasPhoto = keepsVersion(room) && Boolean(existing.personPhoto?.picUri) && samePhoto(remark, photo.version);
  // Found after an add whose outcome was never heard: that is our own work, not somebody in the way.
  const created = job.onExisting === 'stop' && job.resumed;
  if (job.onExisting === 'stop' && !created)
    throw new FaultError({
      kind: 'exists',
      code: 'person',
      message: 'a person with this code is already in HikCentral',
      field: 'code',
    });
  const { body, warnings } = wanted(room, person, photo.version, existing);
  // The picture first: the remark that vouches for its version is written when it is really there.
  if (!hasPhoto)
    await step('face/update', () => room.client.updateFace(existing.personId, base64(photo.bytes), signal));
  if (!upToDate(existing, body)) await step('single/update', () => room.client.update(existing.personId, body, signal));
  return finish(room, job, existing.personId, created, warnings);
}

/** The way to the doors, where a privilege group is configured. */
async function finish(
  room: Room,
  job: EnrolJob,
  personId: string,
  created: boolean,
  warnings: string[],
): Promise<EnrolOutcome> {
  const { signal, step } = job;
  const group = room.config.privilegeGroupId;
  if (group !== undefined) {
    await step('addPersons', () => ignoring('131', () => room.client.addToGroup(group, personId, signal)));
    const said = await step('reapplication', () => reapply(room.client, personId, signal));
    if (said !== null) warnings.push(said);
  }
  return { state: 'delivered', personId, created, warnings };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
