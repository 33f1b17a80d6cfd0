import { afterEach, describe, expect, test } from 'vitest';
import { CODES as DEVICE_CODES } from '#platforms/device/faults';
import { CODES, QUALITY } from '#platforms/senselink/faults';
import { carriesCode, markedRemark, ownRemark } from '#platforms/senselink/guest-mark';
import { senselink } from '#platforms/senselink/index';
import { sign } from '#platforms/senselink/sign';
import { type Inspection, type Measures, unknownMeasures } from '#shared/measures';
import type { Person } from '#shared/person';
import { ANNA_LIM, deps, faultOf, jobOf } from '../../fixtures/connecting.ts';
import { type Seen, sendJson, tinyServer } from '../../fixtures/tiny-server.ts';

test('the signature of §4.1, with the digit the manual lost', () => {
  expect(sign(1477881215000, '2323dsfadfewrasa3434')).toBe('e5ef72ef839bdf5397b4906b199b9fbf');
});

test('every code of §5, §6.4 and §6.5 has its kind, every qa_code of §6.6.2 its advice', () => {
  const codes = [
    10001, 10002, 10003, 10004, 10005, 20001, 20002, 30001, 30002, 30003, 30004, 30005, 50001, 50002, 50003, 50004,
    99999, 620, 610, 650, 320, 498,
  ];
  expect(Object.keys(CODES).sort()).toEqual(codes.map(String).sort());
  const qa = [101, 10201, 10301, 1030201, 1030301, 1030302, 1030303, 10401, 10402, 10403, 10404, 10405, 10406, 10407];
  expect(Object.keys(QUALITY).sort()).toEqual(qa.map(String).sort());
});

test('trap: 30002, 30003 and 30004 mean one thing here and another on the terminal', () => {
  const kinds = (table: typeof CODES) => [30002, 30003, 30004].map((code) => table[code]?.kind);
  expect(kinds(CODES)).toEqual(['similar', 'quality', 'validation']);
  expect(kinds(DEVICE_CODES)).toEqual(['quality', 'validation', 'quality']);
});

test('a guest’s code in the remark', () => {
  const remark = markedRemark('V1', 'by train');
  expect(remark).toBe('[V1] by train');
  expect(carriesCode(remark, 'V1')).toBe(true);
  expect(carriesCode(remark, 'V')).toBe(false);
  expect(carriesCode('[V1]x', 'V1')).toBe(false);
  expect(carriesCode(null, 'V1')).toBe(false);
  expect(ownRemark(remark, 'V1')).toBe('by train');
  expect(ownRemark('[V1]', 'V1')).toBe('');
});

const VISITOR: Person = {
  ...ANNA_LIM,
  kind: 'visitor',
  code: 'V1',
  idNumber: 'S1234567',
  visit: { host: 'H1', from: '2026-01-05T09:00:00+08:00', to: '2026-01-05T18:00:00+08:00' },
};

