import { Refusal } from './answers.ts';
import type { PersonFields, PersonType } from './state.ts';

interface TextRule {
  pattern?: RegExp;
  min?: number;
  max?: number;
  only?: PersonType;
}

interface NumberRule {
  values?: readonly number[];
  only?: PersonType;
}

/** 人员管理 1.4.2 and 1.6.2: lengths in characters, 员工可填 and 访客可填 as `only`. */
const texts = {
  name: { min: 1, max: 40 },
  imageUri: { min: 1 },
  code: { pattern: /^[A-Za-z0-9]{1,32}$/, only: 1 },
  identifyNum: { pattern: /^[A-Za-z0-9]{1,32}$/ },
  uniqueIdentify: { pattern: /^[\x21-\x7e]{1,40}$/ },
  visitFirm: { pattern: /^[\p{Script=Han}A-Za-z0-9]{1,40}$/u, only: 2 },
  visitReason: { min: 1, max: 255, only: 2 },
  visitedUuid: { min: 1, only: 2 },
  email: {},
  phone: { pattern: /^\d{6,18}$/ },
  cardNum: { pattern: /^\d{1,20}$/ },
  password: { pattern: /^\d{4,6}$/, only: 1 },
  postion: { max: 64, only: 1 },
  ext: { max: 255 },
  autograph: {},
  orgUuid: { min: 1 },
} as const satisfies Record<string, TextRule>;

const numbers = {
  sex: { values: [0, 1, 2] },
  visitStartTimeStamp: { only: 2 },
  visitEndTimeStamp: { only: 2 },
  visitType: { values: [1, 2], only: 2 },
  entryTimeStamp: { only: 1 },
  birthdayStamp: {},
} as const satisfies Record<string, NumberRule>;

type TextName = keyof typeof texts;
type NumberName = keyof typeof numbers;

/** Earliest instant a visit may name: a smaller number is seconds where milliseconds belong. */
const firstMillisecond = 100_000_000_000;

/**
 * Reads a person's fields out of a request and checks each by itself; what is absent or null stays away.
 * @throws Refusal 100003 naming the field, or 101027 for an e-mail address.
 */
export function readFields(input: Record<string, unknown>, type: PersonType): PersonFields {
  const fields: PersonFields = {};
  for (const name of Object.keys(texts) as TextName[]) {
    const value = input[name];
    if (value === undefined || value === null) continue;
    fields[name] = checkedText(name, value, type);
  }
  for (const name of Object.keys(numbers) as NumberName[]) {
    const value = input[name];
    if (value === undefined || value === null) continue;
    fields[name] = checkedNumber(name, value, type);
  }
  const groups = input.groupList;
  if (groups !== undefined && groups !== null) fields.groupList = textList(groups, 'groupList');
  return fields;
}

/**
 * What must be there before a person is kept, over the fields as they will be.
 * @throws Refusal 100003, 101020 or 101069.
 */
export function requireComplete(fields: PersonFields, type: PersonType): void {
  if (fields.name === undefined) throw new Refusal(100003, 'name');
  if (type !== 2) return;
  const { visitStartTimeStamp: start, visitEndTimeStamp: end } = fields;
  if (start === undefined || end === undefined) throw new Refusal(101020);
  if (start < firstMillisecond || end < firstMillisecond) throw new Refusal(100003, 'visitStartTimeStamp');
  if (end <= start) throw new Refusal(100003, 'visitEndTimeStamp');
  if (fields.visitedUuid === undefined) throw new Refusal(101069);
  if (fields.phone === undefined) throw new Refusal(100003, 'phone');
}

/** A JSON array of non-empty strings. @throws Refusal 100003 naming the field. */
export function textList(value: unknown, name: string): string[] {
  if (!Array.isArray(value)) throw new Refusal(100003, name);
  return value.map((item: unknown) => {
    if (typeof item !== 'string' || item === '') throw new Refusal(100003, name);
    return item;
  });
}

/** A required non-empty string. @throws Refusal 100003 naming the field. */
export function requiredText(input: Record<string, unknown>, name: string): string {
  const value = input[name];
  if (typeof value !== 'string' || value === '') throw new Refusal(100003, name);
  return value;
}

/** An optional string, undefined when absent or null. @throws Refusal 100003 naming the field. */
export function optionalText(input: Record<string, unknown>, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new Refusal(100003, name);
  return value;
}

/** An optional whole number, undefined when absent or null. @throws Refusal 100003 naming the field. */
export function optionalInteger(input: Record<string, unknown>, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new Refusal(100003, name);
  return value;
}

/** One of the three kinds of person or group. @throws Refusal 100003. */
export function requiredType(input: Record<string, unknown>): PersonType {
  const value = input.type;
  if (value !== 1 && value !== 2 && value !== 3) throw new Refusal(100003, 'type');
  return value;
}

function checkedText(name: TextName, value: unknown, type: PersonType): string {
  const rule: TextRule = texts[name];
  if (typeof value !== 'string') throw new Refusal(100003, name);
  if (rule.only !== undefined && rule.only !== type) throw new Refusal(100003, name);
  if (name === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) throw new Refusal(101027);
  if (rule.pattern !== undefined && !rule.pattern.test(value)) throw new Refusal(100003, name);
  const length = [...value].length;
  if (length < (rule.min ?? 0) || length > (rule.max ?? Number.POSITIVE_INFINITY)) throw new Refusal(100003, name);
  return value;
}

function checkedNumber(name: NumberName, value: unknown, type: PersonType): number {
  const rule: NumberRule = numbers[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new Refusal(100003, name);
  if (rule.only !== undefined && rule.only !== type) throw new Refusal(100003, name);
  if (rule.values !== undefined && !rule.values.includes(value)) throw new Refusal(100003, name);
  return value;
}
