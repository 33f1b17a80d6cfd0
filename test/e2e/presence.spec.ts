import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, type BrowserContext, chromium, expect, type Page, test } from '@playwright/test';
import { type RunningStation, shot, startStation, watch } from './harness.ts';
import { lookAround } from './look.ts';

/** What stands before the camera, and shows each thing as it is asked for: the strongest that a photo in two hands can do. */
type Actor = 'head' | 'flat' | 'bent';

let station: RunningStation;
let browser: Browser;
let frames: Record<string, string[]>;

test.beforeAll(async ({ launchOptions }) => {
  const folder = await mkdtemp(join(tmpdir(), 'vestibule-presence-'));
  await promisify(execFile)(process.execPath, ['test/fixtures/presence-frames.ts', folder]);
  frames = {};
  const files = (await readdir(folder)).toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  for (const file of files) {
    const name = file.replace(/-\d+\.jpg$/, '');
    frames[name] = [...(frames[name] ?? []), (await readFile(join(folder, file))).toString('base64')];
  }
  await rm(folder, { recursive: true, force: true });
  station = await startStation();
  browser = await chromium.launch(launchOptions);
});

test.afterAll(async () => {
  await browser?.close();
  await station?.stop();
});

/** A page whose camera is a canvas on which the actor does what the page asks for. `numbers`: what is drawn by lot. */
async function openBefore(context: BrowserContext, actor: Actor, numbers: number[], url: string): Promise<Page> {
  const page = await context.newPage();
  await page.addInitScript(
    ({ actor, frames, numbers }) => {
      const decoded = new Map<string, HTMLImageElement[]>();
      for (const [name, list] of Object.entries(frames)) {
        decoded.set(
          name,
          list.map((base64) => Object.assign(new Image(), { src: `data:image/jpeg;base64,${base64}` })),
        );
      }
      const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
      const context = canvas.getContext('2d');
      const prefix = actor === 'head' ? '' : `${actor}-`;
      let scene = '';
      let n = 0;
      setInterval(() => {
        const asked = document.querySelector('[data-testid=instruction]')?.getAttribute('data-instruction') ?? '';
        const move = { 'presence-turn-left': 'left', 'presence-turn-right': 'right', 'presence-blink': 'shut' }[asked];
        // A turn that was begun is ended, whatever is asked meanwhile.
        const length = decoded.get(scene)?.length ?? 1;
        if (scene === '' || scene.endsWith('straight') || n >= length) {
          scene = `${prefix}${move && decoded.has(prefix + move) ? move : 'straight'}`;
          n = 0;
        }
        const list = decoded.get(scene) ?? [];
        const image = list[n % Math.max(1, list.length)];
        n += 1;
        if (image?.complete) context?.drawImage(image, 0, 0);
      }, 150);
      Object.defineProperty(navigator.mediaDevices, 'getUserMedia', { value: async () => canvas.captureStream(15) });
      let drawn = 0;
      const original = crypto.getRandomValues.bind(crypto);
      crypto.getRandomValues = ((array: Uint32Array<ArrayBuffer>) => {
        if (!(array instanceof Uint32Array)) return original(array);
        array[0] = Math.floor((numbers[drawn++ % numbers.length] ?? 0) * 2 ** 32);
        return array;
      }) as typeof crypto.getRandomValues;
    },
    { actor, frames, numbers },
  );
  await page.goto(url);
  await expect(page.getByTestId('start')).toBeVisible();
  return page;
}

async function askForPresence(page: Page): Promise<void> {
  await page.getByTestId('settings').click();
  // The kiosk's section has the same switch again.
  await page.getByRole('switch', { name: 'Presence check' }).first().click();
  await page.getByTestId('back').click();
  await page.getByTestId('start').click();
}

test('somebody who does what is asked passes, and a photo turned by hand does not', async () => {
  test.setTimeout(240_000);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await openBefore(context, 'head', [0.1, 0.1], station.url);
  const complaints = watch(page);
  await askForPresence(page);
  const line = page.getByTestId('instruction');
  await expect(line).toHaveAttribute('data-instruction', 'presence-blink', { timeout: 60_000 });
  await shot(page, 'presence-1-blink');
  await expect(line).toHaveAttribute('data-instruction', 'presence-turn-left', { timeout: 30_000 });
  await shot(page, 'presence-2-turn');
  await expect(page.getByTestId('accept-photo')).toBeVisible({ timeout: 60_000 });
  await page.getByTestId('accept-photo').click();
  await page.getByTestId('field-code').fill('TP0700');
  await page.getByTestId('field-family').fill('Lim');
  await page.getByTestId('field-given').fill('Anna');
  await page.getByTestId('field-given').press('Enter');
  await expect(page.getByTestId('receipt-hcp')).toBeVisible({ timeout: 30_000 });
  expect(complaints).toEqual([]);
  await page.close();

  // Side by side: what takes the time is waiting until their tries run out.
  const session = await context.storageState();
  await Promise.all((['flat', 'bent'] as const).map((actor) => expectHelp(actor, session)));
});

/** A photo that does as it is asked uses up its tries, is told to ask for help, and never comes to a picture. */
async function expectHelp(
  actor: Actor,
  storageState: Awaited<ReturnType<BrowserContext['storageState']>>,
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, storageState });
  const photo = await openBefore(context, actor, [0.4, 0.6], new URL('/', station.url).href);
  await photo.getByTestId('start').click();
  const said = photo.getByTestId('instruction');
  await expect(said).toHaveAttribute('data-instruction', 'presence-help', { timeout: 100_000 });
  await expect(photo.getByTestId('presence-retry')).toBeVisible();
  await expect(photo.getByTestId('accept-photo')).toHaveCount(0);
  if (actor === 'flat') await lookAround(photo, 'presence-help');
  else await shot(photo, `presence-3-${actor}`);
  await context.close();
}
