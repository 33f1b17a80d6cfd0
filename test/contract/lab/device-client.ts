import { createHash } from 'node:crypto';

/** A signed request to a terminal, made by hand from chapter 4 of its document. */
export async function device(
  base: string,
  method: 'GET' | 'POST',
  path: string,
  body?: object | string,
  options: {
    timestamp?: string;
    sign?: string;
    query?: Record<string, string>;
    contentType?: string;
    signal?: AbortSignal;
  } = {},
): Promise<Record<string, unknown> & { code: number; data?: Record<string, unknown> }> {
  const timestamp = options.timestamp ?? String(Date.now());
  const sign = options.sign ?? createHash('md5').update(`${timestamp}#123456`).digest('hex');
  const query = new URLSearchParams({ ...options.query, timestamp, sign });
  const init: RequestInit = { method };
  if (options.signal) init.signal = options.signal;
  if (body !== undefined) {
    init.body = typeof body === 'string' ? body : JSON.stringify(body);
    init.headers = { 'content-type': options.contentType ?? 'application/json' };
  }
  return (await (await fetch(`${base}${path}?${query}`, init)).json()) as Awaited<ReturnType<typeof device>>;
}
