import { z } from 'zod';
import { baseConfig, pushPort } from '../core/config.ts';

/** One terminal; a station that feeds several has an entry for each (interfaces.md). */
export const deviceConfig = baseConfig.extend({
  kind: z.literal('device'),
  password: z.string().min(1),
  /** Port of the push of records (§8.3.3); 9000 unless said otherwise. */
  pushPort: pushPort.optional(),
});
export type DeviceConfig = z.infer<typeof deviceConfig>;
