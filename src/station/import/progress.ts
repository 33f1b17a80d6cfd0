/** How fast something goes, from what was done lately. */
export interface Pace {
  /** So much is done by now. */
  reached(done: number): void;
  /** A second; null until it can be told. */
  rate(): number | null;
  /** Milliseconds; null until it can be told. */
  left(done: number, total: number | null): number | null;
}

const WINDOW_MS = 30_000;
const LEAST_MS = 2_000;

/** @param now milliseconds of a clock that only goes forward */
export function createRowPace(now: () => number): Pace {
  const marks: { at: number; done: number }[] = [{ at: now(), done: 0 }];
  const rate = (): number | null => {
    const [first, last] = [marks[0], marks.at(-1)];
    if (!first || !last || last.at - first.at < LEAST_MS) return null;
    return ((last.done - first.done) * 1000) / (last.at - first.at);
  };
  return {
    reached(done) {
      const at = now();
      const last = marks.at(-1);
      // A mark every quarter second is exact enough, and few enough to keep.
      if (last && marks.length > 1 && at - last.at < 250) Object.assign(last, { at, done });
      else marks.push({ at, done });
      while (marks.length > 2 && at - (marks[1]?.at ?? at) > WINDOW_MS) marks.shift();
    },
    rate,
    left(done, total) {
      const speed = rate();
      return total === null || speed === null || speed <= 0 ? null : Math.round(((total - done) * 1000) / speed);
    },
  };
}

/** `1:02:03` or `4:05`. */
export function clockTime(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
