import type { Session } from './session.ts';
import {
  type BatchResult,
  batchResult,
  nothing,
  type PersonFields,
  type PersonRecord,
  personList,
  personPage,
  personRecord,
  uploaded,
  type VisitorCode,
  visitorCode,
} from './wire.ts';

/** The calls of a Hongtu 3000 box about people, signed; chapters of its document (V1.0.6) at each. All reject with FaultError. */
export interface MegviiClient {
  /** 人员管理 1.3: the box's own judgement; stores nothing. Resolves when the picture passes. */
  qualityJudge(jpeg: Uint8Array, signal: AbortSignal): Promise<void>;
  /** 人员管理 1.1: uploads and judges; the uri goes into a person. */
  uploadImage(jpeg: Uint8Array, signal: AbortSignal): Promise<string>;
  /** 人员管理 1.2: judges by the lowest standard; the uri is for a 1:N search alone and never goes into a person. */
  uploadForSearch(jpeg: Uint8Array, signal: AbortSignal): Promise<string>;
  /** 人员管理 1.7: one page of a search. Text fields match by *substring*. */
  listPeople(
    filter: Record<string, string | number | boolean>,
    page: { pageNum: number; pageSize: number },
    signal: AbortSignal,
  ): Promise<{ total: number | null; list: PersonRecord[] }>;
  /** 人员管理 1.8: several people at once; a uuid nobody has is left out. */
  peopleByUuid(uuids: readonly string[], signal: AbortSignal): Promise<PersonRecord[]>;
  /** 人员管理 1.9 */
  queryPerson(uuid: string, signal: AbortSignal): Promise<PersonRecord>;
  /** 人员管理 1.4, one person at a time. Code 0 may carry failures inside. */
  addPerson(person: PersonFields & { type: number }, signal: AbortSignal): Promise<BatchResult>;
  /** 人员管理 1.6: fields left out stay as they are; `groupList` replaces the person's own membership, nobody else's. */
  updatePerson(person: Partial<PersonFields> & { uuid: string }, signal: AbortSignal): Promise<void>;
  /** 人员管理 1.5. Code 0 may carry failures inside. */
  deletePerson(uuid: string, signal: AbortSignal): Promise<BatchResult>;
  /** 人员管理 1.10: the code of a visitor or member of staff, as a picture that expires. */
  visitorCode(uuid: string, signal: AbortSignal): Promise<VisitorCode>;
}

export function createMegviiClient({ post, upload }: Pick<Session, 'post' | 'upload'>): MegviiClient {
  return {
    async qualityJudge(jpeg, signal) {
      await upload('/v1/api/misc/file/qualityJudge', jpeg, nothing, signal);
    },
    async uploadImage(jpeg, signal) {
      return (await upload('/v1/api/person/uploadImage', jpeg, uploaded, signal)).uri;
    },
    async uploadForSearch(jpeg, signal) {
      return (await upload('/v1/api/person/config/uploadImage', jpeg, uploaded, signal)).uri;
    },
    listPeople: (filter, page, signal) => post('/v1/api/person/list', { ...page, ...filter }, personPage, signal),
    peopleByUuid: (uuidList, signal) => post('/v1/api/person/uuid/list', { uuidList }, personList, signal),
    queryPerson: (uuid, signal) => post('/v1/api/person/query', { uuid }, personRecord, signal),
    addPerson: (person, signal) => post('/v1/api/person/batchAdd', { personList: [person] }, batchResult, signal),
    async updatePerson(person, signal) {
      await post('/v1/api/person/update', person, nothing, signal);
    },
    deletePerson: (uuid, signal) => post('/v1/api/person/batchDelete', { uuidList: [uuid] }, batchResult, signal),
    visitorCode: (uuid, signal) => post('/v1/api/person/visitorCode', { uuid }, visitorCode, signal),
  };
}
