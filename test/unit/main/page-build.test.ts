import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { classNamer } from '../../../scripts/page-build.ts';

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
