import type { Inspection } from '#shared/measures';
import { type FieldProblem, nameParts, type Person, type PersonField } from '#shared/person';
import type { Limit } from '#shared/quality';
import type { Concern, Prediction, RenditionSpec } from '../contract.ts';
import { missing, tooLong } from '../core/fields.ts';
import { concernsOf, foretell, type Rule } from '../core/rule-book.ts';
import { isoWithOffset, writtenOffset } from '../core/times.ts';

/**
 * Pictures over 200 K are compressed by the platform (5.8.7), with who knows what quality: stay below even where it counts the
 * Base64 text, which is a third longer.
 */
export const rendition: RenditionSpec = { width: 480, height: 640, maxBytes: 145_000, headShare: 0.55 };

/** Staff need nothing beyond code and name; a visitor's access must end, so both times of the visit are needed. */
export function required(kind: Person['kind']): readonly PersonField[] {
  return kind === 'visitor' ? ['visit.from', 'visit.to'] : [];
}

/** What to put where a name of one word leaves the other part empty, which live servers refuse with OPEN000010. */
export type SingleName = 'repeat' | 'dash';

/** First and last name as 5.8.5 demands them: never empty. A name of one word stands in `firstName`, as in the document's samples. */
export function wireName(name: Person['name'], single: SingleName): { firstName: string; lastName: string } {
  const { family, given } = nameParts(name);
  if (family && given) return { firstName: given, lastName: family };
  const only = given || family;
  return { firstName: only, lastName: single === 'repeat' ? only : '-' };
}

const LAST_YEAR = 2037;
/**
 * "Without end": a day short of the last one allowed, so that the year is 2037 in every time zone the platform may think in.
 */
const NO_END = Date.UTC(LAST_YEAR, 11, 30, 23, 59, 59);

/** An ISO time as the platform writes it: offset kept, no fractions, no `Z` (5.8.5, e.g. 2022-10-21T11:08:23+08:00). */
function wireTime(iso: string): string {
  return isoWithOffset(Date.parse(iso), writtenOffset(iso) ?? undefined);
}

/**
 * The period in which the person's credentials open doors. Visitors: the visit. Staff: `validFrom`–`validTo`, from now and without end
 * where not given.
 */
export function validity(person: Person, now: number): { startDate: string; endDate: string } {
  const visiting = person.kind === 'visitor';
  const from = (visiting ? person.visit?.from : undefined) ?? person.validFrom;
  const to = (visiting ? person.visit?.to : undefined) ?? person.validTo;
  return {
    startDate: from === undefined ? isoWithOffset(now) : wireTime(from),
    endDate: to === undefined ? isoWithOffset(NO_END, 0) : wireTime(to),
  };
}

/** What the platform would refuse about a person (5.8.5): alphabets, lengths, times. */
export function problems(person: Person): FieldProblem[] {
  const found: FieldProblem[] = [
    ...missing(person, required(person.kind)),
    ...tooLong(person, { phone: 32, email: 64, remark: 128 }),
  ];
  if (!/^[A-Za-z0-9]{1,16}$/.test(person.code))
    found.push({ field: 'code', message: 'code has letters and digits alone, 1 to 16 of them' });
  if (person.card && !/^[A-Za-z0-9]{1,20}$/.test(person.card))
    found.push({ field: 'card', message: 'card has digits and letters alone, at most 20 of them' });
  const { firstName, lastName } = wireName(person.name, 'repeat');
  if (firstName.length + lastName.length > 255)
    found.push({ field: 'name', message: 'both names together have at most 255 characters' });
  found.push(...timeProblems(person));
  return found;
}

function timeProblems(person: Person): FieldProblem[] {
  const visiting = person.kind === 'visitor' && person.visit?.to !== undefined;
  const field = visiting ? 'visit.to' : 'validTo';
  const end = visiting ? person.visit?.to : person.validTo;
  const start = (person.kind === 'visitor' ? person.visit?.from : undefined) ?? person.validFrom;
  if (end === undefined) return [];
  const found: FieldProblem[] = [];
  if (Number(wireTime(end).slice(0, 4)) > LAST_YEAR)
    found.push({ field, message: `${field} lies after ${LAST_YEAR}, the last year this platform knows` });
  if (start !== undefined && Date.parse(end) <= Date.parse(start))
    found.push({ field, message: `${field} lies before the start` });
  return found;
}

const TURNED: Limit = { min: -45, max: 45 };
/** Pixels; what access terminals of this maker ask of an enrolment picture at least. The document gives no number. */
const LEAST_EYE_DISTANCE = 40;

/**
 * The platform has no quality service: it keeps what it can read and the doors judge later. What a door would certainly refuse
 * (appendix A.4, THD_ISAPI…) is said beforehand. Its other words for a bad picture (…2F, …37, …72 to …75, …3D, and CCF038062 of the platform
 * itself) name no reason that could be measured; formats, bytes and pixels (…3B to …3E, …3C) are the station's to get right.
 */
const BOOK: readonly Rule[] = [
  { code: 'THD_ISAPI_0x60000036', message: 'no face', limits: [{ measure: 'faces', limit: { min: 1 } }] },
  { code: 'THD_ISAPI_0x60000035', message: 'several faces', limits: [{ measure: 'faces', limit: { max: 1 } }] },
  {
    code: 'THD_ISAPI_0x6000603b',
    message: 'the eyes are too close together: come closer',
    limits: [{ measure: 'interEyeDistance', limit: { min: LEAST_EYE_DISTANCE } }],
  },
  {
    code: 'THD_ISAPI_0x6000603e',
    message: 'the device rates the face too low',
    limits: [
      { measure: 'eyesVisible', limit: { min: 0.5 } },
      { measure: 'mouthNoseVisible', limit: { min: 0.5 } },
      { measure: 'yaw', limit: TURNED },
      { measure: 'pitch', limit: TURNED },
      { measure: 'roll', limit: TURNED },
    ],
  },
];

export function predict(inspection: Inspection): Prediction | null {
  return foretell(BOOK, inspection);
}

/** The document mixes the case of the codes' digits, and so do devices. */
export function concerns(code: string): Concern[] {
  const digits = code.replace(
    /^(THD_ISAPI_0x)(.*)$/i,
    (_, _start, rest: string) => `THD_ISAPI_0x${rest.toLowerCase()}`,
  );
  return concernsOf(BOOK, digits);
}

/** The steps whose success says that the platform kept the picture; the doors judge later (care.ts). */
export const judging = ['persons/quick/add', 'persons/photo'] as const;
