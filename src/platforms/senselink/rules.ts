import type { Inspection } from '#shared/measures';
import { displayName, type FieldProblem, type Person } from '#shared/person';
import type { Prediction, RenditionSpec } from '../contract.ts';
import { lengthProblem, missing, tooLong } from '../core/fields.ts';
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

const outside = (value: number | null, min: number, max: number): boolean =>
  value !== null && (value < min || value > max);

/**
 * What recognition/quality would say. The manual prints the codes and a pitch of 22 degrees as an example of too much, but no
 * thresholds: these are careful readings of it, on the side of letting the platform itself decide.
 */
export function predict(inspection: Inspection): Prediction | null {
  const { faces, box, width, height, measures: m } = inspection;
  if (faces.length === 0) return { code: 30003, message: CODES[30003]?.message ?? '' };
  const share = box === null ? null : (box.width * box.height) / (width * height);
  const margins = [m.marginLeft, m.marginRight, m.marginAbove, m.marginBelow].filter((value) => value !== null);
  const margin = margins.length > 0 ? Math.min(...margins) : null;
  const checks: readonly [number, boolean][] = [
    [101, faces.length > 1],
    [10201, Math.min(width, height) < 100],
    [10301, outside(m.confidence, 0.9, 1)],
    [1030201, box !== null && Math.min(box.width, box.height) < 60],
    [1030301, outside(m.pitch, -20, 20)],
    [1030302, outside(m.yaw, -20, 20)],
    [1030303, outside(m.roll, -20, 20)],
    [10401, outside(m.centreX, 0.2, 0.8) || outside(m.centreY, 0.2, 0.8)],
    [10402, share !== null && share < 0.03],
    [10403, Math.min(m.eyesVisible ?? 1, m.mouthNoseVisible ?? 1) < 0.5 || outside(m.occlusion, 0, 0.4)],
    [10404, outside(m.brightness, 0.15, 0.9)],
    [10405, outside(m.sharpness, 0.1, Number.POSITIVE_INFINITY)],
    [10406, outside(m.mouthOpen, 0, 0.6)],
    [10407, margin !== null && margin < -0.25],
  ];
  const [code] = checks.find(([, missed]) => missed) ?? [];
  return code === undefined ? null : { code, message: QUALITY[code]?.message ?? '' };
}
