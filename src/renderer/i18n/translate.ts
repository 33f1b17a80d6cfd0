import type { LANGUAGES } from '#shared/languages';
import type en from './en.json';

export type Language = (typeof LANGUAGES)[number];
/** A language's texts: namespaces of keys that lie in one another. English has them all. */
export type Texts = typeof en;
export type Namespace = keyof Texts;

type Plain<K extends string> = K extends `${infer Stem}_${'one' | 'other'}` ? Stem : K;
type KeysIn<T> = {
  [K in keyof T & string]: T[K] extends string ? Plain<K> : `${K}.${KeysIn<T[K]>}`;
}[keyof T & string];

/** A key of a namespace, dotted, without its plural category. */
export type Key<N extends Namespace> = KeysIn<Texts[N]>;
/** The same with its namespace before it: `common:close`. */
type FullKey<N extends Namespace> = { [M in N]: `${M}:${Key<M>}` }[N];

/** What fills a text's holes; `count` also chooses its plural. */
export type Values = Readonly<Record<string, string | number | null | undefined>>;

/** Text under a key of the first namespace, or of any of them where the key names it. */
export type Translate<N extends readonly Namespace[]> = (
  key: Key<N[0]> | FullKey<N[number]>,
  values?: Values,
) => string;

/** Text under a path, walked step by step as codes may contain the dot that keys are split at; null where there is none. */
export function textAt(texts: Readonly<Record<string, object>>, path: readonly string[]): string | null {
  let value: unknown = texts;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return null;
    value = (value as Record<string, unknown>)[part];
  }
  return typeof value === 'string' ? value : null;
}

/**
 * Puts a language's words together: `{{name}}` is filled in from the values, and of `key_one` and `key_other` the one its `count` asks for is
 * taken (CLDR's plural categories by `Intl.PluralRules`). A key without a text is returned as it is.
 */
export function translator(
  language: Language,
  texts: Texts,
): (namespace: Namespace, key: string, values?: Values) => string {
  const rules = new Intl.PluralRules(language);
  return (first, key, values = {}) => {
    const [name, rest] = key.includes(':') ? (key.split(':', 2) as [string, string]) : [first, key];
    const path = [name, ...rest.split('.')];
    const { count } = values;
    const plural =
      typeof count === 'number' ? textAt(texts, [...path.slice(0, -1), `${path.at(-1)}_${rules.select(count)}`]) : null;
    const text = plural ?? textAt(texts, path);
    // Types find most keys without a text; what is composed at run time is told here, and a test that sees it told fails.
    if (text === null) console.error(`no text: ${name}:${rest} (${language})`);
    return (text ?? key).replace(/\{\{(\w+)\}\}/g, (_, hole: string) => String(values[hole] ?? ''));
  };
}
