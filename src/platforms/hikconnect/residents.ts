import { z } from 'zod';
import { FaultError } from '#shared/fault';
import { isoWithOffset } from '../core/times.ts';
import type { Resident, Residents, Room } from '../site-contract.ts';
import type { Directory } from './lookup.ts';
import type { Call } from './session.ts';
import type { Turns } from './turns.ts';
import { nothing, type PersonInfo } from './wire.ts';

const VIMS = '/api/hccgw/vims/v1';
const PAGE = 100;
const LAST_PAGE = 1_000;
/** A.3.141, A.3.146: the root area, with all below it. */
const EVERYWHERE = { areaId: '-1', isContainSubArea: 1 };

const text = z.string().nullish();
/** Ids are Integer in tables and strings in samples; a name may be either, too (A.3.147). */
const id = z.union([z.string(), z.number()]).transform(String);
const label = z.union([z.string(), z.number()]).nullish();
/** A.3.144 RoomDTO, A.3.147 RoomVO */
const roomSchema = z.object({
  roomId: id,
  roomNum: z.coerce.number().nullish(),
  roomName: text,
  buildId: id,
  buildName: label,
  areaId: id,
  areaName: text,
  accountType: z.coerce.number().nullish(),
});
type WireRoom = z.infer<typeof roomSchema>;
/** A.3.120 Person */
const residentSchema = z.object({
  personId: id,
  firstName: text,
  lastName: text,
  isExpired: z.coerce.number().nullish(),
  roomList: z.array(roomSchema).nullish(),
});
type WireResident = z.infer<typeof residentSchema>;

const LONGEST_NAME = 255;
const HOUSEHOLDER = 1;
const FAMILY = 0;

const invalid = (code: string, field: string, message: string) =>
  new FaultError({ kind: 'validation', code, field, message });

/** All pages of a search of 5.6. */
async function pages<T>(
  call: Call,
  path: string,
  search: Record<string, unknown>,
  listed: { name: string; schema: z.ZodType<T> },
  signal: AbortSignal,
): Promise<T[]> {
  const page = z
    .object({ totalNum: z.coerce.number().nullish(), [listed.name]: z.array(listed.schema).nullish() })
    .nullish()
    .transform((data) => ({ total: data?.totalNum ?? null, list: (data?.[listed.name] ?? []) as T[] }));
  const found: T[] = [];
  for (let pageNum = 1; pageNum <= LAST_PAGE; pageNum += 1) {
    const { list, total } = await call(path, { pageNum, pageSize: PAGE, ...search }, page, signal);
    found.push(...list);
    if (list.length === 0 || (typeof total === 'number' ? found.length >= total : list.length < PAGE)) break;
  }
  return found;
}

const rooms = (call: Call, signal: AbortSignal): Promise<WireRoom[]> =>
  pages(
    call,
    `${VIMS}/room/search`,
    { searchCriteria: { ...EVERYWHERE, filter: {} } },
    { name: 'roomList', schema: roomSchema },
    signal,
  );

function residents(call: Call, name: string | null, signal: AbortSignal): Promise<WireResident[]> {
  const criteria = { ...EVERYWHERE, filter: name === null ? {} : { name } };
  return pages(
    call,
    `${VIMS}/person/search`,
    // The table calls it `searchCriteria`, the sample `searchRequest`: both carry the same.
    { searchCriteria: criteria, searchRequest: criteria },
    { name: 'personList', schema: residentSchema },
    signal,
  );
}

/** A.3.123 PersonDTO of somebody who is enrolled: what the platform itself holds, its milliseconds as ISO text. */
function personDto(person: PersonInfo, personCode: string): Record<string, unknown> {
  const { personId, groupId, firstName, lastName, gender, phone, email, description, startDate, endDate } = person;
  if (!email) throw invalid('email', 'email', 'a resident needs an e-mail address on this platform');
  if (!startDate || !endDate)
    throw new FaultError({
      kind: 'protocol',
      code: 'shape',
      message: 'the platform does not tell the person’s validity',
    });
  return {
    id: personId,
    // "Update Resident: this node should be empty"; on adding it is required for somebody who exists.
    personCode,
    groupId: groupId ?? '',
    firstName: firstName ?? '',
    lastName: lastName ?? '',
    gender: gender ?? 2,
    ...(phone ? { phone } : {}),
    email,
    ...(description ? { description } : {}),
    startDate: isoWithOffset(startDate),
    endDate: isoWithOffset(endDate),
  };
}

