import { createHash, createHmac } from 'node:crypto';

/** A request as Artemis signs it. `headers` are exactly those that are sent and matter to the signature. */
export interface Signable {
  method: string;
  /** From `/artemis` on, with the raw query if there is one. */
  path: string;
  headers: Readonly<Record<string, string>>;
  /** Names listed in `X-Ca-Signature-Headers`, in lower case. */
  signed: readonly string[];
}

/** Signed by value alone, each on a line of its own and only if it is sent (artemis.md, "The signature"). */
const PLAIN = ['Accept', 'Content-MD5', 'Content-Type', 'Date'] as const;

function headerOf(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return Object.entries(headers).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** The query's pairs sorted as they stand, undecoded. */
function sortedPath(path: string): string {
  const at = path.indexOf('?');
  if (at < 0) return path;
  return `${path.slice(0, at)}?${path
    .slice(at + 1)
    .split('&')
    .sort()
    .join('&')}`;
}

export function stringToSign({ method, path, headers, signed }: Signable): string {
  const lines = [method.toUpperCase()];
  for (const name of PLAIN) {
    const value = headerOf(headers, name);
    if (value !== undefined) lines.push(value);
  }
  for (const name of [...signed].sort()) lines.push(`${name}:${headerOf(headers, name) ?? ''}`);
  lines.push(sortedPath(path));
  return lines.join('\n');
}

/** Base64 of HMAC-SHA256 over the string to sign. */
export function sign(request: Signable, appSecret: string): string {
  return createHmac('sha256', appSecret).update(stringToSign(request), 'utf8').digest('base64');
}

/** `Content-MD5`: Base64 of the body's MD5, so that the signature covers the body too. */
export function contentMd5(body: Uint8Array): string {
  return createHash('md5').update(body).digest('base64');
}
