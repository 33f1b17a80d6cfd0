import type { Inspection, MeasureName } from '#shared/measures';
import { displayName, type FieldProblem, type Person, type PersonField } from '#shared/person';
import type { Criteria } from '#shared/quality';
import type { Concern, Prediction, RenditionSpec } from '../contract.ts';
import { concernsOf, foretell, type Rule } from '../core/rule-book.ts';

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
const STANDARD: Criteria = {
  sharpness: { min: 0.1 },
  pitch: { min: -20, max: 20 },
  yaw: { min: -20, max: 20 },
  roll: { min: -20, max: 20 },
  brightness: { min: 0.2, max: 0.85 },
  /** Standard deviation of the face's luminance. */
  contrast: { max: 0.35 },
};

/** Pixels; a face rectangle narrower than this is 人脸大小不通过. */
const FACE_WIDTH = 80;
/** As far apart are the eyes of such a face, about. */
const EYES_OF_FACE_WIDTH: Concern = { measure: 'interEyeDistance', limit: { min: 34 } };

/**
 * The answers of qualityJudge (人员管理 1.3.4) and, about the number of faces, of uploadImage (错误码 1.2), by the box's own standard where it
 * told one: what that leaves open the box does not refuse, so nothing of our estimate is mixed in. Occlusion stays our estimate, because the
 * standard has no number for it. Not foretold, because the station makes what is sent: 101066 (format or name) and 101082 (over 10 MB);
 * and 121043, a vague word of other calls than those an enrolment makes.
 */
function book(live: Criteria | null | undefined): readonly Rule[] {
  const standard = live ?? STANDARD;
  const by = (code: number, message: string, measure: MeasureName): Rule => {
    const limit = standard[measure];
    return {
      code,
      message,
      ...(limit === undefined ? { about: [{ measure, limit: {} }] } : { limits: [{ measure, limit }] }),
    };
  };
  return [
    { code: 101070, message: 'no face', limits: [{ measure: 'faces', limit: { min: 1 } }] },
    { code: 101104, message: 'several faces', limits: [{ measure: 'faces', limit: { max: 1 } }] },
    // 101070 means "no face, or one of poor quality": what hardly looks like a face to us is none to the box.
    { code: 101070, message: 'no face', limits: [{ measure: 'confidence', limit: { min: 0.9 } }] },
    live
      ? by(101051, 'face size', 'interEyeDistance')
      : {
          code: 101051,
          message: 'face size',
          also: ({ box }) => box !== null && box.width < FACE_WIDTH,
          about: [EYES_OF_FACE_WIDTH],
        },
    by(101050, 'blur', 'sharpness'),
    by(101052, 'pitch', 'pitch'),
    by(101053, 'yaw', 'yaw'),
    by(101054, 'roll', 'roll'),
    by(101055, 'brightness', 'brightness'),
    by(101056, 'brightness deviation', 'contrast'),
    {
      code: 101101,
      message: 'occlusion',
      limits: [
        { measure: 'eyesVisible', limit: { min: 0.5 } },
        { measure: 'mouthNoseVisible', limit: { min: 0.5 } },
        { measure: 'occlusion', limit: { max: 0.25 } },
      ],
    },
  ];
}

/** What qualityJudge would answer; null where it would pass. `live` is the box's own standard in our measures (criteria.ts). */
export function predict(inspection: Inspection, live?: Criteria | null): Prediction | null {
  return foretell(book(live), inspection);
}

export function concerns(code: string, live?: Criteria | null): Concern[] {
  return concernsOf(book(live), code);
}

/** The step whose success says that the picture passed (enrol.ts). */
export const judging = ['qualityJudge'] as const;
