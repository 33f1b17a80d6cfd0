import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { type BrowserContextOptions, expect, type Page, test } from '@playwright/test';
import { securityHeaders } from '../../src/main/web-policy.ts';
import { portrait } from '../fixtures/faces.ts';
import { installMockBridge, type MockStation } from '../fixtures/renderer/mock-bridge.ts';
import {
  delivery,
  enrolment,
  mockStation,
  PLATFORMS,
  personDetail,
  platformOutbox,
  visit,
} from '../fixtures/renderer/mock-station.ts';
import { shot, watch } from './harness.ts';
import { look as judge, lookAround } from './look.ts';
import type { Screen } from './screens.ts';

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
    hikconnect: {
      state: 'delivered',
      personId: '9000123',
      door: 'pending',
      doorDetail: 'waiting at 1 of 4',
      nextCheckAt: 4_102_444_800_000,
    },
  },
  outbox: [
    platformOutbox('hcp', { waiting: 1 }),
    platformOutbox('gate', { circuit: 'half-open', failures: 2 }),
    platformOutbox('senselink', { asking: 1, waiting: 3, pausedUntil: 4_102_444_800_000, failures: 5 }),
    platformOutbox('megvii', { refused: 2 }),
    platformOutbox('hikconnect', { queued: 2, pausedUntil: 4_102_444_800_000 }),
  ],
  agreement: [
    {
      platform: 'megvii',
      kind: 'megvii',
      configured: true,
      answers: 182,
      agreed: 175,
      strict: 2,
      lenient: 5,
      other: 0,
      since: 1_700_000_000_000,
      lastAt: 1_700_400_000_000,
      measures: [
        {
          verdict: 'lenient',
          measure: 'brightness',
          count: 5,
          codes: ['101055'],
          values: [0.1634, 0.158, 0.171, 0.1522, 0.16],
          believed: { min: 0.2, max: 0.85 },
          current: { min: 0.15, max: 0.85 },
          advice: { kind: 'tighten', limit: { min: 0.18, max: 0.85 }, few: false },
        },
        {
          verdict: 'strict',
          measure: 'yaw',
          count: 2,
          codes: ['101053'],
          values: [-21.2, 22],
          believed: { min: -20, max: 20 },
          current: { min: -25, max: 25 },
          advice: { kind: 'keep', limit: null, few: true },
        },
      ],
    },
    {
      platform: 'old-gate',
      kind: 'device',
      configured: false,
      answers: 1,
      agreed: 1,
      strict: 0,
      lenient: 0,
      other: 0,
      since: 1_700_000_000_000,
      lastAt: 1_700_000_000_000,
      measures: [],
    },
  ],
  pin: '2468',
  resembling: [
    {
      person: { kind: 'visitor', code: 'V77', name: { family: 'Ong', given: 'Ben' }, visit: { company: 'Acme Ltd' } },
      name: 'Ben Ong',
      lastVisit: 1_700_000_000_000,
      come: true,
      sure: false,
    },
  ],
  listed: {
    registered: 0,
    reused: 0,
    already: 0,
    problems: [
      { row: 2, reason: { kind: 'field', code: 'ambiguous', field: 'visit.from', message: 'it could be two days' } },
      { row: 7, reason: { kind: 'field', code: 'visit-past', field: 'visit.to', message: 'it is over' } },
    ],
  },
  visits: [
    visit('V1', 'overstay', { name: 'Ben Ong', company: 'Acme Ltd' }),
    visit('V2', 'overdue', { name: '王小明', enrolment: 'e2' }),
    visit('V3', 'here', { name: 'Siti Nurhaliza binti Tarudin', company: 'Perusahaan Kayu Manis Sdn Bhd' }),
    visit('V4', 'expected', { name: 'Ann Lee' }),
    visit('V5', 'left', { name: 'Eve Tan', accessLeft: ['senselink'] }),
  ],
  people: [
    personDetail(
      {
        kind: 'staff',
        code: 'TP012347',
        name: { family: 'binti Tarudin', given: 'Siti Nurhaliza' },
        phone: '0123456789',
      },
      [
        delivery('hcp', 'verified', { id: 'p-hcp', personId: '1150', door: 'applied', updatedAt: 1_700_000_000_000 }),
        delivery('senselink', 'delivered', {
          id: 'p-senselink',
          personId: '88',
          door: 'pending',
          doorDetail: 'waiting at 2 of 5',
          nextCheckAt: 4_102_444_800_000,
          warnings: ['the visitor’s company was shortened'],
          updatedAt: 1_700_000_000_000,
        }),
        delivery('megvii', 'refused', {
          id: 'p-megvii',
          error: fault('validation', '101007', 'the phone number belongs to somebody else on this box'),
          updatedAt: 1_700_000_000_000,
        }),
        delivery('old-gate', 'delivered', { id: 'p-old', updatedAt: 1_700_000_000_000 }),
      ],
      { consent: { version: '2026-1', at: 1_700_000_000_000 }, removing: ['senselink'] },
    ),
    ...Array.from({ length: 44 }, (_, index) =>
      personDetail(
        { kind: index % 3 === 0 ? 'visitor' : 'staff', code: `S${index + 100}`, name: { display: `Person ${index}` } },
        [delivery('gate', index % 7 === 0 ? 'waiting' : 'verified', { id: `s-${index}` })],
      ),
    ),
  ],
  verified: {
    senselink: { access: 'pending', detail: 'waiting at 2 of 5' },
    megvii: { person: false, photo: null, access: null },
    hcp: { fault: fault('unreachable', 'ECONNREFUSED', 'cannot connect') },
  },
  removeFaults: { senselink: fault('unreachable', 'ECONNREFUSED', 'cannot connect') },
  secrets: [
    { platform: 'senselink', field: 'appSecret', origin: 'none', set: false, inVault: false, updatedAt: null },
    { platform: 'hcp', field: 'appSecret', origin: 'config', set: true, inVault: false, updatedAt: null },
    { platform: 'megvii', field: 'secretKey', origin: 'vault', set: true, inVault: true, updatedAt: 1_700_000_000_000 },
  ],
  audit: { whole: false, rows: 412, seq: 77, reason: 'the hash of the entry before does not fit' },
  recent: [
    enrolment('r-3', '王小明', 'TP012349', [delivery('hcp', 'verified', { id: 'r-3-hcp', enrolment: 'r-3' })], 3),
    enrolment('r-2', 'Ann Lee', 'TP012348', [delivery('senselink', 'asking', { id: 'r-2-s', enrolment: 'r-2' })], 2),
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

/** What stands in Latin letters on a Chinese screen with reason: products, people, places and what systems said themselves. */
const LATIN = new RegExp(
  [
    'Vestibule|HikCentral Professional|HikCentral|RichTech AATSS V2 Pro|SenseLink Enterprise|SenseLink|Megvii Hongtu 3000|Megvii Hongtu',
    'Hik-Connect for Teams|Hik-Connect|English|PIN|PDF|CSV',
    'Maintenance|Olga Ivanova|Ada|Sven|\\bBen(?! Ong)|ID|https?:[\\w.:/]+|--kiosk|\\{\\w+\\}|appSecret',
    '\\b(senselink|megvii|hikconnect|hcp|gate)\\b|the hash of the entry before does not fit|sign error|not trusted',
    'the visitor’s company was shortened|waiting at \\d of \\d|cannot connect|connection refused|brightness not qualified',
    'the phone number belongs to somebody else on this box|the doors will be told later|something new|nobody of this name',
    'Ben Ong|Siti Nurhaliza|binti Tarudin|Ann Lee|Eve Tan|Anna Lin|Anna|Acme Ltd|Perusahaan Kayu Manis Sdn Bhd|Person \\d+|TP0\\d+|old-gate',
  ].join('|'),
  'g',
);

/** In every way at the desk's usual size; as it is at the others. */
const look = (page: Page, screen: Screen, size: string) =>
  size === AROUND
    ? lookAround(page, screen, { latin: LATIN, reflow: true })
    : judge(page, `${screen}-${size}`, { latin: LATIN });

const AROUND = 'desk-en-light';

async function handOver(page: Page): Promise<void> {
  const buffer = await portrait();
  await page.locator('input[type=file]').first().setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer });
}

