import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startLab } from '#lab/index';
import type { Connector, ConnectorDeps, Photo, RecognitionRecord } from '#platforms/contract';
import { createClient } from '#platforms/senselink/client';
import { senselinkConfig } from '#platforms/senselink/config';
import { senselink } from '#platforms/senselink/index';
import type { Person } from '#shared/person';
import { ANNA_LIM, deps, faultOf, jobOf, photoOf } from '../fixtures/connecting.ts';
import { handClock, until } from '../fixtures/hand-clock.ts';
import { sendJson, tinyServer } from '../fixtures/tiny-server.ts';

/** Groups, departments, devices, records and the traps of SenseLink: the connector against the simulated platform. */

let lab: Awaited<ReturnType<typeof startLab>>;
let anna: Photo;
let bea: Photo;
const open: { close(): Promise<void> }[] = [];
const closers: (() => void)[] = [];
const signal = new AbortController().signal;

const entry = (more: Record<string, unknown> = {}) =>
  senselinkConfig.parse({ ...lab.config.platforms.senselink, ...more });

function connect(more: Record<string, unknown> = {}, outside: Partial<ConnectorDeps> = {}) {
  const connector = senselink.create(entry(more), { ...deps(), ...outside });
  open.push(connector);
  const { groups, rights, records, watch, catalogue } = connector;
  if (!groups || !rights || !records || !watch || !catalogue) throw new Error('SenseLink does all of these');
  return { ...connector, groups, rights, records, watch, catalogue } satisfies Connector;
}
function client(baseUrl?: string) {
  const made = createClient(entry(baseUrl === undefined ? {} : { baseUrl }), deps());
  open.push(made);
  return made;
}
const person = (key = 'TP012345') => lab.people().senselink?.find((one) => one.key === key);
const paths = () => lab.log('senselink').map(({ path }) => path);

const GUEST: Person = {
  kind: 'visitor',
  code: 'V-77',
  name: { family: 'Tan', given: 'Bea' },
  phone: '60199999999',
  idNumber: 'S1234567',
  visit: { host: 'TP012345', from: '2026-01-05T09:00:00+08:00', to: '2036-01-05T18:00:00+08:00' },
};

beforeAll(async () => {
  lab = await startLab();
  anna = await photoOf('anna', senselink.rendition);
  bea = await photoOf('bea', senselink.rendition);
});
afterAll(() => lab.close());
beforeEach(() => lab.reset());
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  for (const close of closers.splice(0)) close();
});

describe('the catalogue', () => {
  test('groups of staff and visitors, departments as a tree, devices as doors', async () => {
    const made = client();
    const parent = await made.addDepartment('Faculty', 0, signal);
    const child = await made.addDepartment('Physics', parent.id, signal);
    expect(await connect().catalogue(signal)).toEqual({
      groups: [
        { id: '2', name: 'Default visitors', parent: null, kind: 'visitor' },
        { id: '1', name: 'Default staff', parent: null, kind: 'staff' },
      ],
      departments: [
        { id: 'department-1', name: 'Administration', parent: null, kind: null },
        { id: 'department-2', name: 'Engineering', parent: null, kind: null },
        { id: `department-${parent.id}`, name: 'Faculty', parent: null, kind: null },
        { id: `department-${child.id}`, name: 'Physics', parent: `department-${parent.id}`, kind: null },
      ],
      accessLevels: [],
      doors: [{ id: '37', name: 'Simulated gate · Lobby', parent: null, kind: null }],
    });
  });

  test('is read over pages', async () => {
    const { groups, catalogue } = connect();
    for (let n = 0; n < 120; n += 1) await groups.add({ name: `Group ${n}`, kind: 'staff' }, signal);
    expect((await catalogue(signal)).groups).toHaveLength(122);
  });
});

