import { describe, expect, test } from 'vitest';
import type { HttpAnswer } from '#platforms/core/answer';
import { CIRCUIT, createCircuit } from '#platforms/core/circuit';
import { codeFault } from '#platforms/core/codes';
import { createHttp } from '#platforms/core/http';
import { type Fault, FaultError } from '#shared/fault';
import { faultOf } from '../../fixtures/connecting.ts';
import { sendJson, tinyServer } from '../../fixtures/tiny-server.ts';

function answer(status: number, headers: Record<string, string> = {}, at = 0): HttpAnswer {
  return { status, headers, bytes: new Uint8Array(), sentAt: at, receivedAt: at, serverDate: null };
}
const failing = (fault: Partial<Fault>) => async () => {
  throw new FaultError({ kind: 'unreachable', code: 'ECONNREFUSED', message: 'nothing listens there', ...fault });
};

/** A circuit under a clock of its own, and how many requests went out. */
function rig() {
  let at = 1_000_000;
  let sent = 0;
  const circuit = createCircuit(() => at);
  return {
    circuit,
    sent: () => sent,
    pass: (ms: number) => {
      at += ms;
    },
    run: (request: () => Promise<HttpAnswer>) =>
      circuit.run(() => {
        sent += 1;
        return request();
      }),
    async open() {
      for (let n = 0; n < CIRCUIT.failures; n += 1) await faultOf(this.run(failing({})));
    },
  };
}

describe('the circuit opens', () => {
  test.each<[string, () => Promise<HttpAnswer>]>([
    ['no connection', failing({})],
    ['silence', failing({ kind: 'time-out', code: 'headers' })],
    ['a broken connection', failing({ kind: 'time-out', code: 'ECONNRESET' })],
    ['HTTP 500', async () => answer(500)],
    ['HTTP 502', async () => answer(502)],
  ])('after five of: %s', async (_what, request) => {
    const { circuit, run, sent } = rig();
    for (let n = 0; n < CIRCUIT.failures; n += 1) {
      expect(circuit.view()).toBe('closed');
      await run(request).catch(() => undefined);
    }
    expect(circuit.view()).toBe('open');
    const fault = await faultOf(run(request));
    expect(fault).toMatchObject({ kind: 'unreachable', code: 'circuit-open', retryAfterMs: CIRCUIT.pauseMs });
    expect(sent()).toBe(CIRCUIT.failures);
  });

  test('and says what went wrong last, so that the advice is not lost', async () => {
    const { open, run, ...rest } = rig();
    await open.call({ ...rest, run, open });
    expect((await faultOf(run(failing({})))).message).toContain('nothing listens there');
  });
});

describe('what a platform says of a person, a picture or a key never opens it', () => {
  test.each<[string, () => Promise<HttpAnswer>]>([
    ['an answer with 400', async () => answer(400)],
    ['an answer with 401', async () => answer(401)],
    ['an answer with 429', async () => answer(429)],
    ['validation', failing({ kind: 'validation', code: 'plain-http' })],
    ['quality', failing({ kind: 'quality', code: '10201' })],
    ['protocol', failing({ kind: 'protocol', code: 'too-large' })],
    ['our own interruption', failing({ kind: 'time-out', code: 'aborted' })],
    ['our own closing', failing({ kind: 'time-out', code: 'closed' })],
  ])('%s', async (_what, request) => {
    const { circuit, run, sent } = rig();
    for (let n = 0; n < 20; n += 1) await run(request).catch(() => undefined);
    expect(circuit.view()).toBe('closed');
    expect(sent()).toBe(20);
  });

  test('and one good answer in between starts the count anew', async () => {
    const { circuit, run } = rig();
    for (let n = 0; n < 12; n += 1)
      await run(n % 4 === 3 ? async () => answer(200) : failing({})).catch(() => undefined);
    expect(circuit.view()).toBe('closed');
  });
});

