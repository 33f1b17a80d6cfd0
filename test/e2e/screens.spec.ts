import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type BrowserContextOptions, expect, type Page, test } from '@playwright/test';
import { securityHeaders } from '../../src/main/web-policy.ts';
import { portrait } from '../fixtures/faces.ts';
import { installMockBridge, type MockStation } from '../fixtures/renderer/mock-bridge.ts';
import { delivery, enrolment, mockStation, PLATFORMS } from '../fixtures/renderer/mock-station.ts';
import { shot, watch } from './harness.ts';

/**
 * Every screen in states that a healthy station shows rarely, in both languages and both colour schemes, at the sizes the product is for:
 * accessible, within the policy, and not wider than its window. The station is one that exists only in the page.
 */

const ORIGIN = 'https://vestibule.test';
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

const fault = (kind: 'auth' | 'unreachable' | 'quality' | 'validation', code: string, message: string) => ({
  kind,
  code,
  message,
});

const TROUBLE = mockStation({
  tests: {
    senselink: { ok: false, skewMs: null, detail: null, fault: fault('auth', '10002', 'sign error') },
    hcp: { ok: true, skewMs: 190_000, detail: null, fault: null },
    megvii: { ok: false, skewMs: null, detail: null, fault: fault('unreachable', 'tls', 'not trusted') },
  },
  photo: {
    token: 'photo-1',
    accepted: true,
    faces: 1,
    reasons: [],
    predictions: { senselink: { code: 10404, message: 'brightness' }, gate: { code: 'x1', message: 'something new' } },
    withPreview: true,
  },
  deliveries: {
    hcp: { state: 'delivered', personId: '1150', warnings: ['3651: the doors will be told later'] },
    gate: {
      state: 'waiting',
      attempts: 3,
      error: fault('unreachable', 'ECONNREFUSED', 'connection refused'),
      nextAttemptAt: 4_102_444_800_000,
    },
    senselink: {
      state: 'asking',
      question: { kind: 'similar', candidate: { name: 'Anna Lin', code: 'TP000001' }, canForce: true },
    },
    megvii: { state: 'refused', error: fault('quality', '101055', 'brightness not qualified') },
    hikconnect: { state: 'verified', personId: '9000123' },
  },
  recent: [
    enrolment(
      'r-1',
      'Siti Nurhaliza binti Tarudin',
      'TP012347',
      PLATFORMS.map(({ id }, index) => delivery(id, index === 3 ? 'refused' : 'delivered', { id: `r-1-${id}` })),
      1_700_000_000_000,
    ),
  ],
});

async function open(page: Page, station: MockStation): Promise<void> {
  await page.route(`${ORIGIN}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const file = pathname === '/' ? 'index.html' : pathname;
    try {
      const body = await readFile(join(pathname.startsWith('/engine/') ? 'out' : 'out/renderer', file));
      const type = TYPES[extname(file)] ?? 'application/octet-stream';
      await route.fulfill({ body, headers: { ...securityHeaders(), 'content-type': type } });
    } catch {
      await route.fulfill({ status: 404, body: '' });
    }
  });
  await page.addInitScript(installMockBridge, station);
  await page.goto(ORIGIN);
}

async function look(page: Page, name: string): Promise<void> {
  // Colours on their way from one to another are no colours to judge.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => 0))),
  );
  await shot(page, name);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), name).toBeLessThanOrEqual(0);
}

async function handOver(page: Page): Promise<void> {
  const buffer = await portrait();
  await page.locator('input[type=file]').first().setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer });
}

const LOOKS: [string, BrowserContextOptions][] = [
  ['desk-en-light', { viewport: { width: 1280, height: 800 }, locale: 'en-GB', colorScheme: 'light' }],
  ['desk-zh-dark', { viewport: { width: 1440, height: 900 }, locale: 'zh-CN', colorScheme: 'dark' }],
  ['kiosk-zh-light', { viewport: { width: 1080, height: 1920 }, locale: 'zh-CN', colorScheme: 'light' }],
  ['phone-en-dark', { viewport: { width: 390, height: 844 }, locale: 'en-GB', colorScheme: 'dark' }],
];

for (const [name, options] of LOOKS) {
  test(`every screen is accessible and fits: ${name}`, async ({ browser }) => {
    const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const complaints = watch(page);
    await open(page, TROUBLE);
    await expect(page.getByTestId('platform-megvii')).toHaveAttribute('data-state', 'failed');
    await look(page, `20-welcome-${name}`);

    await page.getByTestId('settings').click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await look(page, `21-settings-${name}`);
    await page.keyboard.press('Escape');

    await handOver(page);
    await expect(page.getByTestId('accept-photo')).toBeVisible();
    await look(page, `22-prediction-${name}`);
    await page.getByTestId('accept-photo').click();

    await page.getByTestId('submit').click();
    await expect(page.getByTestId('error-code')).toBeVisible();
    await expect(page.getByTestId('field-code')).toBeFocused();
    await page.getByTestId('kind-visitor').check({ force: true });
    await look(page, `23-details-${name}`);

    await page.getByTestId('kind-staff').check({ force: true });
    await page.getByTestId('field-code').fill('TP012345');
    await page.getByTestId('field-given').fill('Anna');
    await page.getByTestId('submit').click();
    await expect(page.getByTestId('receipts')).toHaveAttribute('data-phase', 'attention');
    await look(page, `24-receipts-${name}`);
    expect(complaints).toEqual([]);
    await context.close();
  });
}

test('the keyboard alone enrols a person from a picture', async ({ page }) => {
  await open(page, mockStation());
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await handOver(page);
  await expect(page.getByTestId('accept-photo')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  // As a scanner does: the code, Enter; each Enter then goes to the next empty field and the last one sends.
  await expect(page.getByTestId('field-code')).toBeFocused();
  await page.keyboard.type('TP012345');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('field-family')).toBeFocused();
  await page.keyboard.type('Lim');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Anna');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('receipts')).toHaveAttribute('data-phase', 'done');
  await expect(page.getByTestId('next-person')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('start')).toBeVisible();
});

test('a refused picture says why, a station without platforms says what to do', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  const refusing = await context.newPage();
  await open(
    refusing,
    mockStation({
      photo: {
        token: null,
        accepted: false,
        faces: 1,
        reasons: [
          { measure: 'sharpness', value: 0, limit: { min: 0.2 } },
          { measure: 'brightness', value: 0.05, limit: { min: 0.2 } },
        ],
        predictions: {},
        withPreview: true,
      },
    }),
  );
  await handOver(refusing);
  await expect(refusing.locator('[data-reason]')).toHaveCount(2);
  await expect(refusing.locator('[data-reason]').first()).toHaveAttribute('data-reason', 'more-light');
  await expect(refusing.getByTestId('accept-photo')).toHaveCount(0);
  await look(refusing, '25-refused');

  const empty = await context.newPage();
  await open(empty, mockStation({ platforms: [] }));
  await expect(empty.getByTestId('problem')).toHaveAttribute('data-problem', 'no-platforms');
  await look(empty, '26-no-platforms');
  await context.close();
});
