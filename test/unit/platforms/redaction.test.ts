import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import type { Connector, PlatformDefinition } from '#platforms/contract';
import { codeFault } from '#platforms/core/codes';
import { impersonal, textsOf, without } from '#platforms/core/redact';
import { device } from '#platforms/device/index';
import { hcp } from '#platforms/hcp/index';
import { senselink } from '#platforms/senselink/index';
import type { Person } from '#shared/person';
import { deps, faultOf, jobOf } from '../../fixtures/connecting.ts';
import { type Seen, sendJson, tinyServer } from '../../fixtures/tiny-server.ts';

/**
 * Platforms that echo all they were sent — address, headers, body, decoded and as it came — in every way there is. Whatever is thrown,
 * warned of or told is searched for keys, secrets, signatures, pictures and the person.
 */

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const PHOTO = { bytes: new Uint8Array(randomBytes(6000)), version: 'ab'.repeat(32) };
PHOTO.bytes.set([0xff, 0xd8, 0xff]);

const PERSON: Person = {
  kind: 'staff',
  code: 'TP0777',
  name: { family: 'Quisling', given: 'Zebedee' },
  gender: 'female',
  phone: '60123456789',
  email: 'zebedee@example.org',
  card: '0012345678',
  idNumber: 'S7654321D',
  position: 'Horologist',
  department: 'Zymurgy',
  remark: 'walks with a cane',
};
const GUEST: Person = {
  ...PERSON,
  kind: 'visitor',
  visit: {
    host: 'Ermintrude',
    purpose: 'calibration',
    company: 'Wombat Ltd',
    from: '2026-01-05T09:00:00+08:00',
    to: '2036-01-05T18:00:00+08:00',
  },
};
const PERSONAL = [
  'Quisling',
  'Zebedee',
  PERSON.phone,
  PERSON.email,
  PERSON.card,
  PERSON.idNumber,
  'Horologist',
  'Zymurgy',
  'walks with a cane',
  'Ermintrude',
  'calibration',
  'Wombat',
].map(String);

const ROOMS = {
  hcp: {
    definition: hcp as PlatformDefinition,
    path: '/artemis',
    config: { appKey: 'AKEY-23456789', appSecret: 'SECRET-9f8e7d6c', orgIndexCode: '2', privilegeGroupId: '1' },
    secrets: ['AKEY-23456789', 'SECRET-9f8e7d6c'],
  },
  device: {
    definition: device as PlatformDefinition,
    path: '',
    config: { password: 'PASS-31415926' },
    secrets: ['PASS-31415926'],
  },
  senselink: {
    definition: senselink as PlatformDefinition,
    path: '',
    config: { appKey: 'AKEY-35uifanj', appSecret: 'SECRET-2323dsf', groupIds: { staff: [1], visitor: [2] } },
    secrets: ['AKEY-35uifanj', 'SECRET-2323dsf'],
  },
};

/** All a platform was told, as it may print it. */
function echoOf({ method, url, headers, body }: Seen): string {
  const told = Object.entries(headers as IncomingHttpHeaders).map(([name, value]) => `${name}:${value}`);
  const latin = body.toString('latin1');
  return [method, url, decodeURIComponent(url.replaceAll('+', ' ')), ...told, body.toString('utf8'), latin].join('\n');
}

type Answer = (seen: Seen, response: ServerResponse) => void;

