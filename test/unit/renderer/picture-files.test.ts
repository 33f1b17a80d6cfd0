import { describe, expect, it } from 'vitest';
import { startI18n } from '../../../src/renderer/i18n/index.ts';
import { pictureWords } from '../../../src/renderer/lib/fault-words.ts';
import { droppedIn } from '../../../src/renderer/lib/use-file-drop.ts';

const CODES = ['file-too-big', 'file-empty', 'several', 'folder', 'not-an-image', 'heic', 'unsupported', 'truncated'];

describe('a file that is no good picture', () => {
  it.each(['en', 'zh-CN'] as const)('is told in words that say what to do (%s)', async (language) => {
    const i18n = await startI18n(language);
    for (const code of [...CODES, 'too-large', 'unreadable']) {
      const words = pictureWords(i18n, { kind: 'quality', code, message: 'the station’s English' });
      expect(words.detail).toBeNull();
      expect(words.help).toMatch(language === 'en' ? /[a-z]{3}.*\.$/ : /[\u4e00-\u9fff]{3}.*。$/);
    }
    expect(pictureWords(i18n, { kind: 'server', code: '500', message: 'it said' }).detail).toBe('it said');
  });
});

describe('what is dropped on the page', () => {
  const file = new File(['x'], 'a.jpg');
  const data = (files: File[], isDirectory = false) =>
    ({
      files: files as unknown as FileList,
      items: [{ kind: 'file', webkitGetAsEntry: () => ({ isDirectory }) }] as unknown as DataTransferItemList,
    }) as const;

  it('is one picture, or told: several files, a folder; text is nothing', () => {
    expect(droppedIn(data([file]))).toEqual({ file });
    expect(droppedIn(data([file, file]))).toEqual({ problem: 'several' });
    expect(droppedIn(data([file], true))).toEqual({ problem: 'folder' });
    expect(droppedIn(data([]))).toBeNull();
    expect(droppedIn(null)).toBeNull();
  });
});
