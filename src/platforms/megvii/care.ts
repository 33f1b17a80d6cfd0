import { FaultError } from '#shared/fault';
import type { Person } from '#shared/person';
import type { TestReport, Verification } from '../contract.ts';
import type { MegviiClient } from './client.ts';
import type { LiveCriteria } from './criteria.ts';
import type { Enrolling } from './enrol.ts';
import { faultOf, isNobody } from './faults.ts';
import { byUuid, findByCode } from './lookup.ts';
import type { Session } from './session.ts';
import type { MegviiSite } from './site.ts';
import { PERSON_TYPE } from './wire.ts';

/** 数据字典 1.2.5 */
const LEVELS: Readonly<Record<number, string>> = { 1: 'low', 3: 'high', 4: 'its own' };

/**
 * Reaches and authenticates: one name-only entry of `person/list` (人员管理 1.7), the cheapest call every key may make; then the box's standard for pictures
 * is read afresh (功能配置 1.6). A box or a key without that is no failure of the connection. The configured groups are looked at too (组管理 1.5): a
 * wrong one shows here, not at the first enrolment.
 */
export async function test(
  {
    session,
    client,
    site,
    placement,
    criteria,
  }: Pick<Enrolling, 'client' | 'site' | 'placement'> & { session: Session; criteria: LiveCriteria },
  signal: AbortSignal,
): Promise<TestReport> {
  const { total } = await client.listPeople({ simpleInfo: true }, { pageNum: 1, pageSize: 1 }, signal);
  for (const kind of ['staff', 'visitor'] as const)
    for (const uuid of placement.groupUuids?.[kind] ?? []) await checkGroup(site, uuid, kind, signal);
  const standard = await standardOf(criteria, signal);
  const people = total === null ? [] : [`${total} people on the box`];
  return { skewMs: session.skewMs(), detail: [...people, `picture standard: ${standard}`].join(', ') };
}

/** Rejects with the box's own fault for a group it does not have, and with ours for one of another kind of people. */
async function checkGroup(site: MegviiSite, uuid: string, kind: Person['kind'], signal: AbortSignal): Promise<void> {
  const { type } = await site.group(uuid, signal);
  if (type === null || type === undefined || type === PERSON_TYPE[kind]) return;
  throw new FaultError({
    kind: 'validation',
    code: '101105',
    field: 'groupUuids',
    message: `a group configured for ${kind === 'staff' ? 'staff' : 'visitors'} is one of other people on the box: check groupUuids`,
  });
}

async function standardOf(criteria: LiveCriteria, signal: AbortSignal): Promise<string> {
  try {
    const { level } = await criteria.refresh(signal);
    return LEVELS[level] ?? `level ${level}`;
  } catch (error) {
    if (!(error instanceof FaultError) || signal.aborted) throw error;
    return `not told (${error.fault.code})`;
  }
}

/** Whether the box reports that it could not bring this person to the doors, and why. */
async function syncFailure(site: MegviiSite, uuid: string, signal: AbortSignal): Promise<string | null> {
  for (const noticeCode of ['1', '6'] as const)
    for await (const { personUuid } of site.syncFailures(noticeCode, signal))
      if (personUuid === uuid)
        return noticeCode === '1' ? 'the picture did not reach a door' : 'a door could not read the face';
  return null;
}

/** How many doors let any of these groups in, and by which time plans (通行权限管理 1.4). */
async function doorsOf(
  site: MegviiSite,
  groups: readonly string[],
  signal: AbortSignal,
): Promise<{ doors: number; plans: string[] }> {
  const doors = new Set<string>();
  const plans = new Set<string>();
  for (const group of groups)
    for (const { deviceUuid, scheduleName } of await site.authorities(group, signal)) {
      if (deviceUuid) doors.add(deviceUuid);
      if (deviceUuid && scheduleName) plans.add(scheduleName);
    }
  return { doors: doors.size, plans: [...plans] };
}

/** A time plan may let the person in at some hours only: which one it is is told, for whoever stands before a door that stays shut. */
function told(doors: number, plans: readonly string[]): string {
  const when = plans.length === 0 ? '' : `, by the time ${plans.length === 1 ? 'plan' : 'plans'} ${plans.join(', ')}`;
  return `${doors} ${doors === 1 ? 'door lets' : 'doors let'} the person in${when}`;
}

/**
 * Person and photo by `person/query` (人员管理 1.9). Access: the box grants it by group and tells only what *failed* to reach the doors
 * (门禁点管理 1.3), so `applied` means: in every configured group (or, where none is configured, in some), these are let in at a door, and no
 * failure is reported.
 */
export async function verify(
  { client, site, placement }: Pick<Enrolling, 'client' | 'site' | 'placement'>,
  code: string,
  kind: Person['kind'],
  signal: AbortSignal,
): Promise<Verification> {
  const listed = await findByCode(client, code, kind, signal);
  const person = listed && (await byUuid(client, listed.uuid, signal));
  if (!person) return { person: false, photo: null, access: null, personId: null, detail: null };
  const found = { person: true, photo: Boolean(person.imageUri), personId: person.uuid };

  const groups = (person.groupList ?? []).map(({ uuid }) => uuid);
  const wanted = placement.groupUuids?.[kind] ?? [];
  const missing = wanted.filter((uuid) => !groups.includes(uuid)).length;
  if (missing > 0)
    return { ...found, access: 'none', detail: `missing in ${missing} of ${wanted.length} configured groups` };
  if (groups.length === 0) return { ...found, access: 'none', detail: 'in no group, so no door opens' };
  const { doors, plans } = await doorsOf(site, wanted.length > 0 ? wanted : groups, signal);
  if (doors === 0) return { ...found, access: 'none', detail: 'no door lets the person’s groups in' };
  const failure = await syncFailure(site, person.uuid, signal);
  return failure === null
    ? { ...found, access: 'applied', detail: told(doors, plans) }
    : { ...found, access: 'failed', detail: failure };
}

/** Deletes the person (人员管理 1.5); false when nobody has that code. */
export async function remove(
  client: MegviiClient,
  code: string,
  kind: Person['kind'],
  signal: AbortSignal,
): Promise<boolean> {
  const person = await findByCode(client, code, kind, signal);
  if (person === null) return false;
  const { failures } = await client.deletePerson(person.uuid, signal);
  const [failure] = failures;
  if (!failure) return true;
  const fault = faultOf(failure.code ?? 101013, failure.msg ?? '');
  // Gone in the meantime is what was wanted.
  if (!isNobody(fault)) throw fault;
  return true;
}
