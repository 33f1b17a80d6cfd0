import { describe, expect, test } from 'vitest';
import type { Connector } from '#platforms/contract';
import { device } from '#platforms/device/index';
import { ANNA_LIM, faultOf, jobOf } from '../fixtures/connecting.ts';
import { labRig } from '../fixtures/lab-rig.ts';

/** The terminal's connector against the simulated terminal, which knows nothing of it. */

const { lab, anna, bea, signal, connect } = await labRig(device);
const people = async () => (await lab.people()).device ?? [];

test('adds, updates with a new photo, verifies, removes', async () => {
  const connector = connect();
  const add = jobOf(ANNA_LIM, anna);
  expect(await connector.enrol(add)).toEqual({ state: 'delivered', personId: 'TP012345', created: true, warnings: [] });
  expect(add.steps).toEqual(['user/list', 'user']);
  const [before] = await people();
  const update = jobOf(ANNA_LIM, bea);
  expect(await connector.enrol(update)).toMatchObject({ state: 'delivered', created: false });
  expect(update.steps).toEqual(['user/list', 'user/update']);
  const now = await people();
  expect(now).toHaveLength(1);
  expect(now[0]?.photo).not.toEqual(before?.photo);
  expect(await connector.verify('TP012345', 'staff', signal)).toMatchObject({ person: true, photo: true });
  expect(await connector.remove('TP012345', 'staff', signal)).toBe(true);
  expect(await connector.remove('TP012345', 'staff', signal)).toBe(false);
});

test('a visitor is of type 2', async () => {
  const visit = { from: '2026-01-05T09:00:00+08:00', to: '2036-01-05T18:00:00+08:00', host: 'Bob' };
  await connect().enrol(jobOf({ ...ANNA_LIM, kind: 'visitor', visit }, anna));
  expect((await people())[0]).toMatchObject({ kind: 'visitor', details: { userType: '2' } });
});

test('trap: list pages hold ten, and the filter may match parts: the right one is found, and only that one is removed', async () => {
  const connector = connect();
  for (let n = 0; n < 12; n += 1) await connector.enrol(jobOf({ ...ANNA_LIM, code: `TP${n}` }, anna));
  expect(await connector.verify('TP11', 'staff', signal)).toMatchObject({ person: true, personId: 'TP11' });
  expect(await connector.verify('TP', 'staff', signal)).toMatchObject({ person: false });
  expect(await connector.remove('TP1', 'staff', signal)).toBe(true);
  expect((await people()).map((person) => person.key)).not.toContain('TP1');
  expect(await people()).toHaveLength(11);
});

test('trap: “all” wipes nothing', async () => {
  const connector = connect();
  await connector.enrol(jobOf(ANNA_LIM, anna));
  for (const code of ['all', 'ALL', ' all ', 'all/']) {
    expect(await faultOf(connector.remove(code, 'staff', signal))).toMatchObject({ kind: 'validation', field: 'code' });
  }
  expect(await people()).toHaveLength(1);
});

test('trap: success is code 200 inside HTTP 200; anything else inside it is a fault', async () => {
  await lab.order({
    platform: 'device',
    mode: 'wrong-answer',
    path: '/api/user',
    body: { code: 50009, message: 'Database Full' },
  });
  expect(await faultOf(connect().enrol(jobOf(ANNA_LIM, anna)))).toMatchObject({ kind: 'capacity', code: '50009' });
});

test('trap: times go as GMT seconds, and a limit left by an earlier enrolment is lifted', async () => {
  const connector = connect();
  const until = '2030-01-05T09:00:00+08:00';
  await connector.enrol(jobOf({ ...ANNA_LIM, validTo: until }, anna));
  expect((await people())[0]?.details.endTime).toBe(String(Date.parse(until) / 1000));
  await connector.enrol(jobOf(ANNA_LIM, anna));
  expect((await people())[0]?.details).toMatchObject({ startTime: '0', endTime: '0' });
});

test('stop: refused with exists', async () => {
  const connector = connect();
  await connector.enrol(jobOf(ANNA_LIM, anna));
  expect((await faultOf(connector.enrol(jobOf(ANNA_LIM, anna, { onExisting: 'stop' })))).kind).toBe('exists');
});

test('trap: a time-out that lied: the next attempt finds the user, even where it may not update', async () => {
  for (const onExisting of ['update', 'stop'] as const) {
    await lab.reset();
    const connector = connect();
    await hangOnAdd(connector, onExisting);
    // The station is another process now and knows of the first attempt by its journal alone.
    const again = connect();
    if (onExisting === 'stop')
      expect((await faultOf(again.enrol(jobOf(ANNA_LIM, anna, { onExisting })))).kind).toBe('exists');
    const job = jobOf(ANNA_LIM, anna, { onExisting, resumed: true });
    expect(await again.enrol(job)).toMatchObject({ state: 'delivered', created: onExisting === 'stop' });
    expect(job.steps).toEqual(['user/list', 'user/update']);
    expect(await people()).toHaveLength(1);
  }
});

/** The order is given between look-up and add: both paths begin alike. */
async function hangOnAdd(connector: Connector, onExisting: 'update' | 'stop'): Promise<void> {
  const job = jobOf(ANNA_LIM, anna, { onExisting });
  const fault = await faultOf(
    connector.enrol({
      ...job,
      async step(name, run) {
        if (name === 'user') await lab.order({ platform: 'device', mode: 'act-then-hang', times: 1 });
        return run();
      },
    }),
  );
  expect(fault).toMatchObject({ kind: 'time-out', code: 'headers' });
}

describe('faults', () => {
  test.each([
    ['off', {}, 'unreachable'],
    ['hang', {}, 'time-out'],
    ['html', {}, 'server'],
    ['garbage', {}, 'protocol'],
    ['status', { status: 503 }, 'server'],
    ['busy', {}, 'rate'],
  ] as const)('%s %j is %s', async (mode, more, kind) => {
    await lab.order({ platform: 'device', mode, ...more });
    expect((await faultOf(connect().test(signal))).kind).toBe(kind);
  });

  test('a wrong password is auth', async () => {
    expect(await faultOf(connect({ password: '654321' }).test(signal))).toMatchObject({ kind: 'auth', code: '10005' });
  });

  test('a clock that is out: signed in the terminal’s time, and the skew is told', async () => {
    await lab.order({ platform: 'device', mode: 'clock', ms: 3_600_000 });
    const connector = connect();
    const { skewMs, detail } = await connector.test(signal);
    expect(Math.abs((skewMs ?? 0) - 3_600_000)).toBeLessThan(5000);
    expect(detail).toBeTruthy();
    expect(await connector.enrol(jobOf(ANNA_LIM, anna))).toMatchObject({ state: 'delivered' });
  });
});
