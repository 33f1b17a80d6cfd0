import { expect, type Page, test } from '@playwright/test';
import { group, portrait } from '../fixtures/faces.ts';
import { openBrowser, type RunningStation, shot, startStation, watch } from './harness.ts';
import { lookAround } from './look.ts';

/** What goes wrong at a desk, and what the person there sees. A station and a browser each: a link opens one browser. */

let station: RunningStation;

test.beforeEach(async () => {
  station = await startStation();
});

test.afterEach(async () => {
  await station?.stop();
});

type Launch = Parameters<typeof openBrowser>[0];

/** Opens the station in a browser and runs `use` on its page. */
async function atTheDesk(
  launch: Launch,
  film: Parameters<typeof openBrowser>[1],
  use: (page: Page) => Promise<void>,
  options: { args?: string[]; init?: string; viewport?: { width: number; height: number } } = {},
): Promise<void> {
  const { browser, close } = await openBrowser(launch, film, options.args);
  try {
    const context = await browser.newContext({ viewport: options.viewport ?? { width: 1280, height: 800 } });
    if (options.init) await context.addInitScript(options.init);
    const page = await context.newPage();
    await page.goto(station.url);
    await expect(page.getByTestId('start')).toBeVisible();
    await use(page);
  } finally {
    await close();
  }
}

const picture = (buffer: Buffer, name = 'photo.jpg') => ({ name, mimeType: 'image/jpeg', buffer });

/** Hands over a picture file and fills in who it is. */
async function enrolFromFile(page: Page, code: string): Promise<void> {
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles(picture(await portrait()));
  await page.getByTestId('accept-photo').click();
  await page.getByTestId('field-code').fill(code);
  await page.getByTestId('field-family').fill('Lim');
  await page.getByTestId('field-given').fill('Anna');
  await page.getByTestId('submit').click();
}

test('no camera: a clear page, and a picture file leads on to five receipts', async ({ launchOptions }) => {
  await atTheDesk(launchOptions, null, async (page) => {
    const complaints = watch(page);
    await page.getByTestId('start').click();
    await expect(page.getByTestId('problem')).toHaveAttribute('data-problem', 'missing');
    await lookAround(page, 'no-camera');
    await enrolFromFile(page, 'TP1');
    for (const id of ['hcp', 'device', 'senselink', 'megvii', 'hikconnect']) {
      await expect(page.getByTestId(`receipt-${id}`)).toHaveAttribute('data-state', /delivered|verified/, {
        timeout: 30_000,
      });
    }
    expect(complaints).toEqual([]);
  });
});

for (const [error, problem] of [
  ['NotAllowedError', 'denied'],
  ['NotReadableError', 'busy'],
] as const) {
  test(`a camera that is ${problem} says so`, async ({ launchOptions }) => {
    await atTheDesk(
      launchOptions,
      [{ scene: 'wall', frames: 10 }],
      async (page) => {
        await page.getByTestId('start').click();
        await expect(page.getByTestId('problem')).toHaveAttribute('data-problem', problem);
        await shot(page, `11-camera-${problem}`);
      },
      { init: `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('x', '${error}'));` },
    );
  });
}

test('a camera that is unplugged says so, and goes on when it is back', async ({ launchOptions }) => {
  await atTheDesk(
    launchOptions,
    [{ scene: 'wall', frames: 30 }],
    async (page) => {
      await page.getByTestId('start').click();
      await expect(page.getByTestId('instruction')).toHaveAttribute('data-instruction', 'no-face', { timeout: 20_000 });
      await page.evaluate('window.unplug()');
      await expect(page.getByTestId('problem')).toHaveAttribute('data-problem', 'unplugged');
      await page.getByTestId('retry').click();
      await expect(page.getByTestId('instruction')).toHaveAttribute('data-instruction', 'no-face', { timeout: 20_000 });
    },
    {
      init: `{
        const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = async (wish) => {
          const stream = await open(wish);
          window.unplug = () => stream.getTracks().forEach((track) => { track.stop(); track.dispatchEvent(new Event('ended')); });
          return stream;
        };
      }`,
    },
  );
});

for (const [scene, instruction] of [
  ['wall', 'no-face'],
  ['dark', 'more-light'],
  ['blurred', 'hold-still'],
] as const) {
  test(`${scene}: one instruction that helps, and no picture is taken`, async ({ launchOptions }) => {
    await atTheDesk(launchOptions, [{ scene, frames: 60 }], async (page) => {
      await page.getByTestId('start').click();
      await expect(page.getByTestId('instruction')).toHaveAttribute('data-instruction', instruction, {
        timeout: 20_000,
      });
      // Nothing is taken meanwhile.
      await Promise.all([page.waitForTimeout(3_000), scene === 'wall' && lookAround(page, 'capture')]);
      await expect(page.getByTestId('shutter')).toBeDisabled();
      await expect(page.getByTestId('accept-photo')).toHaveCount(0);
      await shot(page, `12-${scene}`);
    });
  });
}

