import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { compose, webRoots } from '../../../compose.ts';
import { createLog } from '../../../log.ts';
import { type Served, serve } from '../../../loopback/server.ts';
import { programRoot } from '../../../root.ts';
import { VERSION } from '../../../version.ts';
import { median } from '../figures.ts';
import { filmScenes, writeLiveFilm } from '../live/film.ts';
import { filmedBrowser } from '../live/filmed-browser.ts';
import { liveChromium, liveTools } from '../live/tools.ts';
import { weighBundle } from './bundle.ts';
import { changeFigures, type UiBench } from './figures.ts';
import { probeScreens, type ScreenChange } from './probe.ts';

export interface UiRun {
  portrait: Uint8Array;
  rounds: number;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  note(text: string): void;
}

const PATIENCE_MS = 60_000;
const PIN = '2468';

/** Touches that lead from screen to screen, by test id; `step` or `screen` is waited for after each. */
type Walk = readonly (readonly [touch: string, screen: string])[];

const DESK: Walk = [
  ['settings', 'settings'],
  ['back', 'welcome'],
  ['find-person', 'people'],
  ['back', 'welcome'],
  ['visitors', 'today'],
  ['back', 'welcome'],
  ['start-import', 'import'],
  ['back', 'welcome'],
  ['start', 'capture'],
  ['back', 'welcome'],
];

const KIOSK: Walk = [
  ['kiosk-begin-zh-CN', 'purpose'],
  ['kiosk-purpose-visit', 'consent'],
  ['kiosk-decline', 'declined'],
  ['kiosk-finish', 'attract'],
  ['kiosk-begin-en', 'purpose'],
  ['kiosk-purpose-staff', 'consent'],
  ['kiosk-agree', 'capture'],
];

/**
 * Measures the built page in the machine's Chromium: what it weighs, when it first paints, and how long a touch takes to another screen,
 * at the desk and at the kiosk, with a filmed person before the camera.
 *
 * @throws UsageError when a tool is missing
 */
export async function benchUi(run: UiRun): Promise<UiBench> {
  const { env, signal, note, rounds } = run;
  const root = programRoot(import.meta.dirname);
  const { chromium } = await liveTools(root);
  const executablePath = liveChromium(env, chromium.executablePath());
  const roots = webRoots();
  const parts = new AsyncDisposableStack();
  try {
    const folder = await mkdtemp(join(tmpdir(), 'vestibule-bench-'));
    parts.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
    const film = join(folder, 'camera.mjpeg');
    await writeLiveFilm(film, await filmScenes(run.portrait));
    const bundle = await weighBundle(roots.renderer);
    signal.throwIfAborted();
    const browser = await filmedBrowser(chromium, { executablePath, film, signal, parts });

    const log = createLog({ env, level: 'error' });
    const began = performance.now();
    const composed = await compose({
      dataDir: join(folder, 'data'),
      configFile: null,
      lab: true,
      env,
      log,
      background: false,
      workers: 1,
    });
    parts.defer(() => composed.close());
    const served = await serve({ station: composed.station, version: VERSION, lab: null, roots, log });
    parts.defer(() => served.close());
    const serveMs = performance.now() - began;

    const paints: number[] = [];
    const changes: ScreenChange[] = [];
    for (let round = 0; round < rounds; round++) {
      signal.throwIfAborted();
      note(`round ${round + 1} of ${rounds} …`);
      const seen = await visit(browser, round === 0 ? served.url : served.freshUrl());
      paints.push(seen.firstPaint);
      changes.push(...seen.changes);
    }
    return {
      bundle,
      firstPaintMs: median(paints),
      serveMs,
      changes: changeFigures(changes),
      browser: browser.version(),
    };
  } catch (error) {
    // What a closed browser says hides that it was closed on request.
    signal.throwIfAborted();
    throw error;
  } finally {
    await parts.disposeAsync();
  }
}

/** One walk through desk and kiosk, in a browser of its own with nothing cached. */
async function visit(browser: Browser, url: Served['url']): Promise<{ firstPaint: number; changes: ScreenChange[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.addInitScript(probeScreens);
    await page.goto(url);
    await page.getByTestId('start').waitFor();
    await walk(page, DESK, 'data-screen');
    await enterKiosk(page);
    await walk(page, KIOSK, 'data-step');
    // The picture is taken by itself; then there is something to touch again.
    await page.locator('[data-step="confirm"]').waitFor();
    await walk(page, [['kiosk-use', 'details']], 'data-step');
    await walk(page, [['kiosk-over', 'attract']], 'data-step');
    // Before the PIN: what it takes to be compared, it is meant to take.
    const { firstPaint, changes } = await page.evaluate(() => globalThis.vestibuleScreens.read());
    await leaveKiosk(page);
    if (firstPaint === null) throw new Error('the page painted nothing');
    return { firstPaint, changes };
  } finally {
    await context.close();
  }
}

async function walk(page: Page, touches: Walk, attribute: string): Promise<void> {
  for (const [touch, screen] of touches) {
    await page.getByTestId(touch).click();
    await page.locator(`[${attribute}="${screen}"]`).waitFor();
  }
}

/** Sets the PIN that keeps visitors in the kiosk, where it is not set yet. */
async function enterKiosk(page: Page): Promise<void> {
  await page.getByTestId('settings').click();
  const enter = page.getByTestId('kiosk-enter');
  await page.getByTestId('kiosk-needs-pin').or(enter).first().waitFor();
  if ((await enter.count()) === 0) {
    await page.getByTestId('pin-set').click();
    for (let n = 0; n < 2; n++) await typePin(page);
  }
  await enter.click();
  await page.locator('[data-step="attract"]').waitFor();
}

async function leaveKiosk(page: Page): Promise<void> {
  await page.getByTestId('kiosk-leave').click();
  await typePin(page);
  await page.locator('[data-screen]').waitFor();
}

async function typePin(page: Page): Promise<void> {
  await page.getByTestId('pin').fill(PIN);
  await page.keyboard.press('Enter');
}