/** What the list of visitors asks and says that is seldom seen: a list that is wrong, somebody who was here before, a check-out. */
async function lookAtQuestions(page: Page, name: string): Promise<void> {
  const list = { name: 'visitors.csv', mimeType: 'text/csv', buffer: Buffer.from('name\n') };
  await page.getByTestId('visitor-list').setInputFiles(list);
  await expect(page.getByTestId('list-told').getByRole('listitem')).toHaveCount(2);
  await look(page, 'visitors-list', name);
  await page.getByTestId('visit-V3').getByTestId('check-out').click();
  await expect(page.getByTestId('confirm-cancel')).toBeFocused();
  await look(page, 'visitors-leave', name);
  await page.getByTestId('confirm-cancel').click();
  await page.getByTestId('register').click();
  await page.getByTestId('register-name.family').fill('Ong');
  await page.getByTestId('register-visit.company').fill('Acme Ltd');
  await expect(page.getByTestId('resembling')).toBeVisible();
  await look(page, 'visitors-before', name);
  await page.getByTestId('other-person').click();
  await expect(page.getByTestId('resembling')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('register-dialog')).toHaveCount(0);
  await page.getByTestId('back').click();
  await page.getByTestId('open-gates').click();
  await expect(page.getByTestId('nobody')).toBeVisible();
  await look(page, 'gates-empty', name);
  await page.getByTestId('back').click();
  await page.getByTestId('visitors').click();
  await expect(page.locator('[data-testid^="visit-"]')).toHaveCount(5);
}