test('files that are no good picture are refused in words, one after the other', async ({ launchOptions }) => {
  await atTheDesk(launchOptions, null, async (page) => {
    const files = page.locator('input[type=file]').first();
    await files.setInputFiles(picture(Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n'), 'scan.jpg'));
    await expect(page.getByTestId('problem')).toHaveAttribute('data-problem', 'not-an-image');
    await lookAround(page, 'unreadable');

    const whole = await portrait();
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles(picture(whole.subarray(0, whole.length >> 1), 'cut.jpg'));
    await expect(page.getByTestId('problem')).toHaveAttribute('data-problem', 'truncated');

    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles(picture(await group(), 'friends.jpg'));
    await expect(page.getByTestId('reasons')).toBeVisible();
    await expect(page.getByTestId('accept-photo')).toHaveCount(0);
    await shot(page, '14-group');
  });
});

test('a platform that is off waits, the others go on, and it is delivered when it is back', async ({
  launchOptions,
}) => {
  await station.order({ platform: 'hcp', mode: 'off' });
  await station.order({ platform: 'megvii', mode: 'html' });
  await atTheDesk(launchOptions, null, async (page) => {
    await enrolFromFile(page, 'TP2');
    await expect(page.getByTestId('receipt-device')).toHaveAttribute('data-state', /delivered|verified/, {
      timeout: 30_000,
    });
    await expect(page.getByTestId('receipt-hcp')).toHaveAttribute('data-state', 'waiting');
    await expect(page.getByTestId('receipt-megvii')).toHaveAttribute('data-state', 'waiting');
    await shot(page, '15-waiting');
    await page.getByTestId('receipt-hcp').getByTestId('retry').click();
    await expect(page.getByTestId('receipt-hcp')).toContainText('ECONNREFUSED');
    await station.clearFaults();
    // Nobody presses anything: the outbox comes back by itself.
    for (const id of ['hcp', 'megvii']) {
      await expect(page.getByTestId(`receipt-${id}`)).toHaveAttribute('data-state', /delivered|verified/, {
        timeout: 30_000,
      });
    }
  });
});

test('a similar face is a question, and the answer is obeyed', async ({ launchOptions }) => {
  await atTheDesk(launchOptions, null, async (page) => {
    await enrolFromFile(page, 'TP3');
    await expect(page.getByTestId('receipt-senselink')).toHaveAttribute('data-state', /delivered|verified/, {
      timeout: 30_000,
    });
    await page.getByTestId('next-person').click();
    await enrolFromFile(page, 'TP4');
    const receipt = page.getByTestId('receipt-senselink');
    await expect(receipt).toHaveAttribute('data-state', 'asking', { timeout: 30_000 });
    // Both faces: the one just taken, and the one SenseLink keeps of TP3.
    const faces = receipt.locator('figure img');
    await expect(faces).toHaveCount(2);
    for (const face of await faces.all())
      expect(await face.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100);
    // Nothing has to be scrolled, and nothing lies over the answers.
    await expect
      .poll(() =>
        receipt.getByTestId('answer-force').evaluate((button: HTMLElement) => {
          const { left, top, bottom, width } = button.getBoundingClientRect();
          const at = (y: number) => button.contains(document.elementFromPoint(left + width / 2, y));
          return at(top + 2) && at(bottom - 2);
        }),
      )
      .toBe(true);
    await shot(page, '16-similar');
    await receipt.getByTestId('answer-force').click();
    await expect(receipt).toHaveAttribute('data-state', /delivered|verified/, { timeout: 30_000 });
    const keys = (await station.people()).senselink?.map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining(['TP3', 'TP4']));
  });
});

test('a code no platform takes is said under the field before anything is sent', async ({ launchOptions }) => {
  await atTheDesk(launchOptions, null, async (page) => {
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles(picture(await portrait()));
    await page.getByTestId('accept-photo').click();
    await page.getByTestId('field-code').fill('THIS CODE IS FAR TOO LONG');
    await page.getByTestId('field-family').fill('Lim');
    await expect(page.getByTestId('error-code')).toBeVisible();
    await page.getByTestId('submit').click();
    await expect(page.getByTestId('error-code')).toBeVisible();
    await shot(page, '17-field');
    expect(Object.values(await station.people()).flat()).toEqual([]);
  });
});

test('Chinese, upright screen, keyboard alone', async ({ launchOptions }) => {
  await atTheDesk(
    launchOptions,
    [{ scene: 'person', frames: 200 }],
    async (page) => {
      await page.getByTestId('language-zh-CN').focus();
      await page.keyboard.press('Enter');
      await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
      await shot(page, '20-zh-welcome');
      await page.getByTestId('start').focus();
      await page.keyboard.press('Enter');
      await expect(page.getByTestId('accept-photo')).toBeVisible({ timeout: 60_000 });
      await shot(page, '21-zh-review');
      await page.getByTestId('accept-photo').focus();
      await page.keyboard.press('Enter');
      await page.getByTestId('field-code').focus();
      await page.keyboard.type('TP9');
      await page.keyboard.press('Tab');
      await page.keyboard.type('林');
      await page.keyboard.press('Tab');
      await page.keyboard.type('安娜');
      await shot(page, '22-zh-details');
      await page.keyboard.press('Enter');
      await expect(page.getByTestId('receipts')).toHaveAttribute('data-phase', 'done', { timeout: 30_000 });
      await shot(page, '23-zh-receipts');
    },
    { viewport: { width: 1080, height: 1920 } },
  );
});
