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

/** Any paged list: an empty result may come without `list`. */
function pageOf<T>(entry: z.ZodType<T>) {
  return z
    .object({ total: z.number().int().nullish(), list: z.array(entry).nullish() })
    .transform(({ total, list }) => ({ total: total ?? null, list: list ?? [] }));
}

/** 1.7.3 */
export const personPage = pageOf(personRecord);
/** 1.8.3 */
export const personList = z
  .array(personRecord)
  .nullish()
  .transform((list) => list ?? []);

/** 1.10.3: a picture as a data URI or bare Base64, and the minutes it is good for. */
export const visitorCode = z.object({ qrCode: z.string().min(1), expireTime: z.number().nullish() });
export type VisitorCode = z.infer<typeof visitorCode>;

/** One entry of the two lists inside a batch answer. `code` here is the *result*; the person's code comes back as `staffCode` (1.4.3). */
const batchEntry = z.object({ uuid: text, code: code.nullish(), msg: text, staffCode: text, name: text });

/** 1.4.3 and 1.5.3: a batch answers code 0 and tells what failed inside. */
export const batchResult = z
  .object({ successes: z.array(batchEntry).nullish(), failures: z.array(batchEntry).nullish() })
  .transform(({ successes, failures }) => ({ successes: successes ?? [], failures: failures ?? [] }));
export type BatchResult = z.infer<typeof batchResult>;

/** 门禁点管理 1.3.3: people whose picture or feature did not reach the doors. */
export const failurePage = pageOf(z.object({ personUuid: text, reasonStr: text }));
/** 门禁点管理 1.2.3 */
export const doorPage = pageOf(
  z.object({ uuid: z.string().min(1), name: text, location: text, status: z.number().int().nullish() }),
);

/** 组管理 1.4.3, 1.5.3 */
export const groupRecord = z.object({ uuid: z.string().min(1), name: text, type: z.number().int().nullish() });
export type Group = z.infer<typeof groupRecord>;
export const groupPage = pageOf(groupRecord);

/** 组织管理 1.3.3: the whole tree as one list. */
const orgUnit = z.object({ orgUuid: z.string().min(1), orgName: text, parentUuid: text });
export type OrgUnit = z.infer<typeof orgUnit>;
export const orgTree = z
  .array(orgUnit)
  .nullish()
  .transform((list) => list ?? []);

/** 通行权限管理 1.4.3 */
export const authorityPage = pageOf(z.object({ deviceUuid: text, deviceName: text, scheduleName: text }));

/** 人脸比对 1.2.3: `score` 0–100. */
const searchMatch = z.object({
  personUuid: text,
  name: text,
  groupType: z.number().int().nullish(),
  score: z.number(),
});
export type SearchMatch = z.infer<typeof searchMatch>;
export const searchPage = pageOf(searchMatch);

/** 功能配置 1.6.3: `customConfig` stands only with level 4. */
export const storageCriteria = z.object({
  level: z.number().int(),
  customConfig: z
    .object({
      blur: z.number(),
      pitch: z.number(),
      roll: z.number(),
      yaw: z.number(),
      brightnessMin: z.number(),
      brightnessMax: z.number(),
      size: z.number(),
      sdtDeviation: z.number(),
    })
    .partial()
    .nullish(),
});
export type StorageCriteria = z.infer<typeof storageCriteria>;

/** 通行记录 1.1.3; times in milliseconds. */
const passRecord = z.object({
  uuid: z.string().min(1),
  passTimestamp: z.number(),
  personUuid: text,
  personCode: text,
  recognitionType: z.number().int().nullish(),
  verificationMode: z.number().int().nullish(),
  recognitionScore: z.number().nullish(),
  passType: z.number().int().nullish(),
  deviceName: text,
  deviceLocation: text,
});
export type PassRecord = z.infer<typeof passRecord>;
export const passPage = pageOf(passRecord);

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
