import type { CallName, EventName } from '#shared/channels';
import type { Input, Output, Payload, Reply, VestibuleBridge } from '#shared/contract';
import type { Fault } from '#shared/fault';
import { loopbackTransport } from './loopback-transport.ts';
import type { Connection, Transport } from './transport.ts';

export type { Connection } from './transport.ts';

declare global {
  interface Window {
    /** Put there by Electron's preload; absent in a browser. */
    readonly vestibule?: VestibuleBridge;
  }
}

/** What a call rejects with: a fault as the station told it, or one of the connection (`unreachable`/`station`, `auth`/`session`). */
export class CallError extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message);
    this.name = 'CallError';
    this.fault = fault;
  }
}

/** A call without an argument may leave it out. */
type Argument<N extends CallName> = undefined extends Input<N> ? [input?: Input<N>] : [input: Input<N>];

/** The station as the page sees it. It cannot tell which shell is behind it. */
export interface Bridge {
  /** Rejects with `CallError`, never with anything else. */
  call<N extends CallName>(name: N, ...argument: Argument<N>): Promise<Output<N>>;
  /** Returns the function that stops listening. */
  on<E extends EventName>(event: E, listener: (payload: Payload<E>) => void): () => void;
  /** How the connection is now; the same object until it changes. Always `open` in Electron. */
  connection(): Connection;
  /**
   * Tells every change of the connection; returns the function that stops it. After each `open` that follows another state, events may have
   * been missed: ask for the state again.
   */
  onConnection(listener: (connection: Connection) => void): () => void;
}

/** What the page does where the station wants somebody to sign in, or somebody else to agree. */
export interface Gate {
  signInNeeded(): void;
  /** Resolves with whether somebody agreed. */
  stepUp(name: CallName, input: unknown): Promise<boolean>;
}

let gate: Gate | null = null;

export function keepGate(keeper: Gate | null): void {
  gate = keeper;
}

const OPEN: Connection = { state: 'open' };

/** Electron's preload as a transport: it lives and dies with the page, so it is always open. */
export function preloadTransport(preload: VestibuleBridge): Transport {
  return {
    call: (name, input) => preload.call(name, input),
    on: (name, listener) => preload.on(name, listener),
    connection: () => OPEN,
    onConnection: () => () => undefined,
  };
}

/** The typed client over a transport. Results are the station's own and are not checked again: the station is trusted, the page is not. */
export function createBridge(transport: Transport): Bridge {
  return {
    async call<N extends CallName>(name: N, ...[input]: Argument<N>): Promise<Output<N>> {
      for (;;) {
        const reply = await transport.call(name, input).catch((): Reply<unknown> => UNREACHABLE);
        if (reply.ok) return reply.value as Output<N>;
        const { kind, code } = reply.fault;
        if (kind === 'auth' && code === 'sign-in-required') gate?.signInNeeded();
        // Where somebody agrees, the very same call is made again: whoever made it notices nothing and loses nothing.
        const agreed = kind === 'auth' && code === 'role-required' && ((await gate?.stepUp(name, input)) ?? false);
        if (!agreed) throw new CallError(reply.fault);
      }
    },
    on: (event, listener) => transport.on(event, (payload) => listener(payload as Parameters<typeof listener>[0])),
    connection: () => transport.connection(),
    onConnection: (listener) => transport.onConnection(listener),
  };
}

const UNREACHABLE: Reply<never> = {
  ok: false,
  fault: { kind: 'unreachable', code: 'station', message: 'the station does not answer' },
};

/** The page's one bridge: the preload's where there is one, else the loopback host this page came from. */
export const bridge: Bridge = createBridge(
  window.vestibule ? preloadTransport(window.vestibule) : loopbackTransport(window),
);
