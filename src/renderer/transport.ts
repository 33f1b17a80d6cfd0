import type { VestibuleBridge } from '#shared/contract';

/**
 * How the page stands with its station.
 * - `connecting`: the page has just opened.
 * - `open`: calls and events go through.
 * - `retrying`: the station does not answer (stopped, or starting again); it is tried again at `nextAttemptAt` (ms since the epoch).
 * - `refused`: it answers, but has no session for this page; only a new address helps. `link-used`: the one-time address was used before.
 *   `link-unknown`: the address is of an earlier run. `session`: the page has no session, or it ended with the station.
 */
export type Connection =
  | { state: 'connecting' }
  | { state: 'open' }
  | { state: 'retrying'; attempt: number; nextAttemptAt: number }
  | { state: 'refused'; reason: 'link-used' | 'link-unknown' | 'session' };

/** What carries a bridge: Electron's preload, or HTTP. */
export interface Transport extends VestibuleBridge {
  /** The same object until it changes. */
  connection(): Connection;
  /** Returns the function that stops listening. */
  onConnection(listener: (connection: Connection) => void): () => void;
}
