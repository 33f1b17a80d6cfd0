import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

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
export interface BuiltFiles {
  /** Folder of the page. */
  renderer: string;
  /** Folder of the face engine's files. */
  engine: string;
  preload: string;
  /** The command line, for a process of its own. */
  cli: string;
  /** The program of vision's threads. */
  visionWorker: URL;
  /** The program of the thread that times stills for `vestibule bench still`. */
  benchStillWorker: URL;
  /** The same for `vestibule bench batch`. */
  benchBatchWorker: URL;
}

export function builtFiles(root: string): BuiltFiles {
  const out = join(root, 'out');
  return {
    renderer: join(out, 'renderer'),
    engine: join(out, 'engine'),
    preload: join(out, 'preload', 'index.cjs'),
    cli: join(out, 'main', 'cli.js'),
    visionWorker: pathToFileURL(join(out, 'main', 'vision-worker.js')),
    benchStillWorker: pathToFileURL(join(out, 'main', 'bench-still-worker.js')),
    benchBatchWorker: pathToFileURL(join(out, 'main', 'bench-batch-worker.js')),
  };
}
