import { nameParts, type Person } from '#shared/person';
import type { FoundPerson } from '../contract.ts';
import { foundPerson, MOST_FOUND, nameToSearch } from '../core/found.ts';
import type { HikConnectClient } from './client.ts';
import type { PersonInfo } from './wire.ts';

/** 5.8.16: 1 to 100 records a page. */
const PAGE = 100;
/** 50,000 people at most (CCF038029), and room for pages cut short. */
const LAST_PAGE = 1_000;
/** Codes remembered at a time; an id is some twenty bytes. */
const REMEMBERED = 20_000;

/** 5.8.5: 1 to 16 letters and digits. */
export const canBeCode = (code: string): boolean => /^[A-Za-z0-9]{1,16}$/.test(code);

export type Filter = { name?: string; email?: string; phone?: string };

/**
 * Finds people by our key, which the platform cannot search for: `persons/list` knows name, e-mail and phone (5.8.16). So a search
 * narrows, the code decides, and what was once found is remembered as a hint, to be checked by `persons/get` each time.
 */
export interface Directory {
  /** By a remembered id, or `hint`; null when that is not (any longer) the person with this code. */
  recall(code: string, hint: string | null, signal: AbortSignal): Promise<PersonInfo | null>;
  /** Whether `recall` has anything to go by. */
  remembers(code: string): boolean;
  /** Pages through a search until somebody has this code. A null filter is everybody. */
  search(code: string, filter: Filter | null, signal: AbortSignal): Promise<PersonInfo | null>;
  /** By what is remembered, else among everybody: with a code alone the platform cannot be searched. */
  find(code: string, signal: AbortSignal): Promise<PersonInfo | null>;
  remember(code: string, personId: string): void;
  forget(code: string): void;
}

/** @param ids what is remembered, code → id; shared by directories that call with another urgency. */
export function createDirectory(client: HikConnectClient, ids: Map<string, string>): Directory {
  const remember = (code: string, personId: string) => {
    // Oldest out: a Map keeps the order of insertion.
    ids.delete(code);
    ids.set(code, personId);
    const [oldest] = ids.keys();
    if (ids.size > REMEMBERED && oldest !== undefined) ids.delete(oldest);
  };

  const directory: Directory = {
    remember,
    forget: (code) => void ids.delete(code),
    remembers: (code) => ids.has(code),
    // 5.8.5: nobody can have a code of another form, and nobody is asked for one.
    find: async (code, signal) =>
      canBeCode(code)
        ? ((await directory.recall(code, null, signal)) ?? (await directory.search(code, null, signal)))
        : null,
    async recall(code, hint, signal) {
      const personId = ids.get(code) ?? hint;
      if (personId === null) return null;
      const person = await client.getPerson(personId, signal);
      if (person?.personCode === code) return person;
      ids.delete(code);
      return null;
    },
    async search(code, filter, signal) {
      let seen = 0;
      for (let pageIndex = 1; pageIndex <= LAST_PAGE; pageIndex += 1) {
        const { list, total } = await client.listPersons(filter, { pageIndex, pageSize: PAGE }, signal);
        const found = list.find((person) => person.personCode === code);
        if (found) {
          remember(code, found.personId);
          return found;
        }
        seen += list.length;
        if (list.length === 0 || (total === null ? list.length < PAGE : seen >= total)) return null;
      }
      return null;
    },
  };
  return directory;
}

/**
 * The searches that narrow best, most certain first. Of a name only its longest part: in which order the platform joins the parts, and with what
 * between them, its document does not say, and a substring of one part fits any.
 */
export function filtersFor(person: Person): [first: Filter, ...others: Filter[]] {
  const { family, given } = nameParts(person.name);
  const name = given.length >= family.length ? given : family;
  const others: Filter[] = [];
  if (person.phone) others.push({ phone: person.phone });
  if (person.email) others.push({ email: person.email });
  return [{ name }, ...others];
}

/** 5.8.5 */
const LONGEST_NAME = 255;

/** People by a part of their name (5.8.16): the first page. Staff and visitors are told apart by department alone, so it finds both. */
export async function searchPeople(
  client: HikConnectClient,
  name: string,
  signal: AbortSignal,
): Promise<FoundPerson[]> {
  const wanted = nameToSearch(name, LONGEST_NAME);
  if (wanted === null) return [];
  const { list } = await client.listPersons({ name: wanted }, { pageIndex: 1, pageSize: MOST_FOUND }, signal);
  return list.flatMap(
    ({ personCode, firstName, lastName }) =>
      foundPerson(personCode, { family: lastName ?? null, given: firstName ?? null }) ?? [],
  );
}
