import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BundleFigures } from './figures.ts';

/** Files that a page names, and the scripts those import before they run. */
async function namedBy(folder: string, html: string): Promise<Set<string>> {
  const named = new Set(
    [...html.matchAll(/(?:src|href)="(?:\.?\/)?(assets\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path ?? ''),
  );
  for (const path of named) {
    if (!path.endsWith('.js')) continue;
    const script = await readFile(join(folder, path), 'utf8');
    // Static imports alone: what is written `import(` is fetched later.
    for (const [, name] of script.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) named.add(`assets/${name}`);
  }
  return named;
}

/** What the built page weighs. @param folder of the built renderer */
export async function weighBundle(folder: string): Promise<BundleFigures> {
  const html = await readFile(join(folder, 'index.html'), 'utf8');
  const first = await namedBy(folder, html);
  const kb = (bytes: Uint8Array | string) => gzipSync(bytes, { level: 9 }).byteLength / 1000;
  const figures = { firstKb: kb(html), wholeKb: kb(html), engineKb: 0 };
  for (const name of await readdir(join(folder, 'assets'))) {
    if (!/\.(js|css)$/.test(name)) continue;
    const weight = kb(await readFile(join(folder, 'assets', name)));
    if (/^live\.worker-/.test(name)) figures.engineKb += weight;
    else figures.wholeKb += weight;
    if (first.has(`assets/${name}`)) figures.firstKb += weight;
  }
  return figures;
}
