import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHttp } from '#platforms/core/http';
import type { TlsChoice } from '#platforms/core/tls';
import { faultOf } from '../../fixtures/connecting.ts';
import { selfSigned } from '../../fixtures/self-signed.ts';
import { listen, rawServer } from '../../fixtures/tiny-server.ts';

const mine = selfSigned('127.0.0.1');
const other = selfSigned('127.0.0.1');
const elsewhere = selfSigned('terminal.example');
let folder: string;
let requests = 0;
let decrypted = 0;
let port = 0;

const server = createServer({ cert: mine.cert, key: mine.key }, (_request, response) => {
  requests += 1;
  response.end('{}');
});
server.on('secureConnection', (socket) => socket.on('data', (data: Buffer) => (decrypted += data.length)));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tls-'));
  writeFileSync(join(folder, 'mine.pem'), mine.cert);
  writeFileSync(join(folder, 'other.pem'), other.cert);
  port = await listen(server);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  requests = 0;
  decrypted = 0;
});

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function get(tls: TlsChoice | undefined, baseUrl = `https://127.0.0.1:${port}`) {
  const http = createHttp({
    baseUrl,
    tls,
    configDir: folder,
    secrets: [],
    now: Date.now,
    timeouts: { connectMs: 2000 },
  });
  closers.push(() => http.close());
  return http.request({ method: 'POST', path: '/', body: Buffer.from('a face') });
}

describe('a self-signed certificate', () => {
  test('is not trusted by itself; the fault tells its fingerprint and what to do, and no byte of the request was sent', async () => {
    const fault = await faultOf(get(undefined));
    expect(fault).toMatchObject({ kind: 'unreachable', code: 'tls' });
    expect(fault.message).toContain(mine.fingerprint256);
    expect(fault.message).toContain('tls.fingerprint256');
    expect({ requests, decrypted }).toEqual({ requests: 0, decrypted: 0 });
  });

  test('is trusted by its pinned fingerprint, in any spelling', async () => {
    expect((await get({ fingerprint256: mine.fingerprint256 })).status).toBe(200);
    expect((await get({ fingerprint256: mine.fingerprint256.replaceAll(':', '').toLowerCase() })).status).toBe(200);
    expect(requests).toBe(2);
  });

  test('another one than the pinned one gets not a byte of the request', async () => {
    const fault = await faultOf(get({ fingerprint256: other.fingerprint256 }));
    expect(fault).toMatchObject({ kind: 'unreachable', code: 'tls', field: 'tls.fingerprint256' });
    expect(fault.message).toContain(mine.fingerprint256);
    expect({ requests, decrypted }).toEqual({ requests: 0, decrypted: 0 });
  });

  test('is trusted by a CA file relative to the configuration, and not by another', async () => {
    expect((await get({ ca: 'mine.pem' })).status).toBe(200);
    expect(await faultOf(get({ ca: 'other.pem' }))).toMatchObject({ kind: 'unreachable', code: 'tls' });
    expect(requests).toBe(1);
  });

  test('a CA file does not excuse the wrong host name', async () => {
    const wrong = createServer({ cert: elsewhere.cert, key: elsewhere.key }, (_request, response) =>
      response.end('{}'),
    );
    closers.push(() => wrong.close());
    writeFileSync(join(folder, 'elsewhere.pem'), elsewhere.cert);
    const fault = await faultOf(get({ ca: 'elsewhere.pem' }, `https://127.0.0.1:${await listen(wrong)}`));
    expect(fault).toMatchObject({ kind: 'unreachable', code: 'tls' });
    wrong.closeAllConnections();
  });
});

test('a CA file that is not there is the configuration’s fault, and rejects the request only', async () => {
  expect(await faultOf(get({ ca: 'missing.pem' }))).toMatchObject({ kind: 'validation', code: 'ca', field: 'tls.ca' });
});

test('https to a port that speaks plain HTTP', async () => {
  const plain = await rawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  closers.push(plain.close);
  expect(await faultOf(get(undefined, `https://127.0.0.1:${plain.port}`))).toMatchObject({
    kind: 'unreachable',
    code: 'tls',
  });
});
