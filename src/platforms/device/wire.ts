import { z } from 'zod';

/** Terminals write numbers as text now and then. */
const count = z.coerce.number().int();

/** Every answer (§8.1.7 and on): `code` 200 is success, inside HTTP 200. */
export const envelope = z.object({
  code: count,
  message: z.string().nullish(),
  desc: z.string().nullish(),
  data: z.unknown().optional(),
});

/** UserObject (§8.2.1) as it comes back; loose, because an update sends back what is not ours. */
const userObject = z.looseObject({
  userId: z.coerce.string(),
  userType: count.nullish(),
  name: z.string().nullish(),
  department: z.string().nullish(),
  photo: z.string().nullish(),
  startTime: count.nullish(),
  endTime: count.nullish(),
});
export type UserObject = z.infer<typeof userObject>;

/** A page of users (§8.2.5). */
export const userPage = z.object({
  total: count.nullish(),
  pageNum: count.nullish(),
  totalPage: count.nullish(),
  data: z.array(userObject).nullish(),
});

/** DeviceObject (§8.1.1); `deviceMoel` is the document's own spelling. */
export const deviceObject = z.object({
  deviceID: z.string().nullish(),
  deviceName: z.string().nullish(),
  appVer: z.string().nullish(),
  deviceMoel: z.string().nullish(),
});

/** SignObject (§8.3.1), as far as it is told on; the pictures in it are not read. */
export const signObject = z.object({
  id: z.coerce.string().min(1),
  userId: z.coerce.string().nullish(),
  signTime: count,
  type: count,
  inputType: count.nullish(),
  similarity: z.coerce.number().nullish(),
  deviceMark: z.string().nullish(),
});
export type SignObject = z.infer<typeof signObject>;

/** A page of records (§8.3.2). */
export const recordPage = z.object({ totalPage: count.nullish(), data: z.array(signObject).nullish() });

/** Messages of the push (§8.3.3): 20000 connected, 20002 turned away, 30000 a record. */
export const pushMessage = z.object({ code: count, data: z.unknown().optional() });

/** Parameters as the terminal tells them (§8.1.2–8.1.5). */
export const parameterObject = z.record(z.string(), z.union([z.string(), z.number()]));
