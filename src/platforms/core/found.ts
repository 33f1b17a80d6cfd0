import { displayName } from '#shared/person';
import type { FoundPerson } from '../contract.ts';

/** How many a search for somebody who is typing asks for: more would not be read. */
export const MOST_FOUND = 20;

/** The text of a search, or null where nobody needs to be asked: it is blank, or longer than a name can be there. */
export function nameToSearch(name: string, longest: number): string | null {
  const text = name.trim();
  return text === '' || text.length > longest ? null : text;
}

/** Somebody found, under a name of two parts; null where a platform tells no name. A part that only stands in for a missing one is left out. */
export function foundPerson(
  code: string | null | undefined,
  { family, given, whole }: { family?: string | null; given?: string | null; whole?: string | null },
  department?: string | null,
): FoundPerson | null {
  const stated = (text: string | null | undefined) => (text === '-' ? '' : (text?.trim() ?? ''));
  const parts = { family: stated(family), given: stated(given) };
  const both = parts.family === parts.given ? { ...parts, given: '' } : parts;
  const name = parts.family || parts.given ? displayName(both) : stated(whole);
  return name === '' ? null : { code: code || null, name, department: department || null };
}
