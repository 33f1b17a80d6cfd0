import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallName } from '#shared/channels';
import { contract, DEFAULT_SETTINGS, dispatch, type Handlers, type Output } from '#shared/contract';
import { toFault } from '#shared/fault';
import { PRESET_CRITERIA } from '#shared/quality';
import type { Station } from '#station/index';
import { TOKENS } from '../../../src/station/photos.ts';
import { type VirtualClock, virtualClock } from './support/clock.ts';
import { fakePlatform, unreachable } from './support/fake-platform.ts';
import { anna, inspection, open, portrait, temporaryDir } from './support/station.ts';

let dir: ReturnType<typeof temporaryDir>;
let clock: VirtualClock;
let station: Station;
let handlers: Handlers;
let gate = fakePlatform();
let seen = inspection();

/** A call as a shell makes it: validated, and its answer held to the contract. */
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
const submit = async () => call('photo.submit', { bytes: new Uint8Array(await portrait()), source: 'camera' });

beforeEach(async () => {
  dir = temporaryDir();
  clock = virtualClock();
  gate = fakePlatform();
  seen = inspection();
  station = await open(
    dir.path,
    { gate: gate.definition },
    { now: clock.now, sleep: clock.sleep, background: true, inspector: { inspect: async () => seen } },
  );
  handlers = station.handlers({ version: '1.2.3', shell: 'loopback', lab: null });
});
afterEach(async () => {
  await station.close();
  clock.stop();
  dir.remove();
});

