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
