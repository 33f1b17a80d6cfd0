import { type Browser, type BrowserContext, chromium, expect, type Locator, type Page, test } from '@playwright/test';
import { type SceneName, scenePictures, show, withSceneCamera } from '../fixtures/scenes.ts';
import { type RunningStation, shot, startStation, watch } from './harness.ts';
import { lookAround } from './look.ts';
import type { Screen } from './screens.ts';

/** The kiosk as somebody meets it who has nothing but a finger, in both languages and shapes, before every kind of camera picture. */

// Each goes on where the one before has left the station.
test.describe.configure({ mode: 'serial' });

const LANDSCAPE = { width: 1280, height: 800 };
const PORTRAIT = { width: 1080, height: 1920 };
const PIN = '2468';

let station: RunningStation;
let browser: Browser;
let pictures: Record<SceneName, Buffer>;
/** The one-time link is used once; later windows come with its session. */
let session: Awaited<ReturnType<BrowserContext['storageState']>> | undefined;

test.beforeAll(async ({ launchOptions }) => {
  [station, pictures, browser] = await Promise.all([
    startStation(['--kiosk']),
    scenePictures(),
    chromium.launch(launchOptions),
  ]);
});

test.afterAll(async () => {
  await browser?.close();
  await station?.stop();
});

/** A touch screen of a shape, and the finger that counts its touches. Typing is not counted. */
async function openKiosk(viewport: { width: number; height: number }, colorScheme: 'light' | 'dark', locale = 'en-GB') {
  const context = await browser.newContext({
    viewport,
    colorScheme,
    locale,
    hasTouch: true,
    reducedMotion: 'reduce',
    ...(session && { storageState: session }),
  });
  test.setTimeout(180_000);
  const page = await context.newPage();
  await withSceneCamera(page, pictures, 'nobody');
  const said = await withVoice(page);
  const complaints = watch(page);
  await page.goto(session ? new URL('/', station.url).href : station.url);
  await expect(page.getByTestId('kiosk')).toBeVisible();
  session = await context.storageState();
  let touches = 0;
  const finger = {
    count: () => touches,
    again: () => {
      touches = 0;
    },
    async touch(what: Locator | string) {
      touches += 1;
      await (typeof what === 'string' ? page.getByTestId(what) : what).tap();
    },
  };
  const at = (step: string) =>
    expect(page.getByTestId('kiosk')).toHaveAttribute('data-step', step, { timeout: 30_000 });
  return { context, page, complaints, finger, at, said };
}

const judge = (page: Page, screen: Screen) => lookAround(page, screen, { kiosk: true });

/** A machine that speaks both languages by itself; tells what it was asked to say. */
async function withVoice(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const said: string[] = [];
    Reflect.set(globalThis, 'said', said);
    const voices = ['en-GB', 'zh-CN'].map((lang) => ({ lang, localService: true, default: false }));
    const speech = {
      getVoices: () => voices,
      speak: ({ text }: { text: string }) => said.push(text),
      cancel: () => undefined,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    };
    Object.defineProperty(globalThis, 'speechSynthesis', { value: speech });
    Reflect.set(globalThis, 'SpeechSynthesisUtterance', function Utterance(this: { text: string }, text: string) {
      this.text = text;
    });
  });
  return () => page.evaluate(() => Reflect.get(globalThis, 'said'));
}

/** Whether the screen is a lamp, from now on and at each change. */
async function noteLight(page: Page): Promise<() => Promise<(string | null)[]>> {
  await page.evaluate(() => {
    const lights: (string | null)[] = [];
    Reflect.set(globalThis, 'lights', lights);
    const stage = document.querySelector('[data-testid=kiosk-capture]');
    const note = () => lights.push(stage?.getAttribute('data-lit') ?? null);
    note();
    if (stage) new MutationObserver(note).observe(stage, { attributeFilter: ['data-lit'] });
  });
  return () => page.evaluate(() => Reflect.get(globalThis, 'lights'));
}

/** Before each kind of picture the kiosk says one thing, and takes none of them. */
async function seeScenes(page: Page, name: string): Promise<void> {
  const line = page.getByTestId('instruction');
  const say = async (scene: SceneName, instruction: RegExp) => {
    await show(page, scene);
    await expect(line).toHaveAttribute('data-instruction', instruction, { timeout: 30_000 });
    await shot(page, `kiosk-path-${name}-${scene}`);
  };
  await say('nobody', /^no-face$/);
  await say('two', /^one-person$/);
  await say('turned', /^(turn-left|turn-right|look-straight)$/);
  await expect(page.getByTestId('kiosk-capture')).not.toHaveAttribute('data-lit');
}

