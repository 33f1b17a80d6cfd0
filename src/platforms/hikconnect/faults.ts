import { FaultError } from '#shared/fault';
import { codeFault } from '../core/codes.ts';
import { type CodeEntry, PLATFORM_CODES } from './codes.ts';
import { DEVICE_CODES } from './device-codes.ts';

/** What says more about a code: the answer (HTTP status, when to come back) and the texts that were sent, which are not quoted back. */
type Around = Partial<Pick<Parameters<typeof codeFault>[2], 'answer' | 'sent'>>;

const DEVICE = /^THD_ISAPI_0x([0-9a-f]{8})$/i;

function entryOf(code: string): CodeEntry | undefined {
  const device = DEVICE.exec(code)?.[1]?.toUpperCase();
  const [table, key] = device === undefined ? [PLATFORM_CODES, code] : [DEVICE_CODES, device];
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** Whether a code stands in one of our tables; for the test that compares them with the document. */
export function isMapped(code: string): boolean {
  return entryOf(code) !== undefined;
}

/**
 * An error code as a fault (appendix A.4). `said` is the platform's own text, already redacted: it is quoted for codes that no table
 * knows, which are `protocol` or what the HTTP status says.
 */
export function faultOf(code: string, said: string, around: Around = {}): FaultError {
  const entry = entryOf(code);
  const table = entry && { [code]: { kind: entry[0], message: entry[1], ...(entry[2] && { field: entry[2] }) } };
  return codeFault(table ?? {}, code, {
    text: said,
    redact: (text) => text,
    answer: { status: 200 },
    ...around,
  });
}

/** Advice on a code alone, for the detail of a verification. */
export function adviceOn(code: string): string {
  const entry = entryOf(code);
  return entry === undefined ? code : `${entry[1]} (${code})`;
}

/** The token is spent: get another and try the same call again. */
export const TOKEN_REFUSED: ReadonlySet<string> = new Set(['OPEN000006', 'OPEN000007']);
/** Our key is taken: look the person up again. */
export const CODE_TAKEN: ReadonlySet<string> = new Set(['CCF038024']);
/** Nobody with that id. */
export const NOBODY: ReadonlySet<string> = new Set(['CCF038023', 'CCF038025']);

export function isCode(error: unknown, codes: ReadonlySet<string>): boolean {
  return error instanceof FaultError && codes.has(error.fault.code);
}
