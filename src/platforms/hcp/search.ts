import type { FoundPerson } from '../contract.ts';
import { foundPerson, MOST_FOUND, nameToSearch } from '../core/found.ts';
import type { Client } from './client.ts';

/** Longest name (OpenAPI guide, person/advance/personList: family and given name, each up to 255). */
const LONGEST_NAME = 255;

/** People by name. HikCentral tells staff from visitors by organisation alone, so it finds both. */
export async function search(client: Client, name: string, signal: AbortSignal): Promise<FoundPerson[]> {
  const wanted = nameToSearch(name, LONGEST_NAME);
  if (wanted === null) return [];
  const found = await client.named(wanted, MOST_FOUND, signal);
  return found.flatMap(({ personCode, personName, personFamilyName, personGivenName }) => {
    const parts = { family: personFamilyName ?? null, given: personGivenName ?? null, whole: personName ?? null };
    return foundPerson(personCode, parts) ?? [];
  });
}
