import type { InspectorPool } from '#vision/node/pool';
import { openInspector } from '../../../compose.ts';
import { median } from '../figures.ts';

/** Photos a second; medians of rounds by turns. */
export interface Pace {
  set: string;
  /** One thread, one photo after another. */
  one: number;
  /** One thread that decodes the next photo (on another core) while it looks at this one. */
  ahead: number;
  two: number;
  /** Two threads over one: medians of each round's own quotient. */
  twoOverOne: number;
  twoOverAhead: number;
}

/** Looks in a turn, at the least: the start and the end of a turn, when a thread waits for the other, are to count for little. */
const TURN_LOOKS = 40;

/** Looks before the first turn: V8 compiles anew what it has seen for some time, each thread for itself. */
const WARM_LOOKS = 120;

/** How fast one thread and two look at photos, in turns of which each looks at all of them, as often as makes a turn. */
export async function benchPace(
  sets: readonly { name: string; photos: readonly Uint8Array[] }[],
  rounds: number,
  signal: AbortSignal,
): Promise<Pace[]> {
  const single = openInspector(1);
  const double = openInspector(2);
  try {
    const found: Pace[] = [];
    for (const { name, photos: each } of sets) {
      const photos = Array.from({ length: Math.ceil(TURN_LOOKS / each.length) }, () => each).flat();
      const turns = {
        one: () => rate(photos, 1, single, signal),
        ahead: () => rate(photos, 3, single, signal),
        two: () => rate(photos, 5, double, signal),
      };
      for (let looks = 0; looks < WARM_LOOKS; looks += photos.length) {
        await turns.one();
        await turns.two();
      }
      const rates: Record<keyof typeof turns, number>[] = [];
      for (let round = 0; round < rounds; round++)
        rates.push({ one: await turns.one(), ahead: await turns.ahead(), two: await turns.two() });
      const of = (value: (round: (typeof rates)[number]) => number) => median(rates.map(value));
      found.push({
        set: name,
        one: of(({ one }) => one),
        ahead: of(({ ahead }) => ahead),
        two: of(({ two }) => two),
        twoOverOne: of(({ one, two }) => two / one),
        twoOverAhead: of(({ ahead, two }) => two / ahead),
      });
    }
    return found;
  } finally {
    await single.close();
    await double.close();
  }
}

async function rate(photos: readonly Uint8Array[], lanes: number, pool: InspectorPool, signal: AbortSignal) {
  const from = performance.now();
  const all = photos.values();
  const lane = async (): Promise<void> => {
    for (const bytes of all) await pool.inspect({ bytes }, signal);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return (photos.length * 1_000) / (performance.now() - from);
}
