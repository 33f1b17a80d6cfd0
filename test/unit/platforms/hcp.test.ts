import { afterEach, describe, expect, test } from 'vitest';
import type { EnrolJob } from '#platforms/contract';
import { hcp } from '#platforms/hcp/index';
import { formatRemark, parseRemark, samePhoto } from '#platforms/hcp/remark';
import { hcpName, period, sameInstant } from '#platforms/hcp/rules';
import { contentMd5, sign, stringToSign } from '#platforms/hcp/sign';
import { jpegIn } from '#platforms/hcp/verify';
import { unknownMeasures } from '#shared/measures';
import vectors from '../../fixtures/artemis-vectors.json' with { type: 'json' };
import { ANNA_LIM, deps, faultOf, jobOf } from '../../fixtures/connecting.ts';
import { type Seen, sendJson, tinyServer } from '../../fixtures/tiny-server.ts';

describe('the Artemis signature', () => {
  test.each(vectors)('$id', (vector) => {
    const headers = Object.fromEntries(Object.entries(vector.headers).filter(([, value]) => value !== undefined));
    const request = { method: vector.method, path: vector.path, headers, signed: vector.signatureHeaders.split(',') };
    expect(stringToSign(request)).toBe(vector.stringToSign);
    expect(sign(request, vector.appSecret)).toBe(vector.signature);
    if ('Content-MD5' in headers) expect(contentMd5(Buffer.from(vector.body))).toBe(headers['Content-MD5']);
  });

  test('the query is sorted as it stands', () => {
    const request = { method: 'get', path: '/artemis/a?b=%20&a=1', headers: {}, signed: [] };
    expect(stringToSign(request)).toBe('GET\n/artemis/a?a=1&b=%20');
  });
});

describe('the photo’s version in the remark', () => {
  const version = 'ABCDEF0123456789ffff';
  test('is written and read back, with the person’s own remark beside it', () => {
    const { text, dropped } = formatRemark(version, 'night shift');
    expect(text).toBe('photo:abcdef0123456789 | night shift');
    expect(dropped).toBe(false);
    const remark = parseRemark(text);
    expect(remark).toEqual({ photo: 'abcdef0123456789', own: 'night shift' });
    expect(samePhoto(remark, version)).toBe(true);
    expect(samePhoto(remark, '0000')).toBe(false);
  });

  test('a remark of another tool is an unknown version and stays', () => {
    expect(parseRemark('3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY')).toEqual({
      photo: null,
      own: '3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY',
    });
    expect(parseRemark(null)).toEqual({ photo: null, own: '' });
  });

  test('what does not fit beside it is left out, and said', () => {
    expect(formatRemark(version, 'x'.repeat(200))).toEqual({ text: 'photo:abcdef0123456789', dropped: true });
  });
});

describe('the effective period', () => {
  const now = Date.parse('2026-11-22T05:00:00Z');
  const day = 86_400_000;

  test('by default from the beginning of today, for ten years', () => {
    const { beginTime, endTime } = period(ANNA_LIM, {}, now);
    expect(beginTime).toMatch(/T00:00:00[+-]\d\d:\d\d$/);
    expect(now - Date.parse(beginTime)).toBeLessThan(day);
    expect(Date.parse(endTime) - now).toBeGreaterThan(3650 * day);
  });

  test('never beyond 2037, which devices cannot write', () => {
    expect(period(ANNA_LIM, {}, Date.parse('2031-01-01T00:00:00Z')).endTime).toMatch(/^203[78]-|2037-12-31/);
    expect(Date.parse(period(ANNA_LIM, {}, Date.parse('2031-01-01T00:00:00Z')).endTime)).toBeLessThan(
      Date.UTC(2038, 0, 1),
    );
  });

  test('what the person says goes out in its own offset, in whole seconds', () => {
    const person = { ...ANNA_LIM, validFrom: '2026-01-05T00:00:00.123+08:00', validTo: '2027-01-05T23:59:59Z' };
    const { beginTime, endTime } = period(person, {}, now);
    expect(beginTime).toBe('2026-01-05T00:00:00+08:00');
    expect(Date.parse(endTime)).toBe(Date.parse('2027-01-05T23:59:59Z'));
    expect(endTime).not.toContain('Z');
  });

  test('what HikCentral has stays, unless it has run out', () => {
    const existing = { beginTime: '2025-01-01T00:00:00+08:00', endTime: '2028-01-01T00:00:00+08:00' };
    expect(period(ANNA_LIM, existing, now)).toEqual(existing);
    const over = period(ANNA_LIM, { ...existing, endTime: '2026-01-01T00:00:00+08:00' }, now);
    expect(Date.parse(over.endTime)).toBeGreaterThan(now);
  });

  test('a visitor’s ends with the visit, or today', () => {
    const visitor = { ...ANNA_LIM, kind: 'visitor' as const };
    expect(Date.parse(period(visitor, {}, now).endTime) - now).toBeLessThan(day);
    const visit = { from: '2026-11-22T09:00:00+08:00', to: '2026-11-22T18:00:00+08:00' };
    expect(period({ ...visitor, visit }, {}, now)).toEqual({ beginTime: visit.from, endTime: visit.to });
  });

  test('instants are compared, not spellings', () => {
    expect(sameInstant('2026-01-05T08:00:00+08:00', '2026-01-05T00:00:00+00:00')).toBe(true);
    expect(sameInstant('2026-01-05T08:00:00+08:00', '2026-01-05T08:00:00+00:00')).toBe(false);
    expect(sameInstant(undefined, '2026-01-05T08:00:00+00:00')).toBe(false);
  });
});

