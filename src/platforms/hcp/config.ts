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
});
export type HcpConfig = z.infer<typeof hcpConfig>;
