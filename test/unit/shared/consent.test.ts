import { describe, expect, it } from 'vitest';
import { configFileSchema } from '#shared/config';
import { consentIn } from '#shared/consent';

describe('what people are asked to agree to', () => {
  it('is said in the reader’s language, or in the nearest there is', () => {
    const asked = { version: '1', text: { en: 'pictures', 'zh-CN': '照片', ms: 'gambar' } };
    expect([consentIn(asked, 'zh-CN'), consentIn(asked, 'zh-TW'), consentIn(asked, 'fr')]).toEqual([
      '照片',
      '照片',
      'pictures',
    ]);
    expect(consentIn({ version: '1', text: { ms: 'gambar' } }, 'en')).toBe('gambar');
  });

  it('has a version and a text, or is refused with the configuration', () => {
    const parse = (consent: unknown) => configFileSchema.safeParse({ consent }).success;
    expect(parse({ version: '2026-1', text: { en: 'pictures' } })).toBe(true);
    for (const wrong of [
      { version: '', text: { en: 'x' } },
      { version: '1', text: {} },
      { version: '1', text: { en: ' ' } },
      { text: { en: 'x' } },
    ])
      expect(parse(wrong), JSON.stringify(wrong)).toBe(false);
  });
});
