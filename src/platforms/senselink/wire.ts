import { z } from 'zod';

const count = z.coerce.number().int();
const text = z.string().nullish();

/** Every answer (§5): `code` 200 is success. */
export const envelope = z.object({ code: count, message: text, desc: text, data: z.unknown().optional() });

/** `data` of company (§6.1), as far as it is shown. */
export const company = z.object({ name: text });

/** `data` of recognition/quality (§6.6.2). */
export const quality = z.object({ qa_code: count, qa_msg: text });

/** `data` of 30002 (§6.3.1, "similar person"). */
export const similar = z.object({
  similar_user_id: z.union([z.string(), z.number()]).transform(String).nullish(),
  similar_user_name: text,
  can_force: count.nullish(),
});

const group = z.object({ id: count, name: text, type: count.nullish() });

/** A person of user/list (§6.3.7). `groupList` comes only when the search finds exactly one; `id_number` comes encrypted. */
const user = z.object({
  id: count,
  name: text,
  avatar: text,
  mobile: text,
  remark: text,
  type: count,
  birthday: text,
  mail: text,
  position: text,
  location: text,
  groupList: z.array(group).nullish(),
  ic_number: text,
  job_number: text,
  department_id: count.nullish(),
  area_code: text,
  entry_time: text,
});
export type User = z.infer<typeof user>;
export const users = z.array(user).nullish();

/** `data` of adding or updating a person: the id is all that is relied on. */
export const saved = z.object({ id: z.union([z.string(), z.number()]).transform(String) });

/** A page of groups (§6.4.2). */
export const groupPage = z.object({ totalPage: count.nullish(), data: z.array(group).nullish() });
