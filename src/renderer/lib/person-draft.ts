import type { PlatformView } from '#shared/contract';
import { type FieldProblem, nameParts, type Person, type PersonField, type PersonKind } from '#shared/person';

/** What has been typed so far, as text. `fields` holds everything but code and name, by dotted path. */
export interface PersonDraft {
  kind: PersonKind;
  code: string;
  family: string;
  given: string;
  fields: Record<PersonField, string>;
  /** Platforms to enrol on; null until somebody has chosen. */
  to: string[] | null;
}

export function emptyDraft(): PersonDraft {
  return { kind: 'staff', code: '', family: '', given: '', fields: {}, to: null };
}

/** Fields the form always shows, in any case. */
const ALWAYS: ReadonlySet<PersonField> = new Set(['kind', 'code', 'name', 'name.family', 'name.given', 'name.display']);

const TIMES: ReadonlySet<PersonField> = new Set(['validFrom', 'validTo', 'visit.from', 'visit.to']);

export type FieldType = 'text' | 'tel' | 'email' | 'gender' | 'time' | 'long';

/** What kind of input a field wants. */
export function fieldType(field: PersonField): FieldType {
  if (TIMES.has(field)) return 'time';
  if (field === 'phone') return 'tel';
  if (field === 'email') return 'email';
  if (field === 'gender') return 'gender';
  return field === 'remark' ? 'long' : 'text';
}

/** Fields beyond code and name that these platforms demand of such a person, each once, in the order first met. */
export function extraFields(platforms: readonly PlatformView[], kind: PersonKind): PersonField[] {
  return [...new Set(platforms.flatMap((platform) => platform.required[kind]))].filter((field) => !ALWAYS.has(field));
}

/** Whether a platform can take such a person at all. */
export function takesKind(platform: PlatformView, kind: PersonKind): boolean {
  return kind === 'staff' || platform.capabilities.includes('visitor');
}

/**
 * The platforms a draft goes to: those chosen, else those of the settings, else all; never one that cannot take such a person or
 * is no longer configured.
 */
export function chosenPlatforms(
  draft: Pick<PersonDraft, 'kind' | 'to'>,
  platforms: readonly PlatformView[],
  preset: readonly string[] | null,
): PlatformView[] {
  const wanted = draft.to ?? preset;
  return platforms.filter(
    (platform) => takesKind(platform, draft.kind) && (wanted === null || wanted.includes(platform.id)),
  );
}

/** The person a draft describes, in the shape of the contract. Empty fields are left out; `shown` limits the extra fields. */
export function personOf(draft: PersonDraft, shown: readonly PersonField[]): Person {
  const family = draft.family.trim();
  const given = draft.given.trim();
  const person: Record<string, unknown> = {
    kind: draft.kind,
    code: draft.code.trim(),
    name: { ...(family && { family }), ...(given && { given }) },
  };
  for (const field of shown) {
    const text = draft.fields[field]?.trim();
    if (!text) continue;
    const value = TIMES.has(field) ? withOffset(text) : text;
    const [head = '', tail] = field.split('.');
    if (tail === undefined) person[head] = value;
    else person[head] = { ...(person[head] as Record<string, unknown> | undefined), [tail]: value };
  }
  return person as Person;
}

/** A draft of somebody known, so that what changed about them can be typed over. */
export function draftOf(person: Person, to: string[] | null): PersonDraft {
  const { kind, code, name, ...rest } = person;
  return { kind, code, ...nameParts(name), fields: flatten(rest), to };
}

function flatten(value: Record<string, unknown>, before = ''): Record<PersonField, string> {
  const fields: Record<PersonField, string> = {};
  for (const [key, inner] of Object.entries(value)) {
    const path = `${before}${key}`;
    if (typeof inner === 'string') fields[path] = TIMES.has(path) ? wallClock(inner) : inner;
    else if (typeof inner === 'object' && inner !== null) Object.assign(fields, flatten({ ...inner }, `${path}.`));
  }
  return fields;
}

/** An ISO time as an input for wall-clock times wants it, by this computer's clock; what is no time is empty. */
export function wallClock(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/**
 * Somebody known with what a draft changes: fields that were not shown, and shown ones nobody touched, stay as they were. A name that
 * was not touched keeps its form.
 */
export function changedPerson(known: Person, draft: PersonDraft, shown: readonly PersonField[]): Person {
  const before = draftOf(known, null);
  const typed = personOf(draft, shown);
  const sameName = draft.family.trim() === before.family && draft.given.trim() === before.given;
  const touched = shown.filter((field) => (draft.fields[field] ?? '') !== (before.fields[field] ?? ''));
  const person = structuredClone(known) as Record<string, unknown>;
  for (const field of touched) put(person, field, at(typed, field));
  return { ...person, kind: draft.kind, code: known.code, name: sameName ? known.name : typed.name } as Person;
}

function at(value: unknown, path: PersonField): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inside, key) => (typeof inside === 'object' && inside !== null ? Reflect.get(inside, key) : undefined),
      value,
    );
}

function put(person: Record<string, unknown>, field: PersonField, value: unknown): void {
  const [head = '', tail] = field.split('.');
  const target = tail === undefined ? person : { ...(person[head] as Record<string, unknown> | undefined) };
  if (value === undefined) delete target[tail ?? head];
  else target[tail ?? head] = value;
  if (tail !== undefined) person[head] = target;
}

/**
 * A wall-clock time of an input (`2026-11-22T09:30`) as ISO 8601 with this computer's offset at that time. What is no time is
 * passed on as it is: the station names the field.
 */
export function withOffset(local: string, offsetMinutes = (at: Date) => -at.getTimezoneOffset()): string {
  const at = new Date(local);
  if (Number.isNaN(at.getTime())) return local;
  const minutes = offsetMinutes(at);
  const sign = minutes < 0 ? '-' : '+';
  const two = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  const seconds = local.length === 16 ? ':00' : '';
  return `${local}${seconds}${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Problems by the input they belong to. What has no input here lands under `person`. */
export function problemsByField(
  problems: readonly FieldProblem[],
  shown: readonly PersonField[],
): Record<string, FieldProblem[]> {
  const result: Record<string, FieldProblem[]> = {};
  for (const problem of problems) {
    const key = inputOf(problem.field, shown);
    result[key] = [...(result[key] ?? []), problem];
  }
  return result;
}

function inputOf(field: PersonField, shown: readonly PersonField[]): string {
  if (field === 'code' || field === 'name.family' || field === 'name.given') return field;
  if (field === 'name' || field === 'name.display') return 'name.family';
  return shown.includes(field) ? field : 'person';
}
