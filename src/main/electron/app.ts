import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, safeStorage, session, shell } from 'electron';
import type { Logger } from 'pino';
import { keyFile } from '#station/index';
import { type Composed, compose, webRoots } from '../compose.ts';
import { dataFolder } from '../data-folder.ts';
import { UNGUARDED_KIOSK } from '../kiosk-warning.ts';
import { createLog } from '../log.ts';
import { reportingFaults } from '../report.ts';
import { VERSION } from '../version.ts';
import { forwardEvents, installCalls } from './ipc.ts';
import { safeStorageKey } from './key.ts';
import { ALLOW_BASIC_TEXT } from './key-policy.ts';
import { createKioskWindow } from './kiosk-window.ts';
import { installNavigation, installRequests } from './navigation.ts';
import { SCHEME } from './origin.ts';
import { installPermissions } from './permissions.ts';
import { pickFile } from './pick-file.ts';
import { SCHEME_PRIVILEGES, schemeHandler } from './scheme.ts';
import { electronSettings } from './settings.ts';
import { readSwitches, type Switches } from './switches.ts';
import { openPage, windowOptions } from './window.ts';

/** As the command line's: usage or configuration. */
const EXIT_USAGE = 2;

/** The Electron shell, in phases: what must stand before Electron is ready, the station and its guards, the window, the end. */
export function startElectron(): void {
  const prepared = attempt(prepare);
  if (!prepared) return;
  app
    .whenReady()
    .then(() => open(prepared))
    .catch(fail);
}

interface Prepared {
  switches: Switches;
  /** Electron's folder: of its lock, its profile, the log, and (unless told otherwise) the station. */
  userData: string;
}

/** Runs the first phase; what it throws is shown, and there is nothing to go on with. */
function attempt(phase: () => Prepared | null): Prepared | null {
  try {
    return phase();
  } catch (error) {
    fail(error);
    return null;
  }
}

/** Phase one, before ready. Null when another instance has this data folder: it was told to come forward. */
function prepare(): Prepared | null {
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([SCHEME_PRIVILEGES]);
  const switches = readSwitches(process.argv.slice(app.isPackaged ? 1 : 2), process.cwd());
  // The lock and Chromium's own files belong to the data folder, so that two stations can run side by side and one folder has one owner.
  if (switches.data) app.setPath('userData', switches.data);
  const userData = app.getPath('userData');
  app.setPath('sessionData', join(userData, 'chromium'));
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return null;
  }
  return { switches, userData };
}

/** Phases two and three: guards first, then station and window at the same time; calls wait until the station is open. */
async function open({ switches, userData }: Prepared): Promise<void> {
  const log = createLog({ env: process.env, level: 'info', to: join(userData, 'logs', 'vestibule.log') });
  const devTools = !app.isPackaged;
  const roots = webRoots();
  let window: BrowserWindow | null = null;
  let composed: Composed | null = null;
  const contents = () => (window && !window.isDestroyed() ? window.webContents : null);

  installPermissions(session.defaultSession);
  installRequests(session.defaultSession, devTools);
  protocol.handle(SCHEME, schemeHandler(roots));
  app.on('web-contents-created', (_event, created) => {
    installNavigation(created, {
      shell,
      labUrl: () => composed?.lab?.url ?? null,
      onRefused: (what) => log.warn({ what }, 'refused the page a way out'),
    });
  });

  const kioskWindow = createKioskWindow(switches.kiosk, () => window);
  const opening = openStationOf(switches, userData, log).then((opened) => {
    composed = opened;
    return opened;
  });
  closeBeforeQuit(opening, log);

  const seated = opening.then(({ station, lab }) => {
    const seat = station.seat(switches.kiosk);
    const app = { version: VERSION, shell: 'electron', lab: lab?.url ?? null } as const;
    const all = station.handlers(app, seat, (what) => pickFile(dialog, what));
    return { seat, handlers: kioskWindow.following(all) };
  });
  const handlers = seated.then((one) => one.handlers);
  // A station that cannot open is told below, once. The page may not have asked by then, and a rejection nobody waits for ends the process
  // before its message is read.
  handlers.catch(() => {});
  installCalls(ipcMain, { handlers, contents, toFault: reportingFaults(log) });

  if (process.platform !== 'darwin' && app.isPackaged) Menu.setApplicationMenu(null);
  window = new BrowserWindow(windowOptions(roots.preload, devTools, switches.kiosk));
  openPage(window, {
    now: Date.now,
    onGone: (reason, action) => log.error({ reason, action }, 'the page’s process is gone'),
    onLoadFailed: (error) => log.error({ err: error }, 'the page did not load'),
  });
  window.on('close', (event) => kioskWindow.closing(event));
  app.on('before-quit', () => kioskWindow.quit());
  app.on('second-instance', () => {
    if (!window || window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('window-all-closed', () => app.quit());

  const { station } = await opening;
  if (switches.kiosk && !station.operators.guard()) log.warn(UNGUARDED_KIOSK);
  const { seat } = await seated;
  forwardEvents(
    (name, listener) =>
      station.on(name, (payload) => {
        const told = seat.told(name, payload);
        if (told !== null) listener(told);
      }),
    contents,
  );
  log.info({ lab: switches.lab }, 'the station is open');
}

async function openStationOf(switches: Switches, userData: string, log: Logger): Promise<Composed> {
  const labOnly = switches.lab && switches.config === null;
  const data = switches.data ?? (labOnly ? undefined : join(userData, 'station'));
  const folder = await dataFolder({ data, labOnly });
  try {
    const key = process.env.VESTIBULE_KEY ? keyFile(folder.path, process.env) : systemKey(folder.path);
    const { config: configFile, lab } = switches;
    const composed = await compose({
      dataDir: folder.path,
      configFile,
      lab,
      env: process.env,
      log,
      background: true,
      key,
      settings: electronSettings,
    });
    if (switches.clearOperators) composed.station.operators.clear();
    return { ...composed, close: () => composed.close().finally(() => folder.release()) };
  } catch (error) {
    await folder.release();
    throw error;
  }
}

function systemKey(dataDir: string) {
  return safeStorageKey({
    dataDir,
    safeStorage,
    platform: process.platform,
    allowBasicText: process.env[ALLOW_BASIC_TEXT] === '1',
    random: randomBytes,
  });
}

/** Phase four: the first wish to quit closes the station, and only then does Electron go. */
function closeBeforeQuit(opening: Promise<Composed>, log: Logger): void {
  let state: 'open' | 'closing' | 'closed' = 'open';
  const close = async () => {
    try {
      await (await opening).close();
    } catch (error) {
      log.error({ err: error }, 'the station did not close cleanly');
    }
    state = 'closed';
    app.quit();
  };
  app.on('before-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'closing') return;
    state = 'closing';
    void close();
  });
}

/** What keeps the station from opening is shown where somebody looks: in a box, and on stderr for those who started it from there. */
function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`vestibule: ${message}\n`);
  dialog.showErrorBox('Vestibule cannot start', message);
  app.exit(EXIT_USAGE);
}
