import type { FastifyInstance, FastifyRequest } from 'fastify';
import { jsonObject, mediaType } from '../core/body.ts';
import type { LabAnswer, LabContext } from '../core/platform.ts';
import { failure, Refusal, success } from './answers.ts';
import type { RateWindow } from './rate.ts';
import type { Tokens } from './tokens.ts';

const tokenPath = '/api/hccgw/platform/v1/token/get';

/** The document limits the rate and prints no answer for it: HTTP's own status with the code of an overloaded service. */
export function tooMany(): LabAnswer {
  return { status: 429, headers: { 'retry-after': '1' }, body: failure(new Refusal('VMS001001')) };
}

/** Counts every API request as it arrives and refuses those beyond the rate (chapter 3.1), then those without a token (3.2). */
export function guardRequests(app: FastifyInstance, context: LabContext, rate: RateWindow, tokens: Tokens): void {
  const beyond = new WeakSet<FastifyRequest>();
  app.addHook('onRequest', async (request) => {
    if (request.url.startsWith('/api/') && !rate.arrive(context.now())) beyond.add(request);
  });
  app.addHook('preHandler', async (request, reply) => {
    if (!request.url.startsWith('/api/')) return;
    if (beyond.has(request)) {
      const { status, headers = {}, body } = tooMany();
      return reply.code(status).headers(headers).send(body);
    }
    if (request.url === tokenPath) return;
    try {
      if (context.meets('expired-token')) tokens.expire(context.now());
      tokens.check(request.headers.token, context.now());
    } catch (error) {
      if (error instanceof Refusal) return reply.send(failure(error));
      throw error;
    }
  });
}

/** Chapter 5.1.1 Get Token, and 5.1.2 the platform's identity. */
export function tokenRoutes(app: FastifyInstance, context: LabContext, tokens: Tokens): void {
  post(app, tokenPath, (body) => {
    const { token, until } = tokens.issue(body.appKey, body.secretKey, context.now());
    return {
      accessToken: token,
      expireTime: Math.floor(until / 1000),
      userId: '8a7485aa7f209dd5017f2141adff0019',
      areaDomain: context.baseUrl(),
    };
  });
  app.get('/api/hccgw/platform/v1/systemproperties', () => success({ systemGUID: 'fe436da09dca4e46996c1178f06c7911' }));
}

/** A JSON endpoint: hands over the body's object and the path's parameters, wraps the answer, words a `Refusal`. */
export function post(
  app: FastifyInstance,
  path: string,
  handle: (body: Record<string, unknown>, params: Record<string, string>) => unknown | Promise<unknown>,
): void {
  app.post<{ Params: Record<string, string> }>(path, async (request) => {
    try {
      // Chapter 3.1: only application/json.
      if (mediaType(request) !== 'application/json') throw new Refusal('OPEN000008', 'Content-Type');
      const body = jsonObject(request);
      if (body === null) throw new Refusal('OPEN000008', 'JSON');
      return success(await handle(body, request.params));
    } catch (error) {
      if (error instanceof Refusal) return failure(error);
      throw error;
    }
  });
}
