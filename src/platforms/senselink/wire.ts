import { z } from 'zod';

const count = z.coerce.number().int();
const text = z.string().nullish();

/** Every answer (§5): `code` 200 is success. */
export const envelope = z.object({
  code: count,
  message: text,
  desc: text,
  data: z.unknown().optional(),
  /** recognition/check puts its number here by its sample and into `data` by its table (§6.6.1). */
  face_number: count.nullish(),
});

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

/** A group as adding answers it (§6.4.1). */
export const addedGroup = group;
export type Group = z.infer<typeof group>;

const page = <T extends z.ZodType>(item: T) => z.object({ totalPage: count.nullish(), data: z.array(item).nullish() });

/** A page of groups (§6.4.2). */
export const groupPage = page(group);

/** A page of devices (§6.2.1), as far as it is shown. */
export const devicePage = page(z.object({ device: z.object({ id: count, name: text, location: text }) }));

/** A department (§6.7.2–6.7.5). */
export const department = z.object({
  id: count,
  name: text,
  code: text,
  parent_id: count.nullish(),
  leader_id: count.nullish(),
});
export type Department = z.infer<typeof department>;

/** The company with its departments below it (§6.7.1). The sample shows an empty object for a child: it is passed over. */
const tree: z.ZodType<DepartmentNode> = z.lazy(() =>
  z.object({
    id: count.nullish(),
    name: text,
    code: text,
    parent_id: count.nullish(),
    leader_id: count.nullish(),
    children: z.array(tree).nullish(),
  }),
);
export interface DepartmentNode {
  id?: number | null | undefined;
  name?: string | null | undefined;
  code?: string | null | undefined;
  parent_id?: number | null | undefined;
  leader_id?: number | null | undefined;
  children?: DepartmentNode[] | null | undefined;
}
export const departmentTree = tree;

const key = z.union([z.string(), z.number()]).transform(String).nullish();

/** One recognition. The list (§6.5.1) says `type`, `jobNumber` and `sn`, the push (§6.5.2) `userType`, `deviceSN` and `verifyScore`. */
export const pass = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  userId: key,
  type: count.nullish(),
  userType: count.nullish(),
  jobNumber: text,
  remark: text,
  sn: text,
  deviceSN: text,
  deviceName: text,
  signTime: count,
  entryMode: count.nullish(),
  verifyScore: z.coerce.number().nullish(),
});
export type Pass = z.infer<typeof pass>;
export const passPage = page(pass);

/** Messages of the push (§6.5.2): 20000 connected, 20002 and 498 turned away, 10000 heart beat, 30000 a record. */
export const pushMessage = z.object({ code: count, data: z.unknown().optional() });
