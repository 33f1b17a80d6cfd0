import { z } from 'zod';
import { baseConfig } from '../core/config.ts';

export const hcpConfig = baseConfig.extend({
  kind: z.literal('hcp'),
  baseUrl: baseConfig.shape.baseUrl.refine((url) => /\/artemis\/*$/.test(new URL(url).pathname), {
    message: 'baseUrl ends in /artemis, the gateway’s own path',
  }),
  appKey: z.string().min(1),
  appSecret: z.string().min(1),
  orgIndexCode: z.string().min(1),
  privilegeGroupId: z.string().min(1).optional(),
  /** The effective period, where the site has a rule of its own. */
  validity: z
    .strictObject({
      /** Days from today for staff who bring no end; ten years without it. */
      days: z.number().int().min(1).max(3650).optional(),
      /** Days added to the end a person brings ("completion date + 7" in the source workflow). */
      graceDays: z.number().int().min(0).max(3650).optional(),
    })
    .optional(),
  /** Where the version of the picture is kept; `none` leaves the remark to others and sends the picture every time. */
  photoVersionIn: z.enum(['remark', 'none']).optional(),
});
export type HcpConfig = z.infer<typeof hcpConfig>;
