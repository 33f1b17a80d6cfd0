import { FaultError } from '#shared/fault';
import type { Person } from '#shared/person';
import type { FoundPerson } from '../contract.ts';
import { foundPerson, MOST_FOUND, nameToSearch } from '../core/found.ts';
import type { MegviiClient } from './client.ts';
import { isNobody } from './faults.ts';
import { PERSON_TYPE, type PersonRecord } from './wire.ts';

const PAGE = 100;
/** A substring search for "1" may match everybody; a box holds a million at most (103152). */
const LAST_PAGE = 10_000;

/**
 * Under which field our key lies: staff have `code`; for a visitor that field is not to be filled (人员管理 1.4.2, 员工可填), so the key
 * is its `uniqueIdentify`.
 */
export function keyField(kind: Person['kind']): 'code' | 'uniqueIdentify' {
  return kind === 'visitor' ? 'uniqueIdentify' : 'code';
}

/** 人员管理 1.4.2: what `code` and `uniqueIdentify` may be. */
const KEYS = { code: /^[A-Za-z0-9]{1,32}$/, uniqueIdentify: /^[\x21-\x7e]{1,40}$/ } as const;

/** Whether anybody of that kind can have such a key: a code of another form is not searched for. */
export function canBeKey(code: string, kind: Person['kind']): boolean {
  return KEYS[keyField(kind)].test(code);
}

/** Pages through a search until one fits; the search itself is a substring match (1.7.1) and proves nothing. */
async function search(
  client: MegviiClient,
  filter: Record<string, string | number | boolean>,
  fits: (person: PersonRecord) => boolean,
  signal: AbortSignal,
): Promise<PersonRecord | null> {
  let seen = 0;
  for (let pageNum = 1; pageNum <= LAST_PAGE; pageNum += 1) {
    const { list, total } = await client.listPeople(filter, { pageNum, pageSize: PAGE }, signal);
    const found = list.find(fits);
    if (found) return found;
    seen += list.length;
    // A box may cap the page below what was asked: the total decides where it is given.
    if (list.length === 0 || (total === null ? list.length < PAGE : seen >= total)) return null;
  }
  return null;
}

/** A person by uuid, or null where the box does not know it. */
export async function byUuid(client: MegviiClient, uuid: string, signal: AbortSignal): Promise<PersonRecord | null> {
  try {
    return await client.queryPerson(uuid, signal);
  } catch (error) {
    if (isNobody(error)) return null;
    throw error;
  }
}

/** The uuid of the person whose key *equals* `code`, or null. */
export async function findByCode(
  client: MegviiClient,
  code: string,
  kind: Person['kind'],
  signal: AbortSignal,
): Promise<PersonRecord | null> {
  if (!canBeKey(code, kind)) return null;
  const field = keyField(kind);
  return search(client, { [field]: code }, (person) => person[field] === code, signal);
}

/**
 * The uuid of a visitor's host, given as a code or as a full name (人员管理 1.4.2 visitedUuid). A name that several people bear is
 * refused: nobody should be announced as the wrong person's guest.
 */
export async function findHost(client: MegviiClient, host: string, signal: AbortSignal): Promise<string> {
  const byCode = await findByCode(client, host, 'staff', signal);
  if (byCode) return byCode.uuid;
  const { list } = await client.listPeople(
    { type: PERSON_TYPE.staff, name: host },
    { pageNum: 1, pageSize: PAGE },
    signal,
  );
  const named = list.filter((person) => person.name === host);
  const [only] = named;
  if (named.length === 1 && only) return only.uuid;
  throw new FaultError({
    kind: 'validation',
    code: named.length === 0 ? 'host-unknown' : 'host-ambiguous',
    field: 'visit.host',
    message:
      named.length === 0
        ? 'the host is not on this box: enrol the host first, or give the host’s code'
        : 'several people on this box have the host’s name: give the host’s code instead',
  });
}

/** 人员管理 1.4.2: 1 to 40 characters. */
const LONGEST_NAME = 40;

/** Staff by a part of their name (人员管理 1.7): the first page. */
export async function searchStaff(client: MegviiClient, name: string, signal: AbortSignal): Promise<FoundPerson[]> {
  const wanted = nameToSearch(name, LONGEST_NAME);
  if (wanted === null) return [];
  const filter = { type: PERSON_TYPE.staff, name: wanted };
  const { list } = await client.listPeople(filter, { pageNum: 1, pageSize: MOST_FOUND }, signal);
  return list.flatMap((person) => foundPerson(person.code, { whole: person.name ?? null }) ?? []);
}
