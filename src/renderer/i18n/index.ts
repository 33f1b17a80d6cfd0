import i18next, { type BackendModule, type i18n, type TFunction } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '#shared/languages';
import type en from './en.json';

export type { Language } from '#shared/languages';

type Texts = typeof en;
/** The page's words: i18next as the page starts it. */
export type I18n = i18n;
/** Words by keys of these namespaces. */
export type Translate<N extends readonly (keyof Texts)[]> = TFunction<N>;
export { useTranslation } from 'react-i18next';

/** Each language's texts: a script of its own, so that the first screen waits for one language alone. */
export const TEXTS: Record<Language, () => Promise<Record<keyof Texts, object>>> = {
  en: async () => (await import('./en.json')).default,
  'zh-CN': async () => (await import('./zh-CN.json')).default,
};

const isLanguage = (tag: string): tag is Language => Object.hasOwn(TEXTS, tag);

/** The languages' own names: somebody who cannot read the current one must find theirs. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', 'zh-CN': '中文' };

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: Texts;
  }
}

/** The language of a station nobody has told one: the system's, where we speak it, else English. */
export function systemLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const base = tag.toLowerCase().split('-')[0];
    if (base === 'zh') return 'zh-CN';
    if (base === 'en') return 'en';
  }
  return 'en';
}

const backend: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read(language, namespace, done) {
    const texts = isLanguage(language) ? TEXTS[language]() : Promise.reject(new Error(`no texts in ${language}`));
    texts.then(
      (all) => done(null, all[namespace as keyof Texts]),
      (error: Error) => done(error, false),
    );
  },
};

/** Starts i18next in one language; others are fetched when they are asked for, or ahead (`fetchLanguages`). */
export async function startI18n(language: Language): Promise<i18n> {
  const texts = await TEXTS[language]();
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      resources: { [language]: texts },
      partialBundledLanguages: true,
      lng: language,
      fallbackLng: false,
      ns: Object.keys(texts),
      defaultNS: 'common',
      interpolation: { escapeValue: false },
      returnNull: false,
      // Types find most keys without a text; what is composed at run time is told here, and a test that sees it told fails.
      saveMissing: true,
      missingKeyHandler: (languages, namespace, key) =>
        console.error(`no text: ${namespace}:${key} (${languages.join(', ')})`),
      react: { useSuspense: false },
    });
  return i18next;
}

/** The wish spoken last: an earlier one whose texts come late is forgotten. */
let wish = 0;

/** Changes the language once its texts are there; where they cannot be had, it stays, for words nobody reads help nobody. */
export async function speak(language: Language): Promise<void> {
  wish += 1;
  const mine = wish;
  await TEXTS[language]();
  if (mine === wish && i18next.language !== language) await i18next.changeLanguage(language);
}

/**
 * Fetches the texts of every language, so that each is there at once and its words can stand beside another's. One that fails is fetched
 * again when it is asked for.
 */
export async function fetchLanguages(): Promise<void> {
  for (const [language, texts] of Object.entries(TEXTS)) {
    const all = await texts().catch(() => ({}));
    for (const [namespace, own] of Object.entries(all)) i18next.addResourceBundle(language, namespace, own);
  }
}

/** The languages whose texts are here. */
export function languagesHere(): Language[] {
  return Object.keys(TEXTS)
    .filter(isLanguage)
    .filter((language) => i18next.hasResourceBundle(language, 'kiosk'));
}

/** Text under a key that is only known at run time (a platform's code); null where we have no words for it. */
export function lookUp(i18n: i18n, namespace: keyof Texts, path: readonly string[]): string | null {
  // Walked by hand: codes may contain the dot that i18next splits keys at.
  let value: unknown = i18n.getResourceBundle(i18n.language, namespace);
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return null;
    value = (value as Record<string, unknown>)[part];
  }
  return typeof value === 'string' ? value : null;
}
