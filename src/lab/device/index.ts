import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { jsonObject, mediaType } from '../core/body.ts';
import { checkFields, type FieldFault } from '../core/check.ts';
import { RequestLog } from '../core/log.ts';
import { demandNoRefusal, type LabContext, type SimulatedPlatform } from '../core/platform.ts';
import { DeviceRecords, recordQuery } from './records.ts';
import { settings } from './settings.ts';
import { asLabPerson, judgePhoto, shelved, type UserObject, userObject } from './user.ts';

/** The document's default (chapter 3). */
const password = '123456';
/** A request may be this old or this far ahead, in milliseconds (chapter 4.2). */
const timestampWindow = 5 * 60_000;

/** Chapter 7. */
const messages = {
  200: 'OK',
  10003: 'Request Expired',
  10005: 'Signature Failed',
  20001: 'User Not Exists',
  20002: 'User Not Match',
  30001: 'Param Invalid',
  30002: 'No Face Detected In The Image',
  30003: 'Missing Param',
  30004: 'Avatar File Illegal',
  40001: 'Not Support',
  50001: 'RPC Failed',
  50003: 'Multi Request Error',
  50004: 'Request Method Not Allowed',
  50008: 'Search List Null',
  50009: 'Database Full',
} as const;

type Code = keyof typeof messages;
type Query = Record<string, string | string[] | undefined>;
type Handler = (request: FastifyRequest, query: Record<string, string>) => object | Promise<object>;

const connected = { code: 20000, message: 'Connected!', desc: 'Connected!' };

const answer = (code: Code, desc = '', data?: unknown) =>
  data === undefined ? { code, message: messages[code], desc } : { code, message: messages[code], desc, data };
const fault = ({ field, missing }: FieldFault) => answer(missing ? 30003 : 30001, field);

const wholeNumber = (fallback: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,8}$/)
    .transform(Number)
    .default(fallback);
const listQuery = z.looseObject({
  type: z.enum(['1', '2', '3', '-1']).optional(),
  page: wholeNumber(1),
  size: wholeNumber(10),
});
const exactFilters = ['userId', 'jobNumber', 'mobile', 'mail', 'icNumber', 'idNumber'] as const;
const partialFilters = ['name', 'department'] as const;

