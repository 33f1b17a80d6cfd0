import { expect, type Page, test } from '@playwright/test';
import { portrait } from '../fixtures/faces.ts';
import { openBrowser, type RunningStation, shot, startStation, watch } from './harness.ts';

/** The people view on the built station and its lab: what is shown is what five platforms were asked. */

let station: RunningStation;
test.beforeAll(async () => {
  station = await startStation();
});
test.afterAll(() => station.stop());

async function handOver(page: Page): Promise<void> {
  const file = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await portrait() };
  await page.locator('input[type=file]').first().setInputFiles(file);
  await page.getByTestId('accept-photo').click({ timeout: 60_000 });
}

test('a person is enrolled, verified, delivered to one more platform, and removed everywhere', async ({
  launchOptions,
}) => {
  const { browser, close } = await openBrowser(launchOptions, null);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  const complaints = watch(page);
  try {
    await page.goto(station.url);
    await handOver(page);
    await page.getByTestId('field-code').fill('TP012345');
    await page.getByTestId('field-family').fill('Lim');
    await page.getByTestId('field-given').fill('Anna');
    await page.getByTestId('target-device').uncheck({ force: true });
    await page.getByTestId('submit').click();
    await expect(page.getByTestId('receipts')).toHaveAttribute('data-phase', 'done', { timeout: 60_000 });
    await page.getByTestId('next-person').click();

    await page.getByTestId('find-person').click();
    await page.getByTestId('search').fill('lim');
    await page.getByTestId('person-TP012345').click();
    await page.getByTestId('verify').click();
    await expect(page.locator('[data-testid="verified"][data-outcome="whole"]')).toHaveCount(4, { timeout: 30_000 });
    await expect(page.getByTestId('standing-device').getByTestId('verified')).toHaveAttribute('data-outcome', 'partly');
    await shot(page, '30-person-verified');

    // Retention has taken the picture, so the other platform needs a new one: the file is handed over on the camera's page.
    await page.getByTestId('standing-device').getByTestId('enrol-here').click();
    await expect(page.getByTestId('problem')).toHaveAttribute('data-problem', 'missing');
    await handOver(page);
    await expect(page.getByTestId('receipts')).toHaveAttribute('data-phase', 'done', { timeout: 60_000 });
    await expect(page.locator('[data-testid^="receipt-"]')).toHaveCount(1);
    expect((await station.people()).device?.map(({ key }) => key)).toEqual(['TP012345']);
    await page.getByTestId('next-person').click();

    await page.getByTestId('remove').click();
    await page.getByTestId('confirm-do').click();
    await expect(page.getByTestId('removed')).toHaveAttribute('data-local', 'erased', { timeout: 30_000 });
    await expect(page.locator('[data-outcome="removed"]')).toHaveCount(5);
    expect(Object.values(await station.people()).flat()).toEqual([]);
    await page.getByTestId('back').click();
    await expect(page.getByTestId('found')).toContainText('Nobody');

    await page.getByTestId('settings').click();
    await expect(page.getByTestId('audit')).toHaveAttribute('data-whole', 'true');
    await shot(page, '31-settings');
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
});
