import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isSuccess } from '#shared/delivery';
import { temporaryDir } from '../unit/station/support/station.ts';
import { ALL, some } from './support/extent.ts';
import { type StationProcess, stationProcess } from './support/process.ts';
import { type RemotePlatform, remotePlatform } from './support/remote-platform.ts';

/** Stations in processes of their own, killed without warning, against a platform that remembers. */

/** A desk looks by itself whether the platform has what it took. */
const taken = expect.stringMatching(/^(delivered|verified)$/);

let dir: ReturnType<typeof temporaryDir>;
let platform: RemotePlatform;
let processes: StationProcess[];
beforeEach(async () => {
  dir = temporaryDir();
  platform = await remotePlatform();
  processes = [];
});
afterEach(async () => {
  for (const one of processes) await one.kill();
  await platform.close();
  dir.remove();
});

const start = async ({ background = false, limit }: { background?: boolean; limit?: number } = {}) => {
  const args = [dir.path, platform.url, background ? 'background' : 'no'];
  const one = await stationProcess(new URL('./support/worker.ts', import.meta.url), args, limit);
  processes.push(one);
  return one;
};
const photos = () => readdirSync(join(dir.path, 'photos'));

describe('a station that is killed', () => {
  const moments = [
    ['before the look-up reached the platform', 'find', 'before'],
    ['after the look-up', 'find', 'after'],
    ['before the person was added', 'add', 'before'],
    ['after the person was added, before the reply', 'add', 'after'],
    ['just after the reply left', 'add', 'replied'],
  ] as const;
  it.each(some(moments, 2))(
    '%s: goes on, and the person is there exactly once with a photo',
    async (_when, action, moment) => {
      const victim = await start();
      let killed = false;
      const kill = (arrival: { action: string }, at: string) => {
        if (killed || arrival.action !== action || at !== moment) return undefined;
        killed = true;
        return victim.kill().then(() => undefined);
      };
      platform.arrived = (arrival) => kill(arrival, 'before');
      platform.acted = async (arrival): Promise<'reply'> => {
        await kill(arrival, 'after');
        return 'reply';
      };
      platform.replied = (arrival) => void kill(arrival, 'replied');
      await victim.ask({ do: 'enrol', code: 'P1' });
      // After the reply left, the victim may be quick enough to finish before it dies: both are fine.
      await victim.ask({ do: 'run' }).catch(() => undefined);
      await expect.poll(() => killed).toBe(true);
      await victim.kill();

      const heir = await start();
      const { deliveries } = await heir.ask({ do: 'run' });
      const listed = deliveries?.length ? deliveries : (await heir.ask({ do: 'list' })).deliveries;
      expect(listed).toMatchObject([{ code: 'P1', state: 'delivered' }]);
      expect(platform.added.get('P1')).toBe(1);
      expect(platform.photos.get('P1')).toBeGreaterThan(1_000);
      await heir.ask({ do: 'close' });
      expect(photos()).toEqual([]);
    },
  );

  it('leaves its delivery to another that is already running, at once', async () => {
    const victim = await start();
    let reached = () => undefined as unknown;
    const atWork = new Promise((resolve) => {
      reached = () => resolve(undefined);
    });
    platform.arrived = ({ action, pid }) => {
      if (action !== 'add' || pid !== victim.pid) return;
      reached();
      return new Promise(() => undefined);
    };
    await victim.ask({ do: 'enrol', code: 'P1' });
    void victim.ask({ do: 'run' }).catch(() => undefined);
    await atWork;
    const other = await start({ background: true });
    // The owner lives: its delivery is not touched, however long its request takes.
    await new Promise((done) => setTimeout(done, 1_500));
    expect((await other.ask({ do: 'list' })).deliveries).toMatchObject([{ state: 'running', attempts: 1 }]);
    await victim.kill();
    // Long before the lease of an owner nobody can ask about (60 s) would have run out.
    await expect
      .poll(async () => (await other.ask({ do: 'list' })).deliveries, { timeout: 15_000 })
      .toMatchObject([{ state: taken, attempts: 2 }]);
    expect(platform.added.get('P1')).toBe(1);
  });
});

