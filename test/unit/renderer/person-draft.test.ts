import { describe, expect, it } from 'vitest';
import { personSchema } from '#shared/person';
import {
  changedPerson,
  chosenPlatforms,
  draftOf,
  emptyDraft,
  extraFields,
  type PersonDraft,
  personOf,
  problemsByField,
  withOffset,
} from '../../../src/renderer/lib/person-draft.ts';
import { PLATFORMS } from '../../fixtures/renderer/mock-station.ts';

const draft = (change: Partial<PersonDraft>): PersonDraft => ({ ...emptyDraft(), ...change });

describe('personOf', () => {
  it('leaves out what was not typed', () => {
    expect(personOf(draft({ code: ' TP1 ', family: ' Lim ' }), ['phone'])).toEqual({
      kind: 'staff',
      code: 'TP1',
      name: { family: 'Lim' },
    });
  });

  it('takes only the fields that are shown', () => {
    const typed = draft({ code: 'A', given: 'Bo', fields: { phone: '0123456', email: 'old@example.test' } });
    expect(personOf(typed, ['phone'])).toMatchObject({ phone: '0123456' });
    expect(personOf(typed, ['phone'])).not.toHaveProperty('email');
  });

  it('builds nested fields and times the contract takes', () => {
    const person = personOf(
      draft({
        kind: 'visitor',
        code: 'V1',
        given: 'Bo',
        fields: { 'visit.host': 'Anna', 'visit.from': '2026-11-22T09:30' },
      }),
      ['visit.host', 'visit.from'],
    );
    expect(person.visit?.host).toBe('Anna');
    expect(personSchema.safeParse(person).success).toBe(true);
  });
});

describe('withOffset', () => {
  it.each([
    [480, '2026-11-22T09:30:00+08:00'],
    [0, '2026-11-22T09:30:00+00:00'],
    [-210, '2026-11-22T09:30:00-03:30'],
  ])('%i minutes', (minutes, expected) => {
    expect(withOffset('2026-11-22T09:30', () => minutes)).toBe(expected);
  });
  it('passes on what is no time, for the station to name', () => {
    expect(withOffset('tomorrow')).toBe('tomorrow');
  });
});

describe('chosenPlatforms', () => {
  const ids = (...args: Parameters<typeof chosenPlatforms>) => chosenPlatforms(...args).map((one) => one.id);
  it('is all of them until somebody chooses', () => {
    expect(ids(draft({}), PLATFORMS, null)).toHaveLength(5);
  });
  it('follows the settings, and a choice before them', () => {
    expect(ids(draft({}), PLATFORMS, ['megvii', 'gone'])).toEqual(['megvii']);
    expect(ids(draft({ to: ['hcp'] }), PLATFORMS, ['megvii'])).toEqual(['hcp']);
  });
  it('never sends a visitor where none are taken', () => {
    expect(ids(draft({ kind: 'visitor' }), PLATFORMS, null)).toEqual(['gate', 'senselink', 'megvii']);
  });
});

describe('extraFields', () => {
  it('joins what the platforms demand, each once, without what is always asked', () => {
    const platforms = PLATFORMS.map((one) => ({
      ...one,
      required: { staff: ['name.family', 'phone', 'code'], visitor: [] },
    }));
    expect(extraFields(platforms, 'staff')).toEqual(['phone']);
    expect(extraFields(PLATFORMS, 'visitor')).toEqual(['phone', 'visit.from']);
  });
});

describe('problemsByField', () => {
  it('puts each problem at its input and the rest where everybody sees it', () => {
    const problems = [
      { field: 'code', message: 'too long' },
      { field: 'name', message: 'a name is required' },
      { field: 'phone', message: 'digits' },
      { field: 'idNumber', message: 'hidden' },
    ];
    const found = problemsByField(problems, ['phone']);
    expect(Object.keys(found).toSorted()).toEqual(['code', 'name.family', 'person', 'phone']);
    expect(found.person?.[0]?.field).toBe('idNumber');
  });
});

describe('somebody known', () => {
  const known = {
    kind: 'visitor' as const,
    code: 'V1',
    name: { display: 'Anna Lim' },
    phone: '0123456',
    validTo: '2026-11-22T09:30:00+08:00',
    visit: { host: 'TP9', company: 'Acme' },
  };

  it('becomes a draft and comes back as they were', () => {
    const before = draftOf(known, ['gate']);
    expect(before).toMatchObject({
      code: 'V1',
      family: 'Lim',
      given: 'Anna',
      fields: { phone: '0123456', 'visit.host': 'TP9', 'visit.company': 'Acme' },
      to: ['gate'],
    });
    // Nothing was touched: even the name keeps its form and the time its offset.
    expect(changedPerson(known, before, ['phone', 'validTo', 'visit.host'])).toEqual(known);
  });

  it('changes only in what was typed over', () => {
    const before = draftOf(known, null);
    const fields = { ...before.fields, phone: '', 'visit.host': 'TP10', email: 'a@example.test' };
    const changed = changedPerson(known, { ...before, given: 'Ann', fields }, ['phone', 'visit.host']);
    expect(changed).toEqual({
      kind: 'visitor',
      code: 'V1',
      name: { family: 'Lim', given: 'Ann' },
      validTo: known.validTo,
      visit: { host: 'TP10', company: 'Acme' },
    });
    expect(known.visit.host).toBe('TP9');
  });
});
