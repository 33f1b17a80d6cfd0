import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { personSchema } from '#shared/person';
import { StationError } from '#station/index';
import { type Journal, openJournal } from '../../../src/station/journal/index.ts';
import { repairJournal } from '../../../src/station/journal/repair.ts';
import { anna, temporaryDir } from './support/station.ts';

const KEY = Buffer.alloc(32, 7);
const NOW = Date.UTC(2026, 0, 1);
const PAGE = 4096;
const PEOPLE = 120;
let dir: ReturnType<typeof temporaryDir>;
let file: string;
beforeEach(() => {
  dir = temporaryDir();
  file = join(dir.path, 'journal.db');
});
afterEach(() => dir.remove());

/** A journal of many people, each to be sent to two platforms, the first of them delivered to one. */
function fill(): void {
  const journal = openJournal(dir.path, KEY, NOW);
  const owner = journal.owners.enter(NOW);
  for (let n = 0; n < PEOPLE; n += 1) enrol(journal, n);
  for (let n = 0; n < 10; n += 1) {
    journal.deliveries.claim(`e${n}-gate`, owner, NOW);
    journal.transaction(() => {
      journal.deliveries.finish(`e${n}-gate`, owner, { state: 'delivered', error: null, personId: `p${n}` }, NOW);
      const detail = { enrolment: `e${n}` };
      const subject = `TP${n}`;
      journal.audit.append(
        { actor: 'outbox', action: 'delivery', subject, platform: 'gate', outcome: 'delivered', detail },
        NOW,
      );
    });
  }
  // Somebody was at work when the power went.
  journal.deliveries.claim('e20-hall', owner, NOW);
  journal.deliveries.beginStep('e20-hall', owner, 'find', NOW);
  journal.close();
}
function enrol(journal: Journal, n: number): void {
  const enrolment = `e${n}`;
  const person = personSchema.parse({ ...anna, code: `TP${n}`, remark: 'x'.repeat(200) });
  journal.transaction(() => {
    const photo = { version: 'v', head: { centreX: 1, crown: 2, chin: 3 } };
    const ref = journal.records.insert({ id: enrolment, person, photo }, NOW);
    const how = { onExisting: 'update', onSimilar: 'ask' };
    for (const platform of ['gate', 'hall'])
      journal.deliveries.insert({ id: `${enrolment}-${platform}`, enrolment, person: ref, platform, ...how }, NOW);
    const detail = { enrolment, platforms: 'gate hall', ...how };
    journal.audit.append({ actor: 'desk', action: 'enrol', subject: person.code, outcome: 'written', detail }, NOW);
  });
}

/** Pages of a table or index, as SQLite numbers them (from 1), leaves last. */
function pagesOf(name: string): number[] {
  const db = new DatabaseSync(file, { readOnly: true });
  const rows = db.prepare('SELECT pageno FROM dbstat WHERE name = ? ORDER BY pagetype, pageno').all(name);
  db.close();
  return rows.map(({ pageno }) => Number(pageno));
}
function scribble(pages: readonly number[]): void {
  const bytes = readFileSync(file);
  for (const page of pages) bytes.fill(0xab, (page - 1) * PAGE, page * PAGE);
  writeFileSync(file, bytes);
}
const repair = () => repairJournal(dir.path, [KEY], NOW + 1_000);
const open = () => openJournal(dir.path, KEY, NOW + 2_000);

