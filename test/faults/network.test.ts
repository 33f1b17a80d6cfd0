import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '#lab/index';
import { personOf, portraitFor } from '#main/cli/bench/faults/people';
import { isSuccess } from '#shared/delivery';
import { portrait } from '../fixtures/faces.ts';
import { ALL, some } from './support/extent.ts';
import { FIVE, labStation } from './support/lab-station.ts';

/** A network that is gone for a whole batch, names that do not resolve, and a wish to stop in the middle. */

const never = new AbortController().signal;
let lab: Lab;
let dataDir: string;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'vestibule-network-'));
});
afterEach(async () => {
  await lab.reset();
  rmSync(dataDir, { recursive: true, force: true });
});

const enrolBatch = async (station: Awaited<ReturnType<typeof labStation>>, count: number) => {
  const photo = await portrait();
  for (let n = 1; n <= count; n += 1)
    await station.enrol({
      photo: { bytes: await portraitFor(photo, { portrait: 0 }) },
      person: personOf({ code: `N${n}`, number: n }),
      to: FIVE,
      onSimilar: 'force',
      urgency: 'batch',
    });
};
const expectAllOnce = (count: number) => {
  for (const id of FIVE) {
    const there = (lab.people()[id] ?? []).map(({ key, photo }) => [key, (photo?.length ?? 0) > 1_000]);
    expect([id, there.sort()]).toEqual([id, Array.from({ length: count }, (_, n) => [`N${n + 1}`, true])]);
  }
};

describe('a network that is gone', () => {
  it('for the whole batch, and back: everybody arrives once, by themselves', async () => {
    const count = ALL ? 9 : 2;
    for (const platform of FIVE) await lab.order({ platform, mode: 'off' });
    const station = await labStation(dataDir, lab.config, { background: true });
    await enrolBatch(station, count);
    await expect
      .poll(() => station.outbox.platforms().map(({ circuit }) => circuit), { timeout: 10_000 })
      .not.toContain('closed');
    await lab.clearFaults();
    await expect
      .poll(() => station.outbox.list().every(({ state }) => isSuccess(state)), { timeout: 60_000 })
      .toBe(true);
    expectAllOnce(count);
    await station.close();
  }, 90_000);

  it('as names that do not resolve: everybody waits, and arrives when they do', async () => {
    const nowhere = Object.fromEntries(
      FIVE.map((id) => [
        id,
        {
          ...lab.config.platforms[id],
          baseUrl: `http://${id}.invalid:1${id === 'hcp' ? '/artemis' : ''}`,
          allowHttp: true,
        },
      ]),
    );
    const lost = await labStation(dataDir, { platforms: nowhere });
    await enrolBatch(lost, 1);
    await lost.outbox.run({ signal: never });
    for (const { platform, state, error } of lost.outbox.list())
      expect([platform, state, error?.kind]).toEqual([platform, 'waiting', 'unreachable']);
    await lost.close();
    const found = await labStation(dataDir, lab.config);
    await found.outbox.run({ signal: never, until: 'settled', deadlineMs: 30_000 });
    expectAllOnce(1);
    await found.close();
  });
});

describe.skipIf(process.platform === 'win32')('a command that is asked to stop in the middle of a delivery', () => {
  it.each(some(['SIGTERM', 'SIGINT'] as const, 1))(
    '(%s) ends with 130, leaves nothing running, and the next one finishes',
    async (wish) => {
      const station = await labStation(dataDir, lab.config);
      await enrolBatch(station, 1);
      await station.close();
      const config = join(dataDir, 'config.json');
      writeFileSync(config, JSON.stringify(lab.config), { mode: 0o600 });
      for (const platform of FIVE) await lab.order({ platform, mode: 'act-then-hang', times: 1 });
      const cli = fileURLToPath(new URL('../../src/main/cli/index.ts', import.meta.url));
      const args = [cli, 'outbox', 'run', '--wait', '60', '--config', config, '--data', dataDir];
      const child = spawn(process.execPath, args, { stdio: 'ignore' });
      const gone = once(child, 'exit');
      const hanging = () => FIVE.every((id) => lab.log(id).some(({ code }) => code.startsWith('fault:')));
      await expect.poll(hanging, { timeout: 30_000 }).toBe(true);
      child.kill(wish);
      expect((await gone)[0]).toBe(130);

      const next = await labStation(dataDir, lab.config);
      expect(next.outbox.list().map(({ state }) => state)).toEqual(FIVE.map(() => 'queued'));
      await next.outbox.run({ signal: never, until: 'settled', deadlineMs: 30_000 });
      expectAllOnce(1);
      await next.close();
    },
    60_000,
  );
});
