import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '#shared/contract';
import { DELIVERY_STATES } from '#shared/delivery';
import { FAULT_KINDS } from '#shared/fault';
import { ADVICE } from '#shared/guidance';
import { LANGUAGE_NAMES, systemLanguage, TEXTS } from '../../../src/renderer/i18n/index.ts';
import { DELIVERY_LOOKS } from '../../../src/renderer/lib/delivery-look.ts';
import { RULES } from '../../../src/renderer/lib/problem-words.ts';

const RESOURCES = { en: await TEXTS.en(), 'zh-CN': await TEXTS['zh-CN']() };

type Texts = Map<string, string>;

function flatten(value: unknown, path: string[] = []): [string, string][] {
  if (typeof value === 'string') return [[path.join('.'), value]];
  return Object.entries(value as Record<string, unknown>).flatMap(([key, inner]) => flatten(inner, [...path, key]));
}

const texts = Object.fromEntries(
  Object.entries(RESOURCES).map(([language, resource]) => [language, new Map(flatten(resource))]),
) as Record<keyof typeof RESOURCES, Texts>;

const PLURAL = /_(zero|one|two|few|many|other)$/;
/** Keys without their plural category: languages differ in how many they have. */
const plain = (all: Texts) => [...new Set([...all.keys()].map((key) => key.replace(PLURAL, '')))].sort();
const holes = (text: string) => [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]))].sort();

const reference = texts.en;

describe.each(Object.keys(RESOURCES) as (keyof typeof RESOURCES)[])('the texts in %s', (language) => {
  const own = texts[language];

  it('have exactly the keys of English', () => {
    expect(reference.size).toBeGreaterThan(200);
    expect(plain(own)).toEqual(plain(reference));
  });

  it('have exactly the plural forms of their language', () => {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
    const plurals = plain(new Map([...reference].filter(([key]) => PLURAL.test(key))));
    expect(plurals.length).toBeGreaterThan(5);
    for (const key of plurals) {
      const mine = [...own.keys()].filter((other) => other.replace(PLURAL, '') === key);
      expect(mine.map((one) => one.slice(key.length + 1)).toSorted()).toEqual(categories);
    }
  });

  it('say something, and fill in what English fills in', () => {
    for (const [key, text] of own) {
      expect(text.trim(), key).not.toBe('');
      const english = reference.get(key) ?? reference.get(key.replace(PLURAL, '_other')) ?? '';
      // A singular may leave its number out ("one thing is in the way").
      const allowed = PLURAL.test(key) && key.endsWith('_one');
      const wanted = holes(english).filter((hole) => !(allowed && hole === 'count'));
      expect(
        holes(text).filter((hole) => !(allowed && hole === 'count')),
        key,
      ).toEqual(wanted);
    }
  });

  it('has words for every advice, fault and state', () => {
    for (const advice of ADVICE) {
      expect(own.has(`capture.instruction.${advice}`), advice).toBe(true);
      expect(own.has(`review.reason.${advice}.title`), advice).toBe(true);
      expect(own.has(`review.reason.${advice}.help`), advice).toBe(true);
    }
    for (const kind of FAULT_KINDS) {
      expect(own.has(`fault.${kind}.title`), kind).toBe(true);
      expect(own.has(`fault.${kind}.help`), kind).toBe(true);
    }
    for (const state of [...DELIVERY_STATES, ...DELIVERY_LOOKS])
      expect(own.has(`receipts.state.${state}`), state).toBe(true);
    for (const rule of RULES) expect(own.has(`details.rule.${rule}`), rule).toBe(true);
  });
});

it('speaks the languages of the contract', () => {
  expect(Object.keys(TEXTS).toSorted()).toEqual([...LANGUAGES].toSorted());
  expect(Object.keys(LANGUAGE_NAMES).toSorted()).toEqual([...LANGUAGES].toSorted());
});

it('has Chinese in the Chinese texts', () => {
  const untranslated = [...texts['zh-CN']].filter(
    ([key, text]) => text === reference.get(key) && /[a-z]{3}/i.test(text.replace(/\{\{\w+\}\}/g, '')),
  );
  expect(untranslated.map(([key]) => key)).toEqual(['common.product']);
});

describe('systemLanguage', () => {
  it.each([
    [['zh-TW', 'en'], 'zh-CN'],
    [['zh'], 'zh-CN'],
    [['fr-FR', 'en-GB'], 'en'],
    [['ms'], 'en'],
    [[], 'en'],
  ])('%j → %s', (preferred, language) => {
    expect(systemLanguage(preferred)).toBe(language);
  });
});
