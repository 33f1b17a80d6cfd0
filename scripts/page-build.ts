import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import type { Plugin } from 'vite';

/**
 * The shared room's modules declare and do nothing else, but a bundler cannot know that of a call: `z.object(…)` might do anything, so every
 * schema of the contract, and zod with them, would stay in a page that uses the types alone. This marks what their top-level constants are
 * made of as pure, so that what the page does not use is left out.
 *
 * @param folder of the modules that only declare
 */
export function sharedDeclarations(folder: string): Plugin {
  return {
    name: 'vestibule-shared-declarations',
    enforce: 'post',
    transform(code, id) {
      if (!id.startsWith(folder)) return null;
      const spans = this.parse(code)
        .body.map((node) => (node.type === 'ExportNamedDeclaration' ? node.declaration : node))
        .flatMap((node) => (node?.type === 'VariableDeclaration' ? node.declarations : []))
        .flatMap(({ init }) => (init ? [init] : []));
      let marked = code;
      for (const { start, end } of spans.toReversed())
        marked = `${marked.slice(0, start)}/* @__PURE__ */ (() => (${marked.slice(start, end)}))()${marked.slice(end)}`;
      return { code: marked, map: null };
    },
  };
}

/**
 * Names of CSS modules' classes: each as it is written, and one sign for its file. It repeats within the file, so that gzip has it for
 * nothing; a hash for each class would weigh more than the class.
 *
 * @param folder the page's sources, so that the names are the same wherever they lie
 */
export function classNamer(folder: string): (name: string, file: string) => string {
  return (name, file) => {
    const path = relative(folder, file.replace(/\?.*$/, '')).replaceAll('\\', '/');
    return `${name}-${createHash('sha256').update(path).digest('hex').slice(0, 4)}`;
  };
}