describe('groups (§6.4)', () => {
  test('are made and renamed; trap: a rename keeps the type, which an update would change', async () => {
    const { groups, catalogue } = connect();
    const made = await groups.add({ name: 'Contractors', kind: 'visitor' }, signal);
    expect(made).toMatchObject({ name: 'Contractors', kind: 'visitor' });
    await groups.rename(made.id, 'Guests of the works', signal);
    expect((await catalogue(signal)).groups).toContainEqual({ ...made, name: 'Guests of the works' });
  });

  test.each(['', ' ', 'x'.repeat(46)])('a name of %j is refused before anything is sent', async (name) => {
    const { groups } = connect();
    expect(await faultOf(groups.add({ name, kind: 'staff' }, signal))).toMatchObject({ field: 'name' });
    expect(await faultOf(groups.rename('1', name, signal))).toMatchObject({ field: 'name' });
    expect(paths()).toEqual([]);
  });

  test('one that is not there, and deleting any, which SenseLink has no call for', async () => {
    const { groups } = connect();
    expect(await faultOf(groups.rename('99', 'x', signal))).toMatchObject({ kind: 'validation', field: 'id' });
    expect(await faultOf(groups.rename('1/../2', 'x', signal))).toMatchObject({ kind: 'validation', field: 'id' });
    expect(await faultOf(groups.remove('1', signal))).toMatchObject({ kind: 'validation', code: 'not-offered' });
  });

  test('rights: granted, revoked, replaced for one person alone', async () => {
    const { groups, rights, enrol } = connect();
    await enrol(jobOf(ANNA_LIM, anna));
    await enrol(jobOf({ ...ANNA_LIM, code: 'TP9', name: { display: 'Bea' } }, bea));
    const lab1 = await groups.add({ name: 'Laboratory', kind: 'staff' }, signal);
    const gym = await groups.add({ name: 'Gym', kind: 'staff' }, signal);
    expect(await rights.grant('TP012345', 'staff', [lab1.id], signal)).toBe(true);
    expect(person()?.access).toEqual(['Default staff', 'Laboratory']);
    expect(await rights.revoke('TP012345', 'staff', ['1'], signal)).toBe(true);
    expect(person()?.access).toEqual(['Laboratory']);
    expect(await rights.replace('TP012345', 'staff', [gym.id, '1'], signal)).toBe(true);
    expect(person()?.access.toSorted()).toEqual(['Default staff', 'Gym']);
    expect(person('TP9')?.access).toEqual(['Default staff']);
    expect(await rights.grant('TP1', 'staff', ['1'], signal)).toBe(false);
    expect(await faultOf(rights.grant('TP012345', 'staff', ['99'], signal))).toMatchObject({ field: 'groupIds' });
    expect(await faultOf(rights.grant('TP012345', 'staff', ['x'], signal))).toMatchObject({ field: 'groupIds' });
  });

  test('trap: batches to groups hold at most 2,000 ids', async () => {
    const server = await tinyServer((_one, response) => sendJson(response, { code: 200, message: 'OK' }));
    closers.push(server.close);
    const ids = Array.from({ length: 4001 }, (_one, n) => n + 1);
    await client(server.url).addToGroup(1, ids, signal);
    await client(server.url).removeFromGroup(1, ids.slice(0, 2000), signal);
    const seen = await Promise.all(
      server.seen.map(async ({ headers, body }) => {
        const type = { 'content-type': String(headers['content-type']) };
        const form = await new Response(new Uint8Array(body), { headers: type }).formData();
        return form.getAll('userIds').map(String);
      }),
    );
    expect(seen.map((batch) => batch.length)).toEqual([2000, 2000, 1, 2000]);
    expect(seen.slice(0, 3).flat()).toEqual(ids.map(String));
    expect(server.seen.map(({ url }) => url.split('?')[0])).toEqual([
      '/api/v1/user/add/group',
      '/api/v1/user/add/group',
      '/api/v1/user/add/group',
      '/api/v1/user/remove/group',
    ]);
  });

  test('trap: a batch of 2,000 is taken by the lab in one request', async () => {
    await connect().enrol(jobOf(ANNA_LIM, anna));
    const id = Number(person()?.id);
    await client().addToGroup(1, new Array<number>(2000).fill(id), signal);
    expect(person()?.access).toEqual(['Default staff']);
  });
});

