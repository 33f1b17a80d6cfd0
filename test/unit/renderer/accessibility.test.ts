import { glob, readFile } from 'node:fs/promises';
import { matchesGlob } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SCREENS } from '../../e2e/screens.ts';

/** That every screen is looked at in every way: the list of screens, the specs that come to them, and the files that draw them, held to each other. */

const files = async (pattern: string) => {
  const found: string[] = [];
  for await (const file of glob(pattern)) found.push(file);
  return found.toSorted();
};

/** What has no look of its own: pieces that are on many screens, and what composes others. */
const PIECES = [
  'components/button',
  'components/crash-boundary',
  'components/icons',
  'components/screen',
  'screens/later',
];

/** Screens with the spec that comes to each. */
async function looked(): Promise<Map<string, string>> {
  const calls = /\b(?:look|lookAround|judge)\(\s*[\w.]+,\s*'([\w-]+)'|\blook\('([\w-]+)'/g;
  const found = new Map<string, string>();
  for (const file of await files('test/e2e/*.spec.ts'))
    for (const [, one, other] of (await readFile(file, 'utf8')).matchAll(calls))
      found.set(one ?? other ?? '', file.replace(/^.*\/(.*)\.spec\.ts$/, '$1'));
  return found;
}

describe('accessibility', () => {
  it('is looked at on every screen there is', async () => {
    const found = await looked();
    expect(Object.keys(SCREENS).filter((screen) => !found.has(screen))).toEqual([]);
  });

  it('leaves out no file that draws something', async () => {
    const parts = [...Object.values(SCREENS).flatMap((screen) => [...screen.parts]), ...PIECES];
    const drawn = (await files('src/renderer/{screens,components,capture}/**/*.tsx')).map((file) =>
      file.replace(/^src\/renderer\/(.*)\.tsx$/, '$1'),
    );
    expect(drawn.length).toBeGreaterThan(80);
    expect(drawn.filter((file) => !parts.some((part) => matchesGlob(file, part)))).toEqual([]);
    expect(parts.filter((part) => !drawn.some((file) => matchesGlob(file, part)))).toEqual([]);
  });

  it('is told in the documentation as it is', async () => {
    const found = await looked();
    const rows = Object.entries(SCREENS).map(([screen, one]) => {
      const language = 'language' in one ? one.language : 'both';
      return `| \`${screen}\` | ${one.what} | ${language} | \`${found.get(screen)}\` |`;
    });
    const told = (await readFile('docs/accessibility.md', 'utf8')).split('\n').filter((line) => line.startsWith('| `'));
    expect(told).toEqual(rows);
  });
});
