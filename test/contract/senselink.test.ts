import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { senselink } from '#platforms/senselink/index';
import type { Person } from '#shared/person';
import { ANNA_LIM, faultOf, jobOf } from '../fixtures/connecting.ts';
import { wall } from '../fixtures/faces.ts';
import { labRig } from '../fixtures/lab-rig.ts';

/** The SenseLink connector against the simulated platform, which knows nothing of it. */

const { lab, anna, bea, signal, connect } = await labRig(senselink);
const people = async () => (await lab.people()).senselink ?? [];

const BEA_TAN: Person = { ...ANNA_LIM, code: 'TP099999', name: { family: 'Tan', given: 'Bea' } };
const GUEST: Person = {
  ...BEA_TAN,
  kind: 'visitor',
  code: 'V-77',
  idNumber: 'S1234567',
  visit: { host: 'TP012345', from: '2026-01-05T09:00:00+08:00', to: '2036-01-05T18:00:00+08:00' },
};

test('adds, updates, keeps the groups, verifies, removes', async () => {
  const connector = connect();
  const add = jobOf(ANNA_LIM, anna);
  expect(await connector.enrol(add)).toMatchObject({ state: 'delivered', created: true });
  expect(add.steps).toEqual(['recognition/check', 'recognition/quality', 'user/list', 'user']);
  const [before] = await people();
  expect(before).toMatchObject({ key: 'TP012345', kind: 'staff' });
  const update = jobOf(ANNA_LIM, { ...bea });
  expect(await connector.enrol(update)).toMatchObject({ state: 'delivered', created: false });
  expect(update.steps).toEqual(['recognition/check', 'recognition/quality', 'user/list', 'user/update']);
  const [now] = await people();
  expect(await people()).toHaveLength(1);
  expect(now?.access).toEqual(before?.access);
  expect(now?.access).not.toEqual([]);
  expect(now?.photo).not.toEqual(before?.photo);
  expect(await connector.verify('TP012345', 'staff', signal)).toMatchObject({
    person: true,
    photo: true,
    access: null,
  });
  expect(await connector.remove('TP012345', 'staff', signal)).toBe(true);
  expect(await connector.remove('TP012345', 'staff', signal)).toBe(false);
});

test('without configured groups the person lands in the platform’s own default group', async () => {
  await connect({ groupIds: undefined }).enrol(jobOf(ANNA_LIM, anna));
  expect((await people())[0]?.access).toHaveLength(1);
});

test('a guest: host resolved, found again by code, brought up to date, removed', async () => {
  const connector = connect();
  await connector.enrol(jobOf(ANNA_LIM, anna));
  const add = jobOf(GUEST, bea);
  expect(await connector.enrol(add)).toMatchObject({ state: 'delivered', created: true });
  expect(add.steps).toEqual(['recognition/check', 'recognition/quality', 'user/list', 'user/list host', 'guest']);
  expect(await connector.enrol(jobOf({ ...GUEST, phone: '60199999999' }, bea))).toMatchObject({ created: false });
  expect((await people()).filter((person) => person.kind === 'visitor')).toHaveLength(1);
  expect(await connector.verify('V-77', 'visitor', signal)).toMatchObject({ person: true, photo: true });
  expect(await connector.remove('V-77', 'visitor', signal)).toBe(true);
  expect((await people()).map((person) => person.key)).toEqual(['TP012345']);
});

test('the quality check refuses a wall before anybody is added', async () => {
  const bytes = new Uint8Array(
    await sharp(await wall())
      .resize(720, 960)
      .jpeg()
      .toBuffer(),
  );
  const fault = await faultOf(connect().enrol(jobOf(ANNA_LIM, { bytes, version: 'w' })));
  expect(fault).toMatchObject({ kind: 'quality', field: 'photo' });
  expect(await people()).toEqual([]);
});

describe('the same face under another code', () => {
  test('is a question that names the other person; force answers it, stop refuses', async () => {
    const connector = connect();
    await connector.enrol(jobOf(ANNA_LIM, anna));
    const outcome = await connector.enrol(jobOf(BEA_TAN, anna));
    expect(outcome).toMatchObject({
      state: 'asking',
      question: { kind: 'similar', candidate: { name: 'Anna Lim', code: 'TP012345' }, canForce: true },
    });
    expect(await people()).toHaveLength(1);
    expect(await faultOf(connector.enrol(jobOf(BEA_TAN, anna, { onSimilar: 'stop' })))).toMatchObject({
      kind: 'similar',
      code: '30002',
    });
    expect(await connector.enrol(jobOf(BEA_TAN, anna, { onSimilar: 'force' }))).toMatchObject({ state: 'delivered' });
    expect(await people()).toHaveLength(2);
  });
});

test('trap: a time-out that lied: the next attempt finds the person, even where it may not update', async () => {
  for (const onExisting of ['update', 'stop'] as const) {
    await lab.reset();
    const connector = connect();
    const first = jobOf(ANNA_LIM, anna, { onExisting });
    const fault = await faultOf(
      connector.enrol({
        ...first,
        async step(name, run) {
          if (name === 'user') await lab.order({ platform: 'senselink', mode: 'act-then-hang', times: 1 });
          return run();
        },
      }),
    );
    expect(fault).toMatchObject({ kind: 'time-out', code: 'headers' });
    // The station is another process now and knows of the first attempt by its journal alone.
    const again = connect();
    if (onExisting === 'stop')
      expect((await faultOf(again.enrol(jobOf(ANNA_LIM, anna, { onExisting })))).kind).toBe('exists');
    const job = jobOf(ANNA_LIM, anna, { onExisting, resumed: true });
    expect(await again.enrol(job)).toMatchObject({ state: 'delivered', created: onExisting === 'stop' });
    expect(job.steps).toContain('user/update');
    expect(await people()).toHaveLength(1);
  }
});

describe('faults', () => {
  test.each([
    ['off', {}, 'unreachable'],
    ['hang', {}, 'time-out'],
    ['html', {}, 'server'],
    ['garbage', {}, 'protocol'],
    ['status', { status: 503 }, 'server'],
  ] as const)('%s %j is %s', async (mode, more, kind) => {
    await lab.order({ platform: 'senselink', mode, ...more });
    expect((await faultOf(connect().test(signal))).kind).toBe(kind);
  });

  test('a wrong key and a wrong secret are told apart', async () => {
    const key = await faultOf(connect({ appKey: 'nobody' }).test(signal));
    expect(key).toMatchObject({ kind: 'auth', code: '10001', field: 'appKey' });
    const secret = await faultOf(connect({ appSecret: 'wrong' }).test(signal));
    expect(secret).toMatchObject({ kind: 'auth', code: '10005', field: 'appSecret' });
  });

  test('a clock that is out: signed in the platform’s time, and the skew is told', async () => {
    await lab.order({ platform: 'senselink', mode: 'clock', ms: -7_200_000 });
    const connector = connect();
    const { skewMs } = await connector.test(signal);
    expect(Math.abs((skewMs ?? 0) + 7_200_000)).toBeLessThan(5000);
    expect(await connector.enrol(jobOf(ANNA_LIM, anna))).toMatchObject({ state: 'delivered' });
  });
});
