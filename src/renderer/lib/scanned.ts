import { MOST_CODE, type Person } from '#shared/person';
import type { VisitView } from '#shared/visits';

/** What a scanned code means at the desk. */
export type Scanned =
  /** Somebody's badge who is here: they leave. */
  | { what: 'leave'; visit: VisitView }
  /** Somebody expected whose picture was taken before: they have come. */
  | { what: 'arrive'; visit: VisitView }
  /** Somebody expected, to be photographed. */
  | { what: 'welcome'; visit: VisitView }
  /** A visitor of another day. */
  | { what: 'again'; person: Person }
  /** Staff enrolled before. */
  | { what: 'known'; person: Person }
  /** Nobody knows this code yet: it is somebody new. */
  | { what: 'new'; code: string }
  /** It can be nobody's code. */
  | { what: 'nothing' };

/** @param today the day's visits; `known`: who was enrolled here under the code, if anybody */
export function meaningOf(code: string, today: readonly VisitView[], known: Person | null): Scanned {
  if (code.trim().length > MOST_CODE || !/^[\p{L}\p{N}][\p{L}\p{N} ._/-]*$/u.test(code)) return { what: 'nothing' };
  // One who left and comes again the same day has two visits: the one that goes on counts.
  const visits = today.filter((visit) => visit.code === code && visit.state !== 'left');
  const here = visits.find(({ state }) => state === 'here' || state === 'overstay');
  if (here) return { what: 'leave', visit: here };
  const [awaited] = visits;
  if (awaited) return { what: awaited.enrolment === null ? 'welcome' : 'arrive', visit: awaited };
  if (known) return known.kind === 'staff' ? { what: 'known', person: known } : { what: 'again', person: known };
  return { what: 'new', code };
}
