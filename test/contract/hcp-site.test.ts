import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startLab } from '#lab/index';
import type { Connector, Photo } from '#platforms/contract';
import { hcp } from '#platforms/hcp/index';
import type { Rights } from '#platforms/site-contract';
import { ANNA_LIM, deps, faultOf, jobOf, photoOf } from '../fixtures/connecting.ts';
import { sendJson, tinyServer } from '../fixtures/tiny-server.ts';

/** What a site configures and asks of HikCentral beyond the person: organisations, privilege groups, periods, proof. */

let lab: Awaited<ReturnType<typeof startLab>>;
let anna: Photo;
const open: Connector[] = [];
const closers: (() => void)[] = [];
const signal = new AbortController().signal;

function connect(more: Record<string, unknown> = {}): Connector & { rights: Rights } {
  const connector = hcp.create(hcp.config.parse({ ...lab.config.platforms.hcp, ...more }), deps());
  open.push(connector);
  const { rights } = connector;
  if (rights === undefined) throw new Error('HikCentral has rights');
  return { ...connector, rights };
}
const person = () => lab.people().hcp?.[0];
const paths = () => lab.log('hcp').map(({ path }) => path.replace('/artemis/api/', ''));

beforeAll(async () => {
  lab = await startLab();
  anna = await photoOf('anna', hcp.rendition);
});
afterAll(() => lab.close());
beforeEach(() => lab.reset());
afterEach(async () => {
  for (const connector of open.splice(0)) await connector.close();
  for (const close of closers.splice(0)) close();
});

test('the catalogue: organisations as departments with their tree, privilege groups as access levels', async () => {
  expect(hcp.capabilities).toContain('catalogue');
  expect(await connect().catalogue?.(signal)).toEqual({
    groups: [],
    departments: [
      { id: '1', name: 'All Departments', parent: null, kind: null },
      { id: '2', name: 'Members', parent: '1', kind: null },
      { id: '3', name: 'Visitors', parent: '1', kind: null },
    ],
    accessLevels: [
      { id: '1', name: 'Main entrance', parent: null, kind: null },
      { id: '2', name: 'Laboratories', parent: null, kind: null },
    ],
    doors: [],
  });
});

test('long lists are read over pages of 500', async () => {
  const asked: number[] = [];
  const server = await tinyServer(({ url, body }, response) => {
    const { pageNo = 0, pageSize = 0 } = JSON.parse(body.toString()) as { pageNo?: number; pageSize?: number };
    if (!url.endsWith('orgList'))
      return sendJson(response, { code: '0', msg: 'Success', data: { total: 0, list: [] } });
    asked.push(pageNo);
    const size = pageNo < 3 ? pageSize : 7;
    const list = Array.from({ length: size }, (_one, n) => ({ orgIndexCode: pageNo * 1000 + n, orgName: null }));
    sendJson(response, { code: '0', msg: 'Success', data: { total: 1007, pageNo, pageSize, list } });
  });
  closers.push(server.close);
  const found = await connect({ baseUrl: `${server.url}/artemis` }).catalogue?.(signal);
  expect(found?.departments).toHaveLength(1007);
  expect(found?.departments[0]).toEqual({ id: '1000', name: '1000', parent: null, kind: null });
  expect(asked).toEqual([1, 2, 3]);
});

describe('rights: privilege groups of one person', () => {
  test('granted, revoked, replaced; the doors are told each time; nobody else is touched', async () => {
    const { enrol, rights } = connect({ privilegeGroupId: undefined });
    await enrol(jobOf({ ...ANNA_LIM, code: 'TP9' }, anna));
    await enrol(jobOf(ANNA_LIM, anna));
    const access = () => lab.people().hcp?.find(({ key }) => key === 'TP012345');
    const grant = (ids: string[]) => rights.grant('TP012345', 'staff', ids, signal);
    expect(await grant(['1', '2'])).toBe(true);
    expect(access()).toMatchObject({ access: ['Main entrance', 'Laboratories'], details: { applied: 'yes' } });
    expect(await rights.revoke('TP012345', 'staff', ['1'], signal)).toBe(true);
    expect(access()).toMatchObject({ access: ['Laboratories'], details: { applied: 'yes' } });
    expect(await rights.replace('TP012345', 'staff', ['1'], signal)).toBe(true);
    expect(access()).toMatchObject({ access: ['Main entrance'], details: { applied: 'yes' } });
    expect(lab.people().hcp?.find(({ key }) => key === 'TP9')?.access).toEqual([]);
  });

  test('of nobody are false; of a group that is not there a fault that names the field', async () => {
    const { enrol, rights } = connect({ privilegeGroupId: undefined });
    expect(await rights.grant('TP012345', 'staff', ['1'], signal)).toBe(false);
    await enrol(jobOf(ANNA_LIM, anna));
    const fault = await faultOf(rights.grant('TP012345', 'staff', ['77'], signal));
    expect(fault).toMatchObject({ kind: 'validation', code: '128', field: 'privilegeGroupId' });
  });

  test('trap: 3651 after the group was changed is no failure', async () => {
    const { enrol, rights } = connect({ privilegeGroupId: undefined });
    await enrol(jobOf(ANNA_LIM, anna));
    const body = { code: '1', msg: 'Unknow Error(0, 3651)', data: '' };
    await lab.order({ platform: 'hcp', mode: 'wrong-answer', path: 'reapplication', body });
    expect(await rights.grant('TP012345', 'staff', ['1'], signal)).toBe(true);
    const outcome = await connect().enrol(jobOf(ANNA_LIM, anna));
    expect(outcome).toMatchObject({ state: 'delivered', warnings: [expect.stringContaining('3651')] });
  });
});

