import { afterEach, describe, expect, test } from 'vitest';
import { CODES } from '#platforms/device/faults';
import { device } from '#platforms/device/index';
import { sign } from '#platforms/device/sign';
import { userId } from '#platforms/device/user-id';
import { unknownMeasures } from '#shared/measures';
import { ANNA_LIM, deps, faultOf, jobOf } from '../../fixtures/connecting.ts';
import { type Seen, sendJson, tinyServer } from '../../fixtures/tiny-server.ts';

test('the signature of §4.1', () => {
  expect(sign(1573539353795, '123456')).toBe('188ef735093645c802b0e4741bd3e9a1');
});

const WIPES = [
  'all',
  'ALL',
  'All',
  ' all',
  'all ',
  'all/',
  '/all',
  'all\u0000',
  'ａｌｌ',
  'a\u200bll',
  '"all"',
  'all%',
  'a/../all?x#y',
  'all%00',
  'all&x=1',
  '%61%6c%6c',
  '%2561ll',
];

describe('a user id', () => {
  test.each(WIPES)('is never “all”: %j', (code) => {
    expect(() => userId(code)).toThrow(/all/);
  });

  test.each(['', '.', '..', '/', 'a\u0007b', 'x'.repeat(17)])('is not %j', async (code) => {
    expect(await faultOf((async () => userId(code))())).toMatchObject({ kind: 'validation', field: 'code' });
  });

  test.each(['0011', 'TP012345', 'Allan', 'ball', 'x'.repeat(16)])('is %j', (code) => {
    expect(userId(code)).toBe(code);
  });
});

test('every code of §7 has its kind', () => {
  const listed = [
    10001, 10002, 10003, 10004, 10005, 20001, 20002, 30001, 30002, 30003, 30004, 40001, 50001, 50002, 50003, 50004,
    99999, 50008, 50009,
  ];
  expect(Object.keys(CODES).map(Number).sort()).toEqual([...listed].sort());
});

describe('the definition', () => {
  test('config is strict', () => {
    const entry = { kind: 'device', baseUrl: 'http://192.168.1.100:8899', password: '123456' };
    expect(device.config.safeParse(entry).success).toBe(true);
    expect(device.config.safeParse({ ...entry, passwort: 'x' }).success).toBe(false);
  });

  test('lengths of §8.2.1: the limit passes, one more is named', () => {
    const long = { ...ANNA_LIM, name: { display: 'x'.repeat(30) }, phone: '1'.repeat(20), card: '1'.repeat(40) };
    expect(device.problems(long)).toEqual([]);
    const longer = {
      ...ANNA_LIM,
      code: 'x'.repeat(17),
      name: { display: 'x'.repeat(31) },
      phone: '1'.repeat(21),
      visit: { purpose: 'x'.repeat(41) },
    };
    expect(device.problems(longer).map((problem) => problem.field)).toEqual(['code', 'name', 'phone', 'visit.purpose']);
    expect(device.problems({ ...ANNA_LIM, code: 'ALL' })[0]?.field).toBe('code');
  });

  test('foretells 30002 without a face', () => {
    const nobody = { width: 1, height: 1, faces: [], box: null, eyes: null, measures: unknownMeasures(), ms: 0 };
    expect(device.predict(nobody)?.code).toBe(30002);
    const one = { box: { x: 0, y: 0, width: 100, height: 120 }, score: 1, relativeSize: 1 };
    const seen = (measures: Partial<ReturnType<typeof unknownMeasures>>) =>
      device.predict({ ...nobody, faces: [one], measures: { ...unknownMeasures(), ...measures } })?.code ?? null;
    expect(seen({})).toBeNull();
    expect(seen({ roll: 12, confidence: 1, marginLeft: 1, marginRight: 1, brightness: 0 })).toBeNull();
    expect(seen({ roll: 178 })).toBe(30002);
    expect(seen({ roll: -90 })).toBe(30002);
    expect(seen({ confidence: 0.4 })).toBe(30002);
    expect(seen({ marginRight: -0.9 })).toBe(30002);
  });
});

