import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron';
import { afterCrash, CRASH_PAGE_URL } from './crash.ts';
import { START_PAGE } from './origin.ts';

/** The one window's options. Every switch that guards the page is said, also where it is the default: a default can change. */
export function windowOptions(preload: string, devTools: boolean, kiosk: boolean): BrowserWindowConstructorOptions {
  return {
    kiosk,
    width: 1280,
    height: 860,
    minWidth: 960,
    minHeight: 640,
    title: 'Vestibule',
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      // Its dictionaries would be fetched from a server that is not ours.
      spellcheck: false,
      devTools,
    },
  };
}

interface WindowDeps {
  now(): number;
  onGone(reason: string, action: string): void;
  onLoadFailed(error: unknown): void;
}

/** Loads the page, shows the window once there is something to see, and brings it back when its process is gone. */
export function openPage(window: BrowserWindow, { now, onGone, onLoadFailed }: WindowDeps): void {
  let history: readonly number[] = [];
  const load = (url: string) => {
    window.loadURL(url).catch(onLoadFailed);
  };
  window.once('ready-to-show', () => window.show());
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    const decision = afterCrash(history, now(), reason);
    history = decision.history;
    onGone(reason, decision.action);
    if (decision.action !== 'ignore') load(decision.action === 'reload' ? START_PAGE : CRASH_PAGE_URL);
  });
  load(START_PAGE);
}
