import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage';
import { minify } from 'terser';
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

const letters = (at: number): string =>
  `${at < 26 ? '' : letters(Math.floor(at / 26) - 1)}${String.fromCharCode(97 + (at % 26))}`;

/**
 * Names of CSS modules' classes: letters for the file and a number for the class in it (`b7`), in the order they stand there, so that they
 * are short and the same in every build.
 *
 * @param folder the page's sources
 */
export function classNamer(folder: string): (name: string, file: string) => string {
  const files = globSync('**/*.module.css', { cwd: folder }).sort();
  const known = new Map<string, string[]>();
  return (name, file) => {
    const path = relative(folder, file.replace(/\?.*$/, ''));
    const at = files.indexOf(path);
    if (at < 0) throw new Error(`not a CSS module of the page: ${file}`);
    const names = known.get(path) ?? [];
    known.set(path, names);
    if (!names.includes(name)) names.push(name);
    return `${letters(at)}${names.indexOf(name)}`;
  };
}

/**
 * Takes the classes of CSS modules one by one instead of as an object of all, so that what the bundler writes is the name of a class
 * where it is used, and nothing for one that is not. A class that is not there fails the build.
 *
 * @param folder the page's sources
 */
export function singleClasses(folder: string): Plugin[] {
  return [
    {
      name: 'vestibule-single-classes',
      enforce: 'pre',
      transform(code, id) {
        if (!id.startsWith(folder) || !/\.tsx?$/.test(id)) return null;
        return {
          code: code.replace(/^import (\w+) from ('[^']+\.module\.css')/gm, 'import * as $1 from $2'),
          map: null,
        };
      },
      onLog(_level, log) {
        // A class that no style sheet has.
        if (log.code === 'IMPORT_IS_UNDEFINED') throw new Error(log.message);
      },
    },
    {
      // A sheet belongs to the page whatever is left of its script once the names stand where they are used.
      name: 'vestibule-sheets-stay',
      enforce: 'post',
      transform: {
        filter: { id: /\.module\.css$/ },
        handler: (code) => ({ code, moduleSideEffects: 'no-treeshake', map: null }),
      },
    },
  ];
}

const NAMED = '\0named:';

/**
 * React is CommonJS, so that a bundler writes each call of it as one of a member of a module (`(0,r.jsx)(…)`). This puts names before it
 * (`jsx(…)`) for those who import it by name.
 */
export function namedReact(): Plugin {
  return {
    name: 'vestibule-named-react',
    enforce: 'pre',
    resolveId: {
      filter: { id: /^react(\/jsx-runtime)?$/ },
      handler: (source, importer, { kind }) =>
        kind === 'import-statement' && !importer?.startsWith(NAMED) ? NAMED + source : null,
    },
    async load(id) {
      if (!id.startsWith(NAMED)) return null;
      const source = id.slice(NAMED.length);
      const names = Object.keys((await import(source)).default).filter((name) => /^[a-zA-Z]\w*$/.test(name));
      const pick = (name: string) => `export const ${name} = /* @__PURE__ */ (() => all.${name})();`;
      return [`import all from '${source}';`, 'export default all;', ...names.map(pick)].join('\n');
    },
  };
}

/**
 * Scripts are fetched by the browser alone: Vite's own helper would ask for what they import a moment earlier, and for style sheets of
 * theirs; on this machine the moment is nothing, and there is one sheet.
 */
export function plainFetches(): Plugin {
  return {
    name: 'vestibule-plain-fetches',
    enforce: 'pre',
    load: {
      filter: { id: /vite\/preload-helper\.js$/ },
      handler: () => 'export const __vitePreload = (load) => load();',
    },
  };
}

/** Terser after the bundler's own minifier, for the script of that name: screens are our code, of which it leaves 1.4 % less. */
export function minifiedTwice(chunk: string): Plugin {
  return {
    name: 'vestibule-minified-twice',
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type !== 'chunk' || file.name !== chunk) continue;
          const compress = { ecma: 2020, passes: 2, keep_fargs: false, sequences: false, booleans: false } as const;
          const { code } = await minify(file.code, { module: true, ecma: 2020, compress });
          if (code !== undefined) file.code = code;
        }
      },
    },
  };
}
