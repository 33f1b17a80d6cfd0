import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '#lab/index';
import type { Connector } from '#platforms/contract';
import { hikconnect } from '#platforms/hikconnect/index';
import type { Person } from '#shared/person';
import { BEA, portrait } from '../fixtures/faces.ts';
import { quickTime } from '../fixtures/quick-time.ts';
import { ANNA, connect, faultOf, having, jobFor, rendered } from './support/cloud-rig.ts';

let lab: Lab;
let anna: Uint8Array;
let bea: Uint8Array;
/** The limit of five a second holds, in a second that is shorter. */
const quick = quickTime(10);
const open: Connector[] = [];
const signal = () => AbortSignal.timeout(60_000);
const people = () => lab.people().hikconnect ?? [];
const only = () => people()[0];
const tenant = (more: Record<string, unknown> = {}) => {
  const connector = connect(hikconnect, { ...lab.config.platforms.hikconnect, ...more }, quick);
  open.push(connector);
  return having(connector, 'catalogue', 'pass', 'groups', 'rights', 'credentials', 'residents', 'records', 'doors');
};
const visit = { from: '2026-11-22T09:00:00+08:00', to: '2036-11-22T18:00:00+08:00' };
const VISITOR: Person = { kind: 'visitor', code: 'V1', name: { display: 'Bea Tan' }, visit };
const CARDED: Person = { ...ANNA, card: '0012345678', email: 'anna@example.org' };

beforeAll(async () => {
  lab = await startLab({ now: quick.now });
  [anna, bea] = await Promise.all([rendered(hikconnect), rendered(hikconnect, await portrait(BEA))]);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((connector) => connector.close()));
  await lab.reset();
});
afterAll(() => lab.close());

describe('what a site chooses from', () => {
  it('lists departments with their tree, access levels and their doors', async () => {
    const { groups, departments, accessLevels, doors } = await tenant().catalogue(signal());
    expect(groups).toEqual([]);
    expect(departments.map(({ name, parent }) => [name, parent])).toEqual([
      ['All Departments', null],
      ['Staff', '1'],
      ['Visitors', '1'],
    ]);
    expect(accessLevels.map(({ name }) => name)).toEqual(['Main building', 'Laboratory']);
    expect(doors).toHaveLength(3);
  });

  it('adds, renames and removes a department, but never the root', async () => {
    const { groups, catalogue } = tenant();
    const { id } = await groups.add({ name: 'Library', kind: 'staff' }, signal());
    await groups.rename(id, 'Archive', signal());
    const found = (await catalogue(signal())).departments.find((department) => department.id === id);
    expect(found).toMatchObject({ name: 'Archive', parent: '1' });
    await groups.remove(id, signal());
    expect((await catalogue(signal())).departments).toHaveLength(3);
    const sent = lab.log('hikconnect').length;
    expect(await faultOf(groups.remove('1', signal()))).toMatchObject({ code: 'root' });
    const after = lab
      .log('hikconnect')
      .slice(sent)
      .map(({ path }) => path);
    expect(after).toEqual(['/api/hccgw/person/v1/groups/search']);
    expect(await faultOf(groups.rename(id, '', signal()))).toMatchObject({ field: 'name' });
  });
});

describe('access levels of one person', () => {
  it('are given, taken and replaced', async () => {
    const { enrol, rights, catalogue } = tenant();
    await enrol(jobFor(anna));
    const [main, laboratory] = (await catalogue(signal())).accessLevels;
    expect(await rights.grant(ANNA.code, 'staff', [laboratory?.id ?? ''], signal())).toBe(true);
    expect(only()?.access).toEqual(['Main building', 'Laboratory']);
    await rights.revoke(ANNA.code, 'staff', [main?.id ?? ''], signal());
    expect(only()?.access).toEqual(['Laboratory']);
    await rights.replace(ANNA.code, 'staff', [main?.id ?? ''], signal());
    expect(only()?.access).toEqual(['Main building']);
    await rights.replace(ANNA.code, 'staff', [], signal());
    expect(only()?.access).toEqual([]);
    expect(await faultOf(rights.grant(ANNA.code, 'staff', ['999'], signal()))).toMatchObject({ code: 'VMS040016' });
    expect(await rights.grant('NOBODY', 'staff', ['999'], signal())).toBe(false);
  });
});

