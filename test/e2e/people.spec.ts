import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { portrait } from '../fixtures/faces.ts';
import { openBrowser, type RunningStation, shot, startStation, watch } from './harness.ts';

/** The people view on the built station and its lab: what is shown is what five platforms were asked. */

let station: RunningStation;
let folder: string;
// Each test has its own: a station's link opens one browser.
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vestibule-people-'));
  const config = join(folder, 'config.json');
  const consent = { version: 'T-1', text: { en: 'We keep your picture to open doors for you.' } };
  await writeFile(config, JSON.stringify({ consent }));
  station = await startStation(['--config', config]);
});
test.afterEach(async () => {
  await station.stop();
  await rm(folder, { recursive: true, force: true });
});

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
    await expect(page.locator('#consent-problem')).toBeInViewport();
    await expect(page.getByTestId('consent')).toBeFocused();
    await shot(page, '30-consent');
    await page.getByTestId('consent').check({ force: true });
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
    // That nobody was there before is not true any more, and not shown.
    await expect(page.getByTestId('standing-device')).toBeVisible();
    await expect(page.getByTestId('standing-device').getByTestId('verified')).toHaveCount(0);
    await expect(page.locator('[data-testid="verified"]')).toHaveCount(4);
    await expect(page.getByTestId('kept')).toContainText('T-1');

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

test('a visitor walks in to see somebody, is shown a pass, gets a badge on paper, and is checked out', async ({
  launchOptions,
}) => {
  const { browser, close } = await openBrowser(launchOptions, null);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  const complaints = watch(page);
  const enrolOn = async (...wanted: string[]) => {
    for (const id of ['hcp', 'device', 'senselink', 'megvii', 'hikconnect'])
      await page.getByTestId(`target-${id}`).setChecked(wanted.includes(id), { force: true });
    await page.getByTestId('consent').check({ force: true });
    await page.getByTestId('submit').click();
    await expect(page.getByTestId('receipts')).toHaveAttribute('data-phase', 'done', { timeout: 60_000 });
  };
  try {
    await page.goto(station.url);
    await handOver(page);
    await page.getByTestId('field-code').fill('TP0777');
    await page.getByTestId('field-family').fill('Host');
    await page.getByTestId('field-given').fill('Hannah');
    await enrolOn('megvii');
    await page.getByTestId('next-person').click();

    await page.getByTestId('visitors').click();
    await expect(page.getByTestId('found')).toContainText('0');
    await page.getByTestId('register').click();
    await page.getByTestId('register-name.given').fill('Eve');
    await page.getByTestId('register-do').click();
    await expect(page.locator('[data-testid^="visit-"][data-state="expected"]')).toHaveCount(1);
    await page.getByTestId('walk-in').click();
    await handOver(page);
    const code = await page.getByTestId('field-code').inputValue();
    expect(code).toMatch(/^V\d{6}[2-9A-Z]{5}$/);
    await page.getByTestId('field-family').fill('Ong');
    await page.getByTestId('field-given').fill('Ben');
    await page.getByTestId('field-visit.host').pressSequentially('hann');
    await page.getByRole('option', { name: 'Hannah' }).click();
    await expect(page.getByTestId('field-visit.host')).toHaveValue('TP0777');
    await page.getByTestId('field-visit.company').fill('Acme Ltd');
    await page.getByTestId('field-phone').fill('13800138000');
    await shot(page, '32-visitor-details');
    await enrolOn('megvii');
    await expect(page.getByTestId('pass-megvii')).toHaveAttribute('data-pass', 'shown', { timeout: 30_000 });
    await expect(page.getByTestId('pass-megvii').getByRole('img')).toBeVisible();
    await shot(page, '33-visitor-pass');

    await page.getByTestId('open-badge').click();
    await expect(page.getByTestId('badge').getByText('Ben Ong')).toBeVisible();
    await expect(page.getByTestId('badge').getByRole('img')).toHaveCount(2);
    await shot(page, '34-visitor-badge');
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    await writeFile('screenshots/35-visitor-badge.pdf', pdf);
    // One page of 86 × 124 mm, in points of 1/72 inch.
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1);
    expect(
      /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/
        .exec(pdf.toString('latin1'))
        ?.slice(1)
        .map((points) => Math.round(Number(points))),
    ).toEqual([244, 351]);
    await page.keyboard.press('Escape');
    await page.getByTestId('next-person').click();

    await page.getByTestId('visitors').click();
    const visit = page.getByTestId(`visit-${code}`);
    await expect(visit).toHaveAttribute('data-state', 'here');
    await page.getByTestId('search').fill(code);
    await expect(page.locator('[data-testid^="visit-"]')).toHaveCount(1);
    await shot(page, '36-visitors');
    await visit.getByTestId('check-out').click();
    await page.getByTestId('confirm-do').click();
    await expect(page.getByTestId('checked-out')).toHaveAttribute('data-outcome', 'done', { timeout: 30_000 });
    await expect(visit).toHaveAttribute('data-state', 'left');
    expect((await station.people()).megvii?.map(({ key }) => key)).toEqual(['TP0777']);
    await page.getByTestId('search').fill('');
    await shot(page, '37-visitors-left');
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
});
