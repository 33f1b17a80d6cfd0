import { z } from 'zod';
import { faultSchema } from './fault.ts';

/** Who passes the doors, in words desk and station share. Times are milliseconds since the epoch, by the platform's clock. */

const id = z.string().min(1).max(128);

/** `recognised`: somebody the platform knows. `refused`: known, and not let through. `unknown`: nobody it knows. */
const PASS_OUTCOMES = ['recognised', 'refused', 'unknown'] as const;

/** Somebody passed a door. There is no picture of anybody in it, known or not. */
export const passSchema = z.object({
  id,
  platform: id,
  /** The door or device, in the platform's words. */
  gate: z.string().nullable(),
  at: z.number(),
  outcome: z.enum(PASS_OUTCOMES),
  method: z.enum(['face', 'card', 'code', 'other']),
  /** 0–1, where the platform tells. */
  similarity: z.number().nullable(),
  /** Who it was, where they were enrolled here; of everybody else nothing is told but that they passed. */
  person: z.object({ code: z.string(), name: z.string() }).nullable(),
  /** Whether an enrolment was proven by it: the first time that a door knew the face. */
  proof: z.boolean(),
});
export type GatePass = z.infer<typeof passSchema>;

/** The first pass after an enrolment: the last proof that it worked. */
export const proofSchema = z.object({
  delivery: id,
  enrolment: id,
  platform: id,
  gate: z.string().nullable(),
  at: z.number(),
  similarity: z.number().nullable(),
});
export type GateProof = z.infer<typeof proofSchema>;

/** `connecting`: not read yet. `listening`: who passes is told here. `unreachable`: not at present, see `fault`; what is missed is read afterwards. */
const WATCH_STATES = ['connecting', 'listening', 'unreachable'] as const;

/** How the watch of one platform's records stands. */
export const watchSchema = z.object({
  platform: id,
  state: z.enum(WATCH_STATES),
  fault: faultSchema.nullable(),
  /** When it is tried again while it is unreachable. */
  retryAt: z.number().nullable(),
});
export type GateWatch = z.infer<typeof watchSchema>;

/** A door or terminal, and what an operator can do with it from here. */
const doorSchema = z.object({
  id,
  name: z.string(),
  /** Whether its platform reaches it; null where it does not tell. */
  online: z.boolean().nullable(),
  canOpen: z.boolean(),
});

/** The doors of one platform. */
export const gateDoorsSchema = z.object({
  platform: id,
  doors: z.array(doorSchema),
  /** The platform's clock minus ours in milliseconds; null where it tells no time. */
  skewMs: z.number().nullable(),
  canSetClock: z.boolean(),
  /** Why the doors could not be told; null where they are. */
  fault: faultSchema.nullable(),
});
export type GateDoors = z.infer<typeof gateDoorsSchema>;
