import { FaultError } from '#shared/fault';
import type { ConnectorDeps } from '../contract.ts';
import { createServerClock, inPlatformTime } from '../core/clock.ts';
import { codeFault } from '../core/codes.ts';
import { createHttp, parseAnswer, shaped } from '../core/http.ts';
import type { SenselinkConfig } from './config.ts';
import { CODES, QUALITY } from './faults.ts';
import { sign } from './sign.ts';
import { company, envelope, groupPage, quality, saved, similar, type User, users } from './wire.ts';

/** A list of everybody is asked for guests, whom no key finds. */
const LIST_BYTES = 64 * 1024 * 1024;

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

  /** One call; `app_key`, `timestamp` and `sign` go along in the URL (§4.2). Returns `data` of a success. */
  const call = (
    method: 'GET' | 'POST',
    path: string,
    options: { signal: AbortSignal; query?: Record<string, string>; body?: FormData; maxAnswerBytes?: number },
  ): Promise<unknown> =>
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
      const { code, message, data } = parseAnswer(answer, envelope);
      if (code === 200) return data;
      const error = codeFault(CODES, code, { text: message ?? '', redact: http.redact, answer });
      throw code === 30002 ? new SimilarFace(error.fault, data) : error;
    });

  const list = async (query: Record<string, string>, signal: AbortSignal): Promise<User[]> =>
    shaped(users, await call('GET', '/api/v1/user/list', { query, signal, maxAnswerBytes: LIST_BYTES })) ?? [];

  const save = async (path: string, fields: Fields, photo: Uint8Array, signal: AbortSignal): Promise<string> => {
    const body = form(fields);
    body.append('avatarFile', jpeg(photo), 'face.jpg');
    return shaped(saved, await call('POST', path, { body, signal })).id;
  };

  return {
    clock,
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

    /** The platform's own default group of a type (1 staff, 2 visitors): the oldest one, §6.4.2. Null without any. */
    async defaultGroup(type: 1 | 2, signal: AbortSignal): Promise<number | null> {
      let oldest: number | null = null;
      for (let page = 1, pages = 1; page <= pages && page <= 100; page += 1) {
        const query = { type: String(type), page: String(page), size: '100' };
        const found = shaped(groupPage, await call('GET', '/api/v1/group', { query, signal }));
        pages = found.totalPage ?? 1;
        for (const group of found.data ?? []) {
          if ((group.type ?? type) === type && (oldest === null || group.id < oldest)) oldest = group.id;
        }
      }
      return oldest;
    },
  };
}
