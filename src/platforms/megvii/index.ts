import { z } from 'zod';
import type { PlatformDefinition } from '../contract.ts';
import { baseConfig } from '../core/config.ts';
import { createHttp } from '../core/http.ts';
import { remove, test, verify } from './care.ts';
import { createMegviiClient } from './client.ts';
import { enrol } from './enrol.ts';
import { predict, problems, rendition, required } from './rules.ts';

const uuids = z.array(z.string().min(1));

/** interfaces.md, "Configuration": kind `megvii`. */
const megviiConfig = baseConfig.extend({
  kind: z.literal('megvii'),
  appKey: z.string().min(1),
  secretKey: z.string().min(1),
  groupUuids: z.strictObject({ staff: uuids.optional(), visitor: uuids.optional() }).optional(),
  orgUuid: z.string().min(1).optional(),
});
type MegviiConfig = z.infer<typeof megviiConfig>;

/** Megvii Hongtu 3000 box (鸿图3000, V1.0.6). */
export const megvii: PlatformDefinition<MegviiConfig> = {
  kind: 'megvii',
  title: 'Megvii Hongtu 3000',
  config: megviiConfig,
  secrets: ['secretKey'],
  capabilities: ['visitor', 'quality', 'verify', 'remove', 'access'],
  rendition,
  required,
  problems,
  predict,
  create(config, deps) {
    const { appKey, secretKey, groupUuids, orgUuid } = config;
    const http = createHttp({
      baseUrl: config.baseUrl,
      tls: config.tls,
      allowHttp: config.allowHttp,
      timeouts: config.timeouts,
      configDir: deps.configDir,
      secrets: [secretKey],
      now: () => deps.now(),
    });
    const client = createMegviiClient({ http, credentials: { appKey, secretKey }, deps });
    const placement = { groupUuids, orgUuid };
    return {
      enrol: (job) => enrol({ client, placement }, job),
      test: (signal) => test(client, signal),
      verify: (code, kind, signal) => verify(client, placement, code, kind, signal),
      remove: (code, kind, signal) => remove(client, code, kind, signal),
      close: () => http.close(),
    };
  },
};
