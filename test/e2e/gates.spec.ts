import { expect, test } from '@playwright/test';
import { portrait } from '../fixtures/faces.ts';
import { openBrowser, type RunningStation, shot, startStation, watch } from './harness.ts';
import { look, lookAround } from './look.ts';

/** The gate monitor on the built station and its lab: somebody is enrolled, passes, and the desk sees the proof. */

let station: RunningStation;
test.beforeEach(async () => {
  station = await startStation();
});
test.afterEach(() => station.stop());

async function pass(order: { platform: string; key?: string; refused?: boolean; method?: string }): Promise<void> {
  const answer = await fetch(new URL('/lab/pass', station.lab), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
  expect(answer.ok).toBe(true);
}

test('an enrolment is proven at the gate, and the desk sees who passes, opens a door and sets a clock', async ({
  launchOptions,
}) => {
  const { browser, close } = await openBrowser(launchOptions, null);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  const page = await context.newPage();
  const complaints = watch(page);
  const CODE = 'TP012345';
  try {
    await page.goto(station.url);
    await page.getByTestId('open-gates').click();
    await expect(page.getByTestId('nobody')).toContainText('Nobody has passed yet');
    await expect(page.getByTestId('watch-megvii')).toHaveAttribute('data-state', 'listening', { timeout: 30_000 });
    await expect(page.getByTestId('doors-megvii').getByTestId('door')).toHaveCount(2, { timeout: 30_000 });
    await page.getByTestId('back').click();

    const file = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await portrait() };
    await page.locator('input[type=file]').first().setInputFiles(file);
    await page.getByTestId('accept-photo').click({ timeout: 60_000 });
    await page.getByTestId('field-code').fill(CODE);
    await page.getByTestId('field-family').fill('Lim');
    await page.getByTestId('field-given').fill('Anna');
    await page.getByTestId('submit').click();
    await expect(page.getByTestId('receipts')).toHaveAttribute('data-phase', 'done', { timeout: 60_000 });
    await expect(page.getByTestId('gate-proof')).toHaveCount(0);

    // The terminal pushes: the receipt has its proof at once. Megvii is asked.
    await pass({ platform: 'device', key: CODE });
    await expect(page.getByTestId('receipt-device').getByTestId('gate-proof')).toContainText(
      /Recognised at Simulated terminal, \d\d:\d\d, 93%/,
    );
    await pass({ platform: 'megvii', key: CODE });
    await expect(page.getByTestId('receipt-megvii').getByTestId('gate-proof')).toContainText(/98%/, {
      timeout: 30_000,
    });
    await lookAround(page, 'receipts-proven');
    await page.getByTestId('next-person').click();

    await page.getByTestId('open-gates').click();
    await expect(page.getByTestId('pass')).toHaveCount(2);
    await pass({ platform: 'senselink' });
    await expect(page.getByTestId('latest')).toHaveText('Somebody unknown at Simulated gate');
    await pass({ platform: 'megvii', key: CODE, refused: true });
    await expect(page.locator('[data-testid="pass"][data-outcome="refused"]')).toContainText('Anna Lim', {
      timeout: 30_000,
    });
    await expect(page.getByTestId('pass-proof')).toHaveCount(2);
    await expect(page.locator('[data-testid="pass"] img')).toHaveCount(0);
    await lookAround(page, 'gates');

    const filter = page.getByTestId('gate-filter');
    await filter.click();
    await page.getByRole('option', { name: /Simulated terminal/ }).click();
    await expect(page.getByTestId('pass')).toHaveCount(1);

    await page.getByTestId('doors-device').getByTestId('open-door').click();
    await expect(page.getByTestId('confirm')).toContainText('audit trail');
    await lookAround(page, 'gates-door');
    await page.getByTestId('confirm-cancel').click();
    const asked = async (path: string) => {
      const log = (await (await fetch(new URL('/lab/log', station.lab))).json()) as Record<string, { path: string }[]>;
      return log.device?.filter((entry) => entry.path === path).length;
    };
    expect(await asked('/api/device/open')).toBe(0);
    await page.getByTestId('doors-device').getByTestId('open-door').click();
    await page.getByTestId('confirm-do').click();
    await expect(page.getByTestId('door-act')).toHaveAttribute('data-state', 'done');
    expect(await asked('/api/device/open')).toBe(1);
    await page.getByTestId('doors-device').getByTestId('open-door').click();
    await page.getByTestId('confirm-do').click();
    await expect(page.getByTestId('door-act')).toHaveAttribute('data-state', 'failed');
    await expect(page.getByTestId('door-act')).toContainText('Doors were just opened');

    await station.order({ platform: 'device', mode: 'clock', ms: 90_000 });
    await page.getByTestId('doors-again').click();
    await expect(page.getByTestId('doors-device').getByTestId('skew')).toContainText('ahead', { timeout: 30_000 });
    await station.clearFaults();
    await page.getByTestId('doors-device').getByTestId('set-clock').click();
    await expect(page.getByTestId('door-act')).toHaveAttribute('data-what', 'clock');
    await expect(page.getByTestId('doors-device').getByTestId('skew')).toContainText('right');
    expect(await asked('/api/device/syncTime')).toBe(1);

    // A system that is off is said to be, in Chinese as well, in the dark, and on a narrow window.
    await station.order({ platform: 'megvii', mode: 'off' });
    await expect(page.getByTestId('unreachable-megvii')).toBeVisible({ timeout: 60_000 });
    await lookAround(page, 'gates-off');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('button', { name: '中文' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('通行监控');
    await look(page, '63-gates-narrow-dark-zh');
    await station.clearFaults();
    await page.getByTestId('unreachable-megvii').getByRole('button').click();
    await expect(page.getByTestId('unreachable-megvii')).toHaveCount(0, { timeout: 30_000 });
    await page.getByTestId('pass-person').first().click();
    await expect(page.getByTestId('standing-device').getByTestId('gate-proof')).toContainText('识别成功');
    await shot(page, '64-person-proven');
    // What was ordered to go wrong is what the browser is told of: nothing else.
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
});