/** What settings ask that is seldom seen. */
async function lookAtSettingsQuestions(page: Page, name: string): Promise<void> {
  await page.getByTestId('agreement-clear').click();
  await expect(page.getByTestId('confirm-cancel')).toBeFocused();
  await look(page, 'settings-forget', name);
  await page.getByTestId('confirm-cancel').click();
  await page.getByTestId('failedPhotosDays').fill('3');
  await page.getByTestId('retention-save').click();
  await expect(page.getByTestId('confirm-cancel')).toBeFocused();
  await look(page, 'settings-retention', name);
  await page.getByTestId('confirm-cancel').click();
  await page.getByTestId('consent-en').getByTestId('consent-edit').click();
  await page.getByTestId('consent-input').fill('We keep {nothing}.');
  await expect(page.getByTestId('consent-editor')).toContainText('{nothing}');
  await look(page, 'settings-consent', name);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('consent-editor')).toHaveCount(0);
}

const LOOKS: [string, BrowserContextOptions][] = [
  [AROUND, { viewport: { width: 1280, height: 800 }, locale: 'en-GB', colorScheme: 'light' }],
  ['kiosk-zh-light', { viewport: { width: 1080, height: 1920 }, locale: 'zh-CN', colorScheme: 'light' }],
  ['phone-en-dark', { viewport: { width: 390, height: 844 }, locale: 'en-GB', colorScheme: 'dark' }],
];

