import { z } from 'zod';
import { FaultError } from '#shared/fault';
import type { ConnectorDeps } from '../contract.ts';
import { type Http, type HttpAnswer, parseAnswer } from '../core/http.ts';
import { BAD_SIGNATURE, faultOf } from './faults.ts';
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

/** Below this a difference of clocks is the network's and the `Date` header's coarseness, not worth correcting. */
const NOTABLE_SKEW_MS = 30_000;

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
  let skew: number | null = null;

  const observe = (answer: HttpAnswer): void => {
    if (answer.serverDate === null) return;
    // The header is cut to whole seconds: its middle is the best guess. The answer was made between sending and receiving.
    skew = Math.round(answer.serverDate + 500 - (answer.sentAt + answer.receivedAt) / 2);
  };
  const correction = (): number => (skew !== null && Math.abs(skew) > NOTABLE_SKEW_MS ? skew : 0);

  const send = async (uri: string, body: Body, signal: AbortSignal): Promise<HttpAnswer> => {
    const json = 'json' in body ? body.json : null;
    const answer = await http.request({
      method: 'POST',
      path: uri,
      headers: {
        ...(json === null ? {} : { 'content-type': 'application/json' }),
        ...signedHeaders({ method: 'POST', uri, body: json }, credentials, {
          timestamp: deps.now() + correction(),
          nonce: deps.nonce(),
        }),
      },
      body: 'json' in body ? body.json : body.form(),
      signal,
    });
    observe(answer);
    return answer;
  };

  const exchange = async <T>(uri: string, body: Body, data: z.ZodType<T>, signal: AbortSignal): Promise<T> => {
    const corrected = correction();
    let answer = await send(uri, body, signal);
    let head = parseAnswer(answer, envelope);
    // A refused signature may be a matter of the clock: the box's answer told its time, so sign once more in that.
    if (head.code === BAD_SIGNATURE && Math.abs(correction() - corrected) > NOTABLE_SKEW_MS) {
      answer = await send(uri, body, signal);
      head = parseAnswer(answer, envelope);
    }
    if (head.code !== 0) throw new FaultError(faultOf(head.code, http.redact(head.msg ?? '')));
    // Data is looked at only where the call has any: 修改人员 and 入库质量检测 answer none.
    return parseAnswer(
      answer,
      z.object({ data }).transform((whole) => whole.data as T),
    );
  };

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
    skewMs: () => skew,
  };
}
