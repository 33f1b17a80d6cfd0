import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import sharp from 'sharp';
import { portrait } from '../fixtures/faces.ts';
import { openBrowser, type RunningStation, shot, startStation, watch } from './harness.ts';
import { lookAround } from './look.ts';

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

/** As a scanner types: keys ten milliseconds apart wherever the focus is, and Enter; quicker than a test that goes through the browser could be. */
async function scan(page: Page, code: string): Promise<void> {
  await page.evaluate((text) => {
    const from = performance.now();
    [...text, 'Enter'].forEach((key, n) => {
      const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
      // When a real key was pressed is noted by the system, however busy the page is; a key made here would be late with it.
      Object.defineProperty(event, 'timeStamp', { value: from + n * 10 });
      (document.activeElement ?? document.body).dispatchEvent(event);
    });
  }, code);
}

const LANGUAGES = [
  ['en', { viewport: { width: 1280, height: 800 }, locale: 'en-GB', colorScheme: 'light' }, 'Name'],
  ['zh', { viewport: { width: 820, height: 1180 }, locale: 'zh-CN', colorScheme: 'dark' }, '姓名'],
] as const;

for (const [language, look, nameColumn] of LANGUAGES) {
  test(`visitors are registered, walk in, get passes and a badge, leave by a scan, and come again: ${language}`, async ({
    launchOptions,
  }) => {
    const { browser, close } = await openBrowser(launchOptions, null);
    const page = await browser.newPage({ ...look, acceptDownloads: true });
    const complaints = watch(page);
    const keep = (name: string) => shot(page, `${name}-${language}`);
    // Not by a click at a place: in a narrow window the button that sends it floats above.
    const set = async (box: Locator, wanted: boolean) => {
      if ((await box.isChecked()) !== wanted) await box.dispatchEvent('click');
    };
    const enrolOn = async (...wanted: string[]) => {
      for (const id of ['hcp', 'device', 'senselink', 'megvii', 'hikconnect'])
        await set(page.getByTestId(`target-${id}`), wanted.includes(id));
      await set(page.getByTestId('consent'), true);
      await page.getByTestId('submit').click();
      await expect(page.getByTestId('receipts')).toHaveAttribute('data-phase', 'done', { timeout: 60_000 });
    };
    try {
      await page.goto(station.url);
      // A new member of staff: the card is scanned, the code stands in the form.
      await page.getByTestId('start').waitFor();
      await scan(page, 'TP0777');
      await expect(page.getByTestId('problem')).toHaveAttribute('data-problem', 'missing');
      await handOver(page);
      await expect(page.getByTestId('field-code')).toHaveValue('TP0777');
      await page.getByTestId('field-family').fill('Host');
      await page.getByTestId('field-given').fill('Hannah');
      await enrolOn('megvii');
      await page.getByTestId('next-person').click();
      // A file that is chosen when its button has gone meanwhile is not lost.
      const button = await page.getByTestId('choose-file').locator('input').elementHandle();
      await page.getByTestId('visitors').click();
      await button?.setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await portrait() });
      await page.getByTestId('accept-photo').waitFor({ timeout: 60_000 });
      await page.getByRole('button', { name: 'Vestibule' }).click();

      await page.getByTestId('visitors').click();
      await expect(page.getByTestId('found')).toContainText('0');
      await page.getByTestId('register').click();
      await page.getByTestId('register-name.given').fill('Eve');
      await page.getByTestId('register-do').click();
      await expect(page.locator('[data-testid^="visit-"][data-state="expected"]')).toHaveCount(1);
      const list = (text: string) =>
        page
          .getByTestId('visitor-list')
          .setInputFiles({ name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
      await list(`${nameColumn};From\nAda;soon\n`);
      await expect(page.getByTestId('list-told')).toContainText('2026-11-24 09:30');
      await keep('38-visitor-list-wrong');
      await list(`${nameColumn};Phone\nAda Wong;60127654321\n`);
      await expect(page.locator('[data-testid^="visit-"][data-state="expected"]')).toHaveCount(2);

      await page.getByTestId('walk-in').click();
      await handOver(page);
      const code = await page.getByTestId('field-code').inputValue();
      expect(code).toMatch(/^V\d{6}[2-9A-Z]{5}$/);
      await page.getByTestId('field-family').fill('Ong');
      await page.getByTestId('field-given').fill('Ben');
      await page.getByTestId('field-visit.host').pressSequentially('hann');
      // Known here, and found on the box.
      const host = page.getByRole('option', { name: /Hannah.*Megvii/ });
      await host.waitFor();
      await keep('32-visitor-host');
      // By the keyboard: an arrow highlights, Escape puts the list away and nothing else, an arrow brings it back.
      const hosts = page.getByTestId('field-visit.host');
      const highlighted = page.locator('[role="option"][aria-selected="true"]');
      await hosts.press('ArrowDown');
      await expect(highlighted).toHaveCount(1);
      await expect(hosts).toHaveAttribute('aria-activedescendant', String(await highlighted.getAttribute('id')));
      await hosts.press('Escape');
      await expect(hosts).toHaveAttribute('aria-expanded', 'false');
      await expect(host).toBeHidden();
      await expect(hosts).toHaveValue('hann');
      await hosts.press('ArrowDown');
      await expect(hosts).toHaveAttribute('aria-expanded', 'true');
      await host.click();
      await expect(page.getByTestId('field-visit.host')).toHaveValue('TP0777');
      await page.getByTestId('field-visit.company').fill('Acme Ltd');
      await page.getByTestId('field-phone').fill('13800138000');
      await keep('32-visitor-details');
      await enrolOn('megvii', 'hikconnect');
      for (const id of ['megvii', 'hikconnect'])
        await expect(page.getByTestId(`pass-${id}`)).toHaveAttribute('data-pass', 'shown', { timeout: 30_000 });
      await expect(page.getByTestId('pass-megvii').getByRole('img')).toBeVisible();
      // What the box noted is told in the reader’s language.
      await expect(page.getByTestId('receipt-megvii')).toContainText(/letters and digits the box takes|字母和数字/);
      if (language === 'en') await lookAround(page, 'receipts-pass');
      else await keep('33-visitor-pass');

      await page.getByTestId('open-badge').click();
      const badge = page.getByTestId('badge');
      await expect(badge.getByText('Ben Ong')).toBeVisible();
      await expect(badge.getByText('Hannah Host')).toBeVisible();
      await expect(badge.getByText(code)).toBeVisible();
      await keep('34-visitor-badge');
      // The box's code lasts minutes and is not printed: the screen says so, and the badge where a new one is had.
      await expect(page.getByTestId('badge-left')).toContainText(/Megvii|旷视/);
      await expect(page.getByTestId('badge').locator('.badge-code').last()).toContainText(/at the desk|前台/);
      const printed = await page.pdf({ preferCSSPageSize: true, printBackground: true });
      await writeFile(`screenshots/35-visitor-badge-${language}.pdf`, printed);
      expectBadgePage(printed);
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('badge-pdf').click()]);
      expect(download.suggestedFilename()).toBe(`badge-${code}.pdf`);
      await download.saveAs(`screenshots/35-visitor-badge-kept-${language}.pdf`);
      const kept = await readFile(`screenshots/35-visitor-badge-kept-${language}.pdf`);
      expectBadgePage(kept);
      expect(await inkOf(kept)).toBeGreaterThan(0.05);
      await page.keyboard.press('Escape');

      await page.getByTestId('next-person').click();
      await expect(page.getByTestId('visitors-here')).toContainText('1');
      await expect(page.getByTestId('visitors-expected')).toContainText('2');
      await keep('36-welcome-visitors');
      // The badge is scanned, wherever the focus is; once more says yes.
      await scan(page, code);
      await expect(page.getByTestId('confirm')).toContainText('Ben Ong');
      if (language === 'en') await lookAround(page, 'visitors-scanned');
      else await keep('36-visitor-leaves');
      const visit = page.getByTestId(`visit-${code}`);
      await expect(visit).toHaveAttribute('data-state', 'here');
      await scan(page, code);
      await expect(page.getByTestId('checked-out')).toHaveAttribute('data-outcome', 'done', { timeout: 30_000 });
      await expect(visit).toHaveAttribute('data-state', 'left');
      const left = await station.people();
      expect([left.megvii, left.hikconnect].map((people) => people?.map(({ key }) => key))).toEqual([['TP0777'], []]);
      await keep('37-visitors-left');

      // The same person registers again: under the code they had.
      await page.getByTestId('register').click();
      await page.getByTestId('register-name.family').fill('Ong');
      await page.getByTestId('register-name.given').fill('Benjamin');
      await page.getByTestId('register-phone').fill('+86 138 0013 8000');
      await expect(page.getByTestId('resembling')).toContainText('Ben Ong');
      await keep('39-visitor-again');
      await page.getByTestId('same-person').click();
      await expect(page.getByTestId('resembling')).toHaveCount(0);
      await expect(page.getByTestId('register-visit.company')).toHaveValue('Acme Ltd');
      await page.getByTestId('register-do').click();
      await expect(page.locator(`[data-testid="visit-${code}"][data-state="expected"]`)).toHaveCount(1);
      expect(complaints).toEqual([]);
    } finally {
      await close();
    }
  });
}

/** One page of 86 × 124 mm. */
function expectBadgePage(pdf: Buffer): void {
  const text = pdf.toString('latin1');
  expect(text.match(/\/Type \/Page\b/g)).toHaveLength(1);
  const [, ...size] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(text) ?? [];
  expect(size.map((points) => Math.round((Number(points) / 72) * 25.4))).toEqual([86, 124]);
}

/** How much of the picture in a kept badge is not white, 0–1. */
async function inkOf(pdf: Buffer): Promise<number> {
  const begin = pdf.indexOf(Buffer.from([0xff, 0xd8, 0xff]));
  const end = pdf.indexOf('\nendstream', begin);
  const { data } = await sharp(pdf.subarray(begin, end)).greyscale().raw().toBuffer({ resolveWithObject: true });
  return data.filter((value) => value < 128).length / data.length;
}
