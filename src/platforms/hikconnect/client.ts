import { isCode, NOBODY } from './faults.ts';
import type { Call } from './session.ts';
import {
  type CardFields,
  credentialFailures,
  type Element,
  elementDetail,
  type Failed,
  type FingerFields,
  type Group,
  groupPage,
  type Kept,
  type LevelFailed,
  levelsAssigned,
  nothing,
  type PersonFields,
  type PersonInfo,
  type PersonPage,
  personDetail,
  personPage,
  type QuickAdded,
  qrCode,
  quickAdded,
} from './wire.ts';

const PERSON = '/api/hccgw/person/v1/persons';
const LEVEL = '/api/hccgw/acspm/v1/accesslevel/person';

/** The calls of Hik-Connect for Teams (OpenAPI V2.14.0) about one person; chapters at each. All reject with FaultError. */
export interface HikConnectClient {
  /** 5.8.16: one page. The filter matches by substring and knows name, e-mail and phone, never the code. */
  listPersons(
    filter: { name?: string; email?: string; phone?: string } | null,
    page: { pageIndex: number; pageSize: number },
    signal: AbortSignal,
  ): Promise<PersonPage>;
  /** 5.8.13; null for nobody. */
  getPerson(personId: string, signal: AbortSignal): Promise<PersonInfo | null>;
  /** 5.8.13: the same call with the credentials kept beside the person; null for nobody. */
  getKept(personId: string, signal: AbortSignal): Promise<Kept | null>;
  /** 5.8.15: person, picture and access levels in one call, applied to the devices by one protocol. */
  quickAdd(
    person: { personInfo: PersonFields; photoData: string; accessLevelIds: readonly string[] },
    signal: AbortSignal,
  ): Promise<QuickAdded>;
  /** 5.8.6 */
  updatePerson(person: PersonFields & { personId: string }, signal: AbortSignal): Promise<void>;
  /** 5.8.7 */
  updatePhoto(personId: string, photoData: string, signal: AbortSignal): Promise<void>;
  /** 5.8.14; false when there was nobody. */
  deletePerson(personId: string, signal: AbortSignal): Promise<boolean>;
  /** 5.8.11: *replaces* the person's cards. Resolves with those that failed inside the success. */
  replaceCards(personId: string, cards: readonly CardFields[], signal: AbortSignal): Promise<Failed[]>;
  /** 5.8.9: *replaces* the person's fingerprints. Resolves with those that failed inside the success. */
  replaceFingers(personId: string, fingers: readonly FingerFields[], signal: AbortSignal): Promise<Failed[]>;
  /** 5.8.12; null leaves the field out, which deletes the PIN. */
  updatePin(personId: string, pin: string | null, signal: AbortSignal): Promise<void>;
  /** 5.8.17. `clientLocalTime` in ISO 8601 with an offset. */
  qrCode(personId: string, clientLocalTime: string, signal: AbortSignal): Promise<string>;
  /** 5.7.6: adds levels and leaves the person's others alone. Resolves with those that failed. */
  addAccessLevels(personId: string, levels: readonly string[], signal: AbortSignal): Promise<LevelFailed[]>;
  /** 5.7.7: takes levels away and leaves the person's others alone. */
  removeAccessLevels(personId: string, levels: readonly string[], signal: AbortSignal): Promise<LevelFailed[]>;
  /** 5.7.8: the list becomes the person's whole list; an empty one takes all away. */
  replaceAccessLevels(personId: string, levels: readonly string[], signal: AbortSignal): Promise<LevelFailed[]>;
  /** 5.7.5 with `returnSuccess`: every door of the person, whether its credentials have arrived. */
  elementDetail(personId: string, signal: AbortSignal): Promise<Element[]>;
  /** 5.8.1, by id. */
  findGroups(groupIds: readonly string[], signal: AbortSignal): Promise<Group[]>;
}

export function createHikConnectClient(call: Call): HikConnectClient {
  const noneIfNobody = async <T, N>(run: Promise<T>, nobody: N): Promise<T | N> => {
    try {
      return await run;
    } catch (error) {
      if (isCode(error, NOBODY)) return nobody;
      throw error;
    }
  };
  // The table calls the parameter `Id`, the example `personId`; the example is what servers take.
  const get = (personId: string, signal: AbortSignal) =>
    noneIfNobody(call(`${PERSON}/get`, { personId }, personDetail, signal), null);
  const levels = (change: 'add' | 'delete' | 'modify', entry: Record<string, unknown>, signal: AbortSignal) =>
    call(`${LEVEL}/${change}`, { personList: [entry] }, levelsAssigned, signal);

  return {
    listPersons: (filter, page, signal) =>
      call(`${PERSON}/list`, { ...page, ...(filter === null ? {} : { filter }) }, personPage, signal),
    getPerson: async (personId, signal) => (await get(personId, signal))?.person ?? null,
    getKept: get,
    quickAdd: ({ personInfo, photoData, accessLevelIds }, signal) =>
      call(
        `${PERSON}/quick/add`,
        // `aceessLevelList` is spelt so by the platform.
        { personInfo, photoData, ...(accessLevelIds.length === 0 ? {} : { aceessLevelList: accessLevelIds }) },
        quickAdded,
        signal,
      ),
    async updatePerson(person, signal) {
      await call(`${PERSON}/update`, person, nothing, signal);
    },
    async updatePhoto(personId, photoData, signal) {
      await call(`${PERSON}/photo`, { personId, photoData }, nothing, signal);
    },
    async deletePerson(personId, signal) {
      const gone = call(`${PERSON}/delete`, { personId }, nothing, signal);
      return noneIfNobody(
        gone.then(() => true),
        false,
      );
    },
    replaceCards: (personId, cardList, signal) =>
      call(`${PERSON}/updatecards`, { personId, cardList }, credentialFailures, signal),
    replaceFingers: (personId, fingerList, signal) =>
      call(`${PERSON}/updatefingers`, { personId, fingerList }, credentialFailures, signal),
    async updatePin(personId, pin, signal) {
      await call(`${PERSON}/updatepincode`, { personId, ...(pin === null ? {} : { pinCode: pin }) }, nothing, signal);
    },
    qrCode: (personId, clientLocalTime, signal) =>
      call(`${PERSON}/qrcode`, { personId, clientLocalTime }, qrCode, signal),
    addAccessLevels: (personId, ids, signal) => levels('add', { personId, accessLevelIdList: ids }, signal),
    removeAccessLevels: (personId, ids, signal) =>
      levels('delete', { personId, deleteAll: false, accessLevelIdList: ids }, signal),
    replaceAccessLevels: (personId, ids, signal) =>
      levels('modify', { personId, deleteAll: ids.length === 0, accessLevelIdList: ids }, signal),
    elementDetail: (personId, signal) =>
      call(
        `/api/hccgw/acspm/v1/maintain/overview/person/${encodeURIComponent(personId)}/elementdetail`,
        { returnSuccess: true },
        elementDetail,
        signal,
      ),
    findGroups: (groupIds, signal) =>
      call('/api/hccgw/person/v1/groups/search', { groupIdList: groupIds }, groupPage, signal),
  };
}
