import { randomBytes } from 'node:crypto';
import cookie from '@fastify/cookie';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type CallName, EVENTS } from '#shared/channels';
import { dispatch, type Reply } from '#shared/contract';
import { type Fault, FaultError } from '#shared/fault';
import {
  CALL_PATH,
  type CallRequest,
  decodeWire,
  EVENTS_PATH,
  encodeWire,
  SESSION_PATH,
  type SessionRequest,
  STATION_CLOSED,
  WIRE_TYPE,
} from '#shared/wire';
import { reportingFaults } from '../report.ts';
import { readWebFile, type WebRoots, webFile } from '../static-files.ts';
import type { ServedStation, ShellLog } from '../station-port.ts';
import { securityHeaders } from '../web-policy.ts';
import { refusal } from './guard.ts';
import { Sessions } from './sessions.ts';

const MEGABYTE = 1024 * 1024;
const PHOTO_LIMIT = 64 * MEGABYTE;
const BODY_LIMIT = MEGABYTE;
/** Calls that carry a photo or a part of a file. */
const WITH_FILES: readonly CallName[] = ['photo.submit', 'import.part', 'import.replace'];
/** A page that does not read its events is cut off rather than remembered without end; it reconnects and asks for the state. */
const UNREAD_LIMIT = 4 * MEGABYTE;
/** A whole request must have come in by then. */
const REQUEST_LIMIT_MS = 120_000;

export interface ServeOptions {
  station: ServedStation;
  /** Of the program, shown by the page. */
  version: string;
  /** Address of the lab's page, or null. */
  lab: string | null;
  /** Whether every session serves visitors until staff take it back. */
  kiosk?: boolean;
  roots: WebRoots;
  log: ShellLog;
  /** 0 or absent: any free port. */
  port?: number;
  /** A cryptographic source of that many bytes. */
  random?: (bytes: number) => Uint8Array;
}

export interface Served {
  /** The first one-time address: `http://127.0.0.1:N/#t=…`. */
  url: string;
  port: number;
  /** Another one-time address; the one before it, if still unused, is dead from now on. */
  freshUrl(): string;
  /** Ends every session and connection. Idempotent. */
  close(): Promise<void>;
}

const sessionRequest: z.ZodType<SessionRequest> = z.strictObject({ token: z.string().min(1).max(128) });
const callRequest: z.ZodType<CallRequest> = z.strictObject({ input: z.unknown().optional() });

