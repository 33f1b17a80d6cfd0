import type { PersonField } from '#shared/person';
import { defaultWindow, type VisitView, visitorCode } from '#shared/visits';
import { draftOf, emptyDraft, type PersonDraft, wallClock } from './person-draft.ts';

/** What a front desk asks every visitor, whether a platform demands it or not, in the order it is asked. */
export const VISITOR_FIELDS: readonly PersonField[] = [
  'visit.host',
  'visit.company',
  'phone',
  'visit.purpose',
  'visit.from',
  'visit.to',
];

/** A whole number below another by the browser's own chance. */
function drawn(below: number): number {
  const [value = 0] = crypto.getRandomValues(new Uint32Array(1));
  // 2³² is so much larger than an alphabet that what is left over weighs nothing.
  return value % below;
}

/** What a visitor who walks in need not type: a code, and from now until the end of the working day. */
export function withVisitDefaults(
  draft: PersonDraft,
  now: number,
  workdayEnds: string,
  random: (below: number) => number = drawn,
): PersonDraft {
  const { fields } = draft;
  const from = fields['visit.from'] || wallClock(new Date(now).toISOString());
  const to = fields['visit.to'] || wallClock(new Date(defaultWindow(now, workdayEnds).to).toISOString());
  return {
    ...draft,
    kind: 'visitor',
    code: draft.code || visitorCode(now, random),
    fields: { ...fields, 'visit.from': from, 'visit.to': to },
  };
}

/** Somebody who was expected and has come: as registered, from now where they come early. */
export function draftOfVisit(visit: VisitView, now: number, workdayEnds: string): PersonDraft {
  const draft = draftOf(visit.person, null);
  const from = wallClock(new Date(Math.min(visit.from, now)).toISOString());
  const to = wallClock(new Date(visit.to).toISOString());
  const fields = { ...draft.fields, 'visit.from': from, ...(visit.to > now && { 'visit.to': to }) };
  return withVisitDefaults({ ...draft, fields }, now, workdayEnds);
}

/** Somebody who was here before: who they are, from where and to whom; when is asked anew. */
export function draftOfKnown(person: VisitView['person'], now: number, workdayEnds: string): PersonDraft {
  const draft = draftOf(person, null);
  const { 'visit.from': _from, 'visit.to': _to, validFrom: _validFrom, validTo: _validTo, ...fields } = draft.fields;
  return withVisitDefaults({ ...draft, fields }, now, workdayEnds);
}

/** Somebody recognised while the form is filled in: who they are as known, the visit as typed. */
export function keepingVisit(typed: PersonDraft, known: PersonDraft): PersonDraft {
  const visit = Object.entries(typed.fields).filter(([, value]) => value.trim() !== '');
  return { ...known, to: typed.to, fields: { ...known.fields, ...Object.fromEntries(visit) } };
}

/** A visitor nobody knows yet. */
export const newVisitor = (now: number, workdayEnds: string): PersonDraft =>
  withVisitDefaults(emptyDraft(), now, workdayEnds);
