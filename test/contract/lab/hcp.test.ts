import { createHash, createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sign, stringToSign } from '../../../src/lab/hcp/signature.ts';
import { type Lab, startLab } from '../../../src/lab/index.ts';
import { blank, png, portrait } from './core-helpers.ts';

const vectors = z
  .array(
    z.object({
      id: z.string(),
      appKey: z.string(),
      appSecret: z.string(),
      method: z.string(),
      path: z.string(),
      headers: z.record(z.string(), z.string()),
      signatureHeaders: z.string(),
      body: z.string(),
      stringToSign: z.string(),
      signature: z.string(),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL('./artemis-vectors.json', import.meta.url), 'utf8')));

let lab: Lab;
let photo: string;
beforeAll(async () => {
  lab = await startLab();
  photo = (await portrait()).toString('base64');
});
afterEach(() => lab.reset());
afterAll(() => lab.close());

type Envelope = { code: string; msg: string; data?: unknown };

/** A raw request: fetch would add headers of its own, and the signature covers them. */
function send(base: string, path: string, headers: Record<string, string>, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body);
    const options = { method: 'POST', headers: { ...headers, 'content-length': bytes.length } };
    request(new URL(path, base), options, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => resolve(Buffer.concat(parts).toString()));
    })
      .on('error', reject)
      .end(bytes);
  });
}

interface Changes {
  key?: string;
  secret?: string;
  timestamp?: number;
  nonce?: string;
  md5?: string;
  after?: (headers: Record<string, string>) => void;
}

