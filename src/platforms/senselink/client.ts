import { z } from 'zod';
import { FaultError } from '#shared/fault';
import type { ConnectorDeps } from '../contract.ts';
import { createServerClock, inPlatformTime } from '../core/clock.ts';
import { type CodeTable, codeFault } from '../core/codes.ts';
import { createHttp, parseAnswer, shaped } from '../core/http.ts';
import type { Page } from '../core/passes.ts';
import { textsOf } from '../core/redact.ts';
import type { SenselinkConfig } from './config.ts';
import { CODES, DEPARTMENT_CODES, QUALITY } from './faults.ts';
import { sign } from './sign.ts';
import {
  addedGroup,
  company,
  type Department,
  type DepartmentNode,
  department,
  departmentTree,
  devicePage,
  envelope,
  type Group,
  groupPage,
  type Pass,
  passPage,
  quality,
  saved,
  similar,
  type User,
  users,
} from './wire.ts';

/** A list of everybody is asked for guests, whom no key finds. */
const LIST_BYTES = 64 * 1024 * 1024;

/** Entries a page of a list is asked for. The manual names no limit. */
const PAGE = 100;
const MOST_PAGES = 1_000;
/** Most persons of one batch (§6.4.4, §6.4.5). */
const BATCH = 2_000;

/** The fields of a form; an array becomes repeated fields. */
export type Fields = Record<string, string | number | readonly number[]>;

/** 30002: the platform believes it knows this face. */
export class SimilarFace extends FaultError {
  readonly personId: string | undefined;
  readonly personName: string | undefined;
  readonly canForce: boolean;
  constructor(fault: FaultError['fault'], data: unknown) {
    super(fault);
    const known = similar.safeParse(data).data;
    this.personId = known?.similar_user_id ?? undefined;
    this.personName = known?.similar_user_name ?? undefined;
    this.canForce = known?.can_force === 1;
  }
}

export type Client = ReturnType<typeof createClient>;

function jpeg(bytes: Uint8Array): File {
  return new File([new Uint8Array(bytes)], 'face.jpg', { type: 'image/jpeg' });
}

function form(fields: Fields): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value !== 'object') data.append(name, String(value));
    // An empty list is sent as an empty field: leaving it out is another thing to the platform (§6.3.2).
    else if (value.length === 0) data.append(name, '');
    else for (const item of value) data.append(name, String(item));
  }
  return data;
}

