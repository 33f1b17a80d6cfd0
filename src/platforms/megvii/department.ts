import { WARNINGS } from '#shared/warnings';
import type { EnrolJob } from '../contract.ts';
import type { MegviiSite } from './site.ts';
import type { PersonRecord } from './wire.ts';

/** Where a person belongs, and what the desk should know about it. */
export interface Department {
  /** Undefined: the field is left out. */
  orgUuid: string | undefined;
  warning: string | null;
}

/**
 * The organisation of a person's department (组织管理 1.3), by its exact name: the box's own filter is a substring match. One that is unknown or that
 * several bear is a warning, never a guess; then a new person goes to the configured organisation and a known one stays where it is. Visitors have
 * none and go to the configured one.
 */
export async function department(
  site: MegviiSite,
  configured: string | undefined,
  job: EnrolJob,
  known: PersonRecord | null,
): Promise<Department> {
  const { person, signal, step } = job;
  const name = person.department?.trim();
  if (person.kind === 'visitor' || !name) return { orgUuid: configured, warning: null };
  const units = await step('org/tree', () => site.organisations(name, signal));
  const named = units.filter(({ orgName }) => orgName?.trim() === name);
  const [only] = named;
  if (named.length === 1 && only) return { orgUuid: only.orgUuid, warning: null };
  return {
    orgUuid: known === null ? configured : undefined,
    warning: named.length === 0 ? WARNINGS['megvii-department-unknown'] : WARNINGS['megvii-departments-several'],
  };
}
