import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import type { Shell, Surroundings } from './plan.ts';

const FETCH_LIMIT_MS = 300_000;

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const CHROMIUM_PLACES: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .map((name) => process.env[name])
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => [
      join(folder, 'Google/Chrome/Application/chrome.exe'),
      join(folder, 'Microsoft/Edge/Application/msedge.exe'),
    ]),
};

/** Whether there is a screen: always on macOS and Windows, by the session's variables elsewhere. */
export function hasDisplay(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  return platform === 'darwin' || platform === 'win32' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** The first Chromium, Chrome or Edge of this machine, or null. `CHROMIUM_PATH` names one outright. */
export function findChromium(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | null {
  if (env.CHROMIUM_PATH) return existsSync(env.CHROMIUM_PATH) ? env.CHROMIUM_PATH : null;
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const onPath = CHROMIUM_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...(CHROMIUM_PLACES[platform] ?? [])].find((path) => existsSync(path)) ?? null;
}

/**
 * Electron's binary: where it is, after fetching it if it is missing. Electron ≥ 42 fetches nothing when it is installed; its own
 * `install.js` does when called. Requiring the package would do so too, but throws away the reason.
 */
function findElectron(note: (text: string) => void): Surroundings['electron'] {
  let folder: string;
  try {
    folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return { missing: 'its package is not installed' };
  }
  const present = installedElectron(folder);
  if (present) return { path: present };
  note('Electron is not here yet; fetching it (about 110 MB, once) …');
  const { status, stderr, error } = spawnSync(process.execPath, [join(folder, 'install.js')], {
    timeout: FETCH_LIMIT_MS,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  const fetched = status === 0 ? installedElectron(folder) : null;
  if (fetched) return { path: fetched };
  const reason = error?.message ?? stderr.split('\n').find((line) => /error/i.test(line)) ?? 'no reason given';
  return { missing: `its binary could not be fetched (${reason.trim().slice(0, 160)})` };
}

function installedElectron(folder: string): string | null {
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(binary) ? binary : null;
}

/** Looks at the machine. Electron is fetched only where a window can open and nobody asked for something else. */
export function lookAround(asked: Shell | null, note: (text: string) => void): Surroundings {
  const display = hasDisplay(process.env, process.platform);
  const wanted = display && (asked === null || asked === 'electron');
  return {
    display,
    electron: wanted ? findElectron(note) : { missing: 'it was not asked for' },
    chromium: findChromium(process.env, process.platform),
    asked,
  };
}
