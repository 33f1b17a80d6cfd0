import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallName } from '#shared/channels';
import { contract, dispatch, type Handlers, type Output } from '#shared/contract';
import { toFault } from '#shared/fault';
import { sameLabel } from '#shared/operators';
import { displayName } from '#shared/person';
import { defaultSettings, type Station } from '#station/index';
import { agreementHolds, freeLabel, isIdle } from '../../../src/station/operators/roster-policy.ts';
import { fakePlatform } from './support/fake-platform.ts';
import { anna, open, portrait, temporaryDir } from './support/station.ts';

const APP = { version: '1', shell: 'loopback', lab: null } as const;
const MINUTE = 60_000;

let dir: ReturnType<typeof temporaryDir>;
let station: Station;
let gate = fakePlatform();
let time: number;

beforeEach(async () => {
  dir = temporaryDir();
  gate = fakePlatform();
  time = Date.UTC(2026, 0, 5, 8);
  station = await start();
});
afterEach(async () => {
  await station.close();
  dir.remove();
});

const start = () =>
  open(
    dir.path,
    { gate: gate.definition },
    { now: () => time, background: true, settings: defaultSettings(), pinCost: 16 },
  );

/** A window of its own: what it calls and what it is refused. */
function window() {
  const seat = station.seat();
  const handlers: Handlers = station.handlers(APP, seat);
  return {
    seat,
    async call<N extends CallName>(name: N, input?: unknown): Promise<Output<N>> {
      const reply = await dispatch(handlers, name, input, toFault);
      if (!reply.ok) throw Object.assign(new Error(reply.fault.message), { fault: reply.fault });
      return contract[name].output.parse(reply.value) as Output<N>;
    },
    async refused(name: CallName, input?: unknown): Promise<string> {
      const reply = await dispatch(handlers, name, input, toFault);
      return reply.ok ? 'served' : reply.fault.code;
    },
  };
}
type Window = ReturnType<typeof window>;

/** A window that serves visitors, kept by the supervisor's PIN. */
async function kioskWindow(): Promise<Window> {
  const kiosk = window();
  if (!station.operators.guard()) await kiosk.call('pin.set', { pin: '2468' });
  await kiosk.call('kiosk.enter');
  return kiosk;
}

/** What somebody at it agrees to now. */
async function agreeAt(at: Window, kind: 'staff' | 'visitor') {
  const { version } = await at.call('kiosk.consent', { language: 'en', kind });
  return { version, at: time };
}

async function pictureAt(at: Window): Promise<string> {
  const bytes = new Uint8Array(await portrait());
  return String((await at.call('photo.submit', { bytes, source: 'camera' })).token);
}

const add = (at: Window, label: string, role: string, pin: string) => at.call('operators.add', { label, role, pin });
const signIn = (at: Window, label: string, pin: string) => at.call('operators.signIn', { label, pin });
const trail = () =>
  [...station.audit.rows()].map(({ actor, action, outcome, detail }) => ({ actor, action, outcome, detail }));

/** Ada administrates, Sven supervises, Olga operates. */
async function staffed(): Promise<Window> {
  const desk = window();
  await add(desk, 'Ada', 'administrator', '1111');
  await add(desk, 'Sven', 'supervisor', '2222');
  await add(desk, 'Olga', 'operator', '3333');
  return desk;
}

