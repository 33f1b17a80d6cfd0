/** A request as the page shows it. `path` never carries the query, where some platforms put their signature. */
export interface LoggedRequest {
  /** Milliseconds since the epoch. */
  at: number;
  method: string;
  path: string;
  /** HTTP status, 0 when nothing was answered. */
  status: number;
  /** The code inside the platform's envelope, `fault:…` for an ordered fault, or an empty string. */
  code: string;
}

/** The most recent requests of one platform, oldest first. */
export class RequestLog {
  readonly #entries: LoggedRequest[] = [];
  readonly #limit: number;

  constructor(limit = 200) {
    this.#limit = limit;
  }

  add(entry: LoggedRequest): void {
    this.#entries.push(entry);
    if (this.#entries.length > this.#limit) this.#entries.shift();
  }

  entries(): LoggedRequest[] {
    return [...this.#entries];
  }

  clear(): void {
    this.#entries.length = 0;
  }
}
