/** The codes this simulation answers, with the wording of appendix A.4. */
const wording = {
  CCF038002: 'Name length exceeded limit.',
  CCF038005: 'Name cannot contain special characters.',
  CCF038009: 'Person group does not exist.',
  CCF038014: 'Invalid first name of person.',
  CCF038015: 'Invalid family name of person.',
  CCF038016: 'Invalid person ID.',
  CCF038017: "Invalid person's full name.",
  CCF038019: 'Invalid person email.',
  CCF038020: "Invalid person's phone No.",
  CCF038021: "Invalid person's description.",
  CCF038022: "Invalid person's validity.",
  CCF038023: 'Person does not exist.',
  CCF038024: 'Person ID already exists.',
  CCF038025: 'Person ID does not exist.',
  CCF038029: 'No more persons are allowed.',
  CCF038032: 'No more cards for a person are allowed.',
  CCF038034: 'Duplicate card No.',
  CCF038035: 'Card does not exist.',
  CCF038036: 'Card No. length exceeded limit.',
  CCF038037: 'Card No. is empty.',
  CCF038038: 'Invalid card No.',
  CCF038039: 'No more fingerprints for a person are allowed.',
  CCF038042: 'Fingerprint does not exist.',
  CCF038052: 'Email address already exist.',
  CCF038055: "Duplicate person's PIN code.",
  CCF038060: 'Updating fingerprint failed.',
  CCF038061: 'Updating additional attribute failed.',
  CCF038062: 'Updating picture failed.',
  CCF038066: 'Fingerprint data length exceeded limit.',
  CCF038067: 'Duplicate fingerprint.',
  CCF038068: 'Duplicate profile picture.',
  CCF038084: 'Collecting card failed.',
  CCF038085: 'Collecting fingerprint failed.',
  CCF038089: 'Phone No. has been occupied.',
  OPEN000001: 'The AK does not exist.',
  OPEN000002: 'Incorrect SK.',
  OPEN000006: 'Token expired.',
  OPEN000007: 'Token exception.',
  OPEN000008: 'Parameter conversion exception.',
  OPEN000010: 'Parameter verification exception.',
  OPEN000025: 'Number of records on each page exceeded limit.',
  OPEN000026: 'Incorrect time format.',
  OPEN000030: 'Start time of search is later than end time of search.',
  OPEN000031: 'Area does not exist.',
  VMS000003: 'No resource found or resource does not exist.',
  VMS000005: 'No permission to operate this resource.',
  VMS001001: 'Service instance unavailable. Service is overloaded.',
  VMS021307: 'Device does not exist.',
  VMS040016: 'Access level does not exist.',
} as const;

export type RefusalCode = keyof typeof wording;

/** A request the platform refuses. `detail` names a field and never repeats its value. */
export class Refusal extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, detail = '') {
    super(detail === '' ? wording[code] : `${wording[code]} ${detail}`);
    this.name = 'Refusal';
    this.code = code;
  }
}

/** Chapter 3.3: `errorCode` "0", no message; `data` only where an API returns some. */
export function success(data?: unknown): Record<string, unknown> {
  return data === undefined ? { errorCode: '0' } : { data, errorCode: '0' };
}

/** Chapter 3.3: the message of a failure carries its code in braces. The document prints no HTTP status; 200 is the lab's. */
export function failure(refusal: Refusal): Record<string, unknown> {
  return { message: `${refusal.message}{${refusal.code}}`, errorCode: refusal.code };
}
