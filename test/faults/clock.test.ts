import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Station } from '#station/index';
import { virtualClock } from '../unit/station/support/clock.ts';
import { type FakePlatform, fakePlatform, unreachable } from '../unit/station/support/fake-platform.ts';
import { anna, open, portrait, temporaryDir } from '../unit/station/support/station.ts';

/** Clocks that jump while deliveries wait. */

const HOUR = 60 * 60_000;
const never = new AbortController().signal;
let dir: ReturnType<typeof temporaryDir>;
let gate: FakePlatform;
let clock: ReturnType<typeof virtualClock>;
let station: Station;
/** What the wall clock is wrong by; how long things take is not concerned. */
let offset: number;
beforeEach(async () => {
  dir = temporaryDir();
  gate = fakePlatform();
  clock = virtualClock();
  gate.before = () => Promise.reject(unreachable());
  offset = 0;
  const { sleep } = clock;
  const now = () => clock.now() + offset;
  station = await open(dir.path, { gate: gate.definition }, { now, sleep, random: () => 0.9, background: true });
  for (const code of ['P1', 'P2', 'P3'])
    await station.enrol({ photo: { bytes: await portrait() }, person: { ...anna, code }, to: ['gate'] });
  await expect.poll(() => station.outbox.platforms()[0]?.waiting).toBeGreaterThan(0);
});
afterEach(async () => {
  await station.close();
  clock.stop();
  dir.remove();
});

describe('deliveries that wait', () => {
  it.each([
    ['back an hour', -HOUR],
    ['back a day', -24 * HOUR],
    ['forward a day', 24 * HOUR],
  ])('are sent, each once, when the clock is set %s', async (_how, jump) => {
    const before = clock.now();
    offset = jump;
    gate.before = () => undefined;
    await expect
      .poll(() => station.outbox.list().every(({ state }) => state === 'delivered' || state === 'verified'), {
        timeout: 15_000,
      })
      .toBe(true);
    expect(gate.requests.filter((request) => request.startsWith('add'))).toHaveLength(3);
    // Nobody waited the hour out.
    expect(clock.now() - before).toBeLessThan(HOUR / 2);
    // The audit trail is a chain, not a calendar.
    expect(station.audit.verify()).toMatchObject({ whole: true });
    await station.outbox.run({ signal: never });
    expect(gate.requests.filter((request) => request.startsWith('add'))).toHaveLength(3);
  });
});
