import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { weighBundle } from '#main/cli/bench/ui/bundle';
import { type BundleFigures, heaviest, PAGE_BUDGET } from '#main/cli/bench/ui/figures';

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
    expect(names).toEqual(expect.arrayContaining(['index.html', 'first', 'desk', 'kiosk', 'style', 'en', 'zh']));
    expect(page.firstKb).toBeGreaterThan(page.wholeKb / 3);
    expect(page.otherLanguagesKb).toBeGreaterThan(10);
    expect(page.dataKb).toBeGreaterThan(10);
    expect(page.engineKb).toBeGreaterThan(50);
  });

  it('brings no schemas along: the station checks what it is sent, the page knows the types', async () => {
    for (const name of await readdir('out/renderer/assets')) {
      if (!name.endsWith('.js')) continue;
      const script = await readFile(`out/renderer/assets/${name}`, 'utf8');
      expect(script.includes('invalid_type') || script.includes('ZodType'), name).toBe(false);
    }
  });
});
