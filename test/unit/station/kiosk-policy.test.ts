import { describe, expect, it } from 'vitest';
import { type Delivery, deliverySchema } from '#shared/delivery';
import {
  afterUnknownCode,
  ask,
  codesStillCounted,
  consentProblem,
  fullAllowance,
  HOSTS_PACE,
  isTooShort,
} from '../../../src/station/kiosk-policy.ts';
import { deliveryAtKiosk, platformAtKiosk } from '../../../src/station/kiosk-view.ts';
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
    let { allowance } = ask(fullAllowance(HOSTS_PACE), HOSTS_PACE, NOW);
    let granted = 1;
    for (let n = 0; n < 100; n++) {
      const next = ask(allowance, HOSTS_PACE, NOW + n * 100);
      allowance = next.allowance;
      if (next.granted) granted += 1;
    }
    expect(granted).toBeGreaterThanOrEqual(30);
    expect(granted).toBeLessThanOrEqual(36);
  });
});

describe('what a window for visitors is told of a delivery', () => {
  const delivery: Delivery = {
    id: 'd',
    enrolment: 'e',
    platform: 'box',
    state: 'asking',
    personId: '4711',
    attempts: 3,
    error: { kind: 'exists', code: '101003', message: 'TP000001 is taken by Anna Lin' },
    warnings: ['the phone number was Anna Lin’s'],
    question: { kind: 'exists', candidate: { code: 'TP000001', name: 'Anna Lin', personId: '88' }, canForce: true },
    nextAttemptAt: 5,
    updatedAt: 4,
    doorDetail: 'Anna Lin at gate 1',
    steps: [{ name: 'person/list', startedAt: 1, endedAt: 2, outcome: 'done', code: '101003' }],
  };
  const told = (change: Partial<Delivery> = {}, now = 60_000) =>
    deliveryAtKiosk({ ...delivery, ...change }, 1_000, now);

  it('is how it goes, and the same whether a code exists, a face resembles another or something is refused', () => {
    const similar = { kind: 'similar' as const, candidate: { name: 'Anna Lin' }, canForce: false };
    expect(JSON.stringify(told())).not.toMatch(/Anna|TP0|4711|101003|exists|person\//);
    expect(told({ question: similar, error: null, personId: null, steps: [], attempts: 1 })).toEqual(told());
    expect(told({ state: 'refused', question: null })).toEqual(told());
    expect(told({ state: 'delivered', error: null, door: 'pending' })).toMatchObject({
      state: 'delivered',
      door: 'pending',
      error: null,
    });
    // What a platform does not show after all is for the desk, without its words.
    expect(told({ state: 'delivered' }).error?.code).toBe('at-desk');
    expect(deliverySchema.safeParse(told()).success).toBe(true);
  });

  it('that needs the desk comes no sooner for one reason than for another, and what went well at once', () => {
    // A code that is taken is known at the first question, a refused picture seconds later: until then both are on their way.
    const running = told({ state: 'running', updatedAt: 1_000 }, 1_500);
    expect(told({ updatedAt: 1_200 }, 1_500)).toEqual(running);
    expect(told({ state: 'refused', updatedAt: 5_900 }, 5_999)).toEqual(running);
    const asking = told({ updatedAt: 1_200 }, 6_000);
    expect(asking).toMatchObject({ state: 'asking', updatedAt: 6_000 });
    expect(told({ state: 'refused', updatedAt: 5_900 }, 6_100)).toEqual(asking);
    expect(told({ state: 'delivered', updatedAt: 1_300 }, 1_500)).toMatchObject({
      state: 'delivered',
      updatedAt: 1_300,
    });
  });

  it('names systems, and not where they are or what else they can do', () => {
    const view = {
      id: 'box',
      kind: 'device',
      title: 'Terminal',
      host: '10.0.0.7:8090',
      capabilities: ['visitor', 'records', 'terminal', 'search', 'pass'],
      required: { staff: [], visitor: ['phone'] },
    };
    expect(platformAtKiosk(view)).toEqual({ ...view, host: '', capabilities: ['visitor', 'pass'] });
  });
});
