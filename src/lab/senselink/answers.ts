import type { FieldFault } from '../core/check.ts';

/** Chapter 5, and 320 from chapter 6.4.3. */
const messages = {
  200: 'OK',
  320: 'Param Invalid',
  610: 'Similar record Exist',
  620: 'Record non-existent Error',
  650: 'Cannot delete unless include nothing',
  10001: 'App Key Not Exist',
  10003: 'Request Expired',
  10005: 'Signature Failed',
  30001: 'Param Invalid',
  30002: 'Similar User Exist',
  30003: 'No Face Detected In The Image',
  30004: 'Missing Param',
  30005: 'Avatar File Illegal',
  50003: 'Multi Request Error',
  50004: 'Request Method Not Allowed',
} as const;

export type Code = keyof typeof messages;

/** SenseLink's envelope. `desc` comes with failures only. */
export interface Answer {
  code: Code;
  message: string;
  data?: unknown;
  desc?: string;
}

export const success = (data?: unknown): Answer =>
  data === undefined ? { code: 200, message: messages[200] } : { code: 200, message: messages[200], data };

export const failure = (code: Exclude<Code, 200>, desc = ''): Answer => ({ code, message: messages[code], desc });

export const fieldFailure = ({ field, missing }: FieldFault): Answer => failure(missing ? 30004 : 30001, field);
