import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { personSchema } from '#shared/person';
import { StationError } from '#station/index';
import { openDatabase } from '../../../src/station/journal/database.ts';
import { ClaimLost, type Journal, openJournal } from '../../../src/station/journal/index.ts';
import { isDead, LEASE_MS, probe, processStart } from '../../../src/station/journal/owners.ts';
import { MIGRATIONS } from '../../../src/station/journal/schema.ts';
import { createSealer, sealJson } from '../../../src/station/vault/seal.ts';
import { anna, temporaryDir } from './support/station.ts';

const KEY = Buffer.alloc(32, 7);
const NOW = Date.UTC(2026, 0, 1);
let dir: ReturnType<typeof temporaryDir>;
let journals: Journal[];
beforeEach(() => {
  dir = temporaryDir();
  journals = [];
});
afterEach(() => {
  for (const journal of journals) journal.close();
  dir.remove();
});

function open(): Journal {
  const journal = openJournal(dir.path, KEY, NOW);
  journals.push(journal);
  return journal;
}
function close(journal: Journal): void {
  journals = journals.filter((one) => one !== journal);
  journal.close();
}
let count = 0;
/** Writes an enrolment for the platforms; the ids of its deliveries. */
function write(journal: Journal, platforms: string[], code = 'TP1'): string[] {
  count += 1;
  const enrolment = `e${count}`;
  return journal.transaction(() => {
    const head = { centreX: 1, crown: 2, chin: 3 };
    const person = personSchema.parse({ ...anna, code });
    const ref = journal.records.insert({ id: enrolment, person, photo: { version: 'v', head } }, NOW);
    return platforms.map((platform) => {
      const id = `${enrolment}-${platform}`;
      const how = { onExisting: 'update', onSimilar: 'ask' };
      journal.deliveries.insert({ id, enrolment, person: ref, platform, ...how }, NOW);
      return id;
    });
  });
}
const refusal = (run: () => unknown): StationError => {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(StationError);
    return error as StationError;
  }
  throw new Error('it opened');
};

