import { z } from 'zod';
import type { PlatformDefinition } from '../contract.ts';
import { baseConfig } from '../core/config.ts';
import { createHttp } from '../core/http.ts';
import { createUnsettled } from '../core/unsettled.ts';
import { remove, test, verify } from './care.ts';
import { createHikConnectClient } from './client.ts';
import { enrol } from './enrol.ts';
import { sharedLimiter } from './limiter.ts';
import { createDirectory } from './lookup.ts';
import { predict, problems, rendition, required } from './rules.ts';

/** interfaces.md, "Configuration": kind `hikconnect`. Keys have at most 64 characters (5.1.1). */
const hikconnectConfig = baseConfig.extend({
  kind: z.literal('hikconnect'),
  appKey: z.string().min(1).max(64),
  secretKey: z.string().min(1).max(64),
  groupId: z.string().min(1),
  accessLevelIds: z.array(z.string().min(1)).optional(),
  /** Where a name has one word: say it twice, or put a dash for the other. */
  singleName: z.enum(['repeat', 'dash']).optional(),
});
type HikConnectConfig = z.infer<typeof hikconnectConfig>;

/** Hik-Connect for Teams (HikCentral Connect), OpenAPI V2.14.0. */
export const hikconnect: PlatformDefinition<HikConnectConfig> = {
  kind: 'hikconnect',
  title: 'Hik-Connect for Teams',
  config: hikconnectConfig,
  secrets: ['secretKey'],
  capabilities: ['visitor', 'verify', 'remove', 'access'],
  rendition,
  required,
  problems,
  predict,
  create(config, deps) {
    const http = createHttp({
      baseUrl: config.baseUrl,
      tls: config.tls,
      allowHttp: config.allowHttp,
      timeouts: config.timeouts,
      configDir: deps.configDir,
      secrets: [config.secretKey, config.appKey],
      now: () => deps.now(),
    });
    const limiter = sharedLimiter(config.baseUrl, config.appKey, deps);
    const client = createHikConnectClient({ http, limiter, config, deps });
    const directory = createDirectory(client);
    const room = {
      client,
      directory,
      placement: {
        groupId: config.groupId,
        accessLevelIds: config.accessLevelIds ?? [],
        singleName: config.singleName ?? 'repeat',
      },
      unsettled: createUnsettled(),
      incomplete: new Set<string>(),
      now: () => deps.now(),
    };
    return {
      enrol: (job) => enrol(room, job),
      test: (signal) => test(client, config.groupId, signal),
      verify: (code, _kind, signal) => verify(client, directory, code, signal),
      remove: (code, _kind, signal) => remove(client, directory, code, signal),
      close: () => http.close(),
    };
  },
};
