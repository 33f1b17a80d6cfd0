import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { afterEach, describe, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { RecognitionRecord } from '#platforms/contract';
import { oldestFirst, watchPasses } from '#platforms/core/passes';
import { listenToPush, PUSH, type PushMessage } from '#platforms/core/push';
import { FaultError } from '#shared/fault';
import { faultOf } from '../../fixtures/connecting.ts';
import { handClock, until } from '../../fixtures/hand-clock.ts';
import { selfSigned } from '../../fixtures/self-signed.ts';
import { listen } from '../../fixtures/tiny-server.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A push as told: `welcome` is said to each connection, `mute` answers no ping. */
async function pushServer(options: { mute?: boolean; welcome?: object | null; status?: number } = {}) {
  const { mute = false, welcome = { code: 20000 }, status } = options;
  const heard: string[] = [];
  const urls: string[] = [];
  const clients: WebSocket[] = [];
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true, autoPong: !mute });
  server.on('upgrade', (request, socket, head) => {
    // A client that does not wait for the refusal is no error of the test.
    socket.on('error', () => undefined);
    urls.push(request.url ?? '');
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      clients.push(client);
      client.on('message', (data) => heard.push(String(data)));
      if (welcome !== null) client.send(JSON.stringify(welcome));
    });
  });
  const port = await listen(server);
  closers.push(() => {
    for (const client of clients) client.terminate();
    server.close();
  });
  return { port, heard, urls, clients };
}

const read = (message: unknown): PushMessage<RecognitionRecord> => {
  const { code, id = '', at = 0 } = (message ?? {}) as { code?: number; id?: string; at?: number };
  if (code === 20000) return { is: 'connected' };
  if (code === 20002) return { is: 'refused' };
  if (code !== 30000) return { is: 'other' };
  return {
    is: 'record',
    value: {
      id,
      at,
      code: id,
      personId: id,
      kind: 'staff',
      place: null,
      method: 'face',
      similarity: null,
      passed: null,
    },
  };
};

function options(port: number, clock: ReturnType<typeof handClock>) {
  let signed = 0;
  return {
    baseUrl: 'http://127.0.0.1:1',
    port,
    path: () => {
      signed += 1;
      return `/push?n=${signed}`;
    },
    configDir: '.',
    now: clock.now,
    sleep: clock.sleep,
  };
}

/** Starts a watch; `told` are the ids in order. */
function watching(port: number, more: Partial<Parameters<typeof watchPasses>[0]> = {}) {
  const clock = handClock(1_000_000);
  const stop = new AbortController();
  const told: string[] = [];
  const asked: { from: number; to: number }[] = [];
  const done = watchPasses(
    {
      push: options(port, clock),
      read,
      async *missed(range) {
        asked.push(range);
        yield* [];
      },
      time: clock.now,
      adopt: () => false,
      ...more,
    },
    (record) => told.push(record.id),
    stop.signal,
  );
  closers.push(async () => {
    stop.abort();
    await done.catch(() => undefined);
  });
  return { clock, stop, told, asked, done };
}

describe('the heart beat', () => {
  test('goes out every ten seconds; pongs alone keep the connection for minutes', async () => {
    const server = await pushServer();
    const { clock } = watching(server.port);
    await until(() => server.clients.length === 1, 'connected');
    await until(() => clock.sleeping() === 2, 'heart beat and silence');
    await clock.pass(9_000);
    expect(server.heard).toEqual([]);
    await clock.pass(1_000);
    await until(() => server.heard.length === 1, 'first beat');
    expect(JSON.parse(server.heard[0] ?? '')).toEqual({ code: 10000, desc: 'heart beat', message: 'heart beat' });
    await clock.pass(120_000);
    await until(() => server.heard.length === 13, 'thirteen beats');
    expect(server.clients).toHaveLength(1);
  });

  test('after 33 seconds of silence, not before, it connects again with a new signature', async () => {
    const server = await pushServer({ mute: true });
    const { clock, told } = watching(server.port);
    await until(() => server.clients.length === 1, 'connected');
    // The server knows of the connection before the client does: silence is counted from something both know.
    server.clients[0]?.send(JSON.stringify({ code: 30000, id: 'a', at: clock.now() }));
    await until(() => told.length === 1, 'told');
    await clock.pass(PUSH.silenceMs - 1_000);
    expect(server.clients[0]?.readyState).toBe(1);
    await clock.pass(1_000);
    await until(() => (server.clients[0]?.readyState ?? 0) > 1, 'cut off');
    await until(() => clock.sleeping() === 1, 'waiting to connect again');
    await clock.pass(PUSH.retryMs);
    await until(() => server.clients.length === 2, 'connected again');
    expect(server.urls).toEqual(['/push?n=1', '/push?n=2']);
  });

  test('a record is a sign of life', async () => {
    const server = await pushServer({ mute: true });
    const { clock, told } = watching(server.port);
    await until(() => server.clients.length === 1, 'connected');
    await until(() => clock.sleeping() === 2, 'heart beat and silence');
    for (let n = 0; n < 4; n += 1) {
      await clock.pass(20_000);
      server.clients[0]?.send(JSON.stringify({ code: 30000, id: String(n), at: clock.now() }));
      await until(() => told.length === n + 1, 'told');
    }
    expect(server.clients).toHaveLength(1);
  });
});