describe('the journal', () => {
  it('is durable: write-ahead log, synced at each commit, foreign keys held', () => {
    close(open());
    const db = openDatabase(dir.path, NOW);
    const pragma = (name: string) => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys')]).toEqual(['wal', 2, 1]);
    db.close();
  });

  it('writes an enrolment and its deliveries together or not at all', () => {
    const journal = open();
    // The second delivery of one enrolment for one platform breaks a rule of the schema.
    expect(() => write(journal, ['gate', 'hall', 'gate'])).toThrow(/UNIQUE/);
    expect(journal.deliveries.list()).toEqual([]);
    expect(journal.records.latest(10)).toEqual([]);
    expect(journal.records.personRef('TP1')).toBeNull();
    write(journal, ['gate', 'hall']);
    expect(journal.deliveries.list().map(({ platform, state }) => [platform, state])).toEqual([
      ['gate', 'queued'],
      ['hall', 'queued'],
    ]);
  });

  it('gives a delivery to one owner only, and one delivery of a platform at a time', () => {
    const [here, there] = [open(), open()];
    const [a, b] = [here.owners.enter(NOW), there.owners.enter(NOW)];
    const [first] = write(here, ['gate'], 'P1');
    const [second, other] = write(here, ['gate', 'hall'], 'P2');
    expect(here.deliveries.claim(first ?? '', a, NOW)).toMatchObject({ state: 'running', attempts: 1 });
    expect(there.deliveries.claim(first ?? '', b, NOW)).toBeNull();
    expect(there.deliveries.claim(second ?? '', b, NOW)).toBeNull();
    expect(there.deliveries.claim(other ?? '', b, NOW)).toMatchObject({ state: 'running' });
    here.deliveries.finish(first ?? '', a, { state: 'delivered', error: null }, NOW);
    expect(there.deliveries.claim(second ?? '', b, NOW)).toMatchObject({ state: 'running' });
  });

  it('lets nobody go on with a delivery that was taken from them', () => {
    const journal = open();
    const [a, b] = [journal.owners.enter(NOW), journal.owners.enter(NOW)];
    const [id = ''] = write(journal, ['gate']);
    journal.deliveries.claim(id, a, NOW);
    journal.deliveries.beginStep(id, a, 'find', NOW);
    expect(journal.deliveries.release(a, new Set(), NOW)).toBe(1);
    expect(journal.deliveries.list()).toMatchObject([
      { state: 'queued', steps: [{ name: 'find', outcome: 'failed', code: 'interrupted' }] },
    ]);
    journal.deliveries.claim(id, b, NOW);
    expect(() => journal.deliveries.beginStep(id, a, 'add', NOW)).toThrow(ClaimLost);
    expect(journal.deliveries.finish(id, a, { state: 'delivered', error: null }, NOW)).toBe(false);
    expect(journal.deliveries.find(id)?.state).toBe('running');
  });

  it('tells the changes of every process since a revision, each delivery as it is now', () => {
    const [here, there] = [open(), open()];
    const from = here.deliveries.revision();
    const owner = there.owners.enter(NOW);
    const [id = ''] = write(there, ['gate', 'hall']);
    there.deliveries.claim(id, owner, NOW);
    const news = here.deliveries.changedSince(from);
    expect(news.deliveries.map(({ platform, state }) => `${platform} ${state}`)).toEqual([
      'hall queued',
      'gate running',
    ]);
    expect(here.deliveries.changedSince(news.rev).deliveries).toEqual([]);
  });

  it('waits for the right time, and does not believe times from the future', () => {
    const journal = open();
    const owner = journal.owners.enter(NOW);
    const [id = ''] = write(journal, ['gate']);
    journal.deliveries.claim(id, owner, NOW);
    journal.deliveries.finish(id, owner, { state: 'waiting', error: null, nextAttemptAt: NOW + 5_000 }, NOW);
    const due = (now: number) => journal.deliveries.nextDue('gate', null, now);
    expect([due(NOW), due(NOW + 4_999), due(NOW + 5_000), due(NOW - 3_600_000)]).toEqual([null, null, id, id]);
    expect(journal.deliveries.nextDueAt(NOW)).toBe(NOW + 5_000);
  });

  it('upgrades with a backup, keeps what it holds, and rolls a failed upgrade back', () => {
    const journal = open();
    write(journal, ['gate']);
    close(journal);
    const next = [
      ...MIGRATIONS,
      { name: 'more', up: (db: DatabaseSync) => db.exec('ALTER TABLE people ADD COLUMN x INTEGER') },
    ];
    const broken = [
      ...next,
      { name: 'broken', up: (db: DatabaseSync) => db.exec('CREATE TABLE half (a); SELECT nonsense') },
    ];
    expect(() => openDatabase(dir.path, NOW, { migrations: broken })).toThrow(StationError);
    const untouched = open();
    expect(untouched.deliveries.list()).toHaveLength(1);
    close(untouched);

    openDatabase(dir.path, NOW + 1_000, { migrations: next }).close();
    const backups = readdirSync(dir.path).filter((name) => name.startsWith(`journal-backup-v${MIGRATIONS.length}-`));
    expect(backups.length).toBeGreaterThan(0);
    const backup = new DatabaseSync(join(dir.path, backups[0] ?? ''), { readOnly: true });
    expect(backup.prepare('SELECT count(*) AS n FROM deliveries').get()).toEqual({ n: 1 });
    backup.close();
    expect(refusal(() => open()).message).toContain('newer version');
  });

  it('takes a journal of the first schema over, with what was delivered and what is to be sent', () => {
    const sealer = createSealer(KEY);
    const db = openDatabase(dir.path, NOW, { migrations: MIGRATIONS.slice(0, 1) });
    db.prepare('INSERT INTO people VALUES (?, ?, ?)').run('p', sealer.index('TP1'), NOW);
    const person = personSchema.parse({ ...anna, code: 'TP1' });
    db.prepare('INSERT INTO enrolments (id, person, sealed, created_at) VALUES (?, ?, ?, ?)').run(
      'e',
      'p',
      sealJson(sealer, person, 'person:e'),
      NOW,
    );
    const told = { personId: '7', warnings: [], question: null };
    for (const [platform, state] of [
      ['gate', 'delivered'],
      ['hall', 'queued'],
    ] as const)
      db.prepare(
        `INSERT INTO deliveries (id, enrolment, person, platform, state, on_existing, on_similar, sealed, created_at, updated_at, rev)
         VALUES (?, 'e', 'p', ?, ?, 'update', 'ask', ?, ?, ?, 1)`,
      ).run(platform, platform, state, sealJson(sealer, told, `delivery:${platform}`), NOW, NOW);
    db.close();
    const journal = open();
    expect(journal.deliveries.list()).toMatchObject([
      { platform: 'gate', state: 'delivered', personId: '7', urgency: 'desk', door: null, nextCheckAt: null },
      { platform: 'hall', state: 'queued' },
    ]);
    expect(journal.deliveries.find('gate')?.deliveredAt).toBe(NOW);
    expect(journal.records.byCode('TP1')).toMatchObject({ id: 'e', consent: null });
    expect(journal.audit.verify()).toEqual({ whole: true, rows: 0 });
    expect(readdirSync(dir.path).some((name) => name.startsWith('journal-backup-v1-'))).toBe(true);
  });

  it('is not opened with another key', () => {
    close(open());
    const refused = refusal(() => openJournal(dir.path, Buffer.alloc(32, 8), NOW));
    expect(refused).toMatchObject({ code: 'key' });
    expect(refused.message).toContain('another key');
  });
});

