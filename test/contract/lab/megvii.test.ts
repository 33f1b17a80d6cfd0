import sharp, { type Sharp } from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { signature } from '../../../src/lab/megvii/sign.ts';
import { ANNA, BEA, portrait } from '../../fixtures/faces.ts';
import { type Box, secret, staffGroup, startBox } from './megvii-client.ts';

let box: Box;
let anna: Buffer;
let bea: Buffer;
beforeAll(async () => {
  [box, anna, bea] = await Promise.all([startBox(), portrait(ANNA), portrait(BEA)]);
});
afterEach(() => box.platform.clear());
afterAll(() => box.close());

const staff = { name: '林安娜', type: 1, sex: 2, code: 'TP012345' };
const list = (body: Record<string, unknown>) => box.post('/v1/api/person/list', body);

describe('the signature', () => {
  const sample = {
    uri: '/v1/api/person/list',
    method: 'POST',
    query: '',
    bodyMd5: '675c299bcd88edf31c09c48f9c7fba4b',
    secret,
    timestamp: '1627300328673',
    nonce: '1234344',
    appKey: 'appkey1',
  };

  it('is the one of chapter 1.3', () => {
    expect(signature(sample)).toBe('52141def7a1e346ceee2f22c43d5fb97');
  });

  it('is the one of the upload demo, with nothing for the body', () => {
    const upload = { ...sample, uri: '/v1/api/person/uploadImage', bodyMd5: '', timestamp: '1234344' };
    expect(signature(upload)).toBe('974228f6c7c56bb1320f8501c01aa991');
  });

  it('is taken when right, with either key', async () => {
    expect((await list({ pageNum: 1 })).code).toBe(0);
    const other = { appKey: 'appkey2', secret: 'zxcv&jlkfd234adf#xi9' };
    expect((await box.post('/v1/api/person/list', {}, other)).code).toBe(0);
  });

  it.each([
    ['a wrong secret', { secret: 'wrong' }],
    ['an unknown key', { appKey: 'appkey3' }],
    ['the digest of other bytes', { bodyMd5: '675c299bcd88edf31c09c48f9c7fba4b' }],
    ['a nonce of a wrong length', { nonce: '12345' }],
    ['a clock that is no number', { timestamp: 'now' }],
    ['seconds in place of milliseconds', { timestamp: '1627300328' }],
  ])('is refused with %s', async (_what, signing) => {
    expect((await box.post('/v1/api/person/list', {}, signing)).code).toBe(100008);
  });

  it('is refused six minutes early or late, and taken at four', async () => {
    for (const [minutes, code] of [
      [-6, 100008],
      [-4, 0],
      [4, 0],
      [6, 100008],
    ] as const) {
      const timestamp = String(box.clock.now + minutes * 60_000);
      expect((await box.post('/v1/api/person/list', {}, { timestamp })).code).toBe(code);
    }
  });

  it('is refused a second time, and the request has no second effect', async () => {
    const once = { nonce: 'aB3dE6', timestamp: String(box.clock.now) };
    const body = { personList: [{ name: 'Twin', type: 1 }] };
    expect((await box.post('/v1/api/person/batchAdd', body, once)).code).toBe(0);
    expect((await box.post('/v1/api/person/batchAdd', body, once)).code).toBe(100008);
    expect(box.platform.people()).toHaveLength(1);
  });

  it('covers an empty body with nothing, which the box then cannot read as JSON', async () => {
    expect((await box.post('/v1/api/person/list', '')).code).toBe(100003);
    expect((await box.post('/v1/api/person/list', '{"pageNum":')).code).toBe(100003);
  });
});