/** Touches the keys of the screen's keyboard. */
async function typeOnScreen(page: Page, keys: string): Promise<void> {
  for (const key of keys) await page.getByTestId(`key-${key}`).tap();
}

test('a kiosk without a PIN is closed until it has one', async () => {
  const { context, page, complaints, finger, at } = await openKiosk(PORTRAIT, 'light');
  await expect(page.getByTestId('kiosk-unguarded')).toBeVisible();
  await expect(page.getByTestId('kiosk-leave')).toHaveCount(0);
  await judge(page, 'kiosk-unguarded');
  const chinese = await openKiosk(LANDSCAPE, 'dark', 'zh-CN');
  await expect(chinese.page.getByTestId('kiosk-unguarded')).toContainText('PIN');
  await judge(chinese.page, 'kiosk-unguarded-zh');
  await chinese.context.close();
  await finger.touch('kiosk-set-pin');
  for (let n = 0; n < 2; n++) {
    for (const digit of PIN) await finger.touch(page.getByRole('button', { name: digit, exact: true }));
    if (n === 0) await judge(page, 'kiosk-set-pin');
    await finger.touch('pin-submit');
  }
  await expect(page.getByTestId('kiosk-unguarded')).toHaveCount(0);
  await at('attract');
  await expect(page.getByTestId('kiosk-begin-en')).toBeVisible();
  expect(complaints).toEqual([]);
  await context.close();
});

test('staff alone, in English on a wide screen: enrolled, then a new photo with three touches and the code', async () => {
  const { context, page, complaints, finger, at, said } = await openKiosk(LANDSCAPE, 'light');
  await finger.touch('kiosk-begin-en');
  await finger.touch('kiosk-purpose-staff');
  // Read aloud to whoever asks for it.
  await page.getByRole('button', { name: 'Read aloud' }).tap();
  expect((await said()).join()).toContain('doors here can recognise you');
  await finger.touch('kiosk-agree');
  await at('capture');
  await expect(page.getByTestId('instruction')).toHaveAttribute('data-instruction', 'no-face', { timeout: 30_000 });
  await judge(page, 'kiosk-capture');
  // Nothing is spoken until it is switched on, and nothing more once it is off.
  expect(await said()).toHaveLength(1);
  await page.getByTestId('kiosk-voice').tap();
  await seeScenes(page, 'en');
  await show(page, 'dark');
  await expect(page.getByTestId('instruction')).toHaveAttribute('data-instruction', 'more-light', { timeout: 30_000 });
  await expect(page.getByTestId('kiosk-capture')).toHaveAttribute('data-lit', 'true');
  await judge(page, 'kiosk-lit');
  // The lamp is behind everything that can be touched.
  await expect.poll(said).toContain('More light on your face, please');
  await page.getByTestId('kiosk-voice').tap();
  await expect(page.getByTestId('kiosk-voice')).toHaveAttribute('aria-pressed', 'false');
  const spoken = (await said()).length;
  await show(page, 'colleague');
  await at('confirm');
  expect(await said()).toHaveLength(spoken);
  await finger.touch('kiosk-use');
  await expect(page.getByTestId('keyboard')).toBeVisible();
  await expect(page.getByTestId('field-code')).toBeFocused();
  await typeOnScreen(page, 'tp');
  await page.getByTestId('key-numbers').tap();
  await typeOnScreen(page, '47');
  await expect(page.getByTestId('field-code')).toHaveValue('tp47');
  await page.getByTestId('key-enter').tap();
  // A name begins with a capital by itself, and has its accents.
  await typeOnScreen(page, 'm');
  await page.getByTestId('key-accents').tap();
  await typeOnScreen(page, 'ü');
  await page.getByTestId('key-letters').tap();
  await typeOnScreen(page, 'ller');
  await expect(page.getByTestId('field-name.family')).toHaveValue('Müller');
  await judge(page, 'kiosk-details');
  // Put away and back again.
  await page.getByTestId('key-hide').tap();
  await expect(page.getByTestId('keyboard')).toHaveCount(0);
  await page.getByTestId('kiosk-keyboard').tap();
  await page.getByTestId('field-name.given').tap();
  await typeOnScreen(page, 'eva');
  await expect(page.getByTestId('field-name.given')).toHaveValue('Eva');
  await page.getByTestId('key-enter').tap();
  await expect(page.getByTestId('kiosk-done')).toHaveAttribute('data-phase', 'done', { timeout: 30_000 });
  await judge(page, 'kiosk-done');
  expect(finger.count()).toBeLessThanOrEqual(6);
  await page.getByTestId('kiosk-finish').tap();

  finger.again();
  await show(page, 'colleague');
  await finger.touch('kiosk-begin-en');
  await finger.touch('kiosk-purpose-reenrol');
  await finger.touch('kiosk-agree');
  await at('details');
  const code = page.getByTestId('field-code');
  await expect(code).toBeFocused();
  await judge(page, 'kiosk-code');
  await typeOnScreen(page, 'tp');
  await page.getByTestId('key-enter').tap();
  await expect(page.getByTestId('problem')).toHaveAttribute('data-problem', 'unknown-person');
  await judge(page, 'kiosk-code-unknown');
  await code.fill('');
  await page.keyboard.type('tp47');
  await page.getByTestId('key-enter').tap();
  await at('done');
  expect(finger.count()).toBeLessThanOrEqual(3);
  await judge(page, 'kiosk-handed-in');

  // Nothing but the PIN leads out of it.
  await page.getByTestId('kiosk-leave').tap();
  await page.getByTestId('pin').fill('1111');
  await page.getByTestId('pin-submit').tap();
  await expect(page.getByTestId('pin-trouble')).not.toBeEmpty();
  await page.getByTestId('pin').fill(PIN);
  await page.getByTestId('pin-submit').tap();
  await expect(page.getByTestId('kiosk')).toHaveCount(0);

  // The site has hosts suggested from now on.
  await page.getByTestId('settings').click();
  await page.getByRole('switch', { name: 'Suggest hosts' }).click();
  await page.getByTestId('kiosk-enter').click();
  await at('attract');
  expect(complaints).toEqual([]);
  await context.close();
});

