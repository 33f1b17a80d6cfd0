import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { classNamer } from '../../../scripts/page-build.ts';

const ROOT = resolve('src/renderer');
const [first = '', second = ''] = globSync('**/*.module.css', { cwd: ROOT }).sort();

it('names a class by its file and its place there, the same in every build', () => {
  const [name, again] = [classNamer(ROOT), classNamer(`${ROOT}/`)];
  const names = ['root', 'row', 'root'].map((one) => name(one, resolve(ROOT, first)));
  expect(names).toEqual(['a0', 'a1', 'a0']);
  expect(name('root', resolve(ROOT, `${second}?used`))).toBe('b0');
  // Which file is asked about first says nothing.
  expect(again('root', resolve(ROOT, second))).toBe('b0');
  expect(again('root', resolve(ROOT, first))).toBe('a0');
  expect(() => name('root', '/elsewhere/x.module.css')).toThrow('x.module.css');
});

it('tells the files of all classes apart', () => {
  const name = classNamer(ROOT);
  const files = globSync('**/*.module.css', { cwd: ROOT });
  expect(files.length).toBeGreaterThan(26);
  const names = files.map((file) => name('x', resolve(ROOT, file)));
  expect(new Set(names).size).toBe(files.length);
  for (const one of names) expect(one).toMatch(/^[a-z]+0$/);
});
