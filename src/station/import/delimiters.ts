/** What may stand between two cells. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

const RECORDS = 20;

/**
 * What stands between the cells of a table, from its first records (pure): the one that cuts them into the same number of cells, and into
 * the most. Quoted delimiters and line ends do not count. A single column has none, and is said to be divided by commas.
 */
export function guessDelimiter(start: string): Delimiter {
  const declared = declaredDelimiter(start);
  if (declared !== null) return declared;
  let best: { delimiter: Delimiter; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const counts = countCells(start, delimiter).filter((cells, n) => cells > 1 || n === 0);
    const columns = counts[0] ?? 1;
    if (columns < 2) continue;
    const agreeing = counts.filter((cells) => cells === columns).length / counts.length;
    const score = agreeing * 100 + columns;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

/** Excel's own first line `sep=;`, which is no row. */
export function declaredDelimiter(start: string): Delimiter | null {
  const [, named] = /^sep=(.)\r?\n/i.exec(start) ?? [];
  return DELIMITERS.find((delimiter) => delimiter === named) ?? null;
}

/** Cells of each of the first records, the last one left out where it may be cut off. */
function countCells(text: string, delimiter: string): number[] {
  const counts: number[] = [];
  let cells = 1;
  let quoted = false;
  let filled = false;
  for (const char of text) {
    if (char === '"') quoted = !quoted;
    else if (!quoted && char === delimiter) cells += 1;
    else if (!quoted && (char === '\n' || char === '\r')) {
      if (filled) counts.push(cells);
      if (counts.length === RECORDS) return counts;
      cells = 1;
      filled = false;
      continue;
    }
    filled = true;
  }
  if (counts.length === 0 && filled) counts.push(cells);
  return counts;
}
