import { z } from 'zod';
import type { RecognitionRecord } from '../contract.ts';
import { inTimeOrder } from '../core/time-order.ts';
import { isoWithOffset } from '../core/times.ts';
import type { Directory } from './lookup.ts';
import type { Call } from './session.ts';

/** 5.7.3: 1 to 200 records a page. */
const PAGE = 200;

const text = z.string().nullish();
const id = z.union([z.string(), z.number()]).transform(String);

/** ISO 8601 as the requests have it. A time without an offset is the station's own: it is "client time" that was asked for (table 5-59). */
const instant = z
  .string()
  .transform((value) => Date.parse(value))
  .refine((at) => !Number.isNaN(at));

/** A.3.134 RecordInfo; only what we read. Every field is optional by the table; a record without a time is none. */
const swipe = z
  .object({
    recordGuid: id.nullish(),
    elementId: id.nullish(),
    elementName: text,
    areaName: text,
    devSerialNo: id.nullish(),
    occurTime: instant.nullish(),
    deviceTime: instant.nullish(),
    eventType: z.coerce.number().nullish(),
    swipeAuthResult: z.coerce.number().nullish(),
    /** A.3.126, A.3.121 */
    personInfo: z.object({ id: id.nullish(), baseInfo: z.object({ personCode: text }).nullish() }).nullish(),
  })
  .transform((record, context) => {
    const at = record.occurTime ?? record.deviceTime;
    if (at === null || at === undefined) {
      context.addIssue({ code: 'custom', path: ['occurTime'], message: 'a record without a time' });
      return z.NEVER;
    }
    const own = record.recordGuid || [record.elementId, record.devSerialNo, at].join('/');
    return { ...record, id: own, at };
  });
type Swipe = z.infer<typeof swipe>;

/** 5.7.3 */
const swipePage = z
  .object({ totalNum: z.coerce.number().nullish(), recordList: z.array(swipe).nullish() })
  .nullish()
  .transform((data) => ({ total: data?.totalNum ?? null, list: data?.recordList ?? [] }));

/**
 * A.1: how a door was passed, or was not. Records have the event's number and the table they are of is not named: both of the document's are
 * taken, "Card Swiping" (80…, 100…) and the authentication events of messages (110…). Where several were shown, the face counts.
 */
const FACE = new Set([
  ...[80072, 80073, 80074, 80075, 80076, 80077, 80078, 80079, 80080, 80081, 80082, 80083, 80084, 80085, 80086],
  ...[80093, 80094, 80099, 110008, 110009, 110010, 110011, 110012, 110013],
  ...[110521, 110522, 110523, 110524, 110525, 110526, 110527, 110528, 110529, 110530, 110531, 110533],
]);
const CARD = new Set([
  ...[80001, 80002, 80008, 80009, 80016, 80017, 80020, 80021, 80022, 80023, 80024, 80025, 80026, 80028],
  ...[80152, 80153, 80154, 80155, 80156, 80157, 80273, 80274, 100345],
  ...[110001, 110002, 110003, 110004, 110024, 110501, 110502, 110505, 110506, 110509, 110510, 110511, 110512],
  ...[110513, 110515],
]);
/** A QR code or digits alone. */
const CODE = new Set([80263, 80264, 100344, 100571, 100572, 100574, 110020, 110023]);

function methodOf(eventType: number | null | undefined): RecognitionRecord['method'] {
  if (eventType === null || eventType === undefined) return 'other';
  return FACE.has(eventType) ? 'face' : CARD.has(eventType) ? 'card' : CODE.has(eventType) ? 'code' : 'other';
}

function view(record: Swipe): RecognitionRecord {
  const personId = record.personInfo?.id || null;
  const code = record.personInfo?.baseInfo?.personCode || null;
  return {
    id: record.id,
    at: record.at,
    code,
    personId,
    // Staff and visitors are one kind of person here.
    kind: personId === null && code === null ? 'stranger' : 'other',
    place: [record.elementName, record.areaName].filter(Boolean).join(', ') || null,
    method: methodOf(record.eventType),
    similarity: null,
    // A.3.134: 0 failed, 1 success.
    passed: record.swipeAuthResult === 1 ? true : record.swipeAuthResult === 0 ? false : null,
  };
}

/**
 * Who passed, oldest first (5.7.3, `certificaterecords/search`), let in or not. Times go and come in whole seconds; whether the last second belongs to the search is not said,
 * so it is asked for and what is not in the range is dropped.
 */
export async function* records(
  { call, directory }: { call: Call; directory: Directory },
  range: { from: number; to: number; code?: string },
  signal: AbortSignal,
): AsyncGenerator<RecognitionRecord, void, undefined> {
  if (range.from >= range.to) return;
  const wanted = range.code;
  // Somebody who is gone has no id any more, but the records keep the code: then all are read.
  const person = wanted === undefined ? null : await directory.find(wanted, signal);
  const who = person === null ? {} : { personCondition: { personIds: person.personId } };
  const found = inTimeOrder(
    range,
    (part, pageIndex) =>
      call(
        '/api/hccgw/acs/v1/event/certificaterecords/search',
        {
          pageIndex,
          pageSize: PAGE,
          searchCriteria: {
            beginTime: isoWithOffset(Math.floor(part.from / 1000) * 1000),
            endTime: isoWithOffset(Math.ceil(part.to / 1000) * 1000),
            type: 0,
            swipeAuthResult: 0,
            searchType: 0,
            ...who,
          },
        },
        swipePage,
        signal,
      ),
    { pageSize: PAGE, at: (record) => record.at, id: (record) => record.id },
  );
  for await (const record of found) {
    const seen = view(record);
    if (wanted === undefined || seen.code === wanted) yield seen;
  }
}
