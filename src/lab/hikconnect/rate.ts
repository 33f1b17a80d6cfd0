/** Chapter 3.1: "No more than 5 times are allowed for request per second." */
const requestsPerSecond = 5;
const windowMs = 1000;

/**
 * Counts requests in a sliding window of 1,000 ms. A request is let through when fewer than five were let through in the
 * thousand milliseconds before it; refused ones do not prolong the wait.
 */
export class RateWindow {
  #arrivals: number[] = [];
  #accepted: number[] = [];
  #most = 0;
  #refused = 0;

  /** Whether the request arriving now, in milliseconds, may be served. */
  arrive(now: number): boolean {
    const recent = (at: number) => at > now - windowMs && at <= now;
    this.#arrivals = [...this.#arrivals.filter(recent), now];
    this.#most = Math.max(this.#most, this.#arrivals.length);
    this.#accepted = this.#accepted.filter(recent);
    if (this.#accepted.length >= requestsPerSecond) {
      this.#refused += 1;
      return false;
    }
    this.#accepted.push(now);
    return true;
  }

  /** The most requests, refused ones included, ever seen within 1,000 ms. */
  get most(): number {
    return this.#most;
  }

  /** How many requests were refused. */
  get refused(): number {
    return this.#refused;
  }

  clear(): void {
    this.#arrivals = [];
    this.#accepted = [];
    this.#most = 0;
    this.#refused = 0;
  }
}
