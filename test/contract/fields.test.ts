import { afterEach, describe, expect, test } from 'vitest';
import type { Connector, PlatformDefinition } from '#platforms/contract';
import { device } from '#platforms/device/index';
import { hcp } from '#platforms/hcp/index';
import { senselink } from '#platforms/senselink/index';
import type { Person } from '#shared/person';
import { deps, faultOf, jobOf } from '../fixtures/connecting.ts';
import { type Seen, sendJson, tinyServer } from '../fixtures/tiny-server.ts';

/**
 * A property: whatever person comes, either nothing is sent and the field is named, or every request carries the fields of its chapter
 * alone, none missing that is required and none longer than allowed. The limits are written down here once more, from the documents.
 */

/** A generator that gives the same numbers for the same seed (mulberry32), so that a failure can be seen again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const LETTERS = ['a', 'Z', '7', ' ', '-', '张', 'é', '👩', '"', '&', '%', '\u0301'];
/** Around the limits the documents draw. */
const LENGTHS = [
  1, 2, 5, 15, 16, 17, 19, 20, 21, 29, 30, 31, 39, 40, 41, 44, 45, 46, 79, 80, 81, 100, 101, 127, 128, 129, 200, 254,
  255, 256,
];

function anybody(next: () => number): Person {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  const text = (max: number) => {
    // Mostly short: one long field is enough to have a person refused.
    const length = pick(LENGTHS.filter((one) => one <= (next() < 0.85 ? Math.min(max, 17) : max)));
    let made = '';
    while (made.length < length) made += pick(next() < 0.8 ? ['a', 'B', '3'] : LETTERS);
    return made.slice(0, length);
  };
  const maybe = (max: number) => (next() < 0.5 ? undefined : text(max));
  const visitor = next() < 0.5;
  const person: Record<string, unknown> = {
    kind: visitor ? 'visitor' : 'staff',
    code: next() < 0.7 ? `TP${Math.floor(next() * 1e6)}` : text(64),
    name: next() < 0.5 ? { family: text(45), given: text(20) } : { display: text(255) },
    gender: pick(['female', 'male', 'unknown', undefined]),
    phone: maybe(64),
    email: maybe(255),
    card: maybe(64),
    idNumber: maybe(64),
    department: maybe(255),
    position: maybe(255),
    remark: maybe(256),
    validTo: next() < 0.3 ? '2035-01-05T09:00:00+08:00' : undefined,
    ...(visitor
      ? {
          phone: text(45),
          idNumber: text(46),
          visit: {
            host: 'H1',
            purpose: maybe(255),
            company: maybe(255),
            from: '2026-01-05T09:00:00+08:00',
            to: '2036-01-05T18:00:00+08:00',
          },
        }
      : {}),
  };
  return Object.fromEntries(Object.entries(person).filter(([, value]) => value !== undefined)) as unknown as Person;
}

/** Most characters of a text field, or `true` for anything; a star marks the required ones. */
type Chapter = Record<string, number | true>;

const HCP_ADD: Chapter = {
  '*personCode': 16,
  '*personFamilyName': 256,
  '*personGivenName': 256,
  '*orgIndexCode': 64,
  '*remark': 128,
  '*beginTime': 32,
  '*endTime': 32,
  '*gender': true,
};
const DEVICE_USER: Chapter = {
  '*userId': 16,
  '*userType': true,
  photo: true,
  '*icNumber': 40,
  '*jobNumber': 40,
  '*mobile': 20,
  '*name': 30,
  '*remark': 255,
  department: 80,
  birthday: true,
  entryTime: true,
  mail: 40,
  title: 40,
  position: 100,
  idNumber: 40,
  gender: true,
  prompt: 100,
  startTime: true,
  endTime: true,
  purpose: 40,
  interviewee: 80,
  comeFrom: 200,
  description: 80,
};
const SENSELINK_COMMON: Chapter = {
  '*icNumber': 45,
  '*jobNumber': 45,
  '*mobile': 20,
  '*name': 45,
  '*remark': 255,
  mail: 45,
  position: 45,
  location: 45,
  birthday: 45,
  force: 1,
  '*groups': true,
  avatarFile: true,
};
const SENSELINK_GUEST: Chapter = {
  '*name': 45,
  '*avatarFile': true,
  '*mobile': 20,
  '*remark': 255,
  '*groups': true,
  force: 1,
  '*idNumber': 45,
  '*receptionUserId': true,
  '*dateTimeFrom': 19,
  '*dateTimeTo': 19,
};

const CHAPTERS: readonly [path: RegExp, chapter: Chapter][] = [
  [/personInfo$/, { '*personCode': 16 }],
  [/single\/add$/, { ...HCP_ADD, '*faces': true }],
  [/single\/update$/, { ...HCP_ADD, '*personId': 64 }],
  [/face\/update$/, { '*personId': 64, '*faceData': true }],
  [/\/api\/user(\/update\/[^/]+)?$/, DEVICE_USER],
  [/\/api\/v1\/user$/, { ...SENSELINK_COMMON, departmentId: 15, areaCode: 45, entryTime: 45, idNumber: 45, gender: 1 }],
  [
    /\/api\/v1\/user\/update\/\d+$/,
    { ...SENSELINK_COMMON, '*idNumber': 45, department_id: 15, area_code: 45, entry_time: 45 },
  ],
  [/\/api\/v1\/guest(\/update\/\d+)?$/, SENSELINK_GUEST],
  [/\/recognition\/(check|quality)$/, { '*face_avatar': true }],
];

