import type { CallName, EventName } from '#shared/channels';
import type { Reply } from '#shared/contract';
import type { Fault } from '#shared/fault';
import {
  CALL_PATH,
  type CallRequest,
  decodeWire,
  EVENTS_PATH,
  type EventMessage,
  encodeWire,
  SESSION_PATH,
  type SessionRequest,
  WIRE_TYPE,
} from '#shared/wire';
import type { Connection, Transport } from './transport.ts';

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;

type Refused = Extract<Connection, { state: 'refused' }>;

/** Pause before a retry: doubling, with up to a quarter less so that several pages do not knock at once. `random` is 0 ≤ x < 1. */
export function retryDelay(attempt: number, random: number): number {
  const full = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt - 1, 16));
  return Math.round(full * (1 - random / 4));
}

/** The part of a browser window the transport uses. */
export type Browser = Pick<
  Window & typeof globalThis,
  'location' | 'history' | 'fetch' | 'WebSocket' | 'setTimeout' | 'addEventListener'
>;

/**
 * The contract over HTTP and a WebSocket. Begins at once: takes the one-time token out of the address (and out of the history, before anything
 * else can see it), trades it for the session's cookie, and opens the events.
 */
export function loopbackTransport(browser: Browser): Transport {
  const { location, history } = browser;
  const listeners = new Map<EventName, Set<(payload: unknown) => void>>();
  const watchers = new Set<(connection: Connection) => void>();
  let connection: Connection = { state: 'connecting' };
  let attempt = 0;
  /** Counts attempts to connect: what an overtaken one still has to say is not heard. */
  let turn = 0;
  let socket: WebSocket | null = null;
  let leaving = false;

  const become = (next: Connection) => {
    connection = next;
    for (const watcher of watchers) watcher(next);
  };

  const takeToken = (): string | null => {
    const token = /^#t=([A-Za-z0-9_-]+)$/.exec(location.hash)?.[1] ?? null;
    if (token) history.replaceState(history.state, '', `${location.pathname}${location.search}`);
    return token;
  };

  const post = async (path: string, body: unknown): Promise<Reply<unknown>> =>
    // The default mode: with `same-origin` our no-referrer policy would make the browser send `Origin: null`.
    readReply(
      await browser.fetch(path, {
        method: 'POST',
        headers: { 'content-type': WIRE_TYPE },
        body: encodeWire(body),
        cache: 'no-store',
      }),
    );

  /** Why this page is kept out, or null when it has a session. Rejects when the station does not answer as one. */
  const signIn = async (token: string | null): Promise<Refused | null> => {
    const request: SessionRequest | null = token ? { token } : null;
    const traded = request ? await post(SESSION_PATH, request) : null;
    if (traded?.ok) return null;
    // A used link in a browser that has a session already (the page opened again from its history) does no harm.
    const session = await readReply(await browser.fetch(SESSION_PATH, { cache: 'no-store' }));
    if (session.ok) return null;
    if (session.fault.kind !== 'auth') throw new Error(session.fault.message);
    return { state: 'refused', reason: reasonOf(traded?.fault ?? session.fault) };
  };

  const retry = (token: string | null, mine: number) => {
    attempt += 1;
    const delay = retryDelay(attempt, Math.random());
    become({ state: 'retrying', attempt, nextAttemptAt: Date.now() + delay });
    browser.setTimeout(() => {
      if (mine === turn) void connect(token);
    }, delay);
  };

  const connect = async (token: string | null): Promise<void> => {
    turn += 1;
    const mine = turn;
    try {
      const refused = await signIn(token);
      if (mine !== turn) return;
      if (refused) become(refused);
      else listen(mine);
    } catch {
      if (mine === turn) retry(token, mine);
    }
  };

  const listen = (mine: number) => {
    socket?.close();
    const own = new browser.WebSocket(`ws://${location.host}${EVENTS_PATH}`);
    socket = own;
    own.binaryType = 'arraybuffer';
    own.onopen = () => {
      attempt = 0;
      become({ state: 'open' });
    };
    own.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (own !== socket || !(data instanceof ArrayBuffer)) return;
      const [name, payload] = decodeWire(new Uint8Array(data)) as EventMessage;
      for (const listener of listeners.get(name) ?? []) listener(payload);
    };
    // A refused upgrade looks like a lost connection: asking for the session tells them apart.
    own.onclose = () => {
      if (own === socket && mine === turn && !leaving) retry(null, mine);
    };
  };

  /** Another beginning in a page that had one: events in between are missed, and the state says so. */
  const again = (token: string | null): Promise<void> => {
    become({ state: 'connecting' });
    return connect(token);
  };

  let started = connect(takeToken());
  browser.addEventListener('pagehide', () => {
    leaving = true;
  });
  // Back from the browser's page cache: the socket was closed while `leaving` held.
  browser.addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    leaving = false;
    started = again(null);
  });
  // The printed address pasted into the open page changes the fragment alone and loads nothing.
  browser.addEventListener('hashchange', () => {
    const token = takeToken();
    if (token) started = again(token);
  });

  return {
    async call(name: CallName, input: unknown): Promise<Reply<unknown>> {
      await started;
      const request: CallRequest = { input };
      const reply = await post(`${CALL_PATH}${name}`, request);
      // A page that was refused already knows better why.
      const news = !reply.ok && reply.fault.kind === 'auth' && reply.fault.code === 'session';
      if (news && connection.state !== 'refused') become({ state: 'refused', reason: 'session' });
      return reply;
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      const own = (payload: unknown) => listener(payload);
      set.add(own);
      return () => {
        set.delete(own);
      };
    },
    connection: () => connection,
    onConnection(listener) {
      const own = (next: Connection) => listener(next);
      watchers.add(own);
      return () => {
        watchers.delete(own);
      };
    },
  };
}

function reasonOf(fault: Fault): Refused['reason'] {
  return fault.code === 'link-used' || fault.code === 'link-unknown' ? fault.code : 'session';
}

/** Whatever answers at our address: the station's replies are MessagePack, anything else is somebody else's. */
async function readReply(response: Response): Promise<Reply<unknown>> {
  const ours = response.headers.get('content-type') === WIRE_TYPE;
  if (!ours) {
    await response.body?.cancel();
    const message = `something else answers at the station's address (HTTP ${response.status})`;
    return { ok: false, fault: { kind: 'protocol', code: 'answer', message } };
  }
  return decodeWire(new Uint8Array(await response.arrayBuffer())) as Reply<unknown>;
}
