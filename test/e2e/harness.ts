import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium, type LaunchOptions, type Page } from '@playwright/test';
import { type Scene, writeFilm } from '../fixtures/film.ts';

/** One enrolled person as the lab tells it. */
export interface LabPerson {
  key: string;
  id: string;
  name: string;
  photo: string | boolean | null;
  access: string[];
}

export interface RunningStation {
  /** The station's address with its one-time token. */
  url: string;
  /** Address of the lab's page, where faults are ordered and people are listed. */
  lab: string;
  people(): Promise<Record<string, LabPerson[]>>;
  order(fault: { platform: string; mode: string; times?: number; path?: string; ms?: number }): Promise<void>;
  clearFaults(): Promise<void>;
  dataDir: string;
  stop(): Promise<void>;
  /** Ends it as a power cut does; its data folder stays. */
  kill(): Promise<void>;
}

/** Runs the built `vestibule serve --lab` as a stranger would and waits for its address. @param left the data folder of one that was killed */
export async function startStation(args: string[] = [], left?: string): Promise<RunningStation> {
  const dataDir = left ?? (await mkdtemp(join(tmpdir(), 'vestibule-e2e-')));
  const child = spawn(process.execPath, ['out/main/cli.js', 'serve', '--lab', '--json', '--data', dataDir, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { url, lab } = await firstLine(child);
  const ask = async (path: string, init?: RequestInit): Promise<Response> => {
    const answer = await fetch(new URL(path, lab), init);
    if (!answer.ok) throw new Error(`lab ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  return {
    url,
    lab,
    dataDir,
    kill: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
    people: async () => (await ask('/lab/people.json')).json() as Promise<Record<string, LabPerson[]>>,
    order: async (fault) => {
      await ask('/lab/faults', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fault),
      });
    },
    clearFaults: async () => {
      await ask('/lab/faults', { method: 'DELETE' });
    },
    stop: async () => {
      // One that was killed has nothing left to end but its folder.
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        await ended;
      }
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function firstLine(child: ChildProcess): Promise<{ url: string; lab: string }> {
  return new Promise((resolve, reject) => {
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${errors}`)));
    if (child.stdout) createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)));
  });
}

/** A Chromium whose camera plays a film; `null` is a machine without a camera. */
export async function openBrowser(
  launch: LaunchOptions,
  film: ReadonlyArray<{ scene: Scene; frames: number }> | null,
  extra: string[] = [],
): Promise<{ browser: Browser; close(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'vestibule-film-'));
  const args = [...(launch.args ?? []), ...extra];
  if (film) {
    const file = join(dir, 'camera.mjpeg');
    await writeFilm(file, film);
    args.push(
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${file}`,
    );
  }
  const browser = await chromium.launch({ ...launch, args });
  return {
    browser,
    close: async () => {
      await browser.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Collects what a page complains about: errors, and anything the content security policy blocked. */
export function watch(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  return complaints;
}

/** Keeps a picture of a screen in `screenshots/` (not committed), for people to look at. */
export async function shot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `screenshots/${name}.png` });
}

/** A lab of its own, apart from a station's: further systems to connect. */
export async function startFurtherLab(): Promise<{
  platforms: Record<string, Record<string, string>>;
  stop(): Promise<void>;
}> {
  const dir = await mkdtemp(join(tmpdir(), 'vestibule-lab-'));
  const config = join(dir, 'config.json');
  const child = spawn(process.execPath, ['out/main/cli.js', 'lab', '--json', '--config-out', config], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await firstLine(child);
  const { platforms } = JSON.parse(await readFile(config, 'utf8'));
  return {
    platforms,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        await ended;
      }
      await rm(dir, { recursive: true, force: true });
    },
  };
}
