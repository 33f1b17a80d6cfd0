import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dispatch } from '#shared/contract';
import { toFault } from '#shared/fault';
import { keyFile, loadKeys, repairJournal, type Station } from '#station/index';
import { lostOperators } from '../../../src/station/journal/operators-item.ts';
import { createSql } from '../../../src/station/journal/sql.ts';
import { fakePlatform } from './support/fake-platform.ts';
import { open, temporaryDir } from './support/station.ts';

const NOW = Date.UTC(2026, 0, 5, 8);
const PAGE = 4096;
let dir: ReturnType<typeof temporaryDir>;
let stations: Station[];
beforeEach(() => {
  dir = temporaryDir();
  stations = [];
});
afterEach(async () => {
  for (const station of stations) await station.close();
  dir.remove();
});

const start = async () => {
  const station = await open(dir.path, { gate: fakePlatform().definition }, { now: () => NOW, pinCost: 16 });
  stations.push(station);
  return station;
};
const file = () => join(dir.path, 'journal.db');

/** Damages the journal so that it has to be rebuilt, after something was done to its rows. */
function damage(...statements: string[]): void {
  const db = new DatabaseSync(file());
  for (const one of statements) db.exec(one);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const page = db.prepare("SELECT pageno FROM dbstat WHERE name = 'deliveries_by_person'").get();
  db.close();
  const bytes = readFileSync(file());
  bytes.fill(0xab, (Number(page?.pageno) - 1) * PAGE, Number(page?.pageno) * PAGE);
  writeFileSync(file(), bytes);
}
const repair = async () => repairJournal(dir.path, await loadKeys(keyFile(dir.path, {})), NOW);
const ask = (station: Station) => {
  const handlers = station.handlers({ version: '1', shell: 'loopback', lab: null });
  return async (name: string, input?: unknown) => {
    const reply = await dispatch(handlers, name, input, toFault);
    return reply.ok ? reply.value : reply.fault.code;
  };
};

describe('operators that a repair lost', () => {
  it.each([
    ['cannot be opened', "UPDATE items SET sealed = x'00' WHERE name = 'operators'"],
    ['are gone, and the audit trail tells of them', "DELETE FROM items WHERE name = 'operators'"],
  ])('close the desk where they %s, until their owner makes new ones', async (_how, statement) => {
    const first = await start();
    await first.operators.add({ label: 'Ada', role: 'administrator', pin: '1111' });
    await first.close();
    damage(statement);
    const report = await repair();
    expect(report.lost.some(({ id, note }) => id === 'operators' && note.includes('operators add'))).toBe(true);

    const station = await start();
    const call = ask(station);
    expect(station.operators.isLost()).toBe(true);
    expect(await call('operators.status')).toMatchObject({ setUp: true, lost: true, operators: [], me: null });
    expect(await call('people.find', { query: '' })).toBe('sign-in-required');
    expect(await call('operators.add', { label: 'Eve', role: 'administrator', pin: '6666' })).toBe('sign-in-required');
    expect(await call('operators.signIn', { label: 'Ada', pin: '1111' })).toBe('unknown-operator');
    // For good, not for one process.
    await station.close();
    const again = await start();
    expect(again.operators.isLost()).toBe(true);
    expect(await again.operators.add({ label: 'Ada', role: 'operator', pin: '2222' })).toMatchObject({
      role: 'administrator',
    });
    const desk = ask(again);
    expect(await desk('operators.status')).toMatchObject({ setUp: true, lost: false });
    expect(await desk('operators.signIn', { label: 'Ada', pin: '2222' })).toMatchObject({ label: 'Ada' });
  });

  it('are nobody where nobody was there, or everybody was taken away', async () => {
    const first = await start();
    await first.close();
    damage('SELECT 1');
    expect((await repair()).lost).toEqual([]);
    const second = await start();
    expect(second.operators.isLost()).toBe(false);
    await second.operators.add({ label: 'Ada', role: 'administrator', pin: '1111' });
    second.operators.clear();
    await second.close();
    damage("DELETE FROM items WHERE name = 'operators'");
    await repair();
    const third = await start();
    expect(await ask(third)('operators.status')).toMatchObject({ setUp: false, lost: false });
  });

  it('open the desk to everybody only when their owner says so', async () => {
    const first = await start();
    await first.operators.add({ label: 'Ada', role: 'administrator', pin: '1111' });
    await first.close();
    damage("DELETE FROM items WHERE name = 'operators'");
    await repair();
    const station = await start();
    station.operators.clear();
    expect(await ask(station)('operators.status')).toMatchObject({ setUp: false, lost: false });
  });

  it('count as lost where neither they nor the trail can be read whole', async () => {
    const station = await start();
    await station.close();
    const db = new DatabaseSync(file());
    const lost = (holes: string[], unopened: string[] = []) =>
      lostOperators(createSql(db), { unopened, holes: new Set(holes) });
    expect(existsSync(file())).toBe(true);
    expect([lost([]), lost(['items']), lost(['audit'])]).toEqual([false, false, false]);
    expect([lost(['items', 'audit']), lost(['audit'], ['something']), lost([], ['operators'])]).toEqual([
      true,
      true,
      true,
    ]);
    db.close();
  });
});
