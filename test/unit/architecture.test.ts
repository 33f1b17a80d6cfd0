import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = resolve('scripts/architecture.mjs');
let house: string;

/** Runs the import rules over a small house of its own. */
function check(files: Record<string, string>): { status: number | null; said: string } {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(house, path)), { recursive: true });
    writeFileSync(join(house, path), text);
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { cwd: house, encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), 'vestibule-house-'));
  for (const file of ['package.json', 'tsconfig.base.json']) cpSync(file, join(house, file));
  mkdirSync(join(house, 'src'));
});
afterEach(() => rmSync(house, { recursive: true, force: true }));

describe('the import rules', () => {
  it('pass a house whose arrows go down', () => {
    const { status, said } = check({
      'src/shared/person.ts': 'export const a = 1;\n',
      'src/station/index.ts': "import { a } from '#shared/person';\nexport const b = a;\n",
      'src/main/index.ts': "import { b } from '../station/index.ts';\nconsole.log(b);\n",
    });
    expect(said).toContain('0 violations');
    expect(status).toBe(0);
  });

  it.each([
    ['shared-knows-nobody', 'src/shared/x.ts', '#station/y', 'src/station/y.ts'],
    ['lab-stands-alone', 'src/lab/x.ts', '#platforms/y', 'src/platforms/y.ts'],
    ['platforms-know-shared', 'src/platforms/hcp/x.ts', '#lab/y', 'src/lab/y.ts'],
    ['rooms-of-platforms-apart', 'src/platforms/hcp/x.ts', '../megvii/y.ts', 'src/platforms/megvii/y.ts'],
    ['station-has-no-shell', 'src/station/x.ts', '#main/y', 'src/main/y.ts'],
    ['renderer-talks-contract', 'src/renderer/x.ts', '#station/y', 'src/station/y.ts'],
    ['no-node-in-the-browser', 'src/renderer/x.ts', 'node:fs', 'src/renderer/y.ts'],
  ])('refuse %s', (rule, from, specifier, to) => {
    const { status, said } = check({
      [to]: 'export const y = 1;\n',
      [from]: `import * as it from '${specifier}';\nexport default it;\n`,
    });
    expect(said).toContain(rule);
    expect(status).toBe(1);
  });

  it('fail when they looked at nothing', () => {
    expect(check({}).status).toBe(1);
  });

  it('fail when imports cannot be resolved', () => {
    const { status, said } = check({ 'src/shared/a.ts': "import './gone.ts';\n" });
    expect(said).toContain('no-missing');
    expect(status).toBe(1);
  });
});
