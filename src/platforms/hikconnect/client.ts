import type { z } from 'zod';
import { FaultError } from '#shared/fault';
import type { ConnectorDeps } from '../contract.ts';
import { createServerClock } from '../core/clock.ts';
import { type Http, type HttpAnswer, parseAnswer } from '../core/http.ts';
import { faultOf, isCode, NOBODY, TOKEN_REFUSED } from './faults.ts';
import type { RateLimiter } from './limiter.ts';
import { laterBaseUrl, renewalTime, type Token, TokenKeeper } from './token.ts';
import {
  dataOf,
  type Element,
  elementDetail,
  envelope,
  groupPage,
  type LevelFailed,
  levelsAssigned,
  nothing,
  type PersonFields,
  type PersonInfo,
  type PersonPage,
  personDetail,
  personPage,
  type QuickAdded,
  quickAdded,
  tokenData,
} from './wire.ts';

const DEFAULT_PAUSE_MS = 1_000;

/** The calls of Hik-Connect for Teams (OpenAPI V2.14.0) that enrolment needs; chapters at each. All reject with FaultError. */
export interface HikConnectClient {
  /** 5.8.16: one page. The filter matches by substring and knows name, e-mail and phone, never the code. */
  listPersons(
    filter: { name?: string; email?: string; phone?: string } | null,
    page: { pageIndex: number; pageSize: number },
    signal: AbortSignal,
  ): Promise<PersonPage>;
  /** 5.8.13; null for nobody. */
  getPerson(personId: string, signal: AbortSignal): Promise<PersonInfo | null>;
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
  /** 5.7.6: adds levels and leaves the person's others alone. Resolves with those that failed. */
  addAccessLevels(personId: string, levels: readonly string[], signal: AbortSignal): Promise<LevelFailed[]>;
  /** 5.7.5 with `returnSuccess`: every door of the person, whether its credentials have arrived. */
  elementDetail(personId: string, signal: AbortSignal): Promise<Element[]>;
  /** 5.8.1, by id. */
  findGroups(
    groupIds: readonly string[],
    signal: AbortSignal,
  ): Promise<{ groupId: string; groupName?: string | null }[]>;
  /** 5.1.1: a fresh token, whether the old one is still good or not. */
  authenticate(signal: AbortSignal): Promise<void>;
  /** The platform's clock minus ours by the latest answer, milliseconds; null while unknown. */
  skewMs(): number | null;
}

export interface HikConnectAccess {
  http: Http;
  limiter: RateLimiter;
  config: { baseUrl: string; allowHttp?: boolean | undefined; appKey: string; secretKey: string };
  deps: Pick<ConnectorDeps, 'now'>;
}

