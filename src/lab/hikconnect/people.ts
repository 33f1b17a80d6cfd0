import { Refusal } from './answers.ts';
import type { BasicInfo, StoredPerson, TenantState } from './state.ts';

/** The person of an id. @throws Refusal CCF038023. */
export function existing(tenant: TenantState, personId: string): StoredPerson {
  const person = tenant.people.get(personId);
  if (person === undefined) throw new Refusal('CCF038023');
  return person;
}

/** First and last name with a blank between, as shown and as searched. */
export function fullName(person: StoredPerson): string {
  return `${person.info.firstName} ${person.info.lastName}`;
}

/**
 * What a person's information must not clash with.
 * @throws Refusal CCF038009, CCF038024, CCF038052 or CCF038089.
 */
export function checkAgainstOthers(tenant: TenantState, info: BasicInfo, self: string | null): void {
  if (!tenant.groups.has(info.groupId)) throw new Refusal('CCF038009');
  for (const other of tenant.people.values()) {
    if (other.personId === self) continue;
    if (other.info.personCode === info.personCode) throw new Refusal('CCF038024');
    if (info.email !== null && other.info.email === info.email) throw new Refusal('CCF038052');
    if (info.phone !== null && other.info.phone === info.phone) throw new Refusal('CCF038089');
  }
}
