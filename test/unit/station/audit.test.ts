import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditCsv } from '#station/index';
import { csvCell } from '../../../src/station/audit-csv.ts';
import { chainHash, GENESIS } from '../../../src/station/journal/audit.ts';
import { openJournal } from '../../../src/station/journal/index.ts';
import { temporaryDir } from './support/station.ts';

const KEY = Buffer.alloc(32, 7);
const NOW = Date.UTC(2026, 0, 1);
let dir: ReturnType<typeof temporaryDir>;
beforeEach(() => {
  dir = temporaryDir();
});
afterEach(() => dir.remove());

/** A trail of some rows; what it holds of the second. */
function fill(rows = 5): void {
  const journal = openJournal(dir.path, KEY, NOW);
  for (let n = 0; n < rows; n += 1)
    journal.audit.append(
      { actor: 'desk', action: 'enrol', subject: `TP${n}`, platform: 'gate', outcome: 'written' },
      NOW + n,
    );
  journal.close();
}
/** What somebody with the file but without the program would do. */
function tamper(...statements: string[]): void {
  const db = new DatabaseSync(join(dir.path, 'journal.db'));
  db.exec('DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_shortened');
  for (const statement of statements) db.exec(statement);
  db.close();
}
function verified(recent = false) {
  const journal = openJournal(dir.path, KEY, NOW);
  const report = recent ? journal.audit.verifyRecent() : journal.audit.verify();
  journal.close();
  return report;
}

describe('the audit trail', () => {
  it('chains each row to the one before by SHA-256', () => {
    fill(2);
    const journal = openJournal(dir.path, KEY, NOW);
    const [first, second] = [...journal.audit.rows()];
    journal.close();
    if (first === undefined || second === undefined) throw new Error('rows are missing');
    expect(first.hash).toBe(chainHash(GENESIS, { ...first, detail: '{}' }));
    expect(second.hash).toBe(chainHash(first.hash, { ...second, detail: '{}' }));
    expect(verified()).toEqual({ whole: true, rows: 2 });
  });

  it('is whole when it is empty, and over many rows, also when only the newest are looked at', () => {
    expect(verified()).toEqual({ whole: true, rows: 0 });
    fill(1_203);
    expect(verified()).toEqual({ whole: true, rows: 1_203 });
    expect(verified(true)).toEqual({ whole: true, rows: 500 });
  });

  it.each([
    ['a changed row', "UPDATE audit SET outcome = 'delivered' WHERE seq = 3", 3],
    ['a changed time', 'UPDATE audit SET at = at - 1 WHERE seq = 2', 2],
    ['a row taken out', 'DELETE FROM audit WHERE seq = 3', 4],
    ['the first row taken away', 'DELETE FROM audit WHERE seq = 1', 2],
    ['an end cut off', 'DELETE FROM audit WHERE seq >= 4', 4],
    ['all of it thrown away', 'DELETE FROM audit', 1],
  ])('shows %s', (_what, statement, seq) => {
    fill();
    tamper(statement);
    expect(verified()).toMatchObject({ whole: false, seq });
    expect(verified(true)).toMatchObject({ whole: false });
  });

  it('shows an end written anew by whoever can compute hashes but has not the key', () => {
    fill();
    const db = new DatabaseSync(join(dir.path, 'journal.db'), { readOnly: true });
    const before = db.prepare('SELECT hash FROM audit WHERE seq = 4').get();
    const last = db.prepare('SELECT * FROM audit WHERE seq = 5').get();
    db.close();
    const forged = { ...last, outcome: 'forged' } as unknown as Parameters<typeof chainHash>[1];
    tamper(`UPDATE audit SET outcome = 'forged', hash = '${chainHash(String(before?.hash), forged)}' WHERE seq = 5`);
    expect(verified()).toMatchObject({ whole: false, seq: 6 });
  });

  it('does not hide a cut by going on after it', () => {
    fill();
    tamper('DELETE FROM audit WHERE seq >= 4');
    fill(1);
    expect(verified()).toMatchObject({ whole: false, seq: 6, reason: 'row 4 is missing' });
  });

  it('is not changed or shortened by the program itself', () => {
    fill();
    const db = new DatabaseSync(join(dir.path, 'journal.db'));
    expect(() => db.exec("UPDATE audit SET outcome = 'x'")).toThrow(/not changed/);
    expect(() => db.exec('DELETE FROM audit')).toThrow(/not shortened/);
    db.close();
  });

  it('names nobody: a person is a digest that only the key can make', () => {
    fill();
    const journal = openJournal(dir.path, KEY, NOW);
    const [row] = [...journal.audit.rows('TP3')];
    expect(row).toMatchObject({ seq: 4, subject: expect.stringMatching(/^[0-9a-f]{32}$/) });
    const csv = [...auditCsv(journal.audit.rows())].join('');
    journal.close();
    expect(csv.split('\r\n')[0]).toBe('seq,at,actor,action,subject,platform,outcome,detail,hash');
    expect(csv.split('\r\n')).toHaveLength(7);
    expect(csv).not.toContain('TP3');
  });
});

describe('a cell of a CSV', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['=1+1', `"'=1+1"`],
    ['+60', `"'+60"`],
    ['-2', `"'-2"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"'\t=1"`],
    ['\uff1d1', `"'\uff1d1"`],
    ['a=1', 'a=1'],
  ])('%j is %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });
});