test('a visitor alone, in Chinese on a tall screen: six touches, characters by pinyin, a host by name, passes', async () => {
  const { context, page, complaints, finger, at } = await openKiosk(PORTRAIT, 'dark', 'zh-CN');
  await judge(page, 'kiosk-attract-zh');
  await finger.touch('kiosk-begin-zh-CN');
  await finger.touch('kiosk-purpose-visit');
  await expect(page.getByTestId('consent-text')).toBeVisible();
  await shot(page, 'kiosk-path-zh-consent');
  await finger.touch('kiosk-agree');
  await at('capture');
  await seeScenes(page, 'zh');
  // A face that the screen lights: it becomes a lamp once, stays one, and the picture is taken in its light.
  const lights = await noteLight(page);
  await show(page, 'lamplit');
  await at('confirm');
  const lit = await lights();
  expect(lit.slice(lit.indexOf('true'))).toEqual(['true']);
  await shot(page, 'kiosk-path-zh-confirm');
  await finger.touch('kiosk-use');
  const family = page.getByTestId('field-name.family');
  await expect(family).toBeFocused();
  await expect(page.getByTestId('candidates')).toBeVisible();
  await typeOnScreen(page, 'wang');
  await judge(page, 'kiosk-pinyin');
  await page.getByTestId('candidates').getByRole('button', { name: '王', exact: true }).tap();
  await expect(family).toHaveValue('王');
  await page.getByTestId('key-enter').tap();
  await typeOnScreen(page, 'fang');
  await page.getByTestId('candidates').getByRole('button', { name: '芳', exact: true }).tap();
  await expect(page.getByTestId('field-name.given')).toHaveValue('芳');
  await page.getByTestId('key-enter').tap();
  // A telephone number has keys of its own.
  await expect(page.getByTestId('field-phone')).toBeFocused();
  await expect(page.getByTestId('keyboard')).toHaveAttribute('data-layer', 'digits');
  await typeOnScreen(page, '13800138');
  await judge(page, 'kiosk-digits');
  await page.keyboard.type('000');
  await page.getByTestId('key-enter').tap();
  await page.keyboard.type('110101199003070011');
  await page.getByTestId('key-enter').tap();
  // Names in Latin letters are a key away; so few letters that nobody's staff can be listed.
  const host = page.getByTestId('field-visit.host');
  await expect(host).toBeFocused();
  await page.getByTestId('key-pinyin').tap();
  await typeOnScreen(page, 'eva');
  await expect(page.getByRole('option', { name: 'Eva Müller' })).toBeVisible();
  await shot(page, 'kiosk-path-zh-host');
  await finger.touch(page.getByRole('option', { name: 'Eva Müller' }));
  await expect(host).toHaveValue('Eva Müller');
  await finger.touch('submit');
  await expect(page.getByTestId('kiosk-done')).toHaveAttribute('data-phase', 'done', { timeout: 30_000 });
  for (const platform of ['megvii', 'hikconnect']) {
    await expect(page.getByTestId(`pass-${platform}`)).toHaveAttribute('data-pass', 'shown', { timeout: 30_000 });
    await expect(page.getByTestId(`pass-${platform}`).locator('img')).toBeVisible();
  }
  await judge(page, 'kiosk-passes');
  expect(finger.count()).toBeLessThanOrEqual(6);
  await page.getByTestId('kiosk-finish').tap();
  await at('attract');
  await expect(page.locator('body')).not.toContainText('王芳');
  await expect(page.locator('img')).toHaveCount(0);
  expect(complaints).toEqual([]);
  await context.close();
});

