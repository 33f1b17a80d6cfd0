import { FaultError } from '#shared/fault';
import { type CodeTable, codeFault } from '../core/codes.ts';
import { PEOPLE_CODES } from './codes.ts';
import { OTHER_CODES } from './other-codes.ts';

/** What says more about a code: the answer (HTTP status, when to come back) and the texts that were sent, which are not quoted back. */
type Around = Partial<Pick<Parameters<typeof codeFault>[2], 'answer' | 'sent'>>;

/** The whole error table of chapter 错误码定义 (1.1–1.8). */
const TABLE: CodeTable = Object.fromEntries(
  Object.entries({ ...PEOPLE_CODES, ...OTHER_CODES }).map(([code, [kind, message, field]]) => [
    code,
    { kind, message, ...(field === undefined ? {} : { field }) },
  ]),
);

/** Whether a code stands in the table; for the test that compares it with the document. */
export function isMapped(code: number): boolean {
  return Object.hasOwn(TABLE, String(code));
}

/**
 * A result code as a fault. `said` is the platform's own text, already redacted: it is quoted for codes that no table knows, which
 * are `protocol` or what the HTTP status says.
 */
export function faultOf(code: number, said: string, around: Around = {}): FaultError {
  return codeFault(TABLE, code, {
    text: said,
    redact: (text) => text,
    answer: { status: 200 },
    ...around,
  });
}

/** Codes by which `person/batchAdd` says that our key is taken (1.2): look the person up again. */
export const TAKEN: ReadonlySet<number> = new Set([101011, 101090]);
/** `person/query` and others of somebody who is not there. */
const NOBODY = 101012;
/** A refused signature: the key, or the clock it was made by. */
const BAD_SIGNATURE = 100008;

export function isNobody(error: unknown): boolean {
  return error instanceof FaultError && error.fault.code === String(NOBODY);
}

export function isTaken(error: unknown): boolean {
  return error instanceof FaultError && TAKEN.has(Number(error.fault.code));
}

export function isBadSignature(error: FaultError): boolean {
  return error.fault.code === String(BAD_SIGNATURE);
}
