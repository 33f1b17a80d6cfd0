import { FaultError } from '#shared/fault';
import type { TestReport, Verification } from '../contract.ts';
import type { HikConnectClient } from './client.ts';
import { adviceOn, faultOf } from './faults.ts';
import type { Directory } from './lookup.ts';
import type { Session } from './session.ts';
import { APPLIED, type Element, FACE } from './wire.ts';

/** Authenticates afresh (5.1.1) and looks for the configured department (5.8.1): a wrong `groupId` shows here, not at the first enrolment. */
export async function test(
  session: Session,
  client: HikConnectClient,
  groupId: string,
  signal: AbortSignal,
): Promise<TestReport> {
  await session.authenticate(signal);
  const groups = await client.findGroups([groupId], signal);
  const group = groups.find((candidate) => candidate.groupId === groupId);
  if (!group)
    throw new FaultError({
      kind: 'validation',
      code: 'groupId',
      field: 'groupId',
      message: 'authenticated, but the platform shows no department with the configured groupId',
    });
  return { skewMs: session.skewMs(), detail: group.groupName ? `department ${group.groupName}` : null };
}

/**
 * What the doors say, all together (A.3.89). A door counts as failed when it reports so, or when it refused the face: a card alone
 * that did not arrive is told, but the face opens the door.
 */
export function accessOf(elements: readonly Element[]): Pick<Verification, 'access' | 'detail' | 'refusal'> {
  if (elements.length === 0) return { access: 'none', detail: 'no door: no access level reaches one' };
  const states = elements.map((element) => {
    const face = element.certificateStatusList?.find(({ type, status }) => (type ?? FACE) === FACE && status);
    const status = Math.max(element.elementStatus?.status ?? APPLIED.applied, face?.status ?? APPLIED.applied);
    const code = face?.errorCode || element.elementStatus?.errorCode || '';
    return { name: element.name ?? 'a door', status, code };
  });
  const told = ({ name, code }: { name: string; code: string }) => (code ? `${name}: ${adviceOn(code)}` : name);
  const failed = states.filter(({ status }) => status === APPLIED.failed || status === APPLIED.deleteFailed);
  const pending = states.filter(({ status }) => status === APPLIED.pending);
  if (failed.length > 0) {
    const refusal = failed.map(({ code }) => faultOf(code, '').fault).find(({ kind }) => kind === 'quality');
    return {
      access: 'failed',
      ...(refusal && { refusal: { code: refusal.code, message: refusal.message } }),
      detail: `failed at ${failed.length} of ${states.length}: ${failed.map(told).join('; ')}`,
    };
  }
  if (pending.length > 0) return { access: 'pending', detail: `waiting at ${pending.length} of ${states.length}` };
  return { access: 'applied', detail: `at ${states.length} of ${states.length}` };
}

/** Person and photo by `persons/get` (5.8.13), access by `elementdetail` with `returnSuccess` (5.7.5). */
export async function verify(
  client: HikConnectClient,
  directory: Directory,
  code: string,
  signal: AbortSignal,
): Promise<Verification> {
  const person = await directory.find(code, signal);
  if (!person) return { person: false, photo: null, access: null, personId: null, detail: null };
  const { personId } = person;
  const elements = await client.elementDetail(personId, signal);
  return { person: true, photo: Boolean(person.headPicUrl), personId, ...accessOf(elements) };
}

/** Deletes the person, from the doors too (5.8.14); false when nobody has that code. */
export async function remove(
  client: HikConnectClient,
  directory: Directory,
  code: string,
  signal: AbortSignal,
): Promise<boolean> {
  const person = await directory.find(code, signal);
  if (!person) return false;
  const removed = await client.deletePerson(person.personId, signal);
  directory.forget(code);
  return removed;
}