for (const [name, options] of LOOKS) {
  test(`every screen is accessible and fits: ${name}`, async ({ browser }) => {
    // Thirty screens, each looked at in every way: on a busy machine that takes its time.
    test.slow();
    const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const complaints = watch(page);
    await open(page, TROUBLE);
    await expect(page.getByTestId('platform-megvii')).toHaveAttribute('data-state', 'failed');
    await look(page, 'welcome', name);

    await page.getByTestId('settings').click();
    await expect(page.getByTestId('audit')).toHaveAttribute('data-whole', 'false');
    await expect(page.getByTestId('disagreement-brightness')).toHaveAttribute('data-advice', 'tighten');
    await page.getByTestId('secret-open').first().click();
    await look(page, 'settings', name);
    if (name === AROUND) await lookAtSettingsQuestions(page, name);
    await page.getByTestId('pin-set').click();
    await expect(page.getByTestId('pin')).toBeFocused();
    await look(page, 'settings-pin', name);
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('pin-dialog')).toHaveCount(0);
    await page.getByTestId('back').click();

    await page.getByTestId('visitors').click();
    await expect(page.locator('[data-testid^="visit-"]')).toHaveCount(5);
    await look(page, 'visitors', name);
    if (name === AROUND) await lookAtQuestions(page, name);
    await page.getByTestId('visit-V3').getByTestId('open-badge').click();
    await expect(page.getByTestId('badge').getByRole('img')).toHaveCount(1);
    await look(page, 'visitors-badge', name);
    await page.keyboard.press('Escape');
    await page.getByTestId('register').click();
    await expect(page.getByTestId('register-dialog')).toBeVisible();
    await look(page, 'visitors-register', name);
    await page.keyboard.press('Escape');
    await page.getByTestId('back').click();

    await page.getByTestId('find-person').click();
    await expect(page.getByTestId('search')).toBeFocused();
    await expect(page.getByTestId('person-TP012347')).toBeVisible();
    await look(page, 'people', name);
    await page.getByTestId('search').fill('nobody of this name');
    await expect(page.locator('[data-testid^="person-"]')).toHaveCount(0);
    await look(page, 'people-none', name);
    await page.getByTestId('search').fill('TP012347');
    await page.getByTestId('person-TP012347').click();
    await page.getByTestId('verify').click();
    await expect(page.getByTestId('verified')).toHaveCount(4);
    await look(page, 'person', name);
    await page.getByTestId('remove').click();
    await expect(page.getByTestId('confirm-cancel')).toBeFocused();
    await look(page, 'person-remove', name);
    await page.getByTestId('confirm-do').click();
    await expect(page.getByTestId('removed')).toHaveAttribute('data-local', 'kept');
    await expect(page.getByTestId('removed')).toBeInViewport();
    await look(page, 'person-removed', name);
    await page.getByTestId('back').click();
    await page.getByTestId('back').click();

    await handOver(page);
    await expect(page.getByTestId('accept-photo')).toBeVisible();
    await look(page, 'review', name);
    await page.getByTestId('accept-photo').click();

    await page.getByTestId('submit').click();
    await expect(page.getByTestId('error-code')).toBeVisible();
    await expect(page.getByTestId('field-code')).toBeFocused();
    await page.getByTestId('kind-visitor').check({ force: true });
    await look(page, 'details', name);

    await page.getByTestId('kind-staff').check({ force: true });
    await page.getByTestId('field-code').fill('TP012345');
    await page.getByTestId('field-given').fill('Anna');
    await page.getByTestId('submit').click();
    await expect(page.getByTestId('receipts')).toHaveAttribute('data-phase', 'attention');
    await expect(page.getByTestId('receipt-hikconnect')).toHaveAttribute('data-look', 'door-pending');
    await look(page, 'receipts', name);
    await page.getByTestId('answer-force').click();
    await expect(page.getByTestId('pin')).toBeFocused();
    await page.keyboard.type('1111');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('pin-trouble')).not.toBeEmpty();
    await look(page, 'receipts-pin', name);
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
  // What a scanner types here answers nothing, with its Enter or two. All in one task: no time passes between its keys.
  await page.evaluate(`for (const key of ['T', 'P', '0', 'Enter', 'Enter'])
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))`);
  await page.waitForTimeout(400);
  await expect(page.getByTestId('accept-photo')).toBeVisible();
  // An Enter by itself says yes; held, it is not heard on the screen that comes.
  for (const _held of [1, 2, 3]) await page.keyboard.down('Enter');
  await page.keyboard.up('Enter');
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

test('a person is found, verified, re-enrolled with a new picture and removed', async ({ page }) => {
  await open(page, TROUBLE);
  await expect(page.getByTestId('start')).toBeVisible();
  await page.keyboard.press('Control+k');
  await expect(page.getByTestId('search')).toBeFocused();
  // As a scanner does: the code, then Enter.
  await page.keyboard.type('TP012347');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await page.getByTestId('verify').click();
  const verified = (platform: string) => page.getByTestId(`standing-${platform}`).getByTestId('verified');
  await expect(verified('megvii')).toHaveAttribute('data-outcome', 'partly');
  await expect(verified('hcp')).toHaveAttribute('data-outcome', 'unknown');

  const download = page.waitForEvent('download');
  await page.getByTestId('export').click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('vestibule-TP012347.json');
  expect(JSON.parse(await readFile(await file.path(), 'utf8'))).toMatchObject({ code: 'TP012347' });

  await page.getByTestId('standing-gate').getByTestId('enrol-here').click();
  await expect(page.getByTestId('receipts')).toBeVisible();
  await expect(page.getByTestId('receipt-gate')).toBeVisible();
  await page.getByTestId('next-person').click();

  await page.getByTestId('reenrol').click();
  await handOver(page);
  await expect(page.getByTestId('known')).toContainText('TP012347');
  await page.getByTestId('accept-photo').click();
  await expect(page.locator('[data-testid^="receipt-"]')).toHaveCount(3);
  await page.getByTestId('next-person').click();

  await page.getByTestId('standing-megvii').getByTestId('remove-here').click();
  await page.getByTestId('confirm-cancel').click();
  await expect(page.getByTestId('standing-megvii')).toHaveAttribute('data-state', 'refused');
  await page.getByTestId('standing-megvii').getByTestId('remove-here').click();
  await page.getByTestId('confirm-do').click();
  await expect(page.getByTestId('removed-megvii')).toHaveAttribute('data-outcome', 'removed');
  await expect(page.getByTestId('standing-megvii')).toHaveAttribute('data-state', 'none');
  await page.getByTestId('back').click();
  await expect(page.getByTestId('search')).toHaveValue('TP012347');
});

test('many people come page by page', async ({ page }) => {
  await open(page, TROUBLE);
  await page.getByTestId('find-person').click();
  const rows = page.locator('[data-testid^="person-"]');
  await expect(rows).toHaveCount(20);
  await page.getByTestId('more').click();
  await expect(rows).toHaveCount(40);
  await page.getByTestId('more').click();
  await expect(rows).toHaveCount(45);
  await expect(page.getByTestId('more')).toHaveCount(0);
});

test('somebody removed everywhere leaves nothing here', async ({ page }) => {
  await open(page, TROUBLE);
  await page.getByTestId('find-person').click();
  await page.getByTestId('search').fill('S101');
  await page.keyboard.press('Enter');
  await page.getByTestId('remove').click();
  await page.getByTestId('confirm-do').click();
  await expect(page.getByTestId('removed')).toHaveAttribute('data-local', 'erased');
  await expect(page.locator('body')).not.toContainText('Person 1');
  await page.getByTestId('back').click();
  await expect(page.getByTestId('person-S101')).toHaveCount(0);
});

test('the supervisor’s PIN is asked for, a wrong one said, several locked out, the right one taken', async ({
  page,
}) => {
  await open(page, TROUBLE);
  await handOver(page);
  await page.getByTestId('accept-photo').click();
  await page.getByTestId('field-code').fill('TP012345');
  await page.getByTestId('field-given').fill('Anna');
  await page.getByTestId('submit').click();
  await page.getByTestId('answer-force').click();
  const pad = page.getByTestId('pin-dialog');
  for (const digit of '9999') await pad.getByRole('button', { name: digit, exact: true }).click();
  await page.getByTestId('pin-submit').click();
  await expect(page.getByTestId('pin-trouble')).toHaveText('This PIN is wrong');
  await expect(page.getByTestId('pin')).toHaveValue('');
  await page.keyboard.type('0000');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('pin-trouble')).toContainText('Too many wrong PINs');
  await expect(page.getByTestId('pin-submit')).toBeDisabled();
  await shot(page, '29-pin-locked');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('receipt-senselink')).toHaveAttribute('data-state', 'asking');
  // Waiting can be stopped, after a question of its own.
  await page.getByTestId('receipt-gate').getByTestId('stop').click();
  await page.getByTestId('confirm-do').click();
  await expect(page.getByTestId('receipt-gate')).toHaveAttribute('data-state', 'abandoned');
});