describe('pictures', () => {
  const judge = (bytes: Buffer, filename?: string, field?: string) =>
    box.upload('/v1/api/misc/file/qualityJudge', bytes, filename, field);
  const shaped = (change: (image: Sharp) => Sharp) => change(sharp(anna)).jpeg({ quality: 90 }).toBuffer();

  it('pass at every usual size', async () => {
    for (const bytes of [anna, bea, await shaped((s) => s.resize(480)), await shaped((s) => s.resize(1200))]) {
      expect(await judge(bytes)).toEqual({ code: 0, msg: '成功' });
    }
  });

  it.each([
    [101050, (s: Sharp) => s.blur(16)],
    [101051, (s: Sharp) => s.resize(100)],
    [101055, (s: Sharp) => s.linear(0.1, 0)],
    [101055, (s: Sharp) => s.linear(0.1, 230)],
    [101056, (s: Sharp) => s.greyscale().threshold(120)],
  ])('are refused with %i', async (code, change) => {
    expect((await judge(await shaped(change))).code).toBe(code);
  });

  it('are refused for their name or their format', async () => {
    const png = await sharp(anna).png().toBuffer();
    expect((await judge(png, 'face.png')).code).toBe(0);
    expect((await judge(anna, 'face.JPEG')).code).toBe(0);
    for (const name of ['face', 'face.gif', 'face.Jpg', 'face.jpg.txt'])
      expect((await judge(anna, name)).code).toBe(101066);
    expect((await judge(png, 'face.jpg')).code).toBe(101066);
    expect((await judge(Buffer.from('%PDF-1.7 no picture'), 'face.jpg')).code).toBe(101066);
    expect((await judge(anna.subarray(0, anna.length / 2), 'face.jpg')).code).toBe(101066);
  });

  it('may be bitmaps', async () => {
    const { data, info } = await sharp(anna).resize(300).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const stride = Math.ceil((info.width * 3) / 4) * 4;
    const bmp = Buffer.alloc(54 + stride * info.height);
    bmp.write('BM', 0, 'latin1');
    bmp.writeUInt32LE(bmp.length, 2);
    bmp.writeUInt32LE(54, 10);
    bmp.writeUInt32LE(40, 14);
    bmp.writeInt32LE(info.width, 18);
    bmp.writeInt32LE(-info.height, 22);
    bmp.writeUInt16LE(1, 26);
    bmp.writeUInt16LE(24, 28);
    for (let y = 0; y < info.height; y += 1)
      for (let x = 0; x < info.width; x += 1)
        for (let c = 0; c < 3; c += 1) bmp[54 + y * stride + x * 3 + 2 - c] = data[(y * info.width + x) * 3 + c] ?? 0;
    expect((await judge(bmp, 'face.bmp')).code).toBe(0);
    expect((await judge(bmp.subarray(0, 5000), 'face.bmp')).code).toBe(101066);
  });

  it('are refused over 10 MB', async () => {
    expect((await judge(Buffer.alloc(10 * 1024 * 1024 + 1, 1))).code).toBe(101082);
  });

  it('must come as multipart in the field `file`', async () => {
    expect((await judge(anna, 'face.jpg', 'photo')).code).toBe(100003);
    expect((await box.post('/v1/api/person/uploadImage', { file: 'x' })).code).toBe(100003);
  });

  it('are kept byte for byte and served where the lists say', async () => {
    const imageUri = await box.uri(anna);
    const { uuid } = await box.add({ ...staff, imageUri });
    const { data } = await box.post('/v1/api/person/query', { uuid });
    const answer = await fetch((data as { imageUri: string }).imageUri);
    expect(answer.headers.get('content-type')).toBe('image/jpeg');
    expect(Buffer.from(await answer.arrayBuffer()).equals(anna)).toBe(true);
  });

  it('are judged by the criteria of the box', async () => {
    const before = await box.post('/v1/api/sys/storageCriteria/info', {});
    expect(before.data).toMatchObject({ level: 4, customConfig: { blur: 0.5, size: 60, brightnessMin: 40 } });
    const { customConfig } = before.data as { customConfig: Record<string, number> };
    const strict = { ...customConfig, size: 500 };
    const save = (body: unknown) => box.post('/v1/api/sys/storageCriteria/save', body);
    expect((await save({ level: 4, customConfig: strict })).code).toBe(0);
    expect((await judge(anna)).code).toBe(101051);
    expect((await save({ level: 4 })).code).toBe(100003);
    expect((await save({ level: 4, customConfig: { ...strict, blur: 2 } })).code).toBe(100003);
    expect((await box.post('/v1/api/sys/storageCriteria/setDefault', {})).data).toEqual({ level: 3 });
    expect((await judge(anna)).code).toBe(0);
    await save(before.data);
  });
});

