import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createHttp, type Http, parseAnswer } from '#platforms/core/http';
import { faultOf } from '../../fixtures/connecting.ts';
import { rawServer, sendJson, tinyServer } from '../../fixtures/tiny-server.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function http(baseUrl: string, more: Partial<Parameters<typeof createHttp>[0]> = {}): Http {
  const made = createHttp({
    baseUrl,
    configDir: '.',
    secrets: [],
    now: Date.now,
    timeouts: { connectMs: 500, headersMs: 300, bodyMs: 300 },
    ...more,
  });
  closers.push(() => made.close());
  return made;
}

async function raw(onData: Parameters<typeof rawServer>[0]) {
  const server = await rawServer(onData);
  closers.push(server.close);
  return server;
}

async function tiny(answer: Parameters<typeof tinyServer>[0]) {
  const server = await tinyServer(answer);
  closers.push(server.close);
  return server;
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: Mon, 10 Jun 2024 06:13:20 GMT\r\n\r\n{}';

describe('what goes over the wire', () => {
  test('only the headers given, the path byte for byte below the base path', async () => {
    const server = await raw((socket) => socket.write(OK));
    const client = http(`${server.url}/artemis/`);
    const answer = await client.request({
      method: 'POST',
      path: '/a%2Fb?z=1&a=%20+c',
      headers: { 'X-Ca-Key': '1' },
      body: Buffer.from('xx'),
    });
    expect(answer.serverDate).toBe(Date.parse('2024-06-10T06:13:20Z'));
    const [head = ''] = server.received.join('').split('\r\n\r\n');
    const [line, ...headers] = head.split('\r\n');
    expect(line).toBe('POST /artemis/a%2Fb?z=1&a=%20+c HTTP/1.1');
    const names = headers.map((header) => header.split(':')[0]?.toLowerCase()).sort();
    expect(names).toEqual(['connection', 'content-length', 'host', 'x-ca-key']);
    expect(headers).toContain('X-Ca-Key: 1');
  });

  test('a form goes out with its own type and a length, never chunked', async () => {
    const server = await tiny((_seen, response) => sendJson(response, {}));
    const form = new FormData();
    form.append('name', 'Ünal 张三');
    form.append('face', new File([new Uint8Array([1, 2, 3])], 'face.jpg', { type: 'image/jpeg' }));
    await http(server.url).request({ method: 'POST', path: '/', body: form });
    const [seen] = server.seen;
    expect(seen?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(Number(seen?.headers['content-length'])).toBe(seen?.body.length);
    expect(seen?.headers['transfer-encoding']).toBeUndefined();
    expect(seen?.body.toString('utf8')).toMatch(/filename="face.jpg"\r\nContent-Type: image\/jpeg/);
    expect(seen?.body.toString('utf8')).toContain('Ünal 张三');
  });

  test('a redirect is not followed', async () => {
    const server = await tiny((_seen, response) => response.writeHead(302, { location: '/elsewhere' }).end());
    const answer = await http(server.url).request({ method: 'GET', path: '/' });
    expect(answer.status).toBe(302);
    expect(server.seen).toHaveLength(1);
  });
});

describe('failures of the network are told apart', () => {
  test('nothing listens: unreachable', async () => {
    const server = await rawServer(() => undefined);
    server.close();
    expect(await faultOf(http(server.url).request({ method: 'GET', path: '/' }))).toMatchObject({
      kind: 'unreachable',
      code: 'ECONNREFUSED',
    });
  });

  test('an unknown name: unreachable', async () => {
    const fault = await faultOf(http('https://no-such-host.invalid').request({ method: 'GET', path: '/' }));
    expect(fault.kind).toBe('unreachable');
    expect(fault.code).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  test('connected but silent: time-out, headers', async () => {
    const server = await raw(() => undefined);
    expect(await faultOf(http(server.url).request({ method: 'GET', path: '/' }))).toMatchObject({
      kind: 'time-out',
      code: 'headers',
    });
  });

  test('falls silent in the answer: time-out, body', async () => {
    const server = await raw((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{"a"'));
    expect(await faultOf(http(server.url).request({ method: 'GET', path: '/' }))).toMatchObject({
      kind: 'time-out',
      code: 'body',
    });
  });

  test('dripping bytes for ever does not help', async () => {
    const server = await raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n');
      const drip = setInterval(() => socket.write('x'), 50);
      socket.on('close', () => clearInterval(drip));
    });
    expect(await faultOf(http(server.url).request({ method: 'GET', path: '/' }))).toMatchObject({
      kind: 'time-out',
      code: 'body',
    });
  });

  test('reset before and in the answer: time-out, because the outcome is open', async () => {
    const before = await raw((socket) => socket.resetAndDestroy());
    expect((await faultOf(http(before.url).request({ method: 'GET', path: '/' }))).kind).toBe('time-out');
    const amid = await raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{"a"');
      setTimeout(() => socket.resetAndDestroy(), 20);
    });
    expect((await faultOf(http(amid.url).request({ method: 'GET', path: '/' }))).kind).toBe('time-out');
  });

  test('something that is not HTTP: protocol', async () => {
    const server = await raw((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
    expect(await faultOf(http(server.url).request({ method: 'GET', path: '/' }))).toMatchObject({
      kind: 'protocol',
      code: 'http',
    });
  });

  test('an answer beyond the limit is not read', async () => {
    const server = await tiny((_seen, response) => response.end(Buffer.alloc(5000)));
    const request = { method: 'GET', path: '/', maxAnswerBytes: 4999 } as const;
    expect(await faultOf(http(server.url).request(request))).toMatchObject({ kind: 'protocol', code: 'too-large' });
  });

  test('the signal interrupts a request under way, and one not begun', async () => {
    const server = await raw(() => undefined);
    const client = http(server.url, { timeouts: {} });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    const request = { method: 'GET', path: '/', signal: controller.signal } as const;
    expect(await faultOf(client.request(request))).toMatchObject({ kind: 'time-out', code: 'aborted' });
    const heard = server.received.length;
    expect((await faultOf(client.request(request))).code).toBe('aborted');
    expect(server.received).toHaveLength(heard);
  });
});

describe('plain HTTP', () => {
  test('elsewhere than on this machine it needs leave, for another base URL too; nothing is sent', async () => {
    const fault = { kind: 'validation', field: 'baseUrl' };
    expect(await faultOf(http('http://192.0.2.1').request({ method: 'GET', path: '/' }))).toMatchObject(fault);
    const server = await tiny((_seen, response) => sendJson(response, {}));
    const elsewhere = { method: 'GET', path: '/', baseUrl: 'http://192.0.2.1' } as const;
    expect(await faultOf(http(server.url).request(elsewhere))).toMatchObject(fault);
  });

  test('with leave it is tried', async () => {
    const fault = await faultOf(
      http('http://no-such-host.invalid', { allowHttp: true }).request({ method: 'GET', path: '/' }),
    );
    expect(fault.kind).toBe('unreachable');
  });
});

describe('parseAnswer', () => {
  const schema = z.object({ code: z.number(), data: z.object({ id: z.string() }).optional() });
  const answered = async (status: number, body: string, headers: Record<string, string> = {}) => {
    const server = await tiny((_seen, response) => response.writeHead(status, headers).end(body));
    return http(server.url).request({ method: 'GET', path: '/' });
  };
  const thrown = async (...args: Parameters<typeof answered>) => {
    const answer = await answered(...args);
    return faultOf((async () => parseAnswer(answer, schema))());
  };

  test('reads the envelope, whatever the status', async () => {
    expect(parseAnswer(await answered(200, '{"code":200}'), schema)).toEqual({ code: 200 });
    expect(parseAnswer(await answered(401, '{"code":10005}'), schema)).toEqual({ code: 10005 });
    expect(parseAnswer(await answered(500, '{"code":50002}'), schema)).toEqual({ code: 50002 });
  });

  test.each([
    [200, '<!DOCTYPE html><title>Login Anna</title>', 'protocol', 'html'],
    [502, '<html>Bad gateway</html>', 'server', 'html'],
    [200, '{"code":200,"da', 'protocol', 'json'],
    [200, '', 'protocol', 'empty'],
    [200, '{"code":200,"data":{"name":"Anna"}}', 'protocol', 'shape'],
    [200, '[]', 'protocol', 'shape'],
    [302, '', 'protocol', 'http-302'],
    [401, 'no', 'auth', 'http-401'],
    [403, '<html>', 'auth', 'http-403'],
    [404, '{"timestamp":1}', 'protocol', 'http-404'],
    [503, 'x', 'server', 'http-503'],
    [429, '{"code":200}', 'rate', 'http-429'],
  ])('HTTP %i %s → %s %s, without the body’s data', async (status, body, kind, code) => {
    const fault = await thrown(status, body);
    expect(fault).toMatchObject({ kind, code });
    expect(fault.message).not.toMatch(/Anna|Login/);
  });

  test('names the field of another shape', async () => {
    expect((await thrown(200, '{"code":200,"data":{"name":"Anna"}}')).message).toContain('data.id');
  });

  test('Retry-After in seconds and as a date', async () => {
    expect((await thrown(429, '', { 'retry-after': '7' })).retryAfterMs).toBe(7000);
    expect((await thrown(503, '', { 'retry-after': '3' })).retryAfterMs).toBe(3000);
    const headers = { date: 'Mon, 10 Jun 2024 06:13:20 GMT', 'retry-after': 'Mon, 10 Jun 2024 06:13:50 GMT' };
    expect((await thrown(503, '', headers)).retryAfterMs).toBe(30_000);
  });
});
