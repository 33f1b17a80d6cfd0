import { FaultError } from '#shared/fault';
import type { FoundPerson } from '../contract.ts';
import { foundPerson, MOST_FOUND, nameToSearch } from '../core/found.ts';
import type { Client } from './client.ts';
import { carriesCode } from './guest-mark.ts';
import type { User } from './wire.ts';

const STAFF = 1;
const GUEST = 2;
/** Length of a job number (§6.3.1). */
const JOB_NUMBER = 45;
/** Length of a name (§6.3.1). */
const LONGEST_NAME = 45;

/** Several persons answer to one key: whom to change is not for a program to guess. */
function theOnly(found: readonly User[], what: string, field: string): User | null {
  const [first, second] = found;
  if (second !== undefined)
    throw new FaultError({
      kind: 'exists',
      code: 'ambiguous',
      message: `SenseLink has ${found.length} persons with this ${what}: leave one there`,
      field,
    });
  return first ?? null;
}

/** The same person with groups: a list of several leaves them out (§6.3.7), and an update without them would empty them. */
async function withGroups(client: Client, user: User | null, signal: AbortSignal): Promise<User | null> {
  if (user === null || (user.groupList !== null && user.groupList !== undefined)) return user;
  return (await client.byId(user.id, signal)) ?? user;
}

/** The member of staff with exactly this job number; it is not unique by contract, and the search may match parts. */
export async function findStaff(client: Client, code: string, signal: AbortSignal): Promise<User | null> {
  // Nobody can have such a number (§6.3.1).
  if (code === '' || code.length > JOB_NUMBER) return null;
  const found = (await client.list({ jobNumber: code }, signal)).filter(
    (user) => user.type === STAFF && user.job_number === code,
  );
  return withGroups(client, theOnly(found, 'job number', 'code'), signal);
}

/** The guest whose remark carries the code, among those with a phone number, or among everybody where none is known. */
export async function findGuest(
  client: Client,
  code: string,
  phone: string | undefined,
  signal: AbortSignal,
): Promise<User | null> {
  const query: Record<string, string> = phone === undefined ? {} : { mobile: phone };
  const found = (await client.list(query, signal)).filter(
    (user) => user.type === GUEST && carriesCode(user.remark, code),
  );
  const only = theOnly(found, 'code', 'code');
  // The phone number may have changed since.
  if (only === null && phone !== undefined) return findGuest(client, code, undefined, signal);
  return withGroups(client, only, signal);
}

/** The member of staff who receives a guest: by job number, else by name. */
export async function findHost(client: Client, host: string, signal: AbortSignal): Promise<User> {
  const byNumber = await findStaff(client, host, signal);
  if (byNumber !== null) return byNumber;
  const named = (await client.list({ name: host }, signal)).filter((user) => user.type === STAFF && user.name === host);
  const only = theOnly(named, 'name as the host’s', 'visit.host');
  if (only !== null) return only;
  throw new FaultError({
    kind: 'validation',
    code: 'host',
    message: 'SenseLink knows no member of staff with the host’s code or name',
    field: 'visit.host',
  });
}

/** Staff by a part of their name (§6.3.7, whose answer has no pages). Departments come as numbers there, and are not told. */
export async function searchStaff(client: Client, name: string, signal: AbortSignal): Promise<FoundPerson[]> {
  const wanted = nameToSearch(name, LONGEST_NAME);
  if (wanted === null) return [];
  return (await client.list({ name: wanted }, signal))
    .filter((user) => user.type === STAFF)
    .slice(0, MOST_FOUND)
    .flatMap((user) => foundPerson(user.job_number, { whole: user.name ?? null }) ?? []);
}
