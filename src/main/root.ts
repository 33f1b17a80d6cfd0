import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder of the program's package.json, walked up to from a module's own folder: `src/main`, `out/main`, `out/main/chunks` and an asar
 * archive lie at different depths.
 *
 * @throws Error when there is none, which is a broken installation
 */
export function programRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) throw new Error(`no package.json above ${from}: the installation is incomplete`);
  }
}

/** Where the build puts what runs (scripts/build.mjs). */
export function builtFiles(root: string) {
  const out = join(root, 'out');
  return {
    renderer: join(out, 'renderer'),
    engine: join(out, 'engine'),
    preload: join(out, 'preload', 'index.cjs'),
    visionWorker: join(out, 'main', 'vision-worker.js'),
    manifest: join(root, 'package.json'),
  };
}
