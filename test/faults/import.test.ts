import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '#lab/index';
import { portraitFor } from '#main/cli/bench/faults/people';
import { builtFiles } from '#main/root';
import { portrait, wall } from '../fixtures/faces.ts';
import { SEED, seeded } from './support/extent.ts';

/** `vestibule import`, the command itself, killed, interrupted, started twice, and taking its own report back. */

const ROWS = 60;
/** Two that take pictures of one face as often as they come: everybody here is the same person in a picture of their own. */
const TO = ['hcp', 'device'];

let lab: Lab;
let folder: string;
let config: string;
const files: Record<string, Buffer> = {};
const started = new Set<ChildProcess>();

/** Rows 2 to 61 as they are written; what is wrong with one is in `BAD`. */
const BAD: Record<number, { reason: RegExp; cells?: (cells: string[]) => string[] }> = {
  5: { reason: /no photo called like the code/ },
  9: { reason: /rounded this number/, cells: ([code, name]) => [code ?? '', name ?? '', '6.01E+10', ''] },
  14: { reason: /face/ },
  20: { reason: /row 21 has the same code/ },
  21: { reason: /row 20 has the same code/, cells: (cells) => ['T20', ...cells.slice(1)] },
  27: { reason: /leads out of the folder/, cells: (cells) => [...cells.slice(0, 3), '../T2.jpg'] },
  33: { reason: /cannot be read|not a picture|unreadable|damaged/i },
  38: { reason: /^name/, cells: ([code, , phone]) => [code ?? '', '', phone ?? '', ''] },
  44: { reason: /only 2 of 4 cells/, cells: (cells) => cells.slice(0, 2) },
  50: { reason: /sharp/ },
};
const lines = Array.from({ length: ROWS }, (_, n) => n + 2);
const good = lines.filter((line) => BAD[line] === undefined);
const row = (line: number): string[] => {
  const cells = [`T${line}`, `Person ${line}`, String(60_120_000_000 + line), ''];
  return BAD[line]?.cells?.(cells) ?? cells;
};
const csv = (rows: readonly string[][]) =>
  ['code,name,phone,photo', ...rows.map((cells) => cells.join(','))].join('\n');

