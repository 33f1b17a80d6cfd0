import type { Output } from '#shared/contract';
import type { Fault } from '#shared/fault';
import { displayName, type Person } from '#shared/person';
import { asked, type CareDeps } from '../care.ts';
import type { VisitRecord } from '../journal/index.ts';
import { isFound } from '../people-view.ts';
import { wordToSearch } from './policy.ts';

/** Names offered at once: more would not be read. */
export const OFFERED = 20;
/** Somebody is typing: an answer that takes longer comes too late to be read. */
const PATIENCE_MS = 3_000;
/** Hosts that platforms told of, kept while the station runs; whom a visit is to, keeps their name with it. */
const REMEMBERED = 2_000;

type Host = Output<'visits.hosts'>[number];

export type Hosts = ReturnType<typeof createHosts>;

/**
 * Whom a visitor may come to see.
 * @param limit a signal that is aborted after so many milliseconds
 */
export function createHosts(
  deps: Pick<CareDeps, 'journal' | 'platforms' | 'unexpected'>,
  limit: (ms: number) => AbortSignal = (ms) => AbortSignal.timeout(ms),
) {
  const { records, visits } = deps.journal;
  const told = new Map<string, Host>();

  const remember = (host: Host): void => {
    // Oldest out: a Map keeps the order of insertion.
    told.delete(host.code);
    told.set(host.code, host);
    const [oldest] = told.keys();
    if (told.size > REMEMBERED && oldest !== undefined) told.delete(oldest);
  };

  /** Whom visitors were registered to since, as a platform told them then. */
  const visited = (): Host[] =>
    visits
      .latest()
      .flatMap(({ person, hostName: name }) =>
        name === null || person.visit?.host === undefined ? [] : { code: person.visit.host, name, department: null },
      );

  return {
    /** Staff enrolled here, and who was found on a platform before: at once, without asking anybody. */
    here(query: string): Host[] {
      const found = new Map<string, Host>();
      if (query === '') return [];
      for (const { enrolment, code, name, kind } of records.everybody()) {
        if (kind !== 'staff' || !isFound(query, code, displayName(name))) continue;
        found.set(code, {
          code,
          name: displayName(name),
          department: records.find(enrolment)?.person.department ?? null,
        });
        if (found.size === OFFERED) return [...found.values()];
      }
      for (const host of [...told.values(), ...visited()]) {
        if (found.has(host.code) || !isFound(query, host.code, host.name)) continue;
        found.set(host.code, host);
        if (found.size === OFFERED) break;
      }
      return [...found.values()];
    },

    /**
     * Staff one platform knows, asked within a few seconds; `fault` where it could not be. The longest word of the query goes there, the rest
     * is decided here: in which order a platform joins the parts of a name, most do not say. People without a code of ours are left out:
     * nobody can be announced to them.
     */
    async on(query: string, platform: string, closing: AbortSignal): Promise<{ hosts: Host[]; fault: Fault | null }> {
      const word = wordToSearch(query);
      if (word === null || !deps.platforms.get(platform).definition.capabilities.includes('search'))
        return { hosts: [], fault: null };
      const answer = await asked(deps, platform, async () =>
        deps.platforms.connector(platform).search?.(word, AbortSignal.any([closing, limit(PATIENCE_MS)])),
      );
      if ('fault' in answer) return { hosts: [], fault: answer.fault };
      const hosts = (answer.value ?? [])
        .flatMap(({ code, name, department }) => (code === null ? [] : { code, name, department }))
        .filter(({ code, name }) => isFound(query, code, name))
        .slice(0, OFFERED);
      for (const host of hosts) remember(host);
      return { hosts, fault: null };
    },

    /** Of somebody's host, the name to keep with the visit: as a platform told it; null where they are known here, and by their name of the day. */
    toKeep({ visit }: Person): string | null {
      if (visit?.host === undefined || records.byCode(visit.host)?.person.kind === 'staff') return null;
      return told.get(visit.host)?.name ?? null;
    },

    /** The name of a visit's host; null where they are known neither here nor from a search. */
    nameOf({ person: { visit }, hostName }: Pick<VisitRecord, 'person' | 'hostName'>): string | null {
      if (visit?.host === undefined) return null;
      const record = records.byCode(visit.host);
      if (record?.person.kind === 'staff') return displayName(record.person.name);
      return told.get(visit.host)?.name ?? hostName;
    },
  };
}
