import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../../src/lab/index.ts';
import { blank, png, portrait } from './core-helpers.ts';

const key = '35uifanj8i30kdng';
const secret = '2323dsfadfewrasa3434';

let lab: Lab;
let photo: Buffer;
beforeAll(async () => {
  lab = await startLab();
  photo = await portrait();
});
afterEach(() => lab.reset());
afterAll(() => lab.close());

type Envelope = { code: number; message: string; desc?: string; data?: Record<string, unknown> & unknown[] };
type Value = string | string[] | Blob | undefined;

function credentials(changes: Record<string, Value> = {}): Record<string, Value> {
  const timestamp = String(changes.timestamp ?? Date.now());
  const sign = createHash('md5').update(`${timestamp}#${secret}`).digest('hex');
  return { app_key: key, timestamp, sign, ...changes };
}

const jpeg = (bytes: Buffer, type = 'image/jpeg') => new Blob([new Uint8Array(bytes)], { type });
const url = (path: string) => `${lab.platforms.get('senselink')?.url}${path}`;

async function get(path: string, query: Record<string, string> = {}, changes?: Record<string, Value>) {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, ...credentials(changes) }))
    if (value !== undefined) all.append(name, String(value));
  return (await (await fetch(`${url(path)}?${all}`)).json()) as Envelope;
}

async function post(path: string, fields: Record<string, Value>, changes?: Record<string, Value>) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...credentials(changes), ...fields })) {
    if (value === undefined) continue;
    if (value instanceof Blob) form.append(name, value, 'face.jpg');
    else for (const one of [value].flat()) form.append(name, one);
  }
  return (await (await fetch(url(path), { method: 'POST', body: form })).json()) as Envelope;
}

const staff = (more: Record<string, Value> = {}) => ({
  name: 'Anna Lim',
  jobNumber: 'TP012345',
  icNumber: '',
  mobile: '',
  remark: '',
  groups: '1',
  avatarFile: jpeg(photo),
  ...more,
});
const visitor = (more: Record<string, Value> = {}) => ({
  name: 'Bo Tan',
  mobile: '60123456789',
  remark: '',
  idNumber: '',
  groups: '2',
  receptionUserId: '0',
  dateTimeFrom: '2026-07-20 12:30:45',
  dateTimeTo: '2026-07-20 18:30:45',
  avatarFile: jpeg(photo),
  ...more,
});
const add = (more?: Record<string, Value>) => post('/api/v1/user', staff(more));
const everybody = () => lab.people().senselink ?? [];

describe('signature (chapter 4)', () => {
  it('takes the document’s vector at the time of its timestamp', async () => {
    const sign = 'e5ef72ef839bdf5397b4906b199b9fbf';
    expect(createHash('md5').update(`1477881215000#${secret}`).digest('hex')).toBe(sign);
    const then = await startLab({ now: () => 1_477_881_215_000 + 60_000 });
    const base = then.platforms.get('senselink')?.url;
    const answer = await fetch(`${base}/api/v1/company?app_key=${key}&timestamp=1477881215000&sign=${sign}`);
    expect(((await answer.json()) as Envelope).code).toBe(200);
    await then.close();
  });

  it.each<[string, Record<string, Value>, number]>([
    ['an unknown key', { app_key: 'other' }, 10001],
    ['a wrong signature', { sign: '0'.repeat(32) }, 10005],
    ['a time 31 minutes ago', { timestamp: String(Date.now() - 1_860_000) }, 10003],
    ['a time 31 minutes ahead', { timestamp: String(Date.now() + 1_860_000) }, 10003],
    ['no key', { app_key: undefined }, 30004],
    ['no signature', { sign: undefined }, 30004],
    ['an empty signature', { sign: '' }, 30004],
  ])('refuses %s, in a form and in the URL', async (_what, changes, code) => {
    expect((await post('/api/v1/user', staff(), changes)).code).toBe(code);
    expect((await get('/api/v1/user/list', {}, changes)).code).toBe(code);
    expect(everybody()).toEqual([]);
  });

  it('may be 29 minutes off', async () => {
    expect((await get('/api/v1/company', {}, { timestamp: String(Date.now() - 1_740_000) })).code).toBe(200);
  });

  it('takes the three parameters in the URL of a form too', async () => {
    const form = new FormData();
    for (const [name, value] of Object.entries(staff()))
      value instanceof Blob ? form.append(name, value, 'a.jpg') : form.append(name, String(value));
    const query = new URLSearchParams(credentials() as Record<string, string>);
    const answer = await fetch(`${url('/api/v1/user')}?${query}`, { method: 'POST', body: form });
    expect(((await answer.json()) as Envelope).code).toBe(200);
  });
});

