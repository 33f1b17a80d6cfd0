import { FaultError } from '#shared/fault';
import type { CodeTable } from '../core/codes.ts';
import { shaped } from '../core/http.ts';
import { DEPARTMENT_CODES } from './faults.ts';
import { form } from './form.ts';
import {
  addedGroup,
  type Department,
  type DepartmentNode,
  department,
  departmentTree,
  devicePage,
  type Group,
  groupPage,
} from './wire.ts';

/** Entries a page of a list is asked for. The manual names no limit. */
export const PAGE = 100;
const MOST_PAGES = 1_000;
/** Most persons of one batch (§6.4.4, §6.4.5). */
const BATCH = 2_000;

export interface CallOptions {
  signal: AbortSignal;
  query?: Record<string, string>;
  body?: FormData;
  maxAnswerBytes?: number;
  codes?: CodeTable;
}

/** One signed call; resolves with `data` of a success. */
type Call = (method: 'GET' | 'POST', path: string, options: CallOptions) => Promise<unknown>;

/** The calls for groups (§6.4), departments (§6.7) and devices (§6.2). */
export function createStructureCalls(call: Call) {
  /** Every entry of a paged list; `read` gets the number of a page. */
  const every = async <T>(
    read: (page: string) => Promise<{ totalPage?: number | null | undefined; data?: T[] | null | undefined }>,
  ): Promise<T[]> => {
    const all: T[] = [];
    for (let page = 1, pages = 1; page <= pages && page <= MOST_PAGES; page += 1) {
      const found = await read(String(page));
      pages = found.totalPage ?? 1;
      all.push(...(found.data ?? []));
    }
    return all;
  };

  const groups = (type: 0 | 1 | 2, signal: AbortSignal): Promise<Group[]> =>
    every(async (page) => {
      const query = { type: String(type), page, size: String(PAGE) };
      return shaped(groupPage, await call('GET', '/api/v1/group', { query, signal }));
    });

  /** Members of a group are changed in batches of at most 2,000 (§6.4.4, §6.4.5). */
  const changeMembers = async (
    path: string,
    groupId: number,
    userIds: readonly number[],
    signal: AbortSignal,
  ): Promise<void> => {
    for (let at = 0; at < userIds.length; at += BATCH) {
      const body = form({ groupId, userIds: userIds.slice(at, at + BATCH) });
      await call('POST', path, { body, signal });
    }
  };

  return {
    /** Groups of a type (1 staff, 2 visitors, 0 both), newest first: §6.4.2. */
    groups,

    /** The platform's own default group of a type: the oldest one, §6.4.2. Null without any. */
    async defaultGroup(type: 1 | 2, signal: AbortSignal): Promise<number | null> {
      const ids = (await groups(type, signal)).filter((group) => (group.type ?? type) === type).map(({ id }) => id);
      return ids.length === 0 ? null : Math.min(...ids);
    },

    /** §6.4.1 */
    async addGroup(name: string, type: 1 | 2, signal: AbortSignal): Promise<Group> {
      return shaped(addedGroup, await call('POST', '/api/v1/group', { body: form({ name, type }), signal }));
    },

    /** §6.4.3 */
    async updateGroup(id: number, name: string, type: number, signal: AbortSignal): Promise<void> {
      await call('POST', '/api/v1/group/update', { body: form({ id, name, type }), signal });
    },

    /** §6.4.4 */
    addToGroup: (groupId: number, userIds: readonly number[], signal: AbortSignal) =>
      changeMembers('/api/v1/user/add/group', groupId, userIds, signal),
    /** §6.4.5 */
    removeFromGroup: (groupId: number, userIds: readonly number[], signal: AbortSignal) =>
      changeMembers('/api/v1/user/remove/group', groupId, userIds, signal),

    /** The company and its departments: §6.7.1. Titles say v2, examples v1; v2 it is. */
    async departments(signal: AbortSignal): Promise<DepartmentNode> {
      return shaped(departmentTree, await call('GET', '/api/v2/department', { signal, codes: DEPARTMENT_CODES }));
    },

    /** §6.7.2; null where no department has the code. */
    async departmentByCode(code: string, signal: AbortSignal): Promise<Department | null> {
      try {
        const options = { query: { code }, signal, codes: DEPARTMENT_CODES };
        const found = shaped(department.nullish(), await call('GET', '/api/v2/department/search/code', options));
        return found?.code === code ? found : null;
      } catch (error) {
        if (error instanceof FaultError && error.fault.code === '620') return null;
        throw error;
      }
    },

    /** §6.7.3 */
    async departmentById(id: number, signal: AbortSignal): Promise<Department> {
      return shaped(department, await call('GET', `/api/v2/department/${id}`, { signal, codes: DEPARTMENT_CODES }));
    },

    /** §6.7.4; below the company where `parentId` is 0. */
    async addDepartment(name: string, parentId: number, signal: AbortSignal): Promise<Department> {
      const body = form({ name, parentId });
      return shaped(department, await call('POST', '/api/v2/department', { body, signal, codes: DEPARTMENT_CODES }));
    },

    /** §6.7.5; leader and code go back as they came. */
    async renameDepartment(known: Department, name: string, signal: AbortSignal): Promise<void> {
      const body = form({
        id: known.id,
        parentId: known.parent_id ?? 0,
        name,
        ...(known.leader_id ? { leaderId: known.leader_id } : {}),
        ...(known.code ? { code: known.code } : {}),
      });
      await call('POST', '/api/v2/department/update', { body, signal, codes: DEPARTMENT_CODES });
    },

    /** §6.7.6; 650 while anybody or anything is in it. */
    async removeDepartment(id: number, signal: AbortSignal): Promise<void> {
      const options = { query: { id: String(id) }, signal, codes: DEPARTMENT_CODES };
      await call('GET', '/api/v2/department/delete', options);
    },

    /** Devices: §6.2.1. */
    async devices(signal: AbortSignal) {
      const found = await every(async (page) => {
        const query = { page, size: String(PAGE) };
        return shaped(devicePage, await call('GET', '/api/v1/device', { query, signal }));
      });
      return found.map(({ device }) => device);
    },
  };
}
