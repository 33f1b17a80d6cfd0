import type { VisitState, VisitView } from '#shared/visits';

export const FILTERS = ['all', 'expected', 'here', 'overstay', 'left'] as const;
export type Filter = (typeof FILTERS)[number];

const STATES: Record<Filter, readonly VisitState[]> = {
  all: ['expected', 'overdue', 'here', 'overstay', 'left'],
  expected: ['expected', 'overdue'],
  here: ['here', 'overstay'],
  overstay: ['overstay'],
  left: ['left'],
};

const folded = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** Visits of a filter in which every word of a query occurs: in code, name, company, host or phone. A badge's code is found whole. */
export function matching(visits: readonly VisitView[], query: string, filter: Filter): VisitView[] {
  const words = folded(query).split(/\s+/).filter(Boolean);
  return visits.filter(({ state, code, name, person, hostName }) => {
    const text = folded(
      [code, name, person.visit?.company, person.visit?.host, hostName, person.phone].filter(Boolean).join(' '),
    );
    return STATES[filter].includes(state) && words.every((word) => text.includes(word));
  });
}

export function countFilters(visits: readonly VisitView[]): Record<Filter, number> {
  const count = (filter: Filter) => visits.filter(({ state }) => STATES[filter].includes(state)).length;
  return {
    all: count('all'),
    expected: count('expected'),
    here: count('here'),
    overstay: count('overstay'),
    left: count('left'),
  };
}
