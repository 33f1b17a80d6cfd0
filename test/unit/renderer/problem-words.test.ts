import { describe, expect, it } from 'vitest';
import { personProblems } from '#shared/person';
import { brokenRule, groupProblems } from '../../../src/renderer/lib/problem-words.ts';

describe('brokenRule', () => {
  it.each([
    ['phone is required', 'missing', {}],
    ['is missing', 'missing', {}],
    ['visit.host: visitors need a host who is on this platform', 'hostMissing', {}],
    ['visit.from: visitors need the start of the visit', 'missing', {}],
    ['code: letters and digits alone, 1 to 32', 'lettersDigits', { max: '32' }],
    ['card has digits and letters alone, at most 20 of them', 'lettersDigits', { max: '20' }],
    ['card: digits alone, 1 to 20', 'digits', { max: '20' }],
    ['phone: 6 to 18 digits', 'digitsRange', { min: '6', max: '18' }],
    ['code is 40 characters long; at most 32 are taken', 'tooLong', { max: '32' }],
    ['name: at most 40 characters', 'tooLong', { max: '40' }],
    ['email: an e-mail address', 'email', {}],
    ['the visit ends before it begins', 'timeOrder', {}],
    ['validTo lies after 2037, the last year this platform knows', 'lastYear', { year: '2037' }],
    ['code must not be “all”: that word means every user on the terminal', 'reserved', {}],
    ['something nobody thought of', null, {}],
  ])('%s', (message, rule, values) => {
    expect(brokenRule(message)).toEqual(rule === null ? null : { rule, values });
  });

  it('has words for what the shape of a person says', () => {
    const wrong = personProblems({ kind: 'staff', code: 'x'.repeat(65), name: { family: 'A' }, validTo: 'tomorrow' });
    expect(wrong.map(({ field, message }) => [field, brokenRule(message)?.rule])).toEqual([
      ['code', 'tooLong'],
      ['validTo', 'time'],
    ]);
  });
});

describe('groupProblems', () => {
  it('tells one rule once, with everybody who minds', () => {
    const groups = groupProblems([
      { field: 'code', message: 'code: letters and digits alone, 1 to 32', platform: 'megvii' },
      { field: 'code', message: 'code has letters and digits alone, 1 to 32 of them', platform: 'other' },
      { field: 'code', message: 'code is 70 characters long; at most 64 are taken', platform: 'hcp' },
      { field: 'code', message: 'odd' },
    ]);
    expect(groups.map(({ broken, platforms, everybody }) => [broken?.rule ?? null, platforms, everybody])).toEqual([
      ['lettersDigits', ['megvii', 'other'], false],
      ['tooLong', ['hcp'], false],
      [null, [], true],
    ]);
    expect(groups[0]?.messages).toHaveLength(2);
  });
});
