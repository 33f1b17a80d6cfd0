import type { z } from 'zod';
import { FaultError } from '#shared/fault';

/** One answer over HTTP, read whole. */
export interface HttpAnswer {
  status: number;
  /** Names in lower case; a repeated header is joined with a comma. */
  headers: Record<string, string>;
  bytes: Uint8Array;
  /** When the request went out and the answer had come in, ms since the epoch by the station's clock. */
  sentAt: number;
  receivedAt: number;
  /** The `Date` header, ms since the epoch (whole seconds); null where absent or unreadable. */
  serverDate: number | null;
}

/** `Retry-After` in milliseconds from now: seconds or an HTTP date (RFC 9110 §10.2.3). Undefined where absent or unreadable. */
export function retryAfter(answer: Pick<HttpAnswer, 'headers' | 'serverDate' | 'receivedAt'>): number | undefined {
  const value = answer.headers['retry-after'];
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const at = Date.parse(value);
  if (Number.isNaN(at)) return undefined;
  // The date is the server's: count from its own clock where it tells it.
  return Math.max(0, at - (answer.serverDate ?? answer.receivedAt));
}

/** What a status alone says, where the body is not the platform's own envelope. Null for 2xx. */
function statusFault(answer: HttpAnswer, html: boolean): FaultError | null {
  const { status } = answer;
  const code = `http-${status}`;
  const later = retryAfter(answer);
  const wait = later === undefined ? {} : { retryAfterMs: later };
  if (status === 429)
    return new FaultError({ kind: 'rate', code, message: 'the platform asks for fewer requests (HTTP 429)', ...wait });
  if (status === 408)
    return new FaultError({ kind: 'time-out', code, message: 'the platform gave up waiting (HTTP 408)' });
  if (status >= 500)
    return new FaultError({
      kind: 'server',
      code: html ? 'html' : code,
      message: html
        ? `an HTML page came instead of JSON (HTTP ${status}): the platform or a proxy before it has a problem`
        : `the platform has a problem of its own (HTTP ${status})`,
      ...wait,
    });
  if (status === 401 || status === 403)
    return new FaultError({
      kind: 'auth',
      code,
      message: `the platform or something before it refuses access (HTTP ${status}): check the keys and the address`,
    });
  if (status >= 300 && status < 400)
    return new FaultError({
      kind: 'protocol',
      code,
      message: `the address answers with a redirect (HTTP ${status}), which is not followed: set baseUrl to the platform itself`,
    });
  if (status >= 400)
    return new FaultError({
      kind: 'protocol',
      code,
      message: `the platform does not know this call (HTTP ${status}): check baseUrl and the platform’s version`,
    });
  return null;
}

function looksLikeHtml(answer: HttpAnswer, text: string): boolean {
  return (
    /^\s*(<!doctype html|<html|<head|<body)/i.test(text) || /text\/html/i.test(answer.headers['content-type'] ?? '')
  );
}

/** What came, in words: never its content, which may be a person. */
function describe(answer: HttpAnswer, text: string): FaultError {
  if (answer.bytes.length === 0)
    return new FaultError({ kind: 'protocol', code: 'empty', message: 'the platform answered with nothing at all' });
  if (looksLikeHtml(answer, text))
    return new FaultError({
      kind: 'protocol',
      code: 'html',
      message: 'an HTML page came instead of JSON: baseUrl points to a web page, a proxy or a login portal',
    });
  return new FaultError({
    kind: 'protocol',
    code: 'json',
    message: `the answer is not JSON (${answer.bytes.length} bytes, perhaps cut short)`,
  });
}

/** The answer's body as JSON, or undefined where it is none. */
function json(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/**
 * Reads an answer as the platform's own envelope. The envelope counts more than the status (HCP refuses signatures with 200 and
 * with 401 alike), but for 429, which always means: fewer requests.
 *
 * Throws FaultError: by status `rate` (with `retryAfterMs`), `server`, `auth`, `time-out`; `protocol` with code `html`, `json`,
 * `empty`, `http-…` or `shape` (a field is missing or of another type; it is named, its value is not).
 */
export function parseAnswer<T>(answer: HttpAnswer, schema: z.ZodType<T>): T {
  const text = new TextDecoder('utf-8').decode(answer.bytes);
  const byStatus = statusFault(answer, looksLikeHtml(answer, text));
  if (byStatus !== null && answer.status === 429) throw byStatus;
  const parsed = json(text);
  if (parsed === undefined) throw byStatus ?? describe(answer, text);
  const result = schema.safeParse(parsed.value);
  if (result.success) return result.data;
  throw byStatus ?? shapeFault(result.error, 'the whole answer');
}

/** Reads a part of an answer (its `data`) in its documented shape; throws FaultError `protocol`, code `shape`. */
export function shaped<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw shapeFault(result.error, 'data');
}

function shapeFault(error: z.ZodError, whole: string): FaultError {
  const fields = [...new Set(error.issues.map((issue) => issue.path.join('.') || whole))];
  return new FaultError({
    kind: 'protocol',
    code: 'shape',
    message: `the platform’s answer is not as documented: ${fields.slice(0, 5).join(', ')}`,
  });
}
