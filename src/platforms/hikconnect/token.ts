import type { ConnectorDeps } from '../contract.ts';
import { plainHttpProblem } from '../core/config.ts';
import type { HttpAnswer } from '../core/http.ts';

const HOUR_MS = 3_600_000;
/** A token that says it has expired already (a clock far off) is still tried for this long. */
const SHORTEST_LIFE_MS = 60_000;

/** What `token/get` (5.1.1) gave, in the station's own time. */
export interface Token {
  value: string;
  /** Base URL of all later calls. */
  baseUrl: string;
  /** Renew from here on; ms since the epoch by the station's clock. */
  renewAt: number;
}

/**
 * The address for calls after the token's: `areaDomain` where it is at least as safe as what the owner configured, else the configured
 * one. A platform reached by https never sends us to http, and plain HTTP needs loopback or `allowHttp` here as anywhere.
 */
export function laterBaseUrl(
  config: { baseUrl: string; allowHttp?: boolean | undefined },
  areaDomain: string | null | undefined,
): string {
  if (!areaDomain) return config.baseUrl;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(areaDomain) ? areaDomain : `https://${areaDomain}`;
  if (!URL.canParse(address)) return config.baseUrl;
  const area = new URL(address);
  const configured = new URL(config.baseUrl);
  if (area.protocol === 'https:') return area.href;
  const downgrade = area.protocol !== 'http:' || configured.protocol === 'https:';
  if (downgrade || plainHttpProblem({ baseUrl: area.href, allowHttp: config.allowHttp }) !== null)
    return config.baseUrl;
  return area.href;
}

/**
 * When to renew, by our own clock: the rest of the token's life is counted on the platform's clock where its `Date` header tells it,
 * so that a desk whose clock is wrong renews in time. Renewal comes an hour early, or a tenth of a short life.
 */
export function renewalTime(expireTime: number, answer: Pick<HttpAnswer, 'serverDate' | 'receivedAt'>): number {
  // "Expiry time … maximum length 16", shown in seconds; a number this large can only be milliseconds.
  const expiresAt = expireTime > 1e11 ? expireTime : expireTime * 1000;
  const life = Math.max(expiresAt - (answer.serverDate ?? answer.receivedAt), SHORTEST_LIFE_MS);
  return answer.receivedAt + life - Math.min(HOUR_MS, life / 10);
}

/** Keeps one token for a connector: fetched once however many ask at the same time, renewed before it ends, dropped when refused. */
export class TokenKeeper {
  readonly #fetch: () => Promise<Token>;
  readonly #now: ConnectorDeps['now'];
  #token: Token | null = null;
  #pending: Promise<Token> | null = null;

  /** @param fetch gets a fresh token; it must end by itself, because no caller's signal reaches it. */
  constructor(fetch: () => Promise<Token>, now: ConnectorDeps['now']) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /** The current token, or a new one. One caller's interruption does not take it from the others. */
  async get(signal: AbortSignal): Promise<Token> {
    signal.throwIfAborted();
    if (this.#token !== null && this.#now() < this.#token.renewAt) return this.#token;
    return this.renew(signal);
  }

  /** A new token, even where the old one would still do. */
  async renew(signal: AbortSignal): Promise<Token> {
    signal.throwIfAborted();
    this.#pending ??= this.#fetch()
      .then((token) => {
        this.#token = token;
        return token;
      })
      .finally(() => {
        this.#pending = null;
      });
    return interruptible(this.#pending, signal);
  }

  /** Forgets a token the platform refused; one that was fetched meanwhile stays. */
  drop(refused: Token): void {
    if (this.#token === refused) this.#token = null;
  }
}

function interruptible<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
