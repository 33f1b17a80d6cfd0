import { RequestLog } from '../core/log.ts';
import type { LabContext, LabPerson, SimulatedPlatform } from '../core/platform.ts';
import { accessRoutes } from './access.ts';
import { failure, Refusal } from './answers.ts';
import { applyingRoutes } from './applying.ts';
import { credentialRoutes } from './credentials.ts';
import { type DoorAction, doorRoutes } from './doors.ts';
import { groupRoutes } from './groups.ts';
import { passRoutes } from './passes.ts';
import { fullName } from './people.ts';
import { type ListShape, personRoutes } from './persons.ts';
import { photoRoutes } from './photos.ts';
import { RateWindow } from './rate.ts';
import { HikconnectRecords, recordRoutes } from './records.ts';
import { residentRoutes } from './residents.ts';
import { guardRequests, tokenRoutes, tooMany } from './routes.ts';
import {
  forgetPeople,
  groupPath,
  newTenant,
  type StoredPerson,
  staffLevelId,
  type TemporaryPass,
  type TenantState,
} from './state.ts';
import { appKey, secretKey, Tokens } from './tokens.ts';

/** What a test may choose. */
export interface HikconnectOptions {
  /** How long a door takes to apply a change, in milliseconds. */
  pendingMs?: number;
  /**
   * `document`: `data` of `persons/list` is an array, as table 5.8.16 has it. `observed`: an object with `personList`, as public
   * clients of live servers read it; the sample prints an empty object and decides nothing.
   */
  listShape?: ListShape;
}

/** The cloud, with what only a site or a test can see of it. */
export interface SimulatedHikconnect extends SimulatedPlatform {
  /** The most requests seen within 1,000 ms, refused ones included, and how many were refused for the rate. */
  rate(): { most: number; refused: number };
  /** Every door refuses this person's face with a code of A.4, e.g. `THD_ISAPI_0x60000036`; an empty code ends that. */
  failApplying(personId: string, errorCode: string): void;
  /** What was done to doors from afar, in order. */
  doorActions(): readonly DoorAction[];
}

/**
 * Hik-Connect for Teams (HikCentral Connect) V2.14.0 as its developer guide describes it: token, departments, persons, pictures,
 * credentials, access levels, what the doors took, who passed them, temporary passes.
 */
export function simulateHikconnect(context: LabContext, options: HikconnectOptions = {}): SimulatedHikconnect {
  const tenant = newTenant();
  const rate = new RateWindow();
  const tokens = new Tokens(() => context.random());
  const records = new HikconnectRecords();
  const actions: DoorAction[] = [];
  return {
    kind: 'hikconnect',
    title: 'Hik-Connect for Teams',
    basePath: '',
    log: new RequestLog(),
    register(app) {
      guardRequests(app, context, rate, tokens);
      tokenRoutes(app, context, tokens);
      groupRoutes(app, tenant);
      personRoutes(app, context, tenant, options.listShape ?? 'document');
      photoRoutes(app, context, tenant);
      credentialRoutes(app, context, tenant);
      accessRoutes(app, context, tenant);
      applyingRoutes(app, context, tenant, () => options.pendingMs ?? 300);
      passRoutes(app, context, tenant);
      residentRoutes(app, context, tenant);
      recordRoutes(app, records);
      doorRoutes(app, tenant, actions);
    },
    people: () => [
      ...[...tenant.people.values()].map((person) => labPerson(tenant, person)),
      ...[...tenant.passes.values()].map((pass) => labPass(tenant, pass)),
    ],
    clear() {
      forgetPeople(tenant);
      records.clear();
      actions.length = 0;
      tokens.clear();
      rate.clear();
    },
    config(baseUrl) {
      const [, staff] = [...tenant.groups.keys()];
      return { kind: 'hikconnect', baseUrl, appKey, secretKey, groupId: staff, accessLevelIds: [staffLevelId] };
    },
    ownFaults: ['full', 'poor-photo', 'photo-lost', 'pending', 'expired-token'],
    overload: (mode) => (mode === 'rate' ? tooMany() : { status: 503, body: failure(new Refusal('VMS001001')) }),
    rate: () => ({ most: rate.most, refused: rate.refused }),
    failApplying(personId, errorCode) {
      if (errorCode === '') tenant.applyFailures.delete(personId);
      else tenant.applyFailures.set(personId, errorCode);
    },
    doorActions: () => [...actions],
    recognise(order) {
      const person = [...tenant.people.values()].find(({ info }) => info.personCode === order.key) ?? null;
      if (order.key !== undefined && person === null)
        throw new Error(`The tenant knows nobody with the key ${order.key}.`);
      return records.add(tenant, person, order, context.now());
    },
  };
}

/** A temporary pass for the lab's page; it has no key but its name. */
function labPass(tenant: TenantState, pass: TemporaryPass): LabPerson {
  return {
    key: pass.name,
    id: pass.id,
    kind: 'visitor',
    name: pass.name,
    photo: null,
    access: pass.accessLevelIds.map((id) => tenant.levels.get(id)?.name ?? id),
    details: {
      openCount: String(pass.openCount),
      startTime: String(pass.startTime),
      endTime: String(pass.endTime),
    },
  };
}

function labPerson(tenant: TenantState, person: StoredPerson): LabPerson {
  const { info } = person;
  const department = groupPath(tenant, info.groupId);
  const details: Record<string, string> = {
    firstName: info.firstName,
    lastName: info.lastName,
    gender: String(info.gender),
    groupId: info.groupId,
    department,
    startDate: String(info.startDate),
    endDate: String(info.endDate),
  };
  for (const field of ['phone', 'email', 'description'] as const) {
    const value = info[field];
    if (value !== null) details[field] = value;
  }
  if (person.cards.length > 0) details.cards = person.cards.map(({ cardNo }) => cardNo).join(' ');
  if (person.fingers.length > 0) details.fingers = person.fingers.map(({ name }) => name).join(' ');
  if (person.pinCode !== null) details.pinCode = person.pinCode;
  const rooms = tenant.residents.get(person.personId) ?? [];
  if (rooms.length > 0) details.rooms = rooms.map(({ roomId }) => tenant.rooms.get(roomId)?.name ?? roomId).join(' ');
  // The picture of this moment, whatever they get later.
  const file = person.photo?.file;
  return {
    key: info.personCode,
    id: person.personId,
    kind: department.endsWith('/Visitors') ? 'visitor' : 'staff',
    name: fullName(person),
    get photo() {
      return file?.bytes ?? null;
    },
    access: person.accessLevelIds.map((id) => tenant.levels.get(id)?.name ?? id),
    details,
  };
}
