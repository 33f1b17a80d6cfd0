import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage';
import type { Plugin } from 'vite';

type Texts = { [key: string]: string | Texts };

const keyTree = (texts: Texts, name: string): unknown[] => [
  name,
  ...Object.entries(texts).map(([key, inner]) => (typeof inner === 'string' ? key : keyTree(inner, key))),
];

/** A language's texts in the order of English's keys, compiled (ICU MessageFormat); it throws where one is missing, too many or no message. */
function compiled(english: Texts, own: Texts, path: string): unknown[] {
  const unknown = Object.keys(own).find((key) => !Object.hasOwn(english, key));
  if (unknown !== undefined) throw new Error(`English has no ${path}${unknown}`);
  return Object.entries(english).flatMap(([key, text]) => {
    const mine = own[key];
    if (typeof mine !== typeof text || mine === undefined) throw new Error(`no text: ${path}${key}`);
    if (typeof mine !== 'string') return compiled(text as Texts, mine, `${path}${key}.`);
    const tokens = compileMessageOrThrow(mine);
    return tokens.length === 1 && typeof tokens[0] === 'string' ? tokens : [tokens];
  });
}

/**
 * The languages' files as the page fetches them: their keys once (`en.json?keys`), and each language's texts without
 * (`xx.json?texts`), compiled, so that neither the keys nor a compiler come twice.
 *
 * @param folder of the languages' files, each named by its language
 */
export function textCatalogs(folder: string): Plugin {
  const read = async (file: string): Promise<Texts> => JSON.parse(await readFile(file, 'utf8'));
  return {
    name: 'vestibule-text-catalogs',
    async load(id) {
      const [file = '', wanted] = id.split('?');
      if (!file.startsWith(folder) || (wanted !== 'keys' && wanted !== 'texts')) return null;
      const reference = `${folder}en.json`;
      this.addWatchFile(file);
      this.addWatchFile(reference);
      const english = await read(reference);
      const made = wanted === 'keys' ? keyTree(english, '') : compiled(english, await read(file), '');
      return { code: `export default ${JSON.stringify(made)}`, moduleType: 'js' };
    },
  };
}

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