/**
 * The station in a browser of this machine: the same contract as Electron's, over HTTP and a WebSocket on 127.0.0.1.
 *
 * Files of the page are public (they are the same for everybody); calls and events want a session, which a one-time token buys.
 *
 * @throws FaultError `validation` / `port` when the port is taken or not allowed
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const { station, version, lab, roots, log } = options;
  // Each browser session is a place of its own: who signs in at one is not signed in at another.
  const sessions = new Sessions(options.random ?? randomBytes, () => {
    const seat = station.seat(options.kiosk ?? false);
    return { seat, handlers: station.handlers({ version, shell: 'loopback', lab }, seat) };
  });
  const toFault = reportingFaults(log);
  let port = options.port ?? 0;
  // Cookies know hosts, not ports: the name keeps two stations on one machine apart.
  const cookieName = () => `vestibule-${port}`;
  const sessionOf = (request: FastifyRequest) => sessions.get(request.cookies[cookieName()]);

  const app = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_LIMIT_MS,
    forceCloseConnections: true,
  });
  await app.register(cookie);
  await app.register(websocket, { options: { maxPayload: 1024 }, preClose: (done) => closeSockets(app, done) });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(WIRE_TYPE, { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, decodeWire(Buffer.from(body)));
    } catch {
      done(httpError(400, 'the body is no MessagePack'));
    }
  });

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders());
    const refused = refusal(factsOf(request), port);
    if (refused) {
      log.warn({ code: refused.code, method: request.method }, 'refused a request');
      return refuse(request, reply, refused.status, { kind: 'auth', code: refused.code, message: refused.message });
    }
    if (request.ws && pathOf(request) !== EVENTS_PATH) {
      return refuse(request, reply, 404, { kind: 'validation', code: 'path', message: 'not found' });
    }
    return undefined;
  });

  const wantSession = async (request: FastifyRequest, reply: FastifyReply) =>
    sessionOf(request) ? undefined : refuse(request, reply, 401, NO_SESSION);

  app.post(SESSION_PATH, async (request, reply) => {
    const asked = sessionRequest.safeParse(request.body);
    if (!asked.success) {
      return refuse(request, reply, 400, {
        kind: 'validation',
        code: 'argument',
        message: 'token: a string',
        field: 'token',
      });
    }
    const exchange = sessions.exchange(asked.data.token);
    if (!exchange.ok)
      return refuse(request, reply, 401, { kind: 'auth', code: exchange.code, message: DEAD_LINK[exchange.code] });
    reply.setCookie(cookieName(), exchange.session, { path: '/', httpOnly: true, sameSite: 'strict' });
    return sendWire(reply, { ok: true, value: undefined });
  });
  app.get(SESSION_PATH, { onRequest: wantSession }, async (_request, reply) =>
    sendWire(reply, { ok: true, value: undefined }),
  );

  const call = async (request: FastifyRequest, reply: FastifyReply, name: string) => {
    const asked = callRequest.safeParse(request.body);
    if (!asked.success) {
      return refuse(request, reply, 400, { kind: 'validation', code: 'argument', message: 'the body: {input}' });
    }
    const session = sessionOf(request);
    if (!session) return refuse(request, reply, 401, NO_SESSION);
    return sendWire(reply, await dispatch(session.handlers, name, asked.data.input, toFault));
  };
  for (const name of WITH_FILES) {
    app.post(`${CALL_PATH}${name}`, { onRequest: wantSession, bodyLimit: PHOTO_LIMIT }, (request, reply) =>
      call(request, reply, name),
    );
  }
  app.post<{ Params: { name: string } }>(`${CALL_PATH}:name`, { onRequest: wantSession }, (request, reply) =>
    call(request, reply, request.params.name),
  );

  app.get(EVENTS_PATH, { websocket: true, onRequest: wantSession }, (socket, request) => {
    const seat = sessionOf(request)?.seat;
    const offs = EVENTS.map((name) =>
      station.on(name, (payload) => {
        const told = seat?.told(name, payload) ?? null;
        if (told === null) return;
        if (socket.bufferedAmount > UNREAD_LIMIT) socket.terminate();
        else socket.send(encodeWire([name, told]));
      }),
    );
    socket.on('close', () => {
      for (const off of offs) off();
    });
  });

  app.get('/*', async (request, reply) => {
    const file = webFile(roots, pathOf(request));
    const content = file && (await readWebFile(file));
    if (!file || !content)
      return refuse(request, reply, 404, { kind: 'validation', code: 'path', message: 'not found' });
    reply.header('cache-control', file.cache).header('etag', content.etag);
    if (request.headers['if-none-match'] === content.etag) return reply.code(304).send();
    return reply.type(file.type).send(content.bytes);
  });

  app.setNotFoundHandler((request, reply) =>
    refuse(request, reply, 404, { kind: 'validation', code: 'path', message: 'not found' }),
  );
  app.setErrorHandler((error, request, reply) => {
    const status = statusOf(error);
    if (status < 500)
      return refuse(request, reply, status, {
        kind: 'validation',
        code: 'request',
        message: WORDS[status] ?? 'bad request',
      });
    return refuse(request, reply, 500, toFault(error));
  });

  port = await listen(app, port);
  const freshUrl = () => `http://127.0.0.1:${port}/#t=${sessions.issue()}`;
  log.info({ port }, 'the loopback host listens');
  return { url: freshUrl(), port, freshUrl, close: () => app.close() };
}

const NO_SESSION: Fault = {
  kind: 'auth',
  code: 'session',
  message: 'this page has no session: open the address that the station printed',
};

const DEAD_LINK = {
  'link-used': 'this address was used already; it works once. Press Enter where the station runs for a new one',
  'link-unknown': 'this address is not of the station that runs now. Use the one it printed last',
};

const WORDS: Record<number, string> = {
  400: 'the request cannot be read',
  413: 'the body is larger than this call takes',
  415: `the body must be ${WIRE_TYPE}`,
};

function factsOf(request: FastifyRequest) {
  const { headers } = request;
  const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);
  return {
    method: request.method,
    host: headers.host,
    origin: headers.origin,
    fetchSite: first(headers['sec-fetch-site']),
    fetchMode: first(headers['sec-fetch-mode']),
    upgrade: request.ws,
  };
}

/** The path as it came, percent-encoded: the router's own idea of it has been decoded. */
function pathOf(request: FastifyRequest): string {
  return (request.raw.url ?? '/').split('?', 1)[0] ?? '/';
}

function sendWire(reply: FastifyReply, answer: Reply<unknown>) {
  return reply
    .header('cache-control', 'no-store')
    .type(WIRE_TYPE)
    .send(Buffer.from(encodeWire(answer)));
}

/** A refusal in the words its reader understands: a `Reply` for the page's calls, a line of text for everything else. */
function refuse(request: FastifyRequest, reply: FastifyReply, status: number, fault: Fault) {
  reply.code(status);
  const path = pathOf(request);
  if (path === SESSION_PATH || path.startsWith(CALL_PATH)) return sendWire(reply, { ok: false, fault });
  return reply.header('cache-control', 'no-store').type('text/plain; charset=utf-8').send(`${fault.message}\n`);
}

function httpError(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), { statusCode });
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 ? status : 500;
}

/** Tells every page that the station ends, and gives them a moment to hear it. */
function closeSockets(app: FastifyInstance, done: () => void): void {
  for (const client of app.websocketServer.clients) client.close(STATION_CLOSED, 'station closed');
  app.websocketServer.close();
  done();
}

async function listen(app: FastifyInstance, port: number): Promise<number> {
  try {
    await app.listen({ host: '127.0.0.1', port });
  } catch (error) {
    await app.close();
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why =
      code === 'EADDRINUSE' ? 'is used by another program' : code === 'EACCES' ? 'is not allowed to this user' : null;
    if (!why) throw error;
    const message = `port ${port} ${why}: choose another, or none for any free one`;
    throw new FaultError({ kind: 'validation', code: 'port', message, field: 'port' }, { cause: error });
  }
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
