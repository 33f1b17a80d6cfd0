import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { packPinyin, SOURCE } from '../../../scripts/pinyin-table.mjs';
import {
  type Layer,
  layerFor,
  ROWS,
  startsCapital,
  takesWords,
} from '../../../src/renderer/components/keyboard/layouts.ts';
import { readPinyin, readTable } from '../../../src/renderer/components/keyboard/pinyin.ts';

describe('the keyboard on the screen', () => {
  const typed = (layer: Layer) => ROWS[layer].flat().flatMap((key) => ('type' in key ? [key.type] : []));

  it('has what names, codes, telephone numbers and e-mail addresses are written with', () => {
    expect(typed('letters').join('')).toMatch(/^(?=.*q)(?=.*m)(?=.*@)(?=.*\.)(?=.*-)(?=.* )/);
    for (const digit of '0123456789') {
      expect(typed('numbers')).toContain(digit);
      expect(typed('digits')).toContain(digit);
    }
    for (const letter of 'äöüßéèçñøåłšž') expect(typed('accents'), letter).toContain(letter);
    expect(typed('digits')).toContain('+');
    for (const sign of "_+'") expect(typed('numbers'), sign).toContain(sign);
  });

  it('leads from each layer back to the letters, to the next field and away', () => {
    for (const [layer, rows] of Object.entries(ROWS)) {
      const actions = rows.flat().flatMap((key) => ('does' in key ? [key.does] : []));
      expect(actions, layer).toEqual(expect.arrayContaining(['back', 'enter', 'hide']));
      if (layer !== 'letters') expect(actions, layer).toContain('letters');
      const names = rows.map((row) => row.map((key) => ('does' in key ? key.does : key.type)));
      for (const row of names) expect(new Set(row).size, layer).toBe(row.length);
      expect(Math.max(...rows.map((row) => row.length)), layer).toBeLessThanOrEqual(11);
    }
  });

  it('begins as the field needs it', () => {
    expect(layerFor('tel')).toBe('digits');
    expect(layerFor('text')).toBe('letters');
    expect(takesWords('name.family', 'text')).toBe(true);
    expect(takesWords('code', 'text')).toBe(false);
    expect(takesWords('email', 'email')).toBe(false);
    expect(startsCapital('', 'words')).toBe(true);
    expect(startsCapital('Anna ', 'words')).toBe(true);
    expect(startsCapital('Anna-', 'words')).toBe(true);
    expect(startsCapital('Ann', 'words')).toBe(false);
    expect(startsCapital('A visit ', 'sentences')).toBe(false);
    expect(startsCapital('', 'off')).toBe(false);
  });
});

describe('pinyin', () => {
  const table = { wang: '王 望', wa: '挖', wei: '为 伟 卫 位', wen: '文', xi: '西', xian: '先' };

  it('reads the longest syllable first and says how much of it was used', () => {
    expect(readPinyin(table, 'wangwei')).toEqual({ used: 4, characters: ['王', '望'] });
    expect(readPinyin(table, 'xian')).toMatchObject({ used: 4 });
    expect(readPinyin(table, 'wa')).toEqual({ used: 2, characters: ['挖'] });
  });

  it('offers what an unfinished syllable may become, and nothing for what is none', () => {
    expect(readPinyin(table, 'we')).toEqual({ used: 2, characters: ['为', '伟', '卫', '文'] });
    expect(readPinyin(table, 'q')).toEqual({ used: 1, characters: [] });
    expect(readPinyin(table, '')).toEqual({ used: 0, characters: [] });
  });

  it('has every character of its source, in the same order', async () => {
    const file = await readFile('resources/pinyin.bin');
    expect(file.equals(packPinyin(SOURCE))).toBe(true);
    expect(readTable(new Uint8Array(file).buffer)).toEqual(SOURCE);
  });

  it('knows the commonest family names', async () => {
    const real = readTable(new Uint8Array(await readFile('resources/pinyin.bin')).buffer);
    for (const [letters, name] of [
      ['wang', '王'],
      ['li', '李'],
      ['zhang', '张'],
      ['liu', '刘'],
      ['chen', '陈'],
      ['lv', '吕'],
    ] as const)
      expect(readPinyin(real, letters).characters, name).toContain(name);
  });
});
