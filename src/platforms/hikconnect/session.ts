import type { z } from 'zod';
import { FaultError } from '#shared/fault';
import type { ConnectorDeps } from '../contract.ts';
import { createServerClock } from '../core/clock.ts';
import { type Http, type HttpAnswer, parseAnswer } from '../core/http.ts';
import { textsOf } from '../core/redact.ts';
import { faultOf, TOKEN_REFUSED } from './faults.ts';
import type { RateLimiter, Urgency } from './limiter.ts';
import { laterBaseUrl, renewalTime, type Token, TokenKeeper } from './token.ts';
import { dataOf, envelope, tokenData } from './wire.ts';

const DEFAULT_PAUSE_MS = 1_000;

/** One authenticated call: posts a body and reads the answer's data by its schema. Rejects with FaultError. */
export type Call = <T>(path: string, body: unknown, data: z.ZodType<T>, signal: AbortSignal) => Promise<T>;

/** A logged-in connection to one account: token, limit and clock. */
export interface Session {
  /** Calls in the order of their urgency. */
  at(urgency: Urgency): Call;
  /** 5.1.1: a fresh token, whether the old one is still good or not. */
  authenticate(signal: AbortSignal): Promise<void>;
  /** The platform's clock minus ours by the latest answer, milliseconds; null while unknown. */
  skewMs(): number | null;
}

interface SessionAccess {
  http: Http;
  limiter: RateLimiter;
  config: { baseUrl: string; allowHttp?: boolean | undefined; appKey: string; secretKey: string };
  deps: Pick<ConnectorDeps, 'now' | 'pace'>;
}

export function createSession({ http, limiter, config, deps }: SessionAccess): Session {
  const clock = createServerClock(() => deps.now());

  /** One request under the limit. Being told "too often" slows down everybody who shares the account. */
  const send = async (
    path: string,
    body: unknown,
    { token, signal, urgency }: { token: Token | null; signal?: AbortSignal; urgency: Urgency },
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
      urgency,
      deps.pace,
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

  const refusal = (code: string, message: string, answer: HttpAnswer, body: unknown): FaultError => {
    const error = faultOf(code, http.redact(message), { answer, sent: textsOf(body) });
    if (error.fault.kind === 'rate') limiter.pause(error.fault.retryAfterMs ?? DEFAULT_PAUSE_MS);
    return error;
  };

  const fetchToken = async (): Promise<Token> => {
    const { appKey, secretKey } = config;
    // No caller's signal: others may wait for the same token. The time-outs of the connection end it. For the same reason it is the desk's.
    const path = '/api/hccgw/platform/v1/token/get';
    const answer = await send(path, { appKey, secretKey }, { token: null, urgency: 'desk' });
    const { code, message } = head(answer);
    if (code !== '0') throw refusal(code, message, answer, null);
    const data = parseAnswer(answer, dataOf(tokenData));
    return {
      value: data.accessToken,
      baseUrl: laterBaseUrl(config, data.areaDomain),
      renewAt: renewalTime(data.expireTime, answer),
    };
  };
  const tokens = new TokenKeeper(fetchToken, () => deps.now());

  const at =
    (urgency: Urgency): Call =>
    async (path, body, data, signal) => {
      let token = await interruptedAsFault(tokens.get(signal), signal);
      let answer = await send(path, body, { token, signal, urgency });
      let { code, message } = head(answer);
      if (TOKEN_REFUSED.has(code)) {
        // Refused at the door: nothing was done, so the same call may go again with a new token, once.
        tokens.drop(token);
        token = await interruptedAsFault(tokens.get(signal), signal);
        answer = await send(path, body, { token, signal, urgency });
        ({ code, message } = head(answer));
      }
      if (TOKEN_REFUSED.has(code)) tokens.drop(token);
      if (code !== '0') throw refusal(code, message, answer, body);
      return parseAnswer(answer, dataOf(data));
    };

  return {
    at,
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
