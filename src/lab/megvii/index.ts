import { RequestLog } from '../core/log.ts';
import type { LabContext, SimulatedPlatform } from '../core/platform.ts';
import { authorityRoutes } from './authorities.ts';
import { doorRoutes, passView } from './doors.ts';
import { groupRoutes } from './groups.ts';
import { imageRoutes } from './images.ts';
import { organisationRoutes } from './organisations.ts';
import { personRoutes } from './persons.ts';
import { initialCriteria } from './quality.ts';
import { credentials, requireSignature } from './routes.ts';
import { searchRoutes } from './search.ts';
import { settingsRoutes } from './settings.ts';
import { ReplayGuard } from './sign.ts';
import {
  forgetPeople,
  newBox,
  type Pass,
  type SyncFailure,
  staffGroupUuid,
  topOrganisationUuid,
  visitorGroupUuid,
} from './state.ts';
import { labPerson } from './views.ts';

/** The document states no window for `ctimestamp`; five minutes either way is the lab's choice. */
const clockWindowMs = 5 * 60_000;

/** The box, with what only a site can do to it. */
export interface SimulatedMegvii extends SimulatedPlatform {
  /** Somebody passes a door; it shows in 通行记录. */
  pass(pass: Pass): void;
  /** The doors could not take a person: 门禁点管理 1.3 lists it until the person is changed or deleted. */
  failSync(personUuid: string, reason: string, notice?: SyncFailure['notice']): void;
  /** Doors opened from afar, in order. */
  opened(): readonly string[];
}

/**
 * A Megvii Hongtu 3000 box, V1.0.6, as its OpenAPI document describes it: staff, visitors, groups, organisations, pictures and
 * their quality, doors and pass records.
 */
export function simulateMegvii(context: LabContext): SimulatedMegvii {
  const box = newBox(initialCriteria);
  const guard = new ReplayGuard(clockWindowMs);
  return {
    kind: 'megvii',
    title: 'Megvii Hongtu 3000',
    basePath: '',
    log: new RequestLog(),
    async register(app) {
      requireSignature(app, context, guard);
      await imageRoutes(app, context, box);
      personRoutes(app, context, box);
      searchRoutes(app, context, box);
      groupRoutes(app, context, box);
      organisationRoutes(app, context, box);
      settingsRoutes(app, box);
      doorRoutes(app, context, box);
      authorityRoutes(app, box);
    },
    people: () => [...box.people.values()].map((person) => labPerson(box, person)),
    clear() {
      forgetPeople(box);
      guard.clear();
    },
    config(baseUrl) {
      const [appKey = '', secretKey = ''] = credentials.entries().next().value ?? [];
      return {
        kind: 'megvii',
        baseUrl,
        appKey,
        secretKey,
        groupUuids: { staff: [staffGroupUuid], visitor: [visitorGroupUuid] },
        orgUuid: topOrganisationUuid,
      };
    },
    ownFaults: ['similar', 'full', 'poor-photo', 'photo-lost'],
    // The document has no code for either: a box behind its web server answers as web servers do.
    overload: (mode) => ({
      status: mode === 'rate' ? 429 : 503,
      headers: { 'retry-after': '1' },
      body: { code: mode === 'rate' ? 429 : 503, msg: mode === 'rate' ? '请求过于频繁' : '系统繁忙' },
    }),
    opened: () => [...box.opened],
    pass(pass) {
      box.passes.push(pass);
    },
    recognise({ key, method = 'face', at = context.now(), refused = false }) {
      const person = [...box.people.values()].find(
        ({ fields }) => key !== undefined && (fields.code ?? fields.uniqueIdentify) === key,
      );
      if (key !== undefined && person === undefined) throw new Error(`The box knows nobody with the key ${key}.`);
      const [terminal] = box.terminals;
      const pass: Pass = {
        personUuid: person?.uuid ?? '',
        deviceUuid: terminal?.uuid ?? '',
        at,
        passed: person !== undefined && !refused,
        verificationMode: method === 'code' ? 5 : method === 'card' ? 1 : 0,
      };
      box.passes.push(pass);
      return passView(context, box, pass);
    },
    failSync(personUuid, reason, notice = '1') {
      box.syncFailures.set(personUuid, { notice, reason });
    },
  };
}
