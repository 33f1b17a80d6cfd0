import { describe, expect, it } from 'vitest';
import { displayName, nameParts, personProblems } from '#shared/person';

describe('personProblems', () => {
  it('has nothing to say of a person with a kind, a code and a name', () => {
    expect(personProblems({ kind: 'staff', code: 'A1', name: { display: 'Anna Lim' } })).toEqual([]);
  });

  it('names each field that is missing', () => {
    expect(personProblems({ kind: 'staff' })).toEqual([
      { field: 'code', message: 'is missing' },
      { field: 'name', message: 'is missing' },
    ]);
    expect(personProblems({ kind: 'staff', code: 'A1', name: {} })).toEqual([
      { field: 'name', message: 'a name is required: family, given or display' },
    ]);
  });

  it('names what is wrong with a field', () => {
    const problems = personProblems({ kind: 'robot', code: ' ', name: { display: 'A' }, validTo: '2026-01-01' });
    expect(problems.map(({ field }) => field)).toEqual(['kind', 'code', 'validTo']);
  });

  it('takes no time without an offset, which would mean another instant on each platform', () => {
    const person = { kind: 'staff', code: 'A1', name: { display: 'A' }, validTo: '2026-01-01T00:00:00' };
    expect(personProblems(person)).toHaveLength(1);
    expect(personProblems({ ...person, validTo: '2026-01-01T00:00:00+08:00' })).toEqual([]);
  });

  it.each([null, 'Anna', 7, []])('survives %j', (value) => {
    expect(personProblems(value).length).toBeGreaterThan(0);
  });
});

describe('names', () => {
  it('are shown in the order of their script', () => {
    expect(displayName({ family: 'Lim', given: 'Anna' })).toBe('Anna Lim');
    expect(displayName({ family: '林', given: '安娜' })).toBe('林安娜');
    expect(displayName({ family: 'Lim', given: 'Anna', display: 'Dr Lim' })).toBe('Dr Lim');
  });

  it('come apart where a platform wants two', () => {
    expect(nameParts({ display: 'Anna Maria Lim' })).toEqual({ family: 'Lim', given: 'Anna Maria' });
    expect(nameParts({ display: '林安娜' })).toEqual({ family: '林', given: '安娜' });
    expect(nameParts({ display: '欧阳娜娜' })).toEqual({ family: '欧阳', given: '娜娜' });
    expect(nameParts({ display: '司马' })).toEqual({ family: '司', given: '马' });
    expect(nameParts({ display: 'Tan, Wei Ming' })).toEqual({ family: 'Tan', given: 'Wei Ming' });
    expect(nameParts({ display: 'Tan，Wei' })).toEqual({ family: 'Tan', given: 'Wei' });
    expect(nameParts({ display: 'Anna Lim, ' })).toEqual({ family: 'Lim', given: 'Anna' });
    expect(nameParts({ display: 'Anna' })).toEqual({ family: 'Anna', given: '' });
    expect(nameParts({ family: 'Lim', display: 'Anna Lim' })).toEqual({ family: 'Lim', given: '' });
  });
});
