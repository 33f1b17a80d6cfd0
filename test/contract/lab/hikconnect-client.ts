import { FaultBoard } from '../../../src/lab/core/faults.ts';
import { hostPlatform } from '../../../src/lab/core/server.ts';
import {
  type HikconnectOptions,
  type SimulatedHikconnect,
  simulateHikconnect,
} from '../../../src/lab/hikconnect/index.ts';

export const keys = { appKey: 'cewm9w0qjhv3i290uufnyxzp25l6ym7e', secretKey: 's77w0ckmlyetp2lhfqw8p8zgm23pkpw7' };
export const staffGroup = '378117915440051200';
export const mainLevel = '395619513653140480';
export const laboratoryLevel = '395619513653140481';

/** An answer of the platform; `data` as loose as JSON is. */
export interface Envelope {
  errorCode: string;
  message?: string;
  data?: unknown;
}

/** A tenant of its own with a clock the test moves; every call through `post` first lets two tenths of a second pass. */
export async function startTenant(options: HikconnectOptions = {}) {
  const clock = { now: Date.parse('2026-03-02T09:00:00+08:00') };
  let made: SimulatedHikconnect | undefined;
  const hosted = await hostPlatform(
    'hikconnect',
    (context) => {
      made = simulateHikconnect(context, options);
      return made;
    },
    { port: 0, now: () => clock.now, faults: new FaultBoard() },
  );
  if (made === undefined) throw new Error('the lab made no tenant');
  const platform = made;

  /** Sends at once: the rate is the caller's to keep. */
  const send = (path: string, body: unknown, token?: string): Promise<Response> =>
    fetch(hosted.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { Token: token }) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const post = async (path: string, body: unknown, token?: string): Promise<Envelope> => {
    clock.now += 200;
    return (await (await send(path, body, token)).json()) as Envelope;
  };
  const signIn = async (): Promise<string> => {
    const { data } = await post('/api/hccgw/platform/v1/token/get', keys);
    return (data as { accessToken: string }).accessToken;
  };
  return { clock, platform, url: hosted.url, send, post, signIn, close: hosted.close };
}

export type Tenant = Awaited<ReturnType<typeof startTenant>>;
