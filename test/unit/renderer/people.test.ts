import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PersonDetail } from '#shared/people';
import type { Person } from '#shared/person';
import { delivery, enrolment, personDetail, platformOutbox } from '../../fixtures/renderer/mock-station.ts';

const call = vi.hoisted(() => vi.fn());
vi.mock('../../../src/renderer/bridge.ts', () => ({
  bridge: {
    call,
    on: () => () => undefined,
    connection: () => ({ state: 'open' }),
    onConnection: () => () => undefined,
  },
}));

import { useDeliveries } from '../../../src/renderer/stores/deliveries.ts';
import { useOutbox } from '../../../src/renderer/stores/outbox.ts';
import { usePeople } from '../../../src/renderer/stores/people.ts';
import { usePin } from '../../../src/renderer/stores/pin.ts';
import { useSession } from '../../../src/renderer/stores/session.ts';

const anna = personDetail({ kind: 'staff', code: 'TP1', name: { display: 'Anna Lim' } }, [delivery('hcp', 'verified')]);
const bo = personDetail({ kind: 'staff', code: 'TP2', name: { display: 'Bo' } }, [delivery('hcp', 'verified')]);
const fault = (code: string, more = {}) => ({ kind: 'auth' as const, code, message: 'm', ...more });
const thrown = (one: object) => Object.assign(new Error('x'), { fault: one });

function station(answers: Record<string, unknown>): void {
  call.mockImplementation(async (name: string, input: unknown) => {
    const answer = answers[name];
    if (answer instanceof Error) throw answer;
    return typeof answer === 'function' ? answer(input) : answer;
  });
}
const calls = (name: string) => call.mock.calls.filter(([called]) => called === name).map(([, input]) => input);
const people = () => usePeople.getState();
const session = () => useSession.getState();

afterEach(() => {
  session().reset();
  call.mockReset();
});

describe('looking for people', () => {
  it('drops a late answer to an older question', async () => {
    const answers: ((value: unknown) => void)[] = [];
    station({ 'people.find': () => new Promise((resolve) => answers.push(resolve)) });
    const first = people().find('a');
    const second = people().find('an');
    answers[1]?.({ total: 1, people: [anna] });
    await second;
    answers[0]?.({ total: 1, people: [bo] });
    await first;
    expect(people().found).toMatchObject({ query: 'an', loading: false, people: [{ code: 'TP1' }] });
  });

  it('lists nobody twice when somebody was enrolled between two pages', async () => {
    station({
      'people.find': ({ offset }: { offset: number }) => ({ total: 3, people: offset === 0 ? [anna] : [anna, bo] }),
    });
    await people().find('');
    await people().more();
    expect(people().found?.people.map(({ code }) => code)).toEqual(['TP1', 'TP2']);
  });

  it('says why it failed, and keeps nobody’s name when the view is left', async () => {
    station({ 'people.find': thrown(fault('session')) });
    await people().find('x');
    expect(people().found).toMatchObject({ loading: false, fault: { code: 'session' } });
    station({ 'people.find': { total: 1, people: [anna] }, 'people.get': anna });
    await people().find('');
    await people().show('TP1');
    session().go('people');
    expect(people()).toMatchObject({ shown: null, found: { total: 1 } });
    session().reset();
    expect(people()).toMatchObject({ shown: null, found: null });
    expect(JSON.stringify([people(), session(), useDeliveries.getState()])).not.toContain('Anna');
  });
});

describe('a person’s page', () => {
  it('asks once at a time and shows what each platform said', async () => {
    const told = {
      platform: 'hcp',
      person: true,
      photo: true,
      access: 'pending',
      personId: '1',
      detail: null,
      fault: null,
    };
    station({ 'people.get': anna, 'people.verify': [told] });
    await people().show('TP1');
    await Promise.all([people().verify(), people().verify()]);
    expect(calls('people.verify')).toEqual([{ code: 'TP1' }]);
    expect(people().shown).toMatchObject({ busy: null, verified: { hcp: { access: 'pending' } } });
  });

  it('forgets who was removed everywhere, and shows who is left elsewhere', async () => {
    const receipt = (local: string) => ({
      results: [{ platform: 'hcp', removed: true, fault: null }],
      receipt: { local },
    });
    station({ 'people.get': anna, 'people.remove': receipt('kept'), 'enrolment.list': [] });
    await people().show('TP1');
    expect(await people().remove(['hcp'])).toBe(true);
    expect(people().shown?.person).not.toBeNull();
    station({ 'people.remove': receipt('erased'), 'enrolment.list': [] });
    await people().remove(null);
    expect(people().shown).toMatchObject({ person: null, removed: { receipt: { local: 'erased' } } });
  });

  it('keeps why an action failed', async () => {
    station({ 'people.get': anna, 'people.export': thrown(fault('disk')) });
    await people().show('TP1');
    expect(await people().export()).toBeNull();
    expect(people().shown?.actionFault).toMatchObject({ code: 'disk' });
  });
});

