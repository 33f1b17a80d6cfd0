import type { z } from 'zod';
import type { Session } from './session.ts';
import {
  authorityPage,
  type BatchResult,
  batchResult,
  doorPage,
  failurePage,
  type Group,
  groupPage,
  groupRecord,
  nothing,
  type OrgUnit,
  orgTree,
  type PassRecord,
  passPage,
  type SearchMatch,
  type StorageCriteria,
  searchPage,
  storageCriteria,
} from './wire.ts';

const PAGE = 100;
const LAST_PAGE = 1_000;

/** One page as the box tells it; a total of null is not told. */
type Page<T> = { total: number | null; list: T[] };

/** The box's calls about the site: groups, organisations, doors, search, records. Lists are read whole, page by page. All reject with FaultError. */
export interface MegviiSite {
  /** 组管理 1.4. `type` 1 staff, 2 visitors. */
  groups(type: number, signal: AbortSignal): Promise<Group[]>;
  /** 组管理 1.5 */
  group(uuid: string, signal: AbortSignal): Promise<Group>;
  /** 组管理 1.1. Code 0 may carry failures inside. */
  addGroup(group: { name: string; type: number }, signal: AbortSignal): Promise<BatchResult>;
  /** 组管理 1.3 */
  renameGroup(uuid: string, name: string, signal: AbortSignal): Promise<void>;
  /** 组管理 1.2 */
  deleteGroup(uuid: string, signal: AbortSignal): Promise<void>;
  /** 组管理 1.6: takes the people named out of the group and leaves the others. (1.8, `batchUpdatePerson`, replaces everybody and is never called.) */
  removeFromGroup(groupUuid: string, personUuids: readonly string[], signal: AbortSignal): Promise<void>;
  /** 组织管理 1.3; a name filters by substring. */
  organisations(name: string | null, signal: AbortSignal): Promise<OrgUnit[]>;
  /** 门禁点管理 1.2 with `passModel` false: what is a door already. */
  doors(signal: AbortSignal): Promise<z.infer<typeof doorPage>['list']>;
  /** 门禁点管理 1.11: opens one door once. */
  openDoor(uuid: string, signal: AbortSignal): Promise<void>;
  /** 门禁点管理 1.3: people who did not reach the doors. `noticeCode` 1: picture not sent, 6: feature not extracted. */
  syncFailures(noticeCode: '1' | '6', signal: AbortSignal): AsyncIterable<{ personUuid?: string | null }>;
  /** 通行权限管理 1.4: the doors a group is let in at. */
  authorities(groupUuid: string, signal: AbortSignal): Promise<z.infer<typeof authorityPage>['list']>;
  /** 人脸比对 1.2: who looks like an uploaded picture. `threshold` 1–99. */
  search(uri: string, threshold: number, signal: AbortSignal): Promise<SearchMatch[]>;
  /** 功能配置 1.6 */
  storageCriteria(signal: AbortSignal): Promise<StorageCriteria>;
  /** 通行记录 1.1: one page. */
  passRecords(
    filter: Record<string, string | number>,
    page: { pageNum: number; pageSize: number },
    signal: AbortSignal,
  ): Promise<Page<PassRecord>>;
}

export function createMegviiSite({ post }: Pick<Session, 'post'>): MegviiSite {
  /** Pages on until the total, or a short page where none is told: a box may cap a page below what was asked. */
  async function* each<T>(
    uri: string,
    filter: Record<string, unknown>,
    page: z.ZodType<Page<T>>,
    signal: AbortSignal,
  ): AsyncGenerator<T, void, undefined> {
    let seen = 0;
    for (let pageNum = 1; pageNum <= LAST_PAGE; pageNum += 1) {
      const { list, total } = await post(uri, { pageNum, pageSize: PAGE, ...filter }, page, signal);
      yield* list;
      seen += list.length;
      if (list.length === 0 || (total === null ? list.length < PAGE : seen >= total)) return;
    }
  }
  const all = async <T>(
    uri: string,
    filter: Record<string, unknown>,
    page: z.ZodType<Page<T>>,
    signal: AbortSignal,
  ): Promise<T[]> => {
    const found: T[] = [];
    for await (const entry of each(uri, filter, page, signal)) found.push(entry);
    return found;
  };

  return {
    groups: (type, signal) => all('/v1/api/pass/group/list', { type }, groupPage, signal),
    group: (uuid, signal) => post('/v1/api/pass/group/query', { uuid }, groupRecord, signal),
    addGroup: (group, signal) => post('/v1/api/pass/group/batchAdd', { groupList: [group] }, batchResult, signal),
    async renameGroup(uuid, name, signal) {
      await post('/v1/api/pass/group/update', { uuid, name }, nothing, signal);
    },
    async deleteGroup(uuid, signal) {
      await post('/v1/api/pass/group/delete', { uuid }, nothing, signal);
    },
    async removeFromGroup(groupUuid, personUuids, signal) {
      await post('/v1/api/pass/group/batchDeletePerson', { groupUuid, personUuids }, nothing, signal);
    },
    organisations: (name, signal) => post('/v1/api/org/tree', name === null ? {} : { orgName: name }, orgTree, signal),
    doors: (signal) => all('/v1/api/door/list', { passModel: false }, doorPage, signal),
    async openDoor(uuid, signal) {
      await post('/v1/api/door/openDoor', { uuid }, nothing, signal);
    },
    syncFailures: (noticeCode, signal) =>
      each('/v1/api/door/queryFeatureFailList', { noticeCode }, failurePage, signal),
    authorities: (groupUuid, signal) => all('/v1/api/pass/authority/list', { groupUuid }, authorityPage, signal),
    // 1 staff, 2 visitors, 3 key persons; 4, snapshots, knows nobody's name. The default page size is 0.
    search: (uri, threshold, signal) =>
      all('/v1/api/photo/search', { uri, threshold, groupTypes: [1, 2, 3] }, searchPage, signal),
    storageCriteria: (signal) => post('/v1/api/sys/storageCriteria/info', {}, storageCriteria, signal),
    passRecords: (filter, page, signal) => post('/v1/api/pass_record/list', { ...page, ...filter }, passPage, signal),
  };
}
