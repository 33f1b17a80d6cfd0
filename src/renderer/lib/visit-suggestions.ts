import type { Output } from '#shared/contract';
import { bridge } from '../bridge.ts';
import type { Suggestion } from '../components/suggest.tsx';

type KnownVisitor = Suggestion & { person: Output<'visits.known'>[number]['person'] };

/** Staff to be visited. Their code is what is taken: platforms find them by it, and names may be borne by several. */
export async function findHosts(query: string): Promise<Suggestion[]> {
  const hosts = await bridge.call('visits.hosts', { query });
  return hosts.map(({ code, name, department }) => ({
    value: code,
    name,
    detail: [code, department].filter(Boolean).join(' · '),
  }));
}

/** Visitors who were here before. */
export async function findKnown(query: string): Promise<KnownVisitor[]> {
  const known = await bridge.call('visits.known', { query });
  return known.map(({ person, name }) => ({
    value: person.code,
    name,
    detail: [person.visit?.company, person.phone].filter(Boolean).join(' · '),
    person,
  }));
}