export function createClient(config: SenselinkConfig, deps: ConnectorDeps) {
  const http = createHttp({
    ...config,
    configDir: deps.configDir,
    secrets: [config.appSecret, config.appKey],
    now: deps.now,
  });
  const clock = createServerClock(deps.now);

  interface Options {
    signal: AbortSignal;
    query?: Record<string, string>;
    body?: FormData;
    maxAnswerBytes?: number;
    codes?: CodeTable;
  }

  /** One call; `app_key`, `timestamp` and `sign` go along in the URL (§4.2). Returns the envelope of a success. */
  const exchange = (method: 'GET' | 'POST', path: string, options: Options) =>
    inPlatformTime(clock, async () => {
      const timestamp = clock.time();
      const url = new URLSearchParams({
        ...options.query,
        app_key: config.appKey,
        timestamp: String(timestamp),
        sign: sign(timestamp, config.appSecret),
      });
      const answer = await http.request({
        method,
        path: `${path}?${url}`,
        ...(options.body === undefined ? {} : { body: options.body }),
        ...(options.maxAnswerBytes === undefined ? {} : { maxAnswerBytes: options.maxAnswerBytes }),
        signal: options.signal,
      });
      clock.observe(answer);
      const said = parseAnswer(answer, envelope);
      const { code, message, data } = said;
      if (code === 200) return said;
      const sent = textsOf([Object.fromEntries(url), ...(options.body?.values() ?? [])]);
      const error = codeFault(options.codes ?? CODES, code, { text: message ?? '', redact: http.redact, sent, answer });
      throw code === 30002 ? new SimilarFace(error.fault, data) : error;
    });

  const call = async (method: 'GET' | 'POST', path: string, options: Options): Promise<unknown> =>
    (await exchange(method, path, options)).data;

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

  const list = async (query: Record<string, string>, signal: AbortSignal): Promise<User[]> =>
    shaped(users, await call('GET', '/api/v1/user/list', { query, signal, maxAnswerBytes: LIST_BYTES })) ?? [];

  const save = async (path: string, fields: Fields, photo: Uint8Array, signal: AbortSignal): Promise<string> => {
    const body = form(fields);
    body.append('avatarFile', jpeg(photo), 'face.jpg');
    return shaped(saved, await call('POST', path, { body, signal })).id;
  };

  return {
    clock,
    circuit: http.circuit,
    hurry: http.hurry,
    close: () => http.close(),

    /** Company information: §6.1. Returns its name. */
    async company(signal: AbortSignal): Promise<string | null> {
      return shaped(company, await call('GET', '/api/v1/company', { signal })).name ?? null;
    },

    /** Quality of a picture: §6.6.2. Throws FaultError `quality` with the `qa_code` where it does not pass. */
    async checkQuality(photo: Uint8Array, signal: AbortSignal): Promise<void> {
      const body = new FormData();
      body.append('face_avatar', jpeg(photo), 'face.jpg');
      const { qa_code, qa_msg } = shaped(quality, await call('POST', '/api/v1/recognition/quality', { body, signal }));
      if (qa_code === 0) return;
      const known = codeFault(QUALITY, qa_code, { text: qa_msg ?? '', redact: http.redact, answer: { status: 200 } });
      // A number the manual does not list is a verdict on the picture all the same.
      throw new FaultError({ ...known.fault, kind: 'quality', field: 'photo' });
    },

    /** Search by some of the fields of §6.3.7; what it finds may only resemble them. */
    list,

    /** One person by SenseLink's own id, with groups: §6.3.7. */
    async byId(id: number, signal: AbortSignal): Promise<User | null> {
      return (await list({ id: String(id) }, signal)).find((user) => user.id === id) ?? null;
    },

    /** §6.3.1 */
    addUser: (fields: Fields, photo: Uint8Array, signal: AbortSignal) => save('/api/v1/user', fields, photo, signal),
    /** §6.3.2 */
    updateUser: (id: number, fields: Fields, photo: Uint8Array, signal: AbortSignal) =>
      save(`/api/v1/user/update/${id}`, fields, photo, signal),
    /** §6.3.3 */
    async removeUser(id: number, signal: AbortSignal): Promise<void> {
      await call('GET', `/api/v1/user/delete/${id}`, { signal });
    },

    /** §6.3.4 */
    addGuest: (fields: Fields, photo: Uint8Array, signal: AbortSignal) => save('/api/v1/guest', fields, photo, signal),
    /** §6.3.5 */
    updateGuest: (id: number, fields: Fields, photo: Uint8Array, signal: AbortSignal) =>
      save(`/api/v1/guest/update/${id}`, fields, photo, signal),
    /** §6.3.6 */
    async removeGuest(id: number, signal: AbortSignal): Promise<void> {
      await call('GET', `/api/v1/guest/delete/${id}`, { signal });
    },

    /** Number of faces: §6.6.1; null where the answer does not tell it. Throws FaultError `quality`, code 30003, where there is none. */
    async countFaces(photo: Uint8Array, signal: AbortSignal): Promise<number | null> {
      const body = new FormData();
      body.append('face_avatar', jpeg(photo), 'face.jpg');
      const { face_number, data } = await exchange('POST', '/api/v1/recognition/check', { body, signal });
      return face_number ?? z.int().safeParse(data).data ?? null;
    },

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

    /** A page of recognitions of a time in seconds, newest first: §6.5.1. */
    async passes(
      range: { from: number; to: number; userId: number | null },
      number: number,
      signal: AbortSignal,
    ): Promise<Page<Pass>> {
      const query = {
        startTime: String(range.from),
        endTime: String(range.to),
        ...(range.userId === null ? {} : { userId: String(range.userId) }),
        page: String(number),
        size: String(PAGE),
      };
      const { data, totalPage } = shaped(passPage, await call('GET', '/api/v1/record', { query, signal }));
      return { items: data ?? [], totalPage: totalPage ?? 1 };
    },

    /** The path of the push, signed now: §6.5.2. */
    pushPath(): string {
      const timestamp = clock.time();
      return `/websocket/record/${encodeURIComponent(config.appKey)}/${timestamp}/${sign(timestamp, config.appSecret)}`;
    },
  };
}
