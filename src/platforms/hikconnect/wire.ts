import { z } from 'zod';

const text = z.string().nullish();
/** Ids are long numbers in the document's words and strings in its examples. */
const id = z.union([z.string(), z.number()]).transform(String);
/** "0" is success; some answers print it as a number. */
const code = z.union([z.string(), z.number()]).transform(String);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Chapter 3.3. The message is called `message`, `Message` or `errorMsg`, chapter by chapter. */
export const envelope = z
  .object({ errorCode: code, message: text, Message: text, errorMsg: text })
  .transform((head) => ({ code: head.errorCode, message: head.message ?? head.Message ?? head.errorMsg ?? '' }));

/** The data of a successful answer, called `data` or `Data`, read by the call's own schema. */
export function dataOf<T>(schema: z.ZodType<T>): z.ZodType<T> {
  return z.preprocess((whole) => (isObject(whole) ? (whole.data ?? whole.Data) : undefined), schema);
}

/** Table 5-1 */
export const tokenData = z.object({
  accessToken: z.string().min(1),
  /** Seconds since the epoch. */
  expireTime: z.coerce.number(),
  areaDomain: text,
});

/** A.3.125 PersonInfo(1); only what we read. */
const personInfo = z.object({
  personId: id,
  personCode: text,
  headPicUrl: text,
  groupId: id.nullish(),
  firstName: text,
  lastName: text,
  gender: z.coerce.number().int().nullish(),
  phone: text,
  email: text,
  description: text,
  /** Milliseconds since the epoch, where requests take ISO text. */
  startDate: z.coerce.number().nullish(),
  endDate: z.coerce.number().nullish(),
});
export type PersonInfo = z.infer<typeof personInfo>;

/** An entry of a list: `{personInfo: {…}, cardList, …}` by 5.8.16. */
const listed = z.union([z.object({ personInfo }).transform((entry) => entry.personInfo), personInfo]);

/**
 * `persons/list` (5.8.16). The document calls its data "Object[]", describes one entry, and shows `{}`: so an array is taken as it is, and of
 * an object whichever of its values is a list. `totalNum` ends the paging where it is given.
 */
export const personPage = z.preprocess(
  (data) => {
    if (Array.isArray(data)) return { list: data, total: null };
    if (!isObject(data)) return { list: [], total: null };
    if (isObject(data.personInfo)) return { list: [data], total: null };
    return { list: Object.values(data).find(Array.isArray) ?? [], total: data.totalNum ?? null };
  },
  z.object({ list: z.array(listed), total: z.coerce.number().int().nullable() }),
);
export type PersonPage = z.infer<typeof personPage>;

/** A.3.50, A.3.96: what is kept must be sent again whole, or it is gone (5.8.9, 5.8.11). */
const card = z.object({ id, cardNo: z.string() });
const finger = z.object({ id, name: text, data: text });
/** 5.8.11 and 5.8.9: without an id it is a new one. */
export type CardFields = { id?: string; cardNo: string };
export type FingerFields = { id?: string; name: string; data: string };

/** `persons/get` (5.8.13): empty data mean nobody. */
export const personDetail = z
  .object({
    personInfo: personInfo.nullish(),
    cardList: z.array(card).nullish(),
    fingerList: z.array(finger).nullish(),
  })
  .nullish()
  .transform((data) =>
    data?.personInfo ? { person: data.personInfo, cards: data.cardList ?? [], fingers: data.fingerList ?? [] } : null,
  );
/** Somebody with what is kept beside the face. */
export type Kept = NonNullable<z.infer<typeof personDetail>>;

/** A.3.63 CommonFailed, A.3.2 AccessLevelFailed: what failed inside a success. */
const failed = z.object({ errorCode: code.nullish() });
const levelFailed = z.object({ accessLevelId: id.nullish(), errorCode: code.nullish() });

/**
 * Tables 5-72 and 5-75: what failed inside a success of 5.8.9 and 5.8.11. The document calls the list's members now by one name, now by another;
 * what counts is each one's code.
 */
export const credentialFailures = z.preprocess((data) => {
  if (!isObject(data)) return [];
  return ['cardFailed', 'fingerFailed'].flatMap((name) => {
    const part = data[name];
    if (!isObject(part)) return [];
    const list = part.cardList ?? part.fingerList;
    const each: unknown[] = Array.isArray(list) ? list : isObject(list) ? [list] : [];
    return each.length > 0 ? each : [part];
  });
}, z.array(failed));
export type Failed = z.infer<typeof failed>;

/** 5.8.17 */
export const qrCode = z.object({ qrCodeData: z.string().min(1) }).transform((data) => data.qrCodeData);

/** Table 5-78: a success with failures inside. */
export const quickAdded = z.object({
  personId: id,
  photoFailed: failed.nullish(),
  pinCodeFailed: failed.nullish(),
  /** Table 5-79: with `errorCode` "0" the list names the levels that failed; otherwise all of them did and the list is empty. */
  accessLevelFailed: z
    .object({ errorCode: code.nullish(), personAccessLevelFailedList: z.array(levelFailed).nullish() })
    .nullish(),
});
export type QuickAdded = z.infer<typeof quickAdded>;

/** Table 5-62; "Object[]" in one place, an object's field in another. */
export const levelsAssigned = z.preprocess((data) => {
  const parts: unknown[] = Array.isArray(data) ? data : [data];
  return parts.flatMap((part) => {
    if (!isObject(part)) return [];
    const list = part.accessLevelFailed;
    return Array.isArray(list) ? list : isObject(list) ? [list] : [];
  });
}, z.array(levelFailed));
export type LevelFailed = z.infer<typeof levelFailed>;

/** A.3.89 ElementDetail, A.3.90 ElementStatus, A.3.53 CertificateStatus */
const element = z.object({
  name: text,
  elementStatus: z.object({ status: z.coerce.number().int().nullish(), errorCode: text }).nullish(),
  certificateStatusList: z
    .array(
      z.object({
        status: z.coerce.number().int().nullish(),
        type: z.coerce.number().int().nullish(),
        errorCode: text,
      }),
    )
    .nullish(),
});
export type Element = z.infer<typeof element>;
export const elementDetail = z
  .object({ elementDetailList: z.array(element).nullish() })
  .nullish()
  .transform((data) => data?.elementDetailList ?? []);

/** A.3.124; `permissionState` is Boolean in the table and 0 or 1 in its words. */
const group = z.object({
  groupId: id,
  groupName: text,
  parentId: id.nullish(),
  permissionState: z.union([z.boolean(), z.number(), z.string()]).nullish(),
});
export type Group = z.infer<typeof group>;
/** 5.8.1 */
export const groupPage = z
  .object({ personGroupList: z.array(group).nullish() })
  .nullish()
  .transform((data) => data?.personGroupList ?? []);

export const nothing = z.unknown();

/** 5.8.5: 0 female, 1 male, 2 unknown; not the numbers of the other platforms. */
export const GENDER = { female: 0, male: 1, unknown: 2 } as const;
/** A.3.90 */
export const APPLIED = { applied: 0, pending: 1, failed: 2, deleteFailed: 3 } as const;
/** A.3.53: the credential that is a face. */
export const FACE = 2;

/** A.3.122 PersonBaseInfo(2): what `quick/add` takes as `personInfo`, and `persons/update` (5.8.6) with `personId`. */
export interface PersonFields {
  groupId: string;
  personCode: string;
  firstName: string;
  lastName: string;
  gender: number;
  phone?: string;
  email?: string;
  description?: string;
  startDate: string;
  endDate: string;
}
