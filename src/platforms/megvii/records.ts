import type { RecognitionRecord } from '../contract.ts';
import { inTimeOrder } from '../core/time-order.ts';
import type { MegviiClient } from './client.ts';
import { canBeKey, findByCode } from './lookup.ts';
import type { MegviiSite } from './site.ts';
import type { PassRecord } from './wire.ts';

const PAGE = 100;
/** People asked for at once (人员管理 1.8 names no limit). */
const UUIDS = 100;

/** 通行记录 1.1.3 recognitionType: 2 and 6 are visitors, plain and VIP; 3 key persons; 5 was not recognised at all. */
const KINDS: Readonly<Record<number, RecognitionRecord['kind']>> = {
  1: 'staff',
  2: 'visitor',
  4: 'stranger',
  6: 'visitor',
};
/** 通行记录 1.1.3 verificationMode. 1 is "face or card", which tells neither; 4 is a door opened from afar. */
const METHODS: Readonly<Record<number, RecognitionRecord['method']>> = { 0: 'face', 2: 'face', 3: 'face', 5: 'code' };

/** 0–1 whatever the scale: the document prints scores of comparisons as 0–100 and names no range for this one. */
function share(score: number | null | undefined): number | null {
  if (score === null || score === undefined) return null;
  return Math.min(1, Math.max(0, score > 1 ? score / 100 : score));
}

function view(record: PassRecord, codes: ReadonlyMap<string, string>): RecognitionRecord {
  const { uuid, passTimestamp, personUuid, personCode, recognitionType, verificationMode } = record;
  return {
    id: uuid,
    at: passTimestamp,
    code: personCode || (personUuid ? codes.get(personUuid) : undefined) || null,
    personId: personUuid || null,
    kind: KINDS[recognitionType ?? 0] ?? 'other',
    place: [record.deviceName, record.deviceLocation].filter(Boolean).join(', ') || null,
    method: METHODS[verificationMode ?? -1] ?? 'other',
    similarity: share(record.recognitionScore),
    // 0 not let through, 1 let through, 2 one of several proofs missing.
    passed: record.passType === null || record.passType === undefined ? null : record.passType === 1,
  };
}

/**
 * Who passed, oldest first (通行记录 1.1), by instants in milliseconds: the other form, wall-clock text, would be read in the box's own zone.
 * A record has the code of staff only; a visitor's is looked up by uuid (人员管理 1.8).
 */
export async function* records(
  { client, site }: { client: MegviiClient; site: MegviiSite },
  range: { from: number; to: number; code?: string },
  signal: AbortSignal,
): AsyncGenerator<RecognitionRecord, void, undefined> {
  const wanted = range.code;
  // Somebody who is gone has no uuid any more, but the records keep the code of staff.
  const filter = wanted === undefined ? {} : await filterBy(client, wanted, signal);
  if (filter === null) return;
  const codes = new Map<string, string>();
  const asked = new Set<string>();

  const learnCodes = async (list: readonly PassRecord[]) => {
    const fresh = list.flatMap(({ personUuid, personCode }) =>
      personUuid && !personCode && !asked.has(personUuid) ? [personUuid] : [],
    );
    const unknown = [...new Set(fresh)];
    for (let at = 0; at < unknown.length; at += UUIDS) {
      const some = unknown.slice(at, at + UUIDS);
      for (const uuid of some) asked.add(uuid);
      for (const { uuid, code, uniqueIdentify } of await client.peopleByUuid(some, signal)) {
        const key = code || uniqueIdentify;
        if (key) codes.set(uuid, key);
      }
    }
  };

  const found = inTimeOrder(
    range,
    async (part, pageNum) => {
      const times = { startPassTime: String(part.from), endPassTime: String(part.to) };
      const page = await site.passRecords({ ...filter, ...times }, { pageNum, pageSize: PAGE }, signal);
      await learnCodes(page.list);
      return page;
    },
    { pageSize: PAGE, at: (record) => record.passTimestamp, id: (record) => record.uuid },
  );
  for await (const record of found) {
    const seen = view(record, codes);
    if (wanted === undefined || seen.code === wanted) yield seen;
  }
}

/** Null where no record can bear the code. */
async function filterBy(
  client: MegviiClient,
  code: string,
  signal: AbortSignal,
): Promise<Record<string, string> | null> {
  const person =
    (await findByCode(client, code, 'staff', signal)) ?? (await findByCode(client, code, 'visitor', signal));
  if (person !== null) return { personUuid: person.uuid };
  return canBeKey(code, 'staff') ? { personCode: code } : null;
}