describe('a lost connection', () => {
  test('is made again, ever more slowly while nobody is there', async () => {
    const server = await pushServer({ status: 503 });
    const { clock } = watching(server.port);
    const tries = () => server.urls.length;
    await until(() => tries() === 1, 'first');
    for (const [pause, count] of [
      [1_000, 2],
      [2_000, 3],
      [4_000, 4],
    ] as const) {
      await until(() => clock.sleeping() === 1, 'waiting to connect again');
      await clock.pass(pause - 1);
      expect(tries()).toBe(count - 1);
      await clock.pass(1);
      await until(() => tries() === count, `attempt ${count}`);
    }
  });

  test('what was missed is asked for, told once and in order; a failure of that is no end', async () => {
    const server = await pushServer();
    const record = (id: string, at: number) => read({ code: 30000, id, at });
    let fail = false;
    const ranges: number[] = [];
    const { clock, told } = watching(server.port, {
      async *missed({ from }) {
        ranges.push(from);
        if (fail) throw new FaultError({ kind: 'unreachable', code: 'x', message: 'x' });
        for (const [id, at] of [
          ['a', 2_000_000],
          ['b', 2_000_001],
        ] as const) {
          const found = record(id, at);
          if (found.is === 'record') yield found.value;
        }
      },
    });
    await until(() => server.clients.length === 1, 'connected');
    server.clients[0]?.send(JSON.stringify({ code: 30000, id: 'a', at: 2_000_000 }));
    await until(() => told.length === 1, 'a');
    server.clients[0]?.terminate();
    await until(() => clock.sleeping() === 1, 'waiting to connect again');
    await clock.pass(1_000);
    await until(() => server.clients.length === 2, 'connected again');
    // Heart beat, silence, and the wait before it asks what it missed.
    await until(() => clock.sleeping() === 3, 'about to ask');
    await clock.pass(2_000);
    await until(() => told.length === 2, 'b');
    expect(ranges).toEqual([1_999_001]);
    fail = true;
    server.clients[1]?.terminate();
    await until(() => clock.sleeping() === 1, 'waiting to connect again');
    await clock.pass(1_000);
    await until(() => server.clients.length === 3, 'connected again');
    // Heart beat, silence, and the wait before it asks what it missed.
    await until(() => clock.sleeping() === 3, 'about to ask');
    await clock.pass(2_000);
    await until(() => ranges.length === 2, 'asked again');
    server.clients[2]?.send(JSON.stringify({ code: 30000, id: 'c', at: 2_000_002 }));
    await until(() => told.length === 3, 'c');
    expect(told).toEqual(['a', 'b', 'c']);
  });
});

describe('the end', () => {
  test('comes with the signal, and leaves no sleeper and no socket behind', async () => {
    const server = await pushServer();
    const { clock, stop, done } = watching(server.port);
    await until(() => server.clients.length === 1, 'connected');
    stop.abort();
    await done;
    expect(clock.sleeping()).toBe(0);
    await until(() => server.clients[0]?.readyState === 3, 'closed');
  });

  test.each([
    ['a refusal in the platform’s words', { welcome: { code: 20002 } }],
    ['HTTP 403', { status: 403 }],
  ])('comes with %s: auth, after one attempt in the platform’s own time', async (_what, how) => {
    const server = await pushServer(how);
    let adopted = 0;
    const { done } = watching(server.port, {
      adopt: () => {
        adopted += 1;
        return adopted === 1;
      },
    });
    expect(await faultOf(done)).toMatchObject({ kind: 'auth' });
    expect(server.urls).toHaveLength(2);
  });

  test('comes when the listener breaks, with an error that tells nothing of it', async () => {
    const server = await pushServer();
    const clock = handClock();
    const done = watchPasses(
      { push: options(server.port, clock), read, missed: async function* () {}, time: clock.now, adopt: () => false },
      () => {
        throw new TypeError('Anna Lim');
      },
      new AbortController().signal,
    );
    const outcome = faultOf(done);
    await until(() => server.clients.length === 1, 'connected');
    server.clients[0]?.send(JSON.stringify({ code: 30000, id: 'a', at: 1 }));
    const fault = await outcome;
    expect(fault).toMatchObject({ kind: 'protocol', code: 'TypeError' });
    expect(fault.message).not.toContain('Anna');
  });
});

