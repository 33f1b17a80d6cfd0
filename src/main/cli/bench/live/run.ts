import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { defaultSettings } from '#station/index';
import type { CompareOrder } from '#vision/live-comparison';
import { compose, webRoots } from '../../../compose.ts';
import { createLog } from '../../../log.ts';
import { serve } from '../../../loopback/server.ts';
import { programRoot } from '../../../root.ts';
import type { WebRoots } from '../../../static-files.ts';
import { VERSION } from '../../../version.ts';
import { serveComparison } from './compare-server.ts';
import { type LiveBench, pageFigures, sceneFigures } from './figures.ts';
import { filmScenes, SCENES, type SceneName, writeLiveFilm } from './film.ts';
import { filmedBrowser } from './filmed-browser.ts';
import { type Probed, probe } from './probe.ts';
import { liveChromium, liveTools } from './tools.ts';

export interface LiveRun {
  portrait: Uint8Array;
  seconds: number;
  rounds: number;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  note(text: string): void;
}

/** The person again, while a presence check runs: looks tell it how head and eyes move. */
const PRESENCE = 'presence';

/** The page is watched at most so long while a presence check runs, seconds. */
const PRESENCE_SECONDS = 10;

/** Looks of a worker before it is the other's turn: three times each frame of a scene. */
const LOOKS = 30;

/** What the station's page is waited for at most. */
const PATIENCE_MS = 60_000;

/**
 * Measures the live check in the machine's Chromium: the built live worker beside TinyFaceDetector by turns, then the station's own page
 * with a filmed person before its camera.
 *
 * @throws UsageError when a tool is missing
 */
export async function benchLive(run: LiveRun): Promise<LiveBench> {
  const { env, signal, note } = run;
  const root = programRoot(import.meta.dirname);
  const { chromium, build } = await liveTools(root);
  const executablePath = liveChromium(env, chromium.executablePath());
  const parts = new AsyncDisposableStack();
  try {
    const folder = await mkdtemp(join(tmpdir(), 'vestibule-bench-'));
    parts.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
    const scenes = await filmScenes(run.portrait);
    const film = join(folder, 'camera.mjpeg');
    await writeLiveFilm(film, scenes);
    signal.throwIfAborted();
    const browser = await filmedBrowser(chromium, { executablePath, film, signal, parts });

    const roots = webRoots();
    note('the live worker beside TinyFaceDetector 224 with 68 landmarks, by turns …');
    const comparison = await compare(browser, { root, roots, build, scenes, rounds: run.rounds });
    signal.throwIfAborted();
    note(`the station’s page, ${run.seconds} seconds before a filmed person …`);
    const page = await watchStation(browser, join(folder, 'data'), roots, run);
    return {
      comparison: sceneFigures(comparison),
      warmUpMs: comparison.warmUpMs,
      ...page,
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

interface CompareSetup {
  root: string;
  roots: WebRoots;
  build: Parameters<typeof serveComparison>[0]['build'];
  scenes: Record<SceneName, readonly Buffer[]>;
  rounds: number;
}

async function compare(browser: Browser, { scenes, rounds, ...built }: CompareSetup) {
  const worker = (await readdir(join(built.roots.renderer, 'assets'))).find((name) =>
    /^live\.worker-.*\.js$/.test(name),
  );
  if (!worker) throw new Error('the built renderer has no live worker: run the build again');
  const urls = (name: SceneName) => scenes[name].map((_, n) => `/frames/${name}-${n}.jpg`);
  const named: CompareOrder['scenes'] = {
    ...Object.fromEntries(SCENES.map((name) => [name, { urls: urls(name), presence: false }])),
    [PRESENCE]: { urls: urls('person'), presence: true },
  };
  const frames = new Map(SCENES.flatMap((name) => scenes[name].map((file, n) => [`/frames/${name}-${n}.jpg`, file])));
  const server = await serveComparison({ ...built, frames });
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => typeof globalThis.vestibuleCompare === 'function');
    const order: CompareOrder = {
      assetsUrl: '/engine/',
      workerUrl: `/assets/${worker}`,
      scenes: named,
      rounds,
      looks: LOOKS,
    };
    return await page.evaluate((given) => globalThis.vestibuleCompare(given), order);
  } finally {
    await context.close();
    await server.close();
  }
}

/** The station's own page, three times: by somebody in a hurry, by somebody who read Welcome first, and with the presence check switched on. */
async function watchStation(
  browser: Browser,
  dataDir: string,
  roots: WebRoots,
  { env, seconds, signal }: LiveRun,
): Promise<Pick<LiveBench, 'page' | 'presence' | 'hastyFirstVerdictMs'>> {
  const log = createLog({ env, level: 'error' });
  // A picture that is taken by itself would end the check.
  const settings = defaultSettings();
  settings.set({ autoCapture: false });
  const parts = new AsyncDisposableStack();
  try {
    const { station, close } = await compose({
      dataDir,
      configFile: null,
      lab: true,
      env,
      log,
      background: false,
      settings: () => settings,
      workers: 1,
    });
    parts.defer(close);
    const served = await serve({ station, version: VERSION, lab: null, roots, log });
    parts.defer(() => served.close());
    const hasty = await visit(browser, served.url, { wait: false, seconds: 0 });
    signal.throwIfAborted();
    const patient = await visit(browser, served.freshUrl(), { wait: true, seconds });
    signal.throwIfAborted();
    settings.set({ presence: 'on' });
    const asked = await visit(browser, served.freshUrl(), { wait: true, seconds: Math.min(seconds, PRESENCE_SECONDS) });
    return {
      hastyFirstVerdictMs: pageFigures(hasty).firstVerdictMs,
      page: pageFigures(patient),
      presence: pageFigures(asked),
    };
  } finally {
    await parts.disposeAsync();
  }
}

async function visit(
  browser: Browser,
  url: string,
  { wait, seconds }: { wait: boolean; seconds: number },
): Promise<Probed> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.addInitScript(probe);
    await page.goto(url);
    const read = () => page.evaluate(() => globalThis.vestibuleProbe.read());
    const start = page.getByTestId('start');
    await start.waitFor();
    if (wait) {
      for (const until = Date.now() + PATIENCE_MS; (await read()).warm === null; ) {
        if (Date.now() > until) throw new Error('the live check did not start');
      }
    }
    await start.click();
    for (const until = Date.now() + PATIENCE_MS; (await read()).verdicts.length === 0; ) {
      if (Date.now() > until) throw new Error('the live check gave no verdict');
    }
    await page.waitForTimeout(seconds * 1000);
    return await read();
  } finally {
    await context.close();
  }
}
