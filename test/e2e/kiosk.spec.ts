import { expect, type Page, type Route, test } from '@playwright/test';
import { openBrowser, type RunningStation, shot, startStation, watch } from './harness.ts';
import { lookAround } from './look.ts';
import type { Screen } from './screens.ts';

const FILM = [
  { scene: 'wall', frames: 60 },
  { scene: 'person', frames: 300 },
] as const;
const LANDSCAPE = { width: 1280, height: 800 };
const PIN = '2468';
/** Whose names stand in Latin letters on a Chinese screen: products' and people's. */
const LATIN =
  /Vestibule|HikCentral Professional|RichTech AATSS V2 Pro|SenseLink Enterprise|Megvii Hongtu 3000|Hik-Connect for Teams|English|PIN|Anna|Lim|zh-CN-\w+/g;

let station: RunningStation;

test.beforeAll(async () => {
  station = await startStation();
});

test.afterAll(async () => {
  await station?.stop();
});

/** In both shapes, colour schemes and languages. */
const look = (page: Page, screen: Screen) => lookAround(page, screen, { kiosk: true, latin: LATIN });

/** The page's clock goes on at once, as if nobody had touched anything for so long. */
async function pass(page: Page, ms: number): Promise<void> {
  await page.evaluate((more) => {
    const real = Reflect.get(globalThis, 'realNow') ?? Date.now;
    Reflect.set(globalThis, 'realNow', real);
    const before = Date.now;
    Date.now = () => before() + more;
  }, ms);
}

/** What the page asks the station for waits until what is given back is called. */
async function hold(page: Page, call: string): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const goOn = async (route: Route) => {
    await promise;
    await route.continue();
  };
  await page.route(`**/${call}`, goOn, { times: 1 });
  return resolve;
}

/** The page's clock is the station's again, which does not believe an agreement from the future. */
async function setRight(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(Date, { now: Reflect.get(globalThis, 'realNow') }));
}

/** What of somebody the page still holds: pictures by their addresses, and cameras that run. */
async function noteWhatIsHeld(page: Page): Promise<() => Promise<{ pictures: number; cameras: number }>> {
  await page.addInitScript(() => {
    const pictures = new Set<string>();
    const tracks: MediaStreamTrack[] = [];
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = (of) => {
      const url = createObjectURL.call(URL, of);
      pictures.add(url);
      return url;
    };
    URL.revokeObjectURL = (url) => {
      pictures.delete(url);
      revokeObjectURL.call(URL, url);
    };
    const devices = navigator.mediaDevices;
    const open = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      const stream = await open(constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
    const held = () => ({
      pictures: pictures.size,
      cameras: tracks.filter(({ readyState }) => readyState === 'live').length,
    });
    Reflect.set(globalThis, 'held', held);
  });
  return () => page.evaluate(() => Reflect.get(globalThis, 'held')());
}

/** What stands in fields that the page's memory still holds, whether they are on the page or not. */
async function fieldsInMemory(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { result: prototype } = await session.send('Runtime.evaluate', { expression: 'HTMLInputElement.prototype' });
  const { objects } = await session.send('Runtime.queryObjects', { prototypeObjectId: prototype.objectId ?? '' });
  const { result } = await session.send('Runtime.callFunctionOn', {
    objectId: objects.objectId ?? '',
    functionDeclaration: 'function () { return this.map((field) => field.value).filter((value) => value !== ""); }',
    returnByValue: true,
  });
  await session.detach();
  return result.value;
}

/** Tries every way out that a page can see; tells which of them the browser would have gone. */
async function tryToLeave(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    const ways: string[] = [];
    Reflect.set(globalThis, 'ways', ways);
    for (const kind of ['keydown', 'contextmenu', 'mouseup', 'drop', 'wheel']) {
      const onEvent = (event: Event) => {
        const modifier = event instanceof KeyboardEvent && ['Control', 'Alt', 'Shift'].includes(event.key);
        if (!event.defaultPrevented && !modifier) ways.push(`${kind} ${Reflect.get(event, 'key') ?? ''}`);
      };
      // A key that is taken goes no further than the window.
      window.addEventListener(kind, onEvent, { capture: kind === 'keydown', passive: true });
    }
  });
  for (const keys of [
    'F5',
    'F12',
    'Control+k',
    'Control+i',
    'Control+p',
    'Control+u',
    'Control+Shift+I',
    'Alt+ArrowLeft',
  ])
    await page.keyboard.press(keys);
  await page.mouse.click(20, 400, { button: 'right' });
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -100);
  await page.keyboard.up('Control');
  await page.evaluate(() => {
    const target = document.querySelector('main') ?? document.body;
    target.dispatchEvent(new MouseEvent('mouseup', { button: 3, bubbles: true, cancelable: true }));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['x'], 'x.html', { type: 'text/html' }));
    target.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    location.hash = '#settings';
  });
  await page.goBack();
  await page.goBack();
  const ways = await page.evaluate<string[]>(() => Reflect.get(globalThis, 'ways'));
  // The right button is let go of like any other: only what it opens is kept shut.
  return ways.filter((way) => way !== 'mouseup ');
}