describe('credentials beside the face', () => {
  it('keep the cards that are there, two at most', async () => {
    const { enrol, credentials } = tenant();
    expect(await enrol(jobFor(anna, { person: CARDED }))).toMatchObject({ created: true, warnings: [] });
    expect(only()?.details.cards).toBe('0012345678');
    const collected = await credentials.collectCard('AF6590718', signal());
    // Two at once: the later reads what the earlier wrote.
    await Promise.all([
      credentials.addCard(ANNA.code, collected, signal()),
      credentials.addCard(ANNA.code, '0012345678', signal()),
    ]);
    expect(await credentials.cards(ANNA.code, signal())).toEqual(['0012345678', collected]);
    expect(await faultOf(credentials.addCard(ANNA.code, '777', signal()))).toMatchObject({ kind: 'capacity' });
    await credentials.removeCard(ANNA.code, '0012345678', signal());
    expect(await credentials.cards(ANNA.code, signal())).toEqual([collected]);
    await credentials.removeCard(ANNA.code, collected, signal());
    expect(await credentials.cards(ANNA.code, signal())).toEqual([]);
    expect(await credentials.cards('NOBODY', signal())).toBeNull();
  });

  it('of somebody else are a warning at enrolment: the face stands', async () => {
    const { enrol } = tenant();
    await enrol(jobFor(anna, { person: CARDED }));
    const other: Person = { ...ANNA, code: 'TP2', name: { display: 'Bea Tan' }, card: '0012345678' };
    const outcome = await enrol(jobFor(bea, { person: other }));
    expect(outcome).toMatchObject({ state: 'delivered', created: true });
    expect(outcome.state === 'delivered' && outcome.warnings.join()).toContain('card');
    expect(people().find(({ key }) => key === 'TP2')?.photo).not.toBeNull();
  });

  it('keep one fingerprint when another comes or goes', async () => {
    const { enrol, credentials } = tenant();
    await enrol(jobFor(anna));
    const { data, quality } = await credentials.collectFinger('AF6590718', signal());
    expect(quality).toBe(92);
    await credentials.addFinger(ANNA.code, { name: 'right thumb', data }, signal());
    await credentials.addFinger(ANNA.code, { name: 'left thumb', data: 'AB12' }, signal());
    const kept = await credentials.fingers(ANNA.code, signal());
    expect(kept?.map(({ name }) => name)).toEqual(['right thumb', 'left thumb']);
    expect(JSON.stringify(kept)).not.toContain(data);
    await credentials.removeFinger(ANNA.code, kept?.[0]?.id ?? '', signal());
    expect(only()?.details.fingers).toBe('left thumb');
    expect(await faultOf(credentials.collectFinger('nothing', signal()))).toMatchObject({ kind: 'validation' });
  });

  it('set and take away a PIN', async () => {
    const { enrol, credentials } = tenant();
    await enrol(jobFor(anna));
    await credentials.setPin(ANNA.code, '4711', signal());
    expect(only()?.details.pinCode).toBe('4711');
    await credentials.setPin(ANNA.code, null, signal());
    expect(only()?.details).not.toHaveProperty('pinCode');
    expect(await faultOf(credentials.setPin(ANNA.code, '12', signal()))).toMatchObject({ field: 'pin' });
    expect(await credentials.setPin('NOBODY', '4711', signal())).toBe(false);
  });
});

