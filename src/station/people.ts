import { FaultError } from '#shared/fault';
import { type FieldProblem, type Person, personProblems, personSchema } from '#shared/person';
import type { ConfiguredPlatform } from './api.ts';

/**
 * The platforms an enrolment is for, in the order given, each once. Throws FaultError naming an unknown id and the known ones.
 * @param field what the one who asks calls them
 */
export function resolveTargets<P extends Pick<ConfiguredPlatform, 'id'>>(
  to: readonly string[],
  configured: readonly P[],
  field = 'to',
): readonly P[] {
  const wrong = (message: string) => new FaultError({ kind: 'validation', code: 'platform', field, message });
  if (to.length === 0) throw wrong(`${field}: name at least one platform`);
  return [...new Set(to)].map((id) => {
    const platform = configured.find((one) => one.id === id);
    if (platform !== undefined) return platform;
    const known = configured.map((one) => one.id).join(', ') || 'none';
    throw wrong(`${field}: there is no platform "${id.slice(0, 64)}" in the configuration (there are: ${known})`);
  });
}

/** Everything wrong with a person for these platforms; empty when fine. What every platform would mind is said once. */
export function problemsFor(
  person: unknown,
  platforms: readonly Pick<ConfiguredPlatform, 'id' | 'definition'>[],
): FieldProblem[] {
  const shape = personProblems(person);
  if (shape.length > 0) return shape;
  const valid = personSchema.parse(person);
  return platforms.flatMap(({ id, definition }) =>
    definition.problems(valid).map((problem) => ({ ...problem, platform: id })),
  );
}

/** The person, or FaultError `validation` with the first wrong field and all of them in the message. */
export function validPerson(person: unknown, platforms: readonly ConfiguredPlatform[]): Person {
  const problems = problemsFor(person, platforms);
  const [first] = problems;
  if (first === undefined) return personSchema.parse(person);
  const message = problems
    .map(({ field, message: text, platform }) => {
      const told = text.startsWith(field) ? text : `${field}: ${text}`;
      return platform === undefined ? told : `${told} (${platform})`;
    })
    .join('; ');
  throw new FaultError({ kind: 'validation', code: 'person', field: first.field, message });
}
