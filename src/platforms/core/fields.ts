import { FaultError } from '#shared/fault';
import type { FieldProblem, Person, PersonField } from '#shared/person';

/** The value of a dotted field of a person; undefined where missing, not text or blank. */
export function fieldOf(person: Person, field: PersonField): string | undefined {
  let value: unknown = person;
  for (const part of field.split('.')) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined;
  }
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A problem for each field that is demanded and missing. */
export function missing(person: Person, fields: readonly PersonField[]): FieldProblem[] {
  return fields
    .filter((field) => fieldOf(person, field) === undefined)
    .map((field) => ({ field, message: `${field} is required` }));
}

/** A problem for each field longer than its limit, in characters as JavaScript counts them (never fewer than a platform does). */
export function tooLong(person: Person, limits: Readonly<Record<PersonField, number>>): FieldProblem[] {
  return Object.entries(limits).flatMap(([field, max]) => lengthProblem(field, fieldOf(person, field), max));
}

/** The same for a value put together from several fields. */
export function lengthProblem(field: PersonField, value: string | undefined, max: number): FieldProblem[] {
  if (value === undefined || value.length <= max) return [];
  return [{ field, message: `${field} is ${value.length} characters long; at most ${max} are taken` }];
}

/** Stops before anything is sent: the first problem becomes a `validation` fault that names its field and all problems. */
export function refuseProblems(problems: readonly FieldProblem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const message = problems.map((problem) => problem.message).join('; ');
  throw new FaultError({ kind: 'validation', code: 'field', message, field: first.field });
}

/** The id of something of the platform's, as its document forms them; anything else stops as `validation` before it is sent. */
export function checkedId(id: string, form: RegExp, field: string): string {
  if (form.test(id)) return id;
  throw new FaultError({
    kind: 'validation',
    code: 'field',
    field,
    message: `${field} is not of the form the platform gives its ids`,
  });
}

/**
 * The id of exactly one door. To a platform an empty one may mean every door of the house: so a blank, a list or anything but letters, digits, `_` and `-` stops
 * as `validation` before anything is sent.
 */
export function oneDoor(id: string): string {
  if (id.length <= 64 && /^[A-Za-z0-9_][\w-]*$/.test(id)) return id;
  throw new FaultError({
    kind: 'validation',
    code: 'field',
    field: 'door',
    message: 'one door is needed, by the id the platform gave it',
  });
}
