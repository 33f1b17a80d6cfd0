import type { createConnection } from 'node:net';
import WebSocket, { type RawData } from 'ws';
import { FaultError } from '#shared/fault';
import { plainHttpProblem } from './config.ts';
import { type TlsChoice, trustingConnector } from './tls.ts';

export interface PushOptions {
  /** The platform's own address; the push has its host and trust. */
  baseUrl: string;
  port: number;
  /** Path and query, signed afresh for every connection. */
  path(): string;
  tls?: TlsChoice | undefined;
  allowHttp?: boolean | undefined;
  configDir: string;
  connectMs?: number | undefined;
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** What a message of the platform is. */
export type PushMessage<T> = { is: 'connected' } | { is: 'refused' } | { is: 'record'; value: T } | { is: 'other' };

export interface PushListener<T> {
  /** Reads a message's JSON in the platform's shape. */
  read(message: unknown): PushMessage<T>;
  /** `again` is false for the first connection: something may have been missed before any other. */
  connected(again: boolean): void;
  record(value: T): void;
  /** The platform turned the connection away; true to try once more, now. */
  refused(): boolean;
}

export const PUSH = {
  /** The client speaks every ten seconds (device §8.3.3). */
  beatMs: 10_000,
  /** A connection on which nothing was heard for so long is broken (device §8.3.3). */
  silenceMs: 33_000,
  /** The first wait before connecting again; it doubles. */
  retryMs: 1_000,
  longestRetryMs: 30_000,
  /** A record with two pictures in Base64. */
  maxBytes: 8 * 1024 * 1024,
} as const;

/** The heart beat as SenseLink prints it (§6.5.2); the terminal's document asks for one and prints none. */
const HEART_BEAT = JSON.stringify({ code: 10000, desc: 'heart beat', message: 'heart beat' });

/**
 * Where the push is. The documents print `ws://` alone: with an https address the push is expected on `wss://`, unless the owner took
 * plain transport knowingly (`allowHttp`).
 */
function pushUrl({ baseUrl, port, path, allowHttp }: PushOptions): string {
  const url = new URL(baseUrl);
  const secure = url.protocol === 'https:' && !allowHttp;
  return `${secure ? 'wss' : 'ws'}://${url.hostname}:${port}${path()}`;
}

/** Dials by the connector's own trust: a pinned certificate is compared before the signature in the URL is sent. */
function dialer(options: PushOptions): typeof createConnection {
  const dial = trustingConnector(options.tls ?? {}, options.configDir, options.connectMs ?? 5_000);
  const create = (
    to: { host?: string; port?: number | string; protocol?: string },
    done: (error: Error | null, socket?: unknown) => void,
  ): undefined => {
    const secure = options.baseUrl.startsWith('https:') && !options.allowHttp;
    dial(
      {
        hostname: to.host ?? '',
        protocol: secure ? 'https:' : 'http:',
        port: String(to.port ?? ''),
        host: to.host ?? '',
      },
      (error, socket) => (error === null ? done(null, socket) : done(error)),
    );
  };
  // Node's http takes a socket later by call-back, which the type of `net.createConnection` does not tell.
  return create as unknown as typeof createConnection;
}

function parsed(data: RawData): unknown {
  try {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}

/** How a connection ended: heard from at least once, never, or turned away. */
type End = 'lost' | 'never' | 'refused';

function connectOnce<T>(
  options: PushOptions,
  listener: PushListener<T>,
  again: boolean,
  signal: AbortSignal,
): Promise<End> {
  return new Promise((done) => {
    const { now, sleep } = options;
    const inner = new AbortController();
    const socket = new WebSocket(pushUrl(options), {
      createConnection: dialer(options),
      maxPayload: PUSH.maxBytes,
      handshakeTimeout: PUSH.silenceMs,
      perMessageDeflate: false,
    });
    let end: End = 'never';
    let heardAt = now();
    let ended = false;
    const finish = (how: End = end) => {
      if (ended) return;
      ended = true;
      signal.removeEventListener('abort', stop);
      inner.abort();
      socket.terminate();
      done(how);
    };
    const stop = () => finish();
    const heard = () => {
      heardAt = now();
    };

    const beat = async () => {
      while (!ended) {
        await sleep(PUSH.beatMs, inner.signal);
        if (ended || socket.readyState !== WebSocket.OPEN) continue;
        socket.send(HEART_BEAT);
        // A platform need not answer a heart beat, but every WebSocket answers a ping.
        socket.ping();
      }
    };
    const watch = async () => {
      while (!ended) {
        // A clock that was set back must not keep a dead connection.
        const left = Math.min(PUSH.silenceMs, PUSH.silenceMs - (now() - heardAt));
        if (left <= 0) finish();
        else await sleep(left, inner.signal);
      }
    };

    signal.addEventListener('abort', stop, { once: true });
    socket.on('open', heard);
    socket.on('ping', heard);
    socket.on('pong', heard);
    socket.on('message', (data) => {
      if (ended) return;
      heard();
      const message = listener.read(parsed(data));
      if (message.is === 'refused') finish('refused');
      else if (message.is === 'record') listener.record(message.value);
      else if (message.is === 'connected') {
        end = 'lost';
        listener.connected(again);
      }
    });
    socket.on('unexpected-response', (request, response) => {
      request.destroy();
      finish(response.statusCode === 401 || response.statusCode === 403 ? 'refused' : 'never');
    });
    // The reason stays here: it may quote the URL with its signature, and all that follows is another attempt.
    socket.on('error', stop);
    socket.on('close', stop);
    // The sleeps reject when the connection ends, which is all they wait for then.
    beat().catch(stop);
    watch().catch(stop);
    if (signal.aborted) stop();
  });
}

/**
 * Listens to a platform's push until the signal is aborted, connecting again whenever the connection is lost or silent.
 * Rejects with FaultError: `auth` when the platform turns us away, `validation` for a configuration that forbids the connection.
 */
export async function listenToPush<T>(
  options: PushOptions,
  listener: PushListener<T>,
  signal: AbortSignal,
): Promise<void> {
  const problem = plainHttpProblem(options);
  if (problem !== null)
    throw new FaultError({ kind: 'validation', code: 'plain-http', message: problem, field: 'baseUrl' });
  let wait: number = PUSH.retryMs;
  let again = false;
  while (!signal.aborted) {
    const end = await connectOnce(options, listener, again, signal);
    if (signal.aborted) return;
    if (end === 'refused') {
      if (listener.refused()) continue;
      throw new FaultError({
        kind: 'auth',
        code: '20002',
        message: 'the platform does not let this station listen to its records: check the keys and the clocks',
      });
    }
    if (end === 'lost') {
      again = true;
      wait = PUSH.retryMs;
    }
    try {
      await options.sleep(wait, signal);
    } catch {
      return;
    }
    wait = Math.min(PUSH.longestRetryMs, wait * 2);
  }
}
