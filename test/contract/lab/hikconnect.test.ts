import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ANNA, BEA, portrait } from '../../fixtures/faces.ts';
import { keys, laboratoryLevel, mainLevel, staffGroup, startTenant, type Tenant } from './hikconnect-client.ts';

let tenant: Tenant;
let token: string;
let anna: Buffer;
let bea: Buffer;
beforeAll(async () => {
  [tenant, anna, bea] = await Promise.all([startTenant(), portrait(ANNA), portrait(BEA)]);
});
beforeEach(async () => {
  tenant.platform.clear();
  token = await tenant.signIn();
});
afterAll(() => tenant.close());

const person = {
  groupId: staffGroup,
  personCode: 'TP012345',
  firstName: 'Anna',
  lastName: 'Lim',
  gender: 0,
  phone: '+60123456789',
  email: 'anna@site.test',
  startDate: '2026-03-02T00:00:00+08:00',
  endDate: '2030-03-02T00:00:00+08:00',
};
const persons = (call: string, body: unknown) => tenant.post(`/api/hccgw/person/v1/persons/${call}`, body, token);
const groups = (call: string, body: unknown) => tenant.post(`/api/hccgw/person/v1/groups/${call}`, body, token);
const levels = (call: string, body: unknown) => tenant.post(`/api/hccgw/acspm/v1/accesslevel/${call}`, body, token);
const add = async (changes: Record<string, unknown> = {}): Promise<string> => {
  const { data } = await persons('add', { ...person, ...changes });
  return (data as { personId: string }).personId;
};
const another = { personCode: 'B2', phone: '1', email: 'b@site.test' };
const base64 = (bytes: Buffer) => bytes.toString('base64');

describe('the token', () => {
  const path = '/api/hccgw/platform/v1/token/get';

  it('comes with its expiry in seconds and the address to call', async () => {
    const { data, errorCode } = await tenant.post(path, keys);
    expect(errorCode).toBe('0');
    expect(data).toEqual({
      accessToken: expect.stringMatching(/^hcc\.[0-9a-f]{32}$/),
      expireTime: Math.floor(tenant.clock.now / 1000) + 7 * 24 * 3600,
      userId: expect.any(String),
      areaDomain: tenant.url,
    });
  });

  it.each([
    ['an unknown AK', { ...keys, appKey: 'x' }, 'OPEN000001'],
    ['a wrong SK', { ...keys, secretKey: 'x' }, 'OPEN000002'],
    ['no SK', { appKey: keys.appKey }, 'OPEN000010'],
    ['an SK of 65', { ...keys, secretKey: 'x'.repeat(65) }, 'OPEN000010'],
    ['no JSON', 'appKey=x', 'OPEN000008'],
  ])('is refused for %s', async (_what, body, errorCode) => {
    const answer = await tenant.post(path, body);
    expect(answer).toEqual({ errorCode, message: expect.stringContaining(`{${errorCode}}`) });
  });

  it('is needed, must be known, and runs out after seven days unless asked for again', async () => {
    const search = (given?: string) => tenant.post('/api/hccgw/person/v1/groups/search', {}, given);
    expect((await search()).errorCode).toBe('OPEN000007');
    expect((await search('hcc.guess')).errorCode).toBe('OPEN000007');
    tenant.clock.now += 6 * 24 * 3600_000;
    expect(await tenant.signIn()).toBe(token);
    tenant.clock.now += 6 * 24 * 3600_000;
    expect((await search(token)).errorCode).toBe('0');
    tenant.clock.now += 24 * 3600_000;
    expect((await search(token)).errorCode).toBe('OPEN000006');
    expect(await tenant.signIn()).not.toBe(token);
  });
});