describe('verify', () => {
  test('trap: membership tells no door, absence from it does: null for a member, none for anybody else', async () => {
    const connector = connect();
    await connector.enrol(jobOf(ANNA_LIM, anna));
    expect(await connector.verify('TP012345', 'staff', signal)).toMatchObject({ photo: true, access: null });
    await connector.rights.revoke('TP012345', 'staff', ['1'], signal);
    expect(await connector.verify('TP012345', 'staff', signal)).toMatchObject({ photo: true, access: 'none' });
    const without = connect({ privilegeGroupId: undefined });
    expect(await without.verify('TP012345', 'staff', signal)).toMatchObject({ access: null });
  });

  test.each([
    ['8', 'another product version'],
    ['69', 'a key that may not'],
  ])('members that cannot be listed (%s, %s) leave access open', async (code) => {
    const connector = connect();
    await connector.enrol(jobOf(ANNA_LIM, anna));
    await lab.order({ platform: 'hcp', mode: 'wrong-answer', path: 'personList', body: { code, msg: '', data: '' } });
    expect(await connector.verify('TP012345', 'staff', signal)).toMatchObject({ photo: true, access: null });
  });

  test.each<[string, unknown, boolean]>([
    ['JSON-wrapped', { code: '0', msg: 'Success', data: 'data:image/jpeg;base64,/9j/4AAQ' }, true],
    ['JSON-wrapped without a prefix', { code: '0', msg: 'Success', data: '/9j/4AAQ' }, true],
    ['a wrapped nothing', { code: '0', msg: 'Success', data: '' }, false],
    ['a refusal', { code: '128', msg: 'The request resource does not exist', data: '' }, false],
  ])('trap: the picture’s proof comes %s as well as bare', async (_how, body, photo) => {
    const connector = connect();
    await connector.enrol(jobOf(ANNA_LIM, anna));
    await lab.order({ platform: 'hcp', mode: 'wrong-answer', path: 'picture_data', body: body as never });
    expect(await connector.verify('TP012345', 'staff', signal)).toMatchObject({ person: true, photo });
  });

  test('trap: a photo in single/update would be accepted and ignored: no update ever carries one', async () => {
    const connector = connect();
    await connector.enrol(jobOf(ANNA_LIM, anna));
    const bea = await photoOf('bea', hcp.rendition);
    await connector.enrol(jobOf(ANNA_LIM, bea));
    expect(person()?.photo?.equals(Buffer.from(bea.bytes))).toBe(true);
    expect(paths()).toContain('resource/v1/person/face/update');
  });
});

