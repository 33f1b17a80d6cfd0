import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import {
  classNamer,
  minifiedTwice,
  namedReact,
  plainFetches,
  sharedDeclarations,
  singleClasses,
  textCatalogs,
} from './scripts/page-build.ts';

const at = (path: string) => join(import.meta.dirname, path);

/**
 * Three builds: `main` (the Electron entry, the command line and the vision worker, which share chunks), `preload` (one CommonJS file,
 * as the sandbox demands) and `renderer`. Targets are set by hand: electron-vite's own table ends before Electron 45.
 */
export default defineConfig({
  main: {
    build: {
      target: 'node24.18',
      // face-api.js is bundled, so that it shares the TensorFlow of the engine beside it; the others serve `bench live` in a checkout alone.
      externalizeDeps: { exclude: ['face-api.js'], include: ['@playwright/test', 'vite'] },
      sourcemap: true,
      rolldownOptions: {
        input: {
          index: at('src/main/index.ts'),
          cli: at('src/main/cli/index.ts'),
          'vision-worker': at('src/vision/node/worker.ts'),
          'bench-still-worker': at('src/vision/node/bench/still-worker.ts'),
          'bench-batch-worker': at('src/vision/node/bench/batch-worker.ts'),
        },
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          // V8 keeps the text of what it runs, once a thread, at two bytes a character where a single one is no Latin letter: comments are left out.
          minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
        },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      // Electron-vite takes `node…` here, though Chromium runs it; both know the same language.
      target: 'node24.18',
      rolldownOptions: {
        input: { index: at('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: at('src/renderer'),
    plugins: [
      react(),
      sharedDeclarations(at('src/shared/')),
      textCatalogs(at('src/renderer/i18n/')),
      singleClasses(at('src/renderer/')),
      namedReact(),
      plainFetches(),
      minifiedTwice('later'),
    ],
    css: { modules: { generateScopedName: classNamer(at('src/renderer')) } },
    worker: { format: 'es' },
    build: {
      target: 'chrome156',
      minify: true,
      // One style sheet: fifty small ones weigh half as much again, and a screen that comes later would wait for its own.
      cssCodeSplit: false,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: at('src/renderer/index.html'),
        // What the first screen needs in one script, all that comes later in another: many small ones weigh more.
        output: {
          codeSplitting: {
            groups: [
              { name: 'first', test: /renderer[\\/](main|app)\.tsx$|rolldown[\\/]runtime/ },
              { name: 'later', test: /renderer[\\/]screens[\\/](desk\.ts|kiosk[\\/]kiosk\.tsx)$/ },
            ],
          },
        },
      },
    },
  },
});