test('both parts of a name are filled', () => {
  expect(hcpName({ display: 'Madonna' })).toEqual({ family: 'Madonna', given: '-' });
  expect(hcpName({ given: 'Anna', family: 'Lim' })).toEqual({ family: 'Lim', given: 'Anna' });
});

test('the proof of a picture: raw, bare data URI, inside JSON; not a picture: an error in JSON', () => {
  const raw = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16]);
  expect(jpegIn(raw)).toBe(raw);
  expect(jpegIn(Buffer.from('data:image/jpeg;base64,/9j/4AAQ'))).toEqual(raw);
  expect(jpegIn(Buffer.from('{"code":"0","data":"data:image/jpeg;base64,/9j/4AAQ"}'))).toEqual(raw);
  expect(jpegIn(Buffer.from('{"code":"0","data":"\\/9j\\/4AAQ"}'))).toEqual(raw);
  expect(jpegIn(Buffer.from('{"code":"2","msg":"see /9j/ there"}'))).toBeNull();
});

describe('the definition', () => {
  const entry = { kind: 'hcp', baseUrl: 'https://hcp/artemis', appKey: 'k', appSecret: 's', orgIndexCode: '1' };
  test('takes what interfaces.md lists and names what it does not know', () => {
    expect(hcp.config.safeParse(entry).success).toBe(true);
    expect(hcp.config.safeParse({ ...entry, privilegeGroupId: '1', allowHttp: true }).success).toBe(true);
    expect(hcp.config.safeParse({ ...entry, appkey: 'k' }).error?.issues[0]).toMatchObject({ keys: ['appkey'] });
    expect(hcp.config.safeParse({ ...entry, baseUrl: 'https://hcp' }).error?.issues[0]?.message).toContain('/artemis');
  });

  test('problems: the end before the beginning; nothing else is demanded', () => {
    expect(hcp.problems(ANNA_LIM)).toEqual([]);
    const backwards = { ...ANNA_LIM, validFrom: '2027-01-01T00:00:00Z', validTo: '2026-01-01T00:00:00Z' };
    expect(hcp.problems(backwards)[0]?.field).toBe('validTo');
  });

  test('foretells nothing: HikCentral has no quality service', () => {
    const nobody = { width: 1, height: 1, faces: [], box: null, eyes: null, measures: unknownMeasures(), ms: 0 };
    expect(hcp.predict(nobody)).toBeNull();
  });
});

