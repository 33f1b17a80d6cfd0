import type { Person } from '#shared/person';
import type { TestReport, Verification } from '../contract.ts';
import type { MegviiClient } from './client.ts';
import type { Placement } from './enrol.ts';
import { faultOf, isNobody } from './faults.ts';
import { byUuid, findByCode } from './lookup.ts';

const PAGE = 100;
const LAST_PAGE = 200;

/** Reaches and authenticates: one name-only entry of `person/list` (人员管理 1.7), the cheapest call every key may make. */
export async function test(client: MegviiClient, signal: AbortSignal): Promise<TestReport> {
  const { total } = await client.listPeople({ simpleInfo: true }, { pageNum: 1, pageSize: 1 }, signal);
  return { skewMs: client.skewMs(), detail: total === null ? null : `${total} people on the box` };
}

/** Whether the box reports that it could not bring this person to the doors, and why. */
async function syncFailure(client: MegviiClient, uuid: string, signal: AbortSignal): Promise<string | null> {
  for (const noticeCode of ['1', '6'] as const) {
    for (let pageNum = 1; pageNum <= LAST_PAGE; pageNum += 1) {
      const { list } = await client.listSyncFailures(noticeCode, { pageNum, pageSize: PAGE }, signal);
      const failed = list.find(({ personUuid }) => personUuid === uuid);
      if (failed) return noticeCode === '1' ? 'the picture did not reach a door' : 'a door could not read the face';
      if (list.length < PAGE) break;
    }
  }
  return null;
}

/**
 * Person and photo by `person/query` (人员管理 1.9). Access: the box grants it by group and tells only what *failed* to reach the doors
 * (门禁点管理 1.3), so `applied` means: in every configured group, and no failure reported.
 */
export async function verify(
  client: MegviiClient,
  placement: Placement,
  code: string,
  kind: Person['kind'],
  signal: AbortSignal,
): Promise<Verification> {
  const listed = await findByCode(client, code, kind, signal);
  const person = listed && (await byUuid(client, listed.uuid, signal));
  if (!person) return { person: false, photo: null, access: null, personId: null, detail: null };
  const found = { person: true, photo: Boolean(person.imageUri), personId: person.uuid };

  const wanted = placement.groupUuids?.[kind] ?? [];
  if (wanted.length === 0) return { ...found, access: null, detail: 'no groups are configured for this platform' };
  const groups = new Set((person.groupList ?? []).map(({ uuid }) => uuid));
  const missing = wanted.filter((uuid) => !groups.has(uuid)).length;
  if (missing > 0)
    return { ...found, access: 'none', detail: `missing in ${missing} of ${wanted.length} configured groups` };
  const failure = await syncFailure(client, person.uuid, signal);
  return { ...found, access: failure === null ? 'applied' : 'failed', detail: failure };
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
