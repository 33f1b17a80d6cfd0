import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { bodyLimit, keepRawBodies } from './body.ts';
import type { LabCertificate } from './certificate.ts';
import type { FaultBoard, FaultOrder } from './faults.ts';
import { listenOn } from './listen.ts';
import type { LabContext, PlatformFactory, SimulatedPlatform } from './platform.ts';
import { type HostedPush, hostPush } from './push.ts';

/** A simulated platform on its own port of 127.0.0.1. */
export interface HostedPlatform {
  id: string;
  /** The platform's base URL, `basePath` included. */
  url: string;
  platform: SimulatedPlatform;
  /** Its push, where it has one. */
  push: HostedPush | null;
  /** Opens or closes the listener as the faults ordered say. */
  applyFaults(): Promise<void>;
  close(): Promise<void>;
}

const htmlPage =
  '<!doctype html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';

/** Starts one simulated platform. `now` is the lab's clock; ordered skew is added here. */
export async function hostPlatform(
  id: string,
  factory: PlatformFactory,
  options: { port: number; pushPort?: number; now: () => number; faults: FaultBoard; tls?: LabCertificate | null },
): Promise<HostedPlatform> {
  let url = '';
  const context: LabContext = {
    now: () => options.now() + options.faults.skew(id),
    random: () => randomBytes(16).toString('hex'),
    baseUrl: () => url,
    faults: options.faults,
    meets: (fault) => options.faults.takeOwn(id, fault),
  };
  const platform = factory(context);
  const app = fastify({ logger: false, bodyLimit, routerOptions: { maxParamLength: 500 } });
  keepRawBodies(app);
  addFaultHooks(app, id, platform, context);
  await platform.register(app);
  await app.ready();

  // The lab owns the listener, not Fastify: "off" must close it and open it again on the same port.
  const { tls = null } = options;
  const server = tls
    ? createTlsServer(tls, (request, response) => app.routing(request, response))
    : createServer((request, response) => app.routing(request, response));
  const port = await listenOn(server, options.port, id);
  url = `${tls ? 'https' : 'http'}://127.0.0.1:${port}${platform.basePath}`;

  let push: HostedPush | null = null;
  try {
    if (platform.push)
      push = await hostPush(id, platform.push, {
        port: options.pushPort ?? 0,
        faults: options.faults,
        tls,
        log: (entry) => platform.log.add({ at: context.now(), ...entry }),
      });
  } catch (error) {
    server.close();
    throw error;
  }

  const stop = async () => {
    await push?.switch(false);
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    id,
    url,
    platform,
    push,
    async applyFaults() {
      if (options.faults.isOff(id)) {
        await stop();
        return;
      }
      if (!server.listening) await listenOn(server, port, id);
      await push?.switch(true);
    },
    async close() {
      await stop();
      await app.close();
    },
  };
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1).join('');
}

/** The code inside a JSON envelope, for the log: every platform calls it `code` or `errorCode`. */
function envelopeCode(payload: unknown): string {
  if (typeof payload !== 'string') return '';
  try {
    const value: unknown = JSON.parse(payload);
    if (typeof value !== 'object' || value === null) return '';
    const code = 'code' in value ? value.code : 'errorCode' in value ? value.errorCode : '';
    return typeof code === 'string' || typeof code === 'number' ? String(code) : '';
  } catch {
    return '';
  }
}

function addFaultHooks(app: FastifyInstance, id: string, platform: SimulatedPlatform, context: LabContext): void {
  const met = new WeakMap<FastifyRequest, FaultOrder>();
  const log = (request: FastifyRequest, status: number, code: string) =>
    platform.log.add({ at: context.now(), method: request.method, path: pathOf(request), status, code });

  app.addHook('onRequest', async (request, reply) => {
    const fault = context.faults.take(id, pathOf(request));
    if (fault === null) return;
    met.set(request, fault);
    if (fault.mode === 'slow') {
      await delay(fault.ms ?? 0);
      // It was slow on its way: who gave up meanwhile took it back, and nothing of it arrives.
      if (request.raw.socket.destroyed) {
        log(request, 0, 'fault:slow');
        reply.hijack();
        return;
      }
    }
    if (fault.mode === 'off' || fault.mode === 'drop' || fault.mode === 'hang') {
      log(request, 0, `fault:${fault.mode}`);
      reply.hijack();
      if (fault.mode !== 'hang') request.raw.socket.destroy();
    }
  });

  // After the body has been read, so that a client in the middle of a large upload sees the answer and not a reset.
  app.addHook('preHandler', async (request, reply) => {
    const fault = met.get(request);
    if (fault === undefined) return;
    const answered = answerFault(fault, platform, reply);
    if (!answered) return;
    if (!request.raw.readableEnded) {
      request.raw.resume();
      await once(request.raw, 'close', { signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
    }
    return answered();
  });

  app.addHook('onSend', async (request, reply, payload) => {
    // A platform whose clock is wrong says so in its Date header too.
    reply.header('date', new Date(context.now()).toUTCString());
    const fault = met.get(request);
    const code = envelopeCode(payload);
    if (fault?.mode === 'act-then-hang' || fault?.mode === 'act-then-drop') {
      log(request, 0, `fault:${fault.mode} ${code}`.trim());
      if (fault.mode === 'act-then-drop') request.raw.socket.destroy();
      return new Promise<never>(() => undefined);
    }
    log(request, reply.statusCode, fault ? `fault:${fault.mode} ${code}`.trim() : code);
    return payload;
  });
}

/** The answer an ordered fault gives in place of the platform's, or null for a fault that gives none. */
function answerFault(fault: FaultOrder, platform: SimulatedPlatform, reply: FastifyReply): (() => FastifyReply) | null {
  const json = (status: number, text: string) => reply.code(status).type('application/json; charset=utf-8').send(text);
  switch (fault.mode) {
    case 'html':
      return () =>
        reply
          .code(fault.status ?? 502)
          .type('text/html; charset=utf-8')
          .send(htmlPage);
    case 'garbage':
      return () => json(fault.status ?? 200, '{"code":200,"message":"OK","data":{"id":65');
    case 'status':
      return () =>
        reply
          .code(fault.status ?? 500)
          .type('text/plain; charset=utf-8')
          .send('');
    case 'wrong-answer':
      return () => json(fault.status ?? 200, JSON.stringify(fault.body));
    case 'busy':
    case 'rate': {
      const answer = platform.overload(fault.mode);
      return () => {
        reply.headers(answer.headers ?? {});
        return json(answer.status, JSON.stringify(answer.body));
      };
    }
    default:
      return null;
  }
}