/** A RichTech AATSS V2 Pro terminal ("API for AATSS Model V2 Pro"): device, user and record chapters. It recognises nobody by itself. */
export function simulateDevice(context: LabContext): SimulatedPlatform {
  const log = new RequestLog();
  const users = new Map<string, UserObject>();
  const stored = new Map<string, unknown>();
  const deviceID = context.random();
  const records = new DeviceRecords();
  /** What `syncTime` corrected, in milliseconds. */
  let correction = 0;

  const time = () => context.now() + correction;

  /** Chapter 4: everything signed is in the URL. */
  function judge(query: Record<string, string>): object | null {
    const { timestamp, sign } = query;
    if (!timestamp || !sign) return answer(30003, timestamp ? 'sign' : 'timestamp');
    if (!/^\d{1,15}$/.test(timestamp)) return answer(50001, 'timestamp illegal');
    if (sign !== createHash('md5').update(`${timestamp}#${password}`).digest('hex')) return answer(10005);
    const drift = Number(timestamp) - time();
    return Math.abs(drift) > timestampWindow ? answer(10003) : null;
  }

  async function readUser(request: FastifyRequest): Promise<UserObject | object> {
    const body = mediaType(request) === 'application/json' ? jsonObject(request) : null;
    if (!body) return answer(30001, 'body');
    const checked = checkFields(userObject, body);
    if (!checked.ok) return fault(checked);
    const code = checked.value.photo === undefined ? 200 : await judgePhoto(checked.value.photo);
    return code === 200 ? checked.value : answer(code);
  }
  /** A terminal that loses a picture says 200 all the same; the user is listed with an empty one. */
  function kept(user: UserObject, withPhoto = user.photo !== undefined): UserObject {
    return withPhoto && context.meets('photo-lost') ? { ...user, photo: '' } : user;
  }
  /** Ordered: the terminal finds no face in the picture. */
  const isPoor = ({ photo }: UserObject) => photo !== undefined && context.meets('poor-photo');
  const isUser = (value: UserObject | object): value is UserObject => 'userId' in value;

  const post: Record<string, Handler> = {
    '/api/user': async (request) => {
      const user = await readUser(request);
      if (!isUser(user)) return user;
      // After the last await: two concurrent adds of one userId must not both pass.
      if (users.has(user.userId)) return answer(30001, 'userId already exists');
      if (context.meets('full')) return answer(50009);
      if (isPoor(user)) return answer(30002);
      users.set(user.userId, shelved(kept(user)));
      return answer(200, '', user);
    },
    '/api/user/update/:userId': async (request) => {
      const user = await readUser(request);
      if (!isUser(user)) return user;
      const { userId } = request.params as { userId: string };
      const known = users.get(userId);
      if (!known) return answer(20001);
      if (user.userId !== userId) return answer(20002);
      if (isPoor(user)) return answer(30002);
      const updated = { ...known, ...user };
      users.set(userId, shelved(kept(updated, user.photo !== undefined)));
      return answer(200, '', updated);
    },
    '/api/device/open': (_request, query) =>
      (query.remark ?? '').length > 255 ? answer(30001, 'remark') : answer(200),
    '/api/device/syncTime': (_request, query) => {
      correction = Number(query.timestamp) - context.now();
      return answer(200);
    },
    '/api/device/reboot': () => answer(200),
    '/api/device/jsonCmd': () => answer(40001, 'device-not-support'),
    '/api/device/information': () =>
      answer(200, '', {
        deviceID,
        deviceName: 'Simulated terminal',
        appVer: '2.0.0',
        webVer: '2.0.0',
        // Spelt so in chapter 8.1.1.
        deviceMoel: 'AATSS V2 Pro',
      }),
  };
  for (const [name, { schema, initial }] of Object.entries(settings)) {
    post[`/api/device/${name}`] = () => answer(200, '', stored.get(name) ?? initial);
    post[`/api/device/${name}cfg`] = (request) => {
      const checked = checkFields<unknown>(schema, jsonObject(request) ?? {});
      if (!checked.ok) return fault(checked);
      stored.set(name, checked.value);
      return answer(200);
    };
  }

  const get: Record<string, Handler> = {
    '/api/user/delete/:userId': (request) => {
      const { userId } = request.params as { userId: string };
      // Chapter 8.2.4: this really wipes the terminal. It stays so here, so that a test can prove nobody calls it.
      if (userId === 'all') {
        users.clear();
        return answer(200);
      }
      const user = users.get(userId);
      if (!user) return answer(20001);
      users.delete(userId);
      return answer(200, '', user);
    },
    '/api/user/list': (_request, query) => {
      const checked = checkFields(listQuery, query);
      if (!checked.ok) return fault(checked);
      const { type, page, size } = checked.value;
      const found = [...users.values()].filter(
        (user) =>
          (type === undefined || user.userType === Number(type)) &&
          exactFilters.every((field) => !query[field] || user[field] === query[field]) &&
          partialFilters.every((field) => !query[field] || (user[field] ?? '').includes(query[field])),
      );
      // "10 indicates 10 pieces or more": a larger page is cut to 10.
      const pageSize = Math.min(size, 10);
      const data = found.slice((page - 1) * pageSize, page * pageSize);
      if (data.length === 0) return answer(50008);
      return answer(200, '', {
        total: found.length,
        pageNum: page,
        size: data.length,
        pageSize,
        totalPage: Math.ceil(found.length / pageSize),
        data,
      });
    },
    '/api/record': (_request, query) => {
      const checked = checkFields(recordQuery, query);
      if (!checked.ok) return fault(checked);
      const page = records.page(checked.value);
      return page ? answer(200, '', page) : answer(50008);
    },
  };

  return {
    kind: 'device',
    title: 'AATSS V2 Pro terminal',
    basePath: '',
    log,
    people: () => [...users.values()].map(asLabPerson),
    clear() {
      users.clear();
      stored.clear();
      records.clear();
      correction = 0;
    },
    config: (baseUrl, pushPort) => ({ kind: 'device', baseUrl, password, pushPort }),
    // Chapter 8.3.3. What a heart beat looks like, and whether it is answered, the document does not say: here it is not.
    push: {
      welcome(url) {
        const { pathname, searchParams } = new URL(url, 'http://terminal');
        if (pathname !== '/api/record') return null;
        const refusal = judge(Object.fromEntries(searchParams));
        return refusal === null
          ? { message: connected, accepted: true }
          : { message: { code: 20002, message: 'Permission Denied!', desc: 'app key not exist' }, accepted: false };
      },
      heartBeat: () => null,
      loggedPath: (path) => path,
    },
    recognise(order) {
      demandNoRefusal(order, 'the terminal');
      const user = order.key === undefined ? null : users.get(order.key);
      if (user === undefined) throw new Error(`Nobody on this terminal has the key ${order.key}.`);
      return { code: 30000, message: 'push record', desc: '', data: records.add(user, order, time()) };
    },
    ownFaults: ['full', 'poor-photo', 'photo-lost'],
    overload: (mode) =>
      mode === 'busy'
        ? { status: 200, body: answer(50003) }
        : { status: 429, headers: { 'retry-after': '1' }, body: answer(50003) },
    register(app: FastifyInstance) {
      const signed = (handle: Handler) => async (request: FastifyRequest) => {
        const query = singleValues(request.query as Query);
        return judge(query) ?? handle(request, query);
      };
      for (const [path, handle] of Object.entries(post)) {
        app.post(path, signed(handle));
        app.get(path, async () => answer(50004));
      }
      for (const [path, handle] of Object.entries(get)) {
        app.get(path, signed(handle));
        app.post(path, async () => answer(50004));
      }
      app.setNotFoundHandler((_request, reply) => reply.code(404).send(answer(40001)));
    },
  };
}

/** A parameter sent twice counts as not sent: which one a terminal would take is not documented. */
function singleValues(query: Query): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => typeof value === 'string')) as Record<
    string,
    string
  >;
}
