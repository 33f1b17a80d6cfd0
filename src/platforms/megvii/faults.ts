import type { Fault } from '#shared/fault';
import { PEOPLE_CODES } from './codes.ts';
import { OTHER_CODES } from './other-codes.ts';

/** The whole error table of chapter 错误码定义 (1.1–1.8). */
const TABLE = { ...PEOPLE_CODES, ...OTHER_CODES };

/** Whether a code stands in the table; for the test that compares it with the document. */
export function isMapped(code: number): boolean {
  return TABLE[code] !== undefined;
}

/**
 * A result code as a fault. An unknown code is `protocol` and shown whole, with the platform's own words; for a known one they are
 * left out, because some repeat the person's data.
 */
export function faultOf(code: number, platformMessage: string): Fault {
  const entry = TABLE[code];
  if (entry === undefined) {
    const words = platformMessage === '' ? 'without a message' : `“${platformMessage.slice(0, 200)}”`;
    return {
      kind: 'protocol',
      code: String(code),
      message: `the box answers with a code we do not know: ${code}, ${words}`,
    };
  }
  const [kind, message, field] = entry;
  return { kind, code: String(code), message, ...(field === undefined ? {} : { field }) };
}

/** Codes by which `person/batchAdd` says that our key is taken (1.2): look the person up again. */
export const TAKEN: ReadonlySet<number> = new Set([101011, 101090]);
/** `person/query` and others of somebody who is not there. */
export const NOBODY = 101012;
/** A refused signature: the key, or the clock it was made by. */
export const BAD_SIGNATURE = 100008;
