import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import iconv from 'iconv-lite';
import { ANNA, crop, wall } from '../fixtures/faces.ts';
import { openBrowser, type RunningStation, shot, startStation, watch } from './harness.ts';
import { beside, lookAround } from './look.ts';
import type { Screen } from './screens.ts';

/** What a registrar does at the desk beyond the plain way: drops, decides, takes pictures, pauses, comes back, and goes on after a power cut. */

let station: RunningStation;
let browser: Browser;
let close: () => Promise<void>;
let page: Page;
let complaints: string[];
let dir = '';

test.beforeAll(async ({ launchOptions }) => {
  dir = await mkdtemp(join(tmpdir(), 'vestibule-desk-'));
  station = await startStation();
  ({ browser, close } = await openBrowser(launchOptions, [{ scene: 'person', frames: 300 }]));
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  page = await context.newPage();
  complaints = watch(page);
  await page.goto(station.url);
});
test.afterAll(async () => {
  await close?.();
  await station?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** Drops files and folders of this machine on a place of the page, as the system does. */
async function drop(paths: string[], at: { x: number; y: number } = { x: 640, y: 500 }, let_go = true): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  // The place where it is let go moves when the page says that it takes it: held over it once more, as a hand does.
  for (const type of ['dragEnter', 'dragOver', 'dragOver', ...(let_go ? (['drop'] as const) : [])] as const)
    await session.send('Input.dispatchDragEvent', { type, ...at, data });
  await session.detach();
}

/** In every way at the desk's size, and whole on a phone. */
async function look(screen: Screen): Promise<void> {
  await lookAround(page, screen);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await beside(page), `${screen} on a phone`).toBeLessThanOrEqual(0);
  await shot(page, `${screen}-phone`);
  await page.setViewportSize({ width: 1280, height: 800 });
}

const PEOPLE = 24;
const code = (at: number) => `K${String(at).padStart(3, '0')}`;

/** A folder as a school sends it: table of Chinese Windows, photos in subfolders, and things that do not belong there. */
async function writeFolder(): Promise<string> {
  const folder = join(dir, '三年级');
  await mkdir(join(folder, 'photos'), { recursive: true });
  const rows = Array.from({ length: PEOPLE }, (_, at) => `${code(at)};李雷${at};男;0123456${100 + at}`);
  // The wall and the missing photo; a code twice.
  rows.push('W01;墙壁;女;0123499001', 'M01;没有照片;女;0123499002', 'k001;李雷1;男;0123456101');
  await writeFile(
    join(folder, 'class.csv'),
    iconv.encode(`学号;姓名;性别;手机\r\n${rows.join('\r\n')}\r\n`, 'gb18030'),
  );
  for (let at = 0; at < PEOPLE; at += 1) {
    const picture = await crop(ANNA, 416 + at, 556 + at);
    await writeFile(
      join(folder, 'photos', `${code(at)}.jpg`),
      await picture.resize(720, 960).jpeg({ quality: 90 }).toBuffer(),
    );
  }
  await writeFile(join(folder, 'photos', 'W01.png'), await wall());
  await writeFile(join(folder, 'photos', 'IMG_1.HEIC'), 'heic');
  await writeFile(join(folder, 'read me.docx'), 'docx');
  await writeFile(join(folder, 'Thumbs.db'), 'hidden');
  return folder;
}

const screen = () => page.getByTestId('import');
const status = () => page.getByTestId('import-status');
/** What a list shows as chosen. */
const chosen = (list: string) => page.getByTestId(list).locator('option:checked');
const rows = () => page.getByTestId('row');
const dialog = () => page.getByTestId('row-dialog');
/** Closes the row that is open, which stays while something of it is at work. */
async function leaveRow(): Promise<void> {
  await expect(dialog()).toHaveAttribute('aria-busy', 'false');
  await page.keyboard.press('Escape');
  await expect(dialog()).toHaveCount(0);
}

