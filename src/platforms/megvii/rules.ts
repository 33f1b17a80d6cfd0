import type { Inspection } from '#shared/measures';
import { displayName, type FieldProblem, type Person, type PersonField } from '#shared/person';
import type { Criteria, Limit } from '#shared/quality';
import type { Prediction, RenditionSpec } from '../contract.ts';

/**
 * The box takes up to 10 MB and compresses by itself (人员管理 1.1.1); a portrait of this size has all its engine uses, and
 * twenty of them a minute do not fill a LAN.
 */
export const rendition: RenditionSpec = { width: 720, height: 960, maxBytes: 400_000, headShare: 0.55 };

/** Visitors need a phone, a host and both times of the visit (人员管理 1.4.2, 错误码 101020 and 101069). */
export function required(kind: Person['kind']): readonly PersonField[] {
  return kind === 'visitor' ? ['phone', 'visit.host', 'visit.from', 'visit.to'] : [];
}

const length = (text: string): number => [...text].length;

/** A phone number as the box takes it: digits alone. Separators that people type are dropped, a leading + with them. */
export function phoneDigits(phone: string): string {
  return phone.replace(/[\s().+/-]/g, '');
}

/** A visitor's company as the box takes it: Han, letters and digits alone, at most 40 (1.4.2 visitFirm). */
export function companyName(company: string): string {
  return [...company.replace(/[^\p{Script=Han}A-Za-z0-9]/gu, '')].slice(0, 40).join('');
}

/**
 * What the box would refuse about a person (人员管理 1.4.2): alphabets and lengths of each field that is sent.
 * Phone numbers are judged by their digits.
 */
export function problems(person: Person): FieldProblem[] {
  const found: FieldProblem[] = [];
  const check = (field: PersonField, wrong: boolean, message: string) => {
    if (wrong) found.push({ field, message: `${field}: ${message}` });
  };
  const matches = (field: PersonField, value: string | undefined, pattern: RegExp, message: string) =>
    check(field, value !== undefined && value !== '' && !pattern.test(value), message);

  check('code', !/^[A-Za-z0-9]{1,32}$/.test(person.code), 'letters and digits alone, 1 to 32');
  check('name', length(displayName(person.name)) > 40, 'at most 40 characters');
  matches('phone', person.phone === undefined ? undefined : phoneDigits(person.phone), /^\d{6,18}$/, '6 to 18 digits');
  matches('email', person.email, /^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'an e-mail address');
  matches('card', person.card, /^\d{1,20}$/, 'digits alone, 1 to 20');
  matches('idNumber', person.idNumber, /^[A-Za-z0-9]{1,32}$/, 'letters and digits alone, 1 to 32');
  check('position', length(person.position ?? '') > 64, 'at most 64 characters');
  check('remark', length(person.remark ?? '') > 255, 'at most 255 characters');
  if (person.kind === 'visitor') found.push(...visitProblems(person));
  return found;
}

function visitProblems(person: Person): FieldProblem[] {
  const found: FieldProblem[] = [];
  const { host, from, to, purpose } = person.visit ?? {};
  const demand = (field: PersonField, value: string | undefined, message: string) => {
    if (!value) found.push({ field, message: `${field}: ${message}` });
  };
  demand('phone', person.phone, 'visitors need a phone number on this platform');
  demand('visit.host', host, 'visitors need a host who is on this platform');
  demand('visit.from', from, 'visitors need the start of the visit');
  demand('visit.to', to, 'visitors need the end of the visit');
  if (from && to && Date.parse(to) <= Date.parse(from))
    found.push({ field: 'visit.to', message: 'visit.to: the visit ends before it begins' });
  if (length(purpose ?? '') > 255)
    found.push({ field: 'visit.purpose', message: 'visit.purpose: at most 255 characters' });
  return found;
}

/**
 * Our estimate of the box's standard at its default level, 3 (high). The document prints names and ranges of the standard
 * (功能配置 1.6) but no numbers for that level, so these are the common criteria of access-control enrolment in the box's own order of
 * measures; a box set to its own values tells them (`Connector.criteria`).
 */
const STANDARD = {
  sharpness: 0.1,
  pitch: 20,
  yaw: 20,
  roll: 20,
  brightnessMin: 0.2,
  brightnessMax: 0.85,
  /** Standard deviation of the face's luminance. */
  contrastMax: 0.35,
  occlusion: 0.25,
  confidence: 0.9,
} as const;

/** Pixels; a face rectangle narrower than this is 人脸大小不通过. */
const FACE_WIDTH: Limit = { min: 80 };

function misses(value: number | null, { min, max }: Limit = {}): boolean {
  return value !== null && ((min !== undefined && value < min) || (max !== undefined && value > max));
}

/** How far each measure may go: by the box's own standard where it told one, by our estimate of it otherwise. */
function limits(live: Criteria | null | undefined): Criteria {
  const own: Criteria = {
    pitch: { min: -STANDARD.pitch, max: STANDARD.pitch },
    yaw: { min: -STANDARD.yaw, max: STANDARD.yaw },
    roll: { min: -STANDARD.roll, max: STANDARD.roll },
    brightness: { min: STANDARD.brightnessMin, max: STANDARD.brightnessMax },
    contrast: { max: STANDARD.contrastMax },
  };
  // What the box's standard leaves open it does not refuse: nothing of our estimate is mixed in.
  return live ?? own;
}

/**
 * What qualityJudge would answer (人员管理 1.3.4); null where it would pass. A measure that could not be told predicts nothing. `live` is the box's own
 * standard in our measures (criteria.ts); blur and occlusion stay our estimate, because the box's numbers for them are not told or not translatable.
 */
export function predict(inspection: Inspection, live?: Criteria | null): Prediction | null {
  const { faces, box, measures: m } = inspection;
  if (faces.length === 0) return { code: 101070, message: 'no face' };
  if (faces.length > 1) return { code: 101104, message: 'several faces' };
  // 101070 means "no face, or one of poor quality": what hardly looks like a face to us is none to the box.
  if (misses(m.confidence, { min: STANDARD.confidence })) return { code: 101070, message: 'no face' };
  const limit = limits(live);
  const small = live ? misses(m.interEyeDistance, live.interEyeDistance) : misses(box?.width ?? null, FACE_WIDTH);
  if (small) return { code: 101051, message: 'face size' };
  if (misses(m.sharpness, { min: STANDARD.sharpness })) return { code: 101050, message: 'blur' };
  if (misses(m.pitch, limit.pitch)) return { code: 101052, message: 'pitch' };
  if (misses(m.yaw, limit.yaw)) return { code: 101053, message: 'yaw' };
  if (misses(m.roll, limit.roll)) return { code: 101054, message: 'roll' };
  if (misses(m.brightness, limit.brightness)) return { code: 101055, message: 'brightness' };
  if (misses(m.contrast, limit.contrast)) return { code: 101056, message: 'brightness deviation' };
  const hidden = misses(m.eyesVisible, { min: 0.5 }) || misses(m.mouthNoseVisible, { min: 0.5 });
  if (hidden || misses(m.occlusion, { max: STANDARD.occlusion })) return { code: 101101, message: 'occlusion' };
  return null;
}
