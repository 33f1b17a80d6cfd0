import { createHash } from 'node:crypto';
import { FaultError } from '#shared/fault';
import type { ConnectorDeps, SharedPace } from '../contract.ts';

/** Chapter 3.1, "Request Frequency": no more than 5 requests a second. */
const REQUESTS = 5;
/** A second, and a little for a clock that rounds. */
const WINDOW_MS = 1_050;
/** A request that is never answered keeps its place no longer than this. */
const LONGEST_HOLD_MS = 5_000;

export type LimiterDeps = Pick<ConnectorDeps, 'now' | 'sleep'>;

interface Slot {
  startedAt: number;
  /** Null while the answer is awaited. */
  endedAt: number | null;
}

interface Waiter {
  admit(slot: Slot): void;
}

/** Whether somebody stands and waits for it (`desk`) or a list is worked off (`batch`). */
export type Urgency = 'desk' | 'batch';

/** While both wait, every so many-th place is the batch's: it slows down, but never stops; nor does the desk. */
const BATCH_SHARE = 5;

const interrupted = () => new FaultError({ kind: 'time-out', code: 'aborted', message: 'interrupted by the station' });

/**
 * A strict sliding window. The desk goes before the batch, which gets one place in five while both wait; among equals it is first come, first
 * served.
 *
 * What counts is when a request *arrives*, which is some time between sending it and its answer. So a place is free again one window
 * after the answer, not after the sending: then no second at the platform ever sees more than five, whatever the network does.
 */
export class RateLimiter {
  readonly #deps: LimiterDeps;
  #slots: Slot[] = [];
  readonly #queues: Record<Urgency, Waiter[]> = { desk: [], batch: [] };
  /** Places given to the desk since the batch last had one. */
  #deskInARow = 0;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #pumping = false;
  #wake = new AbortController();
  /** Names the account to other processes without telling its key. */
  readonly #account: string;

  constructor(deps: LimiterDeps, account = '') {
    this.#deps = deps;
    this.#account = account;
  }

  /** Runs the task when its turn comes. Rejects with `time-out` (`aborted`) when the signal ends the wait; the task itself watches it after. */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal, urgency: Urgency = 'desk', pace?: SharedPace): Promise<T> {
    const slot = await this.#admission(signal, urgency);
    let place: number | null = null;
    try {
      if (pace !== undefined) place = await this.#placeAmongProcesses(pace, signal);
      slot.startedAt = this.#deps.now();
      return await task();
    } finally {
      slot.endedAt = this.#deps.now();
      if (place !== null) pace?.answered(place);
      this.#stir();
    }
  }

  /** The second gate: other processes with the same data folder count too. */
  async #placeAmongProcesses(pace: SharedPace, signal: AbortSignal | undefined): Promise<number> {
    for (;;) {
      if (signal?.aborted) throw interrupted();
      const taken = pace.take(this.#account, { limit: REQUESTS, windowMs: WINDOW_MS, holdMs: LONGEST_HOLD_MS });
      if ('place' in taken) return taken.place;
      await this.#deps.sleep(taken.waitMs, signal).catch(() => undefined);
    }
  }

  /** Lets nobody through for so long: the platform said it was asked too often, perhaps by another process with the same key. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#deps.now() + ms);
    this.#stir();
  }

  #admission(signal: AbortSignal | undefined, urgency: Urgency): Promise<Slot> {
    if (signal?.aborted) return Promise.reject(interrupted());
    const queue = this.#queues[urgency];
    return new Promise((resolve, reject) => {
      const leave = () => {
        queue.splice(queue.indexOf(waiter), 1);
        reject(interrupted());
      };
      const waiter: Waiter = {
        admit: (slot) => {
          signal?.removeEventListener('abort', leave);
          resolve(slot);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      queue.push(waiter);
      void this.#pump();
    });
  }

  #stir(): void {
    this.#wake.abort();
    this.#wake = new AbortController();
  }

  /** Milliseconds until the next place is free; 0 or less when one is. */
  #waitMs(): number {
    const now = this.#deps.now();
    for (const slot of this.#slots) {
      // A clock that was set back must not lock the door until it has caught up.
      slot.startedAt = Math.min(slot.startedAt, now);
      if (slot.endedAt !== null) slot.endedAt = Math.min(slot.endedAt, now);
    }
    const freeAt = (slot: Slot) => (slot.endedAt ?? slot.startedAt + LONGEST_HOLD_MS) + WINDOW_MS;
    this.#slots = this.#slots.filter((slot) => freeAt(slot) > now);
    const places = this.#slots.length < REQUESTS ? now : Math.min(...this.#slots.map(freeAt));
    return Math.max(places, this.#pausedUntil) - now;
  }

  /** Whose turn it is; undefined when nobody waits. */
  #next(): Waiter | undefined {
    const { desk, batch } = this.#queues;
    const batchTurn = batch.length > 0 && (desk.length === 0 || this.#deskInARow >= BATCH_SHARE - 1);
    // Only a place the batch had to wait for counts against the desk.
    this.#deskInARow = batchTurn || batch.length === 0 ? 0 : this.#deskInARow + 1;
    return (batchTurn ? batch : desk).shift();
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#queues.desk.length + this.#queues.batch.length > 0) {
      const { signal } = this.#wake;
      const wait = this.#waitMs();
      // A wait cut short is no error: something has changed, so look again.
      if (wait > 0) await this.#deps.sleep(wait, signal).catch(() => undefined);
      else {
        const slot: Slot = { startedAt: this.#deps.now(), endedAt: null };
        this.#slots.push(slot);
        this.#next()?.admit(slot);
      }
    }
    this.#pumping = false;
  }
}

const limiters = new Map<string, RateLimiter>();

/**
 * The one limiter of this process for an account: kiosk, batch and verification share it, however many connectors they open.
 * The platform counts by key, so the key and its address tell accounts apart.
 */
export function sharedLimiter(baseUrl: string, appKey: string, deps: LimiterDeps): RateLimiter {
  const { origin, pathname } = new URL(baseUrl);
  const account = JSON.stringify([origin, pathname.replace(/\/+$/, ''), appKey]);
  const known = limiters.get(account);
  if (known) return known;
  const fresh = new RateLimiter(deps, createHash('sha256').update(account).digest('hex'));
  limiters.set(account, fresh);
  return fresh;
}
