/** What a platform says of its doors in plain English, as far as we have words for it; `receipts.doors` holds them. */
export interface DoorCount {
  said: 'at' | 'waiting' | 'failed' | 'missing';
  count: number;
  total: number;
}

const SENTENCES: readonly [RegExp, DoorCount['said']][] = [
  [/^at (\d+) of (\d+)$/, 'at'],
  [/^waiting at (\d+) of (\d+)$/, 'waiting'],
  [/^failed at (\d+) of (\d+):/, 'failed'],
  [/^missing in (\d+) of (\d+) configured groups$/, 'missing'],
];

/** What a detail says, with its numbers; null where we have no words of our own. */
export function doorCount(detail: string): DoorCount | null {
  for (const [sentence, said] of SENTENCES) {
    const [, count, total] = sentence.exec(detail) ?? [];
    if (count !== undefined && total !== undefined) return { said, count: Number(count), total: Number(total) };
  }
  return null;
}
