import type { Inspection } from '#shared/measures';
import { displayName, type FieldProblem, type Person } from '#shared/person';
import type { Prediction, RenditionSpec } from '../contract.ts';
import { lengthProblem, tooLong } from '../core/fields.ts';
import { CODES } from './faults.ts';
import { userIdProblems } from './user-id.ts';

/** The document names no limit but JPEG; a small terminal stores and compares in little memory. */
export const rendition: RenditionSpec = { width: 480, height: 640, maxBytes: 150_000, headShare: 0.6 };

/** Lengths of the fields of a UserObject (§8.2.1), by the person's fields they come from. */
const LIMITS = {
  card: 40,
  phone: 20,
  remark: 255,
  department: 80,
  email: 40,
  position: 100,
  idNumber: 40,
  'visit.purpose': 40,
  'visit.host': 80,
  'visit.company': 200,
} as const;

/** Nothing beyond kind, code and a name: the other required fields may be blank (§8.2.1). */
export function required(): readonly string[] {
  return [];
}

export function problems(person: Person): FieldProblem[] {
  return [
    ...userIdProblems(person.code),
    ...lengthProblem('name', displayName(person.name), 30),
    ...tooLong(person, LIMITS),
  ];
}

/** A small terminal's detector knows faces that stand upright, more or less: the document promises no more. */
const UPRIGHT = 60;

/** 30002 where the terminal will find no face (§7): none, one on its side or head, or half a one. It has no finer judgement to foretell. */
export function predict(inspection: Inspection): Prediction | null {
  const { roll, confidence, marginLeft, marginRight } = inspection.measures;
  const upright = roll === null || Math.abs(roll) <= UPRIGHT;
  const whole = Math.min(marginLeft ?? 0, marginRight ?? 0) > -0.7;
  const fits = confidence === null || confidence >= 0.9;
  if (inspection.faces.length > 0 && upright && whole && fits) return null;
  return { code: 30002, message: CODES[30002]?.message ?? '' };
}
