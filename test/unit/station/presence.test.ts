import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '#shared/contract';
import type { FaultError } from '#shared/fault';
import type { SettingsStore } from '#station/api';
import type { Journal } from '#station/journal/index';
import { createPresenceDesk } from '#station/presence';

const MINUTE = 60_000;

function desk(presence: Settings['presence'], pinSet = false) {
  let time = 1_000;
  const audited: string[] = [];
  const settings = { get: () => ({ ...DEFAULT_SETTINGS, presence }) } as SettingsStore;
  const journal = { audit: { append: ({ action }: { action: string }) => audited.push(action) } } as unknown as Journal;
  const pin = {
    demand: async (given: string | undefined) => {
      if (pinSet && given !== '4711') throw new Error('pin-wrong');
    },
  } as Parameters<typeof createPresenceDesk>[0]['pin'];
  return {
    desk: createPresenceDesk({ settings, pin, journal, actor: () => 'desk', now: () => time }),
    audited,
    pass: (ms: number) => {
      time += ms;
    },
  };
}

function code(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    return (error as FaultError).fault.code;
  }
}

describe('the account of the presence check', () => {
  it('says off where it is not asked for, whatever the page claims', () => {
    const { desk: station } = desk('off');
    expect(station.record(undefined)).toEqual({ result: 'off', at: 1_000, actions: [] });
    expect(station.record({ result: 'passed', actions: ['blink'] }).result).toBe('off');
  });

  it('writes down what the page says it did, with the station’s time', () => {
    const { desk: station, pass } = desk('on');
    pass(5);
    expect(station.record({ result: 'passed', actions: ['turn-left', 'blink'] })).toEqual({
      result: 'passed',
      at: 1_005,
      actions: ['turn-left', 'blink'],
    });
  });

  it('takes no picture without the check that nobody permitted', () => {
    const { desk: station } = desk('on');
    expect(code(() => station.record(undefined))).toBe('presence-required');
    expect(code(() => station.record({ result: 'skipped', permission: 'made up' }))).toBe('presence-required');
  });

  it('takes one with a permission, once it is taken no second one, and none that is old', async () => {
    const { desk: station, audited, pass } = desk('on');
    const report = { result: 'skipped' as const, permission: await station.permit(undefined) };
    expect(audited).toEqual(['presence-skip']);
    // A picture that is refused does not use it up.
    expect(station.record(report).result).toBe('skipped');
    expect(station.record(report).result).toBe('skipped');
    station.spend(report);
    expect(code(() => station.record(report))).toBe('presence-required');
    const late = { result: 'skipped' as const, permission: await station.permit(undefined) };
    pass(11 * MINUTE);
    expect(code(() => station.record(late))).toBe('presence-required');
  });

  it('permits nothing without the PIN where one is set', async () => {
    const { desk: station, audited } = desk('on', true);
    await expect(station.permit(undefined)).rejects.toThrow('pin-wrong');
    expect(audited).toEqual([]);
    await expect(station.permit('4711')).resolves.toMatch(/./);
  });
});