describe('departments (§6.7)', () => {
  test('list, by code, by id, add, update, delete; trap: under v2, whatever the examples print', async () => {
    const made = client();
    const added = await made.addDepartment('Faculty', 1, signal);
    expect(await made.departmentById(added.id, signal)).toMatchObject({ name: 'Faculty', parent_id: 1 });
    expect(await made.departmentByCode('002', signal)).toMatchObject({ id: 2, name: 'Engineering' });
    expect(await made.departmentByCode('404', signal)).toBeNull();
    await made.renameDepartment(added, 'School', signal);
    expect(await made.departmentById(added.id, signal)).toMatchObject({ name: 'School', parent_id: 1 });
    await made.removeDepartment(added.id, signal);
    expect(await faultOf(made.departmentById(added.id, signal))).toMatchObject({ code: '620', field: 'department' });
    expect(paths().every((path) => path.startsWith('/api/v2/department'))).toBe(true);
  });

  test('renamed and deleted under their catalogue ids; code and place stay', async () => {
    const { groups } = connect();
    await groups.rename('department-2', 'Works', signal);
    expect(await client().departmentByCode('002', signal)).toMatchObject({ id: 2, name: 'Works', parent_id: 0 });
    await groups.rename('department-2', 'Engineering', signal);
    const { id } = await client().addDepartment('Faculty', 0, signal);
    await client().addDepartment('Physics', id, signal);
    expect(await faultOf(groups.remove(`department-${id}`, signal))).toMatchObject({ kind: 'validation', code: '650' });
    expect(await faultOf(groups.rename(`department-${id}`, 'Works'.repeat(11), signal))).toMatchObject({
      field: 'name',
    });
    expect(await faultOf(groups.rename(`department-${id}`, 'Engineering', signal))).toMatchObject({ code: '610' });
  });

  test.each([
    ['its name', 'Engineering', '2'],
    ['its code', '001', '1'],
  ])('a person’s department is found by %s, on adding and on updating', async (_how, department, id) => {
    const { enrol } = connect();
    await enrol(jobOf({ ...ANNA_LIM, department }, anna));
    expect(person()?.details.departmentId).toBe(id);
    await enrol(jobOf({ ...ANNA_LIM, department: 'Administration' }, anna));
    expect(person()?.details.departmentId).toBe('1');
    await enrol(jobOf(ANNA_LIM, anna));
    expect(person()?.details.departmentId).toBe('1');
  });

  test('one that is not there is a warning, not a failure; one of two of a name as well', async () => {
    const made = client();
    await made.addDepartment('Physics', 1, signal);
    await made.addDepartment('Physics', 2, signal);
    const { enrol } = connect();
    const unknown = await enrol(jobOf({ ...ANNA_LIM, department: 'Alchemy' }, anna));
    expect(unknown).toMatchObject({ state: 'delivered', warnings: [expect.stringMatching(/no such department/)] });
    const twice = await enrol(jobOf({ ...ANNA_LIM, department: 'Physics' }, anna));
    expect(twice).toMatchObject({ state: 'delivered', warnings: [expect.stringMatching(/several departments/)] });
    expect(JSON.stringify([unknown, twice])).not.toMatch(/Alchemy|Physics/);
    expect(person()?.details.departmentId).toBe('0');
  });

  test('one is made where the site wants it, once', async () => {
    const { enrol } = connect({ createDepartments: true });
    expect(await enrol(jobOf({ ...ANNA_LIM, department: 'Alchemy' }, anna))).toMatchObject({ warnings: [] });
    await enrol(jobOf({ ...ANNA_LIM, code: 'TP9', department: 'Alchemy' }, bea));
    expect(paths().filter((path) => path === '/api/v2/department')).toHaveLength(3);
    expect(person()?.details.departmentId).toBe(person('TP9')?.details.departmentId);
  });

  test('a list that tells no codes, as its sample, is asked by code', async () => {
    const body = {
      code: 200,
      message: 'OK',
      data: { id: 0, name: 'x', children: [{ id: 2, name: 'Works', children: [{}] }] },
    };
    await lab.order({ platform: 'senselink', mode: 'wrong-answer', path: '/api/v2/department', times: 1, body });
    await connect().enrol(jobOf({ ...ANNA_LIM, department: '002' }, anna));
    expect(person()?.details.departmentId).toBe('2');
  });
});

