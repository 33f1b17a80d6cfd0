import { z } from 'zod';
import { baseConfig } from '../core/config.ts';

const groups = z.array(z.number().int().positive()).min(1);

export const senselinkConfig = baseConfig.extend({
  kind: z.literal('senselink'),
  appKey: z.string().min(1),
  appSecret: z.string().min(1),
  groupIds: z.strictObject({ staff: groups.optional(), visitor: groups.optional() }).optional(),
});
export type SenselinkConfig = z.infer<typeof senselinkConfig>;
