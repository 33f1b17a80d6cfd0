import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { openBrowser, type RunningStation, shot, startFurtherLab, startStation, watch } from './harness.ts';
import { look, lookAround } from './look.ts';

/** The settings of a site against a real station and the simulated platforms. */

let station: RunningStation;
let further: Awaited<ReturnType<typeof startFurtherLab>>;

test.beforeEach(async () => {
  [station, further] = await Promise.all([startStation(), startFurtherLab()]);
});
test.afterEach(async () => {
  await Promise.all([station?.stop(), further?.stop()]);
});

const trial = (page: Page, step: string) => page.getByTestId(`trial-${step}`);

test('a second terminal is added in the form, tried, enrolled on as the sixth, and taken out of use', async ({
  launchOptions,
}) => {
  // One station for the whole way through, and every screen is looked at on it.
  test.slow();
  const { browser, close } = await openBrowser(launchOptions, [{ scene: 'person', frames: 400 }]);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const complaints = watch(page);
  await page.goto(station.url);
  await page.getByTestId('settings').click();
  await expect(page.getByTestId('system-hcp')).toBeVisible();
  await page.getByTestId('add-platform').click();

  // Nothing filled in: told at the fields, and the first is where the cursor is.
  await page.getByTestId('save-platform').click();
  await expect(page.getByTestId('field-baseUrl')).toHaveAttribute('aria-invalid', 'true');
  await page.getByTestId('kind').click();
  await page.getByRole('option', { name: /AATSS/ }).click();
  await expect(page.getByTestId('platform-id')).toHaveValue('device-2');
  await page.getByTestId('platform-id').fill('gate-north');

  const { baseUrl = '', password = '' } = further.platforms.device ?? {};
  await page.getByTestId('field-baseUrl').fill('http://127.0.0.1:9');
  await page.getByTestId('field-password').fill('not-this-one');
  // What was typed does not go without a question; Escape answers it, too, and harmlessly.
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('confirm-cancel')).toBeFocused();
  await shot(page, '63-platform-discard');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('confirm')).toHaveCount(0);
  await expect(page.getByTestId('field-password')).toHaveValue('not-this-one');
  await page.getByTestId('try').click();
  await expect(trial(page, 'reach')).toHaveAttribute('data-code', 'refused');
  await lookAround(page, 'platform-form');
  await page.getByTestId('field-baseUrl').fill(baseUrl);
  await page.getByTestId('try').click();
  await expect(trial(page, 'credentials')).toHaveAttribute('data-code', 'key');
  await page.getByTestId('field-password').fill(password);
  await page.getByTestId('try').click();
  await expect(page.getByTestId('trial')).toHaveAttribute('data-outcome', 'good');
  await lookAround(page, 'platform-works');
  await page.getByTestId('save-platform').click();
  await expect(page.getByTestId('platform-form')).toHaveCount(0);
  await expect(page.getByTestId('system-gate-north')).toHaveAttribute('data-state', 'ok');
  expect(await page.content()).not.toContain(password);

  await page.getByTestId('back').click();
  await page.getByTestId('start').click();
  await page.getByTestId('accept-photo').click({ timeout: 60_000 });
  await page.getByTestId('field-code').fill('TP012399');
  await page.getByTestId('field-family').fill('Lim');
  await page.getByTestId('field-given').fill('Anna');
  await page.getByTestId('field-given').press('Enter');
  for (const id of ['hcp', 'device', 'senselink', 'megvii', 'hikconnect', 'gate-north'])
    await expect(page.getByTestId(`receipt-${id}`)).toHaveAttribute('data-state', /delivered|verified/, {
      timeout: 60_000,
    });

  await page.getByTestId('settings').click();
  // Limits are tried on the camera before they are saved, and the preset is one touch away.
  await page.getByTestId('quality-live').click();
  const verdict = page.getByTestId('quality-verdict');
  await expect(verdict).toHaveAttribute('data-accepted', 'true', { timeout: 30_000 });
  await page.getByText('Limits one by one').click();
  await page.getByTestId('sharpness-min').fill('0.95');
  await expect(verdict).toHaveAttribute('data-accepted', 'false');
  await expect(page.getByTestId('measure-sharpness')).toHaveAttribute('data-refused', 'true');
  await verdict.scrollIntoViewIfNeeded();
  await lookAround(page, 'settings-quality');
  await page.getByTestId('quality-save').click();
  await expect(page.getByTestId('quality')).not.toHaveAttribute('data-changed', 'true');
  await expect(page.getByTestId('quality')).toHaveAttribute('data-own', '1');
  await page.getByTestId('quality-reset').click();
  await page.getByTestId('quality-save').click();
  await expect(page.getByTestId('quality')).toHaveAttribute('data-own', '0');

  await page.getByTestId('failedPhotosDays').fill('3');
  await page.getByTestId('retention-save').click();
  await expect(page.getByTestId('confirm-cancel')).toBeFocused();
  await page.getByTestId('confirm-do').click();
  await expect(page.getByTestId('retention-save')).toBeDisabled();

  // The secret that is there is not in the page, and need not be typed again.
  await page.getByTestId('change-gate-north').click();
  await expect(page.getByTestId('field-password')).toHaveValue('');
  await page.getByTestId('try').click();
  await expect(page.getByTestId('trial')).toHaveAttribute('data-outcome', 'good');
  await page.getByTestId('field-baseUrl').fill('https://elsewhere.example');
  await page.keyboard.press('Escape');
  await page.getByTestId('confirm-do').click();
  await expect(page.getByTestId('platform-form')).toHaveCount(0);
  await expect(page.getByTestId('change-gate-north')).toBeFocused();
  // As it was, it closes at once.
  await page.getByTestId('change-gate-north').click();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('platform-form')).toHaveCount(0);

  // The terminal goes dark, and somebody waits for it.
  await further.stop();
  await page.getByTestId('back').click();
  await page.getByTestId('next-person').click();
  await page.getByTestId('start').click();
  await page.getByTestId('accept-photo').click({ timeout: 60_000 });
  await page.getByTestId('field-code').fill('TP012400');
  await page.getByTestId('field-family').fill('Ong');
  await page.getByTestId('field-given').fill('Ben');
  await page.getByTestId('field-given').press('Enter');
  const waits = page.getByTestId('receipt-gate-north');
  await expect(waits).toHaveAttribute('data-state', 'waiting', { timeout: 60_000 });

  await page.getByTestId('settings').click();
  await page.getByTestId('remove-gate-north').click();
  await expect(page.getByTestId('confirm')).toContainText('1 person');
  await expect(page.getByTestId('confirm')).toContainText('1 delivery waits for it');
  await expect(page.getByTestId('deliveries-keep')).toBeChecked();
  await expect(page.getByTestId('confirm-cancel')).toBeFocused();
  await lookAround(page, 'platform-remove');
  await page.getByTestId('deliveries-stop').check();
  await page.getByTestId('confirm-do').click();
  await expect(page.getByTestId('system-gate-north')).toHaveCount(0);
  await expect(page.getByTestId('system-hcp')).toBeVisible();
  // Its receipt says what became of it, and nobody waits any more.
  await page.getByTestId('back').click();
  await expect(waits).toHaveAttribute('data-state', 'abandoned');
  await shot(page, '63-receipt-given-up');
  await page.getByTestId('settings').click();

  // Every part in order; what is saved of it names nobody and nothing of the site.
  await station.order({ platform: 'megvii', mode: 'off' });
  await page.getByTestId('selftest-run').click();
  await expect(page.getByTestId('selftest')).toHaveAttribute('data-state', 'done', { timeout: 60_000 });
  for (const step of ['camera', 'models', 'check', 'journal', 'audit', 'key', 'clock', 'hcp', 'device'])
    await expect(page.getByTestId(`selftest-${step}`)).toHaveAttribute('data-code', 'fine');
  await expect(page.getByTestId('selftest-disk')).not.toHaveAttribute('data-code', 'unwritable');
  await expect(page.getByTestId('selftest-megvii')).toHaveAttribute('data-code', /unanswered|refused/);
  await page.getByTestId('selftest').scrollIntoViewIfNeeded();
  await lookAround(page, 'settings-selftest');
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByTestId('selftest-export').click()]);
  const report = await readFile(await file.path(), 'utf8');
  expect(JSON.parse(report).steps).toHaveLength(13);
  for (const private_ of ['Lim', 'Anna', 'TP012399', '127.0.0.1', password, station.dataDir])
    expect(report).not.toContain(private_);

  expect(complaints).toEqual([]);
  await close();
});