describe('repairing a journal', () => {
  it('changes nothing where nothing is wrong', async () => {
    fill();
    const before = readdirSync(dir.path).sort();
    expect(await repair()).toEqual({ state: 'whole', backup: null, tables: [], lost: [], photosAside: 0 });
    expect(readdirSync(dir.path).sort()).toEqual(before.filter((name) => !/-(wal|shm)$/.test(name)));
  });

  it('brings everything back when only an index is damaged', async () => {
    fill();
    scribble(pagesOf('deliveries_by_person'));
    const report = await repair();
    expect(report).toMatchObject({ state: 'rebuilt', lost: [], photosAside: 0 });
    const journal = open();
    expect(journal.deliveries.list()).toHaveLength(2 * PEOPLE);
    expect(journal.deliveries.list({ states: ['delivered'] })).toHaveLength(10);
    expect(journal.deliveries.view('e20-hall')).toMatchObject({
      state: 'queued',
      steps: [{ name: 'find', outcome: 'failed', code: 'interrupted' }],
    });
    expect(journal.records.byCode('TP77')?.person.code).toBe('TP77');
    expect(journal.audit.verify()).toEqual({ whole: true, rows: PEOPLE + 11 });
    journal.close();
    // As it was found, the log included.
    expect(existsSync(join(report.backup ?? '', 'journal.db'))).toBe(true);
  });

  it('drops no delivery when their own pages are gone: the audit trail tells of them', async () => {
    fill();
    const pages = pagesOf('deliveries');
    scribble(pages.slice(3, 6));
    const report = await repair();
    const restored = report.lost.filter(({ note }) => note.includes('written again'));
    expect(restored.length).toBeGreaterThan(3);
    const journal = open();
    const all = journal.deliveries.list();
    expect(new Set(all.map(({ enrolment, platform }) => `${enrolment} ${platform}`)).size).toBe(2 * PEOPLE);
    for (let n = 0; n < 10; n += 1)
      expect(all.find(({ enrolment, platform }) => enrolment === `e${n}` && platform === 'gate')?.state).toBe(
        'delivered',
      );
    journal.close();
  });

  it('names whom it could not bring back, and keeps their photos where nobody deletes them', async () => {
    fill();
    mkdirSync(join(dir.path, 'photos'), { recursive: true });
    for (let n = 0; n < PEOPLE; n += 1) writeFileSync(join(dir.path, 'photos', `e${n}.bin`), 'sealed');
    const pages = pagesOf('enrolments');
    scribble([pages[4] ?? 0]);
    const report = await repair();
    const journal = open();
    const left = journal.records.latest(PEOPLE);
    expect(left.length).toBeLessThan(PEOPLE);
    expect(left.length).toBeGreaterThan(PEOPLE / 2);
    const missing = PEOPLE - left.length;
    expect(report.photosAside).toBe(missing);
    expect(readdirSync(join(report.backup ?? '', 'photos'))).toHaveLength(missing);
    expect(readdirSync(join(dir.path, 'photos'))).toHaveLength(left.length);
    expect(report.lost.filter(({ what }) => what === 'delivery')).toHaveLength(2 * missing);
    expect(journal.deliveries.list()).toHaveLength(2 * left.length);
    journal.close();
  });

  it('knows people by their codes again when their table is gone', async () => {
    fill();
    scribble(pagesOf('people'));
    const report = await repair();
    expect(report.lost).toEqual([]);
    const journal = open();
    expect(journal.records.byCode('TP5')?.id).toBe('e5');
    expect(journal.deliveries.list()).toHaveLength(2 * PEOPLE);
    journal.close();
  });

  it('survives any single damaged page, and the journal opens afterwards', async () => {
    fill();
    const whole = readFileSync(file);
    const pages = Math.floor(whole.length / PAGE);
    const step = Math.max(1, Math.floor(pages / 12));
    for (let page = 2; page <= pages; page += step) {
      writeFileSync(file, whole);
      scribble([page]);
      await repair();
      const journal = open();
      const found = journal.deliveries.list();
      const enrolments = new Set(journal.records.latest(PEOPLE).map(({ id }) => id));
      // Whoever is still known is still to be delivered to both.
      expect([page, found.length]).toEqual([page, 2 * enrolments.size]);
      journal.close();
      for (const name of readdirSync(dir.path))
        if (name.startsWith('journal-before')) expect(name).toMatch(/^journal-before-repair-/);
    }
  }, 60_000);

  it.each(['in the file', 'in the file, with rows in the log'])(
    'reads all rows though what describes their tables is gone (%s)',
    async (where) => {
      fill();
      if (where.includes('log')) {
        // A station that was killed: its log is whole and not in the file.
        const db = new DatabaseSync(file);
        db.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0');
        db.exec("UPDATE deliveries SET attempts = 7 WHERE id = 'e30-gate'");
        const log = readFileSync(`${file}-wal`);
        const bytes = readFileSync(file);
        db.close();
        writeFileSync(file, bytes);
        writeFileSync(`${file}-wal`, log);
        const description = readFileSync(join(dir.path, 'schema.json'), 'utf8');
        scribble((JSON.parse(description) as { pages: { page: number }[] }).pages.map(({ page }) => page));
      } else scribble(pagesOf('sqlite_schema'));
      const damaged = readFileSync(file);
      const report = await repair();
      expect(report).toMatchObject({ state: 'rebuilt', lost: [], photosAside: 0 });
      expect(readFileSync(join(report.backup ?? '', 'journal.db')).equals(damaged)).toBe(true);
      expect(readdirSync(dir.path).filter((name) => name.includes('.part'))).toEqual([]);
      const journal = open();
      expect(journal.deliveries.list()).toHaveLength(2 * PEOPLE);
      expect(journal.deliveries.view('e30-gate')?.attempts).toBe(where.includes('log') ? 7 : 0);
      expect(journal.records.byCode('TP77')?.person.code).toBe('TP77');
      expect(journal.audit.verify()).toEqual({ whole: true, rows: PEOPLE + 11 });
      journal.close();
    },
  );

  it('is refused, and everything left as it is, where that is gone and no copy of it was kept', async () => {
    fill();
    rmSync(join(dir.path, 'schema.json'));
    scribble(pagesOf('sqlite_schema'));
    const damaged = readFileSync(file);
    await expect(repair()).rejects.toThrow(/no database any more/);
    expect(() => open()).toThrow(/damaged/);
    expect(readFileSync(file).equals(damaged)).toBe(true);
  });

  it('says so when there is nothing to rebuild from, or the key is another', async () => {
    writeFileSync(file, 'no database'.repeat(1_000));
    await expect(repair()).rejects.toThrow(/no database any more/);
    expect(readFileSync(file, 'utf8')).toContain('no database');
    writeFileSync(file, '');
    await expect(repair()).rejects.toThrow(StationError);
  });

  it('does not repair with another key, nor under a station that is open', async () => {
    fill();
    const pages = pagesOf('deliveries_by_person');
    scribble(pages);
    const bytes = readFileSync(file);
    await expect(repairJournal(dir.path, [Buffer.alloc(32, 8)], NOW + 1_000)).rejects.toThrow(/another key/);
    expect(readFileSync(file).equals(bytes)).toBe(true);
    const other = new DatabaseSync(file);
    other.exec('SELECT count(*) FROM people');
    await expect(repair()).rejects.toThrow(/open in another process/);
    other.close();
  });
});
