import { describe, expect, it } from 'vitest';
import { admit, type Level, levelOf, levelOfEvent, type Standing } from '#shared/access';
import { CALLS, type CallName, EVENTS } from '#shared/channels';
import { contract, DEFAULT_SETTINGS, type Received, type Settings } from '#shared/contract';
import { ROLES } from '#shared/operators';

const person = { kind: 'visitor' as const, code: 'V1', name: { display: 'Vi' } };
const enrolment = { photo: 'p', person, to: ['gate'] };
const draft = { kind: 'device', values: { baseUrl: 'https://a.example' }, secrets: {} };
const consent = { version: 'en-1', at: 1 };

/** What a call needs, with an argument of each kind that matters. Written down again on purpose: a change of the table shows here. */
const EXPECTED: { [N in CallName]: readonly (readonly [input: unknown, level: Level])[] } = {
  'app.info': [[undefined, 'anyone']],
  'settings.get': [[undefined, 'anyone']],
  'settings.set': [
    [{}, 'anyone'],
    [{ language: 'en' }, 'anyone'],
    [{ cameraId: null }, 'operator'],
    [{ mirror: true }, 'operator'],
    [{ autoCapture: true }, 'operator'],
    [{ preset: 'lenient' }, 'administrator'],
    [{ limits: {} }, 'administrator'],
    [{ retention: DEFAULT_SETTINGS.retention }, 'administrator'],
    [{ presence: 'off' }, 'administrator'],
    [{ targets: null }, 'administrator'],
    [{ lockAfterMinutes: null }, 'administrator'],
    [{ workdayEnds: '17:30' }, 'administrator'],
    [{ compareDesk: true }, 'administrator'],
    [{ kioskIdleSeconds: 30 }, 'administrator'],
    [{ kioskPurposes: ['visit'] }, 'administrator'],
    [{ kioskConsent: { en: null, 'zh-CN': null } }, 'administrator'],
    [{ kioskVoice: true }, 'administrator'],
    [{ kioskRing: false }, 'administrator'],
    [{ kioskKeyboard: false }, 'administrator'],
    [{ kioskHosts: true }, 'administrator'],
    [{ language: 'en', mirror: true, lockAfterMinutes: 1 }, 'administrator'],
  ],
  'quality.criteria': [[undefined, 'visitor']],
  'quality.disagreements': [[undefined, 'operator']],
  'quality.disagreements.export': [[undefined, 'supervisor']],
  'quality.disagreements.clear': [[{ platform: null }, 'supervisor']],
  'platforms.list': [[undefined, 'visitor']],
  'platforms.test': [[{ id: 'gate' }, 'operator']],
  'selftest.step': [[{ step: 'disk' }, 'operator']],
  'site.get': [[undefined, 'administrator']],
  'site.test': [[{ id: null, draft }, 'administrator']],
  'site.certificate': [[{ baseUrl: 'https://a.example' }, 'administrator']],
  'site.save': [[{ id: 'gate', add: true, draft }, 'administrator']],
  'site.remove': [[{ id: 'gate', deliveries: 'keep' }, 'administrator']],
  'person.check': [[{ person, to: [] }, 'visitor']],
  'photo.submit': [[{ bytes: new Uint8Array(), source: 'camera' }, 'visitor']],
  'photo.discard': [[{ token: 'p' }, 'visitor']],
  'enrolment.create': [
    [enrolment, 'operator'],
    [{ ...enrolment, onExisting: 'stop' }, 'operator'],
    [{ ...enrolment, consent }, 'operator'],
    [{ ...enrolment, onExisting: 'stop', consent }, 'visitor'],
    [{ ...enrolment, onExisting: 'stop', onSimilar: 'stop', consent }, 'visitor'],
    [{ ...enrolment, onExisting: 'stop', onSimilar: 'force' }, 'supervisor'],
    [{ ...enrolment, onSimilar: 'force' }, 'supervisor'],
  ],
  'enrolment.get': [[{ id: 'e' }, 'visitor']],
  'enrolment.list': [[{ limit: 1 }, 'operator']],
  'delivery.retry': [[{ id: 'd' }, 'operator']],
  'delivery.answer': [
    [{ id: 'd', answer: 'stop' }, 'operator'],
    [{ id: 'd', answer: 'force' }, 'supervisor'],
  ],
  'delivery.faces': [[{ id: 'd' }, 'operator']],
  'outbox.platforms': [[undefined, 'operator']],
  'outbox.held': [[{ limit: 20 }, 'operator']],
  'people.find': [[{ query: '' }, 'operator']],
  'people.get': [[{ code: 'V1' }, 'operator']],
  'people.enrol': [
    [{ code: 'V1', photo: null, to: ['gate'] }, 'operator'],
    [{ code: 'V1', photo: null, to: ['gate'], onSimilar: 'force' }, 'supervisor'],
  ],
  'people.verify': [[{ code: 'V1' }, 'operator']],
  'people.remove': [[{ code: 'V1', from: null }, 'supervisor']],
  'people.export': [[{ code: 'V1' }, 'supervisor']],
  'vault.status': [[undefined, 'administrator']],
  'vault.set': [[{ platform: 'gate', field: 'password', value: 'x' }, 'administrator']],
  'vault.clear': [[{ platform: 'gate', field: 'password' }, 'administrator']],
  'vault.test': [[{ platform: 'gate' }, 'administrator']],
  'key.status': [[undefined, 'administrator']],
  'key.change': [[undefined, 'administrator']],
  'pin.status': [[undefined, 'anyone']],
  'pin.set': [[{ pin: null }, 'administrator']],
  'pin.check': [[{ pin: '2468' }, 'operator']],
  'presence.skip': [[{}, 'operator']],
  'audit.status': [[undefined, 'operator']],
  'audit.export': [[undefined, 'supervisor']],
  'operators.status': [[undefined, 'anyone']],
  'operators.signIn': [[{ label: 'Anna', pin: '2468' }, 'anyone']],
  'operators.signOut': [[{}, 'anyone']],
  'operators.active': [[undefined, 'anyone']],
  'operators.approve': [[{ label: 'Anna', pin: '2468', call: 'people.remove' }, 'operator']],
  'operators.add': [[{ label: 'Ben', role: 'operator', pin: '2468' }, 'administrator']],
  'operators.setRole': [[{ label: 'Ben', role: 'operator' }, 'administrator']],
  'operators.changePin': [[{ current: '2468', pin: '1357' }, 'operator']],
  'operators.resetPin': [[{ label: 'Ben', pin: '1357' }, 'administrator']],
  'operators.remove': [[{ label: 'Ben' }, 'administrator']],
  'kiosk.enter': [[undefined, 'operator']],
  'kiosk.leave': [[{}, 'anyone']],
  'import.upload': [[{ what: 'table', name: 'a.csv' }, 'operator']],
  'import.part': [[{ token: 't', bytes: new Uint8Array() }, 'operator']],
  'import.discard': [[{ token: 't' }, 'operator']],
  'import.pick': [[{ what: 'folder' }, 'operator']],
  'import.open': [[{ table: 't', photos: null }, 'operator']],
  'import.read': [[{ id: 'i' }, 'operator']],
  'import.check': [[{ id: 'i', to: ['gate'] }, 'operator']],
  'import.run': [[{ id: 'i', to: ['gate'] }, 'operator']],
  'import.pause': [[{ id: 'i' }, 'operator']],
  'import.resume': [[{ id: 'i' }, 'operator']],
  'import.cancel': [[{ id: 'i' }, 'operator']],
  'import.list': [[undefined, 'operator']],
  'import.get': [[{ id: 'i' }, 'operator']],
  'import.rows': [[{ id: 'i' }, 'operator']],
  'import.replace': [[{ id: 'i', line: 2, bytes: new Uint8Array() }, 'operator']],
  'import.decide': [[{ id: 'i', line: 2, decision: 'out' }, 'operator']],
  'import.report': [[{ id: 'i' }, 'operator']],
  'import.sheet': [[{ id: 'i' }, 'operator']],
  'import.forget': [[{ id: 'i' }, 'operator']],
  'visits.list': [[{ when: 'today' }, 'operator']],
  'visits.register': [[{ person: { kind: 'visitor', name: { display: 'Ben Ong' } } }, 'operator']],
  'visits.import': [[{ file: new Uint8Array() }, 'operator']],
  'visits.cancel': [[{ id: 'v' }, 'operator']],
  'visits.checkIn': [[{ id: 'v' }, 'operator']],
  'visits.checkOut': [[{ id: 'v' }, 'operator']],
  'visits.passes': [[{ enrolment: 'e' }, 'visitor']],
  'visits.picture': [[{ id: 'v' }, 'operator']],
  'visits.known': [[{ query: '0123' }, 'operator']],
  'visits.resembling': [[{ name: 'Lim' }, 'operator']],
  'visits.hosts': [[{ query: 'lim' }, 'operator']],
  'visits.hostsOn': [[{ query: 'lim', platform: 'gate' }, 'operator']],
  'gates.list': [[undefined, 'operator']],
  'gates.retry': [[{ platform: 'gate' }, 'operator']],
  'gates.doors': [[undefined, 'operator']],
  'gates.open': [[{ platform: 'gate', door: '1' }, 'operator']],
  'gates.setClock': [[{ platform: 'gate' }, 'operator']],
  'gates.proofs': [[{ code: 'V1' }, 'operator']],
  'kiosk.consent': [[{ language: 'en', kind: 'visitor' }, 'visitor']],
  'kiosk.reenrol': [[{ code: 'V1', photo: 'p', consent }, 'visitor']],
  'kiosk.hosts': [[{ query: 'lim' }, 'visitor']],
};

