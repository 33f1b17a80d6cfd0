import { beforeAll, describe, expect, it } from 'vitest';
import type { PlatformDefinition } from '#platforms/contract';
import { hikconnect } from '#platforms/hikconnect/index';
import { megvii } from '#platforms/megvii/index';
import type { Person } from '#shared/person';
import { connect, jobFor, type Recorded, recorder, rendered } from './support/cloud-rig.ts';

/**
 * Whatever person a room takes, no request carries a field its chapter does not list, or a value its chapter does not allow. The tables here are
 * copied from the documents, not from the rooms.
 */
type Check = (value: unknown) => boolean;
type Table = Record<string, Check>;
const text =
  (max: number, pattern = /^[\s\S]*$/, min = 0): Check =>
  (value) =>
    typeof value === 'string' && value.length >= min && [...value].length <= max && pattern.test(value);
const among =
  (...values: unknown[]): Check =>
  (value) =>
    values.includes(value);
const texts: Check = (value) => Array.isArray(value) && value.every((item) => typeof item === 'string');
const millis: Check = (value) => Number.isSafeInteger(value) && Number(value) > 1e11;
const ISO: Check = text(25, /^20[0-3]\d-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);

/** 人员管理 1.4.2 */
const MEGVII_PERSON: Table = {
  name: text(40, undefined, 1),
  type: among(1, 2),
  sex: among(0, 1, 2),
  imageUri: text(200, undefined, 1),
  code: text(32, /^[A-Za-z0-9]+$/),
  identifyNum: text(32, /^[A-Za-z0-9]+$/),
  uniqueIdentify: text(40, /^[\x21-\x7e]+$/),
  visitFirm: text(40, /^[\p{Script=Han}A-Za-z0-9]+$/u),
  visitStartTimeStamp: millis,
  visitEndTimeStamp: millis,
  visitReason: text(255, undefined, 1),
  visitedUuid: text(40, undefined, 1),
  visitType: among(1, 2),
  email: text(255, /^[^\s@]+@[^\s@]+\.[^\s@]+$/),
  phone: text(18, /^\d{6,18}$/),
  cardNum: text(20, /^\d+$/),
  postion: text(64),
  ext: text(255),
  groupList: texts,
  orgUuid: text(40, undefined, 1),
};
const STAFF_ONLY = ['code', 'postion'];
const VISITOR_ONLY = [
  'visitFirm',
  'visitStartTimeStamp',
  'visitEndTimeStamp',
  'visitReason',
  'visitedUuid',
  'visitType',
];

/** A.3.122 */
const HIK_PERSON: Table = {
  groupId: text(64, undefined, 1),
  personCode: text(16, /^[A-Za-z0-9]+$/, 1),
  firstName: text(255, undefined, 1),
  lastName: text(255, undefined, 1),
  gender: among(0, 1, 2),
  phone: text(32),
  email: text(64),
  description: text(128),
  startDate: ISO,
  endDate: ISO,
};

function misfits(fields: Record<string, unknown>, table: Table): string[] {
  return Object.entries(fields)
    .filter(([name, value]) => !table[name]?.(value))
    .map(([name]) => name);
}

/** The same persons every time: a small generator of its own (mulberry32). */
function generator(seed: number) {
  let state = seed;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number) => Math.floor(random() * n);
  const ALPHABET = [...'abcXYZ0189 -_.()@+/\\"<>林安娜王é𠮷\u0000\n'];
  const word = (max: number, alphabet = ALPHABET) =>
    Array.from({ length: 1 + below(max) }, () => alphabet[below(alphabet.length)]).join('');
  const maybe = <T>(make: () => T): T | undefined => (random() < 0.5 ? make() : undefined);
  const digits = [...'0123456789'];
  const time = () => new Date(Date.UTC(2025 + below(12), below(12), 1 + below(28))).toISOString();
  return (): Person => ({
    kind: random() < 0.5 ? 'staff' : 'visitor',
    code: word(20, [...'ABC123xyz']),
    name: random() < 0.5 ? { display: word(50).trim() || 'x' } : { family: word(60), given: maybe(() => word(60)) },
    gender: maybe(() => (['female', 'male', 'unknown'] as const)[below(3)] ?? 'unknown'),
    phone: maybe(() => word(22, [...digits, '+', ' ', '-'])),
    email: maybe(() => (random() < 0.8 ? `${word(20, [...'abc.'])}@example.org` : word(30))),
    card: maybe(() => word(24, digits)),
    idNumber: maybe(() => word(36, [...'ABC123'])),
    department: maybe(() => word(20)),
    position: maybe(() => word(70)),
    remark: maybe(() => word(300)),
    validFrom: maybe(time),
    validTo: maybe(time),
    visit: maybe(() => ({
      host: 'HOST1',
      purpose: maybe(() => word(260)),
      company: maybe(() => word(60)),
      from: time(),
      to: time(),
    })),
  });
}

/** Persons the room says it takes, so many of each kind. */
function accepted(definition: Pick<PlatformDefinition, 'problems'>, each: number): Person[] {
  const next = generator(4);
  const found: Record<Person['kind'], Person[]> = { staff: [], visitor: [] };
  for (let tries = 0; tries < 50_000 && found.staff.length + found.visitor.length < 2 * each; tries += 1) {
    const person = next();
    if (found[person.kind].length < each && definition.problems(person).length === 0) found[person.kind].push(person);
  }
  return [...found.staff, ...found.visitor];
}

