import { existsSync, globSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { weighBundle } from '#main/cli/bench/ui/bundle';
import { type BundleFigures, heaviest, PAGE_BUDGET } from '#main/cli/bench/ui/figures';
import { classNamer } from '../../../scripts/page-build.ts';

describe('the built page', () => {
  let page: BundleFigures;
  beforeAll(async () => {
    if (!existsSync('out/renderer/index.html')) throw new Error('out/renderer is missing: run "npm run build" first');
    page = await weighBundle('out/renderer');
  });

  it('keeps to its budget, whole and before its first screen', () => {
    const told = `heaviest, in kB gz: ${heaviest(page.files, 10)}`;
    expect(page.wholeKb, told).toBeLessThanOrEqual(PAGE_BUDGET.wholeKb);
    expect(page.firstKb, told).toBeLessThanOrEqual(PAGE_BUDGET.firstKb);
    // All of it was looked at: a page without its parts would weigh nothing.
    const names = page.files.map(({ name }) => name.replace(/-.*/, ''));
    expect(names).toEqual(expect.arrayContaining(['index.html', 'first', 'later', 'style', 'en', 'zh']));
    expect(page.firstKb).toBeGreaterThan(page.wholeKb / 3);
    expect(page.otherLanguagesKb).toBeGreaterThan(10);
    expect(page.dataKb).toBeGreaterThan(10);
    expect(page.engineKb).toBeGreaterThan(50);
  });

  it('has every style sheet of the sources', async () => {
    const root = resolve('src/renderer');
    const built = (await readdir('out/renderer/assets')).find((name) => name.endsWith('.css')) ?? '';
    const style = await readFile(`out/renderer/assets/${built}`, 'utf8');
    const name = classNamer(root);
    const sheets = globSync('**/*.module.css', { cwd: root });
    expect(sheets.length).toBeGreaterThan(26);
    for (const sheet of sheets)
      expect(style).toMatch(new RegExp(`\\.${name('x', resolve(root, sheet)).slice(0, -1)}\\d`));
  });

  it('brings no schemas along: the station checks what it is sent, the page knows the types', async () => {
    for (const name of await readdir('out/renderer/assets')) {
      if (!name.endsWith('.js')) continue;
      const script = await readFile(`out/renderer/assets/${name}`, 'utf8');
      expect(script.includes('invalid_type') || script.includes('ZodType'), name).toBe(false);
    }
  });
});