const level = <N extends CallName>(name: N, input: unknown): Level =>
  levelOf(name, contract[name].input.parse(input) as Received<N>);

describe('the policy table', () => {
  it.each(CALLS.map((name) => [name] as const))('says who may call %s', (name) => {
    const rows = EXPECTED[name];
    expect(rows.length).toBeGreaterThan(0);
    for (const [input, expected] of rows) expect(level(name, input), JSON.stringify(input)).toBe(expected);
  });

  it('knows a level for every setting', () => {
    const fields = Object.keys(DEFAULT_SETTINGS) as (keyof Settings)[];
    const told = EXPECTED['settings.set'].flatMap(([patch]) => Object.keys(patch as object));
    expect([...new Set(told)].sort()).toEqual([...fields].sort());
  });

  it('lets a window hear of people only while somebody is there', () => {
    expect(Object.fromEntries(EVENTS.map((name) => [name, levelOfEvent(name)]))).toEqual({
      'delivery.changed': 'visitor',
      'import.changed': 'operator',
      'site.changed': 'visitor',
      'gates.passed': 'operator',
      'gates.proven': 'operator',
      'gates.watched': 'operator',
      'settings.changed': 'anyone',
      'operators.changed': 'anyone',
    });
  });
});

describe('admission', () => {
  const LEVELS: readonly Level[] = ['anyone', 'visitor', ...ROLES];
  const row = (standing: Standing) => LEVELS.map((one) => admit(one, standing));
  const [Y, S, R, K] = ['admitted', 'sign-in', 'role', 'kiosk'];
  it.each<[string, Standing, string[]]>([
    ['a station without operators', { setUp: false, kiosk: false, role: null }, [Y, Y, Y, Y, Y]],
    ['its kiosk', { setUp: false, kiosk: true, role: null }, [Y, Y, K, K, K]],
    ['nobody signed in', { setUp: true, kiosk: false, role: null }, [Y, S, S, S, S]],
    ['a kiosk', { setUp: true, kiosk: true, role: null }, [Y, Y, K, K, K]],
    ['an operator', { setUp: true, kiosk: false, role: 'operator' }, [Y, Y, Y, R, R]],
    ['a supervisor', { setUp: true, kiosk: false, role: 'supervisor' }, [Y, Y, Y, Y, R]],
    ['an administrator', { setUp: true, kiosk: false, role: 'administrator' }, [Y, Y, Y, Y, Y]],
    ['an administrator at a kiosk', { setUp: true, kiosk: true, role: 'administrator' }, [Y, Y, K, K, K]],
  ])('of %s', (_who, standing, expected) => {
    expect(row(standing)).toEqual(expected);
  });
});