describe('two stations over one folder', () => {
  it('send everybody once, one at a time, whoever does it', async () => {
    const people = Array.from({ length: ALL ? 24 : 12 }, (_, n) => `P${n}`);
    const [a, b] = [await start({ background: true }), await start()];
    platform.arrived = () => new Promise((done) => setTimeout(done, 5));
    await Promise.all([
      (async () => {
        for (const code of people.slice(0, people.length / 2)) await a.ask({ do: 'enrol', code });
      })(),
      (async () => {
        for (const code of people.slice(people.length / 2)) await b.ask({ do: 'enrol', code });
        await b.ask({ do: 'run' });
      })(),
    ]);
    await expect
      .poll(async () => (await a.ask({ do: 'list' })).deliveries?.every(({ state }) => isSuccess(state)), {
        timeout: 15_000,
      })
      .toBe(true);
    expect([...platform.added.keys()].sort()).toEqual([...people].sort());
    expect([...platform.added.values()].every((times) => times === 1)).toBe(true);
    expect(platform.arrivals).toHaveLength(2 * people.length);
    expect(platform.most).toBe(1);
    await a.ask({ do: 'close' });
    await b.ask({ do: 'close' });
    expect(photos()).toEqual([]);
  });

  it('survive one of them being killed again and again', async () => {
    const survivor = await start({ background: true });
    const people = Array.from({ length: ALL ? 30 : 3 }, (_, n) => `P${n}`);
    for (const code of people) {
      const victim = await start();
      let doomed = false;
      platform.acted = async ({ action, pid }) => {
        if (action !== 'add' || pid !== victim.pid || doomed) return 'reply';
        doomed = true;
        await victim.kill();
        return 'drop';
      };
      await victim.ask({ do: 'enrol', code });
      await victim.ask({ do: 'run' }).catch(() => undefined);
      await victim.kill();
    }
    await expect
      .poll(async () => (await survivor.ask({ do: 'list' })).deliveries?.map(({ state }) => state), { timeout: 15_000 })
      .toEqual(people.map(() => taken));
    expect([...platform.added.values()]).toEqual(people.map(() => 1));
  }, 120_000);
});

describe('a disk that is full', () => {
  it('refuses the enrolment whole: what was said to be written is there, and nothing else', async () => {
    // The journal may not grow beyond 1 MB, as if the disk ended there.
    const cramped = await start({ limit: 2000 });
    const written: string[] = [];
    let refused: unknown;
    for (let n = 0; n < 400 && refused === undefined; n += 1) {
      const { enrolment, fault } = await cramped.ask({ do: 'enrol', code: `P${n}` });
      if (enrolment !== undefined) written.push(`P${n}`);
      refused = fault;
    }
    expect(refused).toMatchObject({ kind: 'capacity', code: 'journal' });
    expect(written.length).toBeGreaterThan(3);
    // What was written is sent as far as the journal can be written, and no further: nothing is sent that could not be noted.
    void cramped.ask({ do: 'run' }).catch(() => undefined);
    await new Promise((done) => setTimeout(done, 1_500));
    await cramped.kill();

    const roomy = await start();
    const { deliveries } = await roomy.ask({ do: 'list' });
    expect(deliveries?.map(({ code }) => code)).toEqual(written);
    await roomy.ask({ do: 'run' });
    const { deliveries: done } = await roomy.ask({ do: 'list' });
    expect(done?.every(({ state }) => state === 'delivered')).toBe(true);
    expect([...platform.added.keys()].sort()).toEqual([...written].sort());
    expect([...platform.added.values()].every((times) => times === 1)).toBe(true);
  }, 60_000);
});