describe('batchAdd', () => {
  it('keeps a member of staff and answers `code` as `staffCode`', async () => {
    const imageUri = await box.uri(anna);
    const person = { ...staff, imageUri, phone: '0123456789', groupList: [staffGroup], ext: 'photo 1' };
    const added = await box.add(person);
    const { code, ...echo } = person;
    expect(added).toEqual({ ...echo, staffCode: code, uuid: added.uuid });
    expect(box.platform.people()).toEqual([
      {
        key: 'TP012345',
        id: added.uuid,
        kind: 'staff',
        name: '林安娜',
        photo: anna,
        access: ['员工默认组'],
        details: { sex: '2', phone: '0123456789', ext: 'photo 1' },
      },
    ]);
  });

  it('answers code 0 with the failed entry inside, and keeps the others', async () => {
    const { code, data } = await box.post('/v1/api/person/batchAdd', {
      personList: [staff, { ...staff, name: 'Twin' }, { type: 1 }],
    });
    expect(code).toBe(0);
    expect(data).toMatchObject({
      successes: [{ name: '林安娜', staffCode: 'TP012345' }],
      failures: [
        { name: 'Twin', staffCode: 'TP012345', code: 101011 },
        { type: 1, code: 100003 },
      ],
    });
  });

  const visitor = {
    name: 'Vera',
    type: 2,
    phone: '0199999999',
    visitStartTimeStamp: 1_772_400_000_000,
    visitEndTimeStamp: 1_772_500_000_000,
  };

  it.each<[string, Record<string, unknown>, number]>([
    ['no name', { type: 1 }, 100003],
    ['an empty name', { ...staff, name: '' }, 100003],
    ['a name of 41', { ...staff, name: 'x'.repeat(41) }, 100003],
    ['no type', { name: 'x' }, 100003],
    ['a code of 33', { ...staff, code: 'x'.repeat(33) }, 100003],
    ['a hyphen in the code', { ...staff, code: 'TP-1' }, 100003],
    ['a number as code', { ...staff, code: 12345 }, 100003],
    ['sex 3', { ...staff, sex: 3 }, 100003],
    ['a phone of five digits', { ...staff, phone: '12345' }, 100003],
    ['a plus in the phone', { ...staff, phone: '+60123456789' }, 100003],
    ['an e-mail without @', { ...staff, email: 'anna' }, 101027],
    ['a picture never uploaded', { ...staff, imageUri: '_ZzEwMF9mb3JldmVyQnVja2V0_0' }, 101039],
    ['an unknown group', { ...staff, groupList: ['nowhere'] }, 103126],
    ['a group of visitors', { ...staff, groupList: ['28da70b018ff402089c04d3a023bb7ea'] }, 101105],
    ['an unknown organisation', { ...staff, orgUuid: 'nowhere' }, 101005],
    ['an ISO time', { ...staff, entryTimeStamp: '2026-03-02T09:00:00+08:00' }, 100003],
    ['a visit of staff', { ...staff, visitReason: 'x' }, 100003],
    ['a visitor without phone', { ...visitor, phone: undefined, visitedUuid: 'x' }, 100003],
    ['a visitor without times', { ...visitor, visitEndTimeStamp: undefined, visitedUuid: 'x' }, 101020],
    ['a visit in seconds', { ...visitor, visitStartTimeStamp: 1_772_400_000, visitedUuid: 'x' }, 100003],
    ['a visitor without host', visitor, 101069],
    ['a host nobody knows', { ...visitor, visitedUuid: 'x' }, 101012],
    ['a staff code for a visitor', { ...visitor, visitedUuid: 'x', code: 'V1' }, 100003],
  ])('refuses %s', async (_what, person, code) => {
    expect(await box.add(person)).toMatchObject({ code });
    expect(box.platform.people()).toEqual([]);
  });

  it('refuses what somebody else has', async () => {
    const own = {
      cardNum: '220306',
      uniqueIdentify: 'u-1',
      phone: '0123456789',
      identifyNum: 'A1',
      email: 'a@site.test',
    };
    await box.add({ ...staff, ...own });
    const other = { name: 'Other', type: 1 };
    for (const [field, code] of [
      ['cardNum', 101010],
      ['uniqueIdentify', 101090],
      ['phone', 101007],
      ['identifyNum', 101008],
      ['email', 101009],
    ] as const)
      expect(await box.add({ ...other, [field]: own[field] })).toMatchObject({ code });
  });

  it('takes a visitor to a member of staff', async () => {
    const host = await box.add(staff);
    const added = await box.add({ ...visitor, visitedUuid: host.uuid });
    const { data } = await list({ type: 2 });
    expect(data).toMatchObject({
      list: [{ uuid: added.uuid, visitedName: '林安娜', visitedStatus: true, visitStartTime: 1_772_400_000_000 }],
    });
  });

  it('refuses a picture uploaded for search alone', async () => {
    const { data } = await box.upload('/v1/api/person/config/uploadImage', anna);
    expect(await box.add({ ...staff, imageUri: (data as { uri: string }).uri })).toMatchObject({ code: 101039 });
  });

  it('takes a uuid of the client only while the switch is on, and never twice in history', async () => {
    const path = '/v1/api/person/personUuidSwitch';
    expect((await box.add({ ...staff, uuid: 'mine' })).uuid).not.toBe('mine');
    expect((await box.get(path)).data).toMatchObject({ personUuidSwitch: 1 });
    expect((await box.add({ name: 'B', type: 1, uuid: 'mine' })).uuid).toBe('mine');
    await box.post('/v1/api/person/batchDelete', { uuidList: ['mine'] });
    expect(await box.add({ name: 'C', type: 1, uuid: 'mine' })).toMatchObject({ code: 101099 });
    expect((await box.get(path)).data).toMatchObject({ personUuidSwitch: 0 });
  });
});

