import type { Inspection } from '#shared/measures';
import { displayName, type FieldProblem, type Person } from '#shared/person';
import type { Limit } from '#shared/quality';
import type { Concern, Prediction, RenditionSpec } from '../contract.ts';
import { lengthProblem, missing, tooLong } from '../core/fields.ts';
import { concernsOf, foretell, type Rule } from '../core/rule-book.ts';
import { CODES, QUALITY } from './faults.ts';
import { markedRemark } from './guest-mark.ts';

/** The manual asks for JPEG and names no limit; its quality check wants many pixels on a large, centred face. */
export const rendition: RenditionSpec = { width: 720, height: 960, maxBytes: 400_000, headShare: 0.6 };

/** Lengths of §6.3.1 and §6.3.2. */
const STAFF_LIMITS = { code: 45, card: 45, phone: 20, remark: 255, email: 45, position: 45, idNumber: 45 } as const;
/** Lengths of §6.3.4. */
const GUEST_LIMITS = { phone: 20, idNumber: 45 } as const;

/** Staff may leave all but the name blank; a guest needs what §6.3.4 calls required and does not let be blank. */
export function required(kind: Person['kind']): readonly string[] {
  return kind === 'staff' ? [] : ['phone', 'idNumber', 'visit.host', 'visit.from', 'visit.to'];
}

export function problems(person: Person): FieldProblem[] {
  const name = lengthProblem('name', displayName(person.name), 45);
  if (person.kind === 'staff') return [...name, ...tooLong(person, STAFF_LIMITS)];
  const found = [
    ...missing(person, required('visitor')),
    ...name,
    ...tooLong(person, GUEST_LIMITS),
    // Guests have no job number: our code stands in the remark, before the person's own.
    ...lengthProblem('remark', markedRemark(person.code, person.remark ?? ''), 255),
  ];
  const { from, to } = person.visit ?? {};
  if (from !== undefined && to !== undefined && Date.parse(to) <= Date.parse(from))
    found.push({ field: 'visit.to', message: 'the visit ends before it begins' });
  return found;
}

const within = (degrees: number): Limit => ({ min: -degrees, max: degrees });
const MARGIN: Limit = { min: -0.25 };
/** Face rectangle over picture, by area. */
const LEAST_SHARE = 0.03;

/**
 * The answers of recognition/check (30003) and recognition/quality (§6.6.2) in the service's own order: all of its fourteen `qa_code`s can be
 * told from what we measure. The manual prints a pitch of 22 degrees as an example of too much, but no thresholds: these are careful readings
 * of it, on the side of letting the platform itself decide. Not foretold: 30005 (unreadable), because what the station sends is readable.
 */
const BOOK: readonly Rule[] = [
  { code: 30003, message: CODES[30003]?.message ?? '', limits: [{ measure: 'faces', limit: { min: 1 } }] },
  qa(101, [{ measure: 'faces', limit: { max: 1 } }]),
  { ...qa(10201), also: ({ width, height }) => Math.min(width, height) < 100 },
  qa(10301, [{ measure: 'confidence', limit: { min: 0.9 } }]),
  {
    ...qa(1030201),
    also: ({ box }) => box !== null && Math.min(box.width, box.height) < 60,
    about: [{ measure: 'interEyeDistance', limit: { min: 26 } }],
  },
  qa(1030301, [{ measure: 'pitch', limit: within(20) }]),
  qa(1030302, [{ measure: 'yaw', limit: within(20) }]),
  qa(1030303, [{ measure: 'roll', limit: within(20) }]),
  qa(10401, [
    { measure: 'centreX', limit: { min: 0.2, max: 0.8 } },
    { measure: 'centreY', limit: { min: 0.2, max: 0.8 } },
  ]),
  {
    ...qa(10402),
    also: ({ box, width, height }) => box !== null && (box.width * box.height) / (width * height) < LEAST_SHARE,
    about: [{ measure: 'faceSize', limit: { min: 0.17 } }],
  },
  qa(10403, [
    { measure: 'eyesVisible', limit: { min: 0.5 } },
    { measure: 'mouthNoseVisible', limit: { min: 0.5 } },
    { measure: 'occlusion', limit: { max: 0.4 } },
  ]),
  qa(10404, [{ measure: 'brightness', limit: { min: 0.15, max: 0.9 } }]),
  qa(10405, [{ measure: 'sharpness', limit: { min: 0.1 } }]),
  qa(10406, [{ measure: 'mouthOpen', limit: { max: 0.6 } }]),
  qa(10407, [
    { measure: 'marginLeft', limit: MARGIN },
    { measure: 'marginRight', limit: MARGIN },
    { measure: 'marginAbove', limit: MARGIN },
    { measure: 'marginBelow', limit: MARGIN },
  ]),
];

function qa(code: number, limits: readonly Concern[] = []): Rule {
  return { code, message: QUALITY[code]?.message ?? '', limits };
}

/** What recognition/check and recognition/quality would say. */
export function predict(inspection: Inspection): Prediction | null {
  return foretell(BOOK, inspection);
}

export function concerns(code: string): Concern[] {
  return concernsOf(BOOK, code);
}

/** The step whose success says that the picture passed (enrol.ts). */
export const judging = ['recognition/quality'] as const;
