import type { Output } from '#shared/contract';
import { bridge } from '../bridge.ts';
import type { Suggestion } from '../components/suggest.tsx';
import { useStation } from '../stores/station.ts';
import { type Host, hostSources, hostSuggestion, type KnownHost, withHosts } from './host-search.ts';

type KnownVisitor = Suggestion & { person: Output<'visits.known'>[number]['person'] };

/**
 * Staff to be visited: those known here at once, then whoever a platform knows, as each answers. One that does not holds nobody up, and one
 * that cannot be asked has nobody to offer. Resolves when the last has answered.
 */
export async function findHosts(query: string, tell: (found: Suggestion[]) => void): Promise<void> {
  const { platforms } = useStation.getState();
  const title = (id: string) => platforms.find((one) => one.id === id)?.title ?? id;
  let found: KnownHost[] = [];
  const take = (hosts: readonly Host[], place: string | null) => {
    found = withHosts(found, hosts, place);
    tell(found.map((host) => hostSuggestion(host, title)));
  };
  await Promise.allSettled([
    bridge.call('visits.hosts', { query }).then((hosts) => take(hosts, null)),
    ...hostSources(platforms).map((platform) =>
      bridge.call('visits.hostsOn', { query, platform }).then(({ hosts }) => take(hosts, platform)),
    ),
  ]);
}

/** Names of staff, for visitors at a kiosk; the station knows whose they are. */
export async function findHostNames(query: string, tell: (found: Suggestion[]) => void): Promise<void> {
  const hosts = await bridge.call('kiosk.hosts', { query });
  tell(hosts.map(({ name }) => ({ value: name, name, detail: '' })));
}

/** Visitors who were here before. */
export async function findKnown(query: string, tell: (found: KnownVisitor[]) => void): Promise<void> {
  const known = await bridge.call('visits.known', { query });
  tell(
    known.map(({ person, name }) => ({
      value: person.code,
      name,
      detail: [person.visit?.company, person.phone].filter(Boolean).join(' · '),
      person,
    })),
  );
}
