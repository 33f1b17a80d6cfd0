import { FaultError } from '#shared/fault';
import type { ConnectorDeps } from '../contract.ts';
import { createServerClock, inPlatformTime } from '../core/clock.ts';
import { codeFault } from '../core/codes.ts';
import { createHttp, parseAnswer, shaped } from '../core/http.ts';
import type { DeviceConfig } from './config.ts';
import { CODES } from './faults.ts';
import { sign } from './sign.ts';
import type { UserId } from './user-id.ts';
import { deviceObject, envelope, type UserObject, userPage } from './wire.ts';

/** Pages hold at most 10 users (§8.2.5). */
const PAGE = 10;
/** A terminal holds some ten thousand users; more pages than that is a terminal that never ends. */
const MOST_PAGES = 5_000;
/** Ten users with their pictures in Base64. */
const LIST_BYTES = 16 * 1024 * 1024;

/** What is sent as a UserObject; required fields are there even when blank (§8.2.1). */
export interface UserBody {
  userId: string;
  userType: 1 | 2;
  icNumber: string;
  jobNumber: string;
  mobile: string;
  name: string;
  remark: string;
  [optional: string]: string | number;
}

export type Client = ReturnType<typeof createClient>;

export function createClient(config: DeviceConfig, deps: ConnectorDeps) {
  const http = createHttp({
    ...config,
    configDir: deps.configDir,
    secrets: [config.password],
    now: deps.now,
    // One request at a time: a second one is answered with 50003.
    connections: 1,
  });
  const clock = createServerClock(deps.now);

  /** Everything signed is in the URL, the body is plain JSON (§4.2). Returns `data` of a success. */
  const call = (
    method: 'GET' | 'POST',
    path: string,
    query: Record<string, string>,
    options: { signal: AbortSignal; body?: UserBody; maxAnswerBytes?: number },
  ): Promise<unknown> =>
    inPlatformTime(clock, async () => {
      const timestamp = clock.time();
      const url = new URLSearchParams({
        ...query,
        timestamp: String(timestamp),
        sign: sign(timestamp, config.password),
      });
      const answer = await http.request({
        method,
        path: `${path}?${url}`,
        headers: options.body === undefined ? {} : { 'content-type': 'application/json' },
        ...(options.body === undefined ? {} : { body: new TextEncoder().encode(JSON.stringify(options.body)) }),
        ...(options.maxAnswerBytes === undefined ? {} : { maxAnswerBytes: options.maxAnswerBytes }),
        signal: options.signal,
      });
      clock.observe(answer);
      const { code, message, data } = parseAnswer(answer, envelope);
      if (code !== 200) throw codeFault(CODES, code, { text: message ?? '', redact: http.redact, answer });
      return data;
    });

  /** One page of users with such an id: §8.2.5. Without `type` all kinds of user are searched. */
  const page = async (id: UserId, number: number, signal: AbortSignal) => {
    const query = { userId: id, page: String(number), size: String(PAGE) };
    try {
      const data = await call('GET', '/api/user/list', query, { signal, maxAnswerBytes: LIST_BYTES });
      return shaped(userPage, data);
    } catch (error) {
      // Two ways of saying that nobody is there.
      if (error instanceof FaultError && (error.fault.code === '50008' || error.fault.code === '20001')) return null;
      throw error;
    }
  };

  return {
    clock,
    close: () => http.close(),

    /** The user with exactly this id, or null: §8.2.5. The filter may match parts, so pages are read until it is found. */
    async find(id: UserId, signal: AbortSignal): Promise<UserObject | null> {
      for (let number = 1; number <= MOST_PAGES; number += 1) {
        const found = await page(id, number, signal);
        const users = found?.data ?? [];
        const exact = users.find((user) => user.userId === id);
        if (exact !== undefined) return exact;
        if (users.length === 0 || number >= (found?.totalPage ?? 1)) return null;
      }
      return null;
    },

    /** §8.2.2 */
    async add(user: UserBody, signal: AbortSignal): Promise<void> {
      await call('POST', '/api/user', {}, { signal, body: user });
    },

    /** §8.2.3 */
    async update(id: UserId, user: UserBody, signal: AbortSignal): Promise<void> {
      await call('POST', `/api/user/update/${encodeURIComponent(id)}`, {}, { signal, body: user });
    },

    /** §8.2.4. Only a checked id gets here: `all` cannot. */
    async remove(id: UserId, signal: AbortSignal): Promise<void> {
      await call('GET', `/api/user/delete/${encodeURIComponent(id)}`, {}, { signal });
    },

    /** Device information: §8.1.11. */
    async information(signal: AbortSignal) {
      return shaped(deviceObject, await call('POST', '/api/device/information', {}, { signal }));
    },
  };
}