test('a folder dropped whole: taken apart, checked, decided, pictured, and sent through pauses and a power cut', async () => {
  test.setTimeout(300_000);
  const folder = await writeFolder();
  await page.keyboard.press('Control+i');
  await expect(screen()).toHaveAttribute('data-stage', 'files');
  await drop([folder], undefined, false);
  await expect(screen()).toHaveAttribute('data-dragging', 'yes');
  await shot(page, '86-import-dragging');
  await look('import-files');

  await drop([folder]);
  await expect(screen()).toHaveAttribute('data-stage', 'mapping', { timeout: 30_000 });
  await expect(page.getByTestId('photos')).toHaveAttribute('data-files', String(PEOPLE + 1), { timeout: 30_000 });
  // What was not taken is told; files of the system are not worth a word.
  await expect(page.getByTestId('left-out')).toHaveAttribute('data-count', '2');
  await expect(page.getByTestId('left-out')).toContainText('IMG_1.HEIC');

  // Guessed, shown, changeable.
  await expect(chosen('encoding')).toContainText('GB18030');
  await expect(chosen('delimiter')).toContainText('semicolon');
  await expect(page.getByTestId('columns')).toContainText('李雷0');
  await page.getByTestId('encoding').click();
  await page.getByRole('option', { name: 'WINDOWS-1252', exact: true }).click();
  // What cannot be meant is told, and nothing is lost.
  await expect(page.getByTestId('import-trouble')).toHaveAttribute('data-code', 'no-header');
  await expect(chosen('encoding')).toContainText('GB18030');
  await page.getByTestId('encoding').click();
  await page.getByRole('option', { name: 'GB18030', exact: true }).click();
  await expect(page.getByTestId('import-trouble')).toHaveCount(0);
  await expect(page.getByTestId('columns')).toContainText('李雷0');
  for (const id of ['senselink', 'megvii', 'hikconnect', 'device']) await page.getByTestId(`to-${id}`).uncheck();
  // However long the page is, what it leads to is in sight.
  await expect(page.getByTestId('check')).toBeInViewport({ ratio: 1 });
  await look('import-mapping');

  // The check is paused, the page loaded anew, and the check found where it was.
  await page.getByTestId('check').click();
  await expect
    .poll(async () => Number(await status().getAttribute('data-done')), { timeout: 60_000 })
    .toBeGreaterThan(0);
  await page.getByTestId('pause').click();
  await expect(status()).toHaveAttribute('data-phase', 'paused');
  await drop([folder], undefined, false);
  await expect(screen()).toHaveAttribute('data-dragging', 'no');
  await page.reload();
  await page.getByTestId('open-import').click();
  await expect(status()).toHaveAttribute('data-phase', 'paused');
  await shot(page, '88-import-paused');
  await page.getByTestId('resume').click();
  await expect(status()).toHaveAttribute('data-phase', 'checked', { timeout: 90_000 });
  await look('import-checked');

  // A code twice: both rows side by side, one is left out.
  await page.getByTestId('reason-code:duplicate').click();
  await expect(rows()).toHaveCount(2);
  await page.getByTestId('rows').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('alike')).toHaveAttribute('data-kind', 'code');
  await expect(page.getByTestId('alike').locator('img')).toHaveCount(2);
  await look('import-alike');
  await page.getByTestId('decide-out-28').click();
  await expect(dialog()).toContainText('Good');
  await leaveRow();
  await expect(page.getByTestId('filter-skipped')).toContainText('1');
  // The same face under two codes: different people, says the registrar.
  await page.getByTestId('reason-face:same').click();
  const list = page.getByTestId('rows');
  await expect(list).toHaveAttribute('data-total', /\d/);
  const alike = Number(await list.getAttribute('data-total'));
  await rows().first().click();
  await expect(page.getByTestId('alike')).toHaveAttribute('data-kind', 'face');
  await expect(page.getByTestId('alike').locator('img').nth(1)).toBeVisible();
  const line = await dialog().getAttribute('data-line');
  await page.getByTestId('decide-apart').click();
  await expect(page.getByTestId('alike')).toHaveCount(0);
  await expect(dialog()).toHaveAttribute('data-line', String(line));
  await leaveRow();
  await expect.poll(async () => Number(await list.getAttribute('data-total'))).toBeLessThan(alike);

  // Another photo: dropped on its row, and by the camera of this desk.
  await page.getByTestId('filter-refused').click();
  await expect(rows()).toHaveCount(2);
  await expect(page.locator('[data-line="26"]')).toBeVisible();
  const better = join(dir, 'better.jpg');
  await writeFile(better, await (await crop(ANNA, 445, 592)).resize(720, 960).jpeg({ quality: 91 }).toBuffer());
  const box = await page.locator('[data-line="26"]').boundingBox();
  await drop([better], { x: (box?.x ?? 0) + 100, y: (box?.y ?? 0) + 20 });
  await expect(dialog()).toHaveAttribute('data-line', '26');
  await expect(page.getByTestId('replaced')).toHaveAttribute('data-verdict', 'accepted', { timeout: 30_000 });
  await leaveRow();
  await expect(rows()).toHaveCount(1);
  await rows().first().click();
  await page.getByTestId('row-camera').click();
  await expect(page.getByTestId('instruction')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByTestId('replaced')).toHaveAttribute('data-verdict', 'accepted', { timeout: 60_000 });
  await shot(page, '92-import-replaced');
  await leaveRow();
  await expect(page.getByTestId('filter-refused')).toContainText('0');

  // Sent; the power goes in the midst of it; what was there is there again.
  await page.getByTestId('run').click();
  await expect
    .poll(async () => Number(await status().getAttribute('data-done')), { timeout: 60_000 })
    .toBeGreaterThan(0);
  await page.getByTestId('pause').click();
  await expect(status()).toHaveAttribute('data-phase', 'paused');
  await station.kill();
  station = await startStation([], station.dataDir);
  // The page that is left still knocks at the address that is gone, and complains: after this it is heard no more.
  await page.goto('about:blank');
  complaints.length = 0;
  await page.goto(station.url);
  await page.getByTestId('open-import').click();
  await expect(status()).toHaveAttribute('data-phase', 'interrupted');
  await expect(page.getByTestId('filter-skipped')).toContainText('1');
  await shot(page, '93-import-interrupted');
  await page.getByTestId('go-on').click();
  // At once: what is done has nothing left to give up.
  await page.getByTestId('pause').dispatchEvent('click');
  await expect(status()).toHaveAttribute('data-phase', 'paused');
  await expect(page.getByTestId('import-deliveries')).toHaveAttribute('data-arrived', /[1-9]/, { timeout: 60_000 });
  await page.getByTestId('cancel').click();
  await expect(page.getByTestId('cancel-arrived')).toBeVisible();
  await lookAround(page, 'import-cancel');
  await page.getByTestId('confirm-do').click();
  await expect(status()).toHaveAttribute('data-phase', 'cancelled');
  await expect(page.getByTestId('cancelled')).toHaveAttribute('data-arrived', /[1-9]/);
  await shot(page, '95-import-cancelled');

  // Run again: everybody once.
  await page.getByTestId('check-again').click();
  await expect(status()).toHaveAttribute('data-phase', 'checked', { timeout: 60_000 });
  await page.getByTestId('run').click();
  await expect(status()).toHaveAttribute('data-phase', 'done', { timeout: 90_000 });
  const good = PEOPLE + 2;
  await expect(page.getByTestId('import-deliveries')).toHaveAttribute('data-arrived', String(good), {
    timeout: 60_000,
  });
  await shot(page, '96-import-done');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('report').click()]);
  const report = (await readFile(await download.path())).toString('utf8');
  expect(report).toContain('hcp:state');

  // The registrar mends the row that was left out, names its photo, and drops the report: that row alone is done, the others stay as they are.
  const lines: Record<string, string>[] = parse(report, { columns: true, bom: true });
  const mended = lines.map((row) =>
    row.学号 === 'k001' ? { ...row, 学号: 'K900', photo: 'photos/K001.jpg' } : { ...row, photo: '' },
  );
  const file = join(dir, 'class-report.csv');
  await writeFile(file, stringify(mended, { header: true, bom: true }));
  const before = new Map((await station.people()).hcp?.map(({ key, id }) => [key, id]));
  await drop([file]);
  await expect(page.getByTestId('report-only-failed')).toBeChecked({ timeout: 30_000 });
  await expect(page.getByTestId('photos')).toHaveAttribute('data-files', String(PEOPLE + 1));
  for (const id of ['senselink', 'megvii', 'hikconnect', 'device']) await page.getByTestId(`to-${id}`).uncheck();
  await page.getByTestId('check').click();
  await expect(status()).toHaveAttribute('data-phase', 'checked', { timeout: 60_000 });
  await expect(page.getByTestId('filter-skipped')).toContainText(String(good));
  await expect(page.getByTestId('filter-accepted')).toContainText('1');
  await page.getByTestId('run').click();
  await expect(status()).toHaveAttribute('data-phase', 'done', { timeout: 60_000 });
  await expect(page.getByTestId('import-deliveries')).toHaveAttribute('data-arrived', '1', { timeout: 60_000 });
  const after = new Map((await station.people()).hcp?.map(({ key, id }) => [key, id]));
  expect([...after.keys()].sort()).toEqual([...before.keys(), 'K900'].sort());
  for (const [key, id] of before) expect(after.get(key)).toBe(id);
  expect(complaints).toEqual([]);
});