describe('somebody known', () => {
  const view = enrolment('e-9', 'Anna Lim', 'TP1', [delivery('gate', 'queued')]);
  const known = (detail: PersonDetail): [Person, string, string[]] => [detail.person, detail.name, ['gate']];

  it('is enrolled elsewhere with the picture the station has', async () => {
    station({ 'people.enrol': view });
    await session().deliverStored(...known(anna));
    expect(calls('people.enrol')).toEqual([{ code: 'TP1', photo: null, to: ['gate'] }]);
    expect(session()).toMatchObject({ screen: 'receipts', ownDraft: true });
  });

  it('can have their details completed when the platform wants more', async () => {
    station({ 'people.enrol': thrown({ kind: 'validation', code: 'person', message: 'm' }) });
    await expect(session().deliverStored(...known(anna))).rejects.toThrow();
    expect(session()).toMatchObject({ draft: { code: 'TP1', given: 'Anna', to: ['gate'] }, known: { stored: true } });
    station({ 'people.enrol': view });
    await session().enrol({ ...anna.person, phone: '1' }, ['gate']);
    expect(calls('people.enrol').at(-1)).toMatchObject({ photo: null, person: { phone: '1' } });
  });

  it('goes back to their page from the camera, with nothing left of the draft', () => {
    session().reenrol(...known(anna));
    expect(session().screen).toBe('capture');
    session().leaveCapture();
    expect(session()).toMatchObject({ screen: 'person', known: null, draft: { code: '' } });
  });
});

describe('the supervisor’s PIN', () => {
  it('is asked for by whoever asked, not kept as a fault of the delivery; a lock-out is', async () => {
    station({ 'delivery.answer': thrown(fault('pin-wrong', { retryAfterMs: 30_000 })) });
    const refused = await useDeliveries.getState().answer('d', 'force', '1234');
    expect(refused?.code).toBe('pin-wrong');
    expect(calls('delivery.answer')).toEqual([{ id: 'd', answer: 'force', pin: '1234' }]);
    expect(useDeliveries.getState().faults.d).toBeUndefined();
    if (refused) usePin.getState().takeFault(refused);
    expect(usePin.getState().lockedUntil).toBeGreaterThan(Date.now() + 20_000);
    expect(JSON.stringify([usePin.getState(), useDeliveries.getState()])).not.toContain('1234');
  });

  it('is set and told', async () => {
    station({ 'pin.set': undefined, 'pin.status': { set: true, lockedForMs: null } });
    expect(await usePin.getState().change('2468', undefined)).toBeNull();
    expect(calls('pin.set')).toEqual([{ pin: '2468' }]);
    expect(usePin.getState()).toMatchObject({ set: true, lockedUntil: null });
  });
});

describe('the outbox', () => {
  it('keeps what is unfinished of any day with the counts, and lists what one of them counts until it is asked once more', async () => {
    const old = enrolment('e-1', 'A', 'A', [delivery('a', 'refused')], 1);
    const counts = { waiting: 300, asking: 0, refused: 1, verified: 7 };
    station({
      'outbox.platforms': [platformOutbox('a')],
      'outbox.held': { total: 301, counts, enrolments: [old] },
    });
    await useOutbox.getState().load();
    expect(useOutbox.getState()).toMatchObject({ total: 301, counts, only: null });
    expect(useOutbox.getState().listed.map(({ id }) => id)).toEqual(['e-1']);
    await useOutbox.getState().show('verified');
    await useOutbox.getState().show('verified');
    expect(calls('outbox.held')).toEqual([
      { limit: 5, offset: 0 },
      { limit: 5, offset: 0, of: 'verified' },
      { limit: 5, offset: 0 },
    ]);
    expect(useOutbox.getState().only).toBeNull();
  });
});
