import { describe, expect, it } from 'vitest';
import {
  afterUnknownCode,
  ask,
  codesStillCounted,
  consentProblem,
  FULL_ALLOWANCE,
  isTooShort,
} from '../../../src/station/kiosk-policy.ts';
import { lockedFor, NO_TRIES } from '../../../src/station/pin-policy.ts';

const MINUTE = 60_000;
const NOW = 1_000 * MINUTE;

describe('what somebody agreed to', () => {
  const shown = new Map([['en-1', { kind: 'staff' as const, at: NOW - MINUTE }]]);
  const current = new Set(['en-1', 'zh-CN-1']);
  const judge = (version: string, at: number, kind: 'staff' | 'visitor' = 'staff') =>
    consentProblem({ version, at }, kind, shown, current, NOW);

  it('holds where this window was told it, for such a person, a moment ago', () => {
    expect(judge('en-1', NOW)).toBeNull();
    expect(judge('en-1', NOW - MINUTE)).toBeNull();
    expect(consentProblem(undefined, 'staff', shown, current, NOW)).toBe('missing');
    expect(judge('zh-CN-1', NOW)).toBe('missing');
    expect(judge('en-1', NOW, 'visitor')).toBe('missing');
  });

  it('is stale before it was told, in the future, after half an hour, and once the words have changed', () => {
    expect(judge('en-1', NOW - 3 * MINUTE)).toBe('stale');
    expect(judge('en-1', NOW + 2 * MINUTE)).toBe('stale');
    const old = new Map([['en-1', { kind: 'staff' as const, at: 0 }]]);
    expect(consentProblem({ version: 'en-1', at: NOW - 31 * MINUTE }, 'staff', old, current, NOW)).toBe('stale');
    expect(consentProblem({ version: 'en-1', at: NOW }, 'staff', shown, new Set(['en-2']), NOW)).toBe('stale');
  });
});

describe('unknown codes', () => {
  it('lock after five, for longer each time, and are forgiven one by one', () => {
    let tries = NO_TRIES;
    for (let n = 0; n < 5; n++) tries = afterUnknownCode(tries, NOW);
    expect(lockedFor(tries, NOW)).toBe(30_000);
    tries = afterUnknownCode(tries, NOW + 30_000);
    expect(lockedFor(tries, NOW + 30_000)).toBe(60_000);
    expect(codesStillCounted(tries, NOW + 31_000 + 10 * MINUTE).failures).toBe(4);
    expect(codesStillCounted(tries, NOW + 60 * MINUTE)).toBe(NO_TRIES);
    // A clock that was set back forgives nothing.
    expect(codesStillCounted(tries, NOW - MINUTE).failures).toBe(6);
  });

  it('cannot be guessed faster than one in five minutes for long', () => {
    let tries = NO_TRIES;
    let guesses = 0;
    for (let at = NOW; at < NOW + 24 * 60 * MINUTE; at += 1_000) {
      if (lockedFor(codesStillCounted(tries, at), at) > 0) continue;
      tries = afterUnknownCode(tries, at);
      guesses += 1;
    }
    expect(guesses).toBeLessThan(24 * 12 + 10);
  });
});

describe('hosts', () => {
  it('are asked for with three letters, or two characters', () => {
    for (const query of ['', 'ab', '  a b ', '王', '--a-']) expect(isTooShort(query), query).toBe(true);
    for (const query of ['abc', 'Lim', '王芳', 'Wü.n']) expect(isTooShort(query), query).toBe(false);
  });

  it('are asked for so often and no oftener', () => {
    let { allowance } = ask(FULL_ALLOWANCE, NOW);
    let granted = 1;
    for (let n = 0; n < 100; n++) {
      const next = ask(allowance, NOW + n * 100);
      allowance = next.allowance;
      if (next.granted) granted += 1;
    }
    expect(granted).toBeGreaterThanOrEqual(30);
    expect(granted).toBeLessThanOrEqual(36);
  });
});
