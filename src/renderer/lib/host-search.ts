import type { Output } from '#shared/contract';
import type { Suggestion } from '../components/suggest.tsx';

export type Host = Output<'visits.hosts'>[number];

/** Somebody to be visited, and the platforms that told of them (ids); none for people known here. */
export interface KnownHost extends Host {
  places: string[];
}

/** Platforms asked at once while somebody types; a site with more has the same people on most. */
const MOST_ASKED = 6;
const MOST_SHOWN = 20;

/** The platforms to ask for a host: servers, which know everybody, before terminals at doors. */
export function hostSources(platforms: readonly { id: string; kind: string; capabilities: string[] }[]): string[] {
  return platforms
    .filter(({ capabilities }) => capabilities.includes('search'))
    .toSorted((a, b) => Number(a.kind === 'device') - Number(b.kind === 'device'))
    .slice(0, MOST_ASKED)
    .map(({ id }) => id);
}

/**
 * What was found so far with one more answer. One person by one code, under the name that came first; who is listed keeps their place, because
 * somebody may be about to choose them.
 */
export function withHosts(found: readonly KnownHost[], hosts: readonly Host[], place: string | null): KnownHost[] {
  const merged = new Map(found.map((host) => [host.code, host]));
  for (const host of hosts) {
    const known = merged.get(host.code);
    const places = [...(known?.places ?? []), ...(place === null ? [] : [place])];
    merged.set(host.code, { ...host, ...known, department: known?.department ?? host.department, places });
  }
  return [...merged.values()].slice(0, MOST_SHOWN);
}

/** As it is offered. The code is what is taken: platforms find people by it, and names may be borne by several. */
export function hostSuggestion(
  { code, name, department, places }: KnownHost,
  title: (id: string) => string,
): Suggestion {
  return { value: code, name, detail: [code, department, ...places.map(title)].filter(Boolean).join(' · ') };
}