describe('a damaged journal', () => {
  /** A journal with an enrolment in it, closed; its file. */
  const filled = (): string => {
    const journal = open();
    for (let n = 0; n < 50; n += 1) write(journal, ['gate', 'hall'], `P${n}`);
    close(journal);
    return join(dir.path, 'journal.db');
  };
  const aside = () => readdirSync(dir.path).filter((name) => name.startsWith('journal-damaged-'));

  it('is left as it is, copied aside once, and nothing new is begun in its place', () => {
    const file = filled();
    const bytes = readFileSync(file);
    bytes.fill(0xab, 4096 * 3, 4096 * 6);
    writeFileSync(file, bytes);
    for (let start = 0; start < 3; start += 1) {
      const refused = refusal(() => open());
      expect(refused).toMatchObject({ code: 'journal' });
      expect(refused.message).toContain('damaged');
      expect(refused.message).toContain('left as it is');
    }
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(aside()).toHaveLength(1);
    expect(readFileSync(join(dir.path, aside()[0] ?? '', 'journal.db')).equals(bytes)).toBe(true);
  });

  it('is recognised when it is no database at all, or torn in the middle', () => {
    const file = filled();
    copyFileSync(file, `${file}.copy`);
    writeFileSync(file, 'this was a journal once, before somebody opened it in an editor'.repeat(20));
    expect(refusal(() => open()).message).toContain('damaged');
    copyFileSync(`${file}.copy`, file);
    truncateSync(file, 4096 * 4 + 100);
    expect(refusal(() => open()).message).toContain('damaged');
  });

  it('that is gone or empty beside sealed photos is lost, not new', () => {
    const file = filled();
    mkdirSync(join(dir.path, 'photos'));
    writeFileSync(join(dir.path, 'photos', 'e1.bin'), 'sealed');
    truncateSync(file, 0);
    expect(refusal(() => open()).message).toContain('missing or empty');
    rmSync(file);
    expect(refusal(() => open()).message).toContain('missing or empty');
    expect(existsSync(file)).toBe(false);
  });
});

describe('owners', () => {
  const owner = { id: 'o', pid: process.pid, host: 'here', started: processStart(process.pid), seenAt: NOW };

  it('live as long as the system knows their process, however silent they are', () => {
    expect(isDead(owner, 'here', NOW + 10 * LEASE_MS)).toBe(process.platform !== 'linux');
    expect(isDead({ ...owner, pid: 2 ** 22 + 1 }, 'here', NOW)).toBe(true);
  });
  it('are told from a later process with the same number', () => {
    expect(isDead(owner, 'here', NOW, () => 'dead')).toBe(true);
    if (process.platform === 'linux') expect(probe(process.pid, '1')).toBe('dead');
  });
  it('are given a lease where the system cannot say', () => {
    for (const unsure of [{ ...owner, host: 'elsewhere' }, owner]) {
      const ask = () => 'unknown' as const;
      expect(isDead(unsure, 'here', NOW + LEASE_MS, ask)).toBe(false);
      expect(isDead(unsure, 'here', NOW + LEASE_MS + 1, ask)).toBe(true);
    }
  });
});
