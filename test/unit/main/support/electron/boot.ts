import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type * as Stub from './stub.ts';

/**
 * Boots the built main process under Node with `stub.ts` in Electron's place, asks everything a page or an intruder could ask, ends it,
 * and prints what happened as one JSON object. Run by `built-main.test.ts` in a process of its own: `boot.ts DATA_DIR [switch…]`.
 */

/** What happened, as far as it got. */
export interface Seen {
  info: Answer;
  platforms: string[];
  unknown: Answer;
  argument: Answer;
  /** Codes of the faults that callers got who are not our page. */
  strangers: (string | undefined)[];
  events: unknown[][];
  /** Who may sign in: how the station stood when it was asked first. */
  operators: unknown;
  /** How the change of the key ended. */
  key: unknown;
  permissions: Record<string, unknown>;
  scheme: Record<string, { status: number; type: string | null; csp: string | null; size: number }>;
  cancelled: Record<string, boolean>;
  prevented: Record<string, boolean>;
  windowOpen: unknown[];
  opened: string[];
  loaded: string[];
  webPreferences: Record<string, unknown>;
  quitAtOnce: boolean;
  hasQuit: boolean;
  exitCode: number | null;
  boxes: string[];
  beforeReady: string[];
  schemes: unknown[];
  sessionData: string;
}

interface Answer {
  ok: boolean;
  value?: unknown;
  fault?: { code: string };
}

const stubUrl = new URL('./stub.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: stubUrl, shortCircuit: true } : next(specifier, context),
});

const [dataDir = '', ...switches] = process.argv.slice(2);
process.argv = [process.argv[0] ?? '', '.', '--data', dataDir, ...switches];
const stub: typeof Stub = await import(stubUrl);
const seen: Partial<Seen> = {};

await import(pathToFileURL(join(process.cwd(), 'out/main/index.js')).href);
// A page that asks late comes after a station that failed: nothing may then wait for its answer.
const asksLate = process.env.VESTIBULE_BOOT_ASKS === 'late';
const isReady = () => stub.exitCode !== null || (!asksLate && stub.windows.length > 0);
for (let tries = 0; tries < 500 && !isReady(); tries += 1) await sleep(20);

const call = (event: object, name: string, input?: unknown) =>
  stub.ask<Promise<Answer>>('ipc vestibule:call', event, name, input);
const window = stub.windows[0];
const page = { sender: window?.webContents, senderFrame: { parent: null, url: 'app://station/' } };
// Calls wait for the station: the first answer tells whether it opened.
if (window) seen.info = await call(page, 'app.info');

