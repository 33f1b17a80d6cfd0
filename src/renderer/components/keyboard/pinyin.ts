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

/** The table, fetched when it is first needed: it weighs more than the keyboard. */
export async function loadPinyin(): Promise<PinyinTable> {
  const { default: layout } = await import('simple-keyboard-layouts/build/layouts/chinese');
  // Its types leave out what only some languages have.
  return (layout as typeof layout & { layoutCandidates: PinyinTable }).layoutCandidates;
}