test('a PIN is set, asked for again when it differs, changed and removed', async ({ page }) => {
  await open(page, mockStation());
  await page.getByTestId('settings').click();
  const type = async (pin: string) => {
    await expect(page.getByTestId('pin')).toBeFocused();
    await expect(page.getByTestId('pin')).toHaveValue('');
    await page.keyboard.type(pin);
    await page.keyboard.press('Enter');
  };
  // A dialog keeps the focus, and gives it back however it is left: by Escape, by its cross, by a touch beside it.
  const leave = [
    () => page.keyboard.press('Escape'),
    () => page.getByTestId('pin-dialog').getByRole('button', { name: 'Close' }).click(),
    () => page.mouse.click(4, 4),
  ];
  for (const left of leave) {
    await page.getByTestId('pin-set').click();
    await expect(page.getByTestId('pin')).toBeFocused();
    for (let n = 0; n < 20; n++) {
      await page.keyboard.press('Tab');
      // Between its last and its first the focus is the browser's own.
      const inside = () =>
        document.activeElement === document.body || document.activeElement?.closest('dialog') !== null;
      expect(await page.evaluate(inside)).toBe(true);
    }
    await left();
    await expect(page.getByTestId('pin-dialog')).toHaveCount(0);
    await expect(page.getByTestId('pin-set')).toBeFocused();
  }
  // A list, by the keyboard alone.
  await page.getByTestId('preset').focus();
  await page.keyboard.press('Space');
  await expect(page.locator('select:open')).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('preset')).toHaveValue('strict');
  await expect(page.getByTestId('preset')).toBeFocused();
  await page.getByTestId('pin-set').click();
  await type('2468');
  await expect(page.getByText('New PIN once more')).toBeVisible();
  await type('1357');
  await expect(page.getByTestId('pin-trouble')).toContainText('differ');
  await type('2468');
  await expect(page.getByText('New PIN once more')).toBeVisible();
  await type('2468');
  await expect(page.getByTestId('pin-status')).toHaveText('The PIN has been saved.');
  await page.getByTestId('pin-remove').click();
  await type('2468');
  await expect(page.getByTestId('pin-status')).toHaveText('The PIN has been removed.');
  await expect(page.getByTestId('pin-remove')).toHaveCount(0);
});

