import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type Served, serve } from '#main/loopback/server';
import { type Browser, loopbackTransport, retryDelay } from '#renderer/loopback-transport';
import type { Connection } from '#renderer/transport';
import { EVENTS } from '#shared/channels';
import { type FakeStation, fakeStation } from './support/fake-station.ts';

// `bridge.ts` makes the page's one bridge when it is loaded; here it needs a window that has a preload.
vi.stubGlobal('window', { vestibule: { call: async () => ({ ok: true, value: null }), on: () => () => undefined } });
const { CallError, createBridge, preloadTransport } = await import('#renderer/bridge');

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** What of a browser the transport uses: one tab, with the cookies its browser keeps. */
function tab(url: string, jar: Map<string, string>) {
  const address = new URL(url);
  const heard = new Map<string, ((event: { persisted: boolean }) => void)[]>();
  const shown: string[] = [];
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const browser = {
    location: address,
    history: {
      state: null,
      replaceState(_state: unknown, _title: string, path: string) {
        shown.push(path);
        address.hash = '';
      },
    },
    setTimeout: (run: () => void, ms: number) => setTimeout(run, ms / 50),
    async fetch(path: string, init: RequestInit = {}) {
      const headers = new Headers(init.headers);
      headers.set('cookie', cookie());
      if (init.method === 'POST') headers.set('origin', address.origin);
      const response = await fetch(new URL(path, address), { ...init, headers });
      for (const line of response.headers.getSetCookie()) {
        const [name = '', value = ''] = line.split(';', 1)[0]?.split('=') ?? [];
        jar.set(name, value);
      }
      return response;
    },
    WebSocket: class extends WebSocket {
      constructor(target: string) {
        super(target, { headers: { origin: address.origin, cookie: cookie() } });
        // A browser reports a failed socket by closing it; ws throws where nobody listens.
        this.on('error', () => undefined);
      }
    },
    addEventListener(name: string, listener: (event: { persisted: boolean }) => void) {
      heard.set(name, [...(heard.get(name) ?? []), listener]);
    },
  };
  return {
    browser: browser as unknown as Browser,
    shown,
    fire: (name: string, event = { persisted: false }) => {
      for (const listener of heard.get(name) ?? []) listener(event);
    },
    go(hash: string) {
      address.hash = hash;
    },
  };
}

let folder = '';
let station: FakeStation;
let served: Served;
const start = (port = 0) =>
  serve({ station, version: '1', lab: null, roots: { renderer: folder, engine: folder }, log: silent, port });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vestibule-bridge-'));
  station = fakeStation();
  served = await start();
});
afterEach(async () => {
  await served.close();
  await rm(folder, { recursive: true });
});

function openPage(url: string, jar = new Map<string, string>()) {
  const page = tab(url, jar);
  const transport = loopbackTransport(page.browser);
  const states: Connection['state'][] = [];
  transport.onConnection(({ state }) => states.push(state));
  return { ...page, jar, bridge: createBridge(transport), states };
}
const settled = (page: ReturnType<typeof openPage>, state: Connection['state']) =>
  expect.poll(() => page.bridge.connection().state, { timeout: 5_000 }).toBe(state);

