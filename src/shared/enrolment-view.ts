import { z } from 'zod';
import { presenceRecord } from './calls/presence.ts';
import { deliverySchema } from './delivery.ts';

/** An enrolment as screens see it: who, when, and how each platform's part of it stands. */
export const enrolmentView = z.object({
  id: z.string().min(1).max(128),
  code: z.string(),
  name: z.string(),
  kind: z.enum(['staff', 'visitor']),
  createdAt: z.number(),
  /** The text the person agreed to, and when. */
  consent: z.object({ version: z.string(), at: z.number() }).nullable().optional(),
  /** The presence check before the picture; null where no camera was asked. */
  presence: presenceRecord.nullable().optional(),
  deliveries: z.array(deliverySchema),
});
export type EnrolmentView = z.infer<typeof enrolmentView>;
