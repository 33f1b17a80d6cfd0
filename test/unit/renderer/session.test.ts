import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { delivery, enrolment } from '../../fixtures/renderer/mock-station.ts';

const call = vi.hoisted(() => vi.fn());
vi.mock('../../../src/renderer/bridge.ts', () => ({
  bridge: {
    call,
    on: () => () => undefined,
    connection: () => ({ state: 'open' }),
    onConnection: () => () => undefined,
  },
}));

import { MAX_PHOTO_BYTES } from '../../../src/renderer/lib/photo-limit.ts';
import { useDeliveries } from '../../../src/renderer/stores/deliveries.ts';
import { useSession } from '../../../src/renderer/stores/session.ts';

const PICTURE = { token: 't1', accepted: true, faces: 1, reasons: [], predictions: {} };
const alive = new Set<string>();

/** Answers calls by name; what is not listed is answered with nothing. */
function station(answers: Record<string, unknown>): void {
  call.mockImplementation(async (name: string) => {
    const answer = answers[name];
    if (answer instanceof Error) throw answer;
    return typeof answer === 'function' ? answer() : answer;
  });
}

const calls = (name: string) => call.mock.calls.filter(([called]) => called === name).map(([, input]) => input);
const session = () => useSession.getState();
const bytes = () => new Uint8Array([1, 2, 3]);

beforeEach(() => {
  let next = 0;
  vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
    const url = `blob:${next++}`;
    alive.add(url);
    return url;
  });
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => {
    alive.delete(url);
  });
});

afterEach(() => {
  session().reset();
  expect([...alive], 'object URLs left behind').toEqual([]);
  call.mockReset();
  vi.restoreAllMocks();
});

describe('a picture', () => {
  it('is checked by the station, shown, and wiped from memory here', async () => {
    station({ 'photo.submit': { ...PICTURE, preview: new Uint8Array([9]) } });
    const mine = bytes();
    const done = session().submitPhoto(mine, 'image/jpeg', 'camera');
    expect(session()).toMatchObject({ screen: 'review', photo: { status: 'checking' } });
    await done;
    expect(session().photo).toMatchObject({ status: 'checked', view: { accepted: true, preview: null } });
    expect([...mine]).toEqual([0, 0, 0]);
  });

  it('is discarded in the station when another one is taken', async () => {
    station({ 'photo.submit': { ...PICTURE, preview: null } });
    await session().submitPhoto(bytes(), 'image/jpeg', 'camera');
    session().retake();
    expect(calls('photo.discard')).toEqual([{ token: 't1' }]);
    expect(session()).toMatchObject({ screen: 'capture', photo: { status: 'none' } });
  });

  it('whose answer comes too late changes nothing and is discarded', async () => {
    let answer: (value: unknown) => void = () => undefined;
    station({ 'photo.submit': () => new Promise((resolve) => (answer = resolve)) });
    const late = session().submitPhoto(bytes(), 'image/jpeg', 'camera');
    session().reset();
    answer({ ...PICTURE, preview: null });
    await late;
    expect(session()).toMatchObject({ screen: 'welcome', photo: { status: 'none' } });
    expect(calls('photo.discard')).toEqual([{ token: 't1' }]);
  });

  it('the station cannot read leads to a page that says so', async () => {
    const fault = { kind: 'validation', code: 'photo', message: 'not a picture' };
    station({ 'photo.submit': Object.assign(new Error('x'), { fault }) });
    await session().submitPhoto(bytes(), 'image/jpeg', 'file');
    expect(session().photo).toMatchObject({ status: 'failed', fault });
  });

  it('file that is empty or too large is refused before it is sent', async () => {
    await session().submitFile(new File([], 'a.jpg'));
    expect(session().photo).toMatchObject({ status: 'failed', fault: { code: 'file-empty' } });
    const huge = new File(['x'], 'a.jpg');
    Object.defineProperty(huge, 'size', { value: MAX_PHOTO_BYTES + 1 });
    await session().submitFile(huge);
    expect(session().photo).toMatchObject({ status: 'failed', fault: { code: 'file-too-big' } });
    expect(calls('photo.submit')).toEqual([]);
  });
});

describe('an enrolment', () => {
  const view = enrolment('e-1', 'Anna Lim', 'TP1', [delivery('hcp', 'queued')]);

  it('goes to the receipts, and leaves nothing of the person on the page when the next one comes', async () => {
    station({ 'photo.submit': { ...PICTURE, preview: null }, 'enrolment.create': view });
    await session().submitPhoto(bytes(), 'image/jpeg', 'camera');
    session().editDraft({ code: 'TP1', family: 'Lim', fields: { phone: '123' } });
    await session().enrol({ kind: 'staff', code: 'TP1', name: { family: 'Lim' } }, ['hcp']);
    expect(session()).toMatchObject({ screen: 'receipts', ownDraft: true });
    expect(calls('enrolment.create')).toMatchObject([{ photo: 't1', to: ['hcp'] }]);
    session().reset();
    expect(session()).toMatchObject({
      screen: 'welcome',
      enrolment: null,
      photo: { status: 'none' },
      draft: { code: '', family: '', fields: {} },
    });
  });

  it('needs an accepted picture', async () => {
    await expect(session().enrol({ kind: 'staff', code: 'A', name: { given: 'B' } }, ['hcp'])).rejects.toThrow();
    expect(calls('enrolment.create')).toEqual([]);
  });
});

describe('deliveries', () => {
  const deliveries = () => useDeliveries.getState();

  it('keep the newest word, whichever way it came', () => {
    deliveries().take(delivery('gate', 'delivered', { id: 'x', updatedAt: 20 }));
    deliveries().takeEnrolment(enrolment('e-2', 'B', 'B', [delivery('gate', 'running', { id: 'x', updatedAt: 10 })]));
    expect(deliveries().latest.x?.state).toBe('delivered');
  });

  it('are retried once at a time, and say why a retry failed', async () => {
    const fault = { kind: 'unreachable', code: 'station', message: 'm' };
    station({ 'delivery.retry': Object.assign(new Error('x'), { fault }) });
    await Promise.all([deliveries().retry('r'), deliveries().retry('r')]);
    expect(calls('delivery.retry')).toEqual([{ id: 'r' }]);
    expect(deliveries().faults.r).toEqual(fault);
    expect(deliveries().busy.r).toBeUndefined();
    station({ 'delivery.retry': delivery('gate', 'queued', { id: 'r', updatedAt: 99 }) });
    await deliveries().retry('r');
    expect(deliveries().faults.r).toBeUndefined();
    expect(deliveries().latest.r?.state).toBe('queued');
  });
});
