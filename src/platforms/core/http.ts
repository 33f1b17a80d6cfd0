import { Agent } from 'undici';
import { type Fault, FaultError } from '#shared/fault';
import type { HttpAnswer } from './answer.ts';
import { type CircuitView, createCircuit } from './circuit.ts';
import { plainHttpProblem } from './config.ts';
import { redactor } from './redact.ts';
import { ConnectFailure, type TlsChoice, trustingConnector } from './tls.ts';

export { type HttpAnswer, parseAnswer, shaped } from './answer.ts';

export interface HttpOptions {
  baseUrl: string;
  tls?: TlsChoice | undefined;
  allowHttp?: boolean | undefined;
  timeouts?:
    | { connectMs?: number | undefined; headersMs?: number | undefined; bodyMs?: number | undefined }
    | undefined;
  /** Folder that `tls.ca` is relative to. */
  configDir: string;
  /** Values replaced in every message. */
  secrets: readonly string[];
  now(): number;
  /** Connections at a time to one address; a small terminal gets 1. Default 4. */
  connections?: number;
}

interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Raw path and query after the base URL's own path, used byte for byte. */
  path: string;
  /** Sent as given. Nothing is added but `host`, `connection`, `content-length` and a form's own `content-type`. */
  headers?: Record<string, string>;
  body?: Uint8Array | FormData;
  signal?: AbortSignal;
  /** Larger answers are refused. Default 5 MB. */
  maxAnswerBytes?: number;
  /** Another address for this call (hikconnect's `areaDomain`); the same trust and the same plain-HTTP rule hold. */
  baseUrl?: string;
}

export interface Http {
  /** Sends one request and reads the answer whole, whatever its status. Rejects with FaultError only. */
  request(request: HttpRequest): Promise<HttpAnswer>;
  /** Whether requests go out at present. */
  circuit(): CircuitView;
  /** Lets the next request out whatever pause the circuit or a `Retry-After` holds: somebody asks on purpose. */
  hurry(): void;
  /** The same redaction for the texts a room makes itself. */
  redact(text: string): string;
  /** Ends all connections at once; requests under way reject. */
  close(): Promise<void>;
}

const DEFAULT_ANSWER_BYTES = 5 * 1024 * 1024;

/** The origin and the path on the wire for a call below a base URL. */
function target(baseUrl: string, path: string): { origin: string; path: string } {
  const url = new URL(baseUrl);
  return { origin: url.origin, path: url.pathname.replace(/\/+$/, '') + path };
}

class TooLarge extends Error {}
class BodyDeadline extends Error {}

const OUTCOME = 'whether it acted is not known; it will be asked before anything is sent again';

/** What a failure of the network means. After the connection stood, the outcome of the request is open: `time-out`. */
function networkFault(error: unknown, signal: AbortSignal | undefined, limit: number): Fault {
  if (signal?.aborted) return { kind: 'time-out', code: 'aborted', message: 'interrupted by the station' };
  if (error instanceof ConnectFailure) return error.fault;
  if (error instanceof FaultError) return error.fault;
  if (error instanceof TooLarge)
    return {
      kind: 'protocol',
      code: 'too-large',
      message: `the answer is larger than ${limit} bytes and was not read`,
    };
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'UND_ERR_HEADERS_TIMEOUT')
    return { kind: 'time-out', code: 'headers', message: `connected, but the platform does not answer: ${OUTCOME}` };
  if (code === 'UND_ERR_BODY_TIMEOUT' || error instanceof BodyDeadline)
    return { kind: 'time-out', code: 'body', message: `the platform began to answer and fell silent: ${OUTCOME}` };
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED')
    return { kind: 'time-out', code: 'closed', message: 'the station closed the connection' };
  if ((error instanceof Error && error.name === 'HTTPParserError') || code === 'UND_ERR_HEADERS_OVERFLOW')
    return {
      kind: 'protocol',
      code: 'http',
      message: 'the answer is not HTTP: another service listens at this address',
    };
  if (code === 'UND_ERR_INVALID_ARG')
    return { kind: 'protocol', code: 'request', message: 'the station made a request that HTTP does not allow' };
  return { kind: 'time-out', code: code || 'reset', message: `the connection broke in the middle: ${OUTCOME}` };
}