describe('over the loopback host', () => {
  it('takes the token out of the address at once, and signs in with it', async () => {
    const page = openPage(served.url);
    expect(page.shown).toEqual(['/']);
    expect(page.bridge.connection()).toEqual({ state: 'connecting' });
    await settled(page, 'open');
    expect(page.jar.size).toBe(1);
    expect(page.states).toEqual(['open']);
  });

  it('calls, with bytes as bytes, before the connection is even open', async () => {
    const { bridge } = openPage(served.url);
    expect(await bridge.call('app.info')).toEqual({ version: '1', shell: 'loopback', lab: null });
    const photo = await bridge.call('photo.submit', { bytes: new Uint8Array([1, 2]), source: 'file' });
    expect(photo.preview && [...photo.preview]).toEqual([2, 1]);
    expect(await bridge.call('photo.discard', { token: 'photo-1' })).toBeUndefined();
  });

  it('rejects with the station’s fault', async () => {
    const { bridge } = openPage(served.url);
    const error = await bridge.call('delivery.retry', { id: 'd' }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CallError);
    expect(error).toMatchObject({ message: 'the platform is full', fault: { kind: 'capacity', code: '132' } });
  });

  it('hears events until it stops listening', async () => {
    const page = openPage(served.url);
    const heard: unknown[] = [];
    const off = page.bridge.on('settings.changed', (settings) => heard.push(settings.mirror));
    await settled(page, 'open');
    station.emit('settings.changed', { mirror: false });
    await expect.poll(() => heard).toEqual([false]);
    off();
    station.emit('settings.changed', { mirror: true });
    await page.bridge.call('app.info');
    expect(heard).toEqual([false]);
  });

  it('says that a link was used, and that one is of another run', async () => {
    await settled(openPage(served.url), 'open');
    const second = openPage(served.url);
    await settled(second, 'refused');
    expect(second.bridge.connection()).toEqual({ state: 'refused', reason: 'link-used' });
    const stale = openPage(`http://127.0.0.1:${served.port}/#t=${'A'.repeat(43)}`);
    await settled(stale, 'refused');
    expect(stale.bridge.connection()).toEqual({ state: 'refused', reason: 'link-unknown' });
    await expect(stale.bridge.call('app.info')).rejects.toMatchObject({ fault: { kind: 'auth', code: 'session' } });
    expect(stale.bridge.connection(), 'a refused call does not change why').toMatchObject({ reason: 'link-unknown' });
  });

  it('needs no link in a browser that has a session: reload, second tab, the old link again', async () => {
    const first = openPage(served.url);
    await settled(first, 'open');
    await settled(openPage(`http://127.0.0.1:${served.port}/`, first.jar), 'open');
    await settled(openPage(served.url, first.jar), 'open');
    const stranger = openPage(`http://127.0.0.1:${served.port}/`);
    await settled(stranger, 'refused');
    expect(stranger.bridge.connection()).toEqual({ state: 'refused', reason: 'session' });
  });

  it('gets in again with a fresh link pasted into the open page, and hears each event once', async () => {
    const page = openPage(`http://127.0.0.1:${served.port}/`);
    await settled(page, 'refused');
    for (let round = 0; round < 2; round += 1) {
      page.go(new URL(served.freshUrl()).hash);
      page.fire('hashchange');
      await page.bridge.call('app.info');
      await settled(page, 'open');
    }
    const heard: unknown[] = [];
    page.bridge.on('settings.changed', (settings) => heard.push(settings));
    await expect.poll(() => station.listeners()).toBe(EVENTS.length);
    station.emit('settings.changed', { mirror: true });
    station.emit('settings.changed', { mirror: false });
    await expect.poll(() => heard.length).toBeGreaterThan(1);
    expect(heard).toEqual([{ mirror: true }, { mirror: false }]);
  });

  it('waits for a station that went away, and is told when it comes back without the session', async () => {
    const page = openPage(served.url);
    await settled(page, 'open');
    const { port } = served;
    await served.close();
    await settled(page, 'retrying');
    await expect(page.bridge.call('app.info')).rejects.toMatchObject({
      fault: { kind: 'unreachable', code: 'station' },
    });
    served = await start(port);
    await settled(page, 'refused');
    expect(page.bridge.connection()).toEqual({ state: 'refused', reason: 'session' });
    page.go(new URL(served.freshUrl()).hash);
    page.fire('hashchange');
    await settled(page, 'open');
  });

  it('does not retry while the page is left, and comes back from the page cache', async () => {
    const page = openPage(served.url);
    await settled(page, 'open');
    const { port } = served;
    page.fire('pagehide');
    await served.close();
    served = await start(port);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(page.states).toEqual(['open']);
    page.fire('pageshow', { persisted: true });
    await settled(page, 'refused');
  });
});

describe('retryDelay', () => {
  it('doubles up to ten seconds, less up to a quarter', () => {
    expect([1, 2, 3, 6, 7, 1000].map((attempt) => retryDelay(attempt, 0))).toEqual([
      250, 500, 1000, 8000, 10_000, 10_000,
    ]);
    expect(retryDelay(7, 1)).toBe(7500);
  });
});

describe('over Electron’s preload', () => {
  it('passes values and faults on, and is always open', async () => {
    const replies: Record<string, unknown> = {
      'app.info': { ok: true, value: { version: '2' } },
      'quality.criteria': { ok: false, fault: { kind: 'auth', code: 'sender', message: 'no' } },
    };
    const bridge = createBridge(
      preloadTransport({ call: async (name) => replies[name] as never, on: () => () => undefined }),
    );
    expect(await bridge.call('app.info')).toEqual({ version: '2' });
    await expect(bridge.call('quality.criteria')).rejects.toMatchObject({ fault: { code: 'sender' } });
    expect(bridge.connection()).toEqual({ state: 'open' });
  });

  it('turns a channel that fails into a fault', async () => {
    const bridge = createBridge(
      preloadTransport({ call: () => Promise.reject(new Error('gone')), on: () => () => undefined }),
    );
    await expect(bridge.call('app.info')).rejects.toMatchObject({ fault: { kind: 'unreachable' } });
  });
});
