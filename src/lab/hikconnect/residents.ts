import type { FastifyInstance } from 'fastify';
import type { LabContext } from '../core/platform.ts';
import { assignLevels } from './access.ts';
import { Refusal } from './answers.ts';
import {
  integerWithin,
  isoTime,
  optionalFlag01,
  optionalObject,
  optionalObjectList,
  optionalText,
  optionalTextList,
  readBasicInfo,
  requiredObject,
  requiredText,
} from './fields.ts';
import { existing, fullName } from './people.ts';
import { addPerson } from './persons.ts';
import { photoUrl } from './photos.ts';
import { post } from './routes.ts';
import type { Room, StoredPerson, Tenancy, TenantState } from './state.ts';

const base = '/api/hccgw/vims/v1';

/** Rooms and who lives in them (chapters 5.6.1 and 5.6.3, 4.14 and 4.15). */
export function residentRoutes(app: FastifyInstance, context: LabContext, tenant: TenantState): void {
  // 5.6.1 room/search
  post(app, `${base}/room/search`, (body) => {
    const page = paging(body);
    const criteria = searchCriteria(tenant, body);
    const buildId = optionalText(criteria, 'buildId') ?? '';
    const name = optionalText(optionalObject(criteria, 'filter') ?? {}, 'roomName') ?? '';
    const found = [...tenant.rooms.values()].filter(
      (room) => (buildId === '' || room.building.id === buildId) && room.name.includes(name),
    );
    return { ...page, totalNum: found.length, roomList: cut(found, page).map((room) => roomView(tenant, room)) };
  });

  // 5.6.3 person/search: the table's `searchCriteria`; the sample's `searchRequest` alone is not understood
  post(app, `${base}/person/search`, (body) => {
    const page = paging(body);
    const criteria = searchCriteria(tenant, body);
    const filter = optionalObject(criteria, 'filter') ?? {};
    const name = (optionalText(filter, 'name') ?? '').toLowerCase();
    const found = [...tenant.residents].flatMap(([personId, rooms]) => {
      const person = tenant.people.get(personId);
      return person !== undefined && fullName(person).toLowerCase().includes(name) ? [{ person, rooms }] : [];
    });
    return {
      ...page,
      totalNum: found.length,
      personList: cut(found, page).map(({ person, rooms }) => residentView(context, tenant, person, rooms)),
    };
  });

  // 5.6.3 person/add: an existing person is named by id *and* code, a new one has neither
  post(app, `${base}/person/add`, (body) => {
    const info = requiredObject(body, 'personBaseInfo');
    const rooms = readRooms(tenant, body);
    const id = optionalText(info, 'id') ?? '';
    const personCode = optionalText(info, 'personCode') ?? '';
    checkBase(info);
    if (id === '') {
      if (personCode !== '') throw new Refusal('OPEN000010', 'personCode');
      const invented = `R${tenant.nextId().slice(-12)}`;
      const person = addPerson(context, tenant, readBasicInfo({ ...info, personCode: invented }));
      return settle(context, tenant, body, person, rooms);
    }
    const person = existing(tenant, id);
    if (personCode !== person.info.personCode) throw new Refusal('CCF038025', 'personCode');
    return settle(context, tenant, body, person, rooms);
  });

  // 5.6.3 person/update: `personCode` stays empty, and a room that is left out is left (4.15)
  post(app, `${base}/person/update`, (body) => {
    const info = requiredObject(body, 'personBaseInfo');
    const person = existing(tenant, requiredText(info, 'id'));
    if ((optionalText(info, 'personCode') ?? '') !== '') throw new Refusal('OPEN000010', 'personCode');
    checkBase(info);
    if (!tenant.residents.has(person.personId)) throw new Refusal('CCF038023');
    settle(context, tenant, body, person, readRooms(tenant, body));
  });

  // 5.6.3 person/delete: only the link with the rooms goes
  post(app, `${base}/person/delete`, (body) => {
    const ids = optionalTextList(body, 'deleteList') ?? [];
    if (ids.length === 0) throw new Refusal('OPEN000010', 'deleteList');
    for (const id of ids) if (!tenant.residents.has(id)) throw new Refusal('CCF038023');
    for (const id of ids) tenant.residents.delete(id);
  });
}

interface Paging {
  pageNum: number;
  pageSize: number;
}