describe('against a scripted terminal', () => {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  const photo = { bytes: new Uint8Array([0xff, 0xd8]), version: 'ab'.repeat(32) };
  const signal = new AbortController().signal;

  async function connect(script: (url: URL, seen: Seen) => unknown, now?: () => number) {
    const server = await tinyServer((seen, response) =>
      sendJson(response, script(new URL(seen.url, 'http://x'), seen)),
    );
    const config = device.config.parse({ kind: 'device', baseUrl: server.url, password: '123456' });
    const connector = device.create(config, deps(now));
    closers.push(server.close, () => connector.close());
    return { connector, seen: server.seen };
  }
  const page = (users: unknown[], totalPage = 1) => ({
    code: 200,
    message: 'OK',
    data: { total: 1, pageNum: 1, totalPage, data: users },
  });

  test.each(WIPES)('no request is made for the code %j', async (code) => {
    const { connector, seen } = await connect(() => page([{ userId: code }]));
    expect((await faultOf(connector.remove(code, 'staff', signal))).field).toBe('code');
    expect((await faultOf(connector.verify(code, 'staff', signal))).field).toBe('code');
    expect((await faultOf(connector.enrol(jobOf({ ...ANNA_LIM, code }, photo)))).field).toBe('code');
    expect(seen).toEqual([]);
  });

  test('an id is one segment of the path, whatever it contains', async () => {
    const code = 'a/../b?x#y%2F';
    const { connector, seen } = await connect((url) =>
      url.pathname.endsWith('list') ? page([{ userId: code }]) : { code: 200 },
    );
    expect(await connector.remove(code, 'staff', signal)).toBe(true);
    expect(seen.at(-1)?.url).toMatch(/^\/api\/user\/delete\/a%2F\.\.%2Fb%3Fx%23y%252F\?timestamp=/);
  });

  test('pages of ten are read until the exact id is found', async () => {
    const { connector, seen } = await connect((url) => {
      const number = Number(url.searchParams.get('page'));
      return page(number < 3 ? [{ userId: `TP012345${number}` }] : [{ userId: 'TP012345', photo: '/9j/' }], 3);
    });
    expect(await connector.verify('TP012345', 'staff', signal)).toMatchObject({ person: true, photo: true });
    expect(seen).toHaveLength(3);
    for (const one of seen)
      expect(Number(new URL(one.url, 'http://x').searchParams.get('size'))).toBeLessThanOrEqual(10);
  });

  test('a longer id that contains ours is not ours; 50008 is an empty list', async () => {
    const similar = await connect(() => page([{ userId: 'TP0123456' }]));
    expect((await similar.connector.verify('TP012345', 'staff', signal)).person).toBe(false);
    const empty = await connect(() => ({ code: 50008, message: 'Search List Null' }));
    expect(await empty.connector.remove('TP012345', 'staff', signal)).toBe(false);
  });

  test('what is signed is in the URL; times are seconds; visitors are type 2; nothing undocumented is sent', async () => {
    const { connector, seen } = await connect(
      (url) => (url.pathname.endsWith('list') ? page([]) : { code: 200, data: {} }),
      () => 1_573_539_353_795,
    );
    const visit = {
      from: '2026-01-05T09:00:00+08:00',
      to: '2026-01-05T18:00:00+08:00',
      host: 'Bob',
      company: 'ACME',
      purpose: 'talk',
    };
    await connector.enrol(jobOf({ ...ANNA_LIM, kind: 'visitor', visit }, photo));
    const add = seen.at(-1);
    expect(add?.url).toBe('/api/user?timestamp=1573539353795&sign=188ef735093645c802b0e4741bd3e9a1');
    expect(add?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(String(add?.body))).toEqual({
      userId: 'TP012345',
      userType: 2,
      name: 'Anna Lim',
      icNumber: '',
      jobNumber: 'TP012345',
      mobile: '60123456789',
      remark: '',
      gender: 2,
      startTime: 1_767_574_800,
      endTime: 1_767_607_200,
      purpose: 'talk',
      interviewee: 'Bob',
      comeFrom: 'ACME',
      photo: Buffer.from(photo.bytes).toString('base64'),
    });
  });

  test('an update hands back what is not ours and lifts a period that is over', async () => {
    const there = {
      userId: 'TP012345',
      prompt: 'Welcome',
      birthday: 5,
      jobNumber: 'J1',
      icNumber: 'C1',
      startTime: 10,
      endTime: 20,
    };
    const { connector, seen } = await connect((url) => (url.pathname.endsWith('list') ? page([there]) : { code: 200 }));
    const job = jobOf(ANNA_LIM, photo);
    expect(await connector.enrol(job)).toMatchObject({ state: 'delivered', created: false });
    expect(job.steps).toEqual(['user/list', 'user/update']);
    expect(JSON.parse(String(seen.at(-1)?.body))).toMatchObject({
      prompt: 'Welcome',
      birthday: 5,
      jobNumber: 'J1',
      icNumber: 'C1',
      startTime: 0,
      endTime: 0,
    });
  });

  test('a code on the blacklist is not let in again', async () => {
    const { connector, seen } = await connect(() => page([{ userId: 'TP012345', userType: 3 }]));
    expect(await faultOf(connector.enrol(jobOf(ANNA_LIM, photo)))).toMatchObject({ kind: 'exists', code: 'blacklist' });
    expect(seen).toHaveLength(1);
  });

  test.each([
    [10003, 'clock'],
    [10005, 'auth'],
    [30002, 'quality'],
    [50009, 'capacity'],
    [12345, 'protocol'],
  ])('code %i inside HTTP 200 is %s', async (code, kind) => {
    const { connector } = await connect(() => ({ code, message: 'x', desc: '' }));
    expect(await faultOf(connector.test(signal))).toMatchObject({ kind, code: String(code) });
  });
});
