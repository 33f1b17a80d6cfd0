import { z } from 'zod';
import { baseConfig } from '../core/config.ts';

/** One terminal; a station that feeds several has an entry for each (interfaces.md). */
export const deviceConfig = baseConfig.extend({ kind: z.literal('device'), password: z.string().min(1) });
export type DeviceConfig = z.infer<typeof deviceConfig>;
