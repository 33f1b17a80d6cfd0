import { z } from 'zod';

/** Ids come as text or as numbers, by version. */
const id = z.union([z.string(), z.number()]).transform(String);

/** Every answer: `code` "0" (text) is success. The gateway's own refusals have the same shape. */
export const envelope = z.object({
  code: id,
  msg: z.string().nullish(),
  data: z.unknown().optional(),
});

/** `data` of personInfo when the person is there (artemis.md, "Answers the seed omits"). */
export const personInfo = z.object({
  personId: id.refine((value) => value !== ''),
  personCode: id,
  personFamilyName: z.string().nullish(),
  personGivenName: z.string().nullish(),
  gender: z.coerce.number().nullish(),
  orgIndexCode: id.nullish(),
  personPhoto: z.object({ picUri: z.string().nullish() }).nullish(),
  remark: z.string().nullish(),
  beginTime: z.string().nullish(),
  endTime: z.string().nullish(),
});
export type PersonInfo = z.infer<typeof personInfo>;

/** `data` of single/add: the new person's id, bare or in an object. */
export const addedPerson = z
  .union([id, z.object({ personId: id }).transform((data) => data.personId)])
  .refine((value) => value !== '');

/** `data` of the lists: a page, its items in their own shape. */
const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ total: z.coerce.number().nullish(), list: z.array(item).nullish() });

/** `data` of org/orgList. */
export const organisationPage = listOf(
  z.object({ orgIndexCode: id, orgName: z.string().nullish(), parentOrgIndexCode: id.nullish() }),
);
/** `data` of privilege/group. */
export const privilegeGroupPage = listOf(z.object({ privilegeGroupId: id, privilegeGroupName: z.string().nullish() }));
/**
 * `data` of auth/applicationResult with its details: what failed and what waits. The guide prints the request alone; how an entry names its person and its
 * error is inferred from its other lists, so each is read under every name these have.
 */
export const applyingPage = listOf(
  z.looseObject({ personId: id.nullish(), id: id.nullish(), personCode: id.nullish(), errorCode: id.nullish() }),
);
/** `data` of person/advance/personList; a list never says more than a person's own information does. */
export const foundPage = listOf(
  z.object({
    personCode: id.nullish(),
    personName: z.string().nullish(),
    personFamilyName: z.string().nullish(),
    personGivenName: z.string().nullish(),
  }),
);
export type FoundInfo = NonNullable<z.infer<typeof foundPage>['list']>[number];
/** `data` of privilege/group/single/personList. */
export const memberPage = listOf(z.object({ id }));