describe('against a scripted gateway', () => {
  const closers: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  type Script = (path: string, body: Record<string, unknown>, seen: Seen) => unknown;

  async function connect(script: Script, config: Record<string, unknown> = {}) {
    const server = await tinyServer((seen, response) =>
      sendJson(response, script(seen.url.replace(/.*\//, ''), JSON.parse(seen.body.toString()), seen)),
    );
    const parsed = hcp.config.parse({
      kind: 'hcp',
      baseUrl: `${server.url}/artemis`,
      appKey: 'key-12345',
      appSecret: 'secret-67890',
      orgIndexCode: '2',
      ...config,
    });
    const connector = hcp.create(parsed, deps());
    closers.push(server.close, () => connector.close());
    return { connector, seen: server.seen };
  }
  const photo: EnrolJob['photo'] = { bytes: new Uint8Array([0xff, 0xd8]), version: 'ab'.repeat(32) };
  const found = { personId: '7', personCode: 'TP012345', personPhoto: { picUri: '/p' }, remark: '' };

  test('a code somebody else added in between (131): looked up again and brought up to date', async () => {
    let looks = 0;
    const { connector } = await connect((path) => {
      if (path === 'personInfo') {
        looks += 1;
        return looks === 1 ? { code: '128', msg: 'not there', data: '' } : { code: '0', msg: '', data: found };
      }
      return path === 'add' ? { code: '131', msg: 'duplicate' } : { code: '0', msg: '', data: '' };
    });
    const job = jobOf(ANNA_LIM, photo);
    expect(await connector.enrol(job)).toMatchObject({ state: 'delivered', personId: '7', created: false });
    expect(job.steps).toEqual(['personInfo', 'single/add', 'personInfo', 'face/update', 'single/update']);
  });

  test('3651 is a warning; being in the group already is fine; a group that is not there is a fault', async () => {
    const group = (code: string) => (path: string) => {
      if (path === 'personInfo') return { code: '0', msg: '', data: found };
      if (path === 'addPersons') return { code, msg: 'x' };
      if (path === 'reapplication') return { code: '1', msg: 'Unknow Error(0, 3651)', data: null };
      return { code: '0', msg: '', data: '' };
    };
    const config = { privilegeGroupId: '9' };
    const fine = await connect(group('131'), config);
    const outcome = await fine.connector.enrol(jobOf(ANNA_LIM, photo));
    expect(outcome).toMatchObject({ state: 'delivered', warnings: [expect.stringContaining('3651')] });
    const reapplied = fine.seen.find((seen) => seen.url.endsWith('reapplication'));
    expect(JSON.parse(String(reapplied?.body))).toEqual({ personIds: '7', ImmediateDownload: 1 });
    const lost = await connect(group('128'), config);
    expect(await faultOf(lost.connector.enrol(jobOf(ANNA_LIM, photo)))).toMatchObject({
      kind: 'validation',
      field: 'privilegeGroupId',
    });
  });

  test('single/add carries the documented fields and no other, signed over the very bytes sent', async () => {
    const { connector, seen } = await connect((path) =>
      path === 'personInfo' ? { code: '128', msg: 'no', data: '' } : { code: '0', msg: '', data: { personId: 12 } },
    );
    const person = { ...ANNA_LIM, validFrom: '2026-01-05T00:00:00+08:00', validTo: '2027-01-05T23:59:59+08:00' };
    expect(await connector.enrol(jobOf(person, photo))).toMatchObject({ personId: '12', created: true });
    const add = seen.at(-1);
    expect(add?.url).toBe('/artemis/api/resource/v1/person/single/add');
    expect(JSON.parse(String(add?.body))).toEqual({
      personCode: 'TP012345',
      personFamilyName: 'Lim',
      personGivenName: 'Anna',
      gender: 2,
      orgIndexCode: '2',
      remark: 'photo:abababababababab',
      beginTime: '2026-01-05T00:00:00+08:00',
      endTime: '2027-01-05T23:59:59+08:00',
      faces: [{ faceData: Buffer.from(photo.bytes).toString('base64') }],
    });
    const headers = Object.fromEntries(
      Object.entries(add?.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    expect(headers['content-md5']).toBe(contentMd5(add?.body ?? new Uint8Array()));
    const signed = (headers['x-ca-signature-headers'] ?? '').split(',');
    expect(signed).toEqual(['x-ca-key', 'x-ca-nonce', 'x-ca-timestamp']);
    const request = { method: 'POST', path: add?.url ?? '', headers, signed };
    expect(headers['x-ca-signature']).toBe(sign(request, 'secret-67890'));
    expect(headers['x-ca-nonce']).not.toBe(seen[0]?.headers['x-ca-nonce']);
  });

  test('single/update never carries a picture, face/update does; the remark is written after the picture', async () => {
    const { connector, seen } = await connect((path) =>
      path === 'personInfo' ? { code: '0', msg: '', data: found } : { code: '0', msg: '', data: '' },
    );
    await connector.enrol(jobOf(ANNA_LIM, photo));
    const [, face, update] = seen.map((one) => ({ url: one.url, body: JSON.parse(one.body.toString()) }));
    expect(face?.url).toMatch(/face\/update$/);
    expect(face?.body).toEqual({ personId: '7', faceData: Buffer.from(photo.bytes).toString('base64') });
    expect(update?.url).toMatch(/single\/update$/);
    expect(Object.keys(update?.body)).not.toContain('faces');
    expect(update?.body.remark).toMatch(/^photo:abababababababab$/);
  });

  test.each([
    ['128', 'quality'],
    ['2', 'quality'],
    ['5', 'capacity'],
    ['8', 'protocol'],
  ])('face/update refused with %s is %s', async (code, kind) => {
    const { connector } = await connect((path) => {
      if (path === 'personInfo') return { code: '0', msg: '', data: found };
      return { code: path === 'update' ? code : '0', msg: 'person data is invalid' };
    });
    expect(await faultOf(connector.enrol(jobOf(ANNA_LIM, photo)))).toMatchObject({ kind, code });
  });

  test('the echo of a refused signature reaches no message', async () => {
    const { connector } = await connect((_path, _body, seen) => ({
      code: '0x02409999',
      msg: `signature error: key-12345 ${seen.headers['x-ca-signature']} x-ca-key:key-12345 secret-67890`,
    }));
    const fault = await faultOf(connector.test(new AbortController().signal));
    expect(fault.message).not.toMatch(/key-12345|secret-67890/);
    expect(fault.kind).toBe('protocol');
  });
});
