import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  type IBackoff,
  type IBackoffFactory,
  isBrokenCircuitError,
  type Policy,
} from 'cockatiel';
import { type Fault, FaultError } from '#shared/fault';
import { type HttpAnswer, retryAfter } from './answer.ts';

/** Whether requests go out: all, none for a while, or one that tries. */
export type CircuitView = 'closed' | 'open' | 'half-open';

export const CIRCUIT = {
  /** Failures in a row after which nothing is sent for a while. */
  failures: 5,
  /** The first pause; each failed trial doubles it. */
  pauseMs: 5_000,
  longestMs: 60_000,
  /** What a caller is told while another one's trial is under way. */
  trialMs: 1_000,
  /** Less is over before it is worth refusing anybody; whoever was told it in the fault can wait for it. */
  shortestQuietMs: 2_000,
  /** A platform that asks for more quiet than this is misconfigured. */
  longestQuietMs: 60 * 60_000,
} as const;

export interface Circuit {
  /**
   * Runs a request that rejects with FaultError only. Answers FaultError `unreachable`, code `circuit-open`, without running it while
   * the circuit is open, and `rate`, code `retry-after`, while the platform wants to be left alone; both with `retryAfterMs`.
   */
  run(request: () => Promise<HttpAnswer>): Promise<HttpAnswer>;
  view(): CircuitView;
  /** Somebody asks on purpose: the next request goes out, whatever pause there is. It alone decides whether the circuit closes. */
  hurry(): void;
}

/** Our own giving up says nothing about the platform. */
const OWN: ReadonlySet<string> = new Set(['aborted', 'closed']);

function ofTheTransport(error: unknown): boolean {
  if (!(error instanceof FaultError)) return false;
  const { kind, code } = error.fault;
  return (kind === 'unreachable' || kind === 'time-out') && !OWN.has(code);
}

const isOwn = (error: unknown): boolean => error instanceof FaultError && OWN.has(error.fault.code);

/** An instant before which nothing is sent. A clock that was set back ends it: waiting out the difference could take for ever. */
function createPause(now: () => number) {
  let since = 0;
  let until = 0;
  return {
    begin(ms: number) {
      since = now();
      until = since + ms;
    },
    end() {
      until = 0;
    },
    leftMs(): number {
      const at = now();
      return at < since ? 0 : Math.max(0, until - at);
    },
  };
}

/**
 * The circuit breaker of one platform: after five requests in a row that met no platform (no connection, silence, HTTP 5xx) it spares
 * platform and people the waiting; one request tries again after a pause. What a platform says of a person or a picture never counts.
 * A `Retry-After` is obeyed here too, for callers that do not wait in the outbox.
 */
export function createCircuit(now: () => number): Circuit {
  const pause = createPause(now);
  const quiet = createPause(now);
  let last: Fault | null = null;

  // cockatiel reads the machine's clock. Its pause is asked for each time, so the connector's clock can decide: endless, then over.
  const backoff = (ms: number): IBackoff<unknown> => {
    pause.begin(ms);
    return {
      get duration() {
        return pause.leftMs() > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
      },
      next: () => backoff(Math.min(CIRCUIT.longestMs, ms * 2)),
    };
  };
  const pauses: IBackoffFactory<unknown> = { next: () => backoff(CIRCUIT.pauseMs) };

  // A trial that was interrupted proves nothing; closing the circuit for it would.
  const failed: Policy = handleWhen(
    (error) => ofTheTransport(error) || (policy.state === CircuitState.HalfOpen && isOwn(error)),
  ).orWhenResult((answer) => isAnswer(answer) && answer.status >= 500);
  const policy = circuitBreaker(failed, {
    halfOpenAfter: pauses,
    breaker: new ConsecutiveBreaker(CIRCUIT.failures),
  });

  const refused = (): FaultError => {
    const retryAfterMs = Math.max(CIRCUIT.trialMs, pause.leftMs());
    const why = last === null ? '' : ` The last failure: ${last.message}`;
    return new FaultError({
      kind: 'unreachable',
      code: 'circuit-open',
      message: `the platform failed ${CIRCUIT.failures} times in a row and is left alone for ${Math.ceil(retryAfterMs / 1000)} s.${why}`,
      retryAfterMs,
    });
  };

  return {
    async run(request) {
      const quietMs = quiet.leftMs();
      if (quietMs > 0)
        throw new FaultError({
          kind: 'rate',
          code: 'retry-after',
          message: `the platform asked to be left alone for another ${Math.ceil(quietMs / 1000)} s`,
          retryAfterMs: quietMs,
        });
      // Whoever comes during the trial is told at once instead of waiting for its end.
      if (policy.state === CircuitState.HalfOpen) throw refused();
      try {
        const answer = await policy.execute(request);
        const asked = answer.status === 429 || answer.status === 503 ? retryAfter(answer) : undefined;
        if (asked !== undefined && asked >= CIRCUIT.shortestQuietMs)
          quiet.begin(Math.min(asked, CIRCUIT.longestQuietMs));
        if (answer.status >= 500)
          last = { kind: 'server', code: `http-${answer.status}`, message: `it answered with HTTP ${answer.status}` };
        return answer;
      } catch (error) {
        if (isBrokenCircuitError(error)) throw refused();
        if (error instanceof FaultError && ofTheTransport(error)) last = error.fault;
        throw error;
      }
    },
    view: () =>
      policy.state === CircuitState.Closed ? 'closed' : policy.state === CircuitState.HalfOpen ? 'half-open' : 'open',
    hurry() {
      pause.end();
      quiet.end();
    },
  };
}

function isAnswer(value: unknown): value is HttpAnswer {
  return typeof value === 'object' && value !== null && 'status' in value && typeof value.status === 'number';
}