async function fieldsOf({ headers, body }: Seen): Promise<Record<string, unknown>> {
  const type = String(headers['content-type']);
  if (!type.startsWith('multipart/')) return JSON.parse(body.toString('utf8')) as Record<string, unknown>;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  return Object.fromEntries(form.entries());
}

/** What is wrong with a request by its chapter; empty when nothing is. A GET has its fields in the URL, and they are few. */
async function wrongWith(seen: Seen): Promise<string[]> {
  if (seen.method === 'GET') return [];
  const { pathname } = new URL(seen.url, 'http://x');
  const chapter = CHAPTERS.find(([path]) => path.test(pathname))?.[1];
  if (chapter === undefined) return [`no chapter for ${pathname}`];
  const fields = await fieldsOf(seen);
  const wrong: string[] = [];
  for (const name of Object.keys(chapter))
    if (name.startsWith('*') && !(name.slice(1) in fields)) wrong.push(`${pathname} lacks ${name.slice(1)}`);
  for (const [name, value] of Object.entries(fields)) {
    const limit = chapter[name] ?? chapter[`*${name}`];
    if (limit === undefined) wrong.push(`${pathname} has no ${name}`);
    else if (typeof value === 'string' && limit !== true && value.length > limit)
      wrong.push(`${pathname}: ${name} is ${value.length} characters, at most ${limit}`);
  }
  return wrong;
}

const GROUP = [{ id: 1, type: 1 }];

/** A platform that takes everything, and has the person or has not. */
function scripted(kind: string, there: Person | null, seen: Seen): unknown {
  const { pathname, searchParams } = new URL(seen.url, 'http://x');
  if (kind === 'hcp') {
    if (!pathname.endsWith('personInfo')) return { code: '0', msg: 'Success', data: '1150' };
    if (there === null) return { code: '128', msg: 'The request resource does not exist', data: '' };
    return { code: '0', msg: 'Success', data: { personId: '1150', personCode: there.code, remark: 'old' } };
  }
  if (kind === 'device') {
    if (!pathname.endsWith('list')) return { code: 200, message: 'OK' };
    if (there === null) return { code: 50008, message: 'Search List Null' };
    return {
      code: 200,
      message: 'OK',
      data: { totalPage: 1, data: [{ userId: there.code, userType: 1, prompt: 'Hi' }] },
    };
  }
  if (pathname.endsWith('/check')) return { code: 200, face_number: 1 };
  if (pathname.endsWith('/quality')) return { code: 200, data: { qa_code: 0 } };
  if (pathname.endsWith('/department')) return { code: 200, data: { id: 0, children: [] } };
  if (pathname.endsWith('/code')) return { code: 620, message: 'Record non-existent Error' };
  if (!pathname.endsWith('/list')) return { code: 200, data: { id: 7 } };
  if (searchParams.get('jobNumber') === 'H1')
    return { code: 200, data: [{ id: 3, type: 1, job_number: 'H1', groupList: GROUP }] };
  if (there === null) return { code: 200, data: [] };
  const remark = there.kind === 'visitor' ? `[${there.code}]` : '';
  const type = there.kind === 'visitor' ? 2 : 1;
  return {
    code: 200,
    data: [{ id: 7, type, job_number: there.code, remark, groupList: GROUP, entry_time: '2018-1-1' }],
  };
}

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

describe.each<[PlatformDefinition, string, Record<string, unknown>]>([
  [hcp as PlatformDefinition, '/artemis', { appKey: 'AKEY-1234', appSecret: 'SECRET-1', orgIndexCode: '2' }],
  [device as PlatformDefinition, '', { password: '123456' }],
  [
    senselink as PlatformDefinition,
    '',
    { appKey: 'AKEY-1234', appSecret: 'SECRET-1', groupIds: { staff: [1], visitor: [2] } },
  ],
])('$kind', (definition, path, config) => {
  async function connect(there: Person | null): Promise<{ connector: Connector; seen: Seen[] }> {
    const server = await tinyServer((seen, response) => sendJson(response, scripted(definition.kind, there, seen)));
    const entry = { kind: definition.kind, baseUrl: server.url + path, ...config };
    const connector = definition.create(definition.config.parse(entry), deps());
    closers.push(server.close, () => connector.close());
    return { connector, seen: server.seen };
  }

  test.each([1, 2, 3, 4])('no request carries a field its chapter does not allow (seed %i)', async (seed) => {
    const next = random(seed);
    let sent = 0;
    let refused = 0;
    for (let n = 0; n < 60; n += 1) {
      const person = anybody(next);
      const { connector, seen } = await connect(next() < 0.5 ? person : null);
      const job = jobOf(person, { bytes: new Uint8Array([0xff, 0xd8]), version: 'ab'.repeat(32) });
      if (definition.problems(person).length > 0) {
        refused += 1;
        expect(await faultOf(connector.enrol(job)), JSON.stringify(person)).toMatchObject({ kind: 'validation' });
        expect(seen).toEqual([]);
        continue;
      }
      sent += 1;
      expect(await connector.enrol(job), JSON.stringify(person)).toMatchObject({ state: 'delivered' });
      const wrong = (await Promise.all(seen.map(wrongWith))).flat();
      expect(wrong, JSON.stringify(person)).toEqual([]);
    }
    // Both halves of the property were looked at.
    expect(sent).toBeGreaterThan(3);
    expect(refused).toBeGreaterThan(0);
  });
});
