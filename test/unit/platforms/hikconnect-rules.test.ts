import { describe, expect, it } from 'vitest';
import { type Inspection, unknownMeasures } from '#shared/measures';
import type { Person } from '#shared/person';
import { personFields } from '../../../src/platforms/hikconnect/enrol.ts';
import { filtersFor } from '../../../src/platforms/hikconnect/lookup.ts';
import { predict, problems, validity, wireName } from '../../../src/platforms/hikconnect/rules.ts';
import { passName } from '../../../src/platforms/hikconnect/temporary-pass.ts';

const staff: Person = { kind: 'staff', code: 'TP012345', name: { family: 'Lim', given: 'Anna' } };
const visit = { from: '2026-11-22T09:00:00+08:00', to: '2026-11-22T18:00:00+08:00' };
const visitor: Person = { ...staff, kind: 'visitor', visit };
const fields = (person: Person) => problems(person).map(({ field }) => field);
const placement = { groupId: '7', accessLevelIds: [], singleName: 'repeat' as const };

describe('Hik-Connect names (5.8.5)', () => {
  it('never leaves a part empty', () => {
    expect(wireName({ family: 'Lim', given: 'Anna' }, 'repeat')).toEqual({ firstName: 'Anna', lastName: 'Lim' });
    expect(wireName({ display: 'Madonna' }, 'repeat')).toEqual({ firstName: 'Madonna', lastName: 'Madonna' });
    expect(wireName({ display: 'Madonna' }, 'dash')).toEqual({ firstName: 'Madonna', lastName: '-' });
    expect(wireName({ given: 'Anna' }, 'dash')).toEqual({ firstName: 'Anna', lastName: '-' });
    expect(wireName({ display: '李小明' }, 'repeat')).toEqual({ firstName: '小明', lastName: '李' });
  });

  it('searches by the longest part, which fits however the platform joins them', () => {
    expect(
      filtersFor({ ...staff, name: { family: 'Featherstonehaugh', given: 'Al' }, phone: '1', email: 'a@b.c' }),
    ).toEqual([{ name: 'Featherstonehaugh' }, { phone: '1' }, { email: 'a@b.c' }]);
    expect(filtersFor({ ...staff, name: { display: 'Madonna' } })).toEqual([{ name: 'Madonna' }]);
  });
});