const STAFF = [
  { label: 'Ada', role: 'administrator' as const, pin: '1111' },
  { label: 'Sven', role: 'supervisor' as const, pin: '2222' },
  { label: 'Olga Ivanova', role: 'operator' as const, pin: '3333' },
];

for (const [name, options] of LOOKS.filter(([one]) => !one.startsWith('kiosk'))) {
  test(`operators sign in, ask a supervisor, lock and manage: ${name}`, async ({ browser }) => {
    test.slow();
    const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const complaints = watch(page);
    const secrets = TROUBLE.secrets;
    await open(page, { ...TROUBLE, pin: null, operators: STAFF, secrets });
    await expect(page.getByTestId('sign-in')).toBeVisible();
    await expect(page.getByTestId('settings')).toHaveCount(0);
    await look(page, 'sign-in', name);
    await page.getByTestId('operator-Olga Ivanova').click();
    await expect(page.getByTestId('pin')).toBeFocused();
    await page.keyboard.type('0000');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('pin-trouble')).not.toBeEmpty();
    await look(page, 'sign-in-pin', name);
    await page.keyboard.type('3333');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('lock')).toBeVisible();
    await expect(page.getByTestId('platform-megvii')).toHaveAttribute('data-state', 'failed');

    // What an operator may not, a supervisor agrees to; the page stays where it was, and the act goes on.
    await page.getByTestId('find-person').click();
    await page.getByTestId('search').fill('TP012347');
    await page.getByTestId('person-TP012347').click();
    await page.getByTestId('remove').click();
    // What cannot be undone is not answered by a touch beside it.
    await expect(page.getByTestId('confirm-cancel')).toBeFocused();
    await page.mouse.click(4, 4);
    await page.getByTestId('confirm-do').click();
    await expect(page.getByTestId('pin')).toBeFocused();
    await look(page, 'step-up', name);
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('pin-dialog')).toHaveCount(0);
    await expect(page.getByTestId('problem')).toHaveAttribute('data-problem', 'role-required');
    await page.getByTestId('remove').click();
    await page.getByTestId('confirm-do').click();
    await expect(page.getByTestId('step-up-who')).toBeVisible();
    // An open list takes the Escape that would else close the dialog.
    await page.getByTestId('step-up-who').click();
    await expect(page.locator('select:open')).toHaveCount(1);
    await judge(page, `step-up-list-${name}`, { latin: LATIN });
    await page.keyboard.press('Escape');
    await expect(page.locator('select:open')).toHaveCount(0);
    await expect(page.getByTestId('pin-dialog')).toBeVisible();
    await page.getByTestId('step-up-who').click();
    await page.getByRole('option', { name: 'Sven' }).click();
    await page.getByTestId('pin').fill('2222');
    await page.getByTestId('pin-submit').click();
    await expect(page.getByTestId('removed')).toHaveAttribute('data-local', 'kept');

    // Locked and unlocked, the page is where it was.
    await page.getByTestId('lock').click();
    await expect(page.getByTestId('sign-in')).toHaveAttribute('data-operator', 'Olga Ivanova');
    await expect(page.locator('body')).not.toContainText('TP012347');
    await look(page, 'locked', name);
    await page.keyboard.type('3333');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('person')).toBeVisible();

    await page.getByTestId('settings').click();
    await expect(page.getByTestId('show-secrets')).toBeVisible();
    await expect(page.getByTestId('operators')).toHaveCount(0);
    await page.getByTestId('sign-out').click();
    await page.getByTestId('operator-Ada').click();
    await page.keyboard.type('1111');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('manage-Sven')).toHaveAttribute('data-role', 'supervisor');
    await expect(page.getByTestId('secret-open').first()).toBeVisible();
    await look(page, 'settings-operators', name);
    // The key that everything is sealed with: asked before, told while and after.
    await expect(page.getByTestId('key-status')).toContainText(/key|密钥/i);
    await page.getByTestId('key-change').click();
    await expect(page.getByTestId('confirm-cancel')).toBeFocused();
    await look(page, 'settings-key', name);
    await page.getByTestId('confirm-do').click();
    await expect(page.getByTestId('key').locator('progress')).toBeVisible();
    await expect(page.getByTestId('key')).toHaveAttribute('data-state', 'idle');
    await expect(page.getByTestId('key-status')).toContainText('310');
    await page.getByTestId('key').scrollIntoViewIfNeeded();
    await look(page, 'settings-key-changed', name);
    await page.getByTestId('add-operator').click();
    await expect(page.getByTestId('operator-label')).toBeFocused();
    await page.keyboard.type('sven');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('operator-label')).toHaveAttribute('aria-invalid', 'true');
    await look(page, 'settings-operators-add', name);
    await page.getByTestId('operator-label').fill('Ben');
    await page.keyboard.press('Enter');
    for (const _time of ['new', 'again']) {
      await expect(page.getByTestId('pin')).toBeFocused();
      await expect(page.getByTestId('pin')).toHaveValue('');
      await page.keyboard.type('4444');
      await page.keyboard.press('Enter');
    }
    await expect(page.getByTestId('manage-Ben')).toHaveAttribute('data-role', 'operator');
    await page.getByTestId('manage-Ben').getByTestId('remove-operator').click();
    await page.getByTestId('confirm-do').click();
    await expect(page.getByTestId('manage-Ben')).toHaveCount(0);
    expect(complaints).toEqual([]);
    await context.close();
  });
}