describe('residents', () => {
  it('are people who are enrolled, with all their rooms', async () => {
    const { enrol, residents } = tenant();
    await enrol(jobFor(anna, { person: CARDED }));
    const [first, second] = await residents.rooms(signal());
    expect(first).toMatchObject({ name: 'A-101', building: { name: 'Tower A' }, area: { name: 'Campus' } });
    const [a, b] = [first?.id ?? '', second?.id ?? ''];
    expect(await residents.add(ANNA.code, { id: a, householder: true }, signal())).toBe(true);
    expect(await residents.add(ANNA.code, { id: b, householder: false }, signal())).toBe(true);
    expect(only()).toMatchObject({ key: ANNA.code, details: { rooms: 'A-101 A-102' } });
    expect(await residents.search('anna', signal())).toEqual([
      {
        personId: only()?.id,
        name: 'Anna Lim',
        expired: false,
        rooms: [
          { id: a, householder: true },
          { id: b, householder: false },
        ],
      },
    ]);
    await residents.update(ANNA.code, [{ id: b, householder: true }], signal());
    expect(only()?.details.rooms).toBe('A-102');
    expect(await residents.remove(ANNA.code, signal())).toBe(true);
    expect(only()).toMatchObject({ key: ANNA.code });
    expect(await residents.search(null, signal())).toEqual([]);
    expect(await residents.remove(ANNA.code, signal())).toBe(false);
    expect(await residents.add('NOBODY', { id: a, householder: true }, signal())).toBe(false);
  });

  it('need an e-mail address and a room that exists', async () => {
    const { enrol, residents } = tenant();
    await enrol(jobFor(anna));
    const [room] = await residents.rooms(signal());
    const add = (id: string) => residents.add(ANNA.code, { id, householder: true }, signal());
    expect(await faultOf(add(room?.id ?? ''))).toMatchObject({ kind: 'validation', field: 'email' });
    await enrol(jobFor(anna, { person: CARDED }));
    expect(await faultOf(add('404'))).toMatchObject({ kind: 'validation', field: 'room' });
  });
});

describe('passes', () => {
  it('of people who are enrolled are codes', async () => {
    const { enrol, pass } = tenant();
    await enrol(jobFor(bea, { person: VISITOR }));
    const made = await pass('V1', signal());
    expect(made).toMatchObject({ image: null, validTo: expect.any(String) });
    expect(Date.parse(made?.validTo ?? '')).toBe(Date.parse(visit.to));
    expect(made?.text).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(await pass('NOBODY', signal())).toBeNull();
  });

  it('take the place of a visitor’s face where the site wants it so', async () => {
    const { enrol, pass, verify, remove } = tenant({ visitors: 'pass', passOpenings: 3 });
    const outcome = await enrol(jobFor(bea, { person: VISITOR }));
    expect(outcome).toMatchObject({ state: 'delivered', created: true });
    expect(outcome.state === 'delivered' && outcome.warnings.join()).toContain('no face');
    expect(only()).toMatchObject({ name: 'Bea Tan (V1)', access: ['Main building'], details: { openCount: '3' } });
    expect(await enrol(jobFor(bea, { person: VISITOR }))).toMatchObject({ created: false });
    const again = jobFor(bea, { person: VISITOR, onExisting: 'stop' });
    expect(await faultOf(enrol(again))).toMatchObject({ kind: 'exists' });
    expect(await enrol({ ...again, resumed: true })).toMatchObject({ created: false });
    // Somebody else's code that ends like this one is not this one.
    await enrol(jobFor(bea, { person: { ...VISITOR, code: 'XV1' } }));
    expect(people()).toHaveLength(2);
    const made = await pass('V1', signal());
    expect(made?.pin).toMatch(/^\d{8}$/);
    expect(Date.parse(made?.validTo ?? '')).toBe(Date.parse(visit.to));
    expect(await verify('V1', 'visitor', signal())).toMatchObject({ person: true, photo: null, access: null });
    expect(await remove('V1', 'visitor', signal())).toBe(true);
    expect(await remove('V1', 'visitor', signal())).toBe(false);
    expect(await verify('V1', 'visitor', signal())).toMatchObject({ person: false });
    expect(people().map(({ key }) => key)).toEqual(['Bea Tan (XV1)']);
    // Staff keep their face.
    await enrol(jobFor(anna));
    expect(people().find(({ key }) => key === ANNA.code)?.photo).not.toBeNull();
  });
});