if (window && seen.info?.ok) {
  const contents = window.webContents;
  seen.platforms = ((await call(page, 'platforms.list')).value as { kind: string }[]).map(({ kind }) => kind);
  seen.unknown = await call(page, 'constructor');
  seen.argument = await call(page, 'photo.submit', { bytes: 'no', source: 'file' });
  seen.strangers = await Promise.all(
    [
      { ...page, senderFrame: null },
      { ...page, senderFrame: { parent: {}, url: 'app://station/' } },
      { ...page, senderFrame: { parent: null, url: 'https://evil.example/' } },
      { ...page, sender: { id: 99 } },
    ].map(async (event) => (await call(event, 'app.info')).fault?.code),
  );
  await call(page, 'settings.set', { mirror: false });
  seen.events = [...contents.sent];
  seen.operators = (await call(page, 'operators.status')).value;
  let key = await call(page, 'key.change');
  for (let tries = 0; tries < 200 && (key.value as { state: string }).state === 'running'; tries += 1) {
    await sleep(20);
    key = await call(page, 'key.status');
  }
  seen.key = key.value;

  const request = (permission: string, details: object) =>
    new Promise((resolve) => stub.ask('permission request', {}, permission, resolve, details));
  const check = (permission: string, origin: string, details: object) =>
    stub.ask('permission check', {}, permission, origin, details);
  const own = { requestingUrl: 'app://station/', securityOrigin: 'app://station/', isMainFrame: true };
  seen.permissions = {
    camera: await request('media', { ...own, mediaTypes: ['video'] }),
    cameraCheck: check('media', 'app://station/', { mediaType: 'video', isMainFrame: true }),
    both: await request('media', { ...own, mediaTypes: ['video', 'audio'] }),
    microphone: check('media', 'app://station/', { mediaType: 'audio', isMainFrame: true }),
    foreign: await request('media', { ...own, requestingUrl: 'https://evil.example/', mediaTypes: ['video'] }),
    foreignCheck: check('media', 'https://evil.example/', { mediaType: 'video', isMainFrame: true }),
    frame: await request('media', { ...own, isMainFrame: false, mediaTypes: ['video'] }),
    location: await request('geolocation', own),
    clipboard: check('clipboard-read', 'app://station/', { isMainFrame: true }),
    usb: stub.ask('device permission', { deviceType: 'usb', origin: 'app://station' }),
    screen: await new Promise((resolve) => stub.ask('display media', {}, resolve)),
  };

  const fetched = async (url: string, method = 'GET') => {
    const answer = await stub.ask<Promise<Response>>('protocol app', { url, method });
    return {
      status: answer.status,
      type: answer.headers.get('content-type'),
      csp: answer.headers.get('content-security-policy'),
      size: (await answer.arrayBuffer()).byteLength,
    };
  };
  seen.scheme = {
    start: await fetched('app://station/'),
    engine: await fetched('app://station/engine/facemesh.json'),
    up: await fetched('app://station/..%2f..%2fpackage.json'),
    upInEngine: await fetched('app://station/engine/..%2f..%2fpackage.json'),
    other: await fetched('app://elsewhere/'),
    post: await fetched('app://station/', 'POST'),
  };

  const requested = (url: string) =>
    new Promise<boolean>((resolve) =>
      stub.ask('request', { url }, (answer: { cancel: boolean }) => resolve(answer.cancel)),
    );
  seen.cancelled = {
    own: await requested('app://station/assets/a.js'),
    web: await requested('https://example.com/'),
    local: await requested('http://127.0.0.1:1/'),
  };

  const prevented = (emitter: { emit(...args: unknown[]): unknown }, name: string, url = '') => {
    let stopped = false;
    const event = {
      url,
      preventDefault: () => {
        stopped = true;
      },
    };
    emitter.emit(name, event, { getURL: () => url });
    return stopped;
  };
  seen.prevented = {
    away: prevented(contents, 'will-frame-navigate', 'https://evil.example/'),
    redirect: prevented(contents, 'will-redirect', 'file:///etc/passwd'),
    home: prevented(contents, 'will-frame-navigate', 'app://station/'),
    webview: prevented(contents, 'will-attach-webview'),
    download: prevented(stub.session.defaultSession, 'will-download', 'https://evil.example/x.exe'),
    export: prevented(stub.session.defaultSession, 'will-download', 'blob:app://station/0e1f'),
  };
  seen.windowOpen = [
    contents.windowOpen?.({ url: 'https://evil.example/' }),
    contents.windowOpen?.({ url: 'file:///x' }),
  ];
  seen.opened = stub.opened;

  for (let crash = 0; crash < 4; crash += 1)
    contents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
  seen.loaded = window.loaded;
  seen.webPreferences = window.options.webPreferences;
  await call(page, 'operators.add', { label: 'Ada', role: 'administrator', pin: '1111' });

  stub.app.emit('window-all-closed');
  seen.quitAtOnce = stub.hasQuit;
}
for (let tries = 0; tries < 300 && !stub.hasQuit && stub.exitCode === null; tries += 1) await sleep(20);

Object.assign(seen, {
  hasQuit: stub.hasQuit,
  exitCode: stub.exitCode,
  boxes: stub.boxes,
  beforeReady: stub.beforeReady,
  schemes: stub.schemes,
  sessionData: stub.app.getPath('sessionData'),
});
process.stdout.write(`${JSON.stringify(seen)}\n`);
// Nothing may keep the process alive once the station is closed; if something does, the test's time-out tells.