const parsed = ({ body }: Recorded) => JSON.parse(body.toString('utf8'));
let photo: Uint8Array;
beforeAll(async () => {
  photo = await rendered(hikconnect);
});

describe('no request carries what its chapter does not allow', () => {
  it('Megvii: person/batchAdd and person/update', async () => {
    const host = { uuid: 'host-uuid', code: 'HOST1', type: 1 };
    let known: Record<string, unknown> | null = null;
    const answers: Record<string, (request: Recorded) => unknown> = {
      'person/list': (request) => {
        const list = parsed(request).code === 'HOST1' ? [host] : known ? [known] : [];
        return { list, total: list.length };
      },
      'person/query': () => known,
      'misc/file/qualityJudge': () => undefined,
      'person/uploadImage': () => ({ uri: 'uri' }),
      'person/batchAdd': () => ({ successes: [{ uuid: 'u1' }], failures: [] }),
      'person/update': () => undefined,
      'org/tree': () => [],
    };
    const server = await recorder((request) => ({
      code: 0,
      data: answers[request.path.replace('/v1/api/', '')]?.(request),
    }));
    const keys = { appKey: 'appkey1', secretKey: 'sdfajk3242324fa!djq7' };
    const groups = { staff: ['g1'], visitor: ['g2'] };
    const connector = connect(megvii, {
      kind: 'megvii',
      baseUrl: server.url,
      ...keys,
      groupUuids: groups,
      orgUuid: 'o1',
    });
    const people = accepted(megvii, 40);
    expect(people).toHaveLength(80);
    for (const person of people) {
      known = null;
      await connector.enrol(jobFor(photo, { person }));
      known = { uuid: 'u1', type: person.kind === 'staff' ? 1 : 2, code: person.code, uniqueIdentify: person.code };
      await connector.enrol(jobFor(photo, { person }));
    }
    const added = server.requests
      .filter(({ path }) => path.endsWith('/batchAdd'))
      .map((request) => parsed(request).personList[0]);
    const updated = server.requests.filter(({ path }) => path.endsWith('/update')).map(parsed);
    expect([added.length, updated.length]).toEqual([80, 80]);
    for (const fields of added) {
      expect(misfits(fields, MEGVII_PERSON)).toEqual([]);
      for (const name of fields.type === 1 ? VISITOR_ONLY : STAFF_ONLY) expect(fields).not.toHaveProperty(name);
    }
    // 1.6.2: the same but for `type`, and the uuid.
    const { type: _, ...rest } = MEGVII_PERSON;
    for (const fields of updated) expect(misfits(fields, { ...rest, uuid: text(32, undefined, 1) })).toEqual([]);
    await Promise.all([connector.close(), server.close()]);
  });

  it('Hik-Connect: persons/quick/add, persons/update and updatecards', async () => {
    let known: Record<string, unknown> | null = null;
    const answers: Record<string, () => unknown> = {
      'token/get': () => ({ accessToken: 't', expireTime: 4_000_000_000 }),
      'persons/list': () => (known ? [{ personInfo: known }] : []),
      'persons/get': () => ({ personInfo: known ?? { personId: '1' } }),
      'quick/add': () => ({ personId: '1' }),
    };
    const server = await recorder(({ path }) => ({
      errorCode: '0',
      data: Object.entries(answers).find(([ending]) => path.endsWith(ending))?.[1](),
    }));
    let now = Date.parse('2026-03-02T09:00:00+08:00');
    const deps = {
      now: () => now,
      sleep: async (ms: number) => {
        now += ms;
      },
    };
    const keys = { appKey: 'key-of-the-fields', secretKey: 'secret-of-the-fields' };
    const entry = { kind: 'hikconnect', baseUrl: server.url, ...keys, groupId: '7', accessLevelIds: ['11'] };
    const connector = connect(hikconnect, entry, deps);
    const people = accepted(hikconnect, 40);
    expect(people).toHaveLength(80);
    for (const person of people) {
      known = null;
      await connector.enrol(jobFor(photo, { person }));
      known = { personId: '1', personCode: person.code };
      await connector.enrol(jobFor(photo, { person }));
    }
    const sent = (ending: string) => server.requests.filter(({ path }) => path.endsWith(ending)).map(parsed);
    const added = sent('/persons/quick/add');
    const updated = sent('/persons/update');
    expect([added.length, updated.length]).toEqual([80, 80]);
    for (const body of added) {
      const whole: Table = {
        personInfo: Boolean,
        photoData: text(270_000, /^[A-Za-z0-9+/]+=*$/),
        aceessLevelList: texts,
      };
      expect(misfits(body, whole)).toEqual([]);
      expect(misfits(body.personInfo, HIK_PERSON)).toEqual([]);
    }
    for (const body of updated) expect(misfits(body, { ...HIK_PERSON, personId: text(18, /^\d+$/) })).toEqual([]);
    for (const { firstName, lastName } of [...added.map(({ personInfo }) => personInfo), ...updated])
      expect([...firstName, ...lastName].length).toBeLessThanOrEqual(255);
    const cards = sent('/persons/updatecards').flatMap(({ cardList }) => cardList);
    expect(cards.length).toBeGreaterThan(10);
    for (const card of cards) expect(misfits(card, { id: text(64), cardNo: text(20, undefined, 1) })).toEqual([]);
    await Promise.all([connector.close(), server.close()]);
  });
});