test('somebody serves themselves, the next one finds nothing of theirs, and a PIN leads back to the desk', async ({
  launchOptions,
}) => {
  // Every screen is looked at twice by axe: on a busy machine that takes its time.
  test.setTimeout(240_000);
  const { browser, close } = await openBrowser(launchOptions, FILM);
  const context = await browser.newContext({ viewport: LANDSCAPE, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const held = await noteWhatIsHeld(page);
  const complaints = watch(page);
  await page.goto(station.url);
  await page.getByTestId('settings').click();
  await expect(page.getByTestId('kiosk-needs-pin')).toBeVisible();
  await page.getByTestId('pin-set').click();
  for (let n = 0; n < 2; n++) {
    await page.getByTestId('pin').fill(PIN);
    await page.keyboard.press('Enter');
  }
  await page.getByTestId('kiosk-enter').click();
  const kiosk = page.getByTestId('kiosk');
  const at = (step: string) => expect(kiosk).toHaveAttribute('data-step', step, { timeout: 30_000 });
  await at('attract');
  await expect(page.getByTestId('settings')).toHaveCount(0);
  // Each language invites in its own words, also the one the page has not spoken yet.
  await expect(page.getByTestId('kiosk-begin-en')).toContainText('Touch to begin');
  await expect(page.getByTestId('kiosk-begin-zh-CN')).toContainText('轻触开始');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome欢迎光临');
  await look(page, 'kiosk-attract');

  // Loaded again, also from another address, it is a kiosk still.
  await page.goto(new URL('/?screen=settings#settings', station.url).href);
  await at('attract');
  await expect(page.getByTestId('settings')).toHaveCount(0);
  await page.getByTestId('kiosk-begin-en').click();
  await at('purpose');
  await look(page, 'kiosk-purpose');
  await page.getByTestId('kiosk-purpose-staff').click();
  await at('consent');
  await expect(page.getByTestId('consent-text')).toContainText('SenseLink');
  await look(page, 'kiosk-consent');
  await page.getByTestId('kiosk-decline').click();
  await at('declined');
  await look(page, 'kiosk-declined');
  await page.keyboard.press('Tab');
  await page.getByTestId('kiosk-finish').click();
  await at('attract');

  // Only the keyboard, and a picture that does not reach the station.
  await page.getByTestId('kiosk-begin-en').press('Enter');
  await page.getByTestId('kiosk-purpose-visit').press('Enter');
  await page.route('**/photo.submit', (route) => route.abort(), { times: 1 });
  // A key, unlike a click, is not held back until there is something to agree to.
  await expect(page.getByTestId('kiosk-agree')).toBeEnabled();
  await page.getByTestId('kiosk-agree').press('Enter');
  await at('capture');
  await expect(page.getByTestId('instruction')).not.toHaveAttribute('data-instruction', 'preparing', {
    timeout: 30_000,
  });
  await shot(page, 'kiosk-5-capture');
  await at('retry');
  await look(page, 'kiosk-retry');
  complaints.length = 0;
  const checked = await hold(page, 'photo.submit');
  await page.getByTestId('retake').click();
  await at('checking');
  await look(page, 'kiosk-checking');
  checked();
  await at('confirm');
  await look(page, 'kiosk-confirm');
  await page.getByTestId('kiosk-use').click();
  await at('details');
  await expect(page.getByTestId('field-code')).toHaveCount(0);
  await page.getByTestId('field-name.family').fill('Tarudin');
  await shot(page, 'kiosk-8-details');
  expect(await held()).toMatchObject({ cameras: 0 });
  expect((await held()).pictures).toBeGreaterThan(0);

  // No key, button, drop or address leads out, and what was typed is still there.
  expect(await tryToLeave(page)).toEqual([]);
  await at('details');
  await expect(page.getByTestId('field-name.family')).toHaveValue('Tarudin');

  // Nobody is there any more: a warning, then nothing is left.
  await pass(page, 50_000);
  await expect(page.getByTestId('kiosk-warning')).toBeVisible();
  await look(page, 'kiosk-warning');
  await page.getByTestId('kiosk-stay').click();
  await expect(page.getByTestId('kiosk-warning')).toHaveCount(0);
  await page.getByTestId('kiosk-speak-zh-CN').click();
  await pass(page, 50_000);
  await expect(page.getByTestId('kiosk-warning')).toBeVisible();
  await look(page, 'kiosk-warning-zh');
  await page.getByTestId('kiosk-stay').click();
  await page.getByTestId('kiosk-speak-en').click();
  await expect(page.getByTestId('field-name.family')).toHaveValue('Tarudin');
  // Somebody was in the midst of it.
  await page.getByTestId('field-name.family').focus();
  expect(await fieldsInMemory(page)).toContain('Tarudin');
  await pass(page, 61_000);
  await at('attract');
  await expect(page.locator('body')).not.toContainText('Tarudin');
  await expect(page.locator('img')).toHaveCount(0);
  await expect.poll(held).toEqual({ pictures: 0, cameras: 0 });
  await expect.poll(() => fieldsInMemory(page)).not.toContain('Tarudin');
  await setRight(page);

  await page.getByTestId('kiosk-begin-en').click();
  await page.getByTestId('kiosk-purpose-staff').click();
  await page.getByTestId('kiosk-agree').click();
  await at('confirm');
  await page.getByTestId('kiosk-use').click();
  await expect(page.getByTestId('field-code')).toHaveValue('');
  await page.getByTestId('field-code').fill('TP4712');
  await page.getByTestId('field-name.family').fill('Lim');
  await page.getByTestId('field-name.given').fill('Anna');
  const sent = await hold(page, 'enrolment.create');
  await page.keyboard.press('Enter');
  await at('sending');
  await look(page, 'kiosk-sending');
  sent();
  await at('done');
  await expect(page.getByTestId('kiosk-done')).toHaveAttribute('data-phase', 'done', { timeout: 30_000 });
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Anna');
  await shot(page, 'kiosk-10-done');
  const people = await station.people();
  for (const id of ['hcp', 'device', 'senselink', 'megvii', 'hikconnect'])
    expect(people[id]?.find((one) => one.key === 'TP4712')?.photo, id).toBeTruthy();
  await pass(page, 21_000);
  await at('attract');
  await expect(page.locator('body')).not.toContainText('Anna');
  await expect.poll(held).toEqual({ pictures: 0, cameras: 0 });

  await page.getByTestId('kiosk-leave').click();
  await expect(page.getByTestId('pin')).toBeFocused();
  await look(page, 'kiosk-pin');
  await page.keyboard.type('1111');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('pin-trouble')).not.toBeEmpty();
  await at('attract');
  await page.keyboard.type(PIN);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('settings')).toBeVisible();
  await expect(kiosk).toHaveCount(0);
  expect(complaints).toEqual([]);
  await close();
});
