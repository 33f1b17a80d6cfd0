import { z } from 'zod';
import { displayName, type Person } from '#shared/person';
import { WARNINGS } from '#shared/warnings';
import type { EnrolJob, EnrolOutcome, Pass, Verification } from '../contract.ts';
import { refuseProblems } from '../core/fields.ts';
import { isoWithOffset } from '../core/times.ts';
import { refuseStranger } from './enrol.ts';
import { isCode } from './faults.ts';
import { canBeCode } from './lookup.ts';
import { passOf } from './qr.ts';
import { problems, validity } from './rules.ts';
import type { Call } from './session.ts';
import { nothing } from './wire.ts';

const BASE = '/api/hccgw/vims/v1/tempauth';
const PAGE = 100;
const LAST_PAGE = 1_000;
/** 5.6.4: the name's length. */
const NAME = 32;
const GONE: ReadonlySet<string> = new Set(['VMS000003']);

const id = z.union([z.string(), z.number()]).transform(String);
/** A.3.153 TempAuth */
const listed = z.object({ id, name: z.string() });
const passPage = z
  .object({ totalNum: z.coerce.number().nullish(), tempAuthList: z.array(listed).nullish() })
  .nullish()
  .transform((data) => ({ total: data?.totalNum ?? null, list: data?.tempAuthList ?? [] }));
/** Table 5-54 */
const detail = z.object({
  startTime: z.coerce.number(),
  endTime: z.coerce.number(),
  code: z.string().nullish(),
  password: z.string().nullish(),
  expiredStatus: z.coerce.number().nullish(),
  accessLevelList: z.array(z.unknown()).nullish(),
});

/** What temporary passes need: the levels they open, and how often each door. */
export interface TemporaryPasses {
  call: Call;
  accessLevelIds: readonly string[];
  openCount: number;
  now(): number;
}

/**
 * A pass's name (at most 32 characters) with our key at its end: a pass has no field of its own for one, and is found again by nothing but its name.
 */
export function passName(person: Pick<Person, 'name' | 'code'>): string {
  const key = ` (${person.code})`;
  let name = '';
  // Whole characters only, counted as they weigh most: no platform counts more.
  for (const character of displayName(person.name)) {
    if (name.length + character.length + key.length > NAME) break;
    name += character;
  }
  return name + key;
}

/** The pass whose name ends with our key. The search is a substring match and knows creators too (A.3.154): the ending decides. */
async function find({ call }: TemporaryPasses, code: string, signal: AbortSignal): Promise<string | null> {
  if (!canBeCode(code)) return null;
  const key = ` (${code})`;
  let seen = 0;
  for (let pageNum = 1; pageNum <= LAST_PAGE; pageNum += 1) {
    const body = { pageNum, pageSize: PAGE, searchRequest: { filter: { name: `(${code})` } } };
    const { list, total } = await call(`${BASE}/list`, body, passPage, signal);
    const found = list.find(({ name }) => name.endsWith(key));
    if (found) return found.id;
    seen += list.length;
    if (list.length === 0 || (total === null ? list.length < PAGE : seen >= total)) return null;
  }
  return null;
}

/** 5.6.4 get; null when it is gone. A dynamic code lives 60 seconds and each asking makes a new one, so only `pass` uses it. */
async function read({ call, now }: TemporaryPasses, passId: string, signal: AbortSignal) {
  try {
    return await call(`${BASE}/get`, { id: passId, clientLocalTime: isoWithOffset(now()) }, detail, signal);
  } catch (error) {
    if (isCode(error, GONE)) return null;
    throw error;
  }
}

/** Gives a visitor a temporary pass (4.13): code and digits for the time of the visit, no face. */
export async function enrolPass(room: TemporaryPasses, job: EnrolJob): Promise<EnrolOutcome> {
  const { person, signal, step } = job;
  refuseProblems(problems(person));
  const known = await step('tempauth/list', () => find(room, person.code, signal));
  if (known !== null) refuseStranger(job);
  const { startDate, endDate } = validity(person, room.now());
  const fields = {
    name: passName(person),
    openCount: room.openCount,
    startTime: startDate,
    endTime: endDate,
    clientLocalTime: isoWithOffset(room.now()),
    alIds: room.accessLevelIds,
  };
  const warnings: string[] = [WARNINGS['hikconnect-pass-no-face']];
  if (room.accessLevelIds.length === 0) warnings.push(WARNINGS['hikconnect-pass-no-door']);
  if (known !== null) {
    await step('tempauth/update', () => room.call(`${BASE}/update`, { id: known, ...fields }, nothing, signal));
    return { state: 'delivered', personId: known, created: false, warnings };
  }
  const added = await step('tempauth/add', () => room.call(`${BASE}/add`, fields, z.object({ id }), signal));
  return { state: 'delivered', personId: added.id, created: true, warnings };
}

/** Whether the pass is there and still good. Whether doors have it the platform does not tell. */
export async function verifyPass(room: TemporaryPasses, code: string, signal: AbortSignal): Promise<Verification> {
  const passId = await find(room, code, signal);
  const pass = passId && (await read(room, passId, signal));
  if (!pass) return { person: false, photo: null, access: null, personId: null, detail: null };
  const found = { person: true, photo: null, personId: passId };
  if (pass.expiredStatus === 1) return { ...found, access: 'none', detail: 'the pass has expired' };
  if ((pass.accessLevelList ?? []).length === 0)
    return { ...found, access: 'none', detail: 'no door: the pass has no access level' };
  return { ...found, access: null, detail: 'a temporary pass: code and digits, no face' };
}

export async function removePass(room: TemporaryPasses, code: string, signal: AbortSignal): Promise<boolean> {
  const passId = await find(room, code, signal);
  if (passId === null) return false;
  await room.call(`${BASE}/delete`, { deleteList: [passId] }, nothing, signal);
  return true;
}

/** Code, digits and validity of a visitor's pass; null when there is none. */
export async function temporaryPass(room: TemporaryPasses, code: string, signal: AbortSignal): Promise<Pass | null> {
  const passId = await find(room, code, signal);
  const pass = passId && (await read(room, passId, signal));
  if (!pass) return null;
  return passOf(pass.code ?? null, { from: pass.startTime, to: pass.endTime }, pass.password ?? null);
}
