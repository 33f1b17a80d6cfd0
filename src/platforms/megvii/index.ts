import { z } from 'zod';
import type { PlatformDefinition } from '../contract.ts';
import { baseConfig } from '../core/config.ts';
import { createHttp } from '../core/http.ts';
import { fetchPicture, pictureAddress } from '../core/picture.ts';
import { remove, test, verify } from './care.ts';
import { createMegviiClient } from './client.ts';
import { createLiveCriteria } from './criteria.ts';
import { createDoors } from './doors.ts';
import { enrol } from './enrol.ts';
import { catalogue, createGroups, createRights } from './groups.ts';
import { byUuid, findByCode, searchStaff } from './lookup.ts';
import { pass } from './pass.ts';
import { records } from './records.ts';
import { concerns, judging, predict, problems, rendition, required } from './rules.ts';
import { createSession } from './session.ts';
import { similar } from './similar.ts';
import { createMegviiSite } from './site.ts';

const uuids = z.array(z.string().min(1));

/** interfaces.md, "Configuration": kind `megvii`. */
const megviiConfig = baseConfig.extend({
  kind: z.literal('megvii'),
  appKey: z.string().min(1),
  secretKey: z.string().min(1),
  groupUuids: z.strictObject({ staff: uuids.optional(), visitor: uuids.optional() }).optional(),
  orgUuid: z.string().min(1).optional(),
  /** Before an enrolment the box is searched for faces at least as like as this (人脸比对 1.2.2, 1–99); without it, it is not. */
  similarThreshold: z.number().int().min(1).max(99).optional(),
});
type MegviiConfig = z.infer<typeof megviiConfig>;

/** Megvii Hongtu 3000 box (鸿图3000, V1.0.6). */
export const megvii: PlatformDefinition<MegviiConfig> = {
  kind: 'megvii',
  title: 'Megvii Hongtu 3000',
  config: megviiConfig,
  secrets: ['secretKey'],
  capabilities: [
    'visitor',
    'quality',
    'verify',
    'remove',
    'access',
    'catalogue',
    'similar',
    'pass',
    'records',
    'criteria',
    'groups',
    'rights',
    'portrait',
    'search',
    'doors',
  ],
  rendition,
  required,
  problems,
  predict,
  concerns,
  judging,
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
    const session = createSession({ http, credentials: { appKey, secretKey }, deps });
    const client = createMegviiClient(session);
    const site = createMegviiSite(session);
    const now = () => deps.now();
    const criteria = createLiveCriteria(site, now);
    const placement = { groupUuids, orgUuid };
    const room = { client, site, placement, threshold: config.similarThreshold ?? null };
    return {
      enrol: (job) => enrol(room, job),
      test(signal) {
        // Somebody asks on purpose: no pause of the circuit stands in the way.
        http.hurry();
        return test({ session, client, site, placement, criteria }, signal);
      },
      verify: (code, kind, signal) => verify(room, code, kind, signal),
      remove: (code, kind, signal) => remove(client, code, kind, signal),
      catalogue: (signal) => catalogue(site, signal),
      similar: (photo, signal) => similar(room, photo, signal),
      pass: (code, signal) => pass(client, now, code, signal),
      records: (range, signal) => records(room, range, signal),
      search: (name, signal) => searchStaff(client, name, signal),
      async portrait({ personId, code, kind }, signal) {
        const person =
          personId !== null
            ? await byUuid(client, personId, signal)
            : code === null
              ? null
              : await findByCode(client, code, kind, signal);
        // 人员管理 1.9.3: `imageUri` is an address below the box's own `/pub/`, without a signature.
        const address = pictureAddress(person?.imageUri, config);
        return address === null ? null : fetchPicture(http, address, signal);
      },
      criteria: (signal) => criteria.get(signal),
      groups: createGroups(site),
      rights: createRights(client, site),
      doors: createDoors(site),
      circuit: () => http.circuit(),
      close: () => http.close(),
    };
  },
};
