import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { classNamer, sharedKeys } from '../../../scripts/page-build.ts';

const folder = resolve('src/renderer/i18n');

/** The script of a language as the build makes it, and what it exports. */
async function built(language: string): Promise<unknown> {
  const { load } = sharedKeys(folder);
  if (typeof load !== 'function') throw new Error('the plugin loads nothing');
  const script = (name: string) => String(load.call({} as never, `\0vestibule/texts-${name}`));
  const whole = script(language).replace(/^import .*\n/, `${script('keys').replace('export ', '')}\n`);
  const module: { default: unknown } = await import(`data:text/javascript,${encodeURIComponent(whole)}`);
  return module.default;
}

it('gives each language back every text under its own key', async () => {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  expect(files).toHaveLength(2);
  for (const file of files)
    expect(await built(file.replace('.json', ''))).toEqual(JSON.parse(await readFile(resolve(folder, file), 'utf8')));
});

it('names a class after itself and its file, wherever the sources lie', () => {
  const here = classNamer('/a/renderer')('root', '/a/renderer/screens/x.module.css');
  expect(here).toMatch(/^root-[0-9a-f]{4}$/);
  expect(classNamer('/elsewhere')('root', '/elsewhere/screens/x.module.css?used')).toBe(here);
  expect(classNamer('/a/renderer')('root', '/a/renderer/screens/y.module.css')).not.toBe(here);
});

it('tells the files of all classes apart', async () => {
  const name = classNamer(resolve('src/renderer'));
  const files = (await readdir('src/renderer', { recursive: true })).filter((file) => file.endsWith('.module.css'));
  expect(files.length).toBeGreaterThan(20);
  expect(new Set(files.map((file) => name('x', resolve('src/renderer', file)))).size).toBe(files.length);
});
