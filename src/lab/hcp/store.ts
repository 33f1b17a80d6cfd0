import { z } from 'zod';
import { bareBase64, inspectPicture } from '../core/picture.ts';
import type { LabPerson } from '../core/platform.ts';
import type { Shelved } from '../core/shelf.ts';

/** Organisations and access groups that exist in the simulated HikCentral. */
export const organisations = [
  { orgIndexCode: '1', orgName: 'All Departments', parentOrgIndexCode: '0' },
  { orgIndexCode: '2', orgName: 'Members', parentOrgIndexCode: '1' },
  { orgIndexCode: '3', orgName: 'Visitors', parentOrgIndexCode: '1' },
];
export const privilegeGroups = [
  { privilegeGroupId: '1', privilegeGroupName: 'Main entrance' },
  { privilegeGroupId: '2', privilegeGroupName: 'Laboratories' },
];

/** A time with an explicit offset; HikCentral takes no other. */
const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})$/)
  .refine((text) => !Number.isNaN(Date.parse(text)));

const common = {
  gender: z.union([z.literal(0), z.literal(1), z.literal(2)]).optional(),
  phoneNo: z.string().max(64).optional(),
  email: z.string().max(64).optional(),
  remark: z.string().max(128).optional(),
  cards: z.array(z.looseObject({ cardNo: z.string().min(1) })).optional(),
  beginTime: instant.optional(),
  endTime: instant.optional(),
  faces: z
    .array(z.looseObject({ faceData: z.string() }))
    .max(1)
    .optional(),
};
const code = z.string().min(1).max(16);
const name = z.string().min(1).max(256);

/** `person/single/add` (HCP OpenAPI, "Add a Person"). */
export const addRequest = z.looseObject({
  personCode: code,
  personFamilyName: name,
  personGivenName: name,
  orgIndexCode: z.string().min(1),
  ...common,
});

/** `person/single/update` (HCP OpenAPI, "Edit a person's information"). */
export const updateRequest = z.looseObject({
  personId: z.string().min(1),
  personCode: code.optional(),
  personFamilyName: name.optional(),
  personGivenName: name.optional(),
  orgIndexCode: z.string().min(1).optional(),
  ...common,
});

export interface HcpPerson {
  personId: string;
  personCode: string;
  personFamilyName: string;
  personGivenName: string;
  gender: number;
  orgIndexCode: string;
  phoneNo: string;
  email: string;
  remark: string;
  beginTime: string;
  endTime: string;
  cards: string[];
  photo: Shelved | null;
  picUri: string;
  groups: Set<string>;
  /** Whether the access rights were sent to the doors (`auth/reapplication`). */
  applied: boolean;
}

const photoLimit = 200 * 1024;

/** The picture behind `faceData`, or null where HikCentral says `person data is invalid`: bare base64, a whole JPEG, ≤ 200 KB. */
export async function readFace(faceData: string): Promise<Buffer | null> {
  const bytes = bareBase64(faceData);
  if (bytes === null || bytes.length > photoLimit) return null;
  const picture = await inspectPicture(bytes);
  return picture?.format === 'jpeg' ? bytes : null;
}

/** A person as `personInfo` tells it. The two times come back with different offsets on purpose: live servers do that. */
export function personInfo(person: HcpPerson): Record<string, unknown> {
  return {
    personId: person.personId,
    personCode: person.personCode,
    personName: `${person.personFamilyName} ${person.personGivenName}`,
    personFamilyName: person.personFamilyName,
    personGivenName: person.personGivenName,
    gender: person.gender,
    orgIndexCode: person.orgIndexCode,
    personPhoto: { picUri: person.picUri },
    phoneNo: person.phoneNo,
    email: person.email,
    remark: person.remark,
    cards: person.cards.map((cardNo) => ({ cardNo })),
    beginTime: person.beginTime,
    endTime: new Date(person.endTime).toISOString().replace(/\.\d+Z$/, '+00:00'),
  };
}

/** The same person in the words of the lab's page. */
export function asLabPerson(person: HcpPerson): LabPerson {
  const { personCode, personId, photo, groups, personFamilyName, personGivenName } = person;
  return {
    key: personCode,
    id: personId,
    kind: person.orgIndexCode === '3' ? 'visitor' : 'staff',
    name: `${personFamilyName} ${personGivenName}`,
    get photo() {
      return photo?.bytes ?? null;
    },
    access: privilegeGroups
      .filter((group) => groups.has(group.privilegeGroupId))
      .map((group) => group.privilegeGroupName),
    details: {
      familyName: personFamilyName,
      givenName: personGivenName,
      gender: String(person.gender),
      orgIndexCode: person.orgIndexCode,
      phoneNo: person.phoneNo,
      email: person.email,
      remark: person.remark,
      beginTime: person.beginTime,
      endTime: person.endTime,
      cards: person.cards.join(','),
      picUri: person.picUri,
      applied: person.applied ? 'yes' : 'no',
    },
  };
}