describe('staff (6.3.1–6.3.3)', () => {
  it('adds a person with photo and group', async () => {
    const { code, data } = await add({ idNumber: 'S1234567', gender: '1', departmentId: '1' });
    expect(code).toBe(200);
    expect(data).toMatchObject({
      name: 'Anna Lim',
      job_number: 'TP012345',
      type: 1,
      gender: 1,
      department_id: 1,
      avatar: expect.stringMatching(/^[0-9a-f]{24}$/),
      groupList: [{ id: 1, name: 'Default staff', type: 1 }],
    });
    expect(JSON.stringify(data)).not.toContain('S1234567');
    expect(data?.id_number).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(everybody()).toMatchObject([
      { key: 'TP012345', id: String(data?.id), kind: 'staff', access: ['Default staff'] },
    ]);
    expect(everybody()[0]?.photo?.equals(photo)).toBe(true);
  });

  it.each(['name', 'jobNumber', 'icNumber', 'mobile', 'remark'])('needs %s', async (field) => {
    expect(await add({ [field]: undefined })).toMatchObject({ code: 30004, desc: field });
  });

  it.each([
    ['name', 45],
    ['jobNumber', 45],
    ['icNumber', 45],
    ['mobile', 20],
    ['remark', 255],
    ['mail', 45],
    ['position', 45],
    ['idNumber', 45],
  ])('takes a %s of %i characters and no longer', async (field, length) => {
    expect((await add({ [field]: 'x'.repeat(length + 1) })).code).toBe(30001);
    expect((await add({ [field]: 'x'.repeat(length) })).code).toBe(200);
  });

  it.each<[string, Record<string, Value>, number]>([
    ['an unknown group', { groups: '99' }, 620],
    ['a group of visitors', { groups: '2' }, 30001],
    ['groups as JSON', { groups: '[1]' }, 30001],
    ['an unknown department', { departmentId: '99' }, 620],
    ['a gender out of range', { gender: '0' }, 30001],
    ['an empty name', { name: '' }, 30001],
  ])('refuses %s', async (_what, more, code) => {
    expect((await add(more)).code).toBe(code);
    expect(everybody()).toEqual([]);
  });

  it('takes whole JPEGs declared as image/jpeg', async () => {
    const bad = [
      jpeg(await png()),
      jpeg(photo.subarray(0, photo.length / 2)),
      jpeg(photo, 'application/octet-stream'),
      jpeg(Buffer.from('%PDF-1.7')),
      'a path',
    ];
    for (const avatarFile of bad) expect((await add({ avatarFile })).code).toBe(30005);
    expect((await add({ avatarFile: jpeg(await blank()) })).code).toBe(30003);
    expect((await add({ avatarFile: undefined })).code).toBe(200);
    expect(everybody()[0]?.photo).toBeNull();
  });

  it('asks about a similar face, and adds it when forced', async () => {
    const first = await add();
    const again = jpeg(await sharp(photo).resize(600).jpeg({ quality: 60 }).toBuffer());
    const question = await add({ jobNumber: 'TP2', avatarFile: again });
    expect(question).toEqual({
      code: 30002,
      message: 'Similar User Exist',
      desc: 'ex.similar-user',
      data: {
        similar_user_id: first.data?.id,
        similar_user_name: 'Anna Lim',
        similar_user_avatar: first.data?.avatar,
        can_force: 1,
      },
    });
    expect(everybody()).toHaveLength(1);
    expect((await add({ jobNumber: 'TP2', avatarFile: again, force: '1' })).code).toBe(200);
    expect((await add({ jobNumber: 'TP3', avatarFile: jpeg(await portrait(3)) })).code).toBe(200);
  });

  it('does not find a person similar to itself, and empties groups that are left out', async () => {
    const id = (await add()).data?.id;
    const update = staff({ idNumber: '', remark: 'v2', groups: undefined });
    const { code, data } = await post(`/api/v1/user/update/${id}`, update);
    expect(code).toBe(200);
    expect(data).toMatchObject({ remark: 'v2', groupList: [] });
    expect(everybody()).toMatchObject([{ access: [] }]);
  });

  it('needs idNumber to update, and keeps the photo when none is sent', async () => {
    const id = (await add()).data?.id;
    expect(await post(`/api/v1/user/update/${id}`, staff())).toMatchObject({ code: 30004, desc: 'idNumber' });
    const { avatarFile: _none, ...rest } = staff({ idNumber: '' });
    expect((await post(`/api/v1/user/update/${id}`, rest)).code).toBe(200);
    expect(everybody()[0]?.photo?.equals(photo)).toBe(true);
  });

  it('asks about similar faces on updating too', async () => {
    await add();
    const other = (await add({ jobNumber: 'TP2', avatarFile: jpeg(await portrait(3)) })).data?.id;
    expect((await post(`/api/v1/user/update/${other}`, staff({ jobNumber: 'TP2', idNumber: '' }))).code).toBe(30002);
  });

  it('deletes by GET, and knows who is not there', async () => {
    const id = (await add()).data?.id;
    expect((await post(`/api/v1/user/delete/${id}`, {})).code).toBe(50004);
    expect((await get(`/api/v1/guest/delete/${id}`)).code).toBe(620);
    expect(await get(`/api/v1/user/delete/${id}`)).toEqual({ code: 200, message: 'OK' });
    expect((await get(`/api/v1/user/delete/${id}`)).code).toBe(620);
    expect((await post(`/api/v1/user/update/${id}`, staff({ idNumber: '' }))).code).toBe(620);
  });

  it('does not mind a job number twice: the document does not call it unique', async () => {
    await add();
    expect((await add({ avatarFile: jpeg(await portrait(3)) })).code).toBe(200);
  });

  it('takes forms only', async () => {
    const query = new URLSearchParams(credentials() as Record<string, string>);
    const init = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
    const answer = await fetch(`${url('/api/v1/user')}?${query}`, init);
    expect(((await answer.json()) as Envelope).code).toBe(30001);
  });
});