describe('traps', () => {
  test('trap: 30002 is a question with the name, never the picture or its address, and nothing is forced', async () => {
    const { enrol } = connect();
    await enrol(jobOf(ANNA_LIM, anna));
    const outcome = await enrol(jobOf({ ...ANNA_LIM, code: 'TP9' }, anna));
    const known = person();
    expect(outcome).toEqual({
      state: 'asking',
      question: {
        kind: 'similar',
        candidate: { personId: known?.id, name: 'Anna Lim', code: 'TP012345' },
        canForce: true,
      },
    });
    expect(JSON.stringify(outcome)).not.toContain(known?.details.avatar);
    expect(person('TP9')).toBeUndefined();
  });

  test('trap: 30002 on a guest names a guest by our code', async () => {
    const { enrol } = connect();
    await enrol(jobOf(ANNA_LIM, anna));
    await enrol(jobOf(GUEST, bea));
    const outcome = await enrol(jobOf({ ...ANNA_LIM, code: 'TP9' }, bea));
    expect(outcome).toMatchObject({ question: { candidate: { name: 'Bea Tan', code: 'V-77' } } });
  });

  test('trap: can_force 0 is told, and force is not tried', async () => {
    const data = { similar_user_id: 1, similar_user_name: 'X', similar_user_avatar: 'f'.repeat(24), can_force: 0 };
    const body = { code: 30002, message: 'Similar User Exist', data, desc: 'ex.similar-user' };
    const { enrol } = connect();
    const asked = jobOf(ANNA_LIM, anna);
    const outcome = await enrol({
      ...asked,
      async step(name, run) {
        if (name === 'user')
          await lab.order({ platform: 'senselink', mode: 'wrong-answer', path: '/api/v1/user', body, times: 1 });
        return asked.step(name, run);
      },
    });
    expect(outcome).toMatchObject({ state: 'asking', question: { canForce: false } });
  });

  test('trap: groupList comes for one hit only: of several the groups are fetched, and an update keeps them', async () => {
    const { enrol, groups, rights } = connect({ groupIds: undefined });
    await enrol(jobOf(ANNA_LIM, anna));
    const { id } = await groups.add({ name: 'Laboratory', kind: 'staff' }, signal);
    await rights.grant('TP012345', 'staff', [id], signal);
    // A second person whom the search finds too, as one by parts would.
    await enrol(jobOf({ ...ANNA_LIM, code: 'TP9' }, bea));
    await lab.order({
      platform: 'senselink',
      mode: 'wrong-answer',
      path: '/user/list',
      times: 1,
      body: {
        code: 200,
        message: 'OK',
        data: [
          { id: Number(person()?.id), type: 1, job_number: 'TP012345' },
          { id: Number(person('TP9')?.id), type: 1, job_number: 'TP9' },
        ],
      },
    });
    await enrol(jobOf(ANNA_LIM, anna));
    expect(person()?.access).toEqual(['Default staff', 'Laboratory']);
  });

  test('trap: idNumber comes back encrypted and is never handed back as a number', async () => {
    const { enrol } = connect();
    await enrol(jobOf({ ...ANNA_LIM, idNumber: 'S1234567' }, anna));
    await enrol(jobOf({ ...ANNA_LIM, idNumber: 'S1234567' }, anna));
    expect(person()?.details.idNumber).toBe('S1234567');
    await enrol(jobOf(ANNA_LIM, anna));
    expect(person()?.details.idNumber).toBe('');
  });

  test('trap: an update that leaves groups out would empty them: it never does', async () => {
    const { enrol, rights } = connect({ groupIds: undefined });
    await enrol(jobOf(ANNA_LIM, anna));
    await rights.revoke('TP012345', 'staff', ['1'], signal);
    expect(person()?.access).toEqual([]);
    await enrol(jobOf(ANNA_LIM, anna));
    expect(person()?.access).toEqual(['Default staff']);
  });

  test('trap: gender 1 is female here, 2 male', async () => {
    const { enrol } = connect();
    await enrol(jobOf(ANNA_LIM, anna));
    await enrol(jobOf({ ...ANNA_LIM, code: 'TP9', gender: 'male' }, bea));
    expect([person()?.details.gender, person('TP9')?.details.gender]).toEqual(['1', '2']);
  });
});

