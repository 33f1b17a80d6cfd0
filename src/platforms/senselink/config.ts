import { z } from 'zod';
import { baseConfig, pushPort } from '../core/config.ts';

const groups = z.array(z.number().int().positive()).min(1);

export const senselinkConfig = baseConfig.extend({
  kind: z.literal('senselink'),
  appKey: z.string().min(1),
  appSecret: z.string().min(1),
  groupIds: z.strictObject({ staff: groups.optional(), visitor: groups.optional() }).optional(),
  /** Port of the push of records (§6.5.2); 9000 unless said otherwise. */
  pushPort: pushPort.optional(),
  /**
   * Where pictures are fetched: a path on `baseUrl` with `{id}` for a picture's id. The manual prints ids (`avatar`, §6.3) and no call that takes one, so
   * without this the desk sees a similar person's name alone, unless the server prints addresses in place of ids.
   */
  avatarPath: z
    .string()
    .regex(/^\/[^\s#]*\{id\}[^\s#]*$/, 'a path that begins with "/" and holds {id}')
    .optional(),
  /** Makes a department that a person names and SenseLink does not know; without it such a person gets a warning. */
  createDepartments: z.boolean().optional(),
});
export type SenselinkConfig = z.infer<typeof senselinkConfig>;
