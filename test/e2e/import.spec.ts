import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { ANNA, crop, wall } from '../fixtures/faces.ts';
import { openBrowser, type RunningStation, shot, startStation, watch } from './harness.ts';
import { lookAround } from './look.ts';

/** A table and a folder of photos at the desk, on the built station and its lab. */

let station: RunningStation;
let dir = '';
let browser: Browser;
let close: () => Promise<void>;
let page: Page;
let complaints: string[];

/** Twelve pictures: ten that may come in, a wall, and a file that is no picture. */
async function writePhotos(folder: string): Promise<void> {
  await mkdir(join(folder, 'class a'), { recursive: true });
  for (let at = 1; at <= 10; at += 1) {
    const picture = await crop(ANNA, 416 + at, 556 + at);
    const name = at < 6 ? `S${at}.jpg` : `class a/s${at}.JPG`;
    await writeFile(join(folder, name), await picture.resize(720, 960).jpeg({ quality: 90 }).toBuffer());
  }
  await writeFile(join(folder, 'S11.jpg'), await wall());
  await writeFile(join(folder, 'S12.jpg'), 'no picture at all');
}

const TABLE = [
  'Student No;姓名;Sex;Mobile;Notes',
  ...Array.from({ length: 12 }, (_, at) => `S${at + 1};Nguyễn ${at + 1};F;01234${at + 10};`),
  'S13;No Photo;M;0123499;',
  's5;Twice;M;0123498;',
].join('\r\n');

test.beforeAll(async ({ launchOptions }) => {
  dir = await mkdtemp(join(tmpdir(), 'vestibule-import-'));
  station = await startStation();
  ({ browser, close } = await openBrowser(launchOptions, null));
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  page = await context.newPage();
  complaints = watch(page);
  await page.goto(station.url);
});
test.afterAll(async () => {
  await close();
  await station.stop();
  await rm(dir, { recursive: true, force: true });
});

