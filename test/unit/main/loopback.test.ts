import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Served, serve } from '#main/loopback/server';
import { securityHeaders } from '#main/web-policy';
import { EVENTS } from '#shared/channels';
import { decodeWire, encodeWire } from '#shared/wire';
import { type FakeStation, fakeStation } from './support/fake-station.ts';
import { type Answer, ask } from './support/http.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const MEGABYTE = 1024 * 1024;

let folder = '';
let station: FakeStation;
let served: Served;
let logged: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vestibule-loopback-'));
  const roots = { renderer: join(folder, 'renderer'), engine: join(folder, 'engine') };
  await mkdir(join(roots.renderer, 'assets'), { recursive: true });
  await mkdir(roots.engine);
  await writeFile(join(roots.renderer, 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(roots.renderer, 'assets', 'index-B7k2x9Qa.js'), 'export {};');
  await writeFile(join(roots.engine, 'facemesh.bin'), new Uint8Array([1, 2, 3]));
  await writeFile(join(folder, 'secret.json'), '{"appSecret":"s3cr3t"}');
  station = fakeStation();
  logged = [];
  const error = (fields: object, message: string) => logged.push(JSON.stringify({ ...fields, message }));
  served = await serve({ station, version: '1.2.3', lab: null, roots, log: { ...silent, error } });
});

afterEach(async () => {
  await served.close();
  await rm(folder, { recursive: true });
});

const ours = () => ({ host: `127.0.0.1:${served.port}`, origin: `http://127.0.0.1:${served.port}` });
const wire = { 'content-type': 'application/msgpack' };
const tokenOf = (url: string) => new URL(url).hash.slice('#t='.length);
const reply = (answer: Answer) => decodeWire(answer.body);

const exchange = (token: string, headers: Record<string, string> = ours()) =>
  ask(served.port, { method: 'POST', path: '/session', headers: { ...headers, ...wire }, body: encodeWire({ token }) });

