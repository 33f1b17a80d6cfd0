import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { textCatalogs } from './scripts/page-build.ts';

export default defineConfig({
  plugins: [textCatalogs(join(import.meta.dirname, 'src/renderer/i18n/'))],
  test: {
    include: ['test/{unit,contract,faults}/**/*.test.{ts,tsx}'],
    // An import of the real `electron` without its binary would try a download: point it nowhere, and mock it where it is needed.
    env: { ELECTRON_OVERRIDE_DIST_PATH: '/nonexistent' },
    globalSetup: ['test/engine-assets.setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // What is waited for comes when it comes: one second is too short for a machine that also does other things.
    expect: { poll: { timeout: 15_000 } },
    pool: 'forks',
    // Many files wait on sockets and rates rather than compute: on two cores the default of one worker would idle through half the run.
    maxWorkers: Math.max(3, availableParallelism() - 1),
  },
});
