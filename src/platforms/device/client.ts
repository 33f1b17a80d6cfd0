import { FaultError } from '#shared/fault';
import type { ConnectorDeps } from '../contract.ts';
import { createServerClock, inPlatformTime } from '../core/clock.ts';
import { codeFault } from '../core/codes.ts';
import { createHttp, parseAnswer, shaped } from '../core/http.ts';
import type { Page } from '../core/passes.ts';
import { textsOf } from '../core/redact.ts';
import type { DeviceConfig } from './config.ts';
import { CODES } from './faults.ts';
import type { ParameterGroup } from './parameters.ts';
import { sign } from './sign.ts';
import type { UserId } from './user-id.ts';
import {
  deviceObject,
  envelope,
  parameterObject,
  recordPage,
  type SignObject,
  type UserObject,
  userPage,
} from './wire.ts';

/** Pages hold at most 10 users (§8.2.5). */
const PAGE = 10;
/** A terminal holds some ten thousand users; more pages than that is a terminal that never ends. */
const MOST_PAGES = 5_000;
/** §8.3.2 allows 1,000 a page; each carries up to two pictures in Base64, which a small terminal puts together in memory. */
const RECORDS_PAGE = 100;
const RECORDS_BYTES = 64 * 1024 * 1024;
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

  const signed = (query: Record<string, string>, timestamp: number): URLSearchParams =>
    new URLSearchParams({ ...query, timestamp: String(timestamp), sign: sign(timestamp, config.password) });

  interface Options {
    signal: AbortSignal;
    body?: UserBody | Record<string, string | number>;
    maxAnswerBytes?: number;
  }

  /** Everything signed is in the URL, the body is plain JSON (§4.2). Returns `data` of a success. */
  const send = async (
    method: 'GET' | 'POST',
    path: string,
    query: Record<string, string>,
    { signal, body, maxAnswerBytes, timestamp }: Options & { timestamp: number },
  ): Promise<unknown> => {
    const answer = await http.request({
      method,
      path: `${path}?${signed(query, timestamp)}`,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: new TextEncoder().encode(JSON.stringify(body)) }),
      ...(maxAnswerBytes === undefined ? {} : { maxAnswerBytes }),
      signal,
    });
    clock.observe(answer);
    const { code, message, data } = parseAnswer(answer, envelope);
    const sent = textsOf([query, body, sign(timestamp, config.password)]);
    if (code !== 200) throw codeFault(CODES, code, { text: message ?? '', redact: http.redact, sent, answer });
    return data;
  };

  /** The same, signed once more in the terminal's time where ours is refused. */
  const call = (
    method: 'GET' | 'POST',
    path: string,
    query: Record<string, string>,
    options: Options,
  ): Promise<unknown> =>
    inPlatformTime(clock, () => send(method, path, query, { ...options, timestamp: clock.time() }));

  /** One page of users whom a filter fits: §8.2.5. Without `type` all kinds of user are searched. */
  const page = async (filter: Record<string, string>, number: number, signal: AbortSignal) => {
    const query = { ...filter, page: String(number), size: String(PAGE) };
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
    circuit: http.circuit,
    hurry: http.hurry,
    close: () => http.close(),

    /** The user with exactly this id, or null: §8.2.5. The filter may match parts, so pages are read until it is found. */
    async find(id: UserId, signal: AbortSignal): Promise<UserObject | null> {
      for (let number = 1; number <= MOST_PAGES; number += 1) {
        const found = await page({ userId: id }, number, signal);
        const users = found?.data ?? [];
        const exact = users.find((user) => user.userId === id);
        if (exact !== undefined) return exact;
        if (users.length === 0 || number >= (found?.totalPage ?? 1)) return null;
      }
      return null;
    },

    /** Staff with this text in their name: §8.2.5. The first page. */
    async staffNamed(name: string, signal: AbortSignal): Promise<UserObject[]> {
      return (await page({ type: '1', name }, 1, signal))?.data ?? [];
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

    /** Opens the door: §8.1.7. */
    async open(remark: string, signal: AbortSignal): Promise<void> {
      await call('POST', '/api/device/open', remark === '' ? {} : { remark }, { signal });
    },

    /** Sets the terminal's clock to the station's: §8.1.8. The time is the time stamp of the very request, so it is never the terminal's own. */
    async syncTime(signal: AbortSignal): Promise<void> {
      const timestamp = deps.now();
      try {
        await send('POST', '/api/device/syncTime', {}, { signal, timestamp });
      } catch (error) {
        // Too far apart to be heard: only the terminal's own menu can set it then.
        if (!(error instanceof FaultError && error.fault.kind === 'clock')) throw error;
        throw new FaultError({
          ...error.fault,
          message: 'the terminal’s clock is more than 5 minutes out and it hears no other time: set it in its own menu',
        });
      }
    },

    /** §8.1.9 */
    async reboot(signal: AbortSignal): Promise<void> {
      await call('POST', '/api/device/reboot', {}, { signal });
    },

    /** Parameters of a group: §8.1.12, §8.1.14, §8.1.16. */
    async parameters(group: ParameterGroup, signal: AbortSignal): Promise<Record<string, string | number>> {
      return shaped(parameterObject, await call('POST', `/api/device/${group}`, {}, { signal }));
    },

    /** §8.1.13, §8.1.15, §8.1.17: always the whole object, every field of it is required. */
    async setParameters(
      group: ParameterGroup,
      body: Record<string, string | number>,
      signal: AbortSignal,
    ): Promise<void> {
      await call('POST', `/api/device/${group}cfg`, {}, { signal, body });
    },

    /** A page of records of a time in seconds, newest first: §8.3.2. */
    async records(
      range: { from: number; to: number; id: UserId | null },
      number: number,
      signal: AbortSignal,
    ): Promise<Page<SignObject>> {
      const query = {
        type: '0',
        startTime: String(range.from),
        endTime: String(range.to),
        ...(range.id === null ? {} : { userId: range.id }),
        page: String(number),
        size: String(RECORDS_PAGE),
      };
      try {
        const data = await call('GET', '/api/record', query, { signal, maxAnswerBytes: RECORDS_BYTES });
        const { data: items, totalPage } = shaped(recordPage, data);
        return { items: items ?? [], totalPage: totalPage ?? 1 };
      } catch (error) {
        if (error instanceof FaultError && error.fault.code === '50008') return { items: [], totalPage: 0 };
        throw error;
      }
    },

    /** The path of the push, signed now: §8.3.3. */
    pushPath(): string {
      return `/api/record?${signed({}, clock.time())}`;
    },
  };
}