describe('a station without operators', () => {
  it('works as before: nobody signs in, everything is served', async () => {
    const desk = window();
    expect(await desk.call('operators.status')).toEqual({
      setUp: false,
      lost: false,
      operators: [],
      me: null,
      lockedBy: null,
      kiosk: false,
      guarded: false,
    });
    expect(await desk.call('vault.status')).toHaveLength(1);
    expect(await desk.call('people.find', { query: '' })).toMatchObject({ total: 0 });
    expect(desk.seat.hears('delivery.changed')).toBe(true);
    expect(await desk.refused('operators.changePin', { current: '1111', pin: '2222' })).toBe('sign-in-required');
  });

  it('makes the first operator administrator and signs them in; every other window has to sign in from then on', async () => {
    const [desk, other] = [window(), window()];
    expect(await add(desk, ' Ada ', 'operator', '1111')).toEqual({ label: 'Ada', role: 'administrator' });
    expect(await desk.call('operators.status')).toMatchObject({ setUp: true, me: { label: 'Ada' } });
    expect(await other.refused('people.find', { query: '' })).toBe('sign-in-required');
    expect(await other.refused('photo.discard', { token: 'x' })).toBe('sign-in-required');
    expect(await other.refused('operators.add', { label: 'Eve', role: 'administrator', pin: '6666' })).toBe(
      'sign-in-required',
    );
    expect(other.seat.hears('delivery.changed')).toBe(false);
    expect(other.seat.hears('operators.changed')).toBe(true);
    // What a page needs before anybody is there.
    expect(await other.call('app.info')).toEqual(APP);
    expect(await other.call('settings.set', { language: 'zh-CN' })).toMatchObject({ language: 'zh-CN' });
    expect(await other.refused('settings.set', { mirror: false })).toBe('sign-in-required');
  });

  it('lets one of two who begin at once be first', async () => {
    const [one, two] = [window(), window()];
    const both = await Promise.allSettled([
      add(one, 'Ada', 'administrator', '1111'),
      add(two, 'Eve', 'administrator', '6666'),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(station.operators.list()).toHaveLength(1);
  });

  it('hands the supervisor’s PIN over to an operator, and lets nobody past it to become administrator', async () => {
    const desk = window();
    await desk.call('pin.set', { pin: '2468' });
    expect(await desk.refused('operators.add', { label: 'Eve', role: 'administrator', pin: '6666' })).toBe(
      'pin-required',
    );
    await desk.call('operators.add', {
      label: 'Supervisor',
      role: 'administrator',
      pin: '1111',
      supervisorPin: '2468',
    });
    expect(station.operators.list()).toEqual([
      { label: 'Supervisor', role: 'administrator' },
      { label: 'supervisor 2', role: 'supervisor' },
    ]);
    expect(await desk.call('pin.status')).toMatchObject({ set: false });
    expect(await desk.refused('pin.set', { pin: '9999' })).toBe('has-operators');
    expect(await signIn(window(), 'supervisor 2', '2468')).toEqual({ label: 'supervisor 2', role: 'supervisor' });
  });
});

describe('signing in', () => {
  it('is each window’s own, and ends with it', async () => {
    await staffed();
    const [one, two] = [window(), window()];
    await signIn(one, 'olga', '3333');
    await signIn(two, 'Sven', '2222');
    expect((await one.call('operators.status')).me).toEqual({ label: 'Olga', role: 'operator' });
    expect((await two.call('operators.status')).me).toEqual({ label: 'Sven', role: 'supervisor' });
    await one.call('operators.signOut', {});
    expect(await one.refused('people.find', { query: '' })).toBe('sign-in-required');
    expect(await two.refused('people.find', { query: '' })).toBe('served');
    await station.close();
    station = await start();
    const again = window();
    expect(await again.call('operators.status')).toMatchObject({ setUp: true, me: null });
  });

  it('refuses wrong PINs, locks after several, and forgets them when an administrator gives a new one', async () => {
    const desk = await staffed();
    const other = window();
    for (let n = 0; n < 5; n += 1)
      expect(await other.refused('operators.signIn', { label: 'Olga', pin: `000${n}` })).toBe('pin-wrong');
    expect(await other.refused('operators.signIn', { label: 'Olga', pin: '3333' })).toBe('pin-locked');
    // The others are not locked out with her.
    expect(await other.refused('operators.signIn', { label: 'Sven', pin: '2222' })).toBe('served');
    expect(await other.refused('operators.signIn', { label: 'Nobody', pin: '2222' })).toBe('unknown-operator');
    await desk.call('operators.resetPin', { label: 'Olga', pin: '4444' });
    expect(await signIn(other, 'Olga', '4444')).toMatchObject({ label: 'Olga' });
    expect(await other.refused('operators.changePin', { current: '0000', pin: '5555' })).toBe('pin-wrong');
    await other.call('operators.changePin', { current: '4444', pin: '5555' });
    expect(await signIn(window(), 'Olga', '5555')).toMatchObject({ label: 'Olga' });
  });

  it('locks by hand and after the time the site chose, and remembers whose it was', async () => {
    const desk = await staffed();
    await desk.call('operators.signOut', { lock: true });
    expect(await desk.call('operators.status')).toMatchObject({ me: null, lockedBy: 'Ada' });
    await signIn(desk, 'Ada', '1111');
    await desk.call('settings.set', { lockAfterMinutes: 10 });
    time += 9 * MINUTE;
    await desk.call('operators.active');
    time += 9 * MINUTE;
    expect(await desk.refused('people.find', { query: '' })).toBe('served');
    // What a page asks by itself is nobody at the desk.
    time += MINUTE;
    expect(await desk.refused('people.find', { query: '' })).toBe('sign-in-required');
    expect(desk.seat.hears('delivery.changed')).toBe(false);
    expect(await desk.call('operators.status')).toMatchObject({ me: null, lockedBy: 'Ada' });
    expect(trail().filter(({ action }) => action === 'lock')).toMatchObject([
      { actor: 'desk:Ada', outcome: 'done' },
      { actor: 'desk:Ada', outcome: 'idle' },
    ]);
    await signIn(desk, 'Ada', '1111');
    await desk.call('settings.set', { lockAfterMinutes: null });
    time += 1_000 * MINUTE;
    expect(await desk.refused('people.find', { query: '' })).toBe('served');
  });
});

describe('roles', () => {
  it('are asked for at the gate', async () => {
    await staffed();
    const desk = window();
    await signIn(desk, 'Olga', '3333');
    for (const [name, input] of [
      ['people.remove', { code: 'X', from: null }],
      ['people.export', { code: 'X' }],
      ['vault.status', undefined],
      ['vault.set', { platform: 'gate', field: 'password', value: 'x' }],
      ['operators.add', { label: 'Eve', role: 'operator', pin: '6666' }],
      ['settings.set', { lockAfterMinutes: null }],
      ['audit.export', undefined],
    ] as const)
      expect(await desk.refused(name, input), name).toBe('role-required');
    expect(await desk.refused('audit.status')).toBe('served');
    await signIn(desk, 'Sven', '2222');
    expect(await desk.refused('people.export', { code: 'X' })).toBe('unknown-person');
    expect(await desk.refused('vault.status')).toBe('role-required');
  });

  it('are stepped up for one act, which the trail tells of both', async () => {
    await staffed();
    const desk = window();
    await signIn(desk, 'Olga', '3333');
    const { token } = await desk.call('photo.submit', { bytes: new Uint8Array(await portrait()), source: 'file' });
    await desk.call('enrolment.create', { photo: token, person: anna, to: ['gate'] });
    const agree = (label: string, pin: string, call = 'people.export') =>
      desk.refused('operators.approve', { label, pin, call });

    expect(await agree('Sven', '0000')).toBe('pin-wrong');
    expect(await desk.refused('people.export', { code: anna.code })).toBe('role-required');
    // Agreed to something else, by somebody who may not either, or too long ago.
    expect(await agree('Sven', '2222', 'people.remove')).toBe('served');
    expect(await desk.refused('people.export', { code: anna.code })).toBe('role-required');
    expect(await agree('Olga', '3333')).toBe('served');
    expect(await desk.refused('people.export', { code: anna.code })).toBe('role-required');
    expect(await agree('Sven', '2222')).toBe('served');
    time += 2 * MINUTE;
    expect(await desk.refused('people.export', { code: anna.code })).toBe('role-required');

    expect(await agree('Sven', '2222')).toBe('served');
    expect(await window().refused('people.export', { code: anna.code })).toBe('sign-in-required');
    expect(await desk.refused('people.export', { code: anna.code })).toBe('served');
    expect(await desk.refused('people.export', { code: anna.code })).toBe('role-required');
    expect((await desk.call('operators.status')).me).toEqual({ label: 'Olga', role: 'operator' });

    const told = trail();
    expect(told).toContainEqual({ actor: 'desk:Olga', action: 'enrol', outcome: 'written', detail: expect.anything() });
    expect(told).toContainEqual({
      actor: 'desk:Olga',
      action: 'step-up',
      outcome: 'done',
      detail: { operator: 'Sven', call: 'people.export' },
    });
    expect(told.filter(({ action }) => action === 'export')).toMatchObject([{ actor: 'desk:Olga+Sven' }]);
    expect(told.filter(({ action }) => action === 'pin-wrong')).toMatchObject([
      { actor: 'desk:Olga', detail: { operator: 'Sven' } },
    ]);
  });

  it('change at once, also for whoever is signed in', async () => {
    const desk = await staffed();
    const other = window();
    await signIn(other, 'Sven', '2222');
    await desk.call('operators.setRole', { label: 'Sven', role: 'operator' });
    expect(await other.refused('people.export', { code: 'X' })).toBe('role-required');
    await desk.call('operators.remove', { label: 'Sven' });
    expect(await other.refused('people.find', { query: '' })).toBe('sign-in-required');
  });

  it('leave one administrator, always', async () => {
    const desk = await staffed();
    expect(await desk.refused('operators.remove', { label: 'Ada' })).toBe('last-administrator');
    expect(await desk.refused('operators.setRole', { label: 'Ada', role: 'operator' })).toBe('last-administrator');
    expect(() => station.operators.remove('Ada')).toThrow('administrator');
    await desk.call('operators.setRole', { label: 'Sven', role: 'administrator' });
    await desk.call('operators.remove', { label: 'Ada' });
    expect(station.operators.list().map(({ label }) => label)).toEqual(['Sven', 'Olga']);
    expect(await desk.refused('operators.status')).toBe('served');
    expect(await desk.refused('people.find', { query: '' })).toBe('sign-in-required');
  });

  it('take no label twice and none that means something to a spreadsheet or the trail', async () => {
    const desk = await staffed();
    expect(await desk.refused('operators.add', { label: 'OLGA', role: 'operator', pin: '7777' })).toBe('taken');
    for (const label of ['=1+1', 'a:b', 'a+b', '', '@x', 'x'.repeat(33)])
      expect(await desk.refused('operators.add', { label, role: 'operator', pin: '7777' }), label).toBe('argument');
    await expect(station.operators.add({ label: 'a+b', role: 'operator', pin: '7777' })).rejects.toThrow('label');
    await expect(station.operators.setPin('Olga', '12')).rejects.toThrow('pin');
  });
});

describe('a window for visitors', () => {
  it('does what a visitor needs and nothing else, until somebody of the desk takes it back', async () => {
    await staffed();
    const kiosk = window();
    await signIn(kiosk, 'Olga', '3333');
    expect((await kiosk.call('platforms.list')).map(({ host }) => host)).not.toContain('');
    await kiosk.call('kiosk.enter');
    expect((await kiosk.call('platforms.list')).map(({ id, host }) => [id, host])).toEqual([['gate', '']]);
    const { token } = await kiosk.call('photo.submit', { bytes: new Uint8Array(await portrait()), source: 'camera' });
    const entry = { photo: token, person: anna, to: ['gate'] };
    expect(await kiosk.refused('enrolment.create', entry)).toBe('kiosk');
    // Nobody agreed to anything yet.
    expect(await kiosk.refused('enrolment.create', { ...entry, onExisting: 'stop' })).toBe('kiosk');
    const { version } = await kiosk.call('kiosk.consent', { language: 'en', kind: 'staff' });
    const consent = { version, at: time };
    const { id } = await kiosk.call('enrolment.create', { ...entry, onExisting: 'stop', consent });
    expect(await kiosk.refused('enrolment.get', { id })).toBe('served');
    for (const [name, input] of [
      ['people.find', { query: '' }],
      ['enrolment.list', { limit: 1 }],
      ['operators.approve', { label: 'Sven', pin: '2222', call: 'people.find' }],
      ['settings.set', { mirror: false }],
    ] as const)
      expect(await kiosk.refused(name, input), name).toBe('kiosk');
    expect(await kiosk.refused('kiosk.leave', {})).toBe('pin-required');
    expect(await kiosk.refused('kiosk.leave', { label: 'Olga', pin: '0000' })).toBe('pin-wrong');
    await kiosk.call('kiosk.leave', { label: 'Olga', pin: '3333' });
    expect(await kiosk.call('operators.status')).toMatchObject({ kiosk: false, me: { label: 'Olga' } });
    expect(trail().filter(({ action }) => action === 'enrol')).toMatchObject([{ actor: 'kiosk' }]);
    expect(trail().filter(({ action }) => action === 'kiosk')).toMatchObject([
      { actor: 'desk:Olga', outcome: 'entered' },
      { actor: 'desk:Olga', outcome: 'left' },
    ]);
  });

  it('tells what is agreed to with the site’s facts, and names these words', async () => {
    const desk = window();
    const ask = (language: 'en' | 'zh-CN', kind: 'staff' | 'visitor' = 'staff') =>
      desk.call('kiosk.consent', { language, kind });
    const first = await ask('en');
    expect(first.text).toContain('365 days');
    expect(first.version).toMatch(/^en-[0-9a-f]{16}$/);
    expect(await ask('en')).toEqual(first);
    expect((await ask('zh-CN')).version).toMatch(/^zh-CN-/);
    await desk.call('settings.set', { kioskConsent: { en: 'Ours, sent to {systems}.', 'zh-CN': null } });
    const own = await ask('en');
    expect(own.text).toMatch(/^Ours, sent to (?!\{)/);
    expect(own.version).not.toBe(first.version);
    await desk.call('settings.set', { kioskConsent: { en: null, 'zh-CN': null } });
    expect(await ask('en')).toEqual(first);
  });

  it('takes a new picture of somebody known by their code, and tells nothing about them', async () => {
    const kiosk = await kioskWindow();
    const photo = await pictureAt(kiosk);
    let consent = await agreeAt(kiosk, 'staff');
    expect(await kiosk.refused('kiosk.reenrol', { code: anna.code, photo, consent })).toBe('unknown-person');
    // The picture is still there for the right code.
    const first = { photo, person: anna, to: ['gate'], onExisting: 'stop', consent } as const;
    await kiosk.call('enrolment.create', first);
    const again = await pictureAt(kiosk);
    consent = await agreeAt(kiosk, 'staff');
    const answer = await kiosk.call('kiosk.reenrol', { code: anna.code, photo: again, consent });
    expect(Object.keys(answer)).toEqual(['id']);
    // Whose code it is, is not told by way of the enrolment either.
    expect(await kiosk.refused('enrolment.get', answer)).toBe('unknown-enrolment');
    expect(await window().call('enrolment.get', answer)).toMatchObject({ code: anna.code, consent });
  });

  it('is told of the enrolment that was just made there, and of nobody else’s', async () => {
    const desk = window();
    const kiosk = await kioskWindow();
    const heard: { at: string; enrolment: string }[] = [];
    station.on('delivery.changed', (change) => {
      for (const [at, { seat }] of Object.entries({ desk, kiosk })) {
        const told = seat.told('delivery.changed', change);
        if (told !== null) heard.push({ at, enrolment: told.enrolment });
      }
    });
    const at = async (where: Window, code: string) => {
      const photo = await pictureAt(where);
      const consent = await agreeAt(where, 'staff');
      const entry = { photo, person: { ...anna, code }, to: ['gate'], onExisting: 'stop', consent } as const;
      return (await where.call('enrolment.create', entry)).id;
    };
    const arrived = (id: string) =>
      expect
        .poll(async () => (await desk.call('enrolment.get', { id })).deliveries[0]?.state)
        .toMatch(/^(deliver|verif)/);
    const stranger = await at(desk, 'S1');
    await arrived(stranger);
    expect(await kiosk.refused('enrolment.get', { id: stranger })).toBe('unknown-enrolment');
    expect(await kiosk.refused('visits.passes', { enrolment: stranger })).toBe('unknown-enrolment');
    const first = await at(kiosk, 'S2');
    await arrived(first);
    expect(await kiosk.call('enrolment.get', { id: first })).toMatchObject({
      code: 'S2',
      deliveries: [{ state: expect.stringMatching(/^(deliver|verif)/), personId: null, steps: [] }],
    });
    // The next visitor is told nothing of the one before them, and after a while nobody is.
    const second = await at(kiosk, 'S3');
    expect(await kiosk.refused('enrolment.get', { id: first })).toBe('unknown-enrolment');
    expect(await kiosk.refused('enrolment.get', { id: second })).toBe('served');
    time += 16 * MINUTE;
    expect(await kiosk.refused('enrolment.get', { id: second })).toBe('unknown-enrolment');
    const ids = (where: string) => new Set(heard.filter((one) => one.at === where).map(({ enrolment }) => enrolment));
    await expect.poll(() => [...ids('desk')]).toContain(stranger);
    expect(ids('kiosk')).not.toContain(stranger);
  });

  it('cannot try one code after another: visitors choose none, and staff come one at a time', async () => {
    const kiosk = await kioskWindow();
    const photo = await pictureAt(kiosk);
    const entry = { photo, to: ['gate'], onExisting: 'stop' } as const;
    const enrol = async (kind: 'staff' | 'visitor', code: string) =>
      kiosk.refused('enrolment.create', {
        ...entry,
        person: { ...anna, kind, code },
        consent: await agreeAt(kiosk, kind),
      });
    expect(await enrol('visitor', anna.code)).toBe('kiosk-code');
    // Each try counts, whatever comes of it: here the picture is used up.
    expect(await enrol('staff', 'S0')).toBe('served');
    for (let n = 1; n < 20; n += 1) expect(await enrol('staff', `S${n}`)).not.toBe('kiosk-often');
    expect(await enrol('staff', 'S20')).toBe('kiosk-often');
    time += 30_000;
    expect(await enrol('staff', 'S20')).not.toBe('kiosk-often');
  });

  it('looks at codes ever more slowly after a few that nobody has', async () => {
    const kiosk = await kioskWindow();
    const photo = await pictureAt(kiosk);
    const guess = async (code: string) =>
      kiosk.refused('kiosk.reenrol', { code, photo, consent: await agreeAt(kiosk, 'staff') });
    for (let n = 0; n < 5; n++) expect(await guess(`X${n}`)).toBe('unknown-person');
    expect(await guess('X5')).toBe('code-locked');
    // Another window, and the right code, wait as well.
    await kiosk.call('kiosk.leave', { pin: '2468' });
    const other = await kioskWindow();
    const consent = await agreeAt(other, 'staff');
    expect(await other.refused('kiosk.reenrol', { code: anna.code, photo, consent })).toBe('code-locked');
    time += 31_000;
    expect(await guess('X6')).toBe('unknown-person');
    time += 31_000;
    expect(await guess('X7')).toBe('code-locked');
    time += 60 * MINUTE;
    expect(await guess('X8')).toBe('unknown-person');
  });

  it('enrols with nothing but words that it was told itself, and just now', async () => {
    const kiosk = await kioskWindow();
    const photo = await pictureAt(kiosk);
    const entry = { photo, person: anna, to: ['gate'], onExisting: 'stop' } as const;
    const refused = (consent: { version: string; at: number }, more = {}) =>
      kiosk.refused('enrolment.create', { ...entry, consent, ...more });
    expect(await refused({ version: 'en-0000000000000000', at: time })).toBe('consent');
    const other = window();
    const { version } = await other.call('kiosk.consent', { language: 'en', kind: 'staff' });
    expect(await refused({ version, at: time })).toBe('consent');
    const consent = await agreeAt(kiosk, 'staff');
    expect(await refused({ version, at: time - 2 * MINUTE })).toBe('consent');
    expect(await refused({ version, at: time + 2 * MINUTE })).toBe('consent');
    expect(await refused(consent, { person: { ...anna, kind: 'visitor' } })).not.toBe('served');
    time += 31 * MINUTE;
    expect(await refused(consent)).toBe('consent');
    // Words that do not hold any more.
    const before = await agreeAt(kiosk, 'staff');
    await other.call('settings.set', { kioskConsent: { en: 'Other words.', 'zh-CN': null } });
    expect(await refused(before)).toBe('consent');
    // One agreement is for one person.
    const after = await agreeAt(kiosk, 'staff');
    expect(await refused(after, { photo: await pictureAt(kiosk) })).toBe('served');
    const second = { photo: await pictureAt(kiosk), person: { ...anna, code: 'S2' } };
    expect(await refused(after, second)).toBe('consent');
  });

  it('does what the site offers there, and nothing beyond what the words name', async () => {
    const desk = window();
    const kiosk = await kioskWindow();
    const photo = await pictureAt(kiosk);
    const entry = { photo, person: anna, to: ['gate'], onExisting: 'stop' } as const;
    await desk.call('settings.set', { targets: [] });
    const consent = await agreeAt(kiosk, 'staff');
    expect(await kiosk.refused('enrolment.create', { ...entry, consent })).toBe('kiosk-target');
    await desk.call('settings.set', { targets: null, kioskPurposes: ['visit'] });
    expect(await kiosk.refused('enrolment.create', { ...entry, consent })).toBe('kiosk-purpose');
    expect(await kiosk.refused('kiosk.reenrol', { code: 'S1', photo, consent })).toBe('kiosk-purpose');
  });

  it('names hosts where the site wants it, and nothing else about them', async () => {
    const desk = window();
    const taken = await desk.call('photo.submit', { bytes: new Uint8Array(await portrait()), source: 'camera' });
    await desk.call('enrolment.create', { photo: taken.token, person: anna, to: ['gate'] });
    const kiosk = await kioskWindow();
    const word = displayName(anna.name).slice(0, 3);
    expect(await kiosk.call('kiosk.hosts', { query: word })).toEqual([]);
    await desk.call('settings.set', { kioskHosts: true });
    expect(await kiosk.call('kiosk.hosts', { query: word })).toEqual([{ name: displayName(anna.name) }]);
    for (const query of [word.slice(0, 2), anna.code, '', '   '])
      expect(await kiosk.call('kiosk.hosts', { query }), query).toEqual([]);
    let asked = 0;
    while ((await kiosk.refused('kiosk.hosts', { query: word })) === 'served') asked += 1;
    expect(asked).toBeLessThan(40);
    time += 5_000;
    expect(await kiosk.refused('kiosk.hosts', { query: word })).toBe('served');
  });

  it('serves nobody while there is no PIN to keep them, and takes that PIN', async () => {
    const seat = station.seat(true);
    const handlers = station.handlers(APP, seat);
    const ask = async (name: CallName, input?: unknown) => {
      const reply = await dispatch(handlers, name, input, toFault);
      return reply.ok ? 'served' : reply.fault.code;
    };
    expect(station.operators.guard()).toBe(false);
    expect(await handlers['operators.status'](undefined)).toMatchObject({ kiosk: true, guarded: false });
    expect(await ask('photo.submit', { bytes: new Uint8Array(1), source: 'camera' })).toBe('kiosk-unguarded');
    expect(await ask('people.find', { query: '' })).toBe('kiosk-unguarded');
    expect(await ask('kiosk.leave', {})).toBe('kiosk-unguarded');
    expect(await window().refused('kiosk.enter')).toBe('kiosk-unguarded');
    expect(await ask('pin.set', { pin: '2468' })).toBe('served');
    expect(trail().at(-1)).toMatchObject({ actor: 'kiosk', action: 'pin-set' });
    expect(await handlers['operators.status'](undefined)).toMatchObject({ kiosk: true, guarded: true });
    expect(await ask('kiosk.consent', { language: 'en', kind: 'staff' })).toBe('served');
    // A PIN that is set is changed at the desk alone.
    expect(await ask('pin.set', { pin: '1357', current: '2468' })).toBe('kiosk');
    expect(await ask('kiosk.leave', { pin: '2468' })).toBe('served');
  });

  it('serves visitors from the first where it was opened so', async () => {
    await window().call('pin.set', { pin: '2468' });
    const seat = station.seat(true);
    expect(seat.hears('settings.changed')).toBe(true);
    const handlers = station.handlers({ version: '0', shell: 'loopback', lab: null }, seat);
    expect(await handlers['operators.status'](undefined)).toMatchObject({ kiosk: true });
    await expect(handlers['people.find']({ query: '', limit: 1, offset: 0 })).rejects.toThrow('staff leave');
  });

  it('is left with the supervisor’s PIN where there are no operators', async () => {
    const kiosk = window();
    await kiosk.call('pin.set', { pin: '2468' });
    await kiosk.call('kiosk.enter');
    expect(await kiosk.refused('people.find', { query: '' })).toBe('kiosk');
    expect(await kiosk.refused('kiosk.leave', {})).toBe('pin-required');
    await kiosk.call('kiosk.leave', { pin: '2468' });
    expect(await kiosk.refused('people.find', { query: '' })).toBe('served');
  });
});

describe('the audit trail', () => {
  it('names what was done about operators and settings, never a PIN or a value', async () => {
    const desk = await staffed();
    await desk.call('settings.set', { preset: 'strict', mirror: true, language: 'zh-CN' });
    await desk.call('settings.set', { preset: 'strict' });
    await desk.call('operators.setRole', { label: 'Olga', role: 'supervisor' });
    await desk.call('operators.resetPin', { label: 'Olga', pin: '4444' });
    await desk.call('operators.remove', { label: 'Olga' });
    await desk.call('operators.signOut', {});
    await station.operators.setPin('Sven', '9876');
    const told = trail();
    expect(told.map(({ action }) => action)).toEqual([
      'operator-add',
      'operator-add',
      'operator-add',
      'settings',
      'operator-role',
      'operator-pin',
      'operator-remove',
      'sign-out',
      'operator-pin',
    ]);
    expect(told[0]).toMatchObject({ actor: 'desk', detail: { operator: 'Ada', role: 'administrator' } });
    expect(told[1]).toMatchObject({ actor: 'desk:Ada' });
    expect(told[3]?.detail).toEqual({ fields: 'language preset' });
    expect(JSON.stringify(told)).not.toMatch(/\b(1111|2222|3333|4444|9876)\b|strict/);
    expect(station.audit.verify()).toMatchObject({ whole: true });
  });

  it('is handed to a supervisor as CSV that says who took it', async () => {
    const desk = await staffed();
    await signIn(desk, 'Sven', '2222');
    const { csv } = await desk.call('audit.export');
    const lines = csv.trimEnd().split('\r\n');
    expect(lines[0]).toContain('seq,at,actor,action');
    expect(lines.at(-1)).toContain('desk:Sven,audit-export');
    expect(lines).toHaveLength([...station.audit.rows()].length + 1);
  });
});

describe('the way back', () => {
  it('gives whoever owns the files a new PIN, and a station nobody signs in to', async () => {
    await staffed();
    await station.operators.setPin('Ada', '8888');
    const desk = window();
    expect(await desk.refused('operators.signIn', { label: 'Ada', pin: '1111' })).toBe('pin-wrong');
    await signIn(desk, 'Ada', '8888');
    station.operators.clear();
    expect(await window().refused('vault.status')).toBe('served');
  });
});

describe('the decisions', () => {
  it('tell labels apart as people do', () => {
    expect(sameLabel('Ａnna ', 'anna')).toBe(true);
    expect(sameLabel('Anna', 'Anne')).toBe(false);
    expect(freeLabel('supervisor', ['Supervisor', 'supervisor 2'])).toBe('supervisor 3');
  });
  it('lock when nobody was there or the clock says nothing', () => {
    expect([0, 4 * MINUTE, 5 * MINUTE, -30_000, -2 * MINUTE].map((ms) => isIdle(0, ms, 5))).toEqual([
      false,
      false,
      true,
      false,
      true,
    ]);
    expect(isIdle(0, 1e12, null)).toBe(false);
  });
  it('hold an agreement to its call and its minute', () => {
    const agreement = { call: 'people.remove', at: 1_000 };
    expect(agreementHolds(agreement, 'people.remove', 1_000)).toBe(true);
    expect(agreementHolds(agreement, 'people.remove', 61_001)).toBe(false);
    expect(agreementHolds(agreement, 'people.remove', 999)).toBe(false);
    expect(agreementHolds(agreement, 'people.export', 1_000)).toBe(false);
  });
});
