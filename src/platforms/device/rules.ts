import type { Inspection } from '#shared/measures';
import { displayName, type FieldProblem, type Person } from '#shared/person';
import type { Concern, Prediction, RenditionSpec } from '../contract.ts';
import { lengthProblem, tooLong } from '../core/fields.ts';
import { concernsOf, foretell, type Rule } from '../core/rule-book.ts';
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

/**
 * 30002 where the terminal will find no face (§7): none, one on its side or head, or half a one. A small terminal's detector knows faces that
 * stand upright, more or less: the document promises no more, and it has no finer judgement to foretell. Not foretold: 30004 (unreadable).
 */
const BOOK: readonly Rule[] = [
  {
    code: 30002,
    message: CODES[30002]?.message ?? '',
    limits: [
      { measure: 'faces', limit: { min: 1 } },
      { measure: 'confidence', limit: { min: 0.9 } },
      { measure: 'roll', limit: { min: -60, max: 60 } },
      { measure: 'marginLeft', limit: { min: -0.7 } },
      { measure: 'marginRight', limit: { min: -0.7 } },
    ],
  },
];

export function predict(inspection: Inspection): Prediction | null {
  return foretell(BOOK, inspection);
}

export function concerns(code: string): Concern[] {
  return concernsOf(BOOK, code);
}

/** The steps whose success says that the terminal found the face (enrol.ts). */
export const judging = ['user', 'user/update'] as const;