const ANSWERS: Record<string, Answer> = {
  'an unknown code with an echo': (seen, response) =>
    sendJson(response, { code: '76543', message: echoOf(seen), msg: echoOf(seen), desc: echoOf(seen) }),
  'a refused signature with an echo': (seen, response) => {
    const text = `Invalid Signature! StringToSign: ${echoOf(seen)}, appKey : ${seen.headers['x-ca-key']}`;
    sendJson(response, { code: '0x02401003', message: text, msg: text });
  },
  'another refusal of the gateway with an echo': (seen, response) => {
    const text = `StringToSign: ${echoOf(seen)}`;
    sendJson(response, { code: '0x0240100f', message: text, msg: text });
  },
  'a wrong signature with an echo': (seen, response) =>
    sendJson(response, { code: 10005, message: echoOf(seen), msg: '' }),
  'a missing value with an echo': (seen, response) =>
    sendJson(response, { code: 30001, message: echoOf(seen), msg: echoOf(seen) }),
  'a parameter error with an echo': (seen, response) =>
    sendJson(response, { code: 2, message: echoOf(seen), msg: echoOf(seen) }),
  'data of another shape with an echo': (seen, response) =>
    sendJson(response, {
      code: seen.headers['x-ca-key'] ? '0' : 200,
      message: 'OK',
      data: { [echoOf(seen)]: echoOf(seen) },
    }),
  'a text that is no JSON': (seen, response) => response.writeHead(200).end(`{"code":200,${echoOf(seen)}`),
  'HTML with an echo': (seen, response) =>
    response.writeHead(502, { 'content-type': 'text/html' }).end(`<html>${echoOf(seen)}`),
  'HTTP 500 with an echo': (seen, response) => response.writeHead(500).end(echoOf(seen)),
  'HTTP 401 with an echo': (seen, response) => response.writeHead(401).end(JSON.stringify({ error: echoOf(seen) })),
  'HTTP 404 with an echo': (seen, response) => response.writeHead(404).end(echoOf(seen)),
  'HTTP 429 with an echo': (seen, response) => response.writeHead(429, { 'retry-after': '1' }).end(echoOf(seen)),
  'a redirect that carries it all': (seen, response) =>
    response.writeHead(302, { location: `https://192.0.2.1${seen.url}` }).end(),
  'a connection that breaks': (_seen, response) => response.destroy(),
};

/** Every way into a room; each gives what was thrown or told. */
async function everything(connector: Connector): Promise<unknown[]> {
  const { signal } = new AbortController();
  const all = async (source: AsyncIterable<unknown> | undefined) => {
    const found: unknown[] = [];
    for await (const item of source ?? []) found.push(item);
    return found;
  };
  const work: (() => Promise<unknown>)[] = [
    () => connector.enrol(jobOf(PERSON, PHOTO)),
    () => connector.enrol(jobOf(PERSON, PHOTO, { onSimilar: 'stop' })),
    () => connector.enrol(jobOf(PERSON, PHOTO, { onSimilar: 'force', onExisting: 'stop' })),
    () => connector.enrol(jobOf(GUEST, PHOTO)),
    () => connector.test(signal),
    () => connector.verify(PERSON.code, 'staff', signal),
    () => connector.verify(PERSON.code, 'visitor', signal),
    () => connector.remove(PERSON.code, 'staff', signal),
    () => connector.remove(PERSON.code, 'visitor', signal),
    async () => connector.catalogue?.(signal),
    async () => connector.rights?.grant(PERSON.code, 'staff', ['1'], signal),
    async () => connector.rights?.replace(PERSON.code, 'staff', ['1'], signal),
    async () => connector.groups?.add({ name: 'Zymurgy', kind: 'staff' }, signal),
    async () => connector.groups?.rename('department-1', 'Zymurgy', signal),
    () => all(connector.records?.({ from: 0, to: 1_700_000_000_000, code: PERSON.code }, signal)),
    () => all(connector.records?.({ from: 0, to: 1_700_000_000_000 }, signal)),
    async () => connector.terminal?.open('walks with a cane', signal),
    async () => connector.terminal?.setParameters('network', { DNS1: '192.0.2.9' }, signal),
    async () => connector.terminal?.syncTime(signal),
  ];
  const told: unknown[] = [];
  for (const one of work) {
    // The circuit would otherwise answer in the platform's place after five failures.
    await connector.test(signal).catch((error: unknown) => told.push(error));
    await one().then(
      (value) => told.push(value),
      (error: unknown) => told.push(error),
    );
  }
  return told;
}

/** What a careless log would write of it. */
function asLogged(told: unknown): string {
  const stack = told instanceof Error ? told.stack : '';
  return [inspect(told, { depth: 12, showHidden: true, maxStringLength: null }), JSON.stringify(told), stack].join(
    '\n',
  );
}

/** Signatures and other things of one request alone. */
function tokensOf({ url, headers }: Seen): string[] {
  const { searchParams } = new URL(url, 'http://x');
  const found = [searchParams.get('sign'), headers['x-ca-signature'], headers['content-md5']];
  return found.filter((value): value is string => typeof value === 'string' && value.length > 8);
}

