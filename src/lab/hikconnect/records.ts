import type { FastifyInstance } from 'fastify';
import type { PassOrder } from '../core/platform.ts';
import { Refusal } from './answers.ts';
import { integerWithin, isoTime, optionalObject, optionalText } from './fields.ts';
import { fullName } from './people.ts';
import { post } from './routes.ts';
import { type Door, groupPath, type StoredPerson, type TenantState } from './state.ts';

/** A.1.4 "Card Swiping" for a credential that opened, and for one that did not. */
const events = { face: [80093, 80094], card: [80001, 80028], code: [100571, 100572] } as const;

/** A.3.134 RecordInfo, as much of it as the tenant knows. */
export interface SwipeRecord {
  recordGuid: string;
  elementId: string;
  elementName: string;
  elementType: 1002;
  occurTime: string;
  deviceTime: string;
  recordTime: string;
  eventType: number;
  swipeAuthResult: 0 | 1;
  eventMainType: 0;
  cardNumber: string;
  masksStatus: 1;
  personInfo?: { id: string; baseInfo: Record<string, unknown> };
}

interface Kept {
  at: number;
  /** For the search by name; a stranger has none. */
  name: string;
  record: SwipeRecord;
}

/** Who passed which door (chapter 5.7.3). */
export class HikconnectRecords {
  #all: Kept[] = [];
  #last = 0;

  clear(): void {
    this.#all = [];
  }

  /** Somebody passes a door; a stranger (null) is refused there, anybody where it was ordered. */
  add(tenant: TenantState, person: StoredPerson | null, order: PassOrder, now: number): SwipeRecord {
    const at = order.at ?? now;
    const method = order.method ?? 'face';
    const refused = person === null || order.refused === true;
    const door = doors(tenant)[0];
    this.#last += 1;
    const time = isoOf(at);
    const record: SwipeRecord = {
      recordGuid: `record-${this.#last}`,
      elementId: door?.id ?? '',
      elementName: door?.name ?? '',
      elementType: 1002,
      occurTime: time,
      deviceTime: time,
      recordTime: time,
      eventType: events[method][refused ? 1 : 0],
      swipeAuthResult: refused ? 0 : 1,
      eventMainType: 0,
      cardNumber: method === 'card' ? (person?.cards[0]?.cardNo ?? '') : '',
      masksStatus: 1,
      ...(person && { personInfo: personView(tenant, person) }),
    };
    this.#all.push({ at, name: person === null ? '' : fullName(person), record });
    return record;
  }

  /** Newest first, as event lists are; the document names no order. */
  search(wanted: (kept: Kept) => boolean): SwipeRecord[] {
    return this.#all
      .filter(wanted)
      .sort((a, b) => b.at - a.at)
      .map(({ record }) => record);
  }
}

/** 5.7.3. Everything is optional; what comes is checked. */
export function recordRoutes(app: FastifyInstance, records: HikconnectRecords): void {
  post(app, '/api/hccgw/acs/v1/event/certificaterecords/search', (body) => {
    const pageIndex = optionalWithin(body, 'pageIndex', 1, 1_000_000) ?? 1;
    // Between 1 and 200; the default is not told.
    const pageSize = optionalWithin(body, 'pageSize', 1, Number.MAX_SAFE_INTEGER) ?? 20;
    if (pageSize > 200) throw new Refusal('OPEN000025', 'pageSize');
    const found = records.search(matcher(optionalObject(body, 'searchCriteria') ?? {}));
    const from = (pageIndex - 1) * pageSize;
    return { totalNum: found.length, pageIndex, pageSize, recordList: found.slice(from, from + pageSize) };
  });
}

/** Tables 5-59 and 5-60. Both ends of the time are included; the document does not say. */
function matcher(criteria: Record<string, unknown>): (kept: Kept) => boolean {
  const begin = optionalTime(criteria, 'beginTime') ?? Number.NEGATIVE_INFINITY;
  const end = optionalTime(criteria, 'endTime') ?? Number.POSITIVE_INFINITY;
  if (begin > end) throw new Refusal('OPEN000030');
  optionalWithin(criteria, 'type', 0, 2);
  const result = optionalWithin(criteria, 'swipeAuthResult', 0, 2) ?? 0;
  const searchType = optionalWithin(criteria, 'searchType', 0, 1) ?? 0;
  optionalWithin(criteria, 'temperatureStatus', 0, 3);
  optionalWithin(criteria, 'maskStatus', 0, 3);
  const eventTypes = commaList(criteria, 'eventTypes', /^\d+$/);
  const elements = commaList(criteria, 'elementIDs', /^[\w-]+$/);
  const cardNumber = optionalText(criteria, 'cardNumber') ?? '';
  const who = optionalObject(criteria, 'personCondition') ?? {};
  const ids = commaList(who, 'personIds', /^\d{1,18}$/);
  const name = (optionalText(who, 'personName') ?? '').toLowerCase();
  if (ids !== null && name !== '') throw new Refusal('OPEN000010', 'personIds and personName');
  return ({ at, name: called, record }) => {
    const { personInfo, swipeAuthResult } = record;
    // To the second, as the records themselves tell their time.
    const second = Math.floor(at / 1000) * 1000;
    if (second < begin || second > end) return false;
    if (result !== 0 && swipeAuthResult !== (result === 1 ? 1 : 0)) return false;
    if (eventTypes !== null && !eventTypes.includes(String(record.eventType))) return false;
    if (elements !== null && !elements.includes(record.elementId)) return false;
    if (searchType === 1) return cardNumber === '' || record.cardNumber === cardNumber;
    if (ids !== null && !ids.includes(personInfo?.id ?? '')) return false;
    return called.toLowerCase().includes(name);
  };
}

/** A.3.126, A.3.121. */
function personView(tenant: TenantState, person: StoredPerson): NonNullable<SwipeRecord['personInfo']> {
  const { info, personId } = person;
  return {
    id: personId,
    baseInfo: {
      fullPath: groupPath(tenant, info.groupId),
      firstName: info.firstName,
      lastName: info.lastName,
      personCode: info.personCode,
      phoneNum: info.phone ?? '',
      photoUrl: '',
      gender: info.gender,
      email: info.email ?? '',
    },
  };
}

/** Every door of the tenant, each once. */
export function doors(tenant: TenantState): Door[] {
  const all = [...tenant.levels.values()].flatMap((level) => level.doors);
  return [...new Map(all.map((door) => [door.id, door])).values()];
}

/** `2023-10-21T11:08:23+08:00`, as every time of the document is written. */
function isoOf(at: number): string {
  return `${new Date(at + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}

function optionalTime(body: Record<string, unknown>, name: string): number | null {
  return body[name] === undefined || body[name] === null ? null : isoTime(body, name);
}

function optionalWithin(body: Record<string, unknown>, name: string, min: number, max: number): number | null {
  return body[name] === undefined || body[name] === null ? null : integerWithin(body, name, min, max);
}

/** "Separated by comma"; null when absent or empty. */
function commaList(body: Record<string, unknown>, name: string, each: RegExp): string[] | null {
  const text = optionalText(body, name) ?? '';
  if (text === '') return null;
  const parts = text.split(',');
  if (!parts.every((part) => each.test(part))) throw new Refusal('OPEN000010', name);
  return parts;
}