test('a station is given its first operator, past the PIN that guards it, and the trail is taken as a file', async ({
  page,
}) => {
  await open(page, mockStation({ pin: '2468' }));
  await page.getByTestId('settings').click();
  await expect(page.getByTestId('operators-proposal')).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByTestId('audit-export').click();
  expect((await download).suggestedFilename()).toBe('vestibule-audit.csv');
  await page.getByTestId('operators-set-up').click();
  await page.getByTestId('operator-label').fill('Ada');
  await page.getByTestId('operator-next').click();
  for (const pin of ['2468', '1111', '1111']) {
    await expect(page.getByTestId('pin')).toHaveValue('');
    await page.getByTestId('pin').fill(pin);
    await page.getByTestId('pin-submit').click();
  }
  await expect(page.getByTestId('lock')).toContainText('Ada');
  await expect(page.getByTestId('manage-Ada')).toHaveAttribute('data-role', 'administrator');
});

test('a station whose operators were lost in a repair is closed, and says who opens it', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, mockStation({ operatorsLost: true }));
  await expect(page.getByTestId('operators-lost')).toContainText('vestibule operators add');
  await expect(page.getByTestId('settings')).toHaveCount(0);
  await page.getByTestId('lost-again').click();
  await expect(page.getByTestId('operators-lost')).toBeVisible();
  await lookAround(page, 'operators-lost', { latin: LATIN });
});

