import { createHash } from 'node:crypto';

/** What a signature covers (接口鉴权规则 1.2). */
export interface SignedParts {
  /** Path from `/` on, without the query. */
  uri: string;
  method: string;
  /** `name=value&…` as meant, not percent-encoded; empty when there is none. */
  query: string;
  /** Lower-case hexadecimal MD5 of the exact body bytes, or empty. */
  bodyMd5: string;
  secret: string;
  timestamp: string;
  nonce: string;
  appKey: string;
}

/** MD5 in 32 lower-case hexadecimal digits. */
export function md5(data: string | Buffer): string {
  return createHash('md5').update(data).digest('hex');
}

/**
 * `csign` = MD5(uri-method-queryParamStr-requestBodyMD5-secretKey-ctimestamp-cnonce-cappkey) (接口鉴权规则 1.2).
 * @returns 32 lower-case hexadecimal digits.
 */
export function signature(parts: SignedParts): string {
  const { uri, method, query, bodyMd5, secret, timestamp, nonce, appKey } = parts;
  return md5([uri, method, query, bodyMd5, secret, timestamp, nonce, appKey].join('-'));
}

/** The four headers as they arrived. */
export interface SignatureHeaders {
  timestamp: string;
  nonce: string;
  appKey: string;
  sign: string;
}

/**
 * Remembers accepted requests so that a copy of one is refused. The document asks for a random `cnonce` and prints no rule
 * for it; with six characters it must repeat sooner or later, so a replay is the same key, nonce *and* millisecond.
 */
export class ReplayGuard {
  readonly #seen = new Map<string, number>();
  readonly #windowMs: number;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Whether the box's clock and the client's agree well enough; both in milliseconds since the epoch. */
  inWindow(timestamp: number, now: number): boolean {
    return Math.abs(now - timestamp) <= this.#windowMs;
  }

  /** False when this very request was accepted before. */
  accept(headers: SignatureHeaders, now: number): boolean {
    for (const [key, until] of this.#seen) {
      if (until >= now) break;
      this.#seen.delete(key);
    }
    const key = `${headers.appKey} ${headers.timestamp} ${headers.nonce}`;
    if (this.#seen.has(key)) return false;
    this.#seen.set(key, now + 2 * this.#windowMs);
    return true;
  }

  clear(): void {
    this.#seen.clear();
  }
}
