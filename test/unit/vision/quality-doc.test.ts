import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PRESET_CRITERIA, PRESETS } from '#shared/quality';
import { MEASURE_NAMES } from '#vision/node/bench/ranges';
import { limits } from '#vision/node/bench/report';

const root = join(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'docs/quality.md'), 'utf8');

it('docs/quality.md tells every measure with the limits the presets have', () => {
  const rows = page.split('\n').flatMap((line) => {
    const [, name, , , ...rest] = line.split('|').map((cell) => cell.trim());
    const measure = MEASURE_NAMES.find((known) => name === `\`${known}\``);
    return measure ? [{ measure, limits: rest.slice(0, PRESETS.length) }] : [];
  });
  const expected = MEASURE_NAMES.map((measure) => {
    const cells = PRESETS.map((preset) => limits(PRESET_CRITERIA[preset][measure] ?? null));
    return { measure, limits: cells.map((cell) => (cell === 'not judged' ? '–' : cell)) };
  });
  const byName = (a: { measure: string }, b: { measure: string }) => a.measure.localeCompare(b.measure);
  expect(rows.sort(byName)).toEqual(expected.sort(byName));
});

it('docs/quality.md shows every plot, and none that is not there', () => {
  const shown = new Set([...page.matchAll(/\(quality\/([\w-]+\.svg)\)/g)].flatMap(([, file]) => file ?? []));
  expect([...shown].sort()).toEqual(readdirSync(join(root, 'docs/quality')).sort());
});

it('docs/quality.md names files that are there', () => {
  const named = [...page.matchAll(/`(measures\/[\w-]+\.ts|faces\.ts)`/g)].map(([, file]) => `src/vision/${file}`);
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});
