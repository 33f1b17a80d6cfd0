import type { CodeTable } from '../core/codes.ts';

/** HikCentral's and its gateway's codes (artemis.md, "Answers the seed omits"). Hexadecimal ones in lower case. */
export const CODES: CodeTable = {
  '2': { kind: 'validation', message: 'HikCentral refuses a parameter of this person' },
  '3': { kind: 'server', message: 'HikCentral has no resources left for the request: try again' },
  '4': {
    kind: 'time-out',
    message: 'HikCentral timed out inside: the person is looked up before anything is sent again',
  },
  '5': { kind: 'server', message: 'HikCentral’s database failed: look at its server' },
  '6': { kind: 'server', message: 'HikCentral is busy' },
  '8': { kind: 'protocol', message: 'this version of HikCentral does not support the call' },
  '69': {
    kind: 'auth',
    message: 'this API is not authorised for the partner key: grant it in HikCentral’s OpenAPI settings',
    field: 'appKey',
  },
  '128': { kind: 'protocol', message: 'HikCentral says that what the request names does not exist' },
  '129': { kind: 'server', message: 'a device behind HikCentral is offline' },
  '131': { kind: 'exists', message: 'a person with this code is already in HikCentral', field: 'code' },
  '132': { kind: 'capacity', message: 'HikCentral has reached its licensed number of persons' },
  '0x02401000': { kind: 'auth', message: 'the gateway was shown no appKey', field: 'appKey' },
  '0x02401001': { kind: 'auth', message: 'the gateway knows no partner with this appKey', field: 'appKey' },
  '0x02401002': { kind: 'auth', message: 'the gateway was shown no signature', field: 'appSecret' },
  '0x02401003': {
    kind: 'auth',
    message: 'the gateway refuses the signature: appKey or appSecret is wrong',
    field: 'appSecret',
  },
  '0x02401009': { kind: 'rate', message: 'the gateway’s call quota is used up' },
  '0x00052101': { kind: 'server', message: 'HikCentral is overloaded' },
  '0x00052102': { kind: 'server', message: 'a service inside HikCentral failed' },
  '0x00052103': { kind: 'time-out', message: 'a service inside HikCentral timed out' },
};

const PICTURE_REFUSED = {
  kind: 'quality',
  message: 'HikCentral calls the picture’s data invalid: take another',
  field: 'photo',
} as const;
const ORGANISATION_MISSING = {
  kind: 'validation',
  message: 'the organisation does not exist in HikCentral: check orgIndexCode',
  field: 'orgIndexCode',
} as const;

/** What the same codes mean on face/update, whose only subject is the picture. */
export const FACE_CODES: CodeTable = {
  ...CODES,
  '2': { kind: 'quality', message: 'HikCentral refuses the picture', field: 'photo' },
  '5': { kind: 'capacity', message: 'HikCentral’s picture store is full' },
  '128': PICTURE_REFUSED,
};

/** On the calls for doors the subject is the privilege group. */
export const ACCESS_CODES: CodeTable = {
  ...CODES,
  '2': { kind: 'validation', message: 'HikCentral refuses the privilege group', field: 'privilegeGroupId' },
  '128': {
    kind: 'validation',
    message: 'the privilege group does not exist in HikCentral: check privilegeGroupId',
    field: 'privilegeGroupId',
  },
};

/**
 * On single/add 128 is said of two things, and its text tells which: "person data is invalid", the words in which live servers refuse a picture
 * (artemis.md, face/update), or that something the request names does not exist, which can only be the organisation. Any other text stays `protocol`.
 */
export function addCodes(said: string): CodeTable {
  if (/data is invalid/i.test(said)) return { ...CODES, '128': PICTURE_REFUSED };
  if (/not exist/i.test(said)) return { ...CODES, '128': ORGANISATION_MISSING };
  return CODES;
}
