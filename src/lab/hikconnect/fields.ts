import { Refusal, type RefusalCode } from './answers.ts';
import type { BasicInfo } from './state.ts';

/** A required non-empty string. @throws Refusal OPEN000010 naming the field. */
export function requiredText(body: Record<string, unknown>, name: string): string {
  const value = body[name];
  if (typeof value !== 'string' || value === '') throw new Refusal('OPEN000010', name);
  return value;
}

/** An optional string, null when absent or null. @throws Refusal OPEN000010 naming the field. */
export function optionalText(body: Record<string, unknown>, name: string): string | null {
  const value = body[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw new Refusal('OPEN000010', name);
  return value;
}

/** An optional boolean. @throws Refusal OPEN000010 naming the field. */
export function optionalFlag(body: Record<string, unknown>, name: string): boolean {
  const value = body[name];
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw new Refusal('OPEN000010', name);
  return value;
}

/** An optional 0 or 1, false when absent. @throws Refusal OPEN000010 naming the field. */
export function optionalFlag01(body: Record<string, unknown>, name: string): boolean {
  const value = body[name] ?? 0;
  if (value !== 0 && value !== 1) throw new Refusal('OPEN000010', name);
  return value === 1;
}

/** A whole number within bounds. @throws Refusal `code` naming the field. */
export function integerWithin(
  body: Record<string, unknown>,
  name: string,
  min: number,
  max: number,
  code: RefusalCode = 'OPEN000010',
): number {
  const value = body[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new Refusal('OPEN000010', name);
  if (value < min || value > max) throw new Refusal(code, name);
  return value;
}

/** A JSON object under a name. @throws Refusal OPEN000010 naming the field. */
export function requiredObject(body: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = optionalObject(body, name);
  if (value === null) throw new Refusal('OPEN000010', name);
  return value;
}

/** A JSON object under a name, null when absent. @throws Refusal OPEN000010 naming the field. */
export function optionalObject(body: Record<string, unknown>, name: string): Record<string, unknown> | null {
  const value = body[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value)) throw new Refusal('OPEN000010', name);
  return value as Record<string, unknown>;
}

/** A JSON array of strings, null when absent. @throws Refusal OPEN000010 naming the field. */
export function optionalTextList(body: Record<string, unknown>, name: string): string[] | null {
  const value = body[name];
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) throw new Refusal('OPEN000010', name);
  return value.map((item: unknown) => {
    if (typeof item !== 'string') throw new Refusal('OPEN000010', name);
    return item;
  });
}

/** A JSON array of objects, null when absent. @throws Refusal OPEN000010 naming the field. */
export function optionalObjectList(body: Record<string, unknown>, name: string): Record<string, unknown>[] | null {
  const value = body[name];
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) throw new Refusal('OPEN000010', name);
  return value.map((item: unknown) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) throw new Refusal('OPEN000010', name);
    return item as Record<string, unknown>;
  });
}

/**
 * An ISO 8601 time as every sample prints it, `2022-10-21T11:08:23+08:00`: to the second, with a numeric offset.
 * @returns milliseconds since the epoch.
 * @throws Refusal OPEN000026 naming the field.
 */
export function isoTime(body: Record<string, unknown>, name: string): number {
  const text = requiredText(body, name);
  const match = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$/.exec(text);
  const at = match === null ? Number.NaN : Date.parse(text);
  if (Number.isNaN(at)) throw new Refusal('OPEN000026', name);
  const [year, month, day] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3])];
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) throw new Refusal('OPEN000026', name);
  return at;
}

/**
 * A person's basic information, each field by itself (chapters 5.8.5, 5.8.6 and A.3.122). What is missing or of a wrong type
 * is OPEN000010, an empty name too; what breaks a length or a format has the field's own code.
 */
export function readBasicInfo(body: Record<string, unknown>): BasicInfo {
  const groupId = requiredText(body, 'groupId');
  const personCode = requiredText(body, 'personCode');
  if (!/^[A-Za-z0-9]{1,16}$/.test(personCode)) throw new Refusal('CCF038016', 'personCode');
  const firstName = requiredText(body, 'firstName');
  const lastName = requiredText(body, 'lastName');
  if ([...firstName].length > 255) throw new Refusal('CCF038014', 'firstName');
  if ([...lastName].length > 255) throw new Refusal('CCF038015', 'lastName');
  if ([...firstName, ...lastName].length > 255) throw new Refusal('CCF038017', 'firstName and lastName');
  const gender = integerWithin(body, 'gender', 0, 2) as 0 | 1 | 2;
  const phone = limited(body, 'phone', 32, 'CCF038020');
  const email = limited(body, 'email', 64, 'CCF038019');
  const description = limited(body, 'description', 128, 'CCF038021');
  const startDate = isoTime(body, 'startDate');
  const endDate = isoTime(body, 'endDate');
  if (Number(requiredText(body, 'endDate').slice(0, 4)) > 2037) throw new Refusal('CCF038022', 'endDate');
  if (endDate <= startDate) throw new Refusal('CCF038022', 'startDate');
  return { groupId, personCode, firstName, lastName, gender, phone, email, description, startDate, endDate };
}

/** Four to eight digits (chapters 5.8.12 and 5.8.15). */
export function isPinCode(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4,8}$/.test(value);
}

function limited(body: Record<string, unknown>, name: string, max: number, code: RefusalCode): string | null {
  const value = optionalText(body, name);
  if (value === null || value === '') return null;
  if ([...value].length > max) throw new Refusal(code, name);
  return value;
}
