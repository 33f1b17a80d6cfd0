/** The shells a station can open in. `address` prints where it is and opens nothing. */
export const SHELLS = ['electron', 'chromium', 'address'] as const;
export type Shell = (typeof SHELLS)[number];

/** What the machine offers, looked at before anything is started. */
export interface Surroundings {
  /** A screen to open a window on. */
  display: boolean;
  /** Path of Electron's binary, or why there is none. */
  electron: { path: string } | { missing: string };
  /** Path of a Chromium or Chrome, if one was found. */
  chromium: string | null;
  /** What the owner asked for, if anything. */
  asked: Shell | null;
}

export type Plan =
  | { shell: 'electron'; why: string; binary: string }
  | { shell: 'chromium'; why: string; binary: string }
  | { shell: 'address'; why: string };

/**
 * Decides which shell opens: Electron where its binary is, else Chromium on the loopback host, else the address alone. The reason is
 * said to the person who started it. What was asked for wins where it is possible.
 */
export function planLaunch({ display, electron, chromium, asked }: Surroundings): Plan {
  const path = 'path' in electron ? electron.path : null;
  const noElectron = 'missing' in electron ? electron.missing : '';
  if (asked === 'address') return { shell: 'address', why: 'as asked' };
  if (!display) return { shell: 'address', why: 'there is no display to open a window on' };
  if (asked === 'chromium' && chromium) return { shell: 'chromium', why: 'as asked', binary: chromium };
  if (path && asked !== 'chromium') {
    return { shell: 'electron', why: asked === 'electron' ? 'as asked' : 'its binary is installed', binary: path };
  }
  if (chromium) return { shell: 'chromium', why: `Electron is not used: ${noElectron}`, binary: chromium };
  if (path) return { shell: 'electron', why: 'no Chromium was found', binary: path };
  return { shell: 'address', why: `no Chromium was found, and Electron is not used: ${noElectron}` };
}

/** Arguments that open Chromium as a window of the station's own, its profile apart from the user's. */
export function chromiumArguments(
  url: string,
  profileDir: string,
  { root, kiosk }: { root: boolean; kiosk: boolean },
): string[] {
  return [
    `--app=${url}`,
    `--user-data-dir=${profileDir}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    // Full screen without a way out of it, and no pinch or swipe that leaves the page.
    ...(kiosk ? ['--kiosk', '--disable-pinch', '--overscroll-history-navigation=0'] : []),
    // Chromium refuses to run as root with its sandbox; nobody should run a desk as root, but a container may.
    ...(root ? ['--no-sandbox'] : []),
  ];
}