/**
 * Residents (5.6.3, 4.14, 4.15). Only people who are enrolled already move in: somebody added by `vims/v1/person/add` itself must have an empty
 * `personCode` (A.3.123) and could never be found again. An update carries every room, because one that is left out is deleted (4.15).
 */
export function createResidents(room: { call: Call; directory: Directory; turns: Turns }): Residents {
  const { call, directory, turns } = room;

  const roomFields = async (wanted: readonly { id: string; householder: boolean }[], signal: AbortSignal) => {
    const known = new Map((await rooms(call, signal)).map((each) => [each.roomId, each]));
    return wanted.map(({ id: roomId, householder }) => {
      const found = known.get(roomId);
      if (!found) throw invalid('room', 'room', 'the platform knows no such room: choose one of those it lists');
      const { buildId, areaId } = found;
      return { roomId, buildId, areaId, accountType: householder ? HOUSEHOLDER : FAMILY };
    });
  };

  /** The person with this code and, where living in a room, the resident; null when nobody has the code. */
  const find = async (code: string, signal: AbortSignal) => {
    const person = await directory.find(code, signal);
    if (person === null) return null;
    // There is no search by id: by the longer part of the name, and the id decides.
    const { firstName, lastName } = person;
    const name = (firstName ?? '').length >= (lastName ?? '').length ? firstName : lastName;
    const found = await residents(call, name || null, signal);
    return { person, resident: found.find(({ personId }) => personId === person.personId) ?? null };
  };

  const settle = async (
    change: 'add' | 'update',
    code: string,
    person: PersonInfo,
    wanted: readonly { id: string; householder: boolean }[],
    signal: AbortSignal,
  ) => {
    const body = {
      personBaseInfo: personDto(person, change === 'add' ? code : ''),
      roomList: await roomFields(wanted, signal),
    };
    const answer = await call(`${VIMS}/person/${change}`, body, residentDone, signal);
    if (answer.full)
      throw new FaultError({
        kind: 'capacity',
        code: 'VMS038005',
        message: 'the room holds as many residents as it may',
      });
  };

  return {
    async rooms(signal) {
      return (await rooms(call, signal)).map(roomView);
    },
    async search(name, signal) {
      // A name has at most 255 characters (A.3.122): nobody bears a longer one, and an empty one is none.
      if (name !== null && name.length > LONGEST_NAME) return [];
      return (await residents(call, name || null, signal)).map(residentView);
    },
    add: (code, wanted, signal) =>
      turns(`resident ${code}`, async () => {
        const found = await find(code, signal);
        if (found === null) return false;
        const kept = residentRooms(found.resident).filter(({ id: roomId }) => roomId !== wanted.id);
        await settle(found.resident ? 'update' : 'add', code, found.person, [...kept, wanted], signal);
        return true;
      }),
    update: (code, wanted, signal) =>
      turns(`resident ${code}`, async () => {
        if (wanted.length === 0)
          throw invalid('room', 'rooms', 'a resident has at least one room: remove the resident instead');
        const found = await find(code, signal);
        if (!found?.resident) return false;
        await settle('update', code, found.person, wanted, signal);
        return true;
      }),
    remove: (code, signal) =>
      turns(`resident ${code}`, async () => {
        const found = await find(code, signal);
        if (!found?.resident) return false;
        await call(`${VIMS}/person/delete`, { deleteList: [found.person.personId] }, nothing, signal);
        return true;
      }),
  };
}

/** Table 5-53: "the error list is returned only when the number of persons exceeds the limit". */
const residentDone = z
  .object({ failedResultList: z.array(z.unknown()).nullish() })
  .nullish()
  .transform((data) => ({ full: (data?.failedResultList ?? []).length > 0 }));

function residentRooms(resident: WireResident | null): Resident['rooms'] {
  return (resident?.roomList ?? []).map(({ roomId, accountType }) => ({
    id: roomId,
    householder: accountType === HOUSEHOLDER,
  }));
}

function residentView(resident: WireResident): Resident {
  const { personId, firstName, lastName, isExpired } = resident;
  return {
    personId,
    name: [firstName, lastName].filter(Boolean).join(' '),
    expired: isExpired === 1,
    rooms: residentRooms(resident),
  };
}

function roomView({ roomId, roomName, roomNum, buildId, buildName, areaId, areaName }: WireRoom): Room {
  const named = roomName || (roomNum === null || roomNum === undefined ? null : String(roomNum));
  return {
    id: roomId,
    name: named,
    building: { id: buildId, name: buildName === null || buildName === undefined ? null : String(buildName) },
    area: { id: areaId, name: areaName ?? null },
  };
}