describe('Hik-Connect validity', () => {
  it('begins now and ends within 2037 in every time zone where nothing is said', () => {
    const { startDate, endDate } = validity(staff, Date.UTC(2026, 10, 22));
    expect(Date.parse(startDate)).toBe(Date.UTC(2026, 10, 22));
    expect(startDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
    const end = Date.parse(endDate);
    expect(new Date(end + 14 * 3_600_000).getUTCFullYear()).toBe(2037);
  });

  it('keeps the offset a time was written with, and drops fractions and Z', () => {
    const person = { ...staff, validFrom: '2026-01-01T00:00:00.123+08:00', validTo: '2027-01-01T00:00:00Z' };
    const { startDate, endDate } = validity(person, 0);
    expect(startDate).toBe('2026-01-01T00:00:00+08:00');
    expect(endDate).toMatch(/[+-]\d\d:\d\d$/);
    expect(Date.parse(endDate)).toBe(Date.parse('2027-01-01T00:00:00Z'));
  });

  it('is the visit for a visitor', () => {
    expect(validity(visitor, 0)).toEqual({ startDate: visit.from, endDate: visit.to });
  });
});

describe('Hik-Connect person rules', () => {
  it('takes a plain person of each kind', () => {
    expect(problems(staff)).toEqual([]);
    expect(problems(visitor)).toEqual([]);
  });

  it.each<[string, Partial<Person>]>([
    ['code', { code: 'TP-1' }],
    ['code', { code: 'x'.repeat(17) }],
    ['name', { name: { family: 'x'.repeat(128), given: 'y'.repeat(128) } }],
    ['name', { name: { display: 'x'.repeat(128) } }],
    ['phone', { phone: '1'.repeat(33) }],
    ['email', { email: `${'x'.repeat(60)}@b.cd` }],
    ['remark', { remark: 'r'.repeat(129) }],
    ['validTo', { validTo: '2038-01-01T00:00:00+08:00' }],
    ['validTo', { validFrom: '2027-01-01T00:00:00+08:00', validTo: '2026-01-01T00:00:00+08:00' }],
  ])('names %s when it does not fit', (field, over) => {
    expect(fields({ ...staff, ...over })).toEqual([field]);
  });

  it('demands both times of a visit', () => {
    expect(fields({ ...visitor, visit: {} })).toEqual(['visit.from', 'visit.to']);
  });

  it('says 0 for female, 1 for male, 2 for unknown', () => {
    const gender = (word: Person['gender']) => personFields({ ...staff, gender: word }, placement, 0).gender;
    expect([gender('female'), gender('male'), gender('unknown'), gender(undefined)]).toEqual([0, 1, 2, 2]);
  });

  it('sends nothing that was not given', () => {
    expect(Object.keys(personFields(staff, placement, 0)).sort()).toEqual([
      'endDate',
      'firstName',
      'gender',
      'groupId',
      'lastName',
      'personCode',
      'startDate',
    ]);
  });
});

describe('Hik-Connect prediction', () => {
  const face = { box: { x: 0, y: 0, width: 100, height: 100 }, score: 1, relativeSize: 1 };
  const seen = (faces: Inspection['faces'], interEyeDistance: number | null): Inspection => ({
    width: 480,
    height: 640,
    faces,
    box: null,
    eyes: null,
    measures: { ...unknownMeasures(), interEyeDistance },
    ms: 0,
  });

  it('says what a door would certainly refuse, and nothing else', () => {
    expect(predict(seen([face], 90))).toBeNull();
    expect(predict(seen([face], null))).toBeNull();
    expect(predict(seen([], null))?.code).toBe('THD_ISAPI_0x60000036');
    expect(predict(seen([face, face], 90))?.code).toBe('THD_ISAPI_0x60000035');
    expect(predict(seen([face], 20))?.code).toBe('THD_ISAPI_0x6000603b');
    const turned = (measures: Partial<Inspection['measures']>) => {
      const look = seen([face], 90);
      return predict({ ...look, measures: { ...look.measures, ...measures } })?.code ?? null;
    };
    expect(turned({ yaw: 20, pitch: -20, roll: 15, eyesVisible: 1, mouthNoseVisible: 0.9 })).toBeNull();
    expect(turned({ mouthNoseVisible: 0 })).toBe('THD_ISAPI_0x6000603e');
    expect(turned({ roll: 180 })).toBe('THD_ISAPI_0x6000603e');
    expect(turned({ yaw: -60 })).toBe('THD_ISAPI_0x6000603e');
  });
});

describe('the name of a temporary pass (5.6.4)', () => {
  it('ends with our key and has at most 32 characters', () => {
    expect(passName({ name: { display: 'Bea Tan' }, code: 'V1' })).toBe('Bea Tan (V1)');
    const long = passName({ name: { display: '𠮷'.repeat(60) }, code: 'A234567890123456' });
    expect(long.length).toBeLessThanOrEqual(32);
    expect(long.startsWith('𠮷𠮷𠮷𠮷𠮷𠮷 (')).toBe(true);
    expect(long.endsWith(' (A234567890123456)')).toBe(true);
  });
});

describe('a card number (5.8.11)', () => {
  it.each([
    ['0012345678', true],
    ['A1', true],
    ['1'.repeat(21), false],
    ['12 34', false],
  ])('%s', (card, fine) => {
    const person: Person = { kind: 'staff', code: 'TP1', name: { display: 'Anna Lim' }, card };
    expect(problems(person).map(({ field }) => field)).toEqual(fine ? [] : ['card']);
  });
});
