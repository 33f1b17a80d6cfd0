import { z } from 'zod';
import type { RecognitionRecord } from '#platforms/contract';
import { cursorAfter, LOOKED_BACK_MS } from './policy.ts';

/**
 * Terminals that were cut off from their platform for days hand over what they kept, with the old times, some of it hours after they are back.
 * The platforms number no record in the order in which they got it, so what tells of it is the silence: a gate that is heard again after
 * longer than what is looked through anyway. Then the records are looked through as far back as it lasted.
 */
export const silencesSchema = z.object({
  /** When each gate was heard of last, by the records' own times, ms since the epoch. */
  heard: z.record(z.string(), z.number()),
  /** What has to be looked through again, until when by our clock. */
  owed: z.object({ from: z.number(), until: z.number() }).nullable(),
});
export type Silences = z.infer<typeof silencesSchema>;

export const NO_SILENCES: Silences = { heard: {}, owed: null };

/** A terminal that is back has handed over what it kept within so long. */
const HANDS_OVER_MS = 24 * 60 * 60_000;
/** So many gates of a platform are remembered; beyond them those heard of longest ago are not. */
const MOST_GATES = 500;

/**
 * What is known of gates' silence after records that are new (pure). @param now our clock
 * @returns `begins`: something lies further back than was owed before, and is to be looked through at once
 */
export function heardOf(
  before: Silences,
  records: readonly Pick<RecognitionRecord, 'place' | 'at'>[],
  now: number,
): { silences: Silences; begins: boolean } {
  const heard = new Map(Object.entries(before.heard));
  let owed = before.owed !== null && before.owed.until > now ? before.owed : null;
  let begins = false;
  for (const { place, at } of records) {
    const gate = place ?? '';
    const last = heard.get(gate);
    if (last !== undefined && at - last > LOOKED_BACK_MS) {
      begins ||= owed === null || last < owed.from;
      owed = { from: Math.min(last, owed?.from ?? last), until: now + HANDS_OVER_MS };
    }
    // A clock that was ahead for a while must not hide a silence.
    heard.set(gate, cursorAfter(last ?? null, at, now));
  }
  const kept = heard.size <= MOST_GATES ? heard : [...heard].sort(([, a], [, b]) => b - a).slice(0, MOST_GATES);
  return { silences: { heard: Object.fromEntries(kept), owed }, begins };
}
