import { describe, expect, it } from 'vitest';
import { FAULT_KINDS, type Fault, type FaultKind } from '#shared/fault';
import {
  afterFault,
  BACKOFF,
  backoffMs,
  gateAfter,
  isClosed,
  mayHaveActed,
} from '../../../src/station/outbox/policy.ts';
import { photoExpiry, RETENTION, retentionOf, SUPERSEDED } from '../../../src/station/outbox/retention.ts';

const fault = (kind: FaultKind, retryAfterMs?: number): Fault => ({
  kind,
  code: 'x',
  message: 'x',
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
const now = 1_000_000;
const following = (patch: Partial<Parameters<typeof afterFault>[0]> & { fault: Fault }) =>
  afterFault({ failures: 0, previous: null, now, random: 0.5, ...patch });

describe('back-off', () => {
  it('doubles up to five minutes, and the jitter fills all of it', () => {
    expect([0, 1, 2, 3].map((failures) => backoffMs(failures, 0.5))).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(backoffMs(60, 0.999_999)).toBeLessThan(BACKOFF.capMs);
    expect(backoffMs(60, 0.999_999)).toBeGreaterThan(BACKOFF.capMs - 1_000);
    expect(backoffMs(5_000, 0.5)).toBe(BACKOFF.capMs / 2);
  });
  it('never runs hot', () => {
    expect(backoffMs(0, 0)).toBe(BACKOFF.floorMs);
  });
});

describe('what follows a fault', () => {
  const transient: FaultKind[] = ['unreachable', 'time-out', 'rate', 'server', 'clock'];
  it.each(FAULT_KINDS.map((kind) => [kind]))('%s', (kind) => {
    const expected = transient.includes(kind) ? { state: 'waiting', until: now + 1_000 } : { state: 'refused' };
    expect(following({ fault: fault(kind) })).toEqual(expected);
  });
  it('never gives a transient fault up', () => {
    expect(following({ fault: fault('unreachable'), failures: 100_000, previous: 'unreachable' }).state).toBe(
      'waiting',
    );
  });
  it('tries a wrong clock once more and then refuses', () => {
    expect(following({ fault: fault('clock') }).state).toBe('waiting');
    expect(following({ fault: fault('clock'), previous: 'unreachable' }).state).toBe('waiting');
    expect(following({ fault: fault('clock'), previous: 'clock' }).state).toBe('refused');
  });
  it('comes back when asked to, never earlier, a little spread', () => {
    expect(following({ fault: fault('rate', 30_000), random: 0 })).toEqual({ state: 'waiting', until: now + 30_000 });
    expect(following({ fault: fault('rate', 30_000), random: 0.5 })).toEqual({ state: 'waiting', until: now + 31_500 });
    expect(following({ fault: fault('server', 5_000), random: 0 })).toEqual({ state: 'waiting', until: now + 5_000 });
  });
  it('does not believe a platform that wants a year', () => {
    const { until } = following({ fault: fault('rate', 365 * 86_400_000), random: 0 }) as { until: number };
    expect(until).toBe(now + BACKOFF.askedCapMs);
  });
});

describe('the gate of a platform', () => {
  const waiting = { state: 'waiting', until: now + 5_000 } as const;
  it('closes after faults of the platform, longer each time, and opens after any answer', () => {
    const first = gateAfter(fault('unreachable'), null, waiting, now);
    expect(first).toEqual({ failures: 1, since: now, until: now + 5_000 });
    expect(gateAfter(fault('time-out'), first, waiting, now)).toMatchObject({ failures: 2 });
    expect(gateAfter(null, first, null, now)).toBeNull();
    expect(gateAfter(fault('quality'), first, { state: 'refused' }, now)).toBeNull();
    expect(gateAfter(fault('clock'), first, waiting, now)).toBeNull();
  });
  it('is closed until its time, and open when the clock was set back', () => {
    const gate = { failures: 1, since: now, until: now + 5_000 };
    expect([now - 1, now, now + 4_999, now + 5_000].map((at) => isClosed(gate, at))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isClosed(undefined, now)).toBe(false);
  });
});

describe('retention of a photo', () => {
  const delivery = (state: Parameters<typeof photoExpiry>[0][number]['state'], error: Fault | null = null) => ({
    state,
    error,
    updatedAt: now,
  });
  it('keeps it while a delivery is on its way, however long', () => {
    for (const state of ['queued', 'running', 'waiting'] as const)
      expect(photoExpiry([delivery('delivered'), delivery(state), delivery('refused')])).toBeNull();
  });
  it('keeps it a week where somebody has to do something, or as long as the site says', () => {
    for (const state of ['asking', 'refused'] as const) {
      expect(photoExpiry([delivery('delivered'), delivery(state)])).toBe(now + 7 * 86_400_000);
      expect(photoExpiry([delivery(state)], retentionOf({ failedPhotosDays: 0 }))).toBe(now);
    }
  });
  it('counts from the delivery, not from the last look at it', () => {
    const looked = { ...delivery('verified'), deliveredAt: now - 5_000 };
    expect(photoExpiry([looked], retentionOf({ deliveredPhotosDays: 2 }))).toBe(now - 5_000 + 2 * 86_400_000);
  });
  it('deletes it at once after the last is delivered, verified or superseded', () => {
    expect(photoExpiry([delivery('delivered'), delivery('verified'), delivery('abandoned', SUPERSEDED)])).toBe(now);
  });
  it('keeps it a while after somebody gave up', () => {
    expect(photoExpiry([delivery('delivered'), delivery('abandoned')])).toBe(now + RETENTION.abandonedMs);
  });
});

describe('what may have acted', () => {
  it('is whatever was not refused in the platform’s own words', () => {
    const open = FAULT_KINDS.filter((kind) => mayHaveActed({ kind, code: 'x', message: 'x' }));
    expect(open.sort()).toEqual(['protocol', 'server', 'time-out']);
  });
});
