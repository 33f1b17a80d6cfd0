/** Rows as lines of aligned columns, indented: the first column and words to the left, numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, n) => Math.max(...all.map((row) => (row[n] ?? '').length)));
  const numeric = head.map((_, n) => n > 0 && rows.every((row) => /^[\s\d.,–−+%°·()-]*$/.test(row[n] ?? '')));
  return all.map((row) =>
    `  ${widths.map((width, n) => ((cell) => (numeric[n] ? cell.padStart(width) : cell.padEnd(width)))(row[n] ?? '')).join('  ')}`.trimEnd(),
  );
}

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export const counts = (of: Readonly<Record<string, number>>): string =>
  Object.entries(of)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

/** Three significant digits, as people read measures. */
export const figure = (value: number): string => {
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return size >= 1 || size === 0 ? value.toFixed(2) : value.toFixed(3);
};
