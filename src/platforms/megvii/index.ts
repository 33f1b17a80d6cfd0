import { z } from 'zod';
import type { PlatformDefinition } from '../contract.ts';
import { baseConfig } from '../core/config.ts';
import { told } from '../core/form.ts';
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
  appKey: told(z.string().min(1), {
    label: { en: 'App key', 'zh-CN': 'App Key' },
    help: { en: 'From the box’s page for open interfaces.', 'zh-CN': '来自设备的开放接口页面。' },
  }),
  secretKey: told(z.string().min(1), {
    label: { en: 'Secret key', 'zh-CN': 'Secret Key' },
    help: { en: 'Belongs to the app key.', 'zh-CN': '与 App Key 配套。' },
  }),
  groupUuids: z
    .strictObject({
      staff: told(uuids.optional(), {
        label: { en: 'Groups of staff', 'zh-CN': '员工组' },
        help: { en: 'What opens doors to staff on this box.', 'zh-CN': '决定员工可通行的门。' },
        section: 'place',
        default: { en: 'the box’s default group', 'zh-CN': '设备默认组' },
        from: { list: 'groups', kind: 'staff' },
      }),
      visitor: told(uuids.optional(), {
        label: { en: 'Groups of visitors', 'zh-CN': '访客组' },
        help: { en: 'What opens doors to visitors on this box.', 'zh-CN': '决定访客可通行的门。' },
        section: 'place',
        default: { en: 'the box’s default group', 'zh-CN': '设备默认组' },
        from: { list: 'groups', kind: 'visitor' },
      }),
    })
    .optional(),
  orgUuid: told(z.string().min(1).optional(), {
    label: { en: 'Organisation', 'zh-CN': '组织' },
    help: {
      en: 'The organisation that staff are put into; some boxes demand one.',
      'zh-CN': '员工所归入的组织；部分设备要求必填。',
    },
    section: 'place',
    default: { en: 'none', 'zh-CN': '无' },
    from: { list: 'departments' },
  }),
  /** Before an enrolment the box is searched for faces at least as like as this (人脸比对 1.2.2, 1–99); without it, it is not. */
  similarThreshold: told(z.number().int().min(1).max(99).optional(), {
    label: { en: 'Ask about similar faces from', 'zh-CN': '相似人脸提醒阈值' },
    help: {
      en: 'Before an enrolment the box is searched for faces at least this much alike, 1 to 99.',
      'zh-CN': '录入前在设备中查找相似度不低于该值（1–99）的人脸。',
    },
    section: 'more',
    default: { en: 'not searched', 'zh-CN': '不查找' },
  }),
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
