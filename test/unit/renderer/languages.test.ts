import { expect, it, vi } from 'vitest';
import { fetchLanguages, LANGUAGE_NAMES, languagesHere, startI18n, textsIn } from '../../../src/renderer/i18n/index.ts';

it('starts with one language, and has the words of every other beside it once they are fetched', async () => {
  const i18n = await startI18n('en');
  const complain = vi.spyOn(console, 'error').mockReturnValue();
  const invitation = textsIn('zh-CN', 'kiosk');
  expect(languagesHere()).toEqual(['en']);
  // A text that is not here is told where every browser test looks.
  expect(invitation('attract.title')).toBe('kiosk:attract.title');
  expect(complain).toHaveBeenCalledWith(expect.stringContaining('kiosk:attract.title'));
  complain.mockClear();

  await fetchLanguages();
  expect(languagesHere()).toEqual(Object.keys(LANGUAGE_NAMES));
  expect(invitation('attract.title')).toBe('欢迎光临');
  expect(i18n.t('kiosk:attract.title')).toBe('Welcome');
  expect(complain).not.toHaveBeenCalled();
  complain.mockRestore();
});