describe('guests (6.3.4–6.3.6)', () => {
  const invite = (more?: Record<string, Value>) => post('/api/v1/guest', visitor(more));

  it('adds a guest for a visit', async () => {
    const host = (await add({ avatarFile: undefined })).data?.id;
    const { code, data } = await invite({ receptionUserId: String(host) });
    expect(code).toBe(200);
    expect(data).toMatchObject({
      reception_user_id: host,
      reception_user_name: 'Anna Lim',
      groups: [{ id: 2 }],
      date_time_from: '2026-07-20 12:30:45.0',
      date_time_to: '2026-07-20 18:30:45.0',
    });
    expect(everybody()[1]).toMatchObject({ kind: 'visitor', name: 'Bo Tan', access: ['Default visitors'] });
  });

  it.each(['name', 'mobile', 'remark', 'idNumber', 'receptionUserId', 'dateTimeFrom', 'dateTimeTo', 'avatarFile'])(
    'needs %s',
    async (field) => {
      expect(await invite({ [field]: undefined })).toMatchObject({ code: 30004, desc: field });
    },
  );

  it.each<[string, Record<string, Value>, number]>([
    ['an empty mobile number', { mobile: '' }, 30001],
    ['a mobile number of 21', { mobile: '1'.repeat(21) }, 30001],
    ['a time in ISO 8601', { dateTimeFrom: '2026-07-20T12:30:45+08:00' }, 30001],
    ['a date that is none', { dateTimeFrom: '2026-02-30 12:30:45' }, 30001],
    ['an end before the beginning', { dateTimeTo: '2026-07-20 12:30:45' }, 30001],
    ['an unknown host', { receptionUserId: '9' }, 620],
    ['a group of staff', { groups: '1' }, 30001],
  ])('refuses %s', async (_what, more, code) => {
    expect((await invite(more)).code).toBe(code);
    expect(everybody()).toEqual([]);
  });

  it('updates and deletes', async () => {
    const id = (await invite()).data?.id;
    const { data } = await post(`/api/v1/guest/update/${id}`, visitor({ name: 'Bo Ong', groups: undefined }));
    expect(data).toMatchObject({ id, name: 'Bo Ong', groups: [], group_count: 0 });
    const { avatarFile: _none, ...rest } = visitor();
    expect((await post(`/api/v1/guest/update/${id}`, rest)).code).toBe(30004);
    expect((await get(`/api/v1/user/delete/${id}`)).code).toBe(620);
    expect((await get(`/api/v1/guest/delete/${id}`)).code).toBe(200);
  });
});

