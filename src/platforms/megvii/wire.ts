import { z } from 'zod';

/** A result code; some firmware prints numbers as text. */
const code = z.union([
  z.number().int(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number),
]);
const text = z.string().nullish();

/** What every answer begins with; `data` is read by the call's own schema once `code` is 0. */
export const envelope = z.object({ code, msg: z.string().nullish() });

/** 人员管理 1.1.3 */
export const uploaded = z.object({ uri: z.string().min(1) });

const group = z.object({ uuid: z.string(), name: text });

/** A person as `person/list` (1.7.3) and `person/query` (1.9.3) return it; only what we read. */
export const personRecord = z.object({
  uuid: z.string().min(1),
  name: text,
  type: z.number().int().nullish(),
  code: text,
  uniqueIdentify: text,
  imageUri: text,
  groupList: z.array(group).nullish(),
});
export type PersonRecord = z.infer<typeof personRecord>;

/** A page: 1.7.3. An empty result may come without `list`. */
export const personPage = z
  .object({ total: z.number().int().nullish(), list: z.array(personRecord).nullish() })
  .transform(({ total, list }) => ({ total: total ?? null, list: list ?? [] }));

/** One entry of the two lists inside a batch answer. `code` here is the *result*; the person's code comes back as `staffCode` (1.4.3). */
const batchEntry = z.object({ uuid: text, code: code.nullish(), msg: text, staffCode: text });

/** 1.4.3 and 1.5.3: a batch answers code 0 and tells what failed inside. */
export const batchResult = z
  .object({ successes: z.array(batchEntry).nullish(), failures: z.array(batchEntry).nullish() })
  .transform(({ successes, failures }) => ({ successes: successes ?? [], failures: failures ?? [] }));
export type BatchResult = z.infer<typeof batchResult>;

/** 门禁点管理 1.3.3: people whose picture or feature did not reach the doors. */
export const failurePage = z
  .object({
    total: z.number().int().nullish(),
    list: z.array(z.object({ personUuid: text, reasonStr: text })).nullish(),
  })
  .transform(({ total, list }) => ({ total: total ?? null, list: list ?? [] }));

/** A call whose data, if any, we do not read. */
export const nothing = z.unknown().optional();

/** 数据字典 1.2.1 */
export const PERSON_TYPE = { staff: 1, visitor: 2 } as const;
/** 数据字典 1.2.2: not the numbers of the other platforms. */
export const SEX = { unknown: 0, male: 1, female: 2 } as const;

/** What `person/batchAdd` (1.4.2) takes; `person/update` (1.6.2) takes the same without `type`, with `uuid`. */
export interface PersonFields {
  name: string;
  sex: number;
  imageUri: string;
  code?: string;
  uniqueIdentify?: string;
  identifyNum?: string;
  email?: string;
  phone?: string;
  cardNum?: string;
  /** Spelt so by the platform. */
  postion?: string;
  ext?: string;
  groupList?: string[];
  orgUuid?: string;
  visitFirm?: string;
  visitStartTimeStamp?: number;
  visitEndTimeStamp?: number;
  visitReason?: string;
  visitedUuid?: string;
  visitType?: number;
}
