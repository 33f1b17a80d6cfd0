import { type FieldProblem, nameParts, type Person } from '#shared/person';
import type { Prediction, RenditionSpec } from '../contract.ts';
import { lengthProblem } from '../core/fields.ts';
import { addYears, endOfDay, isoWithOffset, startOfDay, writtenOffset } from '../core/times.ts';

/** 500–800 px and 40–180 KB is what works on every version (artemis.md, "Answers the seed omits"). */
export const rendition: RenditionSpec = { width: 600, height: 800, maxBytes: 180_000, headShare: 0.6 };

/** Length of `personCode` (OpenAPI guide, single/add). */
export const LONGEST_CODE = 16;

/** A day HikCentral and its devices can still write. */
const LAST_INSTANT = Date.UTC(2037, 11, 31, 0, 0, 0);
const DEFAULT_YEARS = 10;

/** Nothing beyond kind, code and a name: the organisation is the configuration's. */
export function required(): readonly string[] {
  return [];
}

export function problems(person: Person): FieldProblem[] {
  const { family, given } = hcpName(person.name);
  const found = [
    ...lengthProblem('code', person.code, LONGEST_CODE),
    ...lengthProblem('name.family', family, 255),
    ...lengthProblem('name.given', given, 255),
  ];
  const { from, to } = givenPeriod(person);
  if (from !== undefined && to !== undefined && Date.parse(to) <= Date.parse(from)) {
    found.push({
      field: person.visit?.to === to ? 'visit.to' : 'validTo',
      message: 'the end lies before the beginning',
    });
  }
  return found;
}

/** HikCentral has no quality service that could be foretold. */
export function predict(): Prediction | null {
  return null;
}

/** The steps whose success says that the picture was kept (enrol.ts); whether it stayed, `verify` tells. */
export const judging = ['single/add', 'face/update'] as const;

/** Both parts are always filled: who has one name only gets a dash for the other. */
export function hcpName(name: Person['name']): { family: string; given: string } {
  const { family, given } = nameParts(name);
  return { family: family || '-', given: given || '-' };
}

/** 1 male, 2 female, 0 unknown (single/add). */
export function hcpGender(gender: Person['gender']): 0 | 1 | 2 {
  return gender === 'male' ? 1 : gender === 'female' ? 2 : 0;
}

function givenPeriod(person: Person): { from: string | undefined; to: string | undefined } {
  const visit = person.kind === 'visitor' ? person.visit : undefined;
  return { from: visit?.from ?? person.validFrom, to: visit?.to ?? person.validTo };
}

/** An ISO time as HikCentral writes it: whole seconds, an offset in digits. */
function spelled(iso: string): string {
  const ms = Date.parse(iso);
  return isoWithOffset(ms, writtenOffset(iso) ?? undefined);
}

export interface Period {
  beginTime: string;
  endTime: string;
}

const DAY_MS = 86_400_000;

/** The site's rule: see `validity` of the configuration. */
export interface Validity {
  days?: number | undefined;
  graceDays?: number | undefined;
}

/** The end a person brings with the site's grace; a visit ends when it ends. */
function withGrace(person: Person, to: string, graceDays: number): string {
  if (graceDays === 0 || (person.kind === 'visitor' && person.visit?.to !== undefined)) return spelled(to);
  const end = Date.parse(to);
  return isoWithOffset(Math.max(end, Math.min(end + graceDays * DAY_MS, LAST_INSTANT)), writtenOffset(to) ?? undefined);
}

/**
 * The effective period: what the person says, its end with the site's grace; else what HikCentral has, as long as it has not run out;
 * else from the beginning of today for the site's number of days or ten years, and for a visitor to the end of today.
 */
export function period(
  person: Person,
  existing: Partial<Record<keyof Period, string | null | undefined>>,
  now: number,
  { days, graceDays = 0 }: Validity = {},
): Period {
  const { from, to } = givenPeriod(person);
  const begin = from ?? (usable(existing.beginTime) ? existing.beginTime : undefined);
  const beginMs = begin === undefined ? startOfDay(now) : Date.parse(begin);
  const kept = usable(existing.endTime) && Date.parse(existing.endTime) > now ? existing.endTime : undefined;
  const years = addYears(startOfDay(now), DEFAULT_YEARS);
  const usual = days === undefined ? years : endOfDay(now + days * DAY_MS);
  const lasting = person.kind === 'visitor' ? endOfDay(now) : Math.min(usual, LAST_INSTANT);
  return {
    beginTime: begin === undefined ? isoWithOffset(beginMs) : spelled(begin),
    endTime:
      to !== undefined ? withGrace(person, to, graceDays) : kept === undefined ? isoWithOffset(lasting) : spelled(kept),
  };
}

function usable(iso: string | null | undefined): iso is string {
  return typeof iso === 'string' && !Number.isNaN(Date.parse(iso));
}

/** Whether two spellings name the same instant: HikCentral may answer in another offset than it was given. */
export function sameInstant(a: string | null | undefined, b: string): boolean {
  return typeof a === 'string' && Date.parse(a) === Date.parse(b);
}