describe('the definition', () => {
  test('a visitor needs what §6.3.4 demands; each missing field is named', () => {
    expect(senselink.problems(ANNA_LIM)).toEqual([]);
    expect(senselink.problems(VISITOR)).toEqual([]);
    const bare: Person = { kind: 'visitor', code: 'V1', name: { display: 'Anna' } };
    expect(senselink.problems(bare).map((problem) => problem.field)).toEqual([...senselink.required('visitor')]);
  });

  test('lengths', () => {
    const longer = { ...ANNA_LIM, code: 'x'.repeat(46), name: { display: 'x'.repeat(46) }, phone: '1'.repeat(21) };
    expect(senselink.problems(longer).map((problem) => problem.field)).toEqual(['name', 'code', 'phone']);
    const fits = { ...VISITOR, remark: 'x'.repeat(250) };
    expect(senselink.problems(fits)).toEqual([]);
    expect(senselink.problems({ ...fits, remark: 'x'.repeat(251) })[0]?.field).toBe('remark');
  });

  const look = (measures: Partial<Measures>, more: Partial<Inspection> = {}): Inspection => ({
    width: 600,
    height: 800,
    faces: [{ box: { x: 200, y: 250, width: 200, height: 260 }, score: 1, relativeSize: 1 }],
    box: { x: 200, y: 250, width: 200, height: 260 },
    eyes: null,
    measures: { ...unknownMeasures(), ...measures },
    ms: 0,
    ...more,
  });

  test.each<[number | null, Inspection]>([
    [null, look({})],
    [null, look({ yaw: 3, pitch: -4, roll: 1, brightness: 0.5, sharpness: 0.4, mouthOpen: 0.1 })],
    [30003, look({}, { faces: [], box: null })],
    [1030301, look({ pitch: 22.19 })],
    [1030302, look({ yaw: -30 })],
    [1030303, look({ roll: 40 })],
    [10402, look({}, { box: { x: 0, y: 0, width: 90, height: 120 } })],
    [10403, look({ occlusion: 0.7 })],
    [10404, look({ brightness: 0.05 })],
    [10405, look({ sharpness: 0.0001 })],
    [10406, look({ mouthOpen: 0.9 })],
    [10201, look({}, { width: 90, height: 120 })],
    [10301, look({ confidence: 0.6 })],
    [1030201, look({}, { box: { x: 0, y: 0, width: 50, height: 70 } })],
    [10401, look({ centreX: 0.1 })],
    [10403, look({ mouthNoseVisible: 0 })],
    [10403, look({ eyesVisible: 0.1 })],
    [10407, look({ marginLeft: -0.5, marginRight: 3, marginAbove: 1, marginBelow: 1 })],
    // The first in the service's own order is told: more faces, then size, pose, place, cover, light.
    [101, look({ yaw: 50 }, { faces: [look({}).faces[0], look({}).faces[0]].filter((face) => face !== undefined) })],
    [1030301, look({ pitch: 30, yaw: 50, brightness: 0 })],
    [10404, look({ brightness: 0.05, sharpness: 0, mouthOpen: 0.9 })],
  ])('foretells %s', (code, inspection) => {
    expect(senselink.predict(inspection)?.code ?? null).toBe(code);
  });
});

/** The fields of a multipart body by name; a repeated one gives a list. */
async function formOf(seen: Seen | undefined): Promise<Record<string, (string | File)[]>> {
  const type = String(seen?.headers['content-type']);
  const form = await new Response(new Uint8Array(seen?.body ?? []), { headers: { 'content-type': type } }).formData();
  return Object.fromEntries([...new Set(form.keys())].map((name) => [name, form.getAll(name)]));
}

