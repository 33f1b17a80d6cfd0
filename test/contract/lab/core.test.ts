import { createServer, get } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FaultBoard } from '../../../src/lab/core/faults.ts';
import { type FaultOrder, type Lab, startLab } from '../../../src/lab/index.ts';
import { json, portrait } from './core-helpers.ts';
import { device } from './device-client.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ devices: 2 });
});
afterEach(() => lab.reset());
afterAll(() => lab.close());

const url = (id: string) => String(lab.platforms.get(id)?.url);
const list = (id = 'device') => device(url(id), 'GET', '/api/user/list');
const add = async (id = 'device') =>
  device(url(id), 'POST', '/api/user', { ...user, photo: (await portrait()).toString('base64') });
const user = { userId: 'TP1', userType: 1, icNumber: '', jobNumber: '', mobile: '', name: 'Anna Lim', remark: '' };
const page = (path: string, init: RequestInit = {}) => fetch(new URL(path, lab.url), init);

describe('the lab', () => {
  it('gives every platform an entry of the configuration at its own port', () => {
    const ids = Object.keys(lab.config.platforms);
    expect(ids).toEqual('hcp device senselink megvii hikconnect device-2'.split(' '));
    const urls = ids.map((id) => String(lab.config.platforms[id]?.baseUrl));
    expect(new Set(urls).size).toBe(ids.length);
    expect(lab.config.platforms.hcp).toMatchObject({ kind: 'hcp', baseUrl: expect.stringMatching(/\/artemis$/) });
    expect(lab.config.platforms['device-2']).toMatchObject({ kind: 'device' });
  });

  it('keeps terminals apart', async () => {
    expect((await add('device-2')).code).toBe(200);
    const people = lab.people();
    expect(people.device).toEqual([]);
    expect(people['device-2']).toMatchObject([{ key: 'TP1', name: 'Anna Lim', kind: 'staff' }]);
  });

  it('names the port that is taken, and leaves nothing running', async () => {
    // Below the range the system hands out for port 0, where other tests' servers live.
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const squatter = createServer();
    await new Promise<void>((done) => squatter.listen(port, '127.0.0.1', done));
    await expect(startLab({ port: port - 1 })).rejects.toThrow(new RegExp(`Port ${port} is already in use.*hcp`));
    await new Promise((done) => squatter.close(done));
    const later = await startLab({ port: port - 1 });
    expect(later.platforms.get('hcp')?.url).toBe(`http://127.0.0.1:${port}/artemis`);
    await later.close();
  });

  it('logs method, path without query, status and the envelope code', async () => {
    await list();
    expect(lab.log('device')).toMatchObject([{ method: 'GET', path: '/api/user/list', status: 200, code: '50008' }]);
  });
});

