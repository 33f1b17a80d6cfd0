/** Nobody types so fast; scanners leave a few milliseconds between two keys, by radio some thirty. */
const GAP_MS = 50;
/** Shorter codes exist, and are typed. */
const LEAST = 4;

/** What a key was: part of what may be a code, the end of one that was scanned, or neither. */
export type Scan = { code: string } | null;

/**
 * Tells a scanner that types (a keyboard wedge) from a person who does: a code comes faster than hands do and ends with Enter.
 * Pure: it is given keys and their times.
 */
export function createScanReader(): { take(key: string, at: number): Scan } {
  let text = '';
  let last = Number.NEGATIVE_INFINITY;
  return {
    take(key, at) {
      const quick = at - last <= GAP_MS;
      if (key === 'Enter') {
        const code = quick ? text.trim() : '';
        text = '';
        return code.length >= LEAST ? { code } : null;
      }
      last = at;
      // Shift and its like are no letters, and come between those that are.
      const letter = [...key].length === 1 ? key : '';
      text = quick ? text + letter : letter;
      return null;
    },
  };
}
