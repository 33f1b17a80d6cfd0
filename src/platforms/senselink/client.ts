import { z } from 'zod';
import { FaultError } from '#shared/fault';
import type { ConnectorDeps } from '../contract.ts';
import { createServerClock, inPlatformTime } from '../core/clock.ts';
import { codeFault } from '../core/codes.ts';
import { createHttp, parseAnswer, shaped } from '../core/http.ts';
import type { Page } from '../core/passes.ts';
import { fetchPicture, pictureAddress } from '../core/picture.ts';
import { textsOf } from '../core/redact.ts';
import type { SenselinkConfig } from './config.ts';
import { CODES, QUALITY } from './faults.ts';
import { type Fields, form } from './form.ts';
import { sign } from './sign.ts';
import { type CallOptions, createStructureCalls, PAGE } from './structure-calls.ts';
import { company, envelope, type Pass, passPage, quality, saved, similar, type User, users } from './wire.ts';

/** A list of everybody is asked for guests, whom no key finds. */
const LIST_BYTES = 64 * 1024 * 1024;

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

export function createClient(config: SenselinkConfig, deps: ConnectorDeps) {
  const http = createHttp({
    ...config,
    configDir: deps.configDir,
    secrets: [config.appSecret, config.appKey],
    now: deps.now,
  });
  const clock = createServerClock(deps.now);

  /** The query of a call with what signs it (§4.2). */
  const signature = (query: Record<string, string> = {}): URLSearchParams => {
    const timestamp = clock.time();
    const signed = { app_key: config.appKey, timestamp: String(timestamp), sign: sign(timestamp, config.appSecret) };
    return new URLSearchParams({ ...query, ...signed });
  };

  /** One call; `app_key`, `timestamp` and `sign` go along in the URL (§4.2). Returns the envelope of a success. */
  const exchange = (method: 'GET' | 'POST', path: string, options: CallOptions) =>
    inPlatformTime(clock, async () => {
      const url = signature(options.query);
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

  const call = async (method: 'GET' | 'POST', path: string, options: CallOptions): Promise<unknown> =>
    (await exchange(method, path, options)).data;

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

    ...createStructureCalls(call),

    /**
     * The picture behind an `avatar` (§6.3.7): an address of this server, or an id where `avatarPath` says what takes one. Signed like any call, because
     * the manual exempts nothing. Null where it cannot be fetched.
     */
    async picture(avatar: string | null | undefined, signal: AbortSignal): Promise<Uint8Array | null> {
      const named = /^[\w-]{1,128}$/.test(avatar ?? '') ? config.avatarPath?.replace('{id}', avatar ?? '') : avatar;
      const address = pictureAddress(named, config);
      if (address === null) return null;
      const path = `${address.path}${address.path.includes('?') ? '&' : '?'}${signature()}`;
      return fetchPicture(http, { ...address, path }, signal);
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
