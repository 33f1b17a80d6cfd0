import { z } from 'zod';
import { faultSchema } from '../fault.ts';

const none = z.undefined();

/** How the key stands that everything at rest is sealed with. The key itself never crosses. */
const keyStatus = z.object({
  /** Who keeps it: a file in the data folder, the system's key ring, or the environment, whose owner alone can change it. */
  keeper: z.enum(['file', 'key-ring', 'environment']),
  /** `interrupted`: a change was begun and did not end; both keys are there, and the next change ends it. */
  state: z.enum(['idle', 'running', 'interrupted']),
  /** Photos looked at so far, and all of them; null before it came to them, and when nothing is running. */
  progress: z.object({ done: z.number().int(), total: z.number().int() }).nullable(),
  /** The last change since the station was opened: how it ended. */
  last: z
    .discriminatedUnion('outcome', [
      z.object({
        outcome: z.literal('done'),
        records: z.number().int(),
        photos: z.number().int(),
        /** Photos that no key opens, left as they were. */
        unreadable: z.number().int(),
        /** Older copies of the journal, under the old key, which were deleted. */
        copies: z.number().int(),
      }),
      z.object({ outcome: z.literal('failed'), fault: faultSchema }),
    ])
    .nullable(),
});

/** Calls about the key that everything at rest is sealed with. */
export const keyCalls = {
  'key.status': { input: none, output: keyStatus },
  /**
   * Begins to replace the key, or ends a change that was interrupted, and answers at once: `key.status` tells how it goes. Rejects with
   * `validation`: `key-environment`, `key-company` (another process is at work in the data folder).
   */
  'key.change': { input: none, output: keyStatus },
} as const;