test('nonsense on the line is passed over', async () => {
  const server = await pushServer();
  const { told } = watching(server.port);
  await until(() => server.clients.length === 1, 'connected');
  for (const text of ['', 'x', '[]', 'null', '{"code":30000', '{"code":7}']) server.clients[0]?.send(text);
  server.clients[0]?.send(JSON.stringify({ code: 30000, id: 'a', at: 1 }));
  await until(() => told.length === 1, 'a');
  expect(told).toEqual(['a']);
});

test('plain transport beyond this machine is refused before anything is sent', async () => {
  const clock = handClock();
  const push = { ...options(9000, clock), baseUrl: 'http://192.0.2.1:8899' };
  const listener = { read, connected: () => {}, record: () => {}, refused: () => false };
  const fault = await faultOf(listenToPush(push, listener, new AbortController().signal));
  expect(fault).toMatchObject({ kind: 'validation', code: 'plain-http', field: 'baseUrl' });
});

describe('over TLS the push trusts what the platform’s configuration trusts', () => {
  async function secure(tls: (own: string) => { fingerprint256?: string } | undefined, allowHttp?: boolean) {
    const own = selfSigned('127.0.0.1');
    const urls: string[] = [];
    const server = createSecureServer({ cert: own.cert, key: own.key });
    const sockets = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request, socket, head) => {
      // A client that does not wait for the refusal is no error of the test.
      socket.on('error', () => undefined);
      urls.push(request.url ?? '');
      sockets.handleUpgrade(request, socket, head, (client) => client.send('{"code":20000}'));
    });
    const port = await listen(server);
    closers.push(() => {
      for (const client of sockets.clients) client.terminate();
      server.close();
    });
    const clock = handClock();
    const stop = new AbortController();
    let connected = 0;
    const push = { ...options(port, clock), baseUrl: `https://127.0.0.1:1`, tls: tls(own.fingerprint256), allowHttp };
    const listener = {
      read,
      connected: () => {
        connected += 1;
      },
      record: () => {},
      refused: () => false,
    };
    const done = listenToPush(push, listener, stop.signal);
    closers.push(async () => {
      stop.abort();
      await done;
    });
    return { urls, clock, connected: () => connected };
  }

  test('the pinned certificate is taken', async () => {
    const { connected, urls } = await secure((fingerprint256) => ({ fingerprint256 }));
    await until(() => connected() === 1, 'connected');
    expect(urls).toHaveLength(1);
  });

  test.each([
    ['another pinned one', () => ({ fingerprint256: 'AB'.repeat(32) })],
    ['none pinned', () => undefined],
  ])('%s: not even the address with its signature is sent', async (_what, tls) => {
    const { connected, urls, clock } = await secure(tls);
    await until(() => clock.sleeping() === 1, 'waiting to connect again');
    expect(urls).toEqual([]);
    expect(connected()).toBe(0);
  });

  test('plain transport instead only where the owner took it knowingly', async () => {
    const { urls, clock } = await secure((fingerprint256) => ({ fingerprint256 }), true);
    await until(() => clock.sleeping() === 1, 'waiting to connect again');
    expect(urls).toEqual([]);
  });
});

describe('a list that comes newest first', () => {
  const list = (pages: string[][]) => async (page: number) => ({
    items: (pages[page - 1] ?? []).map((id) => ({ id })),
    totalPage: pages.length,
  });
  const ids = async (pages: string[][]) => {
    const found: string[] = [];
    for await (const { id } of oldestFirst(list(pages))) found.push(id);
    return found.join('');
  };

  test.each([
    ['', []],
    ['ab', [['b', 'a']]],
    ['abcde', [['e', 'd'], ['c', 'b'], ['a']]],
    [
      'abc',
      [
        ['c', 'b'],
        ['b', 'a'],
      ],
    ],
  ])('is told oldest first, nobody twice: %s', async (told, pages) => {
    expect(await ids(pages)).toBe(told);
  });
});
