import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '#shared/contract';
import { DELIVERY_STATES } from '#shared/delivery';
import { FAULT_KINDS } from '#shared/fault';
import { ADVICE } from '#shared/guidance';
import en from '../../../src/renderer/i18n/en.json' with { type: 'json' };
import { LANGUAGE_NAMES, startI18n, systemLanguage } from '../../../src/renderer/i18n/index.ts';
import zh from '../../../src/renderer/i18n/zh-CN.json' with { type: 'json' };
import { DELIVERY_LOOKS } from '../../../src/renderer/lib/delivery-look.ts';
import { RULES } from '../../../src/renderer/lib/problem-words.ts';

const RESOURCES = { en, 'zh-CN': zh };

type Texts = Map<string, string>;

function flatten(value: unknown, path: string[] = []): [string, string][] {
  if (typeof value === 'string') return [[path.join('.'), value]];
  return Object.entries(value as Record<string, unknown>).flatMap(([key, inner]) => flatten(inner, [...path, key]));
}

const texts = Object.fromEntries(
  Object.entries(RESOURCES).map(([language, resource]) => [language, new Map(flatten(resource))]),
) as Record<keyof typeof RESOURCES, Texts>;

/** The names that are filled in, and the plural forms, if any. Every text is a message of ICU MessageFormat or this throws. */
function partsOf(text: string): { holes: string[]; forms: string[] } {
  const holes = new Set<string>();
  const forms: string[] = [];
  const walk = (tokens: unknown): void => {
    for (const token of Array.isArray(tokens) ? tokens : []) {
      if (!Array.isArray(token)) continue;
      const [name, , cases] = token as [string, string?, object?];
      if (cases === undefined) holes.add(name);
      for (const [form, inner] of Object.entries(cases ?? {})) {
        if (inner === undefined) continue;
        forms.push(form);
        walk(inner);
      }
    }
  };
  walk(compileMessageOrThrow(text));
  return { holes: [...holes].sort(), forms: forms.sort() };
}

const reference = texts.en;

describe.each(Object.keys(RESOURCES) as (keyof typeof RESOURCES)[])('the texts in %s', (language) => {
  const own = texts[language];

  it('have exactly the keys of English', () => {
    expect(reference.size).toBeGreaterThan(200);
    expect([...own.keys()].toSorted()).toEqual([...reference.keys()].toSorted());
  });

  it('have exactly the plural forms of their language', () => {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
    const plurals = [...reference].filter(([, text]) => partsOf(text).forms.length > 0);
    expect(plurals.length).toBeGreaterThan(5);
    for (const [key] of plurals) {
      const { forms } = partsOf(own.get(key) ?? '');
      // A language of one form needs no choice.
      expect(forms.length === 0 && categories.length === 1 ? categories : forms, key).toEqual(categories);
    }
  });

  it('say something, and fill in what English fills in', () => {
    for (const [key, text] of own) {
      expect(text.trim(), key).not.toBe('');
      expect(partsOf(text).holes, key).toEqual(partsOf(reference.get(key) ?? '').holes);
    }
  });

  it('are built as they are written', async () => {
    const { messages } = await startI18n(language);
    const built = new Map(
      Object.entries(messages).map(([key, tokens]) => [key.replace(':', '.'), JSON.stringify(tokens)]),
    );
    expect(built.size).toBe(own.size);
    for (const [key, text] of own) expect(built.get(key), key).toBe(JSON.stringify(compileMessageOrThrow(text)));
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
  expect(Object.keys(RESOURCES).toSorted()).toEqual([...LANGUAGES].toSorted());
  expect(Object.keys(LANGUAGE_NAMES).toSorted()).toEqual([...LANGUAGES].toSorted());
});

it('has Chinese in the Chinese texts', () => {
  const untranslated = [...texts['zh-CN']].filter(
    ([key, text]) => text === reference.get(key) && /[a-z]{3}/i.test(text.replace(/\{\w+\}/g, '')),
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
