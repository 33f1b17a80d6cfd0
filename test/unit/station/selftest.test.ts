import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StepResult } from '#shared/calls/selftest';
import { contract, dispatch, type Handlers } from '#shared/contract';
import { toFault } from '#shared/fault';
import type { Station } from '#station/index';
import { judgeClock, judgeLook, judgeSpace } from '#station/selftest/index';
import { platformResult, selftestReport, selftestSteps } from '../../../src/renderer/lib/selftest.ts';
import { fakePlatform } from './support/fake-platform.ts';
import { anna, inspection, open, portrait, temporaryDir } from './support/station.ts';

let dir: ReturnType<typeof temporaryDir>;
let station: Station;
let handlers: Handlers;
const gate = fakePlatform();

beforeEach(async () => {
  dir = temporaryDir();
  station = await open(dir.path, { gate: gate.definition });
  handlers = station.handlers({ version: '1', shell: 'loopback', lab: null });
});
afterEach(async () => {
  await station.close();
  dir.remove();
});

async function step(name: string): Promise<StepResult> {
  const reply = await dispatch(handlers, 'selftest.step', { step: name }, toFault);
  if (!reply.ok) throw new Error(reply.fault.code);
  return contract['selftest.step'].output.parse(reply.value);
}

describe('the station’s steps', () => {
  it('find a station in order, somebody enrolled or not', async () => {
    await station.enrol({ photo: { bytes: new Uint8Array(await portrait()) }, person: anna, to: ['gate'] });
    for (const name of ['journal', 'audit', 'key', 'clock']) expect(await step(name)).toMatchObject({ code: 'fine' });
    const { code, facts } = await step('disk');
    expect(['fine', 'nearly-full', 'full']).toContain(code);
    expect(facts.freeMb).toBeGreaterThan(0);
  });

  it('find an edited audit trail and a key that was lost', async () => {
    const db = new DatabaseSync(join(dir.path, 'journal.db'));
    await handlers['settings.set']({ mirror: false });
    for (const { name } of db
      .prepare("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'")
      .all())
      db.exec(`DROP TRIGGER ${name}`);
    db.exec("UPDATE audit SET outcome = 'other' WHERE seq = 1");
    db.close();
    expect(await step('audit')).toMatchObject({ state: 'bad', code: 'changed' });
    rmSync(join(dir.path, 'key'));
    expect(await step('key')).toMatchObject({ state: 'bad', code: 'key-lost' });
  });

  it.skipIf(process.platform === 'win32')('say when others may look into the folder', async () => {
    chmodSync(dir.path, 0o755);
    expect(['readable', 'nearly-full', 'full']).toContain((await step('disk')).code);
  });
});

describe('what is found, judged', () => {
  const seen = inspection();
  it('the drawn face is one, from the front, as large as it is drawn', () => {
    const measures = { ...seen.measures, yaw: 0, interEyeDistance: 117 };
    expect(judgeLook({ ...seen, measures })).toMatchObject({ state: 'good' });
    expect(judgeLook({ ...seen, measures, faces: [] })).toMatchObject({ code: 'odd-look', facts: { faces: 0 } });
    expect(judgeLook({ ...seen, measures: { ...measures, yaw: 20 } })).toMatchObject({ state: 'bad' });
    expect(judgeLook({ ...seen, measures: { ...measures, interEyeDistance: 40 } })).toMatchObject({ state: 'bad' });
  });

  it('space and clock', () => {
    expect([10, 1000, 10_000].map((mb) => judgeSpace(mb).code)).toEqual(['full', 'nearly-full', 'fine']);
    const now = Date.UTC(2026, 5, 1);
    expect(judgeClock(now, null).code).toBe('fine');
    expect(judgeClock(now, now + 30_000).code).toBe('fine');
    expect(judgeClock(now, now + 3_600_000)).toMatchObject({ code: 'clock-back', facts: { minutes: 60 } });
    expect(judgeClock(0, null).code).toBe('clock-unset');
  });

  it('systems: silent, refusing, with a clock of their own', () => {
    const fault = (kind: 'unreachable' | 'auth') => ({ kind, code: 'x', message: 'Anna Lim was here' });
    const result = (ok: boolean, skewMs: number | null, kind?: 'unreachable' | 'auth') =>
      platformResult({ ok, skewMs, detail: 'Anna’s gate', fault: kind ? fault(kind) : null });
    expect(result(false, null, 'unreachable').code).toBe('unanswered');
    expect(result(false, null, 'auth').code).toBe('refused');
    expect(result(true, -120_000)).toMatchObject({ code: 'skew', facts: { skewMs: -120_000 } });
    expect(result(true, null)).toEqual({ state: 'good', code: 'fine', facts: {} });
  });
});

it('what is saved names no person, no system’s name, no address, no secret', () => {
  const steps = selftestSteps([{ id: 'annas-gate', kind: 'hcp', title: 'HikCentral Professional' }]);
  expect(steps.map(({ name }) => name)).toEqual([
    'camera',
    'models',
    'check',
    'disk',
    'journal',
    'audit',
    'key',
    'clock',
    'platform',
  ]);
  const refused = platformResult({
    ok: false,
    skewMs: null,
    detail: 'Anna Lim, TP012345',
    fault: { kind: 'auth', code: 's3cret', message: 'https://10.0.0.1 s3cret Anna Lim' },
  });
  const report = JSON.stringify(
    selftestReport(
      { version: '1', shell: 'loopback' },
      0,
      steps.map((one) => ({ step: one, result: refused })),
    ),
  );
  for (const word of ['Anna', 'annas-gate', 'TP012345', 's3cret', '10.0.0.1', 'message', 'detail'])
    expect(report).not.toContain(word);
  expect(JSON.parse(report).steps.at(-1)).toEqual({
    number: 9,
    step: 'platform',
    kind: 'hcp',
    state: 'bad',
    code: 'refused',
    facts: {},
  });
});