describe('the contract', () => {
  it('tells what runs and what is configured, never a credential', async () => {
    expect(await call('app.info', undefined)).toEqual({ version: '1.2.3', shell: 'loopback', lab: null });
    expect(await call('platforms.list', undefined)).toEqual([
      {
        id: 'gate',
        kind: 'device',
        title: 'Fake terminal',
        host: '127.0.0.1',
        capabilities: ['visitor', 'verify', 'remove'],
        required: { staff: [], visitor: [] },
      },
    ]);
    expect(await call('platforms.test', { id: 'gate' })).toEqual({
      ok: true,
      skewMs: 12,
      detail: 'fake 1.0',
      fault: null,
    });
    gate.before = () => Promise.reject(unreachable());
    expect(await call('platforms.test', { id: 'gate' })).toMatchObject({ ok: false, fault: { kind: 'unreachable' } });
    expect(await failure('platforms.test', { id: 'nowhere' })).toMatchObject({ kind: 'validation', field: 'platform' });
  });

  it('changes settings, tells of it, and judges by the preset chosen', async () => {
    const heard: string[] = [];
    station.on('settings.changed', ({ preset }) => heard.push(preset));
    expect(await call('settings.get', undefined)).toEqual(DEFAULT_SETTINGS);
    expect(await call('quality.criteria', undefined)).toEqual(PRESET_CRITERIA.standard);
    expect(await call('settings.set', { preset: 'strict' })).toMatchObject({ preset: 'strict', mirror: true });
    expect(await call('quality.criteria', undefined)).toEqual(PRESET_CRITERIA.strict);
    expect(heard).toEqual(['strict']);
    expect(await failure('settings.set', { secret: 'x' })).toMatchObject({ kind: 'validation' });
  });

  it('takes a photo, shows it as it will be sent, and enrols with it once', async () => {
    const photo = await submit();
    expect(photo).toMatchObject({ accepted: true, faces: 1, reasons: [], predictions: {} });
    const { width, height, format } = await sharp(photo.preview ?? new Uint8Array()).metadata();
    expect({ width, height, format }).toEqual({ width: 480, height: 640, format: 'jpeg' });

    const enrolment = await call('enrolment.create', { photo: photo.token, person: anna, to: ['gate'] });
    await expect
      .poll(async () => (await call('enrolment.get', { id: enrolment.id })).deliveries)
      .toMatchObject([{ platform: 'gate', state: expect.stringMatching(/delivered|verified/), personId: 'id-1' }]);
    expect((await call('enrolment.list', { limit: 5 })).map(({ id }) => id)).toEqual([enrolment.id]);
    expect(await failure('enrolment.create', { photo: photo.token, person: anna, to: ['gate'] })).toMatchObject({
      code: 'photo-gone',
      field: 'photo',
    });
  });

  it('believes its own eyes: a refused picture has reasons and no token', async () => {
    seen = inspection({ measures: { ...inspection().measures, yaw: 40 } });
    expect(await submit()).toMatchObject({
      token: null,
      accepted: false,
      reasons: [{ measure: 'yaw', value: 40, limit: { min: -20, max: 20 } }],
    });
    seen = inspection({ faces: [], box: null, eyes: null });
    expect(await submit()).toMatchObject({ token: null, faces: 0, preview: null });
    seen = inspection({ faces: [...inspection().faces, ...inspection().faces] });
    expect(await submit()).toMatchObject({ token: null, faces: 2, predictions: { gate: { code: 30002 } } });
  });

  it('keeps the photo when something about the person is wrong, and forgets a discarded one', async () => {
    const { token } = await submit();
    expect(await failure('enrolment.create', { photo: token, person: anna, to: ['nowhere'] })).toMatchObject({
      field: 'to',
    });
    expect(await call('person.check', { person: { ...anna, name: {} }, to: ['gate'] })).toMatchObject([
      { field: 'name' },
    ]);
    expect(await call('person.check', { person: anna, to: ['gate'] })).toEqual([]);
    expect(await call('enrolment.create', { photo: token, person: anna, to: ['gate'] })).toMatchObject({
      code: anna.code,
    });
    const second = await submit();
    await call('photo.discard', { token: second.token });
    await call('photo.discard', { token: second.token });
    expect(await failure('enrolment.create', { photo: second.token, person: anna, to: ['gate'] })).toMatchObject({
      code: 'photo-gone',
    });
  });

  it('holds few photos and not for long', async () => {
    const tokens: (string | null)[] = [];
    for (let n = 0; n <= TOKENS.count; n += 1) tokens.push((await submit()).token);
    const create = (photo: string | null | undefined) => ({ photo, person: anna, to: ['gate'] });
    expect(await failure('enrolment.create', create(tokens[0]))).toMatchObject({ code: 'photo-gone' });
    await call('enrolment.create', create(tokens[1]));
    clock.set(clock.now() + TOKENS.ageMs + 1);
    expect(await failure('enrolment.create', create(tokens[2]))).toMatchObject({ code: 'photo-gone' });
  });

  it('asks a supervisor for the PIN where something is forced, once one is set', async () => {
    gate = fakePlatform({ similar: () => true });
    await station.close();
    station = await open(
      dir.path,
      { gate: gate.definition },
      { now: clock.now, sleep: clock.sleep, background: true, inspector: { inspect: async () => seen } },
    );
    handlers = station.handlers({ version: '1.2.3', shell: 'loopback', lab: null });
    await call('pin.set', { pin: '2468' });
    expect(await call('pin.status', undefined)).toEqual({ set: true, lockedForMs: null });
    const { token } = await submit();
    const forced = { photo: token, person: anna, to: ['gate'], onSimilar: 'force' };
    expect(await failure('enrolment.create', forced)).toMatchObject({ kind: 'auth', code: 'pin-required' });
    expect(await failure('enrolment.create', { ...forced, pin: '0000' })).toMatchObject({ code: 'pin-wrong' });
    expect(await failure('enrolment.create', { ...forced, pin: 'abcd' })).toMatchObject({ code: 'argument' });
    // Nothing is forced: nobody is asked, and the photo is still at hand.
    const { deliveries } = await call('enrolment.create', { ...forced, onSimilar: 'ask' });
    const id = deliveries[0]?.id ?? '';
    await expect.poll(() => station.outbox.list()[0]?.state).toBe('asking');
    expect(await failure('delivery.answer', { id, answer: 'force' })).toMatchObject({ code: 'pin-required' });
    await call('pin.check', { pin: '2468' });
    await call('delivery.answer', { id, answer: 'force', pin: '2468' });
    await expect.poll(() => station.outbox.list()[0]?.state).toBe('verified');
    // The command line belongs to the owner of the files.
    station.pin.clear();
    expect(await call('pin.status', undefined)).toMatchObject({ set: false });
  });

  it('shows both faces of a question, small and written anew, and keeps neither', async () => {
    gate = fakePlatform({ similar: () => true });
    gate.portrait = await sharp(await portrait())
      .withExif({ IFD0: { Copyright: 'somebody' } })
      .jpeg()
      .toBuffer();
    await station.close();
    const options = { now: clock.now, sleep: clock.sleep, background: true, inspector: { inspect: async () => seen } };
    station = await open(dir.path, { gate: gate.definition }, options);
    handlers = station.handlers({ version: '1.2.3', shell: 'loopback', lab: null });
    const { token } = await submit();
    const { deliveries } = await call('enrolment.create', { photo: token, person: anna, to: ['gate'] });
    const id = deliveries[0]?.id ?? '';
    await expect.poll(() => station.outbox.list()[0]?.state).toBe('asking');

    const { own, other, unreachable: silent } = await call('delivery.faces', { id });
    expect(silent).toBe(false);
    expect(gate.requests.at(-1)).toBe('portrait id-7');
    for (const face of [own, other]) {
      const { width, height, format, exif } = await sharp(face ?? new Uint8Array()).metadata();
      expect({ width, height, format, exif }).toEqual({ width: 360, height: 480, format: 'jpeg', exif: undefined });
    }
    // Fetched again each time: nothing of it was kept.
    await call('delivery.faces', { id });
    expect(gate.requests.filter((request) => request === 'portrait id-7')).toHaveLength(2);
    const looks = [...station.audit.rows()].filter(({ action }) => action === 'look');
    expect(looks.map(({ platform, outcome }) => [platform, outcome])).toEqual([
      ['gate', 'shown'],
      ['gate', 'shown'],
    ]);

    gate.portrait = new TextEncoder().encode('no picture at all');
    expect(await call('delivery.faces', { id })).toMatchObject({ other: null, unreachable: false });
    gate.before = () => Promise.reject(unreachable());
    expect(await call('delivery.faces', { id })).toMatchObject({ other: null, unreachable: true });
    gate.before = () => undefined;
    await call('delivery.answer', { id, answer: 'stop' });
    expect(await failure('delivery.faces', { id })).toMatchObject({ kind: 'validation', code: 'nothing-asked' });
    expect(await failure('delivery.faces', { id: 'nobody' })).toMatchObject({ code: 'nothing-asked' });
  });

  it('retries and answers deliveries, and says what cannot be', async () => {
    gate.before = () => Promise.reject(unreachable());
    const { token } = await submit();
    const { deliveries } = await call('enrolment.create', { photo: token, person: anna, to: ['gate'] });
    const id = deliveries[0]?.id ?? '';
    await expect.poll(() => station.outbox.list()[0]?.state).toBe('waiting');
    expect(await failure('delivery.answer', { id, answer: 'force' })).toMatchObject({ code: 'not-asking' });
    expect(await call('delivery.answer', { id, answer: 'stop' })).toMatchObject({ id, state: 'abandoned' });
    gate.before = () => undefined;
    expect(await call('delivery.retry', { id })).toMatchObject({ id, platform: 'gate' });
    await expect.poll(() => station.outbox.list()[0]?.state).toBe('verified');
    expect(await failure('delivery.retry', { id })).toMatchObject({ kind: 'validation' });
    expect(await failure('delivery.answer', { id, answer: 'stop' })).toMatchObject({ code: 'not-asking' });
    expect(await failure('delivery.retry', { id: 'nobody' })).toMatchObject({ code: 'unknown-delivery' });
    expect(await failure('enrolment.get', { id: 'nobody' })).toMatchObject({ code: 'unknown-enrolment' });
  });
});
