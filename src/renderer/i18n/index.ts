import { type I18n, setupI18n } from '@lingui/core';
import { create } from 'zustand';
import { LANGUAGES, type Language } from '#shared/languages';
import { type CompiledTexts, catalogOf } from './catalog.ts';
import type en from './en.json';
import keys from './en.json?keys';

export type { I18n } from '@lingui/core';
export type { Language } from '#shared/languages';

type Texts = typeof en;
type Namespace = keyof Texts & string;
type Path<T> = { [K in keyof T & string]: T[K] extends string ? K : `${K}.${Path<T[K]>}` }[keyof T & string];
type Key = { [N in Namespace]: `${N}:${Path<Texts[N]>}` }[Namespace];

declare module '@lingui/core' {
  interface Register {
    messageIds: Key;
  }
}

/** Words by keys of one namespace, or by those of any with its name before them. */
export type Translate<N extends Namespace> = (
  key: Path<Texts[N]> | Key,
  values?: Readonly<Record<string, unknown>>,
) => string;

/** Each language's texts: a script of its own, so that the first screen waits for one language alone. */
const TEXTS: Record<Language, () => Promise<{ default: CompiledTexts }>> = {
  en: () => import('./en.json?texts'),
  'zh-CN': () => import('./zh-CN.json?texts'),
};

/** The languages' own names: somebody who cannot read the current one must find theirs. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', 'zh-CN': '中文' };

/** The language of a station nobody has told one: the system's, where we speak it, else English. */
export function systemLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const base = tag.toLowerCase().split('-')[0];
    if (base === 'zh') return 'zh-CN';
    if (base === 'en') return 'en';
  }
  return 'en';
}

/** Each language speaks by itself, so that its words can stand beside another's. */
const speaker = (language: Language): I18n =>
  setupI18n({
    locale: language,
    messages: { [language]: {} },
    // Types find most keys without a text; what is composed at run time is told here, and a test that sees it told fails.
    missing(locale, key) {
      console.error(`no text: ${key} (${locale})`);
      return key;
    },
  });
const SPEAKERS: Record<Language, I18n> = { en: speaker('en'), 'zh-CN': speaker('zh-CN') };
const here = new Set<Language>();

async function fetchTexts(language: Language): Promise<I18n> {
  if (!here.has(language)) {
    SPEAKERS[language].load(language, catalogOf(keys, (await TEXTS[language]()).default));
    here.add(language);
  }
  return SPEAKERS[language];
}

const useSpeaker = create(() => ({ i18n: SPEAKERS.en }));

/** Starts in one language; others are fetched when they are asked for, or ahead (`fetchLanguages`). */
export async function startI18n(language: Language): Promise<I18n> {
  const i18n = await fetchTexts(language);
  useSpeaker.setState({ i18n });
  return i18n;
}

/** The wish spoken last: an earlier one whose texts come late is forgotten. */
let wish = 0;

/** Changes the language once its texts are there; where they cannot be had, it stays, for words nobody reads help nobody. */
export async function speak(language: Language): Promise<void> {
  wish += 1;
  const mine = wish;
  const i18n = await fetchTexts(language);
  if (mine === wish) useSpeaker.setState({ i18n });
}

/**
 * Fetches the texts of every language, so that each is there at once and its words can stand beside another's. One that fails is fetched
 * again when it is asked for.
 */
export async function fetchLanguages(): Promise<void> {
  for (const language of LANGUAGES) await fetchTexts(language).catch(() => undefined);
}

/** The languages whose texts are here. */
export function languagesHere(): Language[] {
  return LANGUAGES.filter((language) => here.has(language));
}

const translators = new Map<string, (key: string, values?: Readonly<Record<string, unknown>>) => string>();

/** The same function as long as language and namespace are the same: effects depend on it. */
function translator<N extends Namespace>(i18n: I18n, namespace: N): Translate<N> {
  const name = `${i18n.locale} ${namespace}`;
  const known = translators.get(name);
  if (known) return known;
  const translate = (key: string, values?: Readonly<Record<string, unknown>>) =>
    i18n.t((key.includes(':') ? key : `${namespace}:${key}`) as Key, values);
  translators.set(name, translate);
  return translate;
}

/** Words of a namespace in a language of one's own choice, its texts being here (`languagesHere`). */
export const textsIn = <N extends Namespace>(language: Language, namespace: N): Translate<N> =>
  translator(SPEAKERS[language], namespace);

/** The page's words in the language it speaks, and that language (`i18n.locale`). */
export function useTranslation<N extends Namespace = 'common'>(
  namespace = 'common' as N,
): { t: Translate<N>; i18n: I18n } {
  const { i18n } = useSpeaker();
  return { t: translator(i18n, namespace), i18n };
}

/** Text under a key that is only known at run time (a platform's code); null where we have no words for it. */
export function lookUp(
  i18n: I18n,
  namespace: Namespace,
  path: readonly string[],
  values?: Readonly<Record<string, unknown>>,
): string | null {
  const key = `${namespace}:${path.join('.')}`;
  return Object.hasOwn(i18n.messages, key) ? i18n.t(key as Key, values) : null;
}
