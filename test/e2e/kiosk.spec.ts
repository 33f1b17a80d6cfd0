import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { openBrowser, type RunningStation, shot, startStation, watch } from './harness.ts';

const FILM = [
  { scene: 'wall', frames: 60 },
  { scene: 'person', frames: 300 },
] as const;
const LANDSCAPE = { width: 1280, height: 800 };
const PORTRAIT = { width: 1080, height: 1920 };
const PIN = '2468';

let station: RunningStation;

test.beforeAll(async () => {
  station = await startStation();
});

test.afterAll(async () => {
  await station?.stop();
});

/** One screen in both shapes, colour schemes and languages: accessible, whole, and kept as a picture. */
async function look(page: Page, name: string, other: 'zh-CN' | null = 'zh-CN'): Promise<void> {
  const judge = async (which: string) => {
    await page.evaluate(() =>
      Promise.all(
        document
          .getAnimations()
          .filter((one) => one.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY)
          .map((one) => one.finished.catch(() => 0)),
      ),
    );
    await shot(page, `kiosk-${name}-${which}`);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual(
      [],
    );
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), name).toBeLessThanOrEqual(0);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('button, input:not([type=hidden]), a')]
        .map((one) => ({ html: one.outerHTML.slice(0, 120), box: one.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 1 && (box.width < 64 || box.height < 64))
        .map(({ html, box }) => `${Math.round(box.width)}×${Math.round(box.height)} ${html}`),
    );
    expect(small, `${name}: smaller than a thumb`).toEqual([]);
  };
  await judge('landscape');
  await page.setViewportSize(PORTRAIT);
  await page.emulateMedia({ colorScheme: 'dark' });
  if (other) await page.getByTestId(`kiosk-speak-${other}`).click();
  await judge('portrait');
  if (other) await page.getByTestId('kiosk-speak-en').click();
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(LANDSCAPE);
}

/** The page's clock goes on at once, as if nobody had touched anything for so long. */
async function pass(page: Page, ms: number): Promise<void> {
  await page.evaluate((more) => {
    const real = Reflect.get(globalThis, 'realNow') ?? Date.now;
    Reflect.set(globalThis, 'realNow', real);
    const before = Date.now;
    Date.now = () => before() + more;
  }, ms);
}

/** The page's clock is the station's again, which does not believe an agreement from the future. */
async function setRight(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(Date, { now: Reflect.get(globalThis, 'realNow') }));
}

test('somebody serves themselves, the next one finds nothing of theirs, and a PIN leads back to the desk', async ({
  launchOptions,
}) => {
  // Every screen is looked at twice by axe: on a busy machine that takes its time.
  test.setTimeout(240_000);
  const { browser, close } = await openBrowser(launchOptions, FILM);
  const context = await browser.newContext({ viewport: LANDSCAPE, reducedMotion: 'reduce' });
  const page = await context.newPage();
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
  await look(page, '1-attract', null);

  // Loaded again, it is a kiosk still.
  await page.reload();
  await at('attract');
  await page.getByTestId('kiosk-begin-en').click();
  await at('purpose');
  await look(page, '2-purpose');
  await page.getByTestId('kiosk-purpose-staff').click();
  await at('consent');
  await expect(page.getByTestId('consent-text')).toContainText('SenseLink');
  await look(page, '3-consent');
  await page.getByTestId('kiosk-decline').click();
  await at('declined');
  await look(page, '4-declined');
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
  await look(page, '6-retry');
  complaints.length = 0;
  await page.getByTestId('retake').click();
  await at('confirm');
  await look(page, '7-confirm');
  await page.getByTestId('kiosk-use').click();
  await at('details');
  await expect(page.getByTestId('field-code')).toHaveCount(0);
  await page.getByTestId('field-name.family').fill('Tarudin');
  await look(page, '8-details');

  // Nobody is there any more: a warning, then nothing is left.
  await pass(page, 50_000);
  await expect(page.getByTestId('kiosk-warning')).toBeVisible();
  await look(page, '9-warning', null);
  await page.getByTestId('kiosk-stay').click();
  await expect(page.getByTestId('kiosk-warning')).toHaveCount(0);
  await expect(page.getByTestId('field-name.family')).toHaveValue('Tarudin');
  await pass(page, 61_000);
  await at('attract');
  await expect(page.locator('body')).not.toContainText('Tarudin');
  await expect(page.locator('img')).toHaveCount(0);
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
  await page.keyboard.press('Enter');
  await at('done');
  await expect(page.getByTestId('kiosk-done')).toHaveAttribute('data-phase', 'done', { timeout: 30_000 });
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Anna');
  await look(page, '10-done');
  const people = await station.people();
  for (const id of ['hcp', 'device', 'senselink', 'megvii', 'hikconnect'])
    expect(people[id]?.find((one) => one.key === 'TP4712')?.photo, id).toBeTruthy();
  await pass(page, 21_000);
  await at('attract');
  await expect(page.locator('body')).not.toContainText('Anna');

  await page.getByTestId('kiosk-leave').click();
  await expect(page.getByTestId('pin')).toBeFocused();
  await look(page, '11-pin', null);
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