describe('persons', () => {
  it('are found by substring, page by page', async () => {
    for (const code of ['TP1', 'TP12', 'TP123']) await box.add({ name: code, type: 1, code });
    expect((await list({ code: 'TP12' })).data).toMatchObject({ total: 2, pageNum: 1, pageSize: 20 });
    const second = await list({ code: 'TP', pageNum: 2, pageSize: 2 });
    expect(second.data).toMatchObject({ total: 3, list: [{ code: 'TP123' }] });
    expect((await list({ code: 'TP', pageNum: 0 })).code).toBe(100003);
    expect((await list({ code: 12 })).code).toBe(100003);
    expect((await list({ simpleInfo: true, code: 'TP123' })).data).toMatchObject({
      list: [{ uuid: expect.any(String), name: 'TP123' }],
    });
  });

  it('keep what an update leaves out', async () => {
    const imageUri = await box.uri(anna);
    const { uuid } = await box.add({ ...staff, imageUri, groupList: [staffGroup], postion: 'Lecturer' });
    const update = (body: Record<string, unknown>) => box.post('/v1/api/person/update', { uuid, ...body });
    expect(await update({ name: 'Anna Lim', imageUri: await box.uri(bea) })).toEqual({ code: 0, msg: '成功' });
    expect(box.platform.people()).toMatchObject([
      { name: 'Anna Lim', photo: bea, access: ['员工默认组'], details: { postion: 'Lecturer' } },
    ]);
    expect((await update({ code: 'not valid' })).code).toBe(100003);
    await box.add({ name: 'Other', type: 1, code: 'B2' });
    expect((await update({ code: 'B2' })).code).toBe(101011);
    expect((await update({ code: 'TP012345' })).code).toBe(0);
    expect((await box.post('/v1/api/person/update', { uuid: 'nobody', name: 'x' })).code).toBe(101012);
  });

  it('are deleted in batches that tell who was not there', async () => {
    const { uuid } = await box.add(staff);
    const { data } = await box.post('/v1/api/person/batchDelete', { uuidList: [uuid, 'nobody'] });
    expect(data).toMatchObject({ successes: [{ uuid }], failures: [{ uuid: 'nobody', code: 101012 }] });
    expect((await box.post('/v1/api/person/query', { uuid })).code).toBe(101012);
    expect((await box.post('/v1/api/person/uuid/list', { uuidList: [uuid] })).data).toEqual([]);
  });

  it('get a code for the door as a picture', async () => {
    const { uuid } = await box.add(staff);
    const { data } = await box.post('/v1/api/person/visitorCode', { uuid });
    const { expireTime, qrCode } = data as { expireTime: number; qrCode: string };
    expect(expireTime).toBe(10);
    const picture = Buffer.from(qrCode.replace('data:image/png;base64,', ''), 'base64');
    // As in the sample of 1.10.5: the label says PNG, the bytes are a GIF.
    expect((await sharp(picture).metadata()).format).toBe('gif');
    const key = await box.add({ name: 'Key', type: 3 });
    expect((await box.post('/v1/api/person/visitorCode', { uuid: key.uuid })).code).toBe(101105);
  });

  it('are found by their picture', async () => {
    const added = await box.add({ ...staff, imageUri: await box.uri(anna) });
    await box.add({ name: 'Bea', type: 1, imageUri: await box.uri(bea) });
    const uri = await box.uri(await sharp(anna).resize(600).jpeg().toBuffer());
    const search = (body: Record<string, unknown>) =>
      box.post('/v1/api/photo/search', { uri, groupTypes: [1], threshold: 80, pageSize: 10, ...body });
    expect((await search({})).data).toMatchObject({ total: 1, list: [{ personUuid: added.uuid, groupType: 1 }] });
    expect((await search({ groupTypes: [2] })).data).toMatchObject({ total: 0 });
    expect((await search({ threshold: 100 })).code).toBe(100003);
    expect((await search({ groupTypes: undefined })).code).toBe(100003);
  });
});