describe('the rate', () => {
  const search = () => tenant.send('/api/hccgw/person/v1/groups/search', {}, token);

  it('serves five requests in any 1,000 ms and refuses the sixth', async () => {
    tenant.clock.now += 5_000;
    tenant.platform.clear();
    const start = tenant.clock.now;
    token = await tenant.signIn();
    const statuses: number[] = [];
    for (const at of [300, 500, 700, 900, 1_199, 1_200, 1_300]) {
      tenant.clock.now = start + at;
      statuses.push((await search()).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 429, 200, 200]);
    expect(tenant.platform.rate()).toEqual({ most: 6, refused: 1 });
  });

  it('counts requests sent together, and says so in the envelope', async () => {
    tenant.clock.now += 5_000;
    const answers = await Promise.all(Array.from({ length: 7 }, search));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 200, 429, 429]);
    const refused = answers.find(({ status }) => status === 429);
    expect(await refused?.json()).toMatchObject({ errorCode: 'VMS001001' });
    expect(tenant.platform.rate()).toEqual({ most: 7, refused: 2 });
  });
});

describe('persons/add', () => {
  it('answers the id and the code', async () => {
    expect(await persons('add', person)).toEqual({
      data: { personId: expect.stringMatching(/^\d{18}$/), personCode: 'TP012345' },
      errorCode: '0',
    });
    expect(tenant.platform.people()).toMatchObject([{ key: 'TP012345', kind: 'staff', name: 'Anna Lim', photo: null }]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['an empty last name', { lastName: '' }, 'OPEN000010'],
    ['no last name', { lastName: undefined }, 'OPEN000010'],
    ['no group', { groupId: undefined }, 'OPEN000010'],
    ['gender 3', { gender: 3 }, 'OPEN000010'],
    ['a word for a gender', { gender: 'female' }, 'OPEN000010'],
    ['an unknown group', { groupId: '99' }, 'CCF038009'],
    ['a code of 17', { personCode: 'x'.repeat(17) }, 'CCF038016'],
    ['a hyphen in the code', { personCode: 'TP-1' }, 'CCF038016'],
    ['a first name of 256', { firstName: 'x'.repeat(256) }, 'CCF038014'],
    ['a last name of 256', { lastName: 'x'.repeat(256) }, 'CCF038015'],
    ['names of 256 together', { firstName: 'x'.repeat(128), lastName: 'y'.repeat(128) }, 'CCF038017'],
    ['a phone of 33', { phone: '1'.repeat(33) }, 'CCF038020'],
    ['an e-mail of 65', { email: 'x'.repeat(65) }, 'CCF038019'],
    ['a description of 129', { description: 'x'.repeat(129) }, 'CCF038021'],
    ['a time without offset', { endDate: '2030-03-02T00:00:00' }, 'OPEN000026'],
    ['a time with Z', { endDate: '2030-03-02T00:00:00Z' }, 'OPEN000026'],
    ['a 30th of February', { endDate: '2030-02-30T00:00:00+08:00' }, 'OPEN000026'],
    ['milliseconds', { endDate: 1_900_000_000_000 }, 'OPEN000010'],
    ['a year after 2037', { endDate: '2038-01-01T00:00:00+08:00' }, 'CCF038022'],
    ['an end before its start', { endDate: '2026-03-01T00:00:00+08:00' }, 'CCF038022'],
  ])('refuses %s', async (_what, changes, errorCode) => {
    expect((await persons('add', { ...person, ...changes })).errorCode).toBe(errorCode);
    expect(tenant.platform.people()).toEqual([]);
  });

  it('refuses what somebody else has', async () => {
    await add();
    const other = { ...person, ...another };
    expect((await persons('add', { ...other, personCode: person.personCode })).errorCode).toBe('CCF038024');
    expect((await persons('add', { ...other, email: person.email })).errorCode).toBe('CCF038052');
    expect((await persons('add', { ...other, phone: person.phone })).errorCode).toBe('CCF038089');
    expect((await persons('add', other)).errorCode).toBe('0');
  });
});

describe('persons/update', () => {
  it('changes all but the code, and keeps what is optional and left out', async () => {
    const personId = await add();
    const { phone, ...rest } = person;
    expect((await persons('update', { ...rest, personId, lastName: 'Tan' })).errorCode).toBe('0');
    expect(tenant.platform.people()).toMatchObject([{ name: 'Anna Tan', details: { phone } }]);
    expect((await persons('update', { ...person, personId, personCode: 'B2' })).errorCode).toBe('CCF038025');
    expect((await persons('update', { ...person, personId, groupId: undefined })).errorCode).toBe('OPEN000010');
    expect((await persons('update', { ...person, personId: '1' })).errorCode).toBe('CCF038023');
  });
});

describe('persons/photo', () => {
  it('keeps the JPEG byte for byte and serves it at headPicUrl', async () => {
    const personId = await add();
    expect(await persons('photo', { personId, photoData: base64(anna) })).toEqual({ errorCode: '0' });
    expect(tenant.platform.people()[0]?.photo?.equals(anna)).toBe(true);
    const { data } = await persons('get', { personId });
    const { headPicUrl } = (data as { personInfo: { headPicUrl: string } }).personInfo;
    const picture = await fetch(headPicUrl);
    expect(Buffer.from(await picture.arrayBuffer()).equals(anna)).toBe(true);
    expect((await persons('photo', { personId, photoData: base64(anna) })).errorCode).toBe('0');
  });

  it('refuses what is no whole bare JPEG, and somebody else’s file', async () => {
    const personId = await add();
    const png = await sharp(anna).png().toBuffer();
    for (const photoData of [
      `data:image/jpeg;base64,${base64(anna)}`,
      base64(png),
      base64(anna.subarray(0, anna.length / 2)),
      base64(Buffer.from('%PDF-1.7')),
      'ddd',
    ])
      expect((await persons('photo', { personId, photoData })).errorCode).toBe('CCF038062');
    expect((await persons('photo', { personId })).errorCode).toBe('OPEN000010');
    expect((await persons('photo', { personId: '1', photoData: base64(anna) })).errorCode).toBe('CCF038023');
    await persons('photo', { personId, photoData: base64(anna) });
    const other = await add(another);
    expect((await persons('photo', { personId: other, photoData: base64(anna) })).errorCode).toBe('CCF038068');
    expect((await persons('photo', { personId: other, photoData: base64(bea) })).errorCode).toBe('0');
  });
});

describe('persons/quick/add', () => {
  const quick = (body: Record<string, unknown>) => persons('quick/add', { personInfo: person, ...body });

  it('adds everything in one call', async () => {
    const body = { photoData: base64(anna), pinCode: '33456', aceessLevelList: [mainLevel] };
    expect(await quick(body)).toEqual({ data: { personId: expect.any(String) }, errorCode: '0' });
    expect(tenant.platform.people()).toMatchObject([{ photo: anna, access: ['Main building'] }]);
  });

  it('keeps the person and tells inside a success what failed', async () => {
    const { errorCode, data } = await quick({ photoData: 'ddd', pinCode: '1', aceessLevelList: [mainLevel, '404'] });
    expect(errorCode).toBe('0');
    const personId = tenant.platform.people()[0]?.id;
    expect(data).toEqual({
      personId,
      photoFailed: { personId, errorCode: 'CCF038062', message: expect.any(String) },
      pinCodeFailed: { personId, errorCode: 'CCF038061', message: expect.any(String) },
      accessLevelFailed: {
        errorCode: '0',
        message: '',
        personAccessLevelFailedList: [
          { personId, personName: 'Anna Lim', accessLevelId: '404', accessLevelName: '', errorCode: 'VMS040016' },
        ],
      },
    });
  });

  it('knows only the spelling of the document', async () => {
    await quick({ accessLevelList: [mainLevel] });
    expect(tenant.platform.people()).toMatchObject([{ access: [] }]);
  });

  it('adds nobody when the person itself is refused', async () => {
    expect((await quick({ personInfo: { ...person, lastName: '' } })).errorCode).toBe('OPEN000010');
    expect((await persons('quick/add', {})).errorCode).toBe('OPEN000010');
    expect(tenant.platform.people()).toEqual([]);
  });
});

describe('persons/list', () => {
  const list = (body: Record<string, unknown>) => persons('list', { pageIndex: 1, pageSize: 10, ...body });

  it('searches by name, e-mail and phone, and not by code', async () => {
    const personId = await add();
    await add({ ...another, firstName: 'Bea' });
    for (const filter of [{ name: 'anna l' }, { email: 'ANNA@' }, { phone: '601234' }, { name: 'Lim', phone: '+60' }]) {
      const { data } = await list({ filter });
      expect(data).toMatchObject([{ personInfo: { personId, personCode: 'TP012345', startDate: 1772380800000 } }]);
    }
    expect((await list({ filter: { personCode: 'TP012345' } })).data).toHaveLength(2);
    expect((await list({ pageIndex: 2, pageSize: 1 })).data).toMatchObject([{ personInfo: { personCode: 'B2' } }]);
  });

  it('refuses pages out of range', async () => {
    expect((await list({ pageIndex: 0 })).errorCode).toBe('OPEN000010');
    expect((await list({ pageSize: 101 })).errorCode).toBe('OPEN000025');
    expect((await persons('list', {})).errorCode).toBe('OPEN000010');
  });

  it('can nest as live servers were seen to', async () => {
    const live = await startTenant({ listShape: 'observed' });
    const key = await live.signIn();
    await live.post('/api/hccgw/person/v1/persons/add', person, key);
    const { data } = await live.post('/api/hccgw/person/v1/persons/list', { pageIndex: 1, pageSize: 10 }, key);
    expect(data).toMatchObject({ totalNum: 1, personList: [{ personInfo: { personCode: 'TP012345' } }] });
    await live.close();
  });
});

describe('persons/get and persons/delete', () => {
  it('take the id under either name, and several ids at once', async () => {
    const ids = [await add(), await add(another)];
    for (const name of ['personId', 'Id'])
      expect((await persons('get', { [name]: ids[0] })).data).toMatchObject({ personInfo: { personId: ids[0] } });
    expect((await persons('delete', { personId: `${ids[0]},1` })).errorCode).toBe('CCF038023');
    expect(tenant.platform.people()).toHaveLength(2);
    expect((await persons('delete', { personId: ids.join(',') })).errorCode).toBe('0');
    expect((await persons('get', { personId: ids[0] })).errorCode).toBe('CCF038023');
  });
});

describe('access', () => {
  const detail = (id: string, body: unknown = { returnSuccess: true }) =>
    tenant.post(`/api/hccgw/acspm/v1/maintain/overview/person/${id}/elementdetail`, body, token);
  const give = (personId: string, accessLevelIdList: string[], call = 'person/add') =>
    levels(call, { personList: [{ personId, accessLevelIdList }] });
  const access = () => tenant.platform.people()[0]?.access;

  it('levels are listed inside their envelope', async () => {
    const accessLevelSearchRequest = { pageIndex: 1, pageSize: 1, searchCriteria: { accessLevelName: '' } };
    expect((await levels('list', { accessLevelSearchRequest })).data).toMatchObject({
      accessLevelResponse: { totalNum: 2, accessLevelList: [{ id: mainLevel, name: 'Main building' }] },
    });
    expect((await levels('list', { pageIndex: 1 })).errorCode).toBe('OPEN000010');
  });

  it('is added, removed and replaced', async () => {
    const id = await add();
    expect(await give(id, [mainLevel])).toEqual({ errorCode: '0' });
    await give(id, [laboratoryLevel]);
    expect(access()).toEqual(['Main building', 'Laboratory']);
    await give(id, [mainLevel], 'person/delete');
    expect(access()).toEqual(['Laboratory']);
    await give(id, [mainLevel], 'person/modify');
    expect(access()).toEqual(['Main building']);
    await levels('person/delete', { personList: [{ personId: id, deleteAll: true }] });
    expect(access()).toEqual([]);
  });

  it('tells inside a success what it could not give', async () => {
    const id = await add();
    const { errorCode, data } = await give(id, [mainLevel, '404']);
    expect(errorCode).toBe('0');
    expect(data).toMatchObject([
      { accessLevelFailed: [{ personId: id, accessLevelId: '404', errorCode: 'VMS040016' }] },
    ]);
    expect((await give('1', [mainLevel])).data).toMatchObject([{ accessLevelFailed: [{ errorCode: 'CCF038023' }] }]);
    expect((await give('abc', [mainLevel])).errorCode).toBe('OPEN000010');
    expect((await levels('person/add', {})).errorCode).toBe('OPEN000010');
    expect(access()).toEqual(['Main building']);
  });

  it('is pending for 300 ms, then applied', async () => {
    const id = await add();
    await persons('photo', { personId: id, photoData: base64(anna) });
    await give(id, [mainLevel]);
    const statuses = async (body?: unknown) => {
      const { data } = await detail(id, body);
      return (data as { elementDetailList: { elementStatus: { status: number } }[] }).elementDetailList.map(
        ({ elementStatus }) => elementStatus.status,
      );
    };
    expect(await statuses()).toEqual([1, 1]);
    expect(await statuses()).toEqual([0, 0]);
    expect(await statuses({ returnSuccess: false })).toEqual([]);
    await persons('photo', { personId: id, photoData: base64(bea) });
    expect(await statuses({})).toEqual([1, 1]);
  });

  it('fails without a credential, with a face the device refuses, and with a tiny one', async () => {
    const id = await add();
    await give(id, [laboratoryLevel]);
    tenant.clock.now += 300;
    const failed = (element: Record<string, unknown>) => ({
      elementDetailList: [{ name: 'Laboratory-Door 1', ...element }],
    });
    expect((await detail(id)).data).toMatchObject(failed({ elementStatus: { status: 2, errorCode: 'VMS040018' } }));

    const face = (errorCode: string) =>
      failed({ elementStatus: { status: 2 }, certificateStatusList: [{ status: 2, type: 2, errorCode }] });
    const tiny = await sharp(anna).resize(24, 32).jpeg({ quality: 30 }).toBuffer();
    await persons('photo', { personId: id, photoData: base64(tiny) });
    tenant.clock.now += 300;
    expect((await detail(id)).data).toMatchObject(face('THD_ISAPI_0x6000603c'));

    await persons('photo', { personId: id, photoData: base64(anna) });
    tenant.clock.now += 300;
    tenant.platform.failApplying(id, 'THD_ISAPI_0x60000036');
    expect((await detail(id)).data).toMatchObject(face('THD_ISAPI_0x60000036'));
    tenant.platform.failApplying(id, '');
    expect((await detail(id)).data).toMatchObject(failed({ elementStatus: { status: 0 } }));
    expect((await detail('1')).errorCode).toBe('CCF038023');
  });
});

describe('credentials', () => {
  it('a PIN is four to eight digits, nobody else’s, and goes when left out', async () => {
    const [id, other] = [await add(), await add(another)];
    const pin = (personId: string, pinCode?: string) => persons('updatepincode', { personId, pinCode });
    expect((await pin(id, '3452')).errorCode).toBe('0');
    for (const bad of ['345', '345678901', '34a2']) expect((await pin(id, bad)).errorCode).toBe('CCF038061');
    expect((await pin(other, '3452')).errorCode).toBe('CCF038055');
    expect((await pin(id)).errorCode).toBe('0');
    expect((await persons('get', { personId: id })).data).toMatchObject({ pinCode: '' });
  });

  it('cards replace cards, two at most, each once', async () => {
    const [id, other] = [await add(), await add(another)];
    const cards = (personId: string, cardList?: unknown) => persons('updatecards', { personId, cardList });
    expect(await cards(id, [{ cardNo: '892' }])).toEqual({ errorCode: '0' });
    expect((await cards(id, [{ cardNo: '1' }, { cardNo: '2' }, { cardNo: '3' }])).errorCode).toBe('CCF038032');
    const failed = await cards(other, [{ cardNo: '892' }, { cardNo: 'x'.repeat(21) }]);
    expect(failed).toMatchObject({
      errorCode: '0',
      data: { cardFailed: { cardList: [{ errorCode: 'CCF038034' }, { errorCode: 'CCF038036' }] } },
    });
    await cards(id, [{ cardNo: '893' }]);
    expect((await persons('get', { personId: id })).data).toMatchObject({ cardList: [{ cardNo: '893' }] });
    await cards(id);
    expect((await persons('get', { personId: id })).data).toMatchObject({ cardList: [] });
  });

  it('fingerprints are hexadecimal and nobody else’s', async () => {
    const [id, other] = [await add(), await add(another)];
    const finger = (personId: string, data: string) =>
      persons('updatefingers', { personId, fingerList: [{ name: 'r2', data }] });
    expect(await finger(id, '90030500A3')).toEqual({ errorCode: '0' });
    for (const [data, errorCode] of [
      ['90030500A3', 'CCF038067'],
      ['no hex', 'CCF038060'],
      ['0'.repeat(1025), 'CCF038066'],
    ] as const)
      expect((await finger(other, data)).data).toMatchObject({ fingerFailed: { fingerList: [{ errorCode }] } });
  });
});

describe('departments', () => {
  it('are searched, added, edited and deleted', async () => {
    const all = await groups('search', {});
    expect(all.data).toMatchObject({
      personGroupList: [
        { groupId: '1', childNodeExist: true },
        { groupId: staffGroup, parentId: '1', groupFullPath: 'All Departments/Staff' },
        { groupName: 'Visitors' },
      ],
    });
    const { data } = await groups('add', { groupName: 'Library' });
    const { groupId } = data as { groupId: string };
    expect((await groups('search', { groupIdList: [groupId] })).data).toMatchObject({
      personGroupList: [{ groupName: 'Library' }],
    });
    expect((await groups('update', { groupId, groupName: '', parentId: staffGroup })).errorCode).toBe('0');
    expect((await groups('search', { parentGroupId: staffGroup, groupName: 'lib' })).data).toMatchObject({
      personGroupList: [{ groupId, groupFullPath: 'All Departments/Staff/Library' }],
    });
    expect((await groups('update', { groupId: staffGroup, parentId: groupId })).errorCode).toBe('OPEN000010');
    expect((await groups('delete', { groupId })).errorCode).toBe('0');
    expect((await groups('delete', { groupId })).errorCode).toBe('CCF038009');
    expect((await groups('delete', { groupId: '1' })).errorCode).toBe('OPEN000010');
    expect((await groups('add', { groupName: 'x'.repeat(65) })).errorCode).toBe('CCF038002');
    expect((await groups('add', { groupName: 'Library', areaId: '404' })).errorCode).toBe('OPEN000031');
  });
});

describe('residents', () => {
  const vims = (call: string, body: unknown) => tenant.post(`/api/hccgw/vims/v1/${call}`, body, token);
  const everywhere = { pageNum: 1, pageSize: 10, searchCriteria: { areaId: '-1', isContainSubArea: 1 } };
  const base = {
    firstName: 'Anna',
    lastName: 'Lim',
    gender: 0,
    email: 'anna@example.org',
    groupId: staffGroup,
    startDate: '2026-03-02T09:00:00+08:00',
    endDate: '2030-03-02T09:00:00+08:00',
  };
  type Rooms = { roomList: { roomId: string; buildId: string; areaId: string }[] };
  const rooms = async () => ((await vims('room/search', everywhere)).data as Rooms).roomList;

  it('live in rooms, all of which an update must name', async () => {
    const [first, second] = await rooms();
    const live = (room: typeof first, accountType: number) => ({ ...room, accountType });
    const { data } = await vims('person/add', { personBaseInfo: base, roomList: [live(first, 1), live(second, 0)] });
    const { personId } = data as { personId: string };
    expect((await vims('person/search', everywhere)).data).toMatchObject({
      totalNum: 1,
      personList: [{ personId, roomList: [{ accountType: 1 }, { accountType: 0 }] }],
    });
    const update = { personBaseInfo: { ...base, id: personId }, roomList: [live(second, 1)] };
    expect((await vims('person/update', update)).errorCode).toBe('0');
    expect((await vims('person/search', everywhere)).data).toMatchObject({
      personList: [{ roomList: [{ roomId: second?.roomId }] }],
    });
    expect((await vims('person/delete', { deleteList: [personId] })).errorCode).toBe('0');
    expect((await vims('person/search', everywhere)).data).toMatchObject({ totalNum: 0 });
    const get = await tenant.post('/api/hccgw/person/v1/persons/get', { personId }, token);
    expect(get.errorCode).toBe('0');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['without an e-mail address', { email: undefined }, 'OPEN000010'],
    ['new, with a code of our own', { personCode: 'TP1' }, 'OPEN000010'],
    ['unknown', { id: '404', personCode: 'TP1' }, 'CCF038023'],
  ])('are refused %s', async (_what, changes, errorCode) => {
    const [room] = await rooms();
    const body = { personBaseInfo: { ...base, ...changes }, roomList: [{ ...room, accountType: 0 }] };
    expect((await vims('person/add', body)).errorCode).toBe(errorCode);
  });

  it('are searched with `searchCriteria` and its area', async () => {
    const { searchCriteria, ...page } = everywhere;
    expect((await vims('person/search', { ...page, searchRequest: searchCriteria })).errorCode).toBe('OPEN000010');
    expect((await vims('person/search', { ...page, searchCriteria: {} })).errorCode).toBe('OPEN000010');
  });
});

describe('devices that read', () => {
  it('give a card number and a fingerprint, when they exist', async () => {
    const collect = (what: string, deviceSerial: string) =>
      tenant.post(`/api/hccgw/person/v1/persons/${what}collect`, { deviceSerial }, token);
    expect((await collect('card', 'AF6590718')).data).toMatchObject({ cardNo: expect.stringMatching(/^\d+$/) });
    expect((await collect('finger', 'AF6590718')).data).toMatchObject({ fingerQuality: 92 });
    expect((await collect('card', 'nothing')).errorCode).toBe('VMS021307');
  });
});

describe('temporary passes', () => {
  const passes = (call: string, body: unknown) => tenant.post(`/api/hccgw/vims/v1/tempauth/${call}`, body, token);
  const pass = {
    name: 'Courier',
    openCount: 2,
    startTime: '2026-03-02T09:00:00+08:00',
    endTime: '2027-03-02T18:00:00+08:00',
    clientLocalTime: '2026-03-02T09:00:00+08:00',
    alIds: [mainLevel],
  };

  it('are added, found, changed and deleted', async () => {
    const { data } = await passes('add', pass);
    expect(data).toMatchObject({ name: 'Courier', expiredStatus: 0, password: expect.stringMatching(/^\d{8}$/) });
    const { id, password } = data as { id: string; password: string };
    await passes('update', { ...pass, id, openCount: 9 });
    const got = await passes('get', { id, clientLocalTime: pass.clientLocalTime });
    expect(got.data).toMatchObject({ openCount: 9, password, accessLevelList: [{ accessLevelName: 'Main building' }] });
    const found = await passes('list', { pageNum: 1, pageSize: 10, searchRequest: { filter: { name: 'cour' } } });
    expect(found.data).toMatchObject({ totalNum: 1, tempAuthList: [{ id }] });
    expect((await passes('delete', { deleteList: [id] })).errorCode).toBe('0');
    expect((await passes('get', { id, clientLocalTime: pass.clientLocalTime })).errorCode).toBe('VMS000003');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a name of 33', { name: 'x'.repeat(33) }, 'OPEN000010'],
    ['201 openings', { openCount: 201 }, 'OPEN000010'],
    ['an unknown level', { alIds: ['404'] }, 'VMS040016'],
    ['no time of the client', { clientLocalTime: undefined }, 'OPEN000010'],
    ['milliseconds as text', { endTime: '1772380800000' }, 'OPEN000026'],
  ])('are refused for %s', async (_what, changes, errorCode) => {
    expect((await passes('add', { ...pass, ...changes })).errorCode).toBe(errorCode);
  });
});
