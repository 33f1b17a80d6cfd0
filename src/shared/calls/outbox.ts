import { z } from 'zod';
import { enrolmentView } from '../enrolment-view.ts';

/** What of the outbox is counted at a glance: on its way, in need of a decision, refused, and verified since midnight. */
export const GLANCES = ['waiting', 'asking', 'refused', 'verified'] as const;
export type Glance = (typeof GLANCES)[number];

/** A platform that failed is left alone (`open`), then tried with one delivery (`half-open`); else its circuit is `closed`. */
const CIRCUITS = ['closed', 'open', 'half-open'] as const;
export type Circuit = (typeof CIRCUITS)[number];

const platformQueue = z.object({
  platform: z.string().min(1).max(128),
  circuit: z.enum(CIRCUITS),
  /** Until when it is left alone, ms since the epoch; null when it is not. */
  pausedUntil: z.number().nullable(),
  /** How often in a row it failed. */
  failures: z.number().int(),
  queued: z.number().int(),
  running: z.number().int(),
  waiting: z.number().int(),
  asking: z.number().int(),
  refused: z.number().int(),
});

export const outboxCalls = {
  /** How each configured platform fares, whichever process delivers to it, and what waits for it. */
  'outbox.platforms': { input: z.undefined(), output: z.array(platformQueue) },
  /**
   * Enrolments of any age that the outbox still holds something of: what moves, waits, asks, or was refused and nobody said what to do.
   * Those that need somebody first, then newest first; `total` counts all of them. With `of` only enrolments with a delivery of that kind,
   * which is also how `verified` ones are listed; `counts` says how many each of these lists holds.
   */
  'outbox.held': {
    input: z.strictObject({
      limit: z.number().int().min(1).max(200).default(50),
      offset: z.number().int().min(0).default(0),
      of: z.enum(GLANCES).optional(),
    }),
    output: z.object({
      total: z.number().int(),
      counts: z.record(z.enum(GLANCES), z.number().int()),
      enrolments: z.array(enrolmentView),
    }),
  },
};
