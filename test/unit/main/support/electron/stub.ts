import { EventEmitter } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * `electron` as the built main process imports it, under plain Node: it does nothing and remembers everything. `boot.ts` puts it in
 * Electron's place; nothing that passes here has been seen in a real Electron.
 */

type Handler = (...args: unknown[]) => unknown;

/** What was done before Electron was ready, in order. */
export const beforeReady: string[] = [];
const handlers = new Map<string, Handler>();

/** Calls a handler the main process installed; what it answers is the caller's to know. */
export function ask<T>(name: string, ...args: unknown[]): T {
  const handler = handlers.get(name);
  if (!handler) throw new Error(`nothing is installed for ${name}`);
  return handler(...args) as T;
}

export const windows: BrowserWindow[] = [];
export const boxes: string[] = [];
export const opened: string[] = [];
export let exitCode: number | null = null;
export let hasQuit = false;
let ready = false;

const note = (what: string) => {
  if (!ready) beforeReady.push(what);
};
const keep = (name: string) => (handler: Handler | null) => {
  if (handler) handlers.set(name, handler);
};

const paths = new Map([['userData', mkdtempSync(join(tmpdir(), 'vestibule-electron-'))]]);

class App extends EventEmitter {
  isPackaged = false;
  enableSandbox() {
    note('sandbox');
  }
  setPath(name: string, value: string) {
    note(`path ${name}`);
    paths.set(name, value);
  }
  getPath(name: string) {
    return paths.get(name) ?? '';
  }
  getVersion() {
    return '0.0.0';
  }
  requestSingleInstanceLock() {
    note('lock');
    return true;
  }
  async whenReady() {
    await new Promise((resolve) => setImmediate(resolve));
    ready = true;
  }
  quit() {
    let prevented = false;
    this.emit('before-quit', {
      preventDefault: () => {
        prevented = true;
      },
    });
    if (!prevented) hasQuit = true;
  }
  exit(code: number) {
    exitCode = code;
  }
}
export const app = new App();

class WebContents extends EventEmitter {
  readonly id: number;
  readonly sent: unknown[][] = [];
  url = '';
  windowOpen: ((details: { url: string }) => { action: string }) | null = null;
  constructor(id: number) {
    super();
    this.id = id;
  }
  getURL() {
    return this.url;
  }
  isDestroyed() {
    return false;
  }
  send(...message: unknown[]) {
    this.sent.push(message);
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }) {
    this.windowOpen = handler;
  }
}

export class BrowserWindow extends EventEmitter {
  readonly options: { webPreferences: Record<string, unknown> };
  readonly webContents: WebContents;
  readonly loaded: string[] = [];
  constructor(options: { webPreferences: Record<string, unknown> }) {
    super();
    this.options = options;
    this.webContents = new WebContents(windows.length + 1);
    windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  async loadURL(url: string) {
    this.loaded.push(url);
    this.webContents.url = url;
  }
  isDestroyed() {
    return false;
  }
  isMinimized() {
    return false;
  }
  show() {}
  focus() {}
}

export const schemes: { scheme: string; privileges: Record<string, boolean> }[] = [];
export const protocol = {
  registerSchemesAsPrivileged(list: typeof schemes) {
    note('scheme');
    schemes.push(...list);
  },
  handle: (scheme: string, handler: Handler) => handlers.set(`protocol ${scheme}`, handler),
};

export const session = {
  defaultSession: Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: keep('permission request'),
    setPermissionCheckHandler: keep('permission check'),
    setDevicePermissionHandler: keep('device permission'),
    setDisplayMediaRequestHandler: keep('display media'),
    webRequest: { onBeforeRequest: keep('request') },
  }),
};

export const ipcMain = Object.assign(new EventEmitter(), {
  handle: (channel: string, handler: Handler) => handlers.set(`ipc ${channel}`, handler),
});

/** A key ring that works; what it wraps is not what it was given. */
export const safeStorage = {
  getSelectedStorageBackend: () => 'gnome_libsecret',
  isAsyncEncryptionAvailable: async () => true,
  setUsePlainTextEncryption() {},
  encryptStringAsync: async (text: string) => Buffer.from(`v11${[...text].reverse().join('')}`),
  decryptStringAsync: async (wrapped: Buffer) => ({
    result: [...wrapped.toString().slice(3)].reverse().join(''),
    shouldReEncrypt: false,
  }),
};

export const dialog = { showErrorBox: (title: string, text: string) => boxes.push(`${title}: ${text}`) };
export const Menu = { setApplicationMenu() {} };
export const shell = {
  async openExternal(url: string) {
    opened.push(url);
  },
};

export default { app, BrowserWindow, dialog, ipcMain, Menu, protocol, safeStorage, session, shell };
