import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../../../src/lab/index.ts';
import { blank, png, portrait } from './core-helpers.ts';
import { device } from './device-client.ts';

let lab: Lab;
let photo: string;
beforeAll(async () => {
  lab = await startLab();
  photo = (await portrait()).toString('base64');
});
afterEach(() => lab.reset());
afterAll(() => lab.close());

type Call = Parameters<typeof device>;
const call = (method: Call[1], path: Call[2], body?: Call[3], options?: Call[4]) =>
  device(String(lab.platforms.get('device')?.url), method, path, body, options);
const user = (more: object = {}) => ({
  userId: 'TP012345',
  userType: 1,
  photo,
  icNumber: '',
  jobNumber: 'TP012345',
  mobile: '',
  name: 'Anna Lim',
  remark: '',
  ...more,
});
const without = (field: string) => {
  const { [field]: _gone, ...rest } = user() as Record<string, unknown>;
  return rest;
};

describe('signature (chapter 4)', () => {
  it('is the one the document prints', () => {
    expect(createHash('md5').update('1573539353795#123456').digest('hex')).toBe('188ef735093645c802b0e4741bd3e9a1');
  });

  it('takes the document’s own vector at the time of its timestamp', async () => {
    const then = await startLab({ now: () => 1_573_539_353_795 + 60_000 });
    const base = String(then.platforms.get('device')?.url);
    const query = 'timestamp=1573539353795&sign=188ef735093645c802b0e4741bd3e9a1&remark=test';
    const answer = await fetch(`${base}/api/device/open?${query}`, { method: 'POST' });
    expect(await answer.json()).toEqual({ code: 200, message: 'OK', desc: '' });
    await then.close();
  });

  it.each([
    ['wrong', { sign: '0'.repeat(32) }, 10005],
    ['made of another time', { timestamp: String(Date.now()), sign: '188ef735093645c802b0e4741bd3e9a1' }, 10005],
    ['empty', { sign: '' }, 30003],
    ['six minutes old', { timestamp: String(Date.now() - 360_000) }, 10003],
    ['six minutes ahead', { timestamp: String(Date.now() + 360_000) }, 10003],
    ['in seconds', { timestamp: String(Math.floor(Date.now() / 1000)) }, 10003],
    ['no number', { timestamp: 'now' }, 50001],
  ])('is refused when %s', async (_what, options, code) => {
    expect((await call('POST', '/api/user', user(), options)).code).toBe(code);
    expect(lab.people().device).toEqual([]);
  });

  it('may be four minutes off', async () => {
    const options = { timestamp: String(Date.now() - 240_000) };
    expect((await call('POST', '/api/user', user(), options)).code).toBe(200);
  });
});

