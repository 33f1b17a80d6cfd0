import { describe, expect, test } from 'vitest';
import { hcp } from '#platforms/hcp/index';
import { ANNA_LIM, faultOf, jobOf } from '../fixtures/connecting.ts';
import { labRig } from '../fixtures/lab-rig.ts';

/** The HikCentral connector against the simulated platform, which knows nothing of it. */

const { lab, anna, bea, signal, connect } = await labRig(hcp);
const people = async () => (await lab.people()).hcp ?? [];

test('adds, sends nothing twice, sends a new photo, verifies, removes', async () => {
  const connector = connect();
  const add = jobOf(ANNA_LIM, anna);
  expect(await connector.enrol(add)).toMatchObject({ state: 'delivered', created: true, warnings: [] });
  expect(add.steps).toEqual(['personInfo', 'single/add', 'addPersons', 'reapplication']);
  const [before] = await people();
  expect(before).toMatchObject({ key: 'TP012345' });

  const again = jobOf(ANNA_LIM, anna);
  expect(await connector.enrol(again)).toMatchObject({ state: 'delivered', created: false });
  expect(again.steps).toEqual(['personInfo', 'addPersons', 'reapplication']);

  const renewed = jobOf(ANNA_LIM, { ...bea });
  await connector.enrol(renewed);
  expect(renewed.steps).toEqual(['personInfo', 'face/update', 'single/update', 'addPersons', 'reapplication']);
  const now = await people();
  expect(now).toHaveLength(1);
  expect(now[0]?.photo).not.toEqual(before?.photo);

  expect(await connector.verify('TP012345', 'staff', signal)).toMatchObject({ person: true, photo: true });
  expect(await connector.remove('TP012345', 'staff', signal)).toBe(true);
  expect(await connector.remove('TP012345', 'staff', signal)).toBe(false);
  expect(await connector.verify('TP012345', 'staff', signal)).toMatchObject({ person: false, personId: null });
});

test('a changed name or validity goes out without the photo', async () => {
  const connector = connect();
  await connector.enrol(jobOf(ANNA_LIM, anna));
  const job = jobOf({ ...ANNA_LIM, name: { family: 'Lim', given: 'Ann' }, validTo: '2030-01-05T23:59:59+08:00' }, anna);
  await connector.enrol(job);
  expect(job.steps.slice(0, 2)).toEqual(['personInfo', 'single/update']);
  const same = jobOf({ ...ANNA_LIM, name: { family: 'Lim', given: 'Ann' }, validTo: '2030-01-05T15:59:59Z' }, anna);
  await connector.enrol(same);
  expect(same.steps).not.toContain('single/update');
});

test('stop: refused with exists, nothing changed', async () => {
  const connector = connect();
  await connector.enrol(jobOf(ANNA_LIM, anna));
  const fault = await faultOf(connector.enrol(jobOf(ANNA_LIM, bea, { onExisting: 'stop' })));
  expect(fault).toMatchObject({ kind: 'exists', field: 'code' });
  expect((await people())[0]?.details.remark).toMatch(new RegExp(`^photo:${anna.version.slice(0, 16)}`));
});

test('trap: a time-out that lied: the next attempt finds the person and adds nobody, even where it may not update', async () => {
  for (const onExisting of ['update', 'stop'] as const) {
    await lab.reset();
    await lab.order({ platform: 'hcp', mode: 'act-then-hang', path: 'single/add', times: 1 });
    const connector = connect();
    const first = await faultOf(connector.enrol(jobOf(ANNA_LIM, anna, { onExisting })));
    expect(first).toMatchObject({ kind: 'time-out', code: 'headers' });
    // The station is another process now and knows of the first attempt by its journal alone.
    const again = connect();
    if (onExisting === 'stop')
      expect((await faultOf(again.enrol(jobOf(ANNA_LIM, anna, { onExisting })))).kind).toBe('exists');
    const job = jobOf(ANNA_LIM, anna, { onExisting, resumed: true });
    expect(await again.enrol(job)).toMatchObject({ state: 'delivered', created: onExisting === 'stop' });
    expect(job.steps).not.toContain('single/add');
    expect(await people()).toHaveLength(1);
  }
});

test('after a lying time-out in face/update the photo goes again; the remark never vouches for one that is not there', async () => {
  const connector = connect();
  await connector.enrol(jobOf(ANNA_LIM, anna));
  await lab.order({ platform: 'hcp', mode: 'act-then-hang', path: 'face/update', times: 1 });
  expect((await faultOf(connector.enrol(jobOf(ANNA_LIM, bea)))).kind).toBe('time-out');
  expect((await people())[0]?.details.remark).toContain(anna.version.slice(0, 16));
  const job = jobOf(ANNA_LIM, bea);
  await connector.enrol(job);
  expect(job.steps).toContain('face/update');
  expect((await people())[0]?.details.remark).toContain(bea.version.slice(0, 16));
});

describe('faults', () => {
  test.each([
    ['off', {}, 'unreachable'],
    ['hang', {}, 'time-out'],
    ['html', {}, 'server'],
    ['garbage', {}, 'protocol'],
    ['status', { status: 503 }, 'server'],
    ['status', { status: 429 }, 'rate'],
    ['busy', {}, 'server'],
  ] as const)('%s %j is %s', async (mode, more, kind) => {
    await lab.order({ platform: 'hcp', mode, ...more });
    expect((await faultOf(connect().test(signal))).kind).toBe(kind);
  });

  test('a wrong secret is auth, and its echo stays out of the message', async () => {
    const fault = await faultOf(connect({ appSecret: 'wrong-secret' }).test(signal));
    expect(fault).toMatchObject({ kind: 'auth', field: 'appSecret' });
    expect(fault.message).not.toMatch(/23456789|wrong-secret/);
  });

  test('a clock that is out: signed in the platform’s time, and the skew is told', async () => {
    await lab.order({ platform: 'hcp', mode: 'clock', ms: -3_600_000 });
    const connector = connect();
    const { skewMs } = await connector.test(signal);
    expect(Math.abs((skewMs ?? 0) + 3_600_000)).toBeLessThan(5000);
    expect(await connector.enrol(jobOf(ANNA_LIM, anna))).toMatchObject({ state: 'delivered' });
  });
});
