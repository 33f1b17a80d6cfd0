import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '#lab/index';
import type { Connector } from '#platforms/contract';
import { hikconnect } from '#platforms/hikconnect/index';
import type { Person } from '#shared/person';
import { BEA, portrait } from '../fixtures/faces.ts';
import { quickTime } from '../fixtures/quick-time.ts';
import { ANNA, connect, faultOf, jobFor, rendered } from './support/cloud-rig.ts';

let lab: Lab;
let anna: Uint8Array;
let bea: Uint8Array;
const signal = () => AbortSignal.timeout(30_000);
const entry = () => lab.config.platforms.hikconnect as Record<string, unknown>;
/** The limit of five a second holds, in a second that is shorter. */
const quick = quickTime(10);
const open = (more: Record<string, unknown> = {}) => connect(hikconnect, { ...entry(), ...more }, quick);
const people = () => lab.people().hikconnect ?? [];
const paths = () => lab.log('hikconnect').map(({ path }) => path);
const count = (ending: string) => paths().filter((path) => path.endsWith(ending)).length;

beforeAll(async () => {
  lab = await startLab({ now: quick.now });
  [anna, bea] = await Promise.all([rendered(hikconnect), rendered(hikconnect, await portrait(BEA))]);
});
afterEach(() => lab.reset());
afterAll(() => lab.close());

/** The doors take their time: asks until they have it. */
async function appliedAtLast(connector: Connector): Promise<void> {
  await expect
    .poll(async () => (await connector.verify(ANNA.code, 'staff', signal())).access, { timeout: 10_000, interval: 30 })
    .toBe('applied');
}