describe('guests (§6.3.4–6.3.6)', () => {
  test('times without offset in the site’s wall clock, host by code and by name, groups kept, listed, removed', async () => {
    const { enrol, groups, rights, remove, verify } = connect();
    await enrol(jobOf(ANNA_LIM, anna));
    await enrol(jobOf(GUEST, bea));
    const guest = () => lab.people().senselink?.find(({ kind }) => kind === 'visitor');
    expect(guest()?.details).toMatchObject({
      dateTimeFrom: '2026-01-05 09:00:00',
      dateTimeTo: '2036-01-05 18:00:00',
      receptionUserId: person()?.id,
    });
    const { id } = await groups.add({ name: 'Tour', kind: 'visitor' }, signal);
    expect(await rights.grant('V-77', 'visitor', [id], signal)).toBe(true);
    const visit = { ...GUEST.visit, host: 'Anna Lim', to: '2036-01-06T18:00:00+08:00' };
    expect(await enrol(jobOf({ ...GUEST, visit }, bea))).toMatchObject({ created: false });
    expect(guest()).toMatchObject({ access: ['Default visitors', 'Tour'], details: { receptionUserId: person()?.id } });
    expect(guest()?.details.dateTimeTo).toBe('2036-01-06 18:00:00');
    expect(await verify('V-77', 'visitor', signal)).toMatchObject({ person: true, photo: true });
    expect(await remove('V-77', 'visitor', signal)).toBe(true);
    expect(guest()).toBeUndefined();
  });
});

describe('records (§6.5.1)', () => {
  const T = 1_700_000_000_000;
  const all = async (range: { from: number; to: number; code?: string }) => {
    const found: RecognitionRecord[] = [];
    for await (const record of connect().records(range, signal)) found.push(record);
    return found;
  };

  test('oldest first over pages, staff, guests and strangers in the house’s words', async () => {
    const { enrol } = connect();
    await enrol(jobOf(ANNA_LIM, anna));
    await enrol(jobOf(GUEST, bea));
    for (let n = 0; n < 210; n += 1) {
      const key = [{ key: 'TP012345' }, { key: '60199999999', method: 'code' as const }, {}][n % 3];
      lab.recognise({ platform: 'senselink', at: T + n * 1000, ...key });
    }
    const found = await all({ from: T + 1, to: T + 208_000 });
    expect(found.map(({ at }) => at)).toEqual(Array.from({ length: 208 }, (_one, n) => T + (n + 1) * 1000));
    expect(found.slice(0, 3)).toEqual([
      {
        id: '2',
        at: T + 1000,
        code: 'V-77',
        personId: expect.any(String),
        kind: 'visitor',
        place: 'Simulated gate',
        method: 'code',
        similarity: null,
        passed: null,
      },
      {
        id: '3',
        at: T + 2000,
        code: null,
        personId: null,
        kind: 'stranger',
        place: expect.stringMatching(/^SKP-/),
        method: 'face',
        similarity: null,
        passed: null,
      },
      {
        id: '4',
        at: T + 3000,
        code: 'TP012345',
        personId: person()?.id,
        kind: 'staff',
        place: 'Simulated gate',
        method: 'face',
        similarity: null,
        passed: null,
      },
    ]);
    expect((await all({ from: T, to: T + 999_000, code: 'V-77' })).every(({ kind }) => kind === 'visitor')).toBe(true);
    expect(await all({ from: T, to: T + 999_000, code: 'TP012345' })).toHaveLength(70);
    expect(await all({ from: T, to: T + 999_000, code: 'TP0' })).toEqual([]);
    expect(await all({ from: T + 1_000_000, to: T + 2_000_000 })).toEqual([]);
  });
});

