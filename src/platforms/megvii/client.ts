import { z } from 'zod';
import type { ConnectorDeps } from '../contract.ts';
import { createServerClock, inPlatformTime } from '../core/clock.ts';
import { type Http, type HttpAnswer, parseAnswer } from '../core/http.ts';
import { faultOf, isBadSignature } from './faults.ts';
import { type Credentials, signedHeaders } from './sign.ts';
import {
  type BatchResult,
  batchResult,
  envelope,
  failurePage,
  nothing,
  type PersonFields,
  type PersonRecord,
  personPage,
  personRecord,
  uploaded,
} from './wire.ts';

/** The calls of a Hongtu 3000 box that enrolment needs, signed; chapters of its document (V1.0.6) at each. All reject with FaultError. */
export interface MegviiClient {
  /** 人员管理 1.3: the box's own judgement; stores nothing. Resolves when the picture passes. */
  qualityJudge(jpeg: Uint8Array, signal: AbortSignal): Promise<void>;
  /** 人员管理 1.1: uploads and judges; the uri goes into a person. (1.2, `config/uploadImage`, judges by the lowest standard and is not for enrolment.) */
  uploadImage(jpeg: Uint8Array, signal: AbortSignal): Promise<string>;
  /** 人员管理 1.7: one page of a search. Text fields match by *substring*. */
  listPeople(
    filter: Record<string, string | number | boolean>,
    page: { pageNum: number; pageSize: number },
    signal: AbortSignal,
  ): Promise<{ total: number | null; list: PersonRecord[] }>;
  /** 人员管理 1.9 */
  queryPerson(uuid: string, signal: AbortSignal): Promise<PersonRecord>;
  /** 人员管理 1.4, one person at a time. Code 0 may carry failures inside. */
  addPerson(person: PersonFields & { type: number }, signal: AbortSignal): Promise<BatchResult>;
  /** 人员管理 1.6: fields left out stay as they are. */
  updatePerson(person: PersonFields & { uuid: string }, signal: AbortSignal): Promise<void>;
  /** 人员管理 1.5 */
  deletePerson(uuid: string, signal: AbortSignal): Promise<BatchResult>;
  /** 门禁点管理 1.3: people who did not reach the doors. `noticeCode` 1: picture not sent, 6: feature not extracted. */
  listSyncFailures(
    noticeCode: '1' | '6',
    page: { pageNum: number; pageSize: number },
    signal: AbortSignal,
  ): Promise<{ total: number | null; list: { personUuid?: string | null; reasonStr?: string | null }[] }>;
  /** The box's clock minus ours by the latest answer, milliseconds; null while unknown. */
  skewMs(): number | null;
}

/** What a room needs to call its platform. */
export interface MegviiAccess {
  http: Http;
  credentials: Credentials;
  deps: Pick<ConnectorDeps, 'now' | 'nonce'>;
}

/** Bodies differ by call: JSON is serialised once, so that the digest is of the very bytes that are sent. */
type Body = { json: Uint8Array } | { form: () => FormData };

export function createMegviiClient({ http, credentials, deps }: MegviiAccess): MegviiClient {
  const clock = createServerClock(() => deps.now());

  const send = async (uri: string, body: Body, signal: AbortSignal): Promise<HttpAnswer> => {
    const json = 'json' in body ? body.json : null;
    const answer = await http.request({
      method: 'POST',
      path: uri,
      headers: {
        ...(json === null ? {} : { 'content-type': 'application/json' }),
        ...signedHeaders({ method: 'POST', uri, body: json }, credentials, {
          timestamp: clock.time(),
          nonce: deps.nonce(),
        }),
      },
      body: 'json' in body ? body.json : body.form(),
      signal,
    });
    clock.observe(answer);
    return answer;
  };

  const once = async <T>(uri: string, body: Body, data: z.ZodType<T>, signal: AbortSignal): Promise<T> => {
    const answer = await send(uri, body, signal);
    const { code, msg } = parseAnswer(answer, envelope);
    if (code !== 0) throw faultOf(code, http.redact(msg ?? ''), answer);
    // Data is looked at only where the call has any: 修改人员 and 入库质量检测 answer none.
    return parseAnswer(
      answer,
      z.object({ data }).transform((whole) => whole.data as T),
    );
  };

  // A refused signature may be a matter of the clock: the answer told the box's time, so it is signed once more in that.
  const exchange = <T>(uri: string, body: Body, data: z.ZodType<T>, signal: AbortSignal): Promise<T> =>
    inPlatformTime(clock, () => once(uri, body, data, signal), isBadSignature);

  const post = <T>(uri: string, body: unknown, data: z.ZodType<T>, signal: AbortSignal): Promise<T> =>
    exchange(uri, { json: new TextEncoder().encode(JSON.stringify(body)) }, data, signal);

  const upload = <T>(uri: string, jpeg: Uint8Array, data: z.ZodType<T>, signal: AbortSignal): Promise<T> => {
    const form = () => {
      const fresh = new FormData();
      // The ending of the file's name counts (101066); the name itself says nothing about the person.
      fresh.append('file', new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' }), 'face.jpg');
      return fresh;
    };
    return exchange(uri, { form }, data, signal);
  };

  return {
    async qualityJudge(jpeg, signal) {
      await upload('/v1/api/misc/file/qualityJudge', jpeg, nothing, signal);
    },
    async uploadImage(jpeg, signal) {
      return (await upload('/v1/api/person/uploadImage', jpeg, uploaded, signal)).uri;
    },
    listPeople: (filter, page, signal) => post('/v1/api/person/list', { ...page, ...filter }, personPage, signal),
    queryPerson: (uuid, signal) => post('/v1/api/person/query', { uuid }, personRecord, signal),
    addPerson: (person, signal) => post('/v1/api/person/batchAdd', { personList: [person] }, batchResult, signal),
    async updatePerson(person, signal) {
      await post('/v1/api/person/update', person, nothing, signal);
    },
    deletePerson: (uuid, signal) => post('/v1/api/person/batchDelete', { uuidList: [uuid] }, batchResult, signal),
    listSyncFailures: (noticeCode, page, signal) =>
      post('/v1/api/door/queryFeatureFailList', { ...page, noticeCode }, failurePage, signal),
    skewMs: () => clock.skewMs(),
  };
}
