import { afterEach, describe, expect, test } from 'vitest';
import type { Connector, PlatformDefinition } from '#platforms/contract';
import { device } from '#platforms/device/index';
import { hcp } from '#platforms/hcp/index';
import { hikconnect } from '#platforms/hikconnect/index';
import { megvii } from '#platforms/megvii/index';
import { senselink } from '#platforms/senselink/index';
import { FaultError } from '#shared/fault';
import { DEVICE, HCP, HIKCONNECT, MEGVII, SENSELINK } from './support/call-chapters.ts';
import { type Chapter, type Generator, generator, listening, wrongWith } from './support/chapters.ts';
import { connect, type Recorded } from './support/cloud-rig.ts';

/**
 * A property: whatever the desk asks for beside an enrolment – looking up, removing, groups, rights, residents, passes, credentials, parameters,
 * records, lists, doors – either nothing wrong is sent and a field is named, or every request carries what its chapter allows and no more.
 */

const signal = new AbortController().signal;
const NOW = Date.parse('2026-03-02T09:00:00+08:00');

/** A clock of its own: a limit on requests costs no waiting. */
function quickDeps() {
  let now = NOW;
  return {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
}

interface Subject {
  definition: PlatformDefinition;
  chapters: readonly Chapter[];
  path?: string;
  config: Record<string, unknown>;
  /** An id as the platform gives them. */
  id(next: Generator): string;
  /** A platform that takes everything; the person asked for is there under the code, or nobody is. */
  answer(request: Recorded, code: string | null, kind: string): unknown;
}

const bodyOf = ({ body }: Recorded) => JSON.parse(body.toString('utf8') || '{}') as Record<string, unknown>;
const SUBJECTS: Record<string, Subject> = {
  hcp: {
    definition: hcp as PlatformDefinition,
    chapters: HCP,
    path: '/artemis',
    config: { appKey: 'AKEY-1234', appSecret: 'SECRET-1', orgIndexCode: '2', privilegeGroupId: '1' },
    id: (next) => String(1 + next.below(99)),
    answer: ({ path }, code) => {
      const list = (entry: object) => ({ code: '0', data: { total: 1, list: [entry] } });
      if (path.endsWith('orgList')) return list({ orgIndexCode: '2', orgName: 'x' });
      if (path.endsWith('privilege/group')) return list({ privilegeGroupId: '1', privilegeGroupName: 'x' });
      if (path.endsWith('advance/personList')) return list({ personCode: '1', personName: 'x' });
      if (path.endsWith('personList')) return list({ id: '1150' });
      if (path.endsWith('applicationResult')) return { code: '0', data: { total: 0, list: [] } };
      if (!path.endsWith('personInfo')) return { code: '0', data: '' };
      if (code === null) return { code: '128', msg: 'The request resource does not exist', data: '' };
      return { code: '0', data: { personId: '1150', personCode: code, personPhoto: { picUri: '/pic?id=1' } } };
    },
  },
  device: {
    definition: device as PlatformDefinition,
    chapters: DEVICE,
    config: { password: '123456' },
    id: (next) => `P${next.below(1e6)}`,
    answer: ({ path }, code) => {
      const { pathname } = new URL(path, 'http://x');
      const objects: Record<string, object> = {
        network: {
          dhcpEnable: 0,
          ipAddress: '1.2.3.4',
          subMask: '1.2.3.4',
          DNS1: '1.2.3.4',
          DNS2: '1.2.3.4',
          defRout: '1.2.3.4',
        },
        smartface: {
          ...{
            faceEnable: 1,
            faceCmpEnable: 1,
            faceThre: 5,
            faceMinsize: 50,
            faceMaxsize: 400,
            faceInterval: 8,
            imgType: 1,
          },
          ...{
            maskDetecEnable: 0,
            tempDetecEnable: 0,
            TempUnit: 0,
            tempWarnThre: 37.2,
            ftpPutImgEnable: 0,
            faceFrame: 0,
          },
          ...{ StrTempCkEnable: 0, Hacknessenble: 0 },
        },
        perpara: {
          ...{
            detecTemMod: 0,
            alarmType: 0,
            voiceProswitch: 0,
            tempNormal: 0,
            maskNormal: 0,
            cmpNormal: 0,
            RecordOpen: 0,
          },
          ...{ unlockControl: 0, unlockOuttime: 5 },
        },
      };
      const group = objects[pathname.split('/').at(-1) ?? ''];
      if (group) return { code: 200, data: group };
      if (pathname.endsWith('/information')) return { code: 200, data: { deviceID: 'x' } };
      if (!/\/(list|record)$/.test(pathname)) return { code: 200 };
      if (code === null || pathname.endsWith('/record')) return { code: 50008 };
      return { code: 200, data: { totalPage: 1, data: [{ userId: code, userType: 1 }] } };
    },
  },
  senselink: {
    definition: senselink as PlatformDefinition,
    chapters: SENSELINK,
    config: { appKey: 'AKEY-1234', appSecret: 'SECRET-1' },
    id: (next) => `${next.pick(['', 'department-'])}${1 + next.below(9)}`,
    answer: ({ path, method }, code, kind) => {
      const { pathname, searchParams } = new URL(path, 'http://x');
      if (pathname.endsWith('/company')) return { code: 200, data: { name: 'x' } };
      if (pathname.endsWith('/department')) return { code: 200, data: { id: 0, children: [{ id: 1, name: 'x' }] } };
      if (/department\/\d+$/.test(pathname))
        return { code: 200, data: { id: 1, parent_id: 0, leader_id: 2, code: 'c' } };
      if (pathname.endsWith('/v1/group') && method === 'GET')
        return {
          code: 200,
          data: { totalPage: 1, data: Array.from({ length: 9 }, (_, n) => ({ id: n + 1, type: 1 })) },
        };
      if (pathname.endsWith('/device') || pathname.endsWith('/record'))
        return { code: 200, data: { totalPage: 1, data: [] } };
      if (!pathname.endsWith('/list')) return { code: 200, data: { id: 7 } };
      if (code === null) return { code: 200, data: [] };
      if (searchParams.get('jobNumber') !== null && kind === 'visitor') return { code: 200, data: [] };
      const person = { id: 7, type: kind === 'staff' ? 1 : 2, job_number: code, remark: `[${code}]` };
      return { code: 200, data: [{ ...person, groupList: [{ id: 3, type: 1 }] }] };
    },
  },
  megvii: {
    definition: megvii as PlatformDefinition,
    chapters: MEGVII,
    config: { appKey: 'appkey1', secretKey: 'sdfajk3242324fa!djq7', groupUuids: { staff: ['g1'], visitor: ['g2'] } },
    id: (next) => next.hex(32),
    answer: (request, code, kind) => {
      const { path } = request;
      const asked = path.endsWith('uploadImage') ? {} : bodyOf(request);
      const person = {
        uuid: 'u1',
        code,
        uniqueIdentify: code,
        imageUri: 'x',
        groupList: [{ uuid: 'g1' }, { uuid: 'g2' }],
      };
      const there = code !== null && !('code' in asked !== (kind === 'staff'));
      const answers: Record<string, unknown> = {
        'person/list': { list: there ? [person] : [], total: there ? 1 : 0 },
        'person/uuid/list': [person],
        'person/query': person,
        'person/batchDelete': { successes: [{ uuid: 'u1' }], failures: [] },
        'person/visitorCode': { qrCode: Buffer.from('GIF89a').toString('base64'), expireTime: 5 },
        'person/config/uploadImage': { uri: 'uri' },
        'photo/search': { list: [{ personUuid: 'u1', score: 90 }], total: 1 },
        'group/batchAdd': { successes: [{ uuid: 'g3' }], failures: [] },
        'group/query': { uuid: 'g1' },
        'authority/list': { list: [{ deviceUuid: 'd1', scheduleName: 'x' }], total: 1 },
        'storageCriteria/info': { level: 3 },
        'group/list': { list: [], total: 0 },
        'door/list': { list: [], total: 0 },
        queryFeatureFailList: { list: [], total: 0 },
        'pass_record/list': { list: [{ uuid: 'r1', passTimestamp: NOW - 1, personUuid: 'u2' }], total: 1 },
      };
      return { code: 0, data: Object.entries(answers).find(([ending]) => path.endsWith(ending))?.[1] };
    },
  },
  hikconnect: {
    definition: hikconnect as PlatformDefinition,
    chapters: HIKCONNECT,
    config: { appKey: 'key-of-the-calls', secretKey: 'secret-of-the-calls', groupId: '7', accessLevelIds: ['11'] },
    id: (next) => next.digits(18),
    answer: ({ path, body }, code) => {
      const personInfo = {
        ...{ personId: '123', personCode: code, firstName: 'Anna', lastName: 'Lim', gender: 0, email: 'a@example.org' },
        ...{ groupId: '7', startDate: NOW, endDate: NOW + 1e10 },
      };
      // Everybody the pass is asked for is there.
      const name = /\((.*)\)/.exec(body.toString())?.[0] ?? '';
      const room = { roomId: '101', buildId: '1', areaId: '2' };
      const answers: Record<string, unknown> = {
        'token/get': { accessToken: 't', expireTime: 4_000_000_000 },
        'groups/search': { personGroupList: [{ groupId: '7', groupName: 'x', parentId: '1' }] },
        'groups/add': { groupId: '8' },
        'persons/list': code === null ? [] : [{ personInfo }],
        'persons/get': code === null ? {} : { personInfo, cardList: [{ id: '5', cardNo: '55' }], fingerList: [] },
        cardcollect: { cardNo: '123' },
        fingercollect: { fingerData: 'ab', fingerQuality: 90 },
        qrcode: { qrCodeData: 'AAAA' },
        'room/search': { totalNum: 1, roomList: [room] },
        'v1/person/search': code === null ? {} : { totalNum: 1, personList: [{ personId: '123', roomList: [room] }] },
        'tempauth/list': code === null ? {} : { totalNum: 1, tempAuthList: [{ id: '9', name: `Bea ${name}` }] },
        'tempauth/get': { startTime: NOW, endTime: NOW + 1e8 },
      };
      return { errorCode: '0', data: Object.entries(answers).find(([ending]) => path.endsWith(ending))?.[1] };
    },
  },
};

/** Everything a desk may ask of a connector, with arguments that may be anything. */
function asks(
  connector: Connector,
  next: Generator,
  { id, code, kind }: { id: string; code: string; kind: 'staff' | 'visitor' },
) {
  const { groups, rights, credentials, residents, terminal, doors } = connector;
  const ids = next.pick([[], [id], [id, id], [id, next.word()]]);
  const from = NOW - next.below(1e9);
  const range = { from, to: from + next.below(1e7), ...next.pick([{}, { code }]) };
  const [group, parameter, value] = next.pick<[string, string, string | number]>([
    ['network', 'DNS1', next.pick(['192.0.2.7', next.word()])],
    [
      'smartface',
      next.pick(['faceThre', 'faceMinsize', 'tempWarnThre', 'imgType']),
      next.pick([next.number(), 5, 50, 1]),
    ],
    ['perpara', next.pick(['unlockOuttime', 'detecTemMod', 'RecordOpen']), next.number()],
    [next.word(), next.word(), next.word()],
  ]);
  const room = { id: next.pick(['101', '101', next.word()]), householder: next.pick([true, false]) };
  const card = next.pick([next.digits(10), next.word()]);
  const finger = { name: next.pick(['thumb', next.word()]), data: next.pick([next.hex(16), next.word()]) };
  const collect = async (found: AsyncIterable<unknown> | undefined) => {
    if (found) for await (const _record of found);
  };
  return [
    () => connector.test(signal),
    () => connector.verify(code, kind, signal),
    () => connector.remove(code, kind, signal),
    () => connector.catalogue?.(signal),
    () => connector.criteria?.(signal),
    () => connector.similar?.({ bytes: new Uint8Array([0xff, 0xd8]), version: 'ab' }, signal),
    () => connector.pass?.(code, signal),
    () => collect(connector.records?.(range, signal)),
    () => connector.search?.(code, signal),
    () => groups?.add({ name: next.word(), kind }, signal),
    () => groups?.rename(id, next.word(), signal),
    () => groups?.remove(id, signal),
    () => rights?.grant(code, kind, ids, signal),
    () => rights?.revoke(code, kind, next.pick([ids, ['g1']]), signal),
    () => rights?.replace(code, kind, ids, signal),
    () => credentials?.setPin(code, next.pick([null, next.digits(4), next.word()]), signal),
    () => credentials?.addCard(code, card, signal),
    () => credentials?.removeCard(code, next.pick([card, '55']), signal),
    () => credentials?.collectCard(next.pick(['AF6590718', next.word()]), signal),
    () => credentials?.addFinger(code, finger, signal),
    () => credentials?.collectFinger(next.pick(['AF6590718', next.word()]), signal),
    () => residents?.rooms(signal),
    () => residents?.search(next.pick([null, next.word()]), signal),
    () => residents?.add(code, room, signal),
    () => residents?.update(code, next.pick([[], [room]]), signal),
    () => residents?.remove(code, signal),
    () => terminal?.information(signal),
    () => terminal?.open(next.word(), signal),
    () => terminal?.syncTime(signal),
    () => terminal?.reboot(signal),
    () => terminal?.parameters(group, signal),
    () => terminal?.setParameters(group, { [parameter]: value }, signal),
    () => doors?.open(id, signal),
  ];
}

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

describe.each(Object.entries(SUBJECTS))('%s', (kindOf, subject) => {
  test('no call carries what its chapter does not allow, and each chapter was met', async () => {
    const next = generator(7);
    let there: string | null = null;
    let kind: 'staff' | 'visitor' = 'staff';
    const server = await listening((request) => subject.answer(request, there, kind));
    const entry = { kind: kindOf, baseUrl: server.url + (subject.path ?? ''), ...subject.config };
    const variants = [entry, ...(kindOf === 'hikconnect' ? [{ ...entry, visitors: 'pass' }] : [])];
    const connectors = variants.map((each) => connect(subject.definition, each, quickDeps()));
    closers.push(...connectors.map((connector) => () => connector.close()), server.close);
    const met = new Set<Chapter>();
    const wrong = new Set<string>();
    let refused = 0;
    for (let round = 0; round < 40; round += 1) {
      kind = next.pick(['staff', 'visitor'] as const);
      const code = next.pick([`TP${next.digits(6)}`, `TP${next.digits(6)}`, next.word()]);
      there = next.pick([code, code, null]);
      const id = next.id(() => subject.id(next));
      for (const ask of asks(connectors[round % connectors.length] as Connector, next, { id, code, kind })) {
        try {
          await ask();
        } catch (error) {
          if (!(error instanceof FaultError)) throw error;
          // A platform that takes everything is never the one who refuses.
          if (error.fault.kind !== 'validation')
            wrong.add(`${error.fault.kind} ${error.fault.code}: ${error.fault.message}`);
          refused += 1;
        }
        for (const request of server.fresh()) {
          const found = await wrongWith(request, subject.chapters, met);
          if (found !== null) wrong.add(found);
        }
      }
    }
    expect([...wrong]).toEqual([]);
    expect(subject.chapters.filter((chapter) => !met.has(chapter)).map(({ path }) => String(path))).toEqual([]);
    expect(refused).toBeGreaterThan(0);
  });
});
