import { describe, expect, it, vi } from 'vitest';
import { fetchLanguages, startI18n } from '../../../src/renderer/i18n/index.ts';
import { type Texts, translator } from '../../../src/renderer/i18n/translate.ts';

it('starts with one language, and has the words of every other beside it once they are fetched', async () => {
  const i18n = await startI18n('en');
  const complain = vi.spyOn(console, 'error').mockReturnValue();
  expect(i18n.in('zh-CN', 'kiosk')).toBeNull();
  const before = i18n.by('kiosk');

  await fetchLanguages();
  expect(i18n.in('zh-CN', 'kiosk')?.('attract.title')).toBe('欢迎光临');
  expect(i18n.t('kiosk:attract.title')).toBe('Welcome');
  // What draws itself by its words does not draw itself again because another language came.
  expect((await startI18n('en')).by('kiosk')).toBe(before);
  expect(complain).not.toHaveBeenCalled();
  complain.mockRestore();
});

describe('translator', () => {
  const texts = {
    common: { plain: 'Close', deep: { er: 'for {{name}}, {{name}}' }, row_one: 'a row', row_other: '{{count}} rows' },
  };
  const speak = translator('en', texts as unknown as Texts);

  it('finds words by namespace and path', () => {
    expect(speak('common', 'plain')).toBe('Close');
    expect(speak('fault', 'common:plain')).toBe('Close');
  });

  it('fills holes wherever they are, and leaves nothing of one without a value', () => {
    expect(speak('common', 'deep.er', { name: 'Zoë' })).toBe('for Zoë, Zoë');
    expect(speak('common', 'deep.er', { name: '$& {{x}}' })).toBe('for $& {{x}}, $& {{x}}');
    expect(speak('common', 'deep.er')).toBe('for , ');
  });

  it('takes the plural the language wants', () => {
    expect(speak('common', 'row', { count: 1 })).toBe('a row');
    expect(speak('common', 'row', { count: 0 })).toBe('0 rows');
    expect(speak('common', 'plain', { count: 2 })).toBe('Close');
  });

  it('says where a text is missing, and shows its key', () => {
    const complain = vi.spyOn(console, 'error').mockReturnValue();
    expect(speak('common', 'deep')).toBe('deep');
    expect(speak('common', 'constructor')).toBe('constructor');
    // Where every browser test looks.
    expect(complain).toHaveBeenCalledWith('no text: common:deep (en)');
    complain.mockRestore();
  });
});