/** Signs as artemis.md says, written apart from the lab's own code. */
async function call(path: string, body: unknown, changes: Changes = {}): Promise<Envelope> {
  const full = `/artemis/api/${path}`;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const md5 = changes.md5 ?? createHash('md5').update(text).digest('base64');
  const type = 'application/json;charset=UTF-8';
  const signed = {
    'x-ca-key': changes.key ?? '23456789',
    'x-ca-nonce': changes.nonce ?? randomUUID(),
    'x-ca-timestamp': String(changes.timestamp ?? Date.now()),
  };
  const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}`);
  const string = ['POST', '*/*', md5, type, ...lines, full].join('\n');
  const headers: Record<string, string> = {
    accept: '*/*',
    'content-md5': md5,
    'content-type': type,
    ...signed,
    'x-ca-signature-headers': Object.keys(signed).join(','),
    'x-ca-signature': createHmac('sha256', changes.secret ?? 'Rk9SLVRFU1QtT05MWQ0s')
      .update(string)
      .digest('base64'),
  };
  changes.after?.(headers);
  const answer = await send(String(lab.platforms.get('hcp')?.url), full, headers, text);
  return answer.startsWith('{') ? (JSON.parse(answer) as Envelope) : { code: '0', msg: '', data: answer };
}

const person = (more: object = {}) => ({
  personCode: 'TP012345',
  personFamilyName: 'Lim',
  personGivenName: 'Anna',
  orgIndexCode: '2',
  gender: 2,
  remark: 'v1',
  beginTime: '2026-01-05T00:00:00+08:00',
  endTime: '2027-01-05T23:59:59+08:00',
  faces: [{ faceData: photo }],
  ...more,
});
const add = (more?: object) => call('resource/v1/person/single/add', person(more));
const info = (personCode = 'TP012345') => call('resource/v1/person/personCode/personInfo', { personCode });

describe('signature', () => {
  it.each(vectors.map((vector) => [vector.id, vector] as const))('rebuilds %s', (_id, vector) => {
    const headers = Object.fromEntries(Object.entries(vector.headers).map(([k, v]) => [k.toLowerCase(), v]));
    const seen = { ...headers, 'x-ca-signature-headers': vector.signatureHeaders };
    const text = stringToSign({ method: vector.method, url: vector.path, headers: seen, body: Buffer.alloc(0) });
    expect(text).toBe(vector.stringToSign);
    expect(sign(text, vector.appSecret)).toBe(vector.signature);
  });

  it('takes the vectors over the wire at the time of their timestamp', async () => {
    const then = await startLab({ now: () => 1_718_000_000_123 });
    const base = String(then.platforms.get('hcp')?.url);
    for (const vector of vectors) {
      then.platforms.get('hcp')?.platform.clear();
      const headers = {
        ...vector.headers,
        'x-ca-signature-headers': vector.signatureHeaders,
        'x-ca-signature': vector.signature,
      };
      const answer = JSON.parse(await send(base, vector.path, headers, vector.body)) as Envelope;
      // Past the gateway: nobody of that code or id, or a picture that is none.
      expect(answer.code, vector.id).toBe('128');
    }
    await then.close();
  });

  it('sorts the query into the string to sign', () => {
    const seen = { method: 'GET', url: '/artemis/api/x?b=2&a=1', headers: {}, body: Buffer.alloc(0) };
    expect(stringToSign(seen)).toBe('GET\n/artemis/api/x?a=1&b=2');
  });

  it.each<[string, Changes, string]>([
    ['the secret is wrong', { secret: 'wrong' }, '0x02401003'],
    ['the key is unknown', { key: '1' }, '0x02401001'],
    ['the clock is 16 minutes behind', { timestamp: Date.now() - 960_000 }, '0x02401003'],
    ['the clock is 16 minutes ahead', { timestamp: Date.now() + 960_000 }, '0x02401003'],
    ['the body is another', { md5: createHash('md5').update('other').digest('base64') }, '0x02401003'],
    ['a signed header was changed', { after: (headers) => (headers['x-ca-nonce'] = 'other') }, '0x02401003'],
    ['Accept was rewritten', { after: (headers) => (headers.accept = 'text/html') }, '0x02401003'],
    [
      'Content-Type was rewritten',
      { after: (headers) => (headers['content-type'] = 'application/json') },
      '0x02401003',
    ],
    ['there is no signature', { after: (headers) => delete headers['x-ca-signature'] }, '0x02401002'],
    ['there is no key', { after: (headers) => delete headers['x-ca-key'] }, '0x02401000'],
  ])('refuses when %s', async (_what, changes, code) => {
    expect((await call('resource/v1/person/single/add', person(), changes)).code).toBe(code);
    expect(lab.people().hcp).toEqual([]);
  });

  it('echoes the string to sign and the key, as live gateways do', async () => {
    const { msg } = await call('resource/v1/person/personCode/personInfo', {}, { secret: 'wrong' });
    expect(msg).toContain('StringToSign: POST\n*/*\n');
    expect(msg).toContain('appKey : 23456789');
  });

  it('takes a nonce once', async () => {
    const asked = { personCode: 'TP012345' };
    const path = 'resource/v1/person/personCode/personInfo';
    expect((await call(path, asked, { nonce: 'n' })).code).toBe('128');
    expect((await call(path, asked, { nonce: 'n' })).code).toBe('0x02401003');
  });
});

describe('persons', () => {
  it('adds, and answers with the new id as text', async () => {
    const answer = await add();
    expect(answer).toEqual({ code: '0', msg: 'Success', data: expect.stringMatching(/^\d+$/) });
    expect(lab.people().hcp).toMatchObject([
      { key: 'TP012345', id: answer.data, name: 'Lim Anna', kind: 'staff', access: [], details: { remark: 'v1' } },
    ]);
    expect(lab.people().hcp?.[0]?.photo?.toString('base64')).toBe(photo);
  });

  it('tells a person by code; the two times may carry different offsets', async () => {
    expect(await info()).toEqual({ code: '128', msg: 'The request resource does not exist', data: '' });
    await add();
    const { data } = (await info()) as { data: Record<string, unknown> };
    expect(data).toMatchObject({ personCode: 'TP012345', personFamilyName: 'Lim', gender: 2, remark: 'v1' });
    expect(data.beginTime).toBe('2026-01-05T00:00:00+08:00');
    expect(Date.parse(String(data.endTime))).toBe(Date.parse('2027-01-05T23:59:59+08:00'));
    expect(data.personPhoto).toMatchObject({ picUri: expect.stringMatching(/^\/pic/) });
  });

  it('has an empty picUri where there is no photo', async () => {
    await add({ faces: undefined });
    expect((await info()).data).toMatchObject({ personPhoto: { picUri: '' } });
  });

  it.each(['personCode', 'personFamilyName', 'personGivenName', 'orgIndexCode'])('needs %s', async (field) => {
    expect(await add({ [field]: undefined })).toMatchObject({ code: '2', msg: expect.stringContaining(field) });
    expect((await add({ [field]: '' })).code).toBe('2');
  });

  it.each([
    ['a code of 17 characters', { personCode: 'x'.repeat(17) }, '2'],
    ['a remark of 129', { remark: 'x'.repeat(129) }, '2'],
    ['a gender as text', { gender: '1' }, '2'],
    ['a time without offset', { beginTime: '2026-01-05T00:00:00' }, '2'],
    ['a time that is none', { endTime: '2026-13-45T00:00:00+08:00' }, '2'],
    ['an end before the beginning', { endTime: '2025-01-05T00:00:00+08:00' }, '2'],
    ['an unknown organisation', { orgIndexCode: '99' }, '128'],
  ])('refuses %s', async (_what, more, code) => {
    expect((await add(more)).code).toBe(code);
    expect(lab.people().hcp).toEqual([]);
  });

  it('refuses a code twice, also at the same time', async () => {
    const answers = await Promise.all([add(), add()]);
    expect(answers.map(({ code }) => code).sort()).toEqual(['0', '131']);
  });

  it('takes whole JPEGs of at most 200 KB in bare base64', async () => {
    const large = await portrait(6, 1900, 1500);
    expect(large.length).toBeGreaterThan(200 * 1024);
    const jpeg = await portrait();
    const bad = [
      (await png()).toString('base64'),
      jpeg.subarray(0, jpeg.length / 2).toString('base64'),
      `data:image/jpeg;base64,${photo}`,
      large.toString('base64'),
      'not base64',
    ];
    const refused = { code: '128', msg: 'person data is invalid', data: '' };
    for (const faceData of bad) expect(await add({ faces: [{ faceData }] })).toEqual(refused);
    const personId = (await add()).data;
    for (const faceData of bad)
      expect(await call('resource/v1/person/face/update', { personId, faceData })).toEqual(refused);
  });

  it('ignores the photo in single/update, silently; face/update changes it', async () => {
    const personId = (await add()).data;
    const before = (await info()).data as { personPhoto: { picUri: string } };
    const other = (await portrait(3)).toString('base64');
    const update = { personId, remark: 'v2', faces: [{ faceData: other }] };
    expect(await call('resource/v1/person/single/update', update)).toEqual({ code: '0', msg: 'Success', data: '' });
    expect((await info()).data).toMatchObject({ remark: 'v2', personPhoto: before.personPhoto });
    expect((await call('resource/v1/person/face/update', { personId, faceData: other })).code).toBe('0');
    expect(lab.people().hcp?.[0]?.photo?.toString('base64')).toBe(other);
    expect(((await info()).data as typeof before).personPhoto.picUri).not.toBe(before.personPhoto.picUri);
  });

  it('never changes a person code, and knows who is not there', async () => {
    const personId = (await add()).data;
    expect((await call('resource/v1/person/single/update', { personId, personCode: 'other' })).code).toBe('2');
    expect((await call('resource/v1/person/single/update', { personId: '9' })).code).toBe('128');
    expect((await call('resource/v1/person/face/update', { personId: '9', faceData: photo })).code).toBe('128');
    expect((await call('resource/v1/person/single/delete', { personId: '9' })).code).toBe('128');
    expect((await call('resource/v1/person/single/delete', { personId })).code).toBe('0');
    expect(lab.people().hcp).toEqual([]);
  });

  it('gives the picture as a bare data URI', async () => {
    const personId = (await add()).data;
    const { picUri } = ((await info()).data as { personPhoto: { picUri: string } }).personPhoto;
    const answer = await call('resource/v1/person/picture_data', { personId, picUri });
    expect(answer.data).toBe(`data:image/jpeg;base64,${photo}`);
    expect((await call('resource/v1/person/picture_data', { personId, picUri: '/pic?id=0' })).code).toBe('128');
  });

  it('takes a picture without a face: HikCentral here judges none', async () => {
    expect((await add({ faces: [{ faceData: (await blank()).toString('base64') }] })).code).toBe('0');
  });

  it('refuses broken JSON', async () => {
    expect((await call('resource/v1/person/single/add', '{"personCode":')).code).toBe('2');
  });
});

describe('access', () => {
  const join = (body: object) => call('acs/v1/privilege/group/single/addPersons', body);

  it('puts people in a group, and sends the rights to the doors', async () => {
    const id = (await add()).data;
    expect((await join({ privilegeGroupId: '1', type: 1, list: [{ id }] })).code).toBe('0');
    expect(lab.people().hcp).toMatchObject([{ access: ['Main entrance'], details: { applied: 'no' } }]);
    const apply = { personIds: `${id}`, ImmediateDownload: 1 };
    expect((await call('visitor/v1/auth/reapplication', apply)).code).toBe('0');
    expect(lab.people().hcp).toMatchObject([{ details: { applied: 'yes' } }]);
    const members = { privilegeGroupId: '1', type: 1, pageNo: 1, pageSize: 10 };
    expect((await call('acs/v1/privilege/group/single/personList', members)).data).toMatchObject({
      total: 1,
      list: [{ id }],
    });
  });

  it('refuses unknown groups and people, and lists instead of comma strings', async () => {
    const id = (await add()).data;
    expect((await join({ privilegeGroupId: '9', type: 1, list: [{ id }] })).code).toBe('128');
    expect((await join({ privilegeGroupId: '1', type: 1, list: [{ id: '9' }] })).code).toBe('128');
    expect((await join({ privilegeGroupId: '1', list: [{ id }] })).code).toBe('2');
    expect((await join({ privilegeGroupId: '1', type: 1, list: [] })).code).toBe('2');
    const apply = { personIds: [id], ImmediateDownload: 1 };
    expect((await call('visitor/v1/auth/reapplication', apply)).code).toBe('2');
  });

  it('can be ordered to answer 3651 although the person was added', async () => {
    const body = { code: '1', msg: 'Unknow Error(0, 3651)', data: '' };
    await lab.order({ platform: 'hcp', mode: 'wrong-answer', path: 'reapplication', body, times: 1 });
    const apply = { personIds: '1', ImmediateDownload: 1 };
    expect(await call('visitor/v1/auth/reapplication', apply)).toEqual(body);
  });

  it('lists organisations by page', async () => {
    const answer = await call('resource/v1/org/orgList', { pageNo: 1, pageSize: 2 });
    expect(answer.data).toMatchObject({ total: 3, list: [{ orgIndexCode: '1' }, { orgIndexCode: '2' }] });
    expect((await call('resource/v1/org/orgList', { pageNo: 1, pageSize: 501 })).code).toBe('2');
  });
});
