import { beforeAll, describe, expect, it } from 'vitest';
import { hikconnect } from '#platforms/hikconnect/index';
import { ANNA, connect, faultOf, jobFor, type Recorded, recorder, rendered } from './support/cloud-rig.ts';

let anna: Uint8Array;
beforeAll(async () => {
  anna = await rendered(hikconnect);
});

const keys = { appKey: 'a-key-of-the-account', secretKey: 'a-secret-of-the-account' };
const config = (url: string) => ({ kind: 'hikconnect', baseUrl: url, ...keys, groupId: '7', accessLevelIds: ['11'] });
const ok = (data?: unknown) => ({ errorCode: '0', ...(data === undefined ? {} : { data }) });
const token = (areaDomain: string, value = 'hcc.token') =>
  ok({ accessToken: value, expireTime: Math.floor(Date.now() / 1000) + 604_800, userId: 'u', areaDomain });
const json = ({ body }: Recorded) => JSON.parse(body.toString('utf8'));
const P = '/api/hccgw/person/v1/persons';

describe('Hik-Connect on the wire', () => {
  it('makes later calls at areaDomain, with the token there and the keys nowhere but at the token', async () => {
    const area = await recorder(({ path }) => ok(path.endsWith('/quick/add') ? { personId: '1' } : {}));
    const front = await recorder(() => token(area.url));
    const connector = connect(hikconnect, config(front.url));
    expect(await connector.enrol(jobFor(anna))).toMatchObject({ personId: '1', created: true });
    expect(front.requests.map(({ path }) => path)).toEqual(['/api/hccgw/platform/v1/token/get']);
    expect(front.requests.map(json)).toEqual([keys]);
    expect(area.requests.map(({ path }) => path)).toEqual([`${P}/list`, `${P}/quick/add`]);
    for (const { headers, body } of area.requests) {
      expect(headers.token).toBe('hcc.token');
      expect(headers['content-type']).toBe('application/json');
      expect(body.includes(keys.secretKey)).toBe(false);
    }
    await Promise.all([connector.close(), area.close(), front.close()]);
  });

  it('sends what 5.8.15 lists, spelt as there, and nothing else', async () => {
    const server = await recorder(({ path }) =>
      path.endsWith('/token/get') ? token('') : ok(path.endsWith('/quick/add') ? { personId: 5 } : []),
    );
    const connector = connect(hikconnect, config(server.url));
    const person = { ...ANNA, phone: '110', email: 'a@b.cd', remark: 'r', validTo: '2030-01-01T00:00:00+08:00' };
    await connector.enrol(jobFor(anna, { person }));
    const added = server.requests.find(({ path }) => path.endsWith('/quick/add'));
    const body = added && json(added);
    expect(Object.keys(body).sort()).toEqual(['aceessLevelList', 'personInfo', 'photoData']);
    expect(body.aceessLevelList).toEqual(['11']);
    expect(new Uint8Array(Buffer.from(body.photoData, 'base64'))).toEqual(anna);
    const { startDate, ...rest } = body.personInfo;
    expect(startDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
    expect(rest).toEqual({
      groupId: '7',
      personCode: ANNA.code,
      firstName: 'Anna',
      lastName: 'Lim',
      gender: 0,
      phone: '110',
      email: 'a@b.cd',
      description: 'r',
      endDate: '2030-01-01T00:00:00+08:00',
    });
    await Promise.all([connector.close(), server.close()]);
  });

  it('pages through a search that cannot ask for the code, and compares the code itself', async () => {
    const everybody = Array.from({ length: 250 }, (_, n) => ({
      personInfo: { personId: String(n), personCode: n === 249 ? ANNA.code : `${ANNA.code}X${n}`, headPicUrl: 'u' },
    }));
    const server = await recorder((request) => {
      if (request.path.endsWith('/token/get')) return token('');
      if (request.path.endsWith('/elementdetail')) return ok({ elementDetailList: [] });
      const { pageIndex, pageSize, filter } = json(request);
      expect(filter).toBeUndefined();
      return ok({ personList: everybody.slice((pageIndex - 1) * pageSize, pageIndex * pageSize) });
    });
    const connector = connect(hikconnect, config(server.url));
    const found = await connector.verify(ANNA.code, 'staff', AbortSignal.timeout(20_000));
    expect(found).toMatchObject({ person: true, personId: '249', photo: true, access: 'none' });
    expect(server.requests.filter(({ path }) => path === `${P}/list`)).toHaveLength(3);
    const asked = server.requests.find(({ path }) => path.includes('elementdetail'));
    expect(asked?.path).toBe('/api/hccgw/acspm/v1/maintain/overview/person/249/elementdetail');
    expect(asked && json(asked)).toEqual({ returnSuccess: true });
    await Promise.all([connector.close(), server.close()]);
  });

  it('asks for one token however many wait for it', async () => {
    const server = await recorder(({ path }) => (path.endsWith('/token/get') ? token('') : ok([])));
    const connector = connect(hikconnect, config(server.url));
    const signal = AbortSignal.timeout(20_000);
    await Promise.all(['A', 'B', 'C'].map((code) => connector.verify(code, 'staff', signal)));
    expect(server.requests.filter(({ path }) => path.endsWith('/token/get'))).toHaveLength(1);
    await Promise.all([connector.close(), server.close()]);
  });

  it('slows everybody down when the platform says "too often" in its own words', async () => {
    let busy = true;
    const server = await recorder(({ path }) => {
      if (path.endsWith('/token/get')) return token('');
      const answer = busy ? { errorCode: 'VMS000009', message: 'busy' } : ok([]);
      busy = false;
      return answer;
    });
    const connector = connect(hikconnect, config(server.url));
    const signal = AbortSignal.timeout(20_000);
    expect(await faultOf(connector.verify('A', 'staff', signal))).toMatchObject({ kind: 'rate' });
    await connector.verify('A', 'staff', signal);
    const [refused, accepted] = server.requests.filter(({ path }) => path === `${P}/list`);
    expect((accepted?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThan(950);
    await Promise.all([connector.close(), server.close()]);
  });

  it('lets no secret and no token out, whatever the platform echoes', async () => {
    const server = await recorder(({ path }) =>
      path.endsWith('/token/get')
        ? token('', 'hcc.verysecrettoken')
        : { errorCode: 'NEW00001', message: `Token=hcc.verysecrettoken of ${keys.secretKey}` },
    );
    const connector = connect(hikconnect, config(server.url));
    const fault = await faultOf(connector.verify('A', 'staff', AbortSignal.timeout(20_000)));
    expect(fault).toMatchObject({ kind: 'protocol', code: 'NEW00001' });
    expect(JSON.stringify(fault)).not.toMatch(/verysecrettoken|a-secret-of/);
    await Promise.all([connector.close(), server.close()]);
  });

  it('refuses a person the platform would refuse before anything is sent', async () => {
    const server = await recorder(() => ok());
    const connector = connect(hikconnect, config(server.url));
    const person = { ...ANNA, validTo: '2040-01-01T00:00:00+08:00' };
    expect(await faultOf(connector.enrol(jobFor(anna, { person })))).toMatchObject({
      kind: 'validation',
      field: 'validTo',
    });
    expect(server.requests).toEqual([]);
    await Promise.all([connector.close(), server.close()]);
  });

  it('names a configuration field it does not know', () => {
    const parsed = hikconnect.config.safeParse({ ...config('https://x.example'), appSecret: 'x' });
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toContain('appSecret');
  });
});