/** A form as the very bytes that are sent, with a length: small terminals do not read chunked bodies. */
async function serialise(form: FormData): Promise<{ bytes: Uint8Array; type: string }> {
  const response = new Response(form);
  const type = response.headers.get('content-type') ?? '';
  return { bytes: new Uint8Array(await response.arrayBuffer()), type };
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

function dateOf(header: string | undefined): number | null {
  const at = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(at) ? null : at;
}

/**
 * The one HTTP client of all connectors: one per configured platform, so that trust, time-outs and connections are its own.
 * A wrong configuration (plain HTTP without leave, an unreadable CA file) is not thrown here but rejects each request, before
 * anything is sent: one badly configured platform must not stop the others.
 */
export function createHttp(options: HttpOptions): Http {
  const redact = redactor(options.secrets);
  const { connectMs = 5_000, headersMs = 15_000, bodyMs = 15_000 } = options.timeouts ?? {};
  const circuit = createCircuit(options.now);
  let agent: Agent | null = null;

  const open = (): Agent => {
    agent ??= new Agent({
      connect: trustingConnector(options.tls ?? {}, options.configDir, connectMs),
      connections: options.connections ?? 4,
      headersTimeout: headersMs,
      bodyTimeout: bodyMs,
    });
    return agent;
  };

  const readAll = async (
    body: AsyncIterable<Uint8Array> & { destroy(error: Error): unknown },
    limit: number,
  ): Promise<Uint8Array> => {
    // The idle time-out alone would let a server drip bytes for ever.
    const deadline = setTimeout(() => body.destroy(new BodyDeadline()), bodyMs);
    const chunks: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const chunk of body) {
        size += chunk.length;
        if (size > limit) throw new TooLarge();
        chunks.push(chunk);
      }
    } finally {
      clearTimeout(deadline);
    }
    return new Uint8Array(Buffer.concat(chunks));
  };

  const send = async (request: HttpRequest, limit: number): Promise<HttpAnswer> => {
    const baseUrl = request.baseUrl ?? options.baseUrl;
    const problem = plainHttpProblem({ baseUrl, allowHttp: options.allowHttp });
    if (problem !== null)
      throw new FaultError({ kind: 'validation', code: 'plain-http', message: problem, field: 'baseUrl' });
    request.signal?.throwIfAborted();
    const headers = { ...request.headers };
    let body: Uint8Array | undefined;
    if (request.body instanceof FormData) {
      const form = await serialise(request.body);
      body = form.bytes;
      headers['content-type'] = form.type;
    } else body = request.body;

    const sentAt = options.now();
    const answer = await open().request({
      ...target(baseUrl, request.path),
      method: request.method,
      headers,
      ...(body === undefined ? {} : { body }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    const bytes = await readAll(answer.body, limit);
    const flat = flatten(answer.headers);
    return {
      status: answer.statusCode,
      headers: flat,
      bytes,
      sentAt,
      receivedAt: options.now(),
      serverDate: dateOf(flat.date),
    };
  };

  return {
    redact,
    circuit: circuit.view,
    hurry: circuit.hurry,
    request: (request) =>
      circuit.run(async () => {
        const limit = request.maxAnswerBytes ?? DEFAULT_ANSWER_BYTES;
        try {
          return await send(request, limit);
        } catch (error) {
          const fault = networkFault(error, request.signal, limit);
          // The cause stays behind: undici's errors carry the socket and may carry the request.
          throw new FaultError({ ...fault, message: redact(fault.message) });
        }
      }),
    async close() {
      await agent?.destroy();
      agent = null;
    },
  };
}
