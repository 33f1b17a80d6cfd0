import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '#lab/index';
import { megvii } from '#platforms/megvii/index';
import type { Person } from '#shared/person';
import { BEA, portrait } from '../fixtures/faces.ts';
import { ANNA, connect, faultOf, jobFor, type Recorded, recorder, rendered } from './support/cloud-rig.ts';

let lab: Lab;
let anna: Uint8Array;
let bea: Uint8Array;
const signal = () => AbortSignal.timeout(30_000);
const entry = () => lab.config.platforms.megvii as Record<string, unknown>;
const people = () => lab.people().megvii ?? [];
const paths = () => lab.log('megvii').map(({ path }) => path);

beforeAll(async () => {
  lab = await startLab();
  [anna, bea] = await Promise.all([rendered(megvii), rendered(megvii, await portrait(BEA))]);
});
afterEach(() => lab.reset());
afterAll(() => lab.close());

describe('Megvii against the lab', () => {
  it('enrols step by step, with the very picture, in its group, and verifies', async () => {
    const connector = connect(megvii, entry());
    const job = jobFor(anna);
    const outcome = await connector.enrol(job);
    expect(outcome).toMatchObject({ state: 'delivered', created: true, warnings: [] });
    expect(job.steps).toEqual(['person/list', 'qualityJudge', 'uploadImage', 'person/batchAdd']);
    const [person, ...others] = people();
    expect(others).toEqual([]);
    expect(person).toMatchObject({ key: ANNA.code, kind: 'staff', name: 'Anna Lim', details: { sex: '2' } });
    expect(person?.photo && new Uint8Array(person.photo)).toEqual(anna);
    expect(person?.access).toHaveLength(1);
    expect(await connector.verify(ANNA.code, 'staff', signal())).toEqual({
      person: true,
      photo: true,
      access: 'applied',
      personId: person?.id,
      detail: '2 doors let the person in, by the time plan 默认时间计划',
    });
    await connector.close();
  });

  it('brings an existing person up to date with a new picture', async () => {
    const connector = connect(megvii, entry());
    await connector.enrol(jobFor(anna));
    const renamed: Person = { ...ANNA, name: { display: 'Anna Lim-Tan' } };
    const job = jobFor(bea, { person: renamed });
    expect(await connector.enrol(job)).toMatchObject({ state: 'delivered', created: false });
    expect(job.steps).toEqual(['person/list', 'person/query', 'qualityJudge', 'uploadImage', 'person/update']);
    expect(people()).toHaveLength(1);
    expect(people()[0]).toMatchObject({ name: 'Anna Lim-Tan', key: ANNA.code });
    expect(new Uint8Array(people()[0]?.photo ?? [])).toEqual(bea);
    await connector.close();
  });

  it('stops where it was asked not to change anybody', async () => {
    const connector = connect(megvii, entry());
    await connector.enrol(jobFor(anna));
    const fault = await faultOf(connector.enrol(jobFor(bea, { onExisting: 'stop' })));
    expect(fault).toMatchObject({ kind: 'exists', field: 'code' });
    expect(new Uint8Array(people()[0]?.photo ?? [])).toEqual(anna);
    await connector.close();
  });

  it('does not take a code that merely contains ours for ours', async () => {
    const connector = connect(megvii, entry());
    await connector.enrol(jobFor(bea, { person: { ...ANNA, code: 'XTP0123456', name: { display: 'Bea' } } }));
    expect(await connector.verify('TP012345', 'staff', signal())).toMatchObject({ person: false });
    expect(await connector.remove('TP012345', 'staff', signal())).toBe(false);
    expect(await connector.enrol(jobFor(anna))).toMatchObject({ created: true });
    expect(
      people()
        .map(({ key }) => key)
        .sort(),
    ).toEqual(['TP012345', 'XTP0123456']);
    await connector.close();
  });

  it('reads the failures inside code 0', async () => {
    const connector = connect(megvii, entry());
    await connector.enrol(jobFor(bea, { person: { ...ANNA, code: 'OTHER', phone: '81234567' } }));
    const fault = await faultOf(connector.enrol(jobFor(anna, { person: { ...ANNA, phone: '81234567' } })));
    expect(fault).toMatchObject({ kind: 'validation', code: '101007', field: 'phone' });
    expect(people()).toHaveLength(1);
    await connector.close();
  });

  it('asks the box’s own judgement before anything is kept', async () => {
    const connector = connect(megvii, entry());
    const dark = await sharp(anna).linear(0.08, 0).jpeg().toBuffer();
    const blurred = await sharp(anna).blur(20).jpeg().toBuffer();
    for (const [picture, code, word] of [
      [dark, '101055', 'brightness'],
      [blurred, '101050', 'blur'],
      [anna.slice(0, 3_000), '101066', 'format'],
    ] as const) {
      const fault = await faultOf(connector.enrol(jobFor(new Uint8Array(picture))));
      expect(fault).toMatchObject({ kind: 'quality', code });
      expect(fault.message).toContain(word);
    }
    expect(people()).toEqual([]);
    expect(paths()).not.toContain('/v1/api/person/uploadImage');
    await connector.close();
  });

  it('enrols one person, once, when the answer to batchAdd is lost', async () => {
    const connector = connect(megvii, { ...entry(), timeouts: { headersMs: 400 } });
    await lab.order({ platform: 'megvii', mode: 'act-then-hang', path: '/person/batchAdd', times: 1 });
    expect(await faultOf(connector.enrol(jobFor(anna)))).toMatchObject({ kind: 'time-out' });
    expect(people()).toHaveLength(1);
    // Not even `stop` refuses what was our own doing.
    expect(await connector.enrol(jobFor(anna, { onExisting: 'stop', resumed: true }))).toMatchObject({
      state: 'delivered',
    });
    expect(people()).toHaveLength(1);
    expect(paths().filter((path) => path.endsWith('/batchAdd'))).toHaveLength(1);
    await connector.close();
  });

  it('goes on after a lost answer at every other step', async () => {
    const connector = connect(megvii, { ...entry(), timeouts: { headersMs: 400 } });
    for (const path of ['/person/list', '/qualityJudge', '/uploadImage']) {
      await lab.order({ platform: 'megvii', mode: 'act-then-hang', path, times: 1 });
      expect(await faultOf(connector.enrol(jobFor(anna)))).toMatchObject({ kind: 'time-out' });
    }
    expect(await connector.enrol(jobFor(anna))).toMatchObject({ created: true });
    for (const path of ['/person/query', '/person/update']) {
      await lab.order({ platform: 'megvii', mode: 'act-then-hang', path, times: 1 });
      expect(await faultOf(connector.enrol(jobFor(bea)))).toMatchObject({ kind: 'time-out' });
    }
    expect(await connector.enrol(jobFor(bea))).toMatchObject({ created: false });
    expect(people()).toHaveLength(1);
    await connector.close();
  });

  it('enrols a visitor of a host given by code or by name', async () => {
    const connector = connect(megvii, entry());
    const visitor: Person = {
      kind: 'visitor',
      code: 'V1',
      name: { display: 'Bea Tan' },
      phone: '+65 8123 4567',
      visit: { host: ANNA.code, from: '2026-11-22T09:00:00+08:00', to: '2026-11-22T18:00:00+08:00' },
    };
    const fault = await faultOf(connector.enrol(jobFor(bea, { person: visitor })));
    expect(fault).toMatchObject({ kind: 'validation', field: 'visit.host', code: 'host-unknown' });

    await connector.enrol(jobFor(anna));
    expect(await connector.enrol(jobFor(bea, { person: visitor }))).toMatchObject({ created: true });
    const named = { ...visitor, visit: { ...visitor.visit, host: 'Anna Lim' } };
    expect(await connector.enrol(jobFor(bea, { person: named }))).toMatchObject({ created: false });
    const found = people().find(({ kind }) => kind === 'visitor');
    expect(found).toMatchObject({ key: 'V1', details: { phone: '6581234567' } });
    expect(await connector.verify('V1', 'visitor', signal())).toMatchObject({ person: true, access: 'applied' });
    expect(await connector.remove('V1', 'visitor', signal())).toBe(true);
    expect(people()).toHaveLength(1);
    await connector.close();
  });

  it('removes', async () => {
    const connector = connect(megvii, entry());
    await connector.enrol(jobFor(anna));
    expect(await connector.remove(ANNA.code, 'staff', signal())).toBe(true);
    expect(people()).toEqual([]);
    expect(await connector.remove(ANNA.code, 'staff', signal())).toBe(false);
    expect(await connector.verify(ANNA.code, 'staff', signal())).toMatchObject({ person: false, photo: null });
    await connector.close();
  });

  it('tests the connection and works in the box’s time when clocks differ', async () => {
    const connector = connect(megvii, entry());
    expect(await connector.test(signal())).toMatchObject({ skewMs: 0 });
    await lab.order({ platform: 'megvii', mode: 'clock', ms: 5 * 3_600_000 });
    const { skewMs } = await connector.test(signal());
    expect(Math.abs((skewMs ?? 0) - 5 * 3_600_000)).toBeLessThan(5_000);
    expect(await connector.enrol(jobFor(anna))).toMatchObject({ created: true });
    await connector.close();
  });

  it('tells a wrong key from a wrong clock', async () => {
    const connector = connect(megvii, { ...entry(), secretKey: 'not-the-secret' });
    expect(await faultOf(connector.test(signal()))).toMatchObject({ kind: 'auth', code: '100008' });
    await lab.order({ platform: 'megvii', mode: 'clock', ms: -3_600_000 });
    expect(await faultOf(connector.test(signal()))).toMatchObject({ kind: 'auth' });
    await connector.close();
  });

  it.each([
    ['off', {}, 'unreachable'],
    ['hang', {}, 'time-out'],
    ['html', { status: 200 }, 'protocol'],
    ['garbage', { status: 200 }, 'protocol'],
    ['status', { status: 502 }, 'server'],
    ['busy', {}, 'server'],
    ['rate', {}, 'rate'],
  ] as const)('says what is wrong when the box is %s', async (mode, more, kind) => {
    const connector = connect(megvii, { ...entry(), timeouts: { headersMs: 300, connectMs: 300 } });
    await lab.order({ platform: 'megvii', mode, ...more });
    expect((await faultOf(connector.enrol(jobFor(anna)))).kind).toBe(kind);
    await lab.clearFaults();
    expect(people()).toEqual([]);
    expect(await connector.enrol(jobFor(anna))).toMatchObject({ created: true });
    await connector.close();
  });

  it('refuses a person the box would refuse before anything is sent', async () => {
    const connector = connect(megvii, entry());
    const fault = await faultOf(connector.enrol(jobFor(anna, { person: { ...ANNA, code: 'TP-1' } })));
    expect(fault).toMatchObject({ kind: 'validation', field: 'code' });
    expect(paths()).toEqual([]);
    await connector.close();
  });

  it('stops when interrupted', async () => {
    const connector = connect(megvii, entry());
    await lab.order({ platform: 'megvii', mode: 'hang' });
    const controller = new AbortController();
    const outcome = faultOf(connector.enrol(jobFor(anna, { signal: controller.signal })));
    setTimeout(() => controller.abort(), 50);
    expect(await outcome).toMatchObject({ kind: 'time-out', code: 'aborted' });
    await connector.close();
  });

  it('never calls what would replace a group, judge by the lowest standard, or toggle the uuid switch', async () => {
    const connector = connect(megvii, entry());
    await connector.enrol(jobFor(anna));
    await connector.enrol(jobFor(bea));
    await connector.remove(ANNA.code, 'staff', signal());
    expect(paths().filter((path) => /batchUpdatePerson|config\/uploadImage|personUuidSwitch/.test(path))).toEqual([]);
    await connector.close();
  });
});