describe('finding people (6.3.7)', () => {
  it('tells the groups only where exactly one person was found', async () => {
    await add();
    await add({ jobNumber: 'TP2', avatarFile: jpeg(await portrait(3)) });
    const one = await get('/api/v1/user/list', { jobNumber: 'TP2' });
    expect(one.data).toMatchObject([{ job_number: 'TP2', groupList: [{ id: 1 }] }]);
    const two = await get('/api/v1/user/list', { name: 'Anna' });
    expect(two.data).toHaveLength(2);
    expect(two.data?.some((person) => Object.hasOwn(person as object, 'groupList'))).toBe(false);
    expect((await get('/api/v1/user/list', { jobNumber: 'TP' })).data).toEqual([]);
    expect((await get('/api/v1/user/list', { id: 'x' })).code).toBe(30001);
  });
});

describe('pictures (6.6)', () => {
  const quality = async (bytes: Buffer, type?: string) =>
    post('/api/v1/recognition/quality', { face_avatar: jpeg(bytes, type) });
  const small = () => sharp(photo).resize(120).jpeg().toBuffer();
  const dark = () => sharp(photo).linear(0.15, 0).jpeg().toBuffer();
  const bright = () => sharp(photo).linear(0.15, 225).jpeg().toBuffer();
  const blurred = () => sharp(photo).blur(8).jpeg().toBuffer();

  it.each([2, 3, 4, 5])('passes portrait %i at 480 and at 800 pixels', async (n) => {
    for (const [width, height] of [
      [480, 640],
      [600, 800],
    ] as const)
      expect((await quality(await portrait(n, width, height))).data).toEqual({
        qa_code: 0,
        qa_desc: '',
        qa_msg: 'PASS',
      });
  });

  it.each([
    ['small', small, 10201],
    ['dark', dark, 10404],
    ['bright', bright, 10404],
    ['blurred', blurred, 10405],
  ])('calls a picture %s', async (_what, make, code) => {
    expect(await quality(await make())).toMatchObject({ code: 200, data: { qa_code: code } });
  });

  it('refuses what is no picture, and sees no face on an empty one', async () => {
    expect((await quality(Buffer.from('%PDF-1.7'))).code).toBe(30005);
    expect((await quality(await blank())).code).toBe(30003);
    expect((await post('/api/v1/recognition/quality', {})).code).toBe(30004);
  });

  it('counts faces only in image/jpeg', async () => {
    const check = (bytes: Buffer, type?: string) =>
      post('/api/v1/recognition/check', { face_avatar: jpeg(bytes, type) });
    expect(await check(photo)).toMatchObject({ code: 200, face_number: 1 });
    expect((await check(photo, 'image/png')).code).toBe(30005);
    expect(await check(await blank())).toMatchObject({ code: 30003, desc: 'rpc.no-face-detect' });
  });

  it('can be ordered to find a face turned away', async () => {
    const body = { code: 200, message: 'OK', data: { qa_code: 1030302, qa_desc: '', qa_msg: 'BAN' } };
    await lab.order({ platform: 'senselink', mode: 'wrong-answer', path: 'recognition/quality', body, times: 1 });
    expect(await quality(photo)).toEqual(body);
    expect((await quality(photo)).data).toMatchObject({ qa_code: 0 });
  });
});