test('the outbox leads to receipts, and says who is paused', async ({ page }) => {
  await open(page, TROUBLE);
  const counts = { waiting: '0', asking: '1', refused: '1', verified: '1' };
  for (const [kind, count] of Object.entries(counts))
    await expect(page.getByTestId(`count-${kind}`)).toContainText(count);
  // Each leads to the list it counts, and once more to all that is unfinished.
  const held = page.locator('[data-testid^="held-"]');
  await expect(held).toHaveCount(2);
  await page.getByTestId('count-verified').click();
  await expect(page.getByTestId('count-verified')).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByTestId('held-TP012349')).toBeVisible();
  await expect(held).toHaveCount(1);
  await page.getByTestId('count-waiting').click();
  await expect(page.getByTestId('outbox-none')).toBeVisible();
  await page.getByTestId('count-waiting').click();
  await expect(held).toHaveCount(2);
  await expect(page.getByTestId('paused-senselink')).toContainText('5 times in a row');
  await expect(page.getByTestId('paused-hikconnect')).toContainText('asked for a pause');
  await expect(page.getByTestId('probed-gate')).toContainText('tried again with one delivery');
  await page.getByTestId('visitors-overstay').click();
  await expect(page.getByTestId('filter-overstay')).toBeChecked();
  await expect(page.locator('[data-testid^="visit-"]')).toHaveCount(1);
  await page.getByTestId('back').click();
  await page.getByTestId('held-TP012347').click();
  await expect(page.getByTestId('receipts')).toHaveAttribute('data-phase', 'attention');
});

test('the outbox lists all it holds, a few at first', async ({ page }) => {
  const recent = Array.from({ length: 30 }, (_, n) =>
    enrolment(
      `e-${n}`,
      `Held Person${n}`,
      `H${n}`,
      [delivery('hcp', n === 3 ? 'refused' : 'waiting', { id: `d-${n}`, enrolment: `e-${n}` })],
      n + 1,
    ),
  );
  await open(page, mockStation({ recent, outbox: [platformOutbox('hcp', { waiting: 29, refused: 1 })] }));
  const held = page.locator('[data-testid^="held-"]');
  await expect(held).toHaveCount(5);
  // What needs somebody is first, however old.
  await expect(held.first()).toHaveAttribute('data-testid', 'held-H3');
  await expect(page.getByTestId('outbox-more')).toContainText('25');
  await shot(page, 'outbox-held');
  await page.getByTestId('outbox-more').click();
  await expect(held).toHaveCount(25);
  await page.getByTestId('outbox-more').click();
  await expect(held).toHaveCount(30);
  await expect(page.getByTestId('outbox-more')).toHaveCount(0);
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
  await lookAround(refusing, 'refused', { latin: LATIN, reflow: true });

  const empty = await context.newPage();
  await open(empty, mockStation({ platforms: [] }));
  await expect(empty.getByTestId('problem')).toHaveAttribute('data-problem', 'no-platforms');
  await lookAround(empty, 'no-platforms', { latin: LATIN });
  await context.close();
});
