import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallName } from '#shared/channels';
import { contract, dispatch, type Handlers, type Output } from '#shared/contract';
import { toFault } from '#shared/fault';
import { personSchema } from '#shared/person';
import type { Station } from '#station/index';
import { openJournal } from '../../../src/station/journal/index.ts';
import { createPeopleView, isFound } from '../../../src/station/people-view.ts';
import { type VirtualClock, virtualClock } from './support/clock.ts';
import { type FakePlatform, fakePlatform, unreachable } from './support/fake-platform.ts';
import { anna, open, portrait, temporaryDir } from './support/station.ts';

let dir: ReturnType<typeof temporaryDir>;
let clock: VirtualClock;
let gate: FakePlatform;
let hall: FakePlatform;
let station: Station;
let handlers: Handlers;

async function call<N extends CallName>(name: N, input: unknown): Promise<Output<N>> {
  const reply = await dispatch(handlers, name, input, toFault);
  if (!reply.ok) throw Object.assign(new Error(reply.fault.message), { fault: reply.fault });
  return contract[name].output.parse(reply.value) as Output<N>;
}
const failure = async (name: CallName, input: unknown) => {
  const reply = await dispatch(handlers, name, input, toFault);
  expect(reply.ok).toBe(false);
  return reply.ok ? null : reply.fault;
};
const submit = async () =>
  (await call('photo.submit', { bytes: new Uint8Array(await portrait()), source: 'camera' })).token;
const enrol = async (patch: object = {}, to = ['gate'], more: object = {}) =>
  call('enrolment.create', { photo: await submit(), person: { ...anna, ...patch }, to, ...more });
const settled = async (code: string = anna.code) =>
  expect
    .poll(async () => (await call('people.get', { code })).platforms.map(({ state }) => state))
    .toSatisfy((states: string[]) => states.every((state) => state === 'verified'));

beforeEach(async () => {
  dir = temporaryDir();
  clock = virtualClock();
  [gate, hall] = [fakePlatform(), fakePlatform()];
  station = await open(
    dir.path,
    { gate: gate.definition, hall: hall.definition },
    { now: clock.now, sleep: clock.sleep, background: true, random: () => 0.5 },
  );
  handlers = station.handlers({ version: '1', shell: 'loopback', lab: null });
});
afterEach(async () => {
  await station.close();
  clock.stop();
  dir.remove();
});

describe('whom a query finds', () => {
  it.each([
    ['', true],
    ['tp0', true],
    ['TP012345', true],
    ['12345', false],
    ['anna', true],
    ['li', true],
    ['lim an', true],
    ['anna bob', false],
    ['nna', false],
    ['áNNa', true],
  ])('%j: %j', (query, expected) => {
    expect(isFound(query, 'TP012345', 'Anna Lim')).toBe(expected);
  });
  it('takes any part of a Han name, and full-width letters for the others', () => {
    expect(isFound('小明', 'A1', '王小明')).toBe(true);
    expect(isFound('ａ1', 'A1', '王小明')).toBe(true);
    expect(isFound('Jose', 'A1', 'José María')).toBe(true);
  });
});