describe('the push of records (§6.5.2) on its own port', () => {
  const pushes = () => lab.log('senselink').filter(({ method }) => method === 'WS');
  const start = (connector: ReturnType<typeof connect>) => {
    const told: RecognitionRecord[] = [];
    const stop = new AbortController();
    const done = connector.watch((record) => told.push(record), stop.signal);
    return { told, stop, done };
  };

  test('tells who passes, by our codes though the push tells theirs, each looked up once', async () => {
    const connector = connect();
    await connector.enrol(jobOf(ANNA_LIM, anna));
    await connector.enrol(jobOf(GUEST, bea));
    const { told, stop, done } = start(connector);
    await until(() => pushes().length === 1, 'connected');
    lab.platforms.get('senselink')?.platform.log.clear();
    for (const key of ['TP012345', '60199999999', undefined, 'TP012345'])
      lab.recognise({ platform: 'senselink', ...(key === undefined ? {} : { key }) });
    await until(() => told.length === 4, 'all told');
    expect(told).toMatchObject([
      { code: 'TP012345', kind: 'staff', method: 'face', similarity: 0.93 },
      { code: 'V-77', kind: 'visitor' },
      { code: null, personId: null, kind: 'stranger' },
      { code: 'TP012345' },
    ]);
    expect(paths()).toEqual(['/api/v1/user/list', '/api/v1/user/list']);
    stop.abort();
    await done;
  });

  test('comes back after an interruption and tells who passed meanwhile', async () => {
    const clock = handClock();
    const { told, stop, done } = start(connect({}, clock));
    await until(() => pushes().length === 1, 'connected');
    await lab.order({ platform: 'senselink', mode: 'off' });
    await until(() => clock.sleeping() === 1, 'waiting');
    lab.recognise({ platform: 'senselink', at: clock.now() });
    await lab.clearFaults();
    await clock.pass(1_000);
    await until(() => pushes().length === 2, 'connected again');
    // Heart beat, silence, and the wait before it asks what it missed.
    await until(() => clock.sleeping() === 3, 'about to ask');
    await clock.pass(3_000);
    await until(() => told.length === 1, 'told');
    stop.abort();
    await done;
  });

  test('a heart beat is answered by another, which is no record; the log carries neither key nor signature', async () => {
    const clock = handClock();
    const { told, stop, done } = start(connect({}, clock));
    await until(() => pushes().length === 1, 'connected');
    await clock.pass(60_000, 5_000);
    expect(pushes()).toMatchObject([{ path: '/websocket/record', status: 101 }]);
    expect(told).toEqual([]);
    stop.abort();
    await done;
  });

  test('a clock that is out: signed once more in SenseLink’s time, once that is known', async () => {
    await lab.order({ platform: 'senselink', mode: 'clock', ms: 7_200_000 });
    const connector = connect();
    await connector.test(signal);
    const { told, stop, done } = start(connector);
    await until(() => pushes().length === 1, 'connected');
    lab.recognise({ platform: 'senselink' });
    await until(() => told.length === 1, 'told');
    stop.abort();
    await done;
  });

  test('a wrong secret is auth', async () => {
    const fault = await faultOf(connect({ appSecret: 'another' }).watch(() => {}, signal));
    expect(fault).toMatchObject({ kind: 'auth' });
  });
});
