import { useSyncExternalStore } from 'react';
import {
  type Language,
  type Namespace,
  type Texts,
  type Translate,
  textAt,
  translator,
  type Values,
} from './translate.ts';

export type { Language, Translate } from './translate.ts';

/** Each language's texts: a script of its own, so that the first screen waits for one language alone. */
export const TEXTS: Record<Language, () => Promise<Record<Namespace, object>>> = {
  en: async () => (await import('./en.json')).default,
  'zh-CN': async () => (await import('./zh-CN.json')).default,
};

/** The languages' own names: somebody who cannot read the current one must find theirs. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', 'zh-CN': '中文' };

/** Languages written from right to left, by the first part of their tag. */
const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(['ar', 'fa', 'he', 'ps', 'ur']);

/** The language of a station nobody has told one: the system's, where we speak it, else English. */
export function systemLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const base = tag.toLowerCase().split('-')[0];
    if (base === 'zh') return 'zh-CN';
    if (base === 'en') return 'en';
  }
  return 'en';
}

/** The page's words in the language of the moment; another object when they change. */
export interface I18n {
  readonly language: Language;
  readonly dir: 'ltr' | 'rtl';
  /** By keys that name their namespace. */
  readonly t: Translate<[Namespace, ...Namespace[]]>;
  /** Words of another language in one namespace; null until its texts are there. */
  in<N extends Namespace>(language: Language, namespace: N): Translate<[N]> | null;
  /** Words by keys of this namespace: the same function for as long as the words are the same. */
  by(namespace: Namespace): AnyTranslate;
}

type Translator = ReturnType<typeof translator>;
/** For whatever key: which there are is known to those who ask. */
type AnyTranslate = (key: string, values?: Values) => string;

interface Spoken {
  texts: Texts;
  translate: Translator;
  /** The same function for a namespace, however often it is asked for. */
  words: Map<Namespace, AnyTranslate>;
}

const spoken = new Map<Language, Spoken>();
const listeners = new Set<() => void>();
let now: I18n = wordsIn('en');

function wordsOf(language: Language, namespace: Namespace): AnyTranslate | null {
  const known = spoken.get(language);
  if (!known) return null;
  const words = known.words.get(namespace) ?? ((key, values) => known.translate(namespace, key, values));
  known.words.set(namespace, words);
  return words;
}

function wordsIn(language: Language): I18n {
  const by = (namespace: Namespace): AnyTranslate => wordsOf(language, namespace) ?? ((key) => key);
  return {
    language,
    dir: RIGHT_TO_LEFT.has(language.split('-')[0] ?? '') ? 'rtl' : 'ltr',
    t: (key, values) => by('common')(key, values),
    in: wordsOf,
    by,
  };
}

function become(language: Language): void {
  now = wordsIn(language);
  for (const listener of listeners) listener();
}

async function learn(language: Language): Promise<void> {
  if (spoken.has(language)) return;
  const texts = (await TEXTS[language]()) as Texts;
  spoken.set(language, { texts, translate: translator(language, texts), words: new Map() });
  // Whoever shows more than one language shows this one now.
  become(now.language);
}

/** The words of this language, once they are there. @throws where its texts cannot be fetched */
export async function startI18n(language: Language): Promise<I18n> {
  await learn(language);
  become(language);
  return now;
}

/** The wish spoken last: an earlier one whose texts come late is forgotten. */
let wish = 0;

/** Changes the language once its texts are there; where they cannot be had, it stays, for words nobody reads help nobody. */
export async function speak(language: Language): Promise<void> {
  wish += 1;
  const mine = wish;
  await learn(language);
  if (mine === wish && now.language !== language) become(language);
}

/**
 * Fetches the texts of every language, so that each is there at once and its words can stand beside another's. One that fails is fetched
 * again when it is asked for.
 */
export async function fetchLanguages(): Promise<void> {
  for (const language of Object.keys(TEXTS) as Language[]) await learn(language).catch(() => undefined);
}

/** Text under a key that is only known at run time (a platform's code); null where we have no words for it. */
export function lookUp({ language }: I18n, namespace: Namespace, path: readonly string[]): string | null {
  const texts = spoken.get(language)?.texts;
  return texts ? textAt(texts, [namespace, ...path]) : null;
}

const current = (): I18n => now;

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/**
 * The words of a part of the page: `t` takes keys of the first namespace as they are, and of all of them with the name before (`common:close`).
 * Rendered again when the language changes.
 */
export function useTranslation(): { t: Translate<['common']>; i18n: I18n };
export function useTranslation<N extends Namespace>(namespace: N): { t: Translate<[N]>; i18n: I18n };
export function useTranslation<const N extends readonly Namespace[]>(namespaces: N): { t: Translate<N>; i18n: I18n };
export function useTranslation(namespaces: Namespace | readonly Namespace[] = 'common'): {
  t: AnyTranslate;
  i18n: I18n;
} {
  const i18n = useSyncExternalStore(listen, current, current);
  return { t: i18n.by(typeof namespaces === 'string' ? namespaces : (namespaces[0] ?? 'common')), i18n };
}