describe('against a scripted SenseLink', () => {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  const photo = { bytes: new Uint8Array([0xff, 0xd8]), version: 'ab'.repeat(32) };
  const signal = new AbortController().signal;
  const user = (more: object = {}) => ({
    id: 7,
    type: 1,
    job_number: 'TP012345',
    groupList: [{ id: 1, type: 1 }],
    ...more,
  });
  const ok = (data?: unknown) => ({ code: 200, message: 'OK', data });

  interface Script {
    list?: (query: URLSearchParams) => unknown[];
    check?: () => unknown;
    department?: () => unknown;
    quality?: () => unknown;
    save?: (form: Seen) => unknown;
    groups?: unknown[];
  }
  async function connect(script: Script, config: Record<string, unknown> = { groupIds: { staff: [3], visitor: [4] } }) {
    const server = await tinyServer((seen, response) => {
      const url = new URL(seen.url, 'http://x');
      const path = url.pathname;
      if (path.endsWith('/check')) return sendJson(response, script.check?.() ?? { ...ok(), face_number: 1 });
      if (path.endsWith('/department')) return sendJson(response, script.department?.() ?? ok({ children: [] }));
      if (path.endsWith('/quality'))
        return sendJson(response, script.quality?.() ?? ok({ qa_code: 0, qa_msg: 'PASS' }));
      if (path.endsWith('/user/list')) return sendJson(response, ok(script.list?.(url.searchParams) ?? []));
      if (path.endsWith('/group')) return sendJson(response, ok({ totalPage: 1, data: script.groups ?? [] }));
      return sendJson(response, script.save?.(seen) ?? ok({ id: 7 }));
    });
    const parsed = senselink.config.parse({
      kind: 'senselink',
      baseUrl: server.url,
      appKey: 'key-12345',
      appSecret: 'secret-1',
      ...config,
    });
    const connector = senselink.create(parsed, deps());
    closers.push(server.close, () => connector.close());
    return { connector, seen: server.seen, last: () => formOf(server.seen.at(-1)) };
  }

  test('adding: fields of §6.3.1 alone, 1 is female, the picture as image/jpeg; signed in the URL', async () => {
    const { connector, seen, last } = await connect({});
    const job = jobOf(ANNA_LIM, photo);
    expect(await connector.enrol(job)).toMatchObject({ state: 'delivered', personId: '7', created: true });
    expect(job.steps).toEqual(['recognition/check', 'recognition/quality', 'user/list', 'user']);
    const { avatarFile, ...fields } = await last();
    expect(fields).toEqual({
      name: ['Anna Lim'],
      jobNumber: ['TP012345'],
      icNumber: [''],
      mobile: ['60123456789'],
      remark: [''],
      groups: ['3'],
      gender: ['1'],
    });
    expect(avatarFile?.[0]).toMatchObject({ type: 'image/jpeg', size: 2 });
    const query = new URL(String(seen.at(-1)?.url), 'http://x').searchParams;
    expect(query.get('sign')).toBe(sign(Number(query.get('timestamp')), 'secret-1'));
  });

  test('2 is male; unknown is not said', async () => {
    const { connector, last } = await connect({});
    await connector.enrol(jobOf({ ...ANNA_LIM, gender: 'male' }, photo));
    expect((await last()).gender).toEqual(['2']);
    await connector.enrol(jobOf({ ...ANNA_LIM, gender: 'unknown' }, photo));
    expect((await last()).gender).toBeUndefined();
  });

  test('updating carries every group the person has and the configured ones, and no field §6.3.2 lacks', async () => {
    const there = user({ mail: 'a@example.org', location: 'D4', department_id: 5, groupList: [{ id: 1 }, { id: 9 }] });
    const { connector, seen, last } = await connect({ list: () => [there] });
    await connector.enrol(jobOf(ANNA_LIM, photo));
    expect(seen.at(-1)?.url).toMatch(/^\/api\/v1\/user\/update\/7\?/);
    const form = await last();
    expect(form.groups).toEqual(['1', '9', '3']);
    expect(form).toMatchObject({ mail: ['a@example.org'], location: ['D4'], department_id: ['5'], idNumber: [''] });
    expect(form.gender).toBeUndefined();
    expect(form.force).toBeUndefined();
  });

  test('a list of several leaves groups out: they are asked for before the update', async () => {
    const { connector, last } = await connect({
      list: (query) =>
        query.has('id')
          ? [user({ groupList: [{ id: 8 }] })]
          : [user({ groupList: null }), user({ id: 8, job_number: 'TP0123456', groupList: null })],
    });
    await connector.enrol(jobOf(ANNA_LIM, photo));
    expect((await last()).groups).toEqual(['8', '3']);
  });

  test('without configured groups a new person gets the platform’s oldest one of the kind', async () => {
    const { connector, last } = await connect(
      {
        groups: [
          { id: 12, type: 1 },
          { id: 5, type: 1 },
          { id: 2, type: 2 },
        ],
      },
      {},
    );
    await connector.enrol(jobOf(ANNA_LIM, photo));
    expect((await last()).groups).toEqual(['5']);
  });

  test('a job number that only resembles ours is not ours; two equal ones are for a person to sort out', async () => {
    const similar = await connect({ list: () => [user({ job_number: 'TP0123456' }), user({ type: 2 })] });
    expect((await similar.connector.verify('TP012345', 'staff', signal)).person).toBe(false);
    const twice = await connect({ list: () => [user(), user({ id: 8 })] });
    expect(await faultOf(twice.connector.enrol(jobOf(ANNA_LIM, photo)))).toMatchObject({
      kind: 'exists',
      code: 'ambiguous',
    });
    expect((await faultOf(twice.connector.remove('TP012345', 'staff', signal))).code).toBe('ambiguous');
  });

  test.each([
    [{ code: 200, data: { qa_code: 1030301, qa_msg: 'BAN' } }, '1030301'],
    [{ code: 200, data: { qa_code: 77777, qa_msg: 'BAN:new' } }, '77777'],
    [{ code: 30003, message: 'No Face Detected In The Image' }, '30003'],
  ])('a picture the quality check refuses goes no further: %j', async (quality, code) => {
    const { connector, seen } = await connect({ quality: () => quality });
    expect(await faultOf(connector.enrol(jobOf(ANNA_LIM, photo)))).toMatchObject({
      kind: 'quality',
      code,
      field: 'photo',
    });
    expect(seen).toHaveLength(2);
  });

  test.each([
    [{ ...ok(), face_number: 2 }, '101'],
    [{ ...ok(3) }, '101'],
    [{ ...ok(0) }, '30003'],
    [{ code: 30003, message: 'No Face Detected In The Image' }, '30003'],
  ])('trap: the number of faces stands in two places; other than one goes no further: %j', async (check, code) => {
    const { connector, seen } = await connect({ check: () => check });
    expect(await faultOf(connector.enrol(jobOf(ANNA_LIM, photo)))).toMatchObject({ kind: 'quality', code });
    expect(seen).toHaveLength(1);
  });

  test.each([
    ok(),
    { code: 404, message: 'Not Found' },
    { code: 50004, message: 'Request Method Not Allowed' },
    { code: 20002, message: 'Permission Denied' },
  ])('a count that is not told leaves the picture to the quality check: %j', async (check) => {
    const { connector } = await connect({ check: () => check });
    expect(await connector.enrol(jobOf(ANNA_LIM, photo))).toMatchObject({ state: 'delivered' });
  });

  test.each([
    [{ code: 404, message: 'Not Found' }, 'delivered'],
    [{ code: 20002, message: 'Permission Denied' }, 'delivered'],
  ])('departments that are not told are a warning: %j', async (department, state) => {
    const { connector } = await connect({ department: () => department });
    const outcome = await connector.enrol(jobOf({ ...ANNA_LIM, department: 'Physics' }, photo));
    expect(outcome).toMatchObject({ state, warnings: [expect.stringContaining('departments')] });
  });

  test('departments that are busy are worth another attempt', async () => {
    const { connector } = await connect({ department: () => ({ code: 50002, message: 'Internal Server Error' }) });
    const fault = await faultOf(connector.enrol(jobOf({ ...ANNA_LIM, department: 'Physics' }, photo)));
    expect(fault.kind).toBe('server');
  });

  describe('30002, a similar face', () => {
    const similar = (can_force: number) => ({
      code: 30002,
      message: 'Similar User Exist',
      data: { similar_user_id: 65833, similar_user_name: 'Bea Tan', similar_user_avatar: 'x', can_force },
    });
    const refusing = (can_force: number): Script => ({
      save: (seen) => (seen.body.includes('name="force"') ? ok({ id: 7 }) : similar(can_force)),
      list: (query) => (query.get('id') === '65833' ? [user({ id: 65833, job_number: 'TP9' })] : []),
    });
    const forced = (seen: Seen[]) => seen.filter((one) => one.body.includes('name="force"')).length;

    test('is a question with the other person and whether it can be forced; nothing is forced', async () => {
      const { connector, seen } = await connect(refusing(1));
      expect(await connector.enrol(jobOf(ANNA_LIM, photo))).toEqual({
        state: 'asking',
        question: { kind: 'similar', candidate: { personId: '65833', name: 'Bea Tan', code: 'TP9' }, canForce: true },
      });
      expect(forced(seen)).toBe(0);
    });

    test('forced only when told to, and only where the platform lets it', async () => {
      const yes = await connect(refusing(1));
      const job = jobOf(ANNA_LIM, photo, { onSimilar: 'force' });
      expect(await yes.connector.enrol(job)).toMatchObject({ state: 'delivered', created: true });
      expect(forced(yes.seen)).toBe(1);
      const no = await connect(refusing(0));
      const fault = await faultOf(no.connector.enrol(jobOf(ANNA_LIM, photo, { onSimilar: 'force' })));
      expect(fault).toMatchObject({ kind: 'similar', code: '30002' });
      expect(forced(no.seen)).toBe(0);
    });

    test('stops when told to', async () => {
      const { connector, seen } = await connect(refusing(1));
      const fault = await faultOf(connector.enrol(jobOf(ANNA_LIM, photo, { onSimilar: 'stop' })));
      expect(fault).toMatchObject({ kind: 'similar', code: '30002' });
      expect(fault.message).not.toContain('Bea');
      expect(forced(seen)).toBe(0);
    });
  });

  describe('guests', () => {
    const host = user({ id: 3, job_number: 'H1' });

    test('go through their own endpoint with the host’s id and wall-clock times', async () => {
      const { connector, seen, last } = await connect({
        list: (query) => (query.get('jobNumber') === 'H1' ? [host] : []),
      });
      await connector.enrol(jobOf(VISITOR, photo));
      expect(seen.at(-1)?.url).toMatch(/^\/api\/v1\/guest\?/);
      const { avatarFile, ...fields } = await last();
      expect(fields).toEqual({
        name: ['Anna Lim'],
        mobile: ['60123456789'],
        idNumber: ['S1234567'],
        remark: ['[V1]'],
        groups: ['4'],
        receptionUserId: ['3'],
        dateTimeFrom: ['2026-01-05 09:00:00'],
        dateTimeTo: ['2026-01-05 18:00:00'],
      });
      expect(avatarFile).toHaveLength(1);
    });

    test('are found again by the code in the remark, though the phone number changed', async () => {
      const guest = { id: 9, type: 2, remark: '[V1] by train', mobile: '1', groupList: [{ id: 2 }] };
      const { connector, seen, last } = await connect({
        list: (query) => {
          if (query.get('jobNumber') === 'H1') return [host];
          return query.has('mobile') ? [] : [guest, host, { ...guest, id: 10, remark: '[V12]' }];
        },
      });
      await connector.enrol(jobOf(VISITOR, photo));
      expect(seen.at(-1)?.url).toMatch(/^\/api\/v1\/guest\/update\/9\?/);
      expect(await last()).toMatchObject({ remark: ['[V1] by train'], groups: ['2', '4'] });
      expect(await connector.remove('V1', 'visitor', signal)).toBe(true);
      expect(seen.at(-1)?.url).toMatch(/^\/api\/v1\/guest\/delete\/9\?/);
    });

    test('a host nobody knows is named before anything is added', async () => {
      const { connector, seen } = await connect({});
      expect(await faultOf(connector.enrol(jobOf(VISITOR, photo)))).toMatchObject({
        kind: 'validation',
        field: 'visit.host',
      });
      expect(seen.some((one) => one.url.startsWith('/api/v1/guest'))).toBe(false);
    });
  });

  test('an end date that SenseLink cannot keep is a warning', async () => {
    const { connector } = await connect({});
    const outcome = await connector.enrol(jobOf({ ...ANNA_LIM, validTo: '2027-01-01T00:00:00Z' }, photo));
    expect(outcome).toMatchObject({ warnings: [expect.stringContaining('end date')] });
  });
});