describe('validity: the site’s rule', () => {
  const day = 86_400_000;
  const end = () => Date.parse(person()?.details.endTime ?? '');

  test('graceDays are added to the end a person brings, each time the same', async () => {
    const connector = connect({ validity: { graceDays: 7 } });
    const leaving = { ...ANNA_LIM, validTo: '2030-06-30T23:59:59+08:00' };
    for (let n = 0; n < 2; n += 1) {
      await connector.enrol(jobOf(leaving, anna));
      expect(person()?.details.endTime).toBe('2030-07-07T23:59:59+08:00');
    }
  });

  test('a visit ends when it ends', async () => {
    const visit = { from: '2030-06-30T09:00:00+08:00', to: '2030-06-30T18:00:00+08:00' };
    await connect({ validity: { graceDays: 7 } }).enrol(jobOf({ ...ANNA_LIM, kind: 'visitor', visit }, anna));
    expect(end()).toBe(Date.parse(visit.to));
  });

  test('days are the period of staff who bring no end; what HikCentral has stays', async () => {
    await connect({ validity: { days: 30 } }).enrol(jobOf(ANNA_LIM, anna));
    const first = end();
    expect(first - Date.now()).toBeGreaterThan(29 * day);
    expect(first - Date.now()).toBeLessThan(32 * day);
    await connect({ validity: { days: 90 } }).enrol(jobOf(ANNA_LIM, anna));
    expect(end()).toBe(first);
  });

  test('grace does not push an end beyond what doors can write', async () => {
    await connect({ validity: { graceDays: 3650 } }).enrol(
      jobOf({ ...ANNA_LIM, validTo: '2035-01-01T00:00:00Z' }, anna),
    );
    expect(end()).toBe(Date.UTC(2037, 11, 31));
  });

  test.each([
    { validity: { graceDays: -1 } },
    { validity: { days: 0 } },
    { validity: { day: 3 } },
    { photoVersionIn: 'name' },
  ])('config: %j is refused', (more) => {
    expect(hcp.config.safeParse({ ...lab.config.platforms.hcp, ...more }).success).toBe(false);
  });
});

describe('photoVersionIn', () => {
  test('none: the remark is the person’s alone, and the picture goes every time', async () => {
    const connector = connect({ photoVersionIn: 'none' });
    await connector.enrol(jobOf({ ...ANNA_LIM, remark: 'night shift' }, anna));
    expect(person()?.details.remark).toBe('night shift');
    const again = jobOf(ANNA_LIM, anna);
    await connector.enrol(again);
    expect(again.steps).toContain('face/update');
    expect(again.steps).not.toContain('single/update');
    expect(person()?.details.remark).toBe('night shift');
  });

  test('none takes a version away that an earlier setting left, and keeps the person’s own part', async () => {
    await connect().enrol(jobOf({ ...ANNA_LIM, remark: 'night shift' }, anna));
    expect(person()?.details.remark).toMatch(/^photo:.* \| night shift$/);
    await connect({ photoVersionIn: 'none' }).enrol(jobOf(ANNA_LIM, anna));
    expect(person()?.details.remark).toBe('night shift');
  });

  test('a remark longer than HikCentral keeps is cut, and said', async () => {
    const job = jobOf({ ...ANNA_LIM, remark: 'x'.repeat(200) }, anna);
    const outcome = await connect({ photoVersionIn: 'none' }).enrol(job);
    expect(outcome).toMatchObject({ warnings: [expect.stringContaining('cut')] });
    expect(person()?.details.remark).toHaveLength(128);
  });
});

test('the circuit is seen without a request, and a test on purpose closes it', async () => {
  const connector = connect();
  await lab.order({ platform: 'hcp', mode: 'status', status: 503 });
  for (let n = 0; n < 5; n += 1) expect((await faultOf(connector.verify('X', 'staff', signal))).kind).toBe('server');
  expect(connector.circuit?.()).toBe('open');
  expect(await faultOf(connector.verify('X', 'staff', signal))).toMatchObject({ code: 'circuit-open' });
  await lab.clearFaults();
  await connector.test(signal);
  expect(connector.circuit?.()).toBe('closed');
  expect(await connector.verify('X', 'staff', signal)).toMatchObject({ person: false });
});

test('the doors: pending or failed where HikCentral says so of this very person, and silence proves nothing', async () => {
  const said = { list: [] as Record<string, unknown>[] };
  const asked: unknown[] = [];
  const server = await tinyServer(({ url, body }, response) => {
    if (url.endsWith('personInfo'))
      return sendJson(response, { code: '0', data: { personId: '7', personCode: 'A1', personPhoto: { picUri: '' } } });
    if (url.endsWith('personList')) return sendJson(response, { code: '0', data: { total: 1, list: [{ id: '7' }] } });
    asked.push(JSON.parse(body.toString()));
    return sendJson(response, { code: '0', data: { total: said.list.length, list: said.list } });
  });
  closers.push(server.close);
  const { verify } = connect({ baseUrl: `${server.url}/artemis` });
  const access = async (list: Record<string, unknown>[]) => {
    said.list = list;
    return (await verify('A1', 'staff', signal)).access;
  };
  expect(await access([])).toBeNull();
  expect(asked).toEqual([{ applicationResultType: 2, type: 1, pageNo: 1, pageSize: 500 }]);
  expect(await access([{ personId: '8', errorCode: '1' }])).toBeNull();
  expect(await access([{ personId: 7, errorCode: 0 }])).toBe('pending');
  expect(await access([{ id: '7' }, { personCode: 'A1', errorCode: '12' }])).toBe('failed');
});
