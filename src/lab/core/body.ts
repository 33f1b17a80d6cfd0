import type { FastifyInstance, FastifyRequest } from 'fastify';

/** The most a body may hold, in bytes, on every simulated platform. */
export const bodyLimit = 20 * 1024 * 1024;

/**
 * Makes `request.body` a Buffer of the exact bytes received for every content type a platform has no parser of its own
 * for. Fastify's JSON parser must go: signatures cover bytes, and a platform words its own error for broken JSON.
 */
export function keepRawBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body));
}

/** The exact bytes of a body, empty when there was none. */
export function bodyBytes(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

/** The JSON object in a body, or null when it is not UTF-8, not JSON, or not an object. */
export function jsonObject(request: FastifyRequest): Record<string, unknown> | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bodyBytes(request));
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    return value as Record<string, unknown>;
  } catch {
    return null;
  }
}

/** The media type of a request in lower case without parameters, e.g. `application/json`; empty when none was sent. */
export function mediaType(request: FastifyRequest): string {
  return (request.headers['content-type'] ?? '').split(';', 1).join('').trim().toLowerCase();
}