test('a form in Chinese, dark and narrow: lists to choose from once the keys work', async ({ launchOptions }) => {
  const { browser, close } = await openBrowser(launchOptions, null);
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    locale: 'zh-CN',
    colorScheme: 'dark',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints = watch(page);
  await page.goto(station.url);
  await page.getByTestId('settings').click();
  await page.getByTestId('add-platform').click();
  const { baseUrl = '', appKey = '', appSecret = '', orgIndexCode = '' } = further.platforms.hcp ?? {};
  await page.getByTestId('field-baseUrl').fill(baseUrl.replace('/artemis', ''));
  await page.getByTestId('field-appKey').fill(appKey);
  await page.getByTestId('field-appSecret').fill(appSecret);
  await page.getByTestId('try').click();
  await expect(page.getByTestId('platform-form')).toContainText('/artemis 结尾');
  await look(page, '63-platform-zh-path');
  await page.getByTestId('field-baseUrl').fill(baseUrl);
  await page.getByTestId('try').click();
  await expect(trial(page, 'places').first()).toHaveAttribute('data-code', /unset|no-access/);
  await page.getByTestId('field-orgIndexCode').click();
  await page
    .getByRole('option', { name: `（${orgIndexCode}）` })
    .first()
    .click();
  await look(page, '64-platform-zh-lists');
  await page.getByTestId('save-platform').click();
  await expect(page.getByTestId('system-hcp-2')).toHaveAttribute('data-state', 'ok');
  await look(page, '65-settings-zh-narrow');
  expect(complaints).toEqual([]);
  await close();
});
