import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What a gateway sees of a request, as far as the signature covers it. */
export interface SignedRequest {
  method: string;
  /** Path from `/artemis` on, with the raw query if there is one. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** The gateway's verdict: null to let the request pass, or the envelope's code and message. */
export type GatewayRefusal = { code: string; msg: string } | null;

/** `X-Ca-Timestamp` may be this far from the gateway's clock, in milliseconds, and a nonce may not return for as long. */
const timestampWindow = 15 * 60_000;

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

/**
 * The string an Artemis gateway expects to have been signed: the method, the standard headers that were sent, the headers
 * named in `X-Ca-Signature-Headers` sorted by name, and the path with its query sorted.
 */
export function stringToSign({ method, url, headers }: SignedRequest): string {
  let text = `${method.toUpperCase()}\n`;
  for (const name of ['accept', 'content-md5', 'content-type', 'date']) {
    const value = header(headers, name);
    if (value !== undefined) text += `${value}\n`;
  }
  const named = (header(headers, 'x-ca-signature-headers') ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  for (const name of [...new Set(named)].sort()) text += `${name}:${header(headers, name) ?? ''}\n`;
  const [path = '', query] = url.split('?', 2);
  return text + path + (query ? `?${query.split('&').sort().join('&')}` : '');
}

/** Base64 of HMAC-SHA256 over the string to sign. */
export function sign(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text, 'utf8').digest('base64');
}

/** One gateway with one partner's key, and the nonces it has seen. */
export class ArtemisGateway {
  readonly #key: string;
  readonly #secret: string;
  readonly #now: () => number;
  readonly #nonces = new Map<string, number>();

  constructor(key: string, secret: string, now: () => number) {
    this.#key = key;
    this.#secret = secret;
    this.#now = now;
  }

  /** Judges a request; a nonce counts as used only when everything else was right. */
  judge(request: SignedRequest): GatewayRefusal {
    const key = header(request.headers, 'x-ca-key');
    const signature = header(request.headers, 'x-ca-signature');
    if (!key) return { code: '0x02401000', msg: 'No AppKey is configured' };
    if (key !== this.#key) return { code: '0x02401001', msg: 'The partner of AppKey does not exist' };
    if (!signature) return { code: '0x02401002', msg: 'No signature is configured' };

    const text = stringToSign(request);
    const wrong = (why: string) => ({
      code: '0x02401003',
      // Live gateways really do hand back what was signed and the key: a client must redact it.
      msg: `api AK/SK signature authentication failed,${why} and StringToSign: ${text}, appKey : ${key}`,
    });
    const expected = Buffer.from(sign(text, this.#secret));
    const given = Buffer.from(signature);
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) return wrong('Invalid Signature!');

    const md5 = header(request.headers, 'content-md5');
    if (md5 !== undefined && md5 !== createHash('md5').update(request.body).digest('base64'))
      return wrong('Invalid Content-MD5!');
    const timestamp = header(request.headers, 'x-ca-timestamp');
    if (timestamp !== undefined) {
      if (!/^\d{13}$/.test(timestamp) || Math.abs(this.#now() - Number(timestamp)) > timestampWindow)
        return wrong('Invalid Timestamp!');
    }
    const nonce = header(request.headers, 'x-ca-nonce');
    if (nonce !== undefined) {
      for (const [old, at] of this.#nonces) if (this.#now() - at > timestampWindow) this.#nonces.delete(old);
      if (this.#nonces.has(nonce)) return wrong('Repeated Nonce!');
      this.#nonces.set(nonce, this.#now());
    }
    return null;
  }

  forgetNonces(): void {
    this.#nonces.clear();
  }
}
