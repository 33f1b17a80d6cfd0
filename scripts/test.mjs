// `npm test`: everything CI runs, in the order that fails fastest. `npm test -- unit e2e` runs only those stages.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { ensureChromium } from './chromium.mjs';

const bin = (name) => `node_modules/.bin/${name}`;
const node = (script, ...args) => [process.execPath, [script, ...args]];

// Not beside the browser tests' report: Playwright empties its folder when it starts.
const UNIT_REPORT = 'node_modules/.cache/vestibule-unit-report.json';
const E2E_REPORT = 'test-results/report.json';

const STAGES = {
  typecheck: () => spawn(bin('tsc'), ['-b', '--noEmit']),
  lint: () => spawn(bin('biome'), ['check', '--error-on-warnings', '.']),
  architecture: () => spawn(...node('scripts/architecture.mjs')),
  unused: () => spawn(bin('knip'), []),
  build: () => spawn(...node('scripts/build.mjs')),
  unit: () =>
    spawn(
      ...node(
        'node_modules/vitest/vitest.mjs',
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${UNIT_REPORT}`,
      ),
    ),
  e2e: async () => Boolean(await ensureChromium()) && spawn(...node('node_modules/@playwright/test/cli.js', 'test')),
};

function spawn(command, args) {
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0;
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(STAGES, name));
if (unknown.length > 0) {
  console.error(`no such stage: ${unknown.join(', ')}; there are ${Object.keys(STAGES).join(', ')}`);
  process.exit(2);
}
mkdirSync('test-results', { recursive: true });
for (const file of [UNIT_REPORT, E2E_REPORT]) rmSync(file, { force: true });

const failures = [];
for (const name of asked.length > 0 ? asked : Object.keys(STAGES)) {
  const start = performance.now();
  console.log(`\n── ${name}`);
  const ok = await STAGES[name]();
  console.log(`── ${name}: ${ok ? 'ok' : 'FAILED'} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  if (!ok) failures.push(name);
}

const unit = read(UNIT_REPORT);
const e2e = read(E2E_REPORT)?.stats;
const passed = (unit?.numPassedTests ?? 0) + (e2e?.expected ?? 0);
const failed = (unit?.numFailedTests ?? 0) + (e2e?.unexpected ?? 0) + (e2e?.flaky ?? 0);
const skipped = (unit?.numPendingTests ?? 0) + (e2e?.skipped ?? 0);
if (failures.length > 0) console.log(`\nfailed stages: ${failures.join(', ')}`);
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failures.length > 0 || (asked.length === 0 && passed === 0) ? 1 : 0;