describe('adding a user (8.2.2)', () => {
  it('keeps person and photo, and gives the user back', async () => {
    const answer = await call('POST', '/api/user', user({ gender: 2, startTime: 1_700_000_000 }));
    expect(answer).toMatchObject({ code: 200, message: 'OK', desc: '', data: { userId: 'TP012345', gender: 2 } });
    const [person] = lab.people().device ?? [];
    expect(person).toMatchObject({ key: 'TP012345', kind: 'staff', name: 'Anna Lim', access: ['This terminal'] });
    expect(person?.photo?.toString('base64')).toBe(photo);
  });

  it.each(['userId', 'userType', 'icNumber', 'jobNumber', 'mobile', 'name', 'remark'])('needs %s', async (field) => {
    expect(await call('POST', '/api/user', without(field))).toMatchObject({ code: 30003, desc: field });
  });

  it.each([
    ['userId', 17],
    ['icNumber', 41],
    ['jobNumber', 41],
    ['mobile', 21],
    ['name', 31],
    ['remark', 256],
    ['department', 81],
    ['mail', 41],
    ['position', 101],
    ['interviewee', 81],
    ['comeFrom', 201],
  ])('refuses a %s of %i characters', async (field, length) => {
    expect((await call('POST', '/api/user', user({ [field]: 'x'.repeat(length) }))).code).toBe(30001);
    expect((await call('POST', '/api/user', user({ [field]: 'x'.repeat(length - 1) }))).code).toBe(200);
  });

  it.each([
    ['an unknown type', { userType: 4 }],
    ['a type as text', { userType: '1' }],
    ['a time in milliseconds', { endTime: 1_700_000_000_000 }],
    ['a gender out of range', { gender: 3 }],
  ])('refuses %s', async (_what, more) => {
    expect((await call('POST', '/api/user', user(more))).code).toBe(30001);
  });

  it('refuses the same userId twice, also at the same time', async () => {
    const answers = await Promise.all([1, 2].map(() => call('POST', '/api/user', user())));
    expect(answers.map(({ code }) => code).sort()).toEqual([200, 30001]);
    expect(await call('POST', '/api/user', user())).toMatchObject({ code: 30001, desc: 'userId already exists' });
  });

  it('takes no photo at all, but only a whole JPEG in bare base64', async () => {
    const jpeg = await portrait();
    const bad = [
      (await png()).toString('base64'),
      jpeg.subarray(0, jpeg.length / 2).toString('base64'),
      Buffer.from('%PDF-1.7').toString('base64'),
      `data:image/jpeg;base64,${photo}`,
      '',
    ];
    for (const picture of bad) expect((await call('POST', '/api/user', user({ photo: picture }))).code).toBe(30004);
    const nothing = (await blank()).toString('base64');
    expect((await call('POST', '/api/user', user({ photo: nothing }))).code).toBe(30002);
    expect((await call('POST', '/api/user', without('photo'))).code).toBe(200);
  });

  it('refuses broken JSON and other content types', async () => {
    expect((await call('POST', '/api/user', '{"userId":')).code).toBe(30001);
    expect((await call('POST', '/api/user', user(), { contentType: 'text/plain' })).code).toBe(30001);
  });

  it('answers 50004 to the wrong method', async () => {
    expect((await call('GET', '/api/user')).code).toBe(50004);
    expect((await call('POST', '/api/user/list', {})).code).toBe(50004);
  });
});

describe('updating and deleting', () => {
  it('changes the photo, and keeps it when none is sent', async () => {
    await call('POST', '/api/user', user());
    const other = (await portrait(3)).toString('base64');
    expect((await call('POST', '/api/user/update/TP012345', user({ photo: other }))).code).toBe(200);
    const { photo: _none, ...rest } = user({ name: 'Anna Tan' });
    expect((await call('POST', '/api/user/update/TP012345', rest)).code).toBe(200);
    const [person] = lab.people().device ?? [];
    expect(person?.name).toBe('Anna Tan');
    expect(person?.photo?.toString('base64')).toBe(other);
  });

  it('knows who is not there, and whose body does not match', async () => {
    expect((await call('POST', '/api/user/update/TP012345', user())).code).toBe(20001);
    await call('POST', '/api/user', user());
    expect((await call('POST', '/api/user/update/TP012345', user({ userId: 'other' }))).code).toBe(20002);
    expect((await call('GET', '/api/user/delete/other')).code).toBe(20001);
    expect((await call('GET', '/api/user/delete/TP012345')).code).toBe(200);
    expect(lab.people().device).toEqual([]);
  });

  it('really wipes the terminal on delete/all', async () => {
    for (const userId of ['a', 'b']) await call('POST', '/api/user', user({ userId }));
    expect((await call('GET', '/api/user/delete/all')).code).toBe(200);
    expect(lab.people().device).toEqual([]);
  });
});

describe('listing users (8.2.5)', () => {
  it('gives pages of at most 10', async () => {
    for (let n = 1; n <= 12; n += 1) {
      const { photo: _none, ...rest } = user({ userId: `u${n}`, userType: n > 9 ? 2 : 1 });
      await call('POST', '/api/user', rest);
    }
    const first = await call('GET', '/api/user/list', undefined, { query: { page: '1', size: '50' } });
    expect(first.data).toMatchObject({ total: 12, pageNum: 1, size: 10, pageSize: 10, totalPage: 2 });
    const second = await call('GET', '/api/user/list', undefined, { query: { page: '2', size: '10' } });
    expect(second.data).toMatchObject({ size: 2 });
    const one = await call('GET', '/api/user/list', undefined, { query: { userId: 'u1', page: '1', size: '10' } });
    expect(one.data).toMatchObject({ total: 1, data: [{ userId: 'u1' }] });
    const guests = await call('GET', '/api/user/list', undefined, { query: { type: '2' } });
    expect(guests.data).toMatchObject({ total: 3 });
  });

  it('answers 50008 when nobody was found, 30001 to a page that is none', async () => {
    expect((await call('GET', '/api/user/list', undefined, { query: { userId: 'u1' } })).code).toBe(50008);
    expect((await call('GET', '/api/user/list', undefined, { query: { page: '0' } })).code).toBe(30001);
    expect((await call('GET', '/api/user/list', undefined, { query: { type: '9' } })).code).toBe(30001);
  });
});

