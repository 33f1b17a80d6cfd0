import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '#lab/index';
import { definitions } from '#platforms/index';
import type { Handlers } from '#shared/contract';
import { isSuccess } from '#shared/delivery';
import { defaultSettings, keyFile, loadConfig, openStation, type Station } from '#station/index';
import { person } from '../faults/support/lab-station.ts';
import { portrait } from '../fixtures/faces.ts';
import { collectingLog, inspection } from '../unit/station/support/station.ts';

/** The gate monitor on the platforms themselves: what each keeps or pushes of who passes, read by its own connector. */

const RECORD_KEEPERS = ['device', 'senselink', 'megvii', 'hikconnect'] as const;
const seen = inspection({
  width: 960,
  height: 1280,
  box: { x: 280, y: 380, width: 400, height: 520 },
  eyes: { left: { x: 390, y: 570 }, right: { x: 570, y: 570 } },
});

let dataDir: string;
let lab: Lab;
let station: Station;
let desk: Handlers;

async function start(): Promise<void> {
  station = await openStation({
    dataDir,
    config: loadConfig(lab.config, { configDir: dataDir, env: {}, definitions }),
    key: keyFile(dataDir, {}),
    inspector: { inspect: async () => seen },
    settings: defaultSettings(),
    log: collectingLog().log,
    background: true,
    sleep: (ms, signal) => delay(Math.min(ms, 100), undefined, signal && { signal }),
  });
  desk = station.handlers({ version: '1', shell: 'loopback', lab: null });
}
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'vestibule-gates-'));
  lab = await startLab();
  await start();
});
afterEach(async () => {
  await station.close();
  await lab.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const until = (what: () => unknown) => expect.poll(what, { timeout: 30_000, interval: 20 });
async function enrol(): Promise<void> {
  await station.enrol({ photo: { bytes: await portrait() }, person, to: [...RECORD_KEEPERS] });
  await until(() => station.outbox.list().every(({ state }) => isSuccess(state))).toBe(true);
}
const passes = async () => (await desk['gates.list'](undefined)).passes;
const proofs = async () => desk['gates.proofs']({ code: person.code });

describe('who passes', () => {
  it('proves the enrolment on every platform that keeps records, by its own clock and words', async () => {
    await enrol();
    const listens = (id: string) => lab.log(id).some(({ method, status }) => method === 'WS' && status === 101);
    await until(() => listens('senselink')).toBe(true);
    for (const platform of RECORD_KEEPERS) {
      lab.recognise({ platform });
      lab.recognise({ platform, key: person.code });
    }
    await until(async () => (await proofs()).length).toBe(4);
    await until(async () => (await passes()).length).toBe(8);
    const proven = new Map((await proofs()).map((proof) => [proof.platform, proof]));
    expect(proven.get('device')).toMatchObject({ gate: 'Simulated terminal', similarity: 0.93 });
    // Told by the push with its score: the list has none (§6.5.1).
    expect(proven.get('senselink')).toMatchObject({ gate: 'Simulated gate', similarity: 0.93 });
    expect(proven.get('megvii')).toMatchObject({ gate: '东门面板机, 主楼', similarity: 0.975 });
    expect(proven.get('hikconnect')).toMatchObject({ gate: 'Main building-Door 1', similarity: null });
    const told = await passes();
    expect(told.filter(({ outcome }) => outcome === 'unknown').every((pass) => pass.person === null)).toBe(true);
    expect(told.filter((pass) => pass.person?.code === person.code)).toHaveLength(4);
    const { watches, silent } = await desk['gates.list'](undefined);
    expect(watches.map(({ platform, state }) => `${platform} ${state}`)).toEqual(
      RECORD_KEEPERS.map((platform) => `${platform} listening`),
    );
    expect(silent).toEqual(['hcp']);
  });

  it('is read afterwards when the station was off, and told once', async () => {
    await enrol();
    await station.close();
    for (const platform of RECORD_KEEPERS) lab.recognise({ platform, key: person.code });
    // The second they fell into is over: lists are asked for by the second.
    await delay(1_100);
    await start();
    await until(async () => (await proofs()).length).toBe(4);
    expect(await passes()).toHaveLength(4);
    await station.close();
    await start();
    const listening = async () =>
      (await desk['gates.list'](undefined)).watches.every(({ state }) => state === 'listening');
    await until(listening).toBe(true);
    expect(await passes()).toHaveLength(4);
    expect(await proofs()).toHaveLength(4);
  });

  it('as somebody who is not let through, where the records tell, and proves nothing', async () => {
    await enrol();
    lab.recognise({ platform: 'megvii', key: person.code, refused: true });
    lab.recognise({ platform: 'hikconnect', key: person.code, refused: true });
    await until(async () => (await passes()).map(({ outcome }) => outcome)).toEqual(['refused', 'refused']);
    expect(await proofs()).toEqual([]);
  });

  it('a platform that is off is said to be, and read when it is back', async () => {
    await enrol();
    await lab.order({ platform: 'megvii', mode: 'off' });
    const megvii = async () => (await desk['gates.list'](undefined)).watches.find((one) => one.platform === 'megvii');
    // What was under way when it went off may end as a time-out first.
    await until(megvii).toMatchObject({
      state: 'unreachable',
      fault: { kind: 'unreachable' },
      retryAt: expect.any(Number),
    });
    lab.recognise({ platform: 'megvii', key: person.code });
    await lab.clearFaults();
    await desk['gates.retry']({ platform: 'megvii' });
    await until(async () => (await proofs()).length).toBe(1);
    await until(megvii).toMatchObject({ state: 'listening', fault: null });
  });
});

describe('doors', () => {
  it('are listed with what can be done with them, and opened one at a time', async () => {
    const listed = await desk['gates.doors'](undefined);
    expect(listed.map(({ platform, fault }) => `${platform} ${fault}`)).toEqual(
      RECORD_KEEPERS.map((platform) => `${platform} null`),
    );
    const of = (id: string) => listed.find(({ platform }) => platform === id);
    expect(of('device')).toMatchObject({ canSetClock: true, skewMs: 0, doors: [{ online: true, canOpen: true }] });
    expect(of('megvii')?.doors.map(({ name, online, canOpen }) => [name, online, canOpen])).toEqual([
      ['东门面板机, 主楼', true, true],
      ['西门面板机, 主楼', true, true],
    ]);
    // SenseLink tells its devices and has no call that opens one.
    expect(of('senselink')?.doors.every(({ canOpen }) => !canOpen)).toBe(true);
    for (const { platform, doors } of listed) {
      const [door] = doors.filter(({ canOpen }) => canOpen);
      if (door) await desk['gates.open']({ platform, door: door.id });
    }
    await desk['gates.setClock']({ platform: 'device' });
    const done = RECORD_KEEPERS.flatMap((id) => lab.log(id).map(({ path }) => path)).filter((path) =>
      /\/device\/(open|syncTime)|openDoor|remote\/control/.test(path),
    );
    expect(done).toEqual([
      '/api/device/open',
      '/api/device/syncTime',
      '/v1/api/door/openDoor',
      '/api/hccgw/acs/v1/remote/control',
    ]);
    await expect(desk['gates.open']({ platform: 'megvii', door: 'nothing' })).rejects.toMatchObject({
      fault: { code: '102013' },
    });
  });
});
