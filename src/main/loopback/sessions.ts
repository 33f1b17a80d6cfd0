import { createHash, timingSafeEqual } from 'node:crypto';

/** 256 bits, as random as the source. */
const SECRET_BYTES = 32;

export type Exchange = { ok: true; session: string } | { ok: false; code: 'link-used' | 'link-unknown' };

/**
 * One-time links and the sessions they buy. Everything lives in memory and ends with the process. Only digests are kept, and every
 * comparison takes the same time wherever two secrets differ.
 */
export class Sessions<T> {
  readonly #random: (bytes: number) => Uint8Array;
  #open: Buffer | null = null;
  readonly #spent: Buffer[] = [];
  readonly #sessions: { digest: Buffer; holds: T }[] = [];
  readonly #begin: () => T;

  /**
   * @param random returns that many bytes of a cryptographic source
   * @param begin what a new session holds
   */
  constructor(random: (bytes: number) => Uint8Array, begin: () => T) {
    this.#random = random;
    this.#begin = begin;
  }

  /** A new one-time token. One is good at a time: a link that was never used dies when the next is made. */
  issue(): string {
    const token = this.#secret();
    if (this.#open) this.#spent.push(this.#open);
    this.#open = digest(token);
    return token;
  }

  /** Trades a token for a session, once. A second attempt is told that the link was used, so that the page can say so. */
  exchange(token: string): Exchange {
    const offered = digest(token);
    if (this.#open && timingSafeEqual(offered, this.#open)) {
      this.#spent.push(this.#open);
      this.#open = null;
      const session = this.#secret();
      this.#sessions.push({ digest: digest(session), holds: this.#begin() });
      return { ok: true, session };
    }
    return { ok: false, code: among(this.#spent, offered) ? 'link-used' : 'link-unknown' };
  }

  /** What a session holds; null for one that is not ours. */
  get(session: string | undefined): T | null {
    if (session === undefined) return null;
    const offered = digest(session);
    let found: T | null = null;
    for (const one of this.#sessions) if (timingSafeEqual(one.digest, offered)) found = one.holds;
    return found;
  }

  #secret(): string {
    return Buffer.from(this.#random(SECRET_BYTES)).toString('base64url');
  }
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function among(known: readonly Buffer[], offered: Buffer): boolean {
  let found = false;
  for (const one of known) found = timingSafeEqual(one, offered) || found;
  return found;
}
