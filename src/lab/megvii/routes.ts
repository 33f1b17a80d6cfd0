import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bodyBytes, jsonObject, mediaType } from '../core/body.ts';
import type { LabContext } from '../core/platform.ts';
import { failure, Refusal, success } from './answers.ts';
import { md5, type ReplayGuard, type SignatureHeaders, signature } from './sign.ts';

/** The two pairs of 接口鉴权规则 1.4. */
export const credentials: ReadonlyMap<string, string> = new Map([
  ['appkey1', 'sdfajk3242324fa!djq7'],
  ['appkey2', 'zxcv&jlkfd234adf#xi9'],
]);

/** Refuses every `/v1/` request whose signature, clock or nonce is wrong (接口鉴权规则 1.1–1.3), before it has any effect. */
export function requireSignature(app: FastifyInstance, context: LabContext, guard: ReplayGuard): void {
  app.addHook('preHandler', async (request, reply) => {
    const { path } = splitUrl(request.url);
    if (!path.startsWith('/v1/')) return;
    try {
      checkSignature(request, context, guard);
    } catch (error) {
      if (error instanceof Refusal) return reply.send(failure(error));
      throw error;
    }
  });
}

/** A JSON endpoint: hands over the body's object, wraps the answer, words a `Refusal`. */
export function post(
  app: FastifyInstance,
  path: string,
  handle: (body: Record<string, unknown>) => unknown | Promise<unknown>,
): void {
  app.post(path, async (request) =>
    answer(async () => {
      if (mediaType(request) !== 'application/json') throw new Refusal(100003, 'Content-Type');
      const body = jsonObject(request);
      if (body === null) throw new Refusal(100003, 'JSON');
      return handle(body);
    }),
  );
}

/** Runs an endpoint and puts its answer or its refusal into the envelope. */
export async function answer(run: () => unknown | Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    return success(await run());
  } catch (error) {
    if (error instanceof Refusal) return failure(error);
    throw error;
  }
}

function checkSignature(request: FastifyRequest, context: LabContext, guard: ReplayGuard): void {
  const headers: SignatureHeaders = {
    timestamp: header(request, 'ctimestamp'),
    nonce: header(request, 'cnonce'),
    appKey: header(request, 'cappkey'),
    sign: header(request, 'csign'),
  };
  const secret = credentials.get(headers.appKey);
  if (secret === undefined) throw new Refusal(100008, 'cappkey');
  if (!/^\d{13}$/.test(headers.timestamp)) throw new Refusal(100008, 'ctimestamp');
  // "6位" says the table, seven digits print the samples: both are the document's.
  if (!/^[A-Za-z0-9]{6,7}$/.test(headers.nonce)) throw new Refusal(100008, 'cnonce');

  const { path, query } = splitUrl(request.url);
  const parts = {
    uri: path,
    method: request.method,
    query,
    secret,
    timestamp: headers.timestamp,
    nonce: headers.nonce,
    appKey: headers.appKey,
  };
  const signed = bodyDigests(request).some((bodyMd5) => signature({ ...parts, bodyMd5 }) === headers.sign);
  if (!signed) throw new Refusal(100008, 'csign');

  const now = context.now();
  if (!guard.inWindow(Number(headers.timestamp), now)) throw new Refusal(100008, 'ctimestamp');
  if (!guard.accept(headers, now)) throw new Refusal(100008, 'cnonce');
}

/** What the body may be signed as: nothing for an upload; for a GET nothing or `{}`, of which the document says both. */
function bodyDigests(request: FastifyRequest): string[] {
  const bytes = bodyBytes(request);
  if (bytes.length > 0) return [md5(bytes)];
  return request.method === 'GET' ? ['', md5('{}')] : [''];
}

function header(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

function splitUrl(url: string): { path: string; query: string } {
  const at = url.indexOf('?');
  if (at < 0) return { path: url, query: '' };
  const raw = url.slice(at + 1);
  try {
    return { path: url.slice(0, at), query: decodeURIComponent(raw) };
  } catch {
    return { path: url.slice(0, at), query: raw };
  }
}