export function createHikConnectClient({ http, limiter, config, deps }: HikConnectAccess): HikConnectClient {
  const clock = createServerClock(() => deps.now());

  /** One request under the limit. Being told "too often" slows down everybody who shares the account. */
  const send = async (
    path: string,
    body: unknown,
    token: Token | null,
    signal: AbortSignal | undefined,
  ): Promise<HttpAnswer> => {
    const answer = await limiter.run(
      () =>
        http.request({
          method: 'POST',
          path,
          headers: { 'content-type': 'application/json', ...(token === null ? {} : { Token: token.value }) },
          body: new TextEncoder().encode(JSON.stringify(body)),
          ...(signal === undefined ? {} : { signal }),
          ...(token === null ? {} : { baseUrl: token.baseUrl }),
        }),
      signal,
    );
    clock.observe(answer);
    return answer;
  };

  const head = (answer: HttpAnswer) => {
    try {
      return parseAnswer(answer, envelope);
    } catch (error) {
      if (error instanceof FaultError && error.fault.kind === 'rate')
        limiter.pause(error.fault.retryAfterMs ?? DEFAULT_PAUSE_MS);
      throw error;
    }
  };

  const refusal = (code: string, message: string, answer: HttpAnswer): FaultError => {
    const error = faultOf(code, http.redact(message), answer.status);
    if (error.fault.kind === 'rate') limiter.pause(DEFAULT_PAUSE_MS);
    return error;
  };

  const fetchToken = async (): Promise<Token> => {
    const { appKey, secretKey } = config;
    // No caller's signal: others may wait for the same token. The time-outs of the connection end it.
    const answer = await send('/api/hccgw/platform/v1/token/get', { appKey, secretKey }, null, undefined);
    const { code, message } = head(answer);
    if (code !== '0') throw refusal(code, message, answer);
    const data = parseAnswer(answer, dataOf(tokenData));
    return {
      value: data.accessToken,
      baseUrl: laterBaseUrl(config, data.areaDomain),
      renewAt: renewalTime(data.expireTime, answer),
    };
  };
  const tokens = new TokenKeeper(fetchToken, () => deps.now());

  const call = async <T>(path: string, body: unknown, data: z.ZodType<T>, signal: AbortSignal): Promise<T> => {
    let token = await interruptedAsFault(tokens.get(signal), signal);
    let answer = await send(path, body, token, signal);
    let { code, message } = head(answer);
    if (TOKEN_REFUSED.has(code)) {
      // Refused at the door: nothing was done, so the same call may go again with a new token, once.
      tokens.drop(token);
      token = await interruptedAsFault(tokens.get(signal), signal);
      answer = await send(path, body, token, signal);
      ({ code, message } = head(answer));
    }
    if (TOKEN_REFUSED.has(code)) tokens.drop(token);
    if (code !== '0') throw refusal(code, message, answer);
    return parseAnswer(answer, dataOf(data));
  };

  const noneIfNobody = async <T, N>(run: Promise<T>, nobody: N): Promise<T | N> => {
    try {
      return await run;
    } catch (error) {
      if (isCode(error, NOBODY)) return nobody;
      throw error;
    }
  };

  return {
    listPersons: (filter, page, signal) =>
      call(
        '/api/hccgw/person/v1/persons/list',
        { ...page, ...(filter === null ? {} : { filter }) },
        personPage,
        signal,
      ),
    // The table calls the parameter `Id`, the example `personId`; the example is what servers take.
    getPerson: (personId, signal) =>
      noneIfNobody(call('/api/hccgw/person/v1/persons/get', { personId }, personDetail, signal), null),
    quickAdd: ({ personInfo, photoData, accessLevelIds }, signal) =>
      call(
        '/api/hccgw/person/v1/persons/quick/add',
        // `aceessLevelList` is spelt so by the platform.
        { personInfo, photoData, ...(accessLevelIds.length === 0 ? {} : { aceessLevelList: accessLevelIds }) },
        quickAdded,
        signal,
      ),
    async updatePerson(person, signal) {
      await call('/api/hccgw/person/v1/persons/update', person, nothing, signal);
    },
    async updatePhoto(personId, photoData, signal) {
      await call('/api/hccgw/person/v1/persons/photo', { personId, photoData }, nothing, signal);
    },
    async deletePerson(personId, signal) {
      const gone = call('/api/hccgw/person/v1/persons/delete', { personId }, nothing, signal);
      return noneIfNobody(
        gone.then(() => true),
        false,
      );
    },
    addAccessLevels: (personId, levels, signal) =>
      call(
        '/api/hccgw/acspm/v1/accesslevel/person/add',
        { personList: [{ personId, accessLevelIdList: levels }] },
        levelsAssigned,
        signal,
      ),
    elementDetail: (personId, signal) =>
      call(
        `/api/hccgw/acspm/v1/maintain/overview/person/${encodeURIComponent(personId)}/elementdetail`,
        { returnSuccess: true },
        elementDetail,
        signal,
      ),
    findGroups: (groupIds, signal) =>
      call('/api/hccgw/person/v1/groups/search', { groupIdList: groupIds }, groupPage, signal),
    async authenticate(signal) {
      await interruptedAsFault(tokens.renew(signal), signal);
    },
    skewMs: () => clock.skewMs(),
  };
}

/** An interruption while waiting for somebody else's token, in the same words as one during a request. */
async function interruptedAsFault<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (signal.aborted && !(error instanceof FaultError))
      throw new FaultError({ kind: 'time-out', code: 'aborted', message: 'interrupted by the station' });
    throw error;
  }
}
