import type { visitCalls } from '#shared/calls/visits';
import type { Handlers } from '#shared/contract';
import type { CareDeps } from '../care.ts';
import type { Hosts } from './hosts.ts';
import type { VisitDesk } from './index.ts';
import { passesOf, pictureOf } from './passes.ts';

/** The calls about visits. `closing` is aborted when the station closes. */
export function visitHandlers(
  desk: VisitDesk,
  hosts: Hosts,
  care: CareDeps,
  closing: AbortSignal,
): Pick<Handlers, keyof typeof visitCalls> {
  return {
    'visits.list': async ({ when }) => desk.list(when),
    'visits.register': async ({ person }) => desk.register(person),
    'visits.import': ({ file }) => desk.import(file),
    'visits.resembling': async (traits) => desk.resembling(traits),
    'visits.cancel': async ({ id }) => {
      desk.cancel(id);
      return undefined;
    },
    'visits.checkIn': async ({ id }) => desk.checkIn(id),
    'visits.checkOut': ({ id }) => desk.checkOut(id, closing),
    'visits.passes': ({ enrolment }) => passesOf(care, enrolment, closing),
    'visits.picture': async ({ id }) => ({
      picture: await pictureOf(care, care.journal.visits.find(id)?.enrolment ?? null, closing),
    }),
    'visits.known': async ({ query }) => desk.known(query),
    'visits.hosts': async ({ query }) => hosts.here(query),
    'visits.hostsOn': ({ query, platform }) => hosts.on(query, platform, closing),
  };
}
