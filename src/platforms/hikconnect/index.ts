import { z } from 'zod';
import type { EnrolJob, PlatformDefinition } from '../contract.ts';
import { baseConfig } from '../core/config.ts';
import { told } from '../core/form.ts';
import { createHttp } from '../core/http.ts';
import { fetchPicture, pictureAddress } from '../core/picture.ts';
import { remove, test, verify } from './care.ts';
import { createHikConnectClient } from './client.ts';
import { createCredentials } from './credentials.ts';
import { catalogue, createGroups } from './departments.ts';
import { createDoors } from './doors.ts';
import { enrol } from './enrol.ts';
import { sharedLimiter, type Urgency } from './limiter.ts';
import { createDirectory, searchPeople } from './lookup.ts';
import { personPass } from './qr.ts';
import { records } from './records.ts';
import { createResidents } from './residents.ts';
import { createRights } from './rights.ts';
import { concerns, judging, predict, problems, rendition, required } from './rules.ts';
import { createSession } from './session.ts';
import { enrolPass, removePass, type TemporaryPasses, temporaryPass, verifyPass } from './temporary-pass.ts';
import { createTurns } from './turns.ts';

/** interfaces.md, "Configuration": kind `hikconnect`. Keys have at most 64 characters (5.1.1). */
const hikconnectConfig = baseConfig.extend({
  kind: z.literal('hikconnect'),
  appKey: told(z.string().min(1).max(64), {
    label: { en: 'App key', 'zh-CN': 'App Key' },
    help: {
      en: 'From Hik-Connect for Teams, under its OpenAPI integration.',
      'zh-CN': '来自 Hik-Connect for Teams 的 OpenAPI 集成页面。',
    },
  }),
  secretKey: told(z.string().min(1).max(64), {
    label: { en: 'Secret key', 'zh-CN': 'Secret Key' },
    help: { en: 'Belongs to the app key.', 'zh-CN': '与 App Key 配套。' },
  }),
  groupId: told(z.string().min(1), {
    label: { en: 'Department', 'zh-CN': '部门' },
    help: { en: 'The department that people are put into.', 'zh-CN': '人员所归入的部门。' },
    section: 'place',
    from: { list: 'departments' },
  }),
  accessLevelIds: told(z.array(z.string().min(1)).optional(), {
    label: { en: 'Access levels', 'zh-CN': '权限等级' },
    help: {
      en: 'What opens the doors. Without one people are there and no door knows them.',
      'zh-CN': '决定可通行的门。不填则人员已登记，但没有门会放行。',
    },
    section: 'place',
    default: { en: 'none', 'zh-CN': '无' },
    from: { list: 'accessLevels' },
  }),
  /** Where a name has one word: say it twice, or put a dash for the other. */
  singleName: told(z.enum(['repeat', 'dash']).optional(), {
    label: { en: 'Names of one word', 'zh-CN': '单字段姓名' },
    help: { en: 'The platform wants a first and a last name.', 'zh-CN': '平台要求同时填写名和姓。' },
    section: 'more',
    default: { en: 'said twice', 'zh-CN': '重复填写' },
    choices: {
      repeat: { en: 'Said twice', 'zh-CN': '重复填写' },
      dash: { en: 'A dash for the other', 'zh-CN': '另一项填短横线' },
    },
  }),
  /** Visitors as people with a face, which is the default, or as temporary passes with code and digits alone (5.6.4). */
  visitors: told(z.enum(['person', 'pass']).optional(), {
    label: { en: 'Visitors come as', 'zh-CN': '访客方式' },
    help: { en: 'With a face, or with a code and digits alone.', 'zh-CN': '使用人脸，或仅使用二维码和数字密码。' },
    section: 'more',
    default: { en: 'people with a face', 'zh-CN': '带人脸的人员' },
    choices: {
      person: { en: 'People with a face', 'zh-CN': '带人脸的人员' },
      pass: { en: 'Temporary passes', 'zh-CN': '临时通行证' },
    },
  }),
  /** How often a temporary pass opens each door (5.6.4). */
  passOpenings: told(z.number().int().min(1).max(200).optional(), {
    label: { en: 'Openings of a temporary pass', 'zh-CN': '临时通行证开门次数' },
    help: { en: 'How often it opens each door.', 'zh-CN': '每扇门可开启的次数。' },
    section: 'more',
    default: { en: '20', 'zh-CN': '20' },
  }),
});
type HikConnectConfig = z.infer<typeof hikconnectConfig>;

const DEFAULT_OPENINGS = 20;

/** Hik-Connect for Teams (HikCentral Connect), OpenAPI V2.14.0. */
export const hikconnect: PlatformDefinition<HikConnectConfig> = {
  kind: 'hikconnect',
  title: 'Hik-Connect for Teams',
  config: hikconnectConfig,
  secrets: ['secretKey'],
  capabilities: [
    'visitor',
    'verify',
    'remove',
    'access',
    'catalogue',
    'pass',
    'records',
    'groups',
    'rights',
    'credentials',
    'residents',
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
    const session = createSession({ http, limiter, config, deps });
    const now = () => deps.now();
    const turns = createTurns();
    const remembered = new Map<string, string>();
    const accessLevelIds = config.accessLevelIds ?? [];
    const placement = { groupId: config.groupId, accessLevelIds, singleName: config.singleName ?? 'repeat' };

    const at = (urgency: Urgency) => {
      const call = session.at(urgency);
      const client = createHikConnectClient(call);
      const directory = createDirectory(client, remembered);
      const openCount = config.passOpenings ?? DEFAULT_OPENINGS;
      const passes: TemporaryPasses = { call, accessLevelIds, openCount, now };
      return { call, client, directory, placement, turns, passes, now };
    };
    const rooms = { desk: at('desk'), batch: at('batch') };
    const { desk } = rooms;
    const { call, client, directory, passes } = desk;
    const isPass = (kind: EnrolJob['person']['kind']) => kind === 'visitor' && config.visitors === 'pass';

    return {
      enrol: (job) => {
        const room = rooms[job.urgency ?? 'desk'];
        return isPass(job.person.kind) ? enrolPass(room.passes, job) : enrol(room, job);
      },
      test(signal) {
        // Somebody asks on purpose: no pause of the circuit stands in the way.
        http.hurry();
        return test(session, client, config.groupId, signal);
      },
      verify: (code, kind, signal) =>
        isPass(kind) ? verifyPass(passes, code, signal) : verify(client, directory, code, signal),
      remove: (code, kind, signal) =>
        isPass(kind) ? removePass(passes, code, signal) : remove(client, directory, code, signal),
      catalogue: (signal) => catalogue(call, signal),
      pass: (code, signal) =>
        isPass('visitor') ? temporaryPass(passes, code, signal) : personPass(desk, code, signal),
      search: (name, signal) => searchPeople(client, name, signal),
      async portrait({ personId, code }, signal) {
        const person =
          personId !== null
            ? await client.getPerson(personId, signal)
            : code === null
              ? null
              : await directory.find(code, signal);
        // A.3.125: `headPicUrl` lies in the cloud's storage, on a host of its own, and takes no token. No API request: it does not count (3.1).
        const address = pictureAddress(person?.headPicUrl, config, true);
        return address === null ? null : fetchPicture(http, address, signal);
      },
      records: (range, signal) => records(desk, range, signal),
      doors: createDoors(call),
      groups: createGroups(call),
      rights: createRights(client, directory),
      credentials: createCredentials(desk),
      residents: createResidents(desk),
      circuit: () => http.circuit(),
      close: () => http.close(),
    };
  },
};