describe.each(Object.entries(ROOMS))('%s', (_name, { definition, path, config, secrets }) => {
  test.each(Object.entries(ANSWERS))('%s', async (_how, answer) => {
    const server = await tinyServer(answer);
    closers.push(server.close);
    const entry = { kind: definition.kind, baseUrl: server.url + path, ...config };
    const connector = definition.create(definition.config.parse(entry), deps());
    closers.push(() => connector.close());
    const log = (await everything(connector)).map(asLogged).join('\n');
    expect(server.seen.length).toBeGreaterThan(5);
    const base64 = Buffer.from(PHOTO.bytes).toString('base64');
    const forbidden = [
      ...secrets,
      ...secrets.map((secret) => Buffer.from(secret).toString('base64')),
      ...PERSONAL,
      ...server.seen.flatMap(tokensOf),
      base64.slice(0, 40),
      base64.slice(400, 440),
      base64.slice(-40),
    ];
    for (const secret of forbidden) expect(log.toLowerCase().includes(secret.toLowerCase()), secret).toBe(false);
  });
});

test('30002 with stop: the error does not carry the other person', async () => {
  const server = await tinyServer((seen, response) => {
    if (seen.url.includes('/check')) return sendJson(response, { code: 200, message: 'OK', data: 1 });
    if (seen.url.includes('/quality')) return sendJson(response, { code: 200, message: 'OK', data: { qa_code: 0 } });
    if (seen.url.includes('/list')) return sendJson(response, { code: 200, message: 'OK', data: [] });
    sendJson(response, {
      code: 30002,
      message: 'Similar User Exist',
      data: { similar_user_id: 4711, similar_user_name: 'Ermintrude', similar_user_avatar: 'f00', can_force: 1 },
    });
  });
  closers.push(server.close);
  const { config } = ROOMS.senselink;
  const parsed = senselink.config.parse({ kind: 'senselink', baseUrl: server.url, ...config });
  const connector = senselink.create(parsed, deps());
  closers.push(() => connector.close());
  const { department: _none, ...person } = PERSON;
  const thrown: unknown = await connector
    .enrol(jobOf(person, PHOTO, { onSimilar: 'stop' }))
    .catch((error: unknown) => error);
  expect(thrown).toMatchObject({ fault: { kind: 'similar', code: '30002' } });
  expect(asLogged(thrown)).not.toMatch(/Ermintrude|4711|f00/);
});

test('a network error does not quote the address with its signature', async () => {
  const entry = { kind: 'device', baseUrl: 'http://127.0.0.1:1', ...ROOMS.device.config };
  const connector = device.create(device.config.parse(entry), deps());
  closers.push(() => connector.close());
  const fault = await faultOf(connector.test(new AbortController().signal));
  expect(fault.kind).toBe('unreachable');
  expect(fault.message).not.toMatch(/sign=|timestamp/);
});

describe('a text is quoted', () => {
  test.each([
    ['user 60123456789 exists', 'user ‹personal› exists'],
    ['id S7654321D', 'id ‹personal›'],
    ['mail to a.b@example.org failed', 'mail to ‹personal› failed'],
    ['Unknow Error(0, 3651)', 'Unknow Error(0, 3651)'],
    ['Parameter error(orgIndexCode)', 'Parameter error(orgIndexCode)'],
  ])('without numbers and addresses of people: %s', (text, clean) => {
    expect(impersonal(text)).toBe(clean);
  });

  test('without what was sent, in any case and order, but with its own words', () => {
    const sent = textsOf({ name: 'Anna Lim', kind: 1, list: [{ id: '7' }], remark: '张三' });
    expect(without('person ANNA of lim, 张三, 7 is bad (a)', sent)).toBe(
      'person ‹personal› of ‹personal›, ‹personal›, 7 is bad (a)',
    );
    expect(without('a.b (c)', ['a.b (c)', '('])).toBe('‹personal›');
  });

  test('an unknown code keeps its number and is cut', () => {
    const said = { text: `odd ${'x '.repeat(500)}`, redact: String, answer: { status: 200 } };
    const { fault } = codeFault({}, 77, said);
    expect(fault).toMatchObject({ kind: 'protocol', code: '77' });
    expect(fault.message.length).toBeLessThan(400);
  });
});