describe('groups and organisations', () => {
  it('are listed, added and refused by name', async () => {
    const groups = await box.post('/v1/api/pass/group/list', { type: 1 });
    expect(groups.data).toMatchObject({ list: [{ uuid: staffGroup, name: '员工默认组', personTotal: 0 }], total: 1 });
    expect((await box.post('/v1/api/pass/group/list', {})).code).toBe(100003);
    const { data } = await box.post('/v1/api/pass/group/batchAdd', {
      groupList: [
        { name: 'Lecturers', type: 1 },
        { name: 'Lecturers', type: 1 },
        { name: 'L', type: 1 },
      ],
    });
    expect(data).toMatchObject({ successes: [{ name: 'Lecturers' }], failures: [{ code: 103124 }, { code: 103134 }] });
    const [{ uuid }] = (data as { successes: [{ uuid: string }] }).successes;
    expect((await box.post('/v1/api/pass/group/delete', { uuid })).code).toBe(0);
    expect((await box.post('/v1/api/pass/group/delete', { uuid: staffGroup })).code).toBe(103123);
    expect((await box.post('/v1/api/pass/group/query', { uuid })).code).toBe(103126);
  });

  it('batchUpdatePerson replaces the whole membership', async () => {
    const a = await box.add({ name: 'A', type: 1, groupList: [staffGroup] });
    const b = await box.add({ name: 'B', type: 1 });
    const path = '/v1/api/pass/group/batchUpdatePerson';
    expect((await box.post(path, { groupUuid: staffGroup, personUuids: [b.uuid] })).code).toBe(0);
    const inGroup = await box.post('/v1/api/pass/group/queryPersonListInGroup', { uuid: staffGroup, type: 1 });
    expect(inGroup.data).toMatchObject({ total: 1, list: [{ personUuid: b.uuid }] });
    expect((await box.post(path, { groupUuid: staffGroup, personUuids: [a.uuid, 'nobody'] })).code).toBe(101012);
    expect((await box.post(path, { groupUuid: staffGroup, personUuids: [] })).code).toBe(0);
    expect(box.platform.people().flatMap(({ access }) => access)).toEqual([]);
  });

  it('the tree counts its people', async () => {
    const top = await box.post('/v1/api/org/top/detail', {});
    const { orgUuid } = top.data as { orgUuid: string };
    const made = await box.post('/v1/api/org/add', { fullName: 'Library', parentUuid: orgUuid });
    const { uuid } = made.data as { uuid: string };
    await box.add({ ...staff, orgUuid: uuid });
    const tree = await box.post('/v1/api/org/tree', { orgName: 'Lib' });
    expect(tree.data).toEqual([{ childNum: 1, childTotal: 1, orgUuid: uuid, orgName: 'Library', parentUuid: orgUuid }]);
    expect((await box.post('/v1/api/org/delete', { uuid, personInOrgHandleMode: 1 })).code).toBe(0);
    expect(box.platform.people()).toMatchObject([{ details: { orgUuid } }]);
    expect((await box.post('/v1/api/org/add', { fullName: 'x', parentUuid: uuid })).code).toBe(101005);
  });
});

