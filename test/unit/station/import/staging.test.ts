import { randomBytes } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { personSchema } from '#shared/person';
import { openJournal } from '../../../../src/station/journal/index.ts';
import { anna, temporaryDir } from '../support/station.ts';

const dir = temporaryDir();
afterEach(() => dir.remove());

it('a table read again forgets what was said of its rows, but not who was enrolled from them', () => {
  const journal = openJournal(dir.path, randomBytes(32), 1);
  const { imports, records } = journal;
  const batch = imports.open('people.csv', 1);
  const row = (line: number, code: string) => {
    const content = { cells: [code], person: { code }, photo: null, reasons: [], warnings: [], replaced: null };
    return { ...content, out: false, apart: [], line, code, verdict: 'new' as const };
  };
  imports.stage(batch, 1, [row(2, 'A1'), row(3, 'A2')]);
  const photo = { version: 'v', head: { centreX: 1, crown: 2, chin: 3 } };
  for (const [line, code] of [
    [2, 'A1'],
    [3, 'A2'],
  ] as const) {
    const person = records.insert({ id: `e-${code}`, person: personSchema.parse({ ...anna, code }), photo }, 1);
    const delivery = { id: `d-${code}`, enrolment: `e-${code}`, person, platform: 'gate', urgency: 'batch' as const };
    journal.deliveries.insert({ ...delivery, onExisting: 'update', onSimilar: 'ask' }, 1);
    imports.link(batch, line, `e-${code}`);
  }

  imports.stage(batch, 2, [row(2, 'A1'), row(3, 'B7')]);
  imports.staged(batch, 2);
  expect(imports.row(batch, 2)?.enrolment).toBe('e-A1');
  expect(imports.row(batch, 3)?.enrolment).toBeNull();
  expect(imports.undelivered(batch)).toEqual(['d-A1']);
  expect(imports.summary(batch).deliveries).toEqual({ gate: { queued: 1 } });
  journal.close();
});