describe('groups, departments, devices', () => {
  it('adds, lists and renames groups', async () => {
    const { data } = await post('/api/v1/group', { name: 'Robotics', type: '1' });
    const all = await get('/api/v1/group');
    expect(all.data).toMatchObject({ total: 3, pageNum: 1, data: [{ id: data?.id, name: 'Robotics' }, {}, {}] });
    expect((await get('/api/v1/group', { type: '2' })).data).toMatchObject({ total: 1, data: [{ id: 2 }] });
    const renamed = { id: String(data?.id), name: 'Robots', type: '1' };
    expect((await post('/api/v1/group/update', renamed)).code).toBe(200);
    expect((await post('/api/v1/group/update', { ...renamed, name: '' })).code).toBe(30001);
    expect((await post('/api/v1/group/update', { ...renamed, id: '99' })).code).toBe(320);
    expect((await post('/api/v1/group', { name: 'x'.repeat(46), type: '1' })).code).toBe(30001);
  });

  it('moves at most 2000 people at once in and out of a group', async () => {
    const userIds = String((await add({ groups: '' })).data?.id);
    expect(everybody()).toMatchObject([{ access: [] }]);
    expect((await post('/api/v1/user/add/group', { groupId: '1', userIds })).code).toBe(200);
    expect(everybody()).toMatchObject([{ access: ['Default staff'] }]);
    expect((await post('/api/v1/user/add/group', { groupId: '99', userIds })).code).toBe(620);
    expect((await post('/api/v1/user/add/group', { userIds })).code).toBe(30001);
    const many = Array.from({ length: 2001 }, () => userIds).join(',');
    expect((await post('/api/v1/user/add/group', { groupId: '1', userIds: many })).code).toBe(30001);
    expect((await post('/api/v1/user/remove/group', { groupId: '1', userIds })).code).toBe(200);
    expect(everybody()).toMatchObject([{ access: [] }]);
  });

  it('keeps departments under v2', async () => {
    expect((await get('/api/v2/department')).data).toMatchObject({ id: 0, children: [{ id: 1 }, { id: 2 }] });
    const { data } = await post('/api/v2/department', { parentId: '1', name: 'Cloud', code: '101' });
    expect((await get('/api/v2/department/search/code', { code: '101' })).data).toEqual(data);
    expect((await get(`/api/v2/department/${data?.id}`)).data).toEqual(data);
    expect((await post('/api/v2/department', { parentId: '1', name: 'Cloud' })).code).toBe(610);
    expect((await get('/api/v2/department/delete', { id: '1' })).code).toBe(650);
    const rename = { id: String(data?.id), parentId: '0', name: 'Clouds' };
    expect((await post('/api/v2/department/update', rename)).data).toMatchObject({ name: 'Clouds', parent_id: 0 });
    expect((await get('/api/v2/department/delete', { id: String(data?.id) })).code).toBe(200);
    expect((await get('/api/v2/department/99')).code).toBe(620);
    expect((await fetch(url('/api/v1/department'))).status).toBe(404);
  });

  it('lists its device, and empties the groups an update leaves out', async () => {
    expect((await get('/api/v1/device')).data).toMatchObject({ total: 1, data: [{ device: { id: 37 } }] });
    const update = { id: '37', name: 'Gate', location: 'Lobby', direction: '0', groupStaff: '1' };
    expect((await post('/api/v2/device/update', update)).data).toMatchObject({
      user_group: [{ id: 1 }],
      guest_group: [],
    });
  });
});