describe('Megvii on the wire', () => {
  const keys = { appKey: 'appkey1', secretKey: 'sdfajk3242324fa!djq7' };
  const md5 = (text: string | Buffer) => createHash('md5').update(text).digest('hex');
  const ok = (data?: unknown) => ({ code: 0, msg: '成功', ...(data === undefined ? {} : { data }) });
  const config = (url: string) => ({ kind: 'megvii', baseUrl: url, ...keys });
  let answers: Record<string, (request: Recorded) => unknown>;
  beforeEach(() => {
    answers = {
      '/v1/api/person/list': () => ok({ list: [], total: 0 }),
      '/v1/api/misc/file/qualityJudge': () => ok(),
      '/v1/api/person/uploadImage': () => ok({ uri: 'the-uri' }),
      '/v1/api/person/batchAdd': () => ok({ successes: [{ uuid: 'u1', code: 0 }], failures: [] }),
      '/v1/api/person/update': () => ok(),
    };
  });
  const serve = () => recorder((request) => answers[request.path]?.(request) ?? { code: 1, msg: 'no such call' });
  const bodies = (requests: readonly Recorded[], path: string) =>
    requests.filter((request) => request.path === path).map(({ body }) => JSON.parse(body.toString('utf8')));

  it('signs the very bytes of each body, and an empty digest for uploads', async () => {
    const server = await serve();
    const connector = connect(megvii, config(server.url));
    await connector.enrol(jobFor(anna, { person: { ...ANNA, name: { display: '林安娜 "Anna" \u00e9' } } }));
    expect(server.requests).toHaveLength(4);
    for (const { path, headers, body, method } of server.requests) {
      const upload = headers['content-type']?.startsWith('multipart/form-data') ?? false;
      expect(upload).toBe(/qualityJudge|uploadImage/.test(path));
      const { ctimestamp, cnonce, cappkey } = headers;
      const digest = upload ? '' : md5(body);
      expect(headers.csign).toBe(
        md5(`${path}-${method}--${digest}-${keys.secretKey}-${ctimestamp}-${cnonce}-${cappkey}`),
      );
      expect(cnonce).toHaveLength(6);
      if (upload) {
        const text = body.toString('latin1');
        expect(text).toMatch(/name="file"; filename="[^"]+\.jpg"/);
        expect(body.includes(Buffer.from(anna))).toBe(true);
      }
    }
    await Promise.all([connector.close(), server.close()]);
  });

  it('keeps the groups others gave a person', async () => {
    const existing = { uuid: 'u1', code: ANNA.code, type: 1, groupList: [{ uuid: 'theirs', name: 'x' }] };
    answers['/v1/api/person/list'] = () => ok({ list: [existing], total: 1 });
    answers['/v1/api/person/query'] = () => ok(existing);
    const server = await serve();
    const connector = connect(megvii, { ...config(server.url), groupUuids: { staff: ['ours'] } });
    await connector.enrol(jobFor(anna));
    expect(bodies(server.requests, '/v1/api/person/update')[0]).toMatchObject({
      uuid: 'u1',
      imageUri: 'the-uri',
      groupList: ['theirs', 'ours'],
    });
    const plain = connect(megvii, config(server.url));
    await plain.enrol(jobFor(anna));
    expect(bodies(server.requests, '/v1/api/person/update')[1]).not.toHaveProperty('groupList');
    await Promise.all([connector.close(), plain.close(), server.close()]);
  });

  it('looks up again when somebody else was faster, and updates', async () => {
    const existing = { uuid: 'rival', code: ANNA.code, type: 1 };
    let there = false;
    answers['/v1/api/person/list'] = () => ok({ list: there ? [existing] : [], total: there ? 1 : 0 });
    answers['/v1/api/person/query'] = () => ok(existing);
    answers['/v1/api/person/batchAdd'] = () => {
      there = true;
      return ok({ successes: [], failures: [{ code: 101011, msg: '员工编号已存在', staffCode: ANNA.code }] });
    };
    const server = await serve();
    const connector = connect(megvii, config(server.url));
    expect(await connector.enrol(jobFor(anna))).toMatchObject({ personId: 'rival', created: false });
    there = false;
    expect(await faultOf(connector.enrol(jobFor(anna, { onExisting: 'stop' })))).toMatchObject({ kind: 'exists' });
    await Promise.all([connector.close(), server.close()]);
  });

  it('takes silence about a person for neither success nor failure', async () => {
    answers['/v1/api/person/batchAdd'] = () => ok({ successes: [], failures: [] });
    const server = await serve();
    const connector = connect(megvii, config(server.url));
    expect(await faultOf(connector.enrol(jobFor(anna)))).toMatchObject({ kind: 'protocol', code: 'batchAdd' });
    await Promise.all([connector.close(), server.close()]);
  });

  it('pages on, even where the box caps a page, until the code is found', async () => {
    const everybody = Array.from({ length: 130 }, (_, n) => ({ uuid: `u${n}`, code: `${ANNA.code}${n}`, type: 1 }));
    everybody.push({ uuid: 'her', code: ANNA.code, type: 1 });
    answers['/v1/api/person/list'] = ({ body }) => {
      const { pageNum } = JSON.parse(body.toString('utf8'));
      return ok({ list: everybody.slice((pageNum - 1) * 50, pageNum * 50), total: everybody.length });
    };
    answers['/v1/api/person/query'] = () => ok({ uuid: 'her', code: ANNA.code, imageUri: 'x' });
    const server = await serve();
    const connector = connect(megvii, config(server.url));
    expect(await connector.verify(ANNA.code, 'staff', signal())).toMatchObject({ person: true, personId: 'her' });
    expect(bodies(server.requests, '/v1/api/person/list').map(({ pageNum }) => pageNum)).toEqual([1, 2, 3]);
    await Promise.all([connector.close(), server.close()]);
  });

  it('does not turn a visitor into staff', async () => {
    const existing = { uuid: 'u1', code: ANNA.code, type: 2 };
    answers['/v1/api/person/list'] = () => ok({ list: [existing], total: 1 });
    answers['/v1/api/person/query'] = () => ok(existing);
    const server = await serve();
    const connector = connect(megvii, config(server.url));
    expect(await faultOf(connector.enrol(jobFor(anna)))).toMatchObject({ kind: 'validation', field: 'kind' });
    await Promise.all([connector.close(), server.close()]);
  });

  it('says which doors did not get the face', async () => {
    const existing = { uuid: 'u1', code: ANNA.code, type: 1, imageUri: 'x', groupList: [{ uuid: 'ours' }] };
    answers['/v1/api/person/list'] = () => ok({ list: [existing], total: 1 });
    answers['/v1/api/person/query'] = () => ok(existing);
    answers['/v1/api/pass/authority/list'] = () => ok({ list: [{ deviceUuid: 'd1' }], total: 1 });
    answers['/v1/api/door/queryFeatureFailList'] = ({ body }) =>
      ok({ list: JSON.parse(body.toString('utf8')).noticeCode === '6' ? [{ personUuid: 'u1' }] : [], total: 1 });
    const server = await serve();
    const connector = connect(megvii, { ...config(server.url), groupUuids: { staff: ['ours'] } });
    expect(await connector.verify(ANNA.code, 'staff', signal())).toMatchObject({ photo: true, access: 'failed' });
    const elsewhere = connect(megvii, { ...config(server.url), groupUuids: { staff: ['ours', 'more'] } });
    expect(await elsewhere.verify(ANNA.code, 'staff', signal())).toMatchObject({ access: 'none' });
    await Promise.all([connector.close(), elsewhere.close(), server.close()]);
  });

  it('lets no secret out, whatever the box echoes', async () => {
    answers['/v1/api/person/list'] = () => ({ code: 199999, msg: `bad key ${keys.secretKey}` });
    const server = await serve();
    const connector = connect(megvii, config(server.url));
    const fault = await faultOf(connector.test(signal()));
    expect(fault).toMatchObject({ kind: 'protocol', code: '199999' });
    expect(JSON.stringify(fault)).not.toContain(keys.secretKey);
    await Promise.all([connector.close(), server.close()]);
  });

  it('names a configuration field it does not know', () => {
    const parsed = megvii.config.safeParse({ ...config('http://127.0.0.1:1'), appSecret: 'x' });
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toContain('appSecret');
  });
});