describe('who passes', () => {
  const order = (body: object) =>
    page('/lab/pass', { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

  it('is ordered over HTTP: the record comes back, mistakes are told', async () => {
    await add();
    const made = await order({ platform: 'device', key: 'TP1', method: 'card' });
    expect(await json(made)).toMatchObject({ code: 30000, data: { userId: 'TP1', inputType: 3 } });
    for (const wrong of [
      { platform: 'device', key: 'TP2' },
      { platform: 'nowhere' },
      { platform: 'device', how: 'card' },
    ])
      expect((await order(wrong)).status).toBe(400);
    const platforms = (await json(await page('/lab/platforms.json'))) as Record<string, { passes: boolean }>;
    expect([platforms.device?.passes, platforms.hcp?.passes]).toEqual([true, false]);
  });

  it('is pushed on a port of its own to who signed well and keeps its heart beating', async () => {
    const { pushPort } = lab.config.platforms.senselink ?? {};
    const socket = new WebSocket(
      `ws://127.0.0.1:${String(pushPort)}/websocket/record/35uifanj8i30kdng/1/0123456789abcdef0123456789abcdef`,
    );
    const first = await new Promise((done) =>
      socket.addEventListener('message', ({ data }) => done(JSON.parse(String(data)))),
    );
    expect(first).toMatchObject({ code: 20002, desc: 'app key not exist' });
    const elsewhere = new WebSocket(`ws://127.0.0.1:${String(pushPort)}/api/record`);
    expect(await new Promise((done) => elsewhere.addEventListener('error', () => done('refused')))).toBe('refused');
  });
});

describe('faults', () => {
  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 'answered',
      (error: Error) => String((error.cause as { code?: string } | undefined)?.code ?? error.name),
    );
  const raw = (id = 'device', signal = AbortSignal.timeout(300)) => fetch(`${url(id)}/api/user/list`, { signal });

  it('off: nobody listens, until the faults are cleared', async () => {
    await lab.order({ platform: 'device', mode: 'off' });
    // A connection kept from before is found cut, a new one is not taken.
    expect(['ECONNREFUSED', 'UND_ERR_SOCKET']).toContain(await outcome(raw()));
    expect(await outcome(raw())).toBe('ECONNREFUSED');
    expect((await raw('device-2')).status).toBe(200);
    await lab.clearFaults();
    expect((await list()).code).toBe(50008);
  });

  it('off for one request: the connection breaks once', async () => {
    await lab.order({ platform: 'device', mode: 'off', times: 1 });
    expect(await outcome(raw())).toMatch(/UND_ERR_SOCKET|ECONNRESET/);
    expect(await outcome(raw())).toBe('answered');
  });

  it('hang: no answer, and nothing done', async () => {
    await lab.order({ platform: 'device', mode: 'hang', times: 1 });
    expect(await outcome(raw())).toBe('TimeoutError');
    expect(lab.log('device')).toMatchObject([{ status: 0, code: 'fault:hang' }]);
  });

  it('act-then-hang: the person is there although nothing was answered', async () => {
    await lab.order({ platform: 'device', mode: 'act-then-hang', path: '/api/user', times: 1 });
    const photo = (await portrait()).toString('base64');
    const signal = AbortSignal.timeout(1500);
    expect(await outcome(device(url('device'), 'POST', '/api/user', { ...user, photo }, { signal }))).toBe(
      'TimeoutError',
    );
    expect(lab.people().device).toHaveLength(1);
    expect((await add()).code).toBe(30001);
  });

  it('slow: the answer is right but late', async () => {
    await lab.order({ platform: 'device', mode: 'slow', ms: 250, times: 1 });
    const before = performance.now();
    expect((await list()).code).toBe(50008);
    expect(performance.now() - before).toBeGreaterThanOrEqual(240);
  });

  it('html, garbage, status and wrong-answer replace the answer, and do nothing', async () => {
    const post = () => fetch(`${url('device')}/api/user`, { method: 'POST', body: Buffer.alloc(3_000_000, 65) });
    await lab.order({ platform: 'device', mode: 'html', times: 1 });
    const html = await post();
    expect([html.status, html.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8']);
    await lab.order({ platform: 'device', mode: 'garbage', times: 1 });
    await expect((await post()).json()).rejects.toThrow(SyntaxError);
    await lab.order({ platform: 'device', mode: 'status', status: 503, times: 1 });
    expect((await post()).status).toBe(503);
    await lab.order({ platform: 'device', mode: 'wrong-answer', body: { code: 12345 }, times: 1 });
    expect(await json(await post())).toEqual({ code: 12345 });
  });

  it('replaces the answer to a multipart upload too', async () => {
    await lab.order({ platform: 'senselink', mode: 'html', times: 1 });
    const body = new FormData();
    body.append('face_avatar', new Blob([Buffer.alloc(3_000_000, 65)], { type: 'image/jpeg' }), 'a.jpg');
    const answer = await fetch(`${url('senselink')}/api/v1/recognition/quality`, { method: 'POST', body });
    expect(answer.status).toBe(502);
  });

  it('rate: 429 with Retry-After; busy: a code of the platform', async () => {
    for (const id of lab.platforms.keys()) {
      await lab.order({ platform: id, mode: 'rate', times: 1 });
      const rate = await raw(id);
      expect([rate.status, rate.headers.get('retry-after')]).toEqual([429, '1']);
    }
    await lab.order({ platform: 'hcp', mode: 'busy', times: 1 });
    expect((await json(await raw('hcp'))).code).toBe('6');
  });

  it('clock: signatures made with the right time are refused, and Date tells by how much', async () => {
    await lab.order({ platform: 'device', mode: 'clock', ms: 3_600_000 });
    const answer = await raw();
    const ahead = Date.parse(String(answer.headers.get('date'))) - Date.now();
    expect(Math.abs(ahead - 3_600_000)).toBeLessThan(5000);
    expect((await list()).code).toBe(10003);
    expect((await list('device-2')).code).toBe(50008);
  });

  it('counts down, matches paths, and the oldest order wins', () => {
    const board = new FaultBoard();
    board.order({ platform: 'a', mode: 'hang', path: '/add', times: 2 });
    board.order({ platform: 'a', mode: 'html' });
    expect(board.take('b', '/add')).toBeNull();
    const modes = ['/add', '/list', '/add', '/add'].map((path) => board.take('a', path)?.mode);
    expect(modes).toEqual(['hang', 'html', 'hang', 'html']);
  });

  it('refuses orders that make no sense', async () => {
    await expect(lab.order({ platform: 'nowhere', mode: 'off' })).rejects.toThrow('nowhere');
    const incomplete: FaultOrder[] = [
      { platform: 'device', mode: 'slow' },
      { platform: 'device', mode: 'clock' },
      { platform: 'device', mode: 'status' },
      { platform: 'device', mode: 'wrong-answer' },
    ];
    for (const order of incomplete) await expect(lab.order(order)).rejects.toThrow(order.mode);
  });
});

describe('the page', () => {
  it('takes orders over HTTP', async () => {
    const order = { platform: 'device', mode: 'status', status: 500, times: 2 };
    const ordered = await page('/lab/faults', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order),
    });
    expect(await ordered.json()).toEqual([{ ...order, left: 2 }]);
    expect((await fetch(`${url('device')}/api/user/list`)).status).toBe(500);
    await page('/lab/faults', { method: 'DELETE' });
    expect((await fetch(`${url('device')}/api/user/list`)).status).toBe(200);
  });

  it('says what is wrong with an order', async () => {
    const headers = { 'content-type': 'application/json' };
    const wrong = await page('/lab/faults', { method: 'POST', headers, body: '{"platform":"device","mode":"melt"}' });
    expect(wrong.status).toBe(400);
    expect(JSON.stringify(await wrong.json())).toContain('mode');
    const unknown = await page('/lab/faults', { method: 'POST', headers, body: '{"platform":"x","mode":"off"}' });
    expect(unknown.status).toBe(400);
  });

  it('shows who is enrolled, with the photo byte for byte, and forgets on reset', async () => {
    await add();
    const people = await json(await page('/lab/people.json'));
    const bytes = await portrait();
    expect(people).toMatchObject({ device: [{ key: 'TP1', photoBytes: bytes.length }], hcp: [], 'device-2': [] });
    const [person] = people.device as { photo: string }[];
    const photo = await page(String(person?.photo));
    expect(photo.headers.get('content-type')).toBe('image/jpeg');
    expect(Buffer.from(await photo.arrayBuffer()).equals(bytes)).toBe(true);
    await page('/lab/reset', { method: 'POST' });
    expect(lab.people().device).toEqual([]);
  });

  it('refuses other hosts and other origins', async () => {
    const rebound = await new Promise<number | undefined>((done) => {
      get(new URL('/lab/people', lab.url), { headers: { host: 'evil.example' } }, (answer) => {
        answer.resume();
        done(answer.statusCode);
      });
    });
    expect(rebound).toBe(421);
    const cross = await page('/lab/reset', { method: 'POST', headers: { origin: 'http://evil.example' } });
    expect(cross.status).toBe(403);
    const own = await page('/lab/reset', { method: 'POST', headers: { origin: new URL(lab.url).origin } });
    expect(own.status).toBe(200);
  });

  it('loads nothing from elsewhere and runs no inline script', async () => {
    const answer = await page('/');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await answer.text();
    expect(html).not.toMatch(/https?:\/\/|<script>|\bstyle=|\son\w+=/);
    for (const path of ['/lab/page.js', '/lab/page.css']) expect((await page(path)).status).toBe(200);
  });
});
