/** Characters by syllable without tone, each list parted by spaces, the usual ones first. */
export type PinyinTable = Readonly<Record<string, string>>;

export interface Reading {
  /** How many of the letters the characters stand for. */
  used: number;
  characters: string[];
}

/** Of a syllable that is not finished yet, so many of each. */
const FEW = 3;

/** Characters for typed letters: of the longest syllable they begin with, else of those they may become. Pure. */
export function readPinyin(table: PinyinTable, letters: string): Reading {
  for (let used = letters.length; used > 0; used -= 1) {
    const found = table[letters.slice(0, used)];
    if (found) return { used, characters: found.split(' ') };
  }
  const becoming = Object.keys(table).filter((syllable) => syllable.startsWith(letters));
  const characters = becoming.flatMap((syllable) => table[syllable]?.split(' ').slice(0, FEW) ?? []);
  return { used: letters.length, characters: letters === '' ? [] : [...new Set(characters)] };
}

/** The table from its file (`scripts/pinyin-table.mjs` writes it). */
export function readTable(bytes: ArrayBuffer): PinyinTable {
  const lines = new TextDecoder('gb18030').decode(bytes).split('\n');
  return Object.fromEntries(
    lines.map((line) => {
      const [syllable = '', characters = ''] = line.split(' ');
      return [syllable, [...characters].join(' ')];
    }),
  );
}

/** The table, fetched when it is first needed: it weighs more than the keyboard. */
export async function loadPinyin(): Promise<PinyinTable> {
  const answer = await fetch(new URL('../../../../resources/pinyin.bin', import.meta.url));
  if (!answer.ok) throw new Error(`no table: HTTP ${answer.status}`);
  return readTable(await answer.arrayBuffer());
}