describe('doors', () => {
  it('are listed, and say whom they could not take', async () => {
    const { uuid } = await box.add(staff);
    const doors = await box.post('/v1/api/door/list', { passModel: false });
    expect(doors.data).toMatchObject({ total: 2, list: [{ isPass: 1, synStatus: 1 }, { isPass: 1 }] });
    expect((await box.post('/v1/api/door/list', {})).code).toBe(100003);
    expect((await box.post('/v1/api/device/list', { deviceType: 4 })).data).toMatchObject({ total: 1 });
    box.platform.failSync(String(uuid), 'no face');
    const failed = await box.post('/v1/api/door/queryFeatureFailList', { noticeCode: '1' });
    expect(failed.data).toMatchObject({ total: 1, list: [{ personUuid: uuid, reasonStr: 'no face' }] });
    await box.post('/v1/api/person/update', { uuid, imageUri: await box.uri(anna) });
    expect((await box.post('/v1/api/door/queryFeatureFailList', { noticeCode: '1' })).data).toMatchObject({ total: 0 });
  });

  it('let groups in by authority, until it is taken away', async () => {
    const authority = (call: string, body: unknown) => box.post(`/v1/api/pass/authority/${call}`, body);
    const plan = { scheduleUuid: '5ce434bd925b4d56a8dded0542d02d81' };
    const deviceUuid = '8b2e4da9392b4847aff5faf9dcb17a3c';
    expect((await authority('list', { groupUuid: staffGroup })).data).toMatchObject({
      total: 2,
      list: [{ deviceName: '东门面板机', deviceUuid, groups: [{ groupUuid: staffGroup }, {}] }, {}],
    });
    expect((await authority('delete', { deviceUuid, ...plan })).code).toBe(0);
    expect((await authority('list', { groupUuid: staffGroup })).data).toMatchObject({ total: 1 });
    const add = { deviceUuids: [deviceUuid], groupUuids: [staffGroup], ...plan };
    expect((await authority('add', add)).code).toBe(0);
    expect((await authority('list', { deviceUuids: [deviceUuid] })).data).toMatchObject({ total: 1 });
    expect((await authority('add', { ...add, groupUuids: ['none'] })).code).toBe(103126);
    expect((await authority('add', { ...add, deviceUuids: ['none'] })).code).toBe(103157);
    expect((await authority('add', { ...add, scheduleUuid: 'none' })).code).toBe(103136);
  });

  it('tell a face they could not read from a picture that was not sent', async () => {
    const { uuid } = await box.add(staff);
    box.platform.failSync(String(uuid), 'no feature', '6');
    const failed = (noticeCode: string) => box.post('/v1/api/door/queryFeatureFailList', { noticeCode });
    expect((await failed('1')).data).toMatchObject({ total: 0 });
    expect((await failed('6')).data).toMatchObject({ total: 1, list: [{ reasonStr: 'no feature' }] });
  });

  it('record who passed', async () => {
    const { uuid } = await box.add(staff);
    const at = Date.parse('2026-03-02T10:00:00+08:00');
    const deviceUuid = '8b2e4da9392b4847aff5faf9dcb17a3c';
    box.platform.pass({ personUuid: String(uuid), deviceUuid, at, passed: true });
    const records = (body: Record<string, unknown>) => box.post('/v1/api/pass_record/list', body);
    expect((await records({ personUuid: uuid })).data).toMatchObject({
      total: 1,
      list: [{ personCode: 'TP012345', deviceName: '东门面板机', passType: 1, passTimestamp: at }],
    });
    expect((await records({ endPassTime: '2026-03-02 10:00:00' })).data).toMatchObject({ total: 0 });
    expect((await records({ startPassTime: String(at) })).data).toMatchObject({ total: 1 });
    expect((await records({ startPassTime: 'yesterday' })).code).toBe(100003);
  });
});
