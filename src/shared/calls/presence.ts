import { z } from 'zod';
import { pinSchema } from '../operators.ts';
import { PRESENCE_ACTIONS } from '../presence.ts';

/** Calls and shapes of the presence check (`shared/presence.ts`). */

/** Whether a station asks for it before a picture: `off` where an operator sees who stands there. */
const PRESENCE_SETTINGS = ['off', 'on'] as const;
export const presenceSetting = z.enum(PRESENCE_SETTINGS);

/**
 * What the page says it did before a picture. The station cannot see that it did: it writes down what it was told (docs/security.md).
 * `skipped` needs the permission that `presence.skip` gives.
 */
export const presenceReport = z.discriminatedUnion('result', [
  z.strictObject({ result: z.literal('passed'), actions: z.array(z.enum(PRESENCE_ACTIONS)).min(1).max(8) }),
  z.strictObject({ result: z.literal('skipped'), permission: z.string().min(1).max(128) }),
]);
export type PresenceReport = z.infer<typeof presenceReport>;

/** What is kept with an enrolment; `at` is the station's time, ms since the epoch. `off`: the station did not ask for it. */
export const presenceRecord = z.object({
  result: z.enum(['passed', 'skipped', 'off']),
  at: z.number().int(),
  actions: z.array(z.enum(PRESENCE_ACTIONS)),
});
export type PresenceRecord = z.infer<typeof presenceRecord>;

export const presenceCalls = {
  /** Lets one picture be handed over without the presence check. Needs the supervisor's PIN where one is set. */
  'presence.skip': {
    input: z.strictObject({ pin: pinSchema.optional() }),
    output: z.object({ permission: z.string() }),
  },
} as const;
