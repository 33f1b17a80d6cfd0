import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { personSchema } from '#shared/person';
import { keyFile, loadKeys, repairJournal } from '#station/index';
import { openDatabase } from '#station/journal/database';
import { openJournal } from '#station/journal/index';
import { MIGRATIONS } from '#station/journal/schema';
import { fakePlatform, unreachable } from '../unit/station/support/fake-platform.ts';
import { anna, open, portrait, temporaryDir } from '../unit/station/support/station.ts';
import { ALL, SEED, seeded, some } from './support/extent.ts';
import { stationProcess } from './support/process.ts';
import { remotePlatform } from './support/remote-platform.ts';

/** kill -9 where no delivery is at work: migration, repair, purge, removal. The change of the key has a file of its own. */

const KILLS = ALL ? 30 : 1;
let dir: ReturnType<typeof temporaryDir>;
let file: string;
beforeEach(() => {
  dir = temporaryDir();
  file = `${dir.path}/journal.db`;
});
afterEach(() => dir.remove());

/** Starts something and kills it `ms` after it began; without, waits for its end. Resolves with whether it was done. */
async function act(what: 'migrate' | 'repair' | 'purge', ms: number | null): Promise<boolean> {
  const worker = fileURLToPath(new URL('./support/act-worker.ts', import.meta.url));
  const child = spawn(process.execPath, [worker, dir.path, what], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  let done = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'done') done = true;
    else if (ms !== null) void delay(ms).then(() => child.kill('SIGKILL'));
  });
  await gone;
  return done;
}

describe('killed with −9', () => {
  it('an upgrade of the journal begins again, with its backup, and leaves no half of one', async () => {
    const random = seeded(SEED);
    await keyFile(dir.path, {}).load();
    const old = openDatabase(dir.path, 1, { migrations: MIGRATIONS.slice(0, 1) });
    old.exec('BEGIN');
    const insert = old.prepare('INSERT INTO items (name, sealed, updated_at) VALUES (?, ?, 1)');
    for (let n = 0; n < 2_000; n += 1) insert.run(`item-${n}`, Buffer.alloc(4_000, n));
    old.exec('COMMIT');
    old.close();
    for (let kill = 0; kill < KILLS; kill += 1) await act('migrate', random() * 120);
    expect(await act('migrate', null)).toBe(true);
    const db = openDatabase(dir.path, Date.now());
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: MIGRATIONS.length });
    expect(db.prepare('SELECT count(*) AS n FROM items').get()).toEqual({ n: 2_000 });
    db.close();
    const names = readdirSync(dir.path);
    expect(
      names.filter((name) => name.startsWith('journal-backup-v1-') && name.endsWith('.db')).length,
    ).toBeGreaterThan(0);
    expect(names.filter((name) => name.endsWith('.part'))).toEqual([]);
  }, 120_000);

  it('a repair begins again and drops no delivery', async () => {
    const random = seeded(SEED);
    const gate = fakePlatform();
    gate.before = () => Promise.reject(unreachable());
    const codes = Array.from({ length: 8 }, (_, n) => `P${n}`);
    const bytes = await portrait();
    const station = await open(dir.path, { gate: gate.definition }, { random: () => 0 });
    for (const code of codes) await station.enrol({ photo: { bytes }, person: { ...anna, code }, to: ['gate'] });
    await station.close();
    const whole = openDatabase(dir.path, Date.now());
    const root = whole.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'deliveries'").get();
    whole.close();
    const page = (Number(root?.rootpage) - 1) * 4096;
    const damaged = readFileSync(file);
    damaged.fill(0xa5, page, page + 4096);
    writeFileSync(file, damaged);

    for (let kill = 0; kill < KILLS; kill += 1) await act('repair', random() * 80);
    expect(await act('repair', null)).toBe(true);
    const keys = await loadKeys(keyFile(dir.path, {}));
    expect(await repairJournal(dir.path, keys, Date.now())).toMatchObject({ state: 'whole' });
    expect(readdirSync(dir.path).filter((name) => name.includes('.part'))).toEqual([]);
    gate.before = () => undefined;
    const heir = await open(dir.path, { gate: gate.definition }, { random: () => 0 });
    await heir.outbox.run({ signal: new AbortController().signal, until: 'settled' });
    expect([...gate.people.keys()].sort()).toEqual(codes);
    await heir.close();
  }, 120_000);

  it('a purge of old receipts goes on at the next start, and what still waits is never purged', async () => {
    const random = seeded(SEED);
    const keys = await loadKeys(keyFile(dir.path, {}));
    const journal = openJournal(dir.path, keys, 1);
    journal.transaction(() => {
      for (let n = 0; n < 600; n += 1) {
        const id = `e${n}`;
        const photo = { version: 'v', head: { centreX: 1, crown: 2, chin: 3 } };
        const person = journal.records.insert({ id, person: personSchema.parse({ ...anna, code: `P${n}` }), photo }, 1);
        const row = { id: `d${n}`, enrolment: id, person, platform: 'gate', onExisting: 'update', onSimilar: 'ask' };
        journal.deliveries.insert(row, 1);
        if (n % 100 !== 0) journal.deliveries.change(row.id, 1, () => ({ state: 'delivered', error: null }));
      }
    });
    journal.close();
    for (let kill = 0; kill < KILLS; kill += 1) await act('purge', random() * 60);
    expect(await act('purge', null)).toBe(true);
    const after = openJournal(dir.path, keys, Date.now());
    expect(after.deliveries.list().map(({ id }) => id)).toEqual(['d0', 'd100', 'd200', 'd300', 'd400', 'd500']);
    expect(after.audit.verify()).toMatchObject({ whole: true });
    after.close();
  }, 120_000);

  it.each(some(['before', 'after'] as const, 1))(
    'a removal (%s the platform acted) goes on by itself, and then nothing is left anywhere',
    async (moment) => {
      const platform = await remotePlatform();
      const start = () =>
        stationProcess(new URL('./support/worker.ts', import.meta.url), [dir.path, platform.url, 'no']);
      const victim = await start();
      try {
        await victim.ask({ do: 'enrol', code: 'P1' });
        await victim.ask({ do: 'run' });
        const kill = ({ action }: { action: string }) =>
          action === 'remove' ? victim.kill().then(() => undefined) : undefined;
        if (moment === 'before') platform.arrived = kill;
        else
          platform.acted = async (arrival): Promise<'reply'> => {
            await kill(arrival);
            return 'reply';
          };
        await victim.ask({ do: 'remove', code: 'P1' }).catch(() => undefined);
        platform.arrived = () => undefined;
        platform.acted = () => 'reply';

        const heir = await start();
        // No receipt was given: the person is still in the list, and nothing enrols them once more.
        expect((await heir.ask({ do: 'list' })).deliveries).toMatchObject([{ code: 'P1', state: 'delivered' }]);
        await heir.ask({ do: 'run' });
        expect(platform.arrivals.filter(({ action }) => action === 'add')).toHaveLength(1);
        await heir.ask({ do: 'finish' });
        expect((await heir.ask({ do: 'list' })).deliveries).toEqual([]);
        expect([...platform.added.keys()]).toEqual([]);
        expect(readdirSync(`${dir.path}/photos`)).toEqual([]);
        await heir.ask({ do: 'close' });
      } finally {
        await victim.kill();
        await platform.close();
      }
    },
  );
});
