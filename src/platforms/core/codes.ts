import { type Fault, FaultError, type FaultKind, isTransient } from '#shared/fault';
import { type HttpAnswer, retryAfter } from './answer.ts';
import { impersonal, without } from './redact.ts';

/** What one code of a platform means in the house's words, with advice; the table is the room's `faults.ts`. */
interface Meaning {
  kind: FaultKind;
  message: string;
  /** The field of the person or the configuration at fault. */
  field?: string;
}
export type CodeTable = Readonly<Record<string, Meaning>>;

/** A code no table knows is shown whole and never retried, unless the HTTP status says what it is. */
function unknownKind(status: number): FaultKind {
  if (status >= 500) return 'server';
  if (status === 401 || status === 403) return 'auth';
  return 'protocol';
}

/**
 * The fault behind a code. Known codes speak in the table's words; the platform's own text is quoted (redacted, cut) for unknown
 * ones only, because texts of known ones may echo what was sent.
 */
export function codeFault(
  table: CodeTable,
  code: string | number,
  said: {
    text: string;
    redact(text: string): string;
    /** Texts of the request, hidden where the platform echoes them. */
    sent?: Iterable<string>;
    answer: Pick<HttpAnswer, 'status'> & Partial<Pick<HttpAnswer, 'headers' | 'serverDate' | 'receivedAt'>>;
  },
): FaultError {
  const key = String(code);
  const meaning = Object.hasOwn(table, key) ? table[key] : undefined;
  const fault: Fault =
    meaning === undefined
      ? {
          kind: unknownKind(said.answer.status),
          code: key,
          message: `the platform answered with a code its document does not list: ${key} “${impersonal(without(said.redact(said.text), said.sent ?? [])).slice(0, 200)}”`,
        }
      : { code: key, ...meaning };
  const { headers, serverDate = null, receivedAt = 0 } = said.answer;
  // A busy platform may name its time beside its own envelope.
  const later =
    headers !== undefined && isTransient(fault.kind) ? retryAfter({ headers, serverDate, receivedAt }) : undefined;
  return new FaultError(later === undefined ? fault : { ...fault, retryAfterMs: later });
}
