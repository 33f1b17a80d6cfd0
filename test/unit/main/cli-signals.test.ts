import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { interruptSignal, untilAborted } from '#main/cli/signals';

class FakeProcess extends EventEmitter {
  exits: number[] = [];
  exit(code: number): never {
    this.exits.push(code);
    return undefined as never;
  }
}

describe('interruptSignal', () => {
  it('asks once, however often the same wish arrives, and ends at a second wish', async () => {
    const target = new FakeProcess();
    let now = 10_000;
    const signal = interruptSignal(target as unknown as NodeJS.Process, () => now);
    expect(signal.aborted).toBe(false);
    target.emit('SIGINT');
    expect(signal.aborted).toBe(true);
    await untilAborted(signal);
    now += 9;
    target.emit('SIGINT');
    expect(target.exits).toEqual([]);
    now += 2_000;
    target.emit('SIGTERM');
    expect(target.exits).toEqual([130]);
  });
});
