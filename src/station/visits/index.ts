import { randomInt } from 'node:crypto';
import type { Output } from '#shared/contract';
import { FaultError } from '#shared/fault';
import { displayName, type Person } from '#shared/person';
import { dayOf, type VisitView, visitorCode } from '#shared/visits';
import type { RemoveResult } from '../api.ts';
import type { CareDeps } from '../care.ts';
import { writing } from '../disk.ts';
import type { AuditEntry, VisitRecord } from '../journal/index.ts';
import { isFound } from '../people-view.ts';
import { outcomeOf, removeOn } from '../removal.ts';
import { type Hosts, OFFERED } from './hosts.ts';
import { readVisitList } from './list-import.ts';
import { inOrder, visitState, windowOf } from './policy.ts';
import { resemblance, type Traits, traitsOf } from './resemblance.ts';

/** Who may be meant: more would be no help. */
const ALIKE = 3;

export interface VisitsDeps extends CareDeps {
  /** The setting: until when a visit lasts that nobody gave an end. */
  workdayEnds(): string;
  hosts: Hosts;
}

function refused(code: string, message: string, field = 'id'): FaultError {
  return new FaultError({ kind: 'validation', code, field, message });
}

export type VisitDesk = ReturnType<typeof createVisitDesk>;

/** The desk's visits: who is expected, who comes and who leaves. */
export function createVisitDesk(deps: VisitsDeps) {
  const { journal, platforms, vault, now, actor, workdayEnds, hosts } = deps;
  const { visits, records, deliveries, audit } = journal;

  const known = (id: string): VisitRecord => {
    const visit = visits.find(id);
    if (visit === null) throw refused('unknown-visit', 'there is no such visit');
    return visit;
  };

  const note = (
    visit: { id: string; person: Person },
    action: AuditEntry['action'],
    outcome: string,
    detail = {},
  ): void => {
    const subject = visit.person.code;
    audit.append({ actor: actor(), action, subject, outcome, detail: { visit: visit.id, ...detail } }, now());
  };

  /** Platforms that somebody is on, or may be, as far as the deliveries tell. */
  const holding = (personRef: string): string[] => [
    ...new Set(deliveries.list({ person: personRef }).map(({ platform }) => platform)),
  ];

  const view = (visit: VisitRecord): VisitView => {
    const { id, person, from, to, arrivedAt, leftAt, enrolment, personRef } = visit;
    const over = leftAt !== null && personRef !== null && visits.isOver(personRef);
    return {
      id,
      code: person.code,
      name: displayName(person.name),
      state: visitState(visit, now()),
      from,
      to,
      arrivedAt,
      leftAt,
      enrolment,
      person,
      hostName: hosts.nameOf(visit),
      accessLeft: over ? holding(personRef) : [],
    };
  };

  function write(person: Person): string {
    const window = windowOf(person, now(), workdayEnds());
    const id = visits.insert(person, { ...window, hostName: hosts.toKeep(person) }, now());
    note({ id, person }, 'visit-register', 'done');
    return id;
  }

  /**
   * Takes access away where somebody still has it; what could not be reached keeps its deliveries, and is tried again, of which the trail
   * is told when it helps.
   */
  async function takeAccess(visit: VisitRecord, signal: AbortSignal, again = false): Promise<RemoveResult[]> {
    const { personRef, person } = visit;
    if (personRef === null) return [];
    const able = holding(personRef).filter(
      (id) => platforms.has(id) && platforms.get(id).definition.capabilities.includes('remove'),
    );
    const results = await removeOn(deps, person.code, able, signal);
    const photos = journal.transaction(() => {
      if (results.every(({ fault }) => fault !== null) && again) return [];
      const told = results.map((result) => `${result.platform}=${outcomeOf(result)}`).join(' ');
      const outcome = results.some(({ fault }) => fault) ? 'partly' : 'done';
      note(visit, 'visit-access', outcome, { platforms: told });
      return records.dropPhotos(personRef, now());
    });
    for (const enrolment of photos) await vault.erase(enrolment);
    deps.changed();
    return results;
  }

  return {
    list(when: 'today' | 'later'): VisitView[] {
      const day = dayOf(now());
      return inOrder((when === 'today' ? visits.ofDay(day) : visits.after(day.to)).map(view));
    },

    /** @throws FaultError `validation` when the end is not after the beginning, or past */
    register(entry: Omit<Person, 'code'> & { code?: string | undefined }): VisitView {
      const person: Person = { ...entry, code: entry.code ?? visitorCode(now(), randomInt) };
      const { from, to } = windowOf(person, now(), workdayEnds());
      if (to <= from) throw refused('visit-window', 'the visit ends before it begins', 'visit.to');
      if (to <= now()) throw refused('visit-past', 'the time of the visit is over', 'visit.to');
      return view(known(writing(() => journal.transaction(() => write(person)))));
    },

    /** @throws FaultError `validation` where the file is no table */
    async import(file: Uint8Array): Promise<Output<'visits.import'>> {
      // Read once: what is known does not change while a list is read.
      const all = visits.latest().map((visit) => ({ visit, traits: traitsOf(visit.person) }));
      const source = {
        name: 'list',
        async *read() {
          yield file;
        },
      };
      const { people, reused, already, problems } = await readVisitList(source, {
        now: now(),
        workdayEnds: workdayEnds(),
        code: () => visitorCode(now(), randomInt),
        known(person) {
          const traits = traitsOf(person);
          return all.find((one) => resemblance(one.traits, traits) === 'sure')?.visit.person ?? null;
        },
        expected: ({ code }, { from, to }) =>
          all.some(
            ({ visit }) => visit.person.code === code && visit.leftAt === null && visit.from < to && visit.to > from,
          ),
      });
      if (problems.length > 0) return { registered: 0, reused: 0, already: 0, problems };
      writing(() => journal.transaction(() => people.forEach((person) => void write(person))));
      return { registered: people.length, reused, already, problems: [] };
    },

    cancel(id: string): void {
      const visit = known(id);
      writing(() =>
        journal.transaction(() => {
          if (!visits.cancel(id)) throw refused('visit-begun', 'this visit has begun: check the visitor out');
          note(visit, 'visit-cancel', 'done');
        }),
      );
    },

    checkIn(id: string): VisitView {
      const visit = known(id);
      if (visit.enrolment === null)
        throw refused('visit-picture', 'this visitor has not been enrolled yet: take their picture first');
      writing(() =>
        journal.transaction(() => {
          if (!visits.arrive(id, now())) throw refused('visit-begun', 'this visitor has arrived already');
          note(visit, 'visit-arrive', 'done');
        }),
      );
      return view(known(id));
    },

    /** Again for somebody who has left: then only what could not be reached before. */
    async checkOut(id: string, signal: AbortSignal): Promise<Output<'visits.checkOut'>> {
      const visit = known(id);
      writing(() =>
        journal.transaction(() => {
          if (visit.leftAt === null) {
            if (!visits.leave(id, now())) throw refused('visit-not-begun', 'this visitor has not arrived');
            note(visit, 'visit-leave', 'done');
          }
        }),
      );
      const over = visit.personRef !== null && visits.isOver(visit.personRef);
      const results = over ? await takeAccess(known(id), signal) : [];
      return { visit: view(known(id)), results };
    },

    /** Tries once more to take access from those who have left. */
    async finish(signal: AbortSignal): Promise<void> {
      for (const id of visits.unfinished()) {
        if (signal.aborted) return;
        const visit = visits.find(id);
        if (visit !== null) await takeAccess(visit, signal, true);
      }
    },

    /** Who somebody may be of those registered or here before. */
    resembling(traits: Traits): Output<'visits.resembling'> {
      const found = new Map<string, Output<'visits.resembling'>[number]>();
      for (const { person, from, arrivedAt } of visits.latest()) {
        if (found.has(person.code)) continue;
        const like = resemblance(traitsOf(person), traits);
        if (like === null) continue;
        const name = displayName(person.name);
        const lastVisit = arrivedAt ?? from;
        found.set(person.code, { person, name, lastVisit, come: arrivedAt !== null, sure: like === 'sure' });
      }
      return [...found.values()].toSorted((a, b) => Number(b.sure) - Number(a.sure)).slice(0, ALIKE);
    },

    known(query: string): Output<'visits.known'> {
      if (query === '') return [];
      const digits = query.replace(/\D/g, '');
      const found = new Map<string, Output<'visits.known'>[number]>();
      for (const { person, arrivedAt } of visits.latest()) {
        if (arrivedAt === null || found.has(person.code)) continue;
        const name = displayName(person.name);
        const byPhone = digits.length >= 4 && person.phone?.replace(/\D/g, '').includes(digits) === true;
        const fits = byPhone || isFound(query, person.code, `${name} ${person.visit?.company ?? ''}`);
        if (fits) found.set(person.code, { person, name, lastVisit: arrivedAt });
        if (found.size === OFFERED) break;
      }
      return [...found.values()];
    },
  };
}