beforeAll(async () => {
  const worker = fileURLToPath(builtFiles(fileURLToPath(new URL('../..', import.meta.url))).visionWorker);
  if (!existsSync(worker)) throw new Error('the command looks at pictures with built files: npm run build first');
  folder = mkdtempSync(join(tmpdir(), 'vestibule-import-'));
  lab = await startLab();
  config = join(folder, 'config.json');
  const platforms = Object.fromEntries(TO.map((id) => [id, lab.config.platforms[id]]));
  writeFileSync(config, JSON.stringify({ platforms }), { mode: 0o600 });
  mkdirSync(join(folder, 'photos'));
  const face = await sharp(await portrait())
    .resize(600)
    .jpeg({ quality: 95 })
    .toBuffer();
  for (const line of lines) {
    const bytes = await portraitFor(face, { portrait: line % 2 === 0 ? 0 : 1 });
    files[`T${line}.jpg`] = Buffer.from(bytes);
  }
  delete files['T5.jpg'];
  files['T14.jpg'] = await wall();
  files['T33.jpg'] = Buffer.from('no picture');
  files['T50.jpg'] = await sharp(files['T50.jpg']).blur(9).jpeg().toBuffer();
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, 'photos', name), bytes);
  writeFileSync(join(folder, 'people.csv'), csv(lines.map(row)));
}, 60_000);
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  child: ChildProcess;
  /** Its exit code, null when it was killed; and what it told people. */
  ended: Promise<{ code: number | null; told: string }>;
}
function start(data: string, table: string, ...more: string[]): Run {
  const cli = fileURLToPath(new URL('../../src/main/cli/index.ts', import.meta.url));
  const what = ['import', table, '--photos', join(folder, 'photos'), '--to', TO.join(','), '--config', config];
  const child = spawn(process.execPath, [cli, ...what, '--data', join(folder, data), ...more], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  started.add(child);
  let told = '';
  child.stderr?.on('data', (text) => {
    told += String(text);
  });
  return {
    child,
    ended: once(child, 'exit').then(([code]) => {
      started.delete(child);
      return { code: code as number | null, told };
    }),
  };
}
/** Requests the platforms have answered; there are none before the first row is in the journal. */
const requests = () => TO.reduce((sum, id) => sum + lab.log(id).length, 0);
async function atWork({ child }: Run, more: number): Promise<void> {
  const from = requests();
  while (requests() < from + more && child.exitCode === null) await delay(5);
}
const report = (name: string): Record<string, string>[] =>
  parse(readFileSync(join(folder, name)), { columns: true, bom: true, relax_column_count: true });
const expectOnce = (codes: readonly string[]) => {
  for (const id of TO) {
    const there = (lab.people()[id] ?? []).map(({ key, photo }) => [key, (photo?.length ?? 0) > 1_000]);
    expect([id, there.sort()]).toEqual([id, codes.map((code) => [code, true]).sort()]);
  }
};
const codesOf = (rows: readonly number[]) => rows.map((line) => `T${line}`);

describe('an import', () => {
  it(`(${ROWS} rows, killed twice, seed ${SEED}, interrupted, run by two at once) has everybody once on every platform, and its report is whole`, async () => {
    const random = seeded(SEED);
    const table = join(folder, 'people.csv');
    const out = ['--report', join(folder, 'report.csv')];
    for (let kill = 0; kill < 2; kill += 1) {
      const run = start('data', table, ...out);
      await atWork(run, 4 + Math.floor(random() * 40));
      await delay(random() * 60);
      run.child.kill('SIGKILL');
      expect((await run.ended).code).toBeNull();
      expect(existsSync(join(folder, 'report.csv'))).toBe(false);
    }
    const there = new Set(TO.flatMap((id) => (lab.people()[id] ?? []).map(({ key }) => key)));
    expect(there.size).toBeGreaterThan(0);
    expect(there.size).toBeLessThan(good.length);

    // Ctrl-C in the middle: what was begun is put down, and the report tells how far it came.
    const third = start('data', table, ...out);
    await atWork(third, 8);
    third.child.kill('SIGINT');
    const interrupted = await third.ended;
    expect([interrupted.code, interrupted.told]).toEqual([130, expect.stringContaining('goes on where it stopped')]);
    expect(report('report.csv')).toHaveLength(ROWS);

    // Two at the same time. A row is wrong: 1, not 0.
    const both = ['one.csv', 'two.csv'].map((name) =>
      start('data', table, '--wait', '20', '--report', join(folder, name)),
    );
    for (const { ended } of both) expect(await ended).toMatchObject({ code: 1 });
    expectOnce(codesOf(good));
    // One waited for the other, so that neither report has rows that were being read anew.
    for (const name of ['one.csv', 'two.csv'])
      expect(report(name).map(({ verdict }) => verdict)).toEqual(
        lines.map((line) => (BAD[line] ? 'refused' : 'accepted')),
      );

    // Nothing is left to do, and nothing is done.
    const written = lab.people();
    const asked = requests();
    expect(await start('data', table, ...out).ended).toMatchObject({ code: 1 });
    expect(requests() - asked).toBeLessThanOrEqual(TO.length);
    expect(lab.people()).toEqual(written);
    const rows = report('report.csv');
    expect(rows.map(({ code }) => code)).toEqual(lines.map((line) => row(line)[0]));
    for (const [n, line] of lines.entries()) {
      const { verdict, reasons, ...rest } = rows[n] ?? {};
      const bad = BAD[line];
      expect([line, verdict, reasons]).toEqual([
        line,
        bad ? 'refused' : 'accepted',
        bad ? expect.stringMatching(bad.reason) : expect.anything(),
      ]);
      for (const id of TO) {
        const found = lab.people()[id]?.find(({ key }) => key === `T${line}`);
        expect([line, id, rest[`${id}:state`], rest[`${id}:personId`]]).toEqual([
          line,
          id,
          bad ? '' : expect.stringMatching(/^(delivered|verified)$/),
          bad ? '' : found?.id,
        ]);
        expect(rest[`${id}:error`]).toBe('');
      }
    }
  }, 480_000);

  it('takes its report back after rows were mended', async () => {
    const rows = report('report.csv');
    const headers = Object.keys(rows[0] ?? {});
    // The registrar brings photos, a number, another code, names; two rows stay as they are.
    for (const name of ['T5.jpg', 'T14.jpg', 'T50.jpg']) {
      const like = files[name === 'T5.jpg' ? 'T6.jpg' : 'T8.jpg'];
      writeFileSync(join(folder, 'photos', name), await portraitFor(like ?? Buffer.alloc(0), { portrait: 0 }));
    }
    const cells = (n: number, change: Record<string, string>) => Object.assign(rows[n - 2] ?? {}, change);
    cells(9, { phone: '60120000009' });
    cells(21, { code: 'T21' });
    cells(38, { name: 'Person 38' });
    const line = (row: readonly string[]) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
    const text = [headers, ...rows.map((one) => headers.map((header) => one[header] ?? ''))].map(line).join('\r\n');
    writeFileSync(join(folder, 'mended.csv'), `\uFEFF${text}`);

    const ids = () => TO.map((id) => new Map(lab.people()[id]?.map(({ key, id: own }) => [key, own])));
    const before = ids();
    const again = ['--only-failed', '--report', join(folder, 'second.csv'), '--wait', '20'];
    expect(await start('data', join(folder, 'mended.csv'), ...again).ended).toMatchObject({ code: 1 });
    // Row 44 was too short; in the report it is as long as the others.
    const mended = [5, 9, 14, 20, 21, 38, 44, 50];
    expectOnce(codesOf([...good, ...mended]));
    for (const [n, there] of ids().entries())
      for (const [key, own] of before[n] ?? []) expect(there.get(key)).toBe(own);
    const second = report('second.csv');
    expect(second).toHaveLength(ROWS);
    expect(Object.keys(second[0] ?? {})).toEqual(headers);
    const refused = lines.filter((_, n) => second[n]?.verdict !== 'accepted');
    expect(refused).toEqual([27, 33]);
  }, 120_000);
});
