import { describe, expect, it } from 'vitest';
import { DEFAULT_CONSENT, fillConsent, strangePlaceholders } from '#shared/kiosk-consent';
import { LANGUAGES } from '#shared/languages';

const FACTS = {
  systems: ['HQ', 'Gate'],
  deliveredPhotosDays: 0,
  failedPhotosDays: 7,
  receiptsDays: 365,
  compared: false,
};

describe('a consent text', () => {
  it.each(LANGUAGES)('in %s tells where it goes and for how long', (language) => {
    const text = fillConsent(DEFAULT_CONSENT[language], FACTS, language);
    for (const fact of ['HQ', 'Gate', '7', '365']) expect(text).toContain(fact);
    expect(text).not.toMatch(/[{}]/);
    expect(strangePlaceholders(DEFAULT_CONSENT[language])).toEqual([]);
  });

  it('says it otherwise where the site keeps otherwise', () => {
    const text = (change: Partial<typeof FACTS> & { receiptsDays?: number | null }) =>
      fillConsent('{systems}|{photo}|{failed}|{receipts}', { ...FACTS, ...change } as typeof FACTS, 'en');
    expect(text({})).toBe('HQ and Gate|as soon as all of them have it|after 7 days at the latest|for 365 days');
    expect(text({ deliveredPhotosDays: 1, failedPhotosDays: 1, receiptsDays: null as never })).toBe(
      'HQ and Gate|after 1 day at the latest|after 1 day at the latest|until you are removed',
    );
    expect(text({ systems: ['HQ', 'HQ'] })).toMatch(/^HQ\|/);
    expect(text({ systems: [] })).toMatch(/^no system/);
  });

  it.each(LANGUAGES)(
    'in %s says that faces are kept in numbers, where they are, and nothing of it where not',
    (language) => {
      const [off, on] = [false, true].map((compared) =>
        fillConsent(DEFAULT_CONSENT[language], { ...FACTS, compared }, language),
      );
      expect(on).toMatch(/numbers|数字/);
      expect(off).not.toMatch(/numbers|数字| $/m);
    },
  );

  it('leaves what it does not know as it is, and names it', () => {
    expect(fillConsent('{system} {systems} {{x}}', { ...FACTS, systems: ['$&'] }, 'en')).toBe('{system} $& {{x}}');
    expect(strangePlaceholders('{system} {systems} {x} {x}')).toEqual(['system', 'x']);
  });
});
