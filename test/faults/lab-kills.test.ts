import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '#lab/index';
import { FIVE, person } from './support/lab-station.ts';
import { type StationProcess, stationProcess } from './support/process.ts';

/**
 * kill -9 at every request of every platform: each platform acts on one request and never answers it, the station is killed
 * while it waits, and another goes on. All five are caught at once, round by round.
 */

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());

const there = (id: string) =>
  (lab.people()[id] ?? [])
    .filter(({ key }) => key === person.code)
    .map(({ photo }) => photo !== null && photo.length > 1_000);

/** Runs `work` with a data folder and processes that are gone afterwards. */
async function withFolder(
  work: (start: () => Promise<StationProcess>, dataDir: string) => Promise<void>,
): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'vestibule-kills-'));
  const started: StationProcess[] = [];
  try {
    await work(async () => {
      const one = await stationProcess(new URL('./support/lab-worker.ts', import.meta.url), [
        dataDir,
        JSON.stringify(lab.config),
      ]);
      started.push(one);
      return one;
    }, dataDir);
  } finally {
    for (const one of started) await one.kill();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The distinct requests of an undisturbed enrolment, platform by platform, in their order. */
async function requestsOfAll(): Promise<Map<string, string[]>> {
  await withFolder(async (start) => {
    const station = await start();
    await station.ask({ do: 'enrol' });
    await station.ask({ do: 'run' });
  });
  return new Map(FIVE.map((id) => [id, [...new Set(lab.log(id).map(({ path }) => path))]]));
}

describe('a station killed at every request of every platform', () => {
  it.each(['act-then-hang', 'hang'] as const)(
    '(%s) loses nobody, enrols nobody twice, and leaves nobody without a photo',
    async (mode) => {
      await lab.reset();
      const requests = await requestsOfAll();
      const rounds = Math.max(...[...requests.values()].map((paths) => paths.length));
      expect(rounds).toBeGreaterThan(2);
      let kills = 0;
      for (let round = 0; round < rounds; round += 1) {
        await lab.reset();
        const caught: string[] = [];
        for (const [id, paths] of requests) {
          const path = paths[round];
          if (path === undefined) continue;
          await lab.order({ platform: id, mode, path, times: 1 });
          caught.push(id);
        }
        await withFolder(async (start, dataDir) => {
          const victim = await start();
          await victim.ask({ do: 'enrol' });
          victim.ask({ do: 'run' }).catch(() => undefined);
          const hanging = (id: string) => lab.log(id).some(({ code }) => code.startsWith(`fault:${mode}`));
          await expect.poll(() => caught.filter((id) => !hanging(id)), { timeout: 15_000 }).toEqual([]);
          await victim.kill();
          kills += caught.length;
          await lab.clearFaults();

          const heir = await start();
          await heir.ask({ do: 'run' });
          const { deliveries = [] } = await heir.ask({ do: 'list' });
          const found = Object.fromEntries(
            deliveries.map(({ platform, state, error }) => [platform, [state, error, there(platform)]]),
          );
          expect([round, found]).toEqual([
            round,
            Object.fromEntries(FIVE.map((id) => [id, ['delivered', null, [true]]])),
          ]);
          await heir.ask({ do: 'close' });
          expect(readdirSync(join(dataDir, 'photos'))).toEqual([]);
        });
      }
      expect(kills).toBe([...requests.values()].flat().length);
    },
    120_000,
  );
});