describe('the people view', () => {
  it('finds people with their standing on each platform, last enrolled first, page by page', async () => {
    await enrol({ code: 'P1', name: { display: 'Anna Lim' } }, ['gate', 'hall']);
    await enrol({ code: 'P2', name: { display: 'Bob Tan' } });
    await enrol({ code: 'P3', name: { display: 'Annabel Ong' } });
    await settled('P1');
    const all = await call('people.find', { query: '' });
    expect([all.total, all.people.map(({ code }) => code)]).toEqual([3, ['P3', 'P2', 'P1']]);
    expect(all.people[2]?.platforms).toMatchObject([
      { platform: 'gate', state: 'verified', personId: 'id-1', configured: true },
      { platform: 'hall', state: 'verified', configured: true },
    ]);
    const page = await call('people.find', { query: 'anna', limit: 1, offset: 1 });
    expect([page.total, page.people.map(({ code }) => code)]).toEqual([2, ['P1']]);
    expect((await call('people.find', { query: 'nobody' })).people).toEqual([]);
  });

  it('knows each person once, as last enrolled', async () => {
    await enrol();
    await enrol({ name: { display: 'Anna Tan' }, phone: '1' }, ['gate'], { consent: { version: 'v2', at: 5 } });
    expect(await call('people.find', { query: '' })).toMatchObject({ total: 1, people: [{ name: 'Anna Tan' }] });
    const detail = await call('people.get', { code: anna.code });
    expect(detail).toMatchObject({ name: 'Anna Tan', person: { phone: '1' }, consent: { version: 'v2', at: 5 } });
    expect(detail.enrolments).toHaveLength(2);
    expect(await failure('people.get', { code: 'nobody' })).toMatchObject({ code: 'unknown-person', field: 'code' });
  });

  it('enrols again with a new photo, and on another platform later: with a new photo where the old one is deleted', async () => {
    await enrol();
    await settled();
    await expect.poll(() => readdirSync(join(dir.path, 'photos'))).toEqual([]);
    expect((await call('people.get', { code: anna.code })).photoStored).toBe(false);
    const later = { code: anna.code, photo: null, to: ['hall'] };
    expect(await failure('people.enrol', later)).toMatchObject({ code: 'photo-gone', field: 'photo' });
    await call('people.enrol', { ...later, photo: await submit() });
    await expect.poll(() => hall.people.get(anna.code)?.name).toBe('Anna Lim');
    await settled();
    expect(gate.requests.filter((request) => request.startsWith('add'))).toHaveLength(1);
  });

  it('delivers to another platform later with the photo that is still here', async () => {
    gate.before = () => Promise.reject(unreachable());
    await enrol();
    expect((await call('people.get', { code: anna.code })).photoStored).toBe(true);
    await call('people.enrol', { code: anna.code, photo: null, to: ['hall'], person: { ...anna, phone: '2' } });
    await expect.poll(() => hall.people.size).toBe(1);
    expect(hall.jobs[0]?.person.phone).toBe('2');
    expect(hall.jobs[0]?.photo.bytes.length).toBeGreaterThan(1_000);
    expect(
      await failure('people.enrol', { code: anna.code, photo: null, to: ['hall'], person: { ...anna, code: 'X' } }),
    ).toMatchObject({ code: 'other-code' });
  });

  it('verifies on demand, and says what is gone', async () => {
    await enrol({}, ['gate', 'hall']);
    await settled();
    hall.people.clear();
    expect(await call('people.verify', { code: anna.code })).toMatchObject([
      { platform: 'gate', person: true, fault: null },
      { platform: 'hall', person: false, fault: null },
    ]);
    expect((await call('people.get', { code: anna.code })).platforms).toMatchObject([
      { state: 'verified', error: null },
      { state: 'delivered', error: { code: 'missing' } },
    ]);
  });

  it('removes from some, then from all, with a receipt that names nobody', async () => {
    await enrol({}, ['gate', 'hall']);
    await settled();
    const some = await call('people.remove', { code: anna.code, from: ['gate'] });
    expect(some.receipt).toMatchObject({ local: 'kept', platforms: [{ platform: 'gate', outcome: 'removed' }] });
    hall.before = () => Promise.reject(unreachable());
    const failed = await call('people.remove', { code: anna.code, from: null });
    expect(failed.receipt).toMatchObject({
      local: 'kept',
      platforms: [
        { platform: 'gate', outcome: 'not-there' },
        { platform: 'hall', outcome: 'failed:unreachable' },
      ],
    });
    hall.before = () => undefined;
    const rest = await call('people.remove', { code: anna.code, from: null });
    expect(rest.receipt.local).toBe('erased');
    expect(JSON.stringify([some, failed, rest])).not.toMatch(/Anna|TP012345/);
    expect(await failure('people.get', { code: anna.code })).toMatchObject({ code: 'unknown-person' });
    const trail = [...station.audit.rows(anna.code)].filter(({ action }) => action === 'remove');
    expect(trail.map(({ outcome, detail }) => [outcome, detail.receipt])).toEqual([
      ['done', some.receipt.id],
      ['partly', failed.receipt.id],
      ['done', rest.receipt.id],
    ]);
    expect((await call('people.remove', { code: 'nobody', from: null })).receipt.local).toBe('nothing');
  });

  it('exports all that is stored about somebody, with no secret in it, and notes that', async () => {
    gate.before = () => Promise.reject(unreachable());
    await enrol({ phone: '123' }, ['gate'], { consent: { version: 'v1', at: Date.UTC(2026, 0, 1) } });
    station.secrets.set('gate', 'password', 'open-sesame');
    const { json } = await call('people.export', { code: anna.code });
    expect(JSON.parse(json)).toMatchObject({
      code: anna.code,
      enrolments: [
        {
          person: { name: { display: 'Anna Lim' }, phone: '123' },
          consent: { version: 'v1', at: '2026-01-01T00:00:00.000Z' },
          photo: { stored: true },
          deliveries: [{ platform: 'gate' }],
        },
      ],
      audit: [{ action: 'enrol', actor: 'desk', detail: { consent: 'v1' } }, { action: 'export' }],
    });
    expect(json).not.toContain('open-sesame');
    const { enrolments } = await station.exportPerson(anna.code, { photos: true });
    expect(Buffer.from(enrolments[0]?.photo.jpegBase64 ?? '', 'base64').subarray(0, 2)).toEqual(
      Buffer.from([0xff, 0xd8]),
    );
  });

  it('tells how platforms fare and whether the audit trail is whole', async () => {
    gate.before = () => Promise.reject(unreachable());
    await enrol();
    await expect.poll(async () => (await call('outbox.platforms', undefined))[0]?.failures).toBeGreaterThan(0);
    expect(await call('audit.status', undefined)).toMatchObject({ whole: true, seq: null, reason: null });
  });
});

describe('a view of ten thousand people', () => {
  it('is searched whole, and read page by page', () => {
    const folder = temporaryDir();
    const journal = openJournal(folder.path, Buffer.alloc(32, 7), 1);
    try {
      journal.transaction(() => {
        for (let n = 0; n < 10_000; n += 1) {
          const person = personSchema.parse({ ...anna, code: `P${n}`, name: { display: `Person Number${n}` } });
          const photo = { version: 'v', head: { centreX: 1, crown: 2, chin: 3 } };
          const ref = journal.records.insert({ id: `e${n}`, person, photo }, 1);
          const how = { onExisting: 'update', onSimilar: 'ask' };
          journal.deliveries.insert({ id: `d${n}`, enrolment: `e${n}`, person: ref, platform: 'gate', ...how }, 1);
        }
      });
      const platforms = { has: () => true } as unknown as Parameters<typeof createPeopleView>[0]['platforms'];
      const vault = {} as unknown as Parameters<typeof createPeopleView>[0]['vault'];
      const view = createPeopleView({ journal, platforms, vault, now: () => 1, actor: () => 'desk' });
      const page = view.find({ query: 'number99', limit: 50, offset: 0 });
      expect(page.total).toBe(111);
      expect(page.people).toHaveLength(50);
    } finally {
      journal.close();
      folder.remove();
    }
  });
});
