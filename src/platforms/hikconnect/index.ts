import { z } from 'zod';
import type { EnrolJob, PlatformDefinition } from '../contract.ts';
import { baseConfig } from '../core/config.ts';
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
  appKey: z.string().min(1).max(64),
  secretKey: z.string().min(1).max(64),
  groupId: z.string().min(1),
  accessLevelIds: z.array(z.string().min(1)).optional(),
  /** Where a name has one word: say it twice, or put a dash for the other. */
  singleName: z.enum(['repeat', 'dash']).optional(),
  /** Visitors as people with a face, which is the default, or as temporary passes with code and digits alone (5.6.4). */
  visitors: z.enum(['person', 'pass']).optional(),
  /** How often a temporary pass opens each door (5.6.4). */
  passOpenings: z.number().int().min(1).max(200).optional(),
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
