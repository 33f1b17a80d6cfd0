import { Refusal } from './answers.ts';

/** Chapter 3.2: seven days, restored by asking again. */
const tokenLifeMs = 7 * 24 * 60 * 60 * 1000;

/** The one AK/SK pair of the lab; the digits are those of the sample in chapter 5.1.1. */
export const appKey = 'cewm9w0qjhv3i290uufnyxzp25l6ym7e';
export const secretKey = 's77w0ckmlyetp2lhfqw8p8zgm23pkpw7';

/** Tokens handed out, by AK/SK (chapters 3.2 and 5.1.1). */
export class Tokens {
  #current: { token: string; until: number } | null = null;
  readonly #random: () => string;

  constructor(random: () => string) {
    this.#random = random;
  }

  /**
   * The token for a pair of keys, its seven days restored.
   * @returns `until` in milliseconds since the epoch.
   * @throws Refusal OPEN000010 for a missing or overlong key, OPEN000001 or OPEN000002 for a wrong one.
   */
  issue(ak: unknown, sk: unknown, now: number): { token: string; until: number } {
    if (typeof ak !== 'string' || ak === '' || ak.length > 64) throw new Refusal('OPEN000010', 'appKey');
    if (typeof sk !== 'string' || sk === '' || sk.length > 64) throw new Refusal('OPEN000010', 'secretKey');
    if (ak !== appKey) throw new Refusal('OPEN000001');
    if (sk !== secretKey) throw new Refusal('OPEN000002');
    const valid = this.#current !== null && now < this.#current.until ? this.#current.token : null;
    this.#current = { token: valid ?? `hcc.${this.#random()}`, until: now + tokenLifeMs };
    return { ...this.#current };
  }

  /** @throws Refusal OPEN000007 for a token never issued, OPEN000006 for one that has run out. */
  check(token: unknown, now: number): void {
    if (typeof token !== 'string' || token !== this.#current?.token) throw new Refusal('OPEN000007');
    if (now >= this.#current.until) throw new Refusal('OPEN000006');
  }

  /** The token handed out has run out, whatever was promised. */
  expire(now: number): void {
    if (this.#current !== null) this.#current.until = Math.min(this.#current.until, now);
  }

  clear(): void {
    this.#current = null;
  }
}
