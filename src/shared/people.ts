import { z } from 'zod';
import { deliverySchema } from './delivery.ts';
import { personSchema } from './person.ts';

/** What the people view sees: somebody as last enrolled, and how they stand on each platform. */

/** How a person stands on one platform: the newest delivery there. */
const standingSchema = deliverySchema.extend({
  /** Whether the platform is in the configuration; else nothing can be asked or changed there now. */
  configured: z.boolean(),
});
export type Standing = z.infer<typeof standingSchema>;

export const personSummarySchema = z.object({
  code: z.string(),
  name: z.string(),
  kind: z.enum(['staff', 'visitor']),
  /** When they were enrolled last, ms since the epoch. */
  enrolledAt: z.number(),
  platforms: z.array(standingSchema),
});
export type PersonSummary = z.infer<typeof personSummarySchema>;

export const peoplePageSchema = z.object({
  /** All that match, not only those of this page. */
  total: z.number().int(),
  people: z.array(personSummarySchema),
});

export const personDetailSchema = personSummarySchema.extend({
  person: personSchema,
  /** Whether a photo is still here, so that another platform can be told without a new one. */
  photoStored: z.boolean(),
  consent: z.object({ version: z.string(), at: z.number() }).nullable(),
  /** Platforms the person is to be removed from as soon as these can be reached. */
  removing: z.array(z.string()),
  /** Newest first. */
  enrolments: z.array(z.object({ id: z.string(), createdAt: z.number(), deliveries: z.array(deliverySchema) })),
});
export type PersonDetail = z.infer<typeof personDetailSchema>;

/** Proof of a removal that names nobody. */
export const removalReceiptSchema = z.object({
  id: z.string(),
  at: z.number(),
  /** What became of the data here: all gone, some kept because a platform is left, or there was none. */
  local: z.enum(['erased', 'kept', 'nothing']),
  /** `removed`, `not-there`, or `failed:` and the kind of fault. */
  platforms: z.array(z.object({ platform: z.string(), outcome: z.string() })),
});
