import { z } from 'zod';
import type { ConnectorDeps } from '../contract.ts';
import { createServerClock, inPlatformTime } from '../core/clock.ts';
import { type Http, type HttpAnswer, parseAnswer } from '../core/http.ts';
import { textsOf } from '../core/redact.ts';
import { faultOf, isBadSignature } from './faults.ts';
import { type Credentials, signedHeaders } from './sign.ts';
import { envelope } from './wire.ts';

/** Signed requests to one box. Both reject with FaultError. */
export interface Session {
  /** Posts JSON and reads the answer's data by its schema. */
  post<T>(uri: string, body: unknown, data: z.ZodType<T>, signal: AbortSignal): Promise<T>;
  /** Uploads one picture as the form field `file`. */
  upload<T>(uri: string, jpeg: Uint8Array, data: z.ZodType<T>, signal: AbortSignal): Promise<T>;
  /** The box's clock minus ours by the latest answer, milliseconds; null while unknown. */
  skewMs(): number | null;
}

interface SessionAccess {
  http: Http;
  credentials: Credentials;
  deps: Pick<ConnectorDeps, 'now' | 'nonce'>;
}

/** Bodies differ by call: JSON is serialised once, so that the digest is of the very bytes that are sent. */
type Body = { json: Uint8Array; sent: readonly string[] } | { form: () => FormData };

export function createSession({ http, credentials, deps }: SessionAccess): Session {
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
    if (code !== 0) throw faultOf(code, http.redact(msg ?? ''), { answer, sent: 'json' in body ? body.sent : [] });
    // Data is looked at only where the call has any: 修改人员 and 入库质量检测 answer none.
    return parseAnswer(
      answer,
      z.object({ data }).transform((whole) => whole.data as T),
    );
  };

  // A refused signature may be a matter of the clock: the answer told the box's time, so it is signed once more in that.
  const exchange = <T>(uri: string, body: Body, data: z.ZodType<T>, signal: AbortSignal): Promise<T> =>
    inPlatformTime(clock, () => once(uri, body, data, signal), isBadSignature);

  return {
    post: (uri, body, data, signal) =>
      exchange(uri, { json: new TextEncoder().encode(JSON.stringify(body)), sent: textsOf(body) }, data, signal),
    upload(uri, jpeg, data, signal) {
      const form = () => {
        const fresh = new FormData();
        // The ending of the file's name counts (101066); the name itself says nothing about the person.
        fresh.append('file', new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' }), 'face.jpg');
        return fresh;
      };
      return exchange(uri, { form }, data, signal);
    },
    skewMs: () => clock.skewMs(),
  };
}