test('what goes wrong: no camera, somebody the desk has to look at, a movement asked for, a station that is gone', async () => {
  const { context, page, complaints, finger, at } = await openKiosk(LANDSCAPE, 'light', 'zh-CN');
  const begin = async () => {
    await finger.touch('kiosk-begin-en');
    await finger.touch('kiosk-purpose-staff');
    await finger.touch('kiosk-agree');
    await at('capture');
  };
  await page.evaluate(() => {
    const { mediaDevices } = navigator;
    const refuse = () => Promise.reject(new DOMException('denied', 'NotAllowedError'));
    const put = (value: MediaDevices | object) =>
      Object.defineProperty(navigator, 'mediaDevices', { value, configurable: true });
    put(Object.assign(new EventTarget(), { getUserMedia: refuse, enumerateDevices: async () => [] }));
    Reflect.set(globalThis, 'allow', () => put(mediaDevices));
  });
  await begin();
  await expect(page.getByTestId('problem')).toHaveAttribute('data-problem', 'denied');
  await judge(page, 'kiosk-no-camera');
  await page.evaluate(() => Reflect.get(globalThis, 'allow')());

  // The face is known under another code: whether they are one person is for people to say.
  await show(page, 'colleague');
  await finger.touch('retry');
  await at('confirm');
  await finger.touch('kiosk-use');
  await page.getByTestId('field-code').fill('TP48');
  await page.getByTestId('field-name.family').fill('Lim');
  await page.getByTestId('field-name.given').fill('Anna');
  await finger.touch('submit');
  await expect(page.getByTestId('kiosk-done')).toHaveAttribute('data-phase', 'attention', { timeout: 30_000 });
  await judge(page, 'kiosk-desk');
  await finger.touch('kiosk-finish');

  await page.getByTestId('kiosk-leave').tap();
  await page.getByTestId('pin').fill('1111');
  await page.getByTestId('pin-submit').tap();
  await expect(page.getByTestId('pin-trouble')).not.toBeEmpty();
  await judge(page, 'kiosk-pin-zh');
  await page.getByTestId('pin').fill(PIN);
  await page.getByTestId('pin-submit').tap();
  await page.getByTestId('settings').click();
  await page.getByRole('switch', { name: '在场检查' }).first().click();
  await page.getByTestId('kiosk-enter').click();
  await at('attract');
  await show(page, 'person');
  await begin();
  await expect(page.getByTestId('instruction')).toHaveAttribute('data-instruction', /^presence-(blink|turn)/, {
    timeout: 30_000,
  });
  await judge(page, 'kiosk-presence');
  await finger.touch('kiosk-over');
  expect(complaints).toEqual([]);

  await station.kill();
  await expect(page.getByTestId('kiosk-closed')).toBeVisible();
  await judge(page, 'kiosk-closed');
  await context.close();
});