describe('Hik-Connect against the lab', () => {
  it('enrols in one call, with the very picture, at the doors, and verifies', async () => {
    const connector = open();
    const job = jobFor(anna);
    expect(await connector.enrol(job)).toMatchObject({ state: 'delivered', created: true, warnings: [] });
    expect(job.steps).toEqual(['persons/list', 'persons/quick/add']);
    const [person, ...others] = people();
    expect(others).toEqual([]);
    expect(person).toMatchObject({ key: ANNA.code, name: 'Anna Lim', details: { gender: '0' } });
    expect(new Uint8Array(person?.photo ?? [])).toEqual(anna);
    expect(person?.access).toHaveLength(1);
    expect(await connector.verify(ANNA.code, 'staff', signal())).toMatchObject({
      person: true,
      photo: true,
      personId: person?.id,
    });
    await appliedAtLast(connector);
    await connector.close();
  });

  it('brings an existing person up to date and keeps the code', async () => {
    const connector = open();
    await connector.enrol(jobFor(anna));
    const job = jobFor(bea, { person: { ...ANNA, name: { family: 'Tan', given: 'Anna' } } });
    expect(await connector.enrol(job)).toMatchObject({ state: 'delivered', created: false });
    expect(job.steps).toEqual(['persons/get', 'persons/update', 'persons/photo', 'accesslevel/person/add']);
    expect(people()).toHaveLength(1);
    expect(people()[0]).toMatchObject({ key: ANNA.code, name: 'Anna Tan' });
    expect(new Uint8Array(people()[0]?.photo ?? [])).toEqual(bea);
    await connector.close();
  });

  it('stops where it was asked not to change anybody', async () => {
    const connector = open();
    await connector.enrol(jobFor(anna));
    expect(await faultOf(connector.enrol(jobFor(bea, { onExisting: 'stop' })))).toMatchObject({ kind: 'exists' });
    expect(new Uint8Array(people()[0]?.photo ?? [])).toEqual(anna);
    await connector.close();
  });

  it('finds somebody added under another name, which no search by name can', async () => {
    const connector = open();
    await connector.enrol(jobFor(bea, { person: { ...ANNA, name: { display: 'Somebody Else' } } }));
    await connector.close();
    const fresh = open();
    const job = jobFor(anna);
    expect(await fresh.enrol(job)).toMatchObject({ state: 'delivered', created: false });
    expect(job.steps).toEqual([
      'persons/list',
      'persons/quick/add',
      'persons/list',
      'persons/update',
      'persons/photo',
      'accesslevel/person/add',
    ]);
    expect(people()).toHaveLength(1);
    expect(people()[0]).toMatchObject({ name: 'Anna Lim' });
    expect(await faultOf(open().enrol(jobFor(anna, { onExisting: 'stop' })))).toMatchObject({
      kind: 'exists',
    });
    await fresh.close();
  });

  it('does not trust a remembered id', async () => {
    const connector = open();
    await connector.enrol(jobFor(bea, { person: { ...ANNA, code: 'OTHER', name: { display: 'Bea Tan' } } }));
    const other = people()[0]?.id ?? '';
    expect(await connector.enrol(jobFor(anna, { knownPersonId: other }))).toMatchObject({ created: true });
    expect(await connector.enrol(jobFor(anna, { knownPersonId: '1' }))).toMatchObject({ created: false });
    expect(people()).toHaveLength(2);
    await connector.close();
  });

  it.each([
    ['repeat', 'Madonna Madonna'],
    ['dash', 'Madonna -'],
  ])('leaves no name empty (%s)', async (singleName, name) => {
    const connector = open({ singleName });
    const person: Person = { ...ANNA, name: { display: 'Madonna' } };
    expect(await connector.enrol(jobFor(anna, { person }))).toMatchObject({ created: true });
    expect(people()[0]?.name).toBe(name);
    await connector.close();
  });

  it('enrols one person, once, when the answer to quick/add is lost', async () => {
    const connector = open({ timeouts: { headersMs: 500 } });
    await lab.order({ platform: 'hikconnect', mode: 'act-then-hang', path: '/quick/add', times: 1 });
    expect(await faultOf(connector.enrol(jobFor(anna)))).toMatchObject({ kind: 'time-out' });
    expect(people()).toHaveLength(1);
    expect(await connector.enrol(jobFor(anna, { onExisting: 'stop', resumed: true }))).toMatchObject({
      state: 'delivered',
    });
    expect(people()).toHaveLength(1);
    expect(count('/quick/add')).toBe(1);
    await connector.close();
  });

  it('goes on after a lost answer at every other step', async () => {
    const connector = open({ timeouts: { headersMs: 500 } });
    for (const path of ['/token/get', '/persons/list']) {
      await lab.order({ platform: 'hikconnect', mode: 'act-then-hang', path, times: 1 });
      expect(await faultOf(connector.enrol(jobFor(anna)))).toMatchObject({ kind: 'time-out' });
    }
    expect(await connector.enrol(jobFor(anna))).toMatchObject({ created: true });
    for (const path of ['/persons/get', '/persons/update', '/persons/photo', '/person/add']) {
      await lab.order({ platform: 'hikconnect', mode: 'act-then-hang', path, times: 1 });
      expect(await faultOf(connector.enrol(jobFor(bea)))).toMatchObject({ kind: 'time-out' });
    }
    expect(await connector.enrol(jobFor(bea))).toMatchObject({ created: false });
    expect(people()).toHaveLength(1);
    await connector.close();
  });

  it('does not call a person without a picture enrolled, and heals with a better one', async () => {
    const connector = open();
    const cut = anna.slice(0, 3_000);
    expect(await faultOf(connector.enrol(jobFor(cut)))).toMatchObject({ kind: 'quality' });
    expect(await connector.verify(ANNA.code, 'staff', signal())).toMatchObject({ person: true, photo: false });
    expect(await connector.enrol(jobFor(anna))).toMatchObject({ created: false });
    expect(people()).toHaveLength(1);
    expect(await connector.verify(ANNA.code, 'staff', signal())).toMatchObject({ photo: true });
    await appliedAtLast(connector);
    await connector.close();
  });

  it('does not call a person without a door enrolled', async () => {
    const connector = open({ accessLevelIds: ['999'] });
    const fault = await faultOf(connector.enrol(jobFor(anna)));
    expect(fault.field).toBe('accessLevelIds');
    expect((await faultOf(connector.enrol(jobFor(anna)))).field).toBe('accessLevelIds');
    await connector.close();
  });

  it('says that nobody without an access level reaches a door', async () => {
    const { accessLevelIds: _, ...rest } = entry();
    const connector = connect(hikconnect, rest, quick);
    const outcome = await connector.enrol(jobFor(anna));
    expect(outcome.state === 'delivered' && outcome.warnings[0]).toContain('no door');
    expect(await connector.verify(ANNA.code, 'staff', signal())).toMatchObject({ person: true, access: 'none' });
    await connector.close();
  });

  it('enrols a visitor for the time of the visit', async () => {
    const connector = open();
    const visit = { from: '2026-11-22T09:00:00+08:00', to: '2026-11-22T18:00:00+08:00' };
    const person: Person = { kind: 'visitor', code: 'V1', name: { display: 'Bea Tan' }, visit };
    expect(await connector.enrol(jobFor(bea, { person }))).toMatchObject({ created: true });
    expect(people()[0]?.details).toMatchObject({
      startDate: String(Date.parse(visit.from)),
      endDate: String(Date.parse(visit.to)),
    });
    await connector.close();
  });

  it('removes, and finds people by nothing but their code', async () => {
    const connector = open();
    await connector.enrol(jobFor(anna));
    await connector.close();
    const fresh = open();
    expect(await fresh.verify(ANNA.code, 'staff', signal())).toMatchObject({ person: true });
    expect(await fresh.remove(ANNA.code, 'staff', signal())).toBe(true);
    expect(people()).toEqual([]);
    expect(await fresh.remove(ANNA.code, 'staff', signal())).toBe(false);
    expect(await fresh.verify(ANNA.code, 'staff', signal())).toMatchObject({ person: false, access: null });
    await fresh.close();
  });
});