describe('the device itself (8.1)', () => {
  it('tells its information, opens, reboots, knows no raw commands', async () => {
    const { data } = await call('POST', '/api/device/information');
    expect(data).toMatchObject({ deviceID: expect.stringMatching(/^.{1,32}$/), deviceMoel: expect.any(String) });
    expect((await call('POST', '/api/device/open', undefined, { query: { remark: 'x'.repeat(256) } })).code).toBe(
      30001,
    );
    expect((await call('POST', '/api/device/reboot')).code).toBe(200);
    expect((await call('POST', '/api/device/jsonCmd', {})).code).toBe(40001);
  });

  it.each(['network', 'smartface', 'perpara'])('tells and takes its %s parameters', async (name) => {
    const { data = {} } = await call('POST', `/api/device/${name}`);
    const field = Object.keys(data).find((key) => key !== 'alarmType') ?? '';
    const { [field]: _gone, ...rest } = data;
    expect(await call('POST', `/api/device/${name}cfg`, rest)).toMatchObject({ code: 30003, desc: field });
    expect((await call('POST', `/api/device/${name}cfg`, { ...data, [field]: 'text' })).code).toBe(30001);
    expect((await call('POST', `/api/device/${name}cfg`, { ...data, [field]: 1 })).code).toBe(200);
    expect((await call('POST', `/api/device/${name}`)).data).toMatchObject({ [field]: 1 });
  });

  it('syncTime moves the terminal’s clock', async () => {
    const ahead = Date.now() + 240_000;
    expect((await call('POST', '/api/device/syncTime', undefined, { timestamp: String(ahead) })).code).toBe(200);
    const further = { timestamp: String(ahead + 240_000) };
    expect((await call('GET', '/api/user/list', undefined, further)).code).toBe(50008);
    expect((await call('GET', '/api/user/list', undefined, { timestamp: String(Date.now() - 120_000) })).code).toBe(
      10003,
    );
  });
});

describe('records (8.3)', () => {
  const times = { startTime: '1700000000', endTime: '1700000999' };
  const records = (query: Record<string, string> = {}) =>
    call('GET', '/api/record', undefined, { query: { type: '0', ...times, ...query } });

  it('are listed newest first, page by page, by time, type and user', async () => {
    await call('POST', '/api/user', user());
    expect((await records()).code).toBe(50008);
    for (let n = 0; n < 5; n += 1)
      lab.recognise({ platform: 'device', at: 1_700_000_000_000 + n * 1000, ...(n === 2 ? {} : { key: 'TP012345' }) });
    const { data } = await records({ size: '2', page: '2' });
    expect(data).toMatchObject({ total: 5, pageNum: 2, size: 2, pageSize: 2, totalPage: 3 });
    expect(data).toMatchObject({
      data: [
        { id: 3, type: -1, userType: -1 },
        { id: 2, userId: 'TP012345', inputType: 1 },
      ],
    });
    expect((await records({ type: '-1' })).data).toMatchObject({ total: 1 });
    expect((await records({ userId: 'TP012345' })).data).toMatchObject({ total: 4 });
    expect((await records({ startTime: '1700000004' })).data).toMatchObject({ total: 1 });
    expect((await records({ endTime: '1600000000' })).code).toBe(50008);
  });

  it.each(['type', 'startTime', 'endTime'])('need %s', async (field) => {
    expect((await records({ [field]: '' })).code).toBe(30001);
  });

  it('of a key nobody has are not made', () => {
    expect(() => lab.recognise({ platform: 'device', key: 'nobody' })).toThrow(/nobody/);
    expect(() => lab.recognise({ platform: 'hcp' })).toThrow(/hcp/);
  });
});
