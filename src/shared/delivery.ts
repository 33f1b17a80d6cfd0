import { z } from 'zod';
import { faultSchema } from './fault.ts';

export const DELIVERY_STATES = [
  'queued',
  'running',
  'waiting',
  'asking',
  'delivered',
  'verified',
  'refused',
  'abandoned',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

const DOOR_STATES = ['applied', 'pending', 'failed', 'none'] as const;
export type DoorState = (typeof DOOR_STATES)[number];

/** What a platform wants a person at the desk to decide. */
export const questionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('similar'),
    /** Who the platform believes it is; what it gave, nothing more. */
    candidate: z.object({ personId: z.string().optional(), name: z.string().optional(), code: z.string().optional() }),
    /** Whether the platform lets us enrol all the same. */
    canForce: z.boolean(),
  }),
  z.object({
    kind: z.literal('exists'),
    candidate: z.object({ personId: z.string().optional(), name: z.string().optional(), code: z.string().optional() }),
    canForce: z.boolean(),
  }),
]);
export type Question = z.infer<typeof questionSchema>;

/** One step of a delivery as a receipt shows it: `qualityJudge`, `single/add`. */
export const stepSchema = z.object({
  name: z.string(),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  outcome: z.enum(['running', 'done', 'failed', 'skipped']),
  /** The platform's code for this step, where it gave one. */
  code: z.string().nullable(),
});

/** One platform's part of an enrolment, as screens and the command line see it. */
export const deliverySchema = z.object({
  id: z.string(),
  enrolment: z.string(),
  platform: z.string(),
  state: z.enum(DELIVERY_STATES),
  /** The person's id on that platform, once known. */
  personId: z.string().nullable(),
  attempts: z.number().int(),
  /** Of a delivered one: what a later look at the platform found missing (`missing`, `no-photo`); it was accepted all the same. */
  error: faultSchema.nullable(),
  /** Things that went well enough but that somebody should know (hcp's 3651). */
  warnings: z.array(z.string()),
  question: questionSchema.nullable(),
  /** When it will be tried again, ms since the epoch, while `waiting`. */
  nextAttemptAt: z.number().nullable(),
  updatedAt: z.number(),
  /** Whether somebody stands and waits for it (`desk`) or it came with a list (`batch`): the desk goes first. */
  urgency: z.enum(['desk', 'batch']).optional(),
  /**
   * Whether the doors have the person, as the last look at the platform told: `pending` is accepted but not on the door yet. Null
   * before the first look, and where a platform does not tell.
   */
  door: z.enum(DOOR_STATES).nullable().optional(),
  /** What the platform said of the doors, in its words. */
  doorDetail: z.string().nullable().optional(),
  /** When the platform will be asked again whether person, photo and access are there, ms since the epoch; null when it will not be. */
  nextCheckAt: z.number().nullable().optional(),
  steps: z.array(stepSchema),
});
export type Delivery = z.infer<typeof deliverySchema>;

export function isSuccess(state: DeliveryState): boolean {
  return state === 'delivered' || state === 'verified';
}

/**
 * The command line's exit code for a set of deliveries (interfaces.md): 0 all good · 1 something refused or abandoned ·
 * 3 not everything could be delivered yet. A refusal outranks a delay: it will not heal by waiting.
 */
export function exitCode(states: readonly DeliveryState[]): 0 | 1 | 3 {
  if (states.some((state) => state === 'refused' || state === 'abandoned')) return 1;
  return states.every(isSuccess) ? 0 : 3;
}
