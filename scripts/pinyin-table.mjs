// Writes resources/pinyin.bin, the characters of `simple-keyboard-layouts` by syllable as the page fetches them. To be run when that package
// changes; a test holds the file against it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import layout from 'simple-keyboard-layouts/build/layouts/chinese.js';

/** Characters by syllable, parted by spaces. */
export const SOURCE = layout.layoutCandidates;

/**
 * A line a syllable, its characters after it: in GB 18030, where a character takes two bytes instead of three and the usual ones lie in the
 * order of their sound, which gzip makes a third less of.
 *
 * @param {Readonly<Record<string, string>>} table characters by syllable, parted by spaces
 * @returns {Uint8Array}
 */
export function packPinyin(table) {
  const lines = Object.entries(table).map(([syllable, list]) => `${syllable} ${list.replaceAll(' ', '')}`);
  return iconv.encode(lines.sort().join('\n'), 'gb18030');
}

if (process.argv[1] === import.meta.filename)
  await writeFile(join(import.meta.dirname, '../resources/pinyin.bin'), packPinyin(SOURCE));
