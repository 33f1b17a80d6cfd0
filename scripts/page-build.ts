import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
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

type Texts = { [key: string]: string | Texts };
/** The keys of texts without the texts. */
type Shape = { [key: string]: 0 | Shape };

function addKeys(shape: Shape, texts: Texts): Shape {
  for (const [key, value] of Object.entries(texts)) {
    const known = shape[key];
    shape[key] = typeof value === 'string' ? 0 : addKeys(known === 0 || known === undefined ? {} : known, value);
  }
  return shape;
}

/** The texts in the order of the shape's keys; 0 where the language has none (a plural it does not know). */
function inOrder(shape: Shape, texts: Texts | undefined): (string | 0)[] {
  return Object.entries(shape).flatMap(([key, inner]) => {
    const value = texts !== undefined && Object.hasOwn(texts, key) ? texts[key] : undefined;
    if (inner === 0) return [typeof value === 'string' ? value : 0];
    return inOrder(inner, typeof value === 'string' ? undefined : value);
  });
}

const SHAPE = '\0vestibule/texts-keys';
const LANGUAGE = '\0vestibule/texts-';

/**
 * Every language has the same keys, which weigh a quarter of its texts: they are fetched once, and each language is a list in their order.
 *
 * @param folder of the languages' JSON files
 */
export function sharedKeys(folder: string): Plugin {
  const languages = () =>
    new Map(
      readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .sort()
        .map((name) => [name, JSON.parse(readFileSync(join(folder, name), 'utf8')) as Texts]),
    );
  const shapeOf = (all: Iterable<Texts>): Shape => [...all].reduce<Shape>(addKeys, {});
  return {
    name: 'vestibule-shared-keys',
    enforce: 'pre',
    resolveId(source, importer) {
      if (source === SHAPE) return SHAPE;
      const name = source.slice(2);
      return importer?.startsWith(folder) && languages().has(name) ? `${LANGUAGE}${name.replace('.json', '')}` : null;
    },
    load(id) {
      if (id === SHAPE)
        return `const shape = ${JSON.stringify(shapeOf(languages().values()))};
export function filled(texts) {
  let at = 0;
  const fill = (node) => {
    if (node === 0) return texts[at++];
    const entries = Object.entries(node).map(([key, inner]) => [key, fill(inner)]);
    return Object.fromEntries(entries.filter(([, value]) => value !== 0));
  };
  return fill(shape);
}`;
      if (!id.startsWith(LANGUAGE)) return null;
      const all = languages();
      const texts = all.get(`${id.slice(LANGUAGE.length)}.json`);
      return `import { filled } from ${JSON.stringify(SHAPE)};
export default filled(${JSON.stringify(inOrder(shapeOf(all.values()), texts))});`;
    },
  };
}
