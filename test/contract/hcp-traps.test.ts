import { expect, test } from 'vitest';
import { hcp } from '#platforms/hcp/index';
import { ANNA_LIM, faultOf, jobOf } from '../fixtures/connecting.ts';
import { labRig } from '../fixtures/lab-rig.ts';

/** What HikCentral's document and live servers trap a client with, one by one, against the lab. */

const { lab, anna, bea, signal, connect } = await labRig(hcp, { patient: true });
const person = () => lab.people().hcp?.[0];
const answer = (path: string, body: Record<string, string | number | Record<string, string>>, times?: number) =>
  lab.order({ platform: 'hcp', mode: 'wrong-answer', path, body, ...(times === undefined ? {} : { times }) });

test('trap: look up first; the photo goes only when its version in the remark changed', async () => {
  const connector = connect();
  await connector.enrol(jobOf(ANNA_LIM, anna));
  const same = jobOf(ANNA_LIM, anna);
  await connector.enrol(same);
  expect(same.steps).not.toContain('face/update');
  const other = jobOf(ANNA_LIM, bea);
  await connector.enrol(other);
  expect(other.steps.indexOf('personInfo')).toBe(0);
  expect(other.steps).toContain('face/update');
});

test('trap: an empty picUri is no photo, whatever the remark says', async () => {
  const connector = connect();
  await connector.enrol(jobOf(ANNA_LIM, anna));
  const { remark = '', beginTime = '', endTime = '' } = person()?.details ?? {};
  const data = {
    personId: person()?.id ?? '',
    personCode: 'TP012345',
    personFamilyName: 'Lim',
    personGivenName: 'Anna',
    orgIndexCode: '2',
    remark,
    beginTime,
    endTime,
  };
  await answer('personInfo', { code: '0', msg: 'Success', data: { ...data, personPhoto: { picUri: '' } as never } }, 1);
  const job = jobOf(ANNA_LIM, anna);
  await connector.enrol(job);
  expect(job.steps).toContain('face/update');
});

test('trap: the two times come back with different offsets; nothing is sent for that', async () => {
  const leaving = { ...ANNA_LIM, validFrom: '2026-01-05T00:00:00+08:00', validTo: '2030-01-05T23:59:59+08:00' };
  const connector = connect();
  await connector.enrol(jobOf(leaving, anna));
  const again = jobOf(leaving, anna);
  await connector.enrol(again);
  expect(again.steps).not.toContain('single/update');
});

test('trap: a missing person is 128 with or without something in brackets, and nobody is added twice', async () => {
  await answer('personInfo', { code: '128', msg: 'The request resource does not exist(personCode)', data: '' }, 1);
  expect(await connect().enrol(jobOf(ANNA_LIM, anna))).toMatchObject({ created: true });
  await answer('personInfo', { code: '128', msg: 'The request resource does not exist', data: '' }, 1);
  expect(await connect().enrol(jobOf(ANNA_LIM, anna))).toMatchObject({ created: false });
  expect(lab.people().hcp).toHaveLength(1);
});

test('trap: the new person’s id comes as text or in an object', async () => {
  const connector = connect({ privilegeGroupId: undefined });
  for (const data of ['1150', { personId: '1150' }]) {
    await answer('single/add', { code: '0', msg: 'Success', data: data as never }, 1);
    expect(await connector.enrol(jobOf(ANNA_LIM, anna))).toMatchObject({ personId: '1150' });
  }
});

test.each([
  ['128', 'quality', 'photo'],
  ['2', 'quality', 'photo'],
  ['5', 'capacity', undefined],
  ['8', 'protocol', undefined],
])('trap: on face/update %s speaks of the picture: %s', async (code, kind, field) => {
  const connector = connect();
  await connector.enrol(jobOf(ANNA_LIM, anna));
  await answer('face/update', { code, msg: 'person data is invalid', data: '' });
  const fault = await faultOf(connector.enrol(jobOf(ANNA_LIM, bea)));
  expect(fault).toMatchObject({ kind, code });
  expect(fault.field).toBe(field);
});

test.each([
  ['person data is invalid', 'quality', 'photo'],
  ['The request resource does not exist(orgIndexCode)', 'validation', 'orgIndexCode'],
  ['something else', 'protocol', undefined],
])(
  'trap: 128 on single/add speaks of the picture or of the organisation, by its text: %s',
  async (msg, kind, field) => {
    await answer('single/add', { code: '128', msg, data: '' });
    const fault = await faultOf(connect().enrol(jobOf(ANNA_LIM, anna)));
    expect(fault).toMatchObject({ kind, code: '128' });
    expect(fault.field).toBe(field);
  },
);

test.each([
  ['3', 'server'],
  ['4', 'time-out'],
  ['6', 'server'],
  ['69', 'auth'],
  ['129', 'server'],
  ['132', 'capacity'],
  ['0x02401000', 'auth'],
  ['0x02401001', 'auth'],
  ['0x02401002', 'auth'],
  ['0x02401009', 'rate'],
  ['0X02401009', 'rate'],
  ['0x00052101', 'server'],
  ['0x00052102', 'server'],
  ['0x00052103', 'time-out'],
])('trap: %s, which the seed omits, is %s', async (code, kind) => {
  await answer('single/add', { code, msg: '', data: '' });
  expect((await faultOf(connect().enrol(jobOf(ANNA_LIM, anna)))).kind).toBe(kind);
});

test.each([200, 401])(
  'trap: a refused signature with HTTP %i echoes key and string to sign; nobody quotes it',
  async (status) => {
    const msg =
      'api AK/SK signature authentication failed,Invalid Signature! and StringToSign: POST x-ca-key:23456789, appKey : 23456789';
    await lab.order({ platform: 'hcp', mode: 'wrong-answer', status, body: { code: '0x02401003', msg } });
    const fault = await faultOf(connect().test(signal));
    expect(fault).toMatchObject({ kind: 'auth', code: '0x02401003', field: 'appSecret' });
    expect(fault.message).not.toMatch(/23456789|StringToSign|POST/);
  },
);

test('trap: a code of more than 16 characters is named before anything is sent', async () => {
  const long = { ...ANNA_LIM, code: 'TP012345678901234' };
  expect(await faultOf(connect().enrol(jobOf(long, anna)))).toMatchObject({ kind: 'validation', field: 'code' });
  expect(lab.log('hcp')).toEqual([]);
});
