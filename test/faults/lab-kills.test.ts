import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '#lab/index';
import { campaign, type Desk } from '#main/cli/bench/faults/campaign';
import { ALL, SEED, seeded, some } from './support/extent.ts';
import { FIVE, person } from './support/lab-station.ts';
import { type StationProcess, stationProcess } from './support/process.ts';

/**
 * kill -9 at every request of every platform: each platform acts on one request and never answers it, the station is killed
 * while it waits, and another goes on. All five are caught at once, round by round.
 */

let lab: Lab;
let requests: Map<string, string[]>;
beforeAll(async () => {
  lab = await startLab();
  requests = await requestsOfAll();
});
afterAll(() => lab.close());

const there = (id: string) =>
  (lab.people()[id] ?? [])
    .filter(({ key }) => key === person.code)
    .map(({ photo }) => photo !== null && photo.length > 1_000);

/** Runs `work` with a data folder and processes that are gone afterwards. */
async function withFolder(
  work: (start: (background?: 'background') => Promise<StationProcess>, dataDir: string) => Promise<void>,
): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'vestibule-kills-'));
  const started: StationProcess[] = [];
  try {
    await work(async (background) => {
      const one = await stationProcess(new URL('./support/lab-worker.ts', import.meta.url), [
        dataDir,
        JSON.stringify(lab.config),
        background ?? 'no',
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
  it.each(some(['act-then-hang', 'hang'] as const, 1))(
    '(%s) loses nobody, enrols nobody twice, and leaves nobody without a photo',
    async (mode) => {
      await lab.reset();
      const rounds = Math.max(...[...requests.values()].map((paths) => paths.length));
      expect(rounds).toBeGreaterThan(2);
      let kills = 0;
      const chosen = some([...Array(rounds).keys()], 1, mode.length);
      for (const round of chosen) {
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
      const caughtIn = (paths: readonly string[]) => chosen.filter((round) => round < paths.length).length;
      expect(kills).toBe([...requests.values()].reduce((sum, paths) => sum + caughtIn(paths), 0));
      console.log(
        `${mode}: ${kills} requests of ${rounds} rounds killed in the middle, 0 lost, 0 twice, 0 without photo`,
      );
    },
    120_000,
  );
});

describe('a station killed at moments nobody chose', () => {
  const KILLS = ALL ? 200 : 3;
  it(`(${KILLS} kills, seed ${SEED}) loses nobody, enrols nobody twice, and leaves nobody without a photo`, async () => {
    await lab.reset();
    await withFolder(async (start) => {
      const desk = async (): Promise<Desk> => {
        const one = await start('background');
        const list = async () => {
          const { deliveries = [] } = await one.ask({ do: 'list' });
          // The newest of each person on each platform, as the people view has it.
          return [...new Map(deliveries.map((row) => [`${row.code} ${row.platform}`, row])).values()];
        };
        const done = new Set(['delivered', 'verified', 'abandoned']);
        return {
          prepare:
            async ({ code, portrait, onSimilar }) =>
            async () => {
              const { fault } = await one.ask({ do: 'enrol', code, portrait, onSimilar });
              if (fault) throw new Error(`not enrolled: ${JSON.stringify(fault)}`);
            },
          pending: async () => (await list()).filter(({ state }) => !done.has(state)),
          force: async (id) => void (await one.ask({ do: 'force', id })),
          retry: async (id) => void (await one.ask({ do: 'retry', id })),
          receipts: list,
          kill: one.kill,
        };
      };
      const figures = await campaign(KILLS, {
        site: lab,
        platforms: FIVE,
        start: desk,
        random: seeded(SEED),
        now: () => performance.now(),
        sleep: (ms) => delay(ms),
        signal: new AbortController().signal,
        progress: () => undefined,
      });
      console.log(`random moments: ${JSON.stringify(figures)}`);
      expect(figures.kills).toBeGreaterThanOrEqual(KILLS);
      const { lost, twice, withoutPhoto, falseReceipts, strangers, outdated } = figures;
      expect({ lost, twice, withoutPhoto, falseReceipts, strangers, outdated }).toEqual({
        lost: 0,
        twice: 0,
        withoutPhoto: 0,
        falseReceipts: 0,
        strangers: 0,
        outdated: 0,
      });
    });
  }, 1_800_000);
});