async function signIn(): Promise<string> {
  const answer = await exchange(tokenOf(served.freshUrl()));
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

const call = (name: string, input: unknown, headers: Record<string, string>) =>
  ask(served.port, {
    method: 'POST',
    path: `/call/${name}`,
    headers: { ...ours(), ...wire, ...headers },
    body: encodeWire({ input }),
  });

describe('the page', () => {
  it('is served with every security header, to be asked for again each time', async () => {
    const answer = await ask(served.port, { headers: { host: ours().host } });
    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toContain('<title>page</title>');
    expect(answer.headers).toMatchObject({
      ...securityHeaders(),
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    });
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('has its files kept by hash, its engine by tag', async () => {
    const script = await ask(served.port, { path: '/assets/index-B7k2x9Qa.js?v=1', headers: { host: ours().host } });
    expect(script.headers).toMatchObject({ 'content-type': 'text/javascript; charset=utf-8' });
    expect(script.headers['cache-control']).toContain('immutable');
    const path = '/engine/facemesh.bin';
    const first = await ask(served.port, { path, headers: { host: ours().host } });
    expect([...first.body]).toEqual([1, 2, 3]);
    const tag = String(first.headers.etag);
    const second = await ask(served.port, { path, headers: { host: ours().host, 'if-none-match': tag } });
    expect([second.status, second.body.length]).toEqual([304, 0]);
  });

  it.each([
    '/../secret.json',
    '/..%2fsecret.json',
    '/%2e%2e/secret.json',
    '/%2e%2e%2fsecret.json',
    '/assets/..%2f..%2fsecret.json',
    '/..%5csecret.json',
    '/engine/..%2f..%2fsecret.json',
    '/%252e%252e%252fsecret.json',
    '//secret.json',
    '/%',
    '/nothing.html',
    '/engine',
  ])('keeps %s from everybody', async (path) => {
    const answer = await ask(served.port, { path, headers: { host: ours().host } });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.body.toString()).not.toContain('s3cr3t');
  });

  it('answers no preflight', async () => {
    const answer = await ask(served.port, { method: 'OPTIONS', headers: ours() });
    expect(answer.status).toBe(404);
    expect(answer.headers).not.toHaveProperty('access-control-allow-methods');
  });
});

describe('the one-time link', () => {
  it('has 256 bits in the fragment, which no server is sent', () => {
    expect(served.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#t=[A-Za-z0-9_-]{43}$/);
  });

  it('buys a session that scripts cannot read and other sites cannot use', async () => {
    const answer = await exchange(tokenOf(served.url));
    expect(answer.status).toBe(200);
    expect(reply(answer)).toEqual({ ok: true });
    const cookie = answer.headers['set-cookie']?.[0] ?? '';
    expect(cookie).toMatch(
      new RegExp(`^vestibule-${served.port}=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    );
  });

  it('works once', async () => {
    const token = tokenOf(served.url);
    await exchange(token);
    const second = await exchange(token);
    expect(second.status).toBe(401);
    expect(second.headers).not.toHaveProperty('set-cookie');
    expect(reply(second)).toMatchObject({ ok: false, fault: { kind: 'auth', code: 'link-used' } });
  });

  it('is not spent by a stranger who tries', async () => {
    const token = tokenOf(served.url);
    expect((await exchange(token, { ...ours(), origin: 'http://evil.example' })).status).toBe(403);
    expect((await exchange(token, { host: ours().host })).status).toBe(403);
    expect((await exchange(token, { ...ours(), host: `evil.example:${served.port}` })).status).toBe(403);
    expect((await exchange('x'.repeat(43))).status).toBe(401);
    expect((await exchange(token)).status).toBe(200);
  });

  it('answers 400 to a body that is none', async () => {
    const post = (body: Uint8Array) =>
      ask(served.port, { method: 'POST', path: '/session', headers: { ...ours(), ...wire }, body });
    expect((await post(new Uint8Array())).status).toBe(400);
    expect((await post(new Uint8Array([0xc1]))).status).toBe(400);
    expect((await post(encodeWire({ token: 7 }))).status).toBe(400);
    expect((await post(encodeWire(null))).status).toBe(400);
  });

  it('leaves a session that can be asked after', async () => {
    const cookie = await signIn();
    const session = (headers: Record<string, string>) => ask(served.port, { path: '/session', headers });
    expect((await session({ host: ours().host, cookie })).status).toBe(200);
    expect((await session({ host: ours().host })).status).toBe(401);
    expect((await session({ host: ours().host, cookie: `vestibule-${served.port}=${'x'.repeat(43)}` })).status).toBe(
      401,
    );
  });
});

describe('calls', () => {
  it('cross with bytes as bytes and nothing as nothing', async () => {
    const cookie = await signIn();
    expect(reply(await call('app.info', undefined, { cookie }))).toEqual({
      ok: true,
      value: { version: '1.2.3', shell: 'loopback', lab: null },
    });
    const photo = reply(await call('photo.submit', { bytes: new Uint8Array([1, 2, 3]), source: 'file' }, { cookie }));
    expect(photo).toMatchObject({ ok: true, value: { token: 'photo-1', faces: 3 } });
    expect(new Uint8Array((photo as { value: { preview: Uint8Array } }).value.preview)).toEqual(
      new Uint8Array([3, 2, 1]),
    );
    expect(reply(await call('photo.discard', { token: 'photo-1' }, { cookie }))).toEqual({ ok: true });
    await call('settings.set', { language: null, mirror: undefined }, { cookie });
    expect(station.seen.at(-1)).toEqual({ name: 'settings.set', input: { language: null } });
  });

  it('come from one seat a session, so that each has its own sign-in', async () => {
    const [one, two] = [await signIn(), await signIn()];
    const seatOf = async (cookie: string) => reply(await call('operators.status', undefined, { cookie }));
    expect(await seatOf(one)).toEqual({ ok: true, value: { seat: 1 } });
    expect(await seatOf(two)).toEqual({ ok: true, value: { seat: 2 } });
    expect(await seatOf(one)).toEqual({ ok: true, value: { seat: 1 } });
  });

  it('are validated before anything is done with them', async () => {
    const cookie = await signIn();
    for (const [name, input, code] of [
      ['no.such', undefined, 'unknown-call'],
      ['toString', undefined, 'unknown-call'],
      ['photo.discard', { token: '' }, 'argument'],
      ['photo.submit', { bytes: 'text', source: 'file' }, 'argument'],
      ['app.info', { surplus: 1 }, 'argument'],
    ] as const) {
      const answer = await call(name, input, { cookie });
      expect(reply(answer), name).toMatchObject({ ok: false, fault: { kind: 'validation', code } });
    }
    expect(station.seen).toEqual([]);
  });

  it('bring back faults whole, and of the unexpected neither words nor data', async () => {
    const cookie = await signIn();
    expect(reply(await call('delivery.retry', { id: 'd' }, { cookie }))).toEqual({
      ok: false,
      fault: { kind: 'capacity', code: '132', message: 'the platform is full' },
    });
    const unexpected = await call('enrolment.get', { id: 'e' }, { cookie });
    expect(reply(unexpected)).toMatchObject({ ok: false, fault: { kind: 'protocol', code: 'Error' } });
    expect(unexpected.body.toString()).not.toContain('Anna');
    expect(logged.join()).toContain('a call failed unexpectedly');
    expect(logged.join()).not.toContain('Anna');
  });

  it.each<[string, Record<string, string>, number]>([
    ['without a session', { cookie: '' }, 401],
    ['with an invented session', { cookie: 'vestibule-PORT=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }, 401],
    ['from another origin', { origin: 'http://evil.example' }, 403],
    ['from another port of this machine', { origin: 'http://127.0.0.1:1' }, 403],
    ['from a sandboxed page', { origin: 'null' }, 403],
    ['under another name (DNS rebinding)', { host: 'evil.example:PORT', origin: 'http://evil.example:PORT' }, 403],
    ['under the name localhost', { host: 'localhost:PORT' }, 403],
    ['that the browser calls cross-site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['that the browser calls same-site', { 'sec-fetch-site': 'same-site' }, 403],
    ['as a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['as text, which needs no preflight', { 'content-type': 'text/plain' }, 415],
    ['as JSON', { 'content-type': 'application/json' }, 415],
  ])('are refused %s', async (_how, headers, status) => {
    const cookie = await signIn();
    const changed = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', String(served.port))]),
    );
    const answer = await call('settings.get', undefined, { cookie, ...changed });
    expect(answer.status).toBe(status);
    expect(reply(answer)).toMatchObject({ ok: false });
    expect(station.seen).toEqual([]);
  });

  it('are refused without an origin, and by reading', async () => {
    const cookie = await signIn();
    const path = '/call/settings.get';
    const body = encodeWire({});
    const { host } = ours();
    expect((await ask(served.port, { method: 'POST', path, headers: { host, cookie, ...wire }, body })).status).toBe(
      403,
    );
    expect((await ask(served.port, { path, headers: { ...ours(), cookie } })).status).toBe(404);
    expect(station.seen).toEqual([]);
  });

  it('carry photos up to 64 MB and nothing else above 1 MB', async () => {
    const cookie = await signIn();
    const photo = { bytes: new Uint8Array(2 * MEGABYTE), source: 'camera' };
    expect(reply(await call('photo.submit', photo, { cookie }))).toMatchObject({ ok: true });
    const large = await call('settings.set', { cameraId: 'x'.repeat(MEGABYTE) }, { cookie });
    expect(large.status).toBe(413);
    const headers = { ...ours(), ...wire, cookie, 'content-length': String(64 * MEGABYTE + 1) };
    const declared = await ask(served.port, {
      method: 'POST',
      path: '/call/photo.submit',
      headers,
      body: new Uint8Array(9),
    });
    expect(declared.status).toBe(413);
    expect(station.seen).toHaveLength(1);
  });
});

describe('events', () => {
  const open = (headers: Record<string, string>, path = '/events') =>
    new Promise<{ socket: WebSocket; status: number }>((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${served.port}${path}`, { headers });
      socket.once('open', () => resolve({ socket, status: 101 }));
      socket.once('unexpected-response', (_request, response) => {
        response.resume();
        resolve({ socket, status: response.statusCode ?? 0 });
      });
      socket.once('error', reject);
    });

  it('reach a page with a session, and stop when it goes', async () => {
    const { socket, status } = await open({ origin: ours().origin, cookie: await signIn() });
    expect(status).toBe(101);
    const message = new Promise<Buffer>((resolve) => socket.once('message', (data: Buffer) => resolve(data)));
    await expect.poll(() => station.listeners()).toBe(EVENTS.length);
    // What this window may not hear now does not reach it.
    station.deaf.add('delivery.changed');
    station.emit('delivery.changed', { id: 'd' });
    station.emit('settings.changed', { mirror: false, icon: new Uint8Array([9]) });
    expect(decodeWire(await message)).toMatchObject(['settings.changed', { mirror: false }]);
    socket.close();
    await expect.poll(() => station.listeners()).toBe(0);
  });

  it('are told that the station ends', async () => {
    const { socket } = await open({ origin: ours().origin, cookie: await signIn() });
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    await served.close();
    expect(await closed).toBe(1001);
  });

  it.each<[string, Record<string, string>, number]>([
    ['without a session', { cookie: '' }, 401],
    ['for a foreign origin', { origin: 'http://evil.example' }, 403],
    ['for another port of this machine', { origin: 'http://127.0.0.1:1' }, 403],
    ['under another name', { host: 'evil.example' }, 403],
    ['across sites', { 'sec-fetch-site': 'cross-site' }, 403],
  ])('are refused %s', async (_how, headers, status) => {
    const cookie = await signIn();
    expect((await open({ origin: ours().origin, cookie, ...headers })).status).toBe(status);
    expect(station.listeners()).toBe(0);
  });

  it('are refused without an origin, and on every other path', async () => {
    const cookie = await signIn();
    expect((await open({ cookie })).status).toBe(403);
    expect((await open({ cookie, origin: ours().origin }, '/')).status).toBe(404);
    expect((await open({ cookie, origin: ours().origin }, '/call/settings.get')).status).toBe(404);
  });

  it('are not to be had by reading', async () => {
    const answer = await ask(served.port, { path: '/events', headers: { ...ours(), cookie: await signIn() } });
    expect(answer.status).toBe(404);
  });
});

describe('serve', () => {
  it('says plainly that a port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const roots = { renderer: folder, engine: folder };
    await expect(serve({ station, version: '', lab: null, roots, log: silent, port })).rejects.toMatchObject({
      fault: { kind: 'validation', code: 'port', field: 'port', message: expect.stringContaining(String(port)) },
    });
    await new Promise((resolve) => other.close(resolve));
  });

  it('makes new links while it runs', async () => {
    const first = tokenOf(served.url);
    const second = tokenOf(served.freshUrl());
    expect((await exchange(first)).status).toBe(401);
    expect((await exchange(second)).status).toBe(200);
  });
});