describe('records', () => {
  const noon = Date.parse('2026-03-02T12:00:00+08:00');
  const collect = async (range: { from: number; to: number; code?: string }) => {
    const found = [];
    for await (const record of tenant().records(range, signal())) found.push(record);
    return found;
  };

  it('come oldest first, page by page, let in or not, with our key', async () => {
    const { enrol } = tenant();
    await enrol(jobFor(anna));
    const methods = ['face', 'card', 'code'] as const;
    // 450 passes: three pages, ordered neither by time nor by person.
    for (let n = 0; n < 450; n += 1) {
      const who = n % 2 ? { key: ANNA.code } : {};
      const at = noon + ((n * 137) % 450) * 1_000;
      lab.recognise({ platform: 'hikconnect', ...who, at, ...(n % 3 ? { method: methods[n % 3] } : {}) });
    }
    const sent = lab.log('hikconnect').length;
    const found = await collect({ from: noon, to: noon + 450_000 });
    const asked = lab.log('hikconnect').slice(sent);
    expect(asked.filter(({ path }) => path.endsWith('/certificaterecords/search'))).toHaveLength(3);
    expect(found).toHaveLength(450);
    expect(found.map(({ at }) => at)).toEqual(found.map((_record, n) => noon + n * 1_000));
    expect(new Set(found.map(({ method }) => method))).toEqual(new Set(methods));
    expect(found.find(({ code }) => code === ANNA.code)).toMatchObject({
      personId: only()?.id,
      kind: 'other',
      place: 'Main building-Door 1',
      similarity: null,
      passed: true,
    });
    const strangers = found.filter(({ code }) => code === null);
    expect(strangers).toHaveLength(225);
    expect(strangers.every(({ passed }) => passed === false)).toBe(true);
    expect(new Set(strangers.map(({ kind, personId }) => `${kind} ${personId}`))).toEqual(new Set(['stranger null']));
  });

  it('are of one person when asked, and of the range alone: its end is not in it', async () => {
    const { enrol, remove } = tenant();
    await enrol(jobFor(anna));
    await enrol(jobFor(bea, { person: VISITOR }));
    for (const at of [noon - 1_000, noon, noon + 1_000, noon + 2_000])
      for (const key of [ANNA.code, 'V1']) lab.recognise({ platform: 'hikconnect', key, at });
    const range = { from: noon, to: noon + 2_000, code: 'V1' };
    const expected = [
      [noon, 'V1'],
      [noon + 1_000, 'V1'],
    ];
    expect((await collect(range)).map(({ at, code }) => [at, code])).toEqual(expected);
    // Somebody who is gone has no id to ask for, but the records keep the code.
    await remove('V1', 'visitor', signal());
    expect((await collect(range)).map(({ at, code }) => [at, code])).toEqual(expected);
    expect(await collect({ ...range, code: 'NOBODY' })).toEqual([]);
    expect(await collect({ from: noon, to: noon })).toEqual([]);
  });
});

describe('trap: an opening that names no door opens them all', () => {
  const actions = () => {
    const sim = lab.platforms.get('hikconnect')?.platform;
    return sim && 'doorActions' in sim && typeof sim.doorActions === 'function' ? sim.doorActions() : null;
  };

  it('so one is always named, and a blank is refused before anything is sent', async () => {
    const { doors, catalogue } = tenant();
    const [door] = (await catalogue(signal())).doors;
    const id = door?.id ?? '';
    await doors.open(id, signal());
    expect(actions()).toEqual([{ door: id, actionType: 1 }]);
    const sent = lab.log('hikconnect').length;
    for (const wrong of ['', ' ', '-1', `${id},${id}`, '*', 'x'.repeat(65)])
      expect(await faultOf(doors.open(wrong, signal()))).toMatchObject({ kind: 'validation', field: 'door' });
    expect(lab.log('hikconnect')).toHaveLength(sent);
  });

  it('what failed inside a success is a fault', async () => {
    const { doors } = tenant();
    expect(await faultOf(doors.open('404', signal()))).toMatchObject({ code: 'VMS000003' });
    const answer = (operationResult: unknown[]) =>
      lab.order({
        platform: 'hikconnect',
        mode: 'wrong-answer',
        path: '/remote/control',
        times: 1,
        body: JSON.parse(JSON.stringify({ errorCode: '0', data: { operationResult } })),
      });
    await answer([{ elementId: '1', elementName: 'a', errorCode: 'VMS021314' }]);
    expect(await faultOf(doors.open('1', signal()))).toMatchObject({ kind: 'server', code: 'VMS021314' });
    await answer([{ elementId: '1', elementName: 'a', errorCode: '' }]);
    expect(await faultOf(doors.open('1', signal()))).toMatchObject({ kind: 'protocol', code: 'operationResult' });
    expect(actions()).toEqual([]);
  });
});