function paging(body: Record<string, unknown>): Paging {
  return {
    pageNum: integerWithin(body, 'pageNum', 1, Number.MAX_SAFE_INTEGER),
    pageSize: integerWithin(body, 'pageSize', 1, 500, 'OPEN000025'),
  };
}

function cut<T>(all: readonly T[], { pageNum, pageSize }: Paging): T[] {
  return all.slice((pageNum - 1) * pageSize, pageNum * pageSize);
}

/** A.3.141, A.3.146: the area is required; -1 is the root, whose children count only when asked for. */
function searchCriteria(tenant: TenantState, body: Record<string, unknown>): Record<string, unknown> {
  const criteria = requiredObject(body, 'searchCriteria');
  const areaId = requiredText(criteria, 'areaId');
  const deep = optionalFlag01(criteria, 'isContainSubArea');
  if (areaId !== '-1' && !tenant.areas.has(areaId)) throw new Refusal('OPEN000031');
  // All rooms stand in an area below the root.
  if (areaId === '-1' && !deep) throw new Refusal('VMS000003', 'areaId');
  return criteria;
}

/** A.3.123: what a resident's information always has; e-mail among it, unlike a person's. */
function checkBase(info: Record<string, unknown>): void {
  for (const name of ['firstName', 'lastName'])
    if (requiredText(info, name).length > 128) throw new Refusal('CCF038017');
  integerWithin(info, 'gender', 0, 2);
  requiredText(info, 'email');
  if (isoTime(info, 'endDate') <= isoTime(info, 'startDate')) throw new Refusal('CCF038022', 'startDate');
}

/** A.3.144: room, building and area must belong together. */
function readRooms(tenant: TenantState, body: Record<string, unknown>): Tenancy[] {
  const list = optionalObjectList(body, 'roomList') ?? [];
  if (list.length === 0) throw new Refusal('OPEN000010', 'roomList');
  return list.map((entry) => {
    const room = tenant.rooms.get(requiredText(entry, 'roomId'));
    if (room === undefined) throw new Refusal('VMS000003', 'roomId');
    if (requiredText(entry, 'buildId') !== room.building.id) throw new Refusal('VMS000003', 'buildId');
    if (requiredText(entry, 'areaId') !== room.area.id) throw new Refusal('OPEN000031');
    return { roomId: room.id, accountType: integerWithin(entry, 'accountType', 0, 1) as 0 | 1 };
  });
}

function settle(
  context: LabContext,
  tenant: TenantState,
  body: Record<string, unknown>,
  person: StoredPerson,
  rooms: Tenancy[],
): { personId: string } {
  const levels = optionalTextList(body, 'alIds') ?? [];
  if (levels.some((id) => !tenant.levels.has(id))) throw new Refusal('VMS040016');
  assignLevels(context, tenant, person, levels);
  tenant.residents.set(person.personId, rooms);
  return { personId: person.personId };
}

/** A.3.147 RoomVO */
function roomView(tenant: TenantState, room: Room): Record<string, unknown> {
  const tenants = [...tenant.residents].filter(([, rooms]) => rooms.some(({ roomId }) => roomId === room.id));
  return {
    roomId: room.id,
    roomName: room.name,
    roomNum: room.number,
    buildId: room.building.id,
    buildName: room.building.name,
    areaId: room.area.id,
    areaName: room.area.name,
    personAmount: tenants.length,
    mainAccount: '',
    email: '',
    phone: '',
  };
}

/** A.3.120 Person with A.3.144 RoomDTO */
function residentView(
  context: LabContext,
  tenant: TenantState,
  person: StoredPerson,
  rooms: readonly Tenancy[],
): Record<string, unknown> {
  const { info, personId } = person;
  const picture = photoUrl(context, person) ?? '';
  return {
    personId,
    firstName: info.firstName,
    lastName: info.lastName,
    phone: info.phone ?? '',
    email: info.email ?? '',
    isExpired: context.now() > info.endDate ? 1 : 0,
    photoUrl: picture,
    headPicUrl: picture,
    roomList: rooms.map(({ roomId, accountType }) => {
      const room = tenant.rooms.get(roomId);
      return {
        roomId,
        roomNum: room?.number,
        roomName: room?.name,
        areaId: room?.area.id,
        areaName: room?.area.name,
        buildId: room?.building.id,
        buildName: room?.building.name,
        accountType,
      };
    }),
  };
}
