import { z } from 'zod';
import { gateDoorsSchema, passSchema, proofSchema, watchSchema } from '../gates.ts';

const id = z.string().min(1).max(128);
const none = z.undefined();

/** The gate monitor: who passes the doors, and what an operator does with those. */
export const gateCalls = {
  /**
   * Who passed, newest first, as far as it is kept, and how each platform is watched. `watching` is false where the site does not want it or
   * this process does not do it; `silent` are platforms whose records nobody can ask for.
   */
  'gates.list': {
    input: none,
    output: z.object({
      watching: z.boolean(),
      watches: z.array(watchSchema),
      silent: z.array(id),
      passes: z.array(passSchema),
    }),
  },
  /** Tries a platform that is unreachable again, now. */
  'gates.retry': { input: z.strictObject({ platform: id }), output: none },
  /** Doors and terminals of every platform that has some; asked for afresh. */
  'gates.doors': { input: none, output: z.array(gateDoorsSchema) },
  /**
   * Opens one door once. Rejects with `rate`, `door-rate` (with `retryAfterMs`) when doors were opened too often just now, `validation`,
   * `no-door` where that platform opens none from afar, and with what the platform says.
   */
  'gates.open': { input: z.strictObject({ platform: id, door: id }), output: none },
  /** Sets a terminal's clock to this computer's. Rejects with `validation`, `no-clock` where there is none to set. */
  'gates.setClock': { input: z.strictObject({ platform: id }), output: none },
  /** The first passes of somebody's enrolments; none for somebody unknown. */
  'gates.proofs': { input: z.strictObject({ code: z.string().trim().min(1).max(64) }), output: z.array(proofSchema) },
} as const;

export const gateEvents = {
  /** Somebody passed a door. */
  'gates.passed': passSchema,
  /** An enrolment was proven at a door. */
  'gates.proven': proofSchema,
  'gates.watched': watchSchema,
} as const;