describe('half-open after a pause', () => {
  test('one request tries; a good one closes the circuit', async () => {
    const it = rig();
    await it.open();
    it.pass(CIRCUIT.pauseMs - 1);
    expect((await faultOf(it.run(failing({})))).retryAfterMs).toBe(CIRCUIT.trialMs);
    it.pass(1);
    expect((await it.run(async () => answer(200))).status).toBe(200);
    expect(it.circuit.view()).toBe('closed');
  });

  test('whoever comes during the trial is told at once, and is not sent', async () => {
    const it = rig();
    await it.open();
    it.pass(CIRCUIT.pauseMs);
    let end = (_answer: HttpAnswer) => {};
    const trial = it.run(
      () =>
        new Promise((done) => {
          end = done;
        }),
    );
    expect(it.circuit.view()).toBe('half-open');
    expect(await faultOf(it.run(failing({})))).toMatchObject({ code: 'circuit-open', retryAfterMs: CIRCUIT.trialMs });
    end(answer(200));
    await trial;
    expect(it.sent()).toBe(CIRCUIT.failures + 1);
    expect(it.circuit.view()).toBe('closed');
  });

  test('a trial that fails doubles the pause, up to a limit', async () => {
    const it = rig();
    await it.open();
    const pauses: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      const { retryAfterMs = 0 } = await faultOf(it.run(failing({})));
      pauses.push(retryAfterMs);
      it.pass(retryAfterMs);
      expect((await faultOf(it.run(failing({})))).code).toBe('ECONNREFUSED');
    }
    expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  test('a trial we interrupted ourselves proves nothing: it stays open', async () => {
    const it = rig();
    await it.open();
    it.pass(CIRCUIT.pauseMs);
    await faultOf(it.run(failing({ kind: 'time-out', code: 'aborted' })));
    expect(it.circuit.view()).toBe('open');
  });

  test('a refusal of the platform closes it: somebody is there', async () => {
    const it = rig();
    await it.open();
    it.pass(CIRCUIT.pauseMs);
    await it.run(async () => answer(401));
    expect(it.circuit.view()).toBe('closed');
  });

  test('somebody who asks on purpose does not wait for the pause', async () => {
    const it = rig();
    await it.open();
    it.circuit.hurry();
    expect((await it.run(async () => answer(200))).status).toBe(200);
  });

  test('a clock set back does not hold it open', async () => {
    const it = rig();
    await it.open();
    it.pass(-86_400_000);
    expect((await it.run(async () => answer(200))).status).toBe(200);
  });
});

describe('Retry-After is obeyed', () => {
  const AT = Date.parse('2026-11-22T05:00:00Z');

  test.each([
    ['seconds', '7', 7_000],
    ['a second, which passes by itself', '1', 0],
    ['an HTTP date', 'Sun, 22 Nov 2026 05:00:30 GMT', 30_000],
    ['an HTTP date long gone', 'Sun, 22 Nov 2026 04:00:00 GMT', 0],
    ['nonsense', 'soon', 0],
    ['more than an hour', '999999', CIRCUIT.longestQuietMs],
  ])('%s', async (_what, value, quietMs) => {
    for (const status of [429, 503]) {
      let at = AT;
      let sent = 0;
      const circuit = createCircuit(() => at);
      const ask = (one: HttpAnswer) =>
        circuit.run(async () => {
          sent += 1;
          return one;
        });
      await ask(answer(status, { 'retry-after': value }, AT));
      if (quietMs > 0) {
        at = AT + quietMs - 1;
        expect(await faultOf(ask(answer(200)))).toMatchObject({ kind: 'rate', code: 'retry-after', retryAfterMs: 1 });
        expect(sent).toBe(1);
      }
      at = AT + quietMs;
      expect((await ask(answer(200))).status).toBe(200);
    }
  });

  test('a date counts from the platform’s own clock where it tells it', async () => {
    const ahead = {
      ...answer(503, { 'retry-after': 'Sun, 22 Nov 2026 06:00:30 GMT' }, AT),
      serverDate: AT + 3_600_000,
    };
    const fault = codeFault({ 6: { kind: 'server', message: 'busy' } }, 6, { text: '', redact: String, answer: ahead });
    expect(fault.fault.retryAfterMs).toBe(30_000);
  });

  test('beside the platform’s own words, but not for what waiting does not heal', () => {
    const said = { text: '', redact: String, answer: answer(200, { 'retry-after': '9' }) };
    expect(codeFault({ 1: { kind: 'rate', message: '' } }, 1, said).fault.retryAfterMs).toBe(9_000);
    expect(codeFault({ 1: { kind: 'quality', message: '' } }, 1, said).fault.retryAfterMs).toBeUndefined();
  });
});

test('over the wire: five times 503, then nothing is sent, then one request finds it well', async () => {
  let at = 0;
  let well = false;
  const server = await tinyServer((_seen, response) => {
    if (well) sendJson(response, {});
    else response.writeHead(503).end();
  });
  const http = createHttp({ baseUrl: server.url, configDir: '.', secrets: [], now: () => at });
  const ask = () => http.request({ method: 'GET', path: '/' });
  for (let n = 0; n < 5; n += 1) expect((await ask()).status).toBe(503);
  expect((await faultOf(ask())).code).toBe('circuit-open');
  expect(server.seen).toHaveLength(5);
  expect(http.circuit()).toBe('open');
  at += CIRCUIT.pauseMs;
  well = true;
  expect((await ask()).status).toBe(200);
  expect(http.circuit()).toBe('closed');
  await http.close();
  server.close();
});
