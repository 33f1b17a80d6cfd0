import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, type Page, test } from '@playwright/test';
import { portrait } from '../fixtures/faces.ts';
import { shot, watch } from './harness.ts';
import { violations } from './look.ts';

/** The lab's page in a real browser, with the lab that `vestibule lab` runs. */

let child: ChildProcess;
let lab: { url: string; platforms: Record<string, string> };

test.beforeAll(async () => {
  child = spawn(process.execPath, ['out/main/cli.js', 'lab', '--json', '--devices', '2'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  lab = await new Promise((resolve, reject) => {
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.once('exit', (code) => reject(new Error(`lab ended with ${code}: ${errors}`)));
    if (child.stdout) createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)));
  });
});

test.afterAll(async () => {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
});

/** Runs the command line to its end. */
function vestibule(args: string[], input = ''): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const run = spawn(process.execPath, ['out/main/cli.js', ...args]);
    run.stdin.end(input);
    let stdout = '';
    let stderr = '';
    run.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    run.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    run.once('error', reject);
    run.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** One member of staff through the command line, onto the platforms named. */
async function enrol(code: string, to: string): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'vestibule-lab-'));
  const at = (name: string) => join(dir, name);
  try {
    const config = await fetch(new URL('/lab/config.json', lab.url));
    await writeFile(at('config.json'), await config.text());
    await writeFile(at('photo.jpg'), await portrait());
    const person = { kind: 'staff', code, name: { family: 'Lim', given: 'Anna' }, gender: 'female' };
    await writeFile(at('person.json'), JSON.stringify(person));
    const files = ['--photo', at('photo.jpg'), '--person', at('person.json'), '--config', at('config.json')];
    const run = await vestibule(['enrol', ...files, '--to', to, '--data', at('data'), '--json']);
    expect(run.code, run.stdout + run.stderr).toBe(0);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const card = (page: Page, id: string) =>
  page.locator('section').filter({ has: page.getByText(new RegExp(`^${id} · `)) });
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];

for (const colorScheme of ['light', 'dark'] as const)
  test(`shows who is enrolled, orders a fault and ends it (${colorScheme})`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    const complaints = watch(page);
    await page.goto(lab.url);
    await expect(card(page, 'device-2').getByText('0 enrolled')).toBeVisible();
    await expect(page.locator('section')).toHaveCount(6);

    // Enrolled from outside while the page is open: it must show without being loaded again.
    const code = colorScheme === 'dark' ? 'TP2' : 'TP1';
    await enrol(code, 'hcp,device,device-2,megvii');
    for (const id of ['hcp', 'device', 'device-2', 'megvii']) {
      const person = card(page, id).locator('li.person').filter({ hasText: code });
      await expect(person).toHaveCount(1);
      const picture = person.getByRole('img');
      await expect(picture).toBeVisible();
      expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100);
    }

    // Only what a platform has words for can be ordered of it.
    const senselink = card(page, 'senselink');
    await senselink.getByText('Order a fault').click();
    await expect(senselink.getByRole('button', { name: 'Similar face, senselink' })).toBeVisible();
    await expect(senselink.getByRole('button', { name: 'Full, senselink' })).toHaveCount(0);

    const hcp = card(page, 'hcp');
    await hcp.getByText('Order a fault').click();
    await hcp.getByRole('button', { name: 'Full, hcp' }).click();
    await expect(hcp.locator('.alarm li')).toHaveText([/^full/]);
    await hcp.getByRole('button', { name: 'Act, then drop, hcp' }).click();
    await expect(hcp.locator('.alarm li')).toHaveText([/^full/, /^act-then-drop ×1/]);
    const listed = await vestibule(['lab', 'fault', '--lab', lab.url, '--json']);
    expect(
      listed.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).mode),
    ).toEqual(['full', 'act-then-drop']);
    await hcp.getByRole('button', { name: 'Off, hcp' }).click();
    await expect(hcp.getByText(/ · off$/)).toBeVisible();

    expect(await violations(page, TAGS)).toEqual([]);
    await shot(page, `lab-${colorScheme}`);

    await hcp.getByRole('button', { name: 'End full, hcp' }).click();
    await expect(hcp.locator('.alarm li')).toHaveText([/^act-then-drop ×1/, /^off/]);
    await page.getByRole('button', { name: 'End all faults' }).click();
    await expect(hcp.locator('.alarm')).toHaveText('');
    await expect(hcp.getByText(/ · off$/)).toHaveCount(0);
    page.once('dialog', (dialog) => dialog.accept());
    await page.getByRole('button', { name: 'Clear everybody' }).click();
    await expect(page.locator('li.person')).toHaveCount(0);
    expect(complaints).toEqual([]);
    await context.close();
  });

test('says when its lab is gone, and does not widen a narrow window', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 700 } });
  const page = await context.newPage();
  await page.goto(lab.url);
  await expect(page.locator('section')).toHaveCount(6);
  for (const summary of await page.getByText('Order a fault').all()) await summary.click();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await shot(page, 'lab-narrow');
  await page.route('**/lab/*', (route) => route.abort());
  await expect(page.getByRole('status')).toHaveText('The lab does not answer.');
  await page.unroute('**/lab/*');
  await expect(page.getByRole('status')).toHaveText('');
  await context.close();
});

test('platforms test finds secrets in the vault of a data folder', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'vestibule-lab-'));
  const at = (name: string) => join(dir, name);
  try {
    const { platforms } = await (await fetch(new URL('/lab/config.json', lab.url))).json();
    const { appSecret, ...hcp } = platforms.hcp;
    const config = { platforms: { hcp: { ...hcp, appSecret: { vault: true } }, device: platforms.device } };
    await writeFile(at('config.json'), JSON.stringify(config));
    const asked = ['platforms', 'test', '--config', at('config.json'), '--json'];
    const told = (stdout: string) =>
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        .map(({ platform, ok, error }) => [platform, ok, error?.code]);

    const without = await vestibule(asked);
    expect(told(without.stdout)).toEqual([
      ['hcp', false, 'no-secret'],
      ['device', true, undefined],
    ]);
    expect(without.code).toBe(1);
    const kept = ['--config', at('config.json'), '--data', at('data')];
    expect((await vestibule(['vault', 'set', 'hcp', 'appSecret', ...kept], appSecret)).code).toBe(0);
    const withVault = await vestibule([...asked, '--data', at('data')]);
    expect(told(withVault.stdout)).toEqual([
      ['hcp', true, undefined],
      ['device', true, undefined],
    ]);
    expect(withVault.code).toBe(0);
    expect(withVault.stdout + withVault.stderr).not.toContain(appSecret);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

test('serve --lab takes --https and --devices, and neither without --lab', async () => {
  const served = spawn(process.execPath, ['out/main/cli.js', 'serve', '--lab', '--https', '--devices', '2', '--json']);
  const ended = new Promise((resolve) => served.once('exit', resolve));
  try {
    const said = await new Promise<{ lab: string }>((resolve) =>
      createInterface({ input: served.stdout }).once('line', (line) => resolve(JSON.parse(line))),
    );
    const { platforms } = await (await fetch(new URL('/lab/config.json', said.lab))).json();
    expect(Object.keys(platforms)).toContain('device-2');
    expect(platforms.hcp).toMatchObject({
      baseUrl: expect.stringMatching(/^https:/),
      tls: { fingerprint256: expect.any(String) },
    });
  } finally {
    served.kill('SIGTERM');
    await ended;
  }
  const wrong = await vestibule(['serve', '--https']);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--lab')]);
});
