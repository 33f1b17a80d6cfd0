import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakePlatform, unreachable } from '../unit/station/support/fake-platform.ts';
import { anna, open, portrait, temporaryDir } from '../unit/station/support/station.ts';
import { ALL, SEED, seeded } from './support/extent.ts';

/** kill -9 while everything is sealed with another key. */

let dir: ReturnType<typeof temporaryDir>;
beforeEach(() => {
  dir = temporaryDir();
});
afterEach(() => dir.remove());

const worker = fileURLToPath(new URL('./support/rotate-worker.ts', import.meta.url));
/** Starts a rotation, under an open station or not, and kills it: at a phase, or `ms` after it began. Resolves with whether it ended before. */
async function rotate(kill: { phase: string } | { ms: number; open?: boolean } | null): Promise<boolean> {
  const phase = kill !== null && 'phase' in kill ? kill.phase : '';
  const open = kill !== null && 'ms' in kill && kill.open;
  const child = spawn(process.execPath, [worker, dir.path, open ? 'open' : phase], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let done = false;
  const gone = once(child, 'exit');
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'done') done = true;
    if (line === phase) child.kill('SIGKILL');
    if (line === 'key' && kill !== null && 'ms' in kill) void delay(kill.ms).then(() => child.kill('SIGKILL'));
  });
  await gone;
  return done;
}

describe('a change of the key that is killed', () => {
  it('leaves everything readable each time, and ends when it is run again', async () => {
    const gate = fakePlatform();
    gate.before = () => Promise.reject(unreachable());
    const codes = Array.from({ length: 12 }, (_, n) => `P${n}`);
    const bytes = await portrait();
    const first = await open(dir.path, { gate: gate.definition }, { random: () => 0 });
    for (const code of codes) await first.enrol({ photo: { bytes }, person: { ...anna, code }, to: ['gate'] });
    await first.close();

    const random = seeded(SEED);
    const kills = [
      { phase: 'journal' },
      ...Array.from({ length: ALL ? 30 : 1 }, () => ({ ms: random() * 60 })),
      ...Array.from({ length: ALL ? 30 : 1 }, () => ({ ms: random() * 60, open: true })),
      ...(ALL ? [{ phase: 'key' }, { phase: 'photos' }] : []),
    ];
    for (const kill of kills) {
      await rotate(kill);
      const station = await open(dir.path, { gate: gate.definition });
      expect(station.outbox.list().map(({ code }) => code)).toEqual(codes);
      expect(station.audit.verify()).toMatchObject({ whole: true });
      await station.close();
    }
    expect(await rotate(null)).toBe(true);
    expect(existsSync(join(dir.path, 'key.next'))).toBe(false);
    gate.before = () => undefined;
    const last = await open(dir.path, { gate: gate.definition }, { random: () => 0 });
    await last.outbox.run({ signal: new AbortController().signal, until: 'settled' });
    expect([...gate.people.keys()].sort()).toEqual([...codes].sort());
    await last.close();
  }, 300_000);
});