/** What a list shows as chosen. */
const chosen = (list: string) => page.getByTestId(list).locator('option:checked');
/** Upright as well, in both languages. */
async function shots(name: string): Promise<void> {
  for (const language of ['en', 'zh-CN'] as const) {
    await page.getByTestId(`language-${language}`).click();
    await page.setViewportSize({ width: 1080, height: 1920 });
    await shot(page, `${name}-${language}-1080`);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByTestId('language-en').click();
}

test('a table and a folder of photos: checked, mended, enrolled and reported', async () => {
  const photos = join(dir, 'photos');
  await writePhotos(photos);
  const table = join(dir, 'class.csv');
  await writeFile(table, TABLE);

  await page.keyboard.press('Control+i');
  const screen = page.getByTestId('import');
  await expect(screen).toHaveAttribute('data-stage', 'files');
  await shots('80-import-files');
  await page.getByTestId('input-table').setInputFiles({
    name: 'x.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('%PDF-1.7 this is no table'),
  });
  await expect(page.getByTestId('import-trouble')).toHaveAttribute('data-code', 'not-a-table');

  await page.getByTestId('input-table').setInputFiles(table);
  await expect(screen).toHaveAttribute('data-stage', 'mapping');
  await expect(page.getByTestId('import-trouble')).toHaveCount(0);
  await expect(chosen('delimiter')).toContainText('semicolon');
  await expect(chosen('column-1')).toContainText('Name');
  // Without a code nothing can be checked; what was changed can be changed back.
  const choose = async (column: number, label: string) => {
    const list = page.getByTestId(`column-${column}`);
    await list.click();
    await list.getByRole('option', { name: label, exact: true }).click();
  };
  await choose(0, 'Nothing: left out');
  await expect(page.getByTestId('columns-problem')).toHaveAttribute('data-fatal', 'true');
  await expect(page.getByTestId('check')).toBeDisabled();
  await choose(0, 'Code');
  await expect(page.getByTestId('columns-problem')).toHaveCount(0);
  await page.getByTestId('input-folder').setInputFiles(photos);
  await expect(page.getByTestId('photos')).toHaveAttribute('data-files', '12', { timeout: 20_000 });
  for (const id of ['senselink', 'megvii', 'hikconnect']) await page.getByTestId(`to-${id}`).uncheck();
  await shots('81-import-mapping');

  await page.getByTestId('check').click();
  const status = page.getByTestId('import-status');
  await expect(status).toHaveAttribute('data-phase', 'checked', { timeout: 60_000 });
  await expect(page.getByTestId('filter-accepted')).toContainText('9');
  await expect(page.getByTestId('filter-refused')).toContainText('5');
  await expect(page.locator('[data-line="6"] img')).toBeVisible();
  await shots('82-import-checked');
  const rows = page.getByTestId('row');
  await page.getByTestId('reason-code:duplicate').click();
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText('The same code as row 15');
  await page.getByTestId('filter-all').click();
  await page.getByTestId('rows-search').fill('no PHOTO');
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText('No photo of this name');
  await page.getByTestId('rows-search').fill('');
  await expect(rows).toHaveCount(14);

  // By keys alone to the wall's row, which gets another picture.
  await page.getByTestId('filter-refused').click();
  await expect(rows).toHaveCount(5);
  await page.getByTestId('rows').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const dialog = page.getByTestId('row-dialog');
  await expect(dialog).toHaveAttribute('data-line', '12');
  await expect(dialog).toContainText('No face');
  await lookAround(page, 'import-row');
  const good = await (await crop(ANNA, 430, 572)).resize(720, 960).jpeg({ quality: 91 }).toBuffer();
  await dialog.locator('input[type=file]').setInputFiles({ name: 'better.jpg', mimeType: 'image/jpeg', buffer: good });
  await expect(page.getByTestId('replaced')).toHaveAttribute('data-verdict', 'accepted', { timeout: 20_000 });
  await page.getByTestId('row-camera').click();
  await expect(page.getByTestId('row-camera-problem')).toBeVisible({ timeout: 20_000 });
  await lookAround(page, 'import-row-camera');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('filter-accepted')).toContainText('10');

  // Good rows that were not sent are not left without a question; what runs goes on without the screen.
  await page.getByTestId('back').click();
  await expect(page.getByTestId('confirm-cancel')).toBeFocused();
  await lookAround(page, 'import-leave');
  await page.getByTestId('confirm-cancel').click();
  await page.getByTestId('run').click();
  await page.getByTestId('back').click();
  await expect(page.getByTestId('start-import')).toBeVisible();
  await page.getByTestId('start-import').click();
  await expect(status).toHaveAttribute('data-phase', 'done', { timeout: 60_000 });
  await expect(page.getByTestId('import-deliveries')).toHaveAttribute('data-arrived', '20', { timeout: 60_000 });
  await lookAround(page, 'import-done');
  const people = await station.people();
  expect(people.hcp?.map(({ key }) => key).sort()).toEqual(
    ['S1', 'S10', 'S11', 'S2', 'S3', 'S4', 'S6', 'S7', 'S8', 'S9'].sort(),
  );

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('report').click()]);
  const report = (await readFile(await download.path())).toString('utf8');
  expect(report.startsWith('\uFEFF')).toBe(true);
  const lines = report.slice(1).trim().split(/\r?\n/);
  expect(lines).toHaveLength(15);
  expect(lines[0]).toContain('hcp:state');
  expect(lines[11]).toMatch(/S11.*accepted.*(delivered|verified)/);
  expect(lines[12]).toMatch(/S12.*refused/);
  expect(lines[13]).toMatch(/S13.*refused.*there is no photo/);
  const [sheet] = await Promise.all([page.waitForEvent('download'), page.getByTestId('sheet').click()]);
  expect((await readFile(await sheet.path())).toString('utf8')).toContain('data:image/jpeg');
  await page.getByTestId('another').click();
  await page.getByTestId('confirm-do').click();
  await expect(screen).toHaveAttribute('data-stage', 'files');
  expect(complaints).toEqual([]);
});

test('ten thousand rows scroll in a page that holds a few, and are found again after a reload', async () => {
  const start = page.getByTestId('start-import');
  await start.or(page.getByTestId('choose-table')).first().waitFor();
  if (await start.isVisible()) await start.click();
  const body = Array.from({ length: 10_000 }, (_, at) => `T${String(at).padStart(5, '0')},Person ${at}`).join('\n');
  await page.getByTestId('input-table').setInputFiles({
    name: 'many.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`code,name\n${body}\n`),
  });
  await page.getByTestId('check').click();
  const list = page.getByTestId('rows');
  const status = page.getByTestId('import-status');
  await expect(status).toHaveAttribute('data-phase', 'checked', { timeout: 60_000 });
  await expect(list).toHaveAttribute('data-total', '10000');
  await list.focus();
  for (const key of ['End', 'PageUp', 'PageUp', 'Home', 'PageDown', 'End']) {
    await page.keyboard.press(key);
    expect(await page.getByTestId('row').count()).toBeLessThan(100);
  }
  await expect(page.locator('[data-testid="row"][data-line="10001"]')).toContainText('T09999');
  await shot(page, '85-import-many');
  await page.reload();
  await page.getByTestId('start-import').click();
  await expect(status).toHaveAttribute('data-phase', 'checked');
  await expect(list).toHaveAttribute('data-total', '10000');
  expect(complaints).toEqual([]);
});
