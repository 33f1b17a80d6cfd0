import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { LANGUAGES } from '#shared/languages';
import type { BundleFigures, WeighedFile } from './figures.ts';

/** Scripts and style sheets that a page names, and the scripts those import before they run. */
async function namedBy(folder: string, html: string): Promise<Set<string>> {
  const named = new Set(
    [...html.matchAll(/(?:src|href)="(?:\.?\/)?assets\/([^"]+\.(?:js|css))"/g)].map(([, name]) => name ?? ''),
  );
  for (const name of named) {
    if (!name.endsWith('.js')) continue;
    const script = await readFile(join(folder, 'assets', name), 'utf8');
    // Static imports alone: what is written `import(` is fetched later.
    for (const [, other] of script.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) named.add(other ?? '');
  }
  return named;
}

const sum = (files: readonly WeighedFile[]) => files.reduce((total, { kb }) => total + kb, 0);

/** What the built page weighs, as gzip sends it. @param folder of the built renderer */
export async function weighBundle(folder: string): Promise<BundleFigures> {
  const kb = (bytes: Uint8Array | string) => gzipSync(bytes, { level: 9 }).byteLength / 1000;
  const html = await readFile(join(folder, 'index.html'), 'utf8');
  const all: WeighedFile[] = [{ name: 'index.html', kb: kb(html) }];
  for (const name of await readdir(join(folder, 'assets')))
    all.push({ name, kb: kb(await readFile(join(folder, 'assets', name))) });
  all.sort((a, b) => b.kb - a.kb);

  const named = await namedBy(folder, html);
  const scripts = all.filter(({ name }) => /\.(html|js|css)$/.test(name) && !name.startsWith('live.worker-'));
  const words = scripts.filter(({ name }) => LANGUAGES.some((language) => name.startsWith(`${language}-`)));
  // One language is asked for by the first script before anything is drawn. The heaviest is taken.
  const first = scripts.filter((file) => named.has(file.name) || file.name === 'index.html' || file === words[0]);
  return {
    firstKb: sum(first),
    wholeKb: sum(scripts),
    otherLanguagesKb: sum(words.slice(1)),
    dataKb: sum(all.filter(({ name }) => name.endsWith('.bin'))),
    engineKb: sum(all.filter(({ name }) => name.startsWith('live.worker-'))),
    files: scripts,
  };
}
