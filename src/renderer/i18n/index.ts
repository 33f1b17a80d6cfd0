import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './en.json' with { type: 'json' };
import zhCN from './zh-CN.json' with { type: 'json' };

export const RESOURCES = { en, 'zh-CN': zhCN } as const;
export type Language = keyof typeof RESOURCES;
const NAMESPACES = Object.keys(en) as (keyof typeof en)[];

/** The languages' own names: somebody who cannot read the current one must find theirs. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', 'zh-CN': '中文' };

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: typeof en;
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

/** Starts i18next with both languages in the bundle: nothing is loaded later, so nothing can fail or flash. */
export async function startI18n(language: Language): Promise<i18n> {
  await i18next.use(initReactI18next).init({
    resources: RESOURCES,
    lng: language,
    fallbackLng: false,
    ns: NAMESPACES,
    defaultNS: 'common',
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  return i18next;
}

/** Text under a key that is only known at run time (a platform's code); null where we have no words for it. */
export function lookUp(i18n: i18n, namespace: keyof typeof en, path: readonly string[]): string | null {
  // Walked by hand: codes may contain the dot that i18next splits keys at.
  let value: unknown = i18n.getResourceBundle(i18n.language, namespace);
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return null;
    value = (value as Record<string, unknown>)[part];
  }
  return typeof value === 'string' ? value : null;
}
