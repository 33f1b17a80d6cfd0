import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Delivery } from '#shared/delivery';
import { FaultError } from '#shared/fault';
import type { Station } from '#station/index';
import { type VirtualClock, virtualClock } from './support/clock.ts';
import { type FakePlatform, fakePlatform, unreachable } from './support/fake-platform.ts';
import { anna, collectingLog, inspection, open, portrait, temporaryDir } from './support/station.ts';

const never = new AbortController().signal;

describe('a station with fake platforms', () => {
  let dir: ReturnType<typeof temporaryDir>;
  let clock: VirtualClock;
  let gate: FakePlatform;
  let hall: FakePlatform;
  let stations: Station[];

  const start = async (options: Parameters<typeof open>[2] = {}) => {
    const station = await open(
      dir.path,
      { gate: gate.definition, hall: hall.definition },
      { now: clock.now, sleep: clock.sleep, random: () => 0.5, ...options },
    );
    stations.push(station);
    return station;
  };
  const enrol = async (station: Station, patch: object = {}, to = ['gate', 'hall']) =>
    (await station.enrol({ photo: { bytes: await portrait() }, person: { ...anna, ...patch }, to })).enrolment;

  beforeEach(() => {
    dir = temporaryDir();
    clock = virtualClock();
    gate = fakePlatform();
    hall = fakePlatform();
    stations = [];
  });
  afterEach(async () => {
    for (const station of stations) await station.close();
    clock.stop();
    dir.remove();
  });

  it('enrols a person on every platform named, step by step, and deletes the photo after the last', async () => {
    const station = await start();
    const enrolment = await enrol(station);
    expect(enrolment).toMatchObject({ code: 'TP012345', name: 'Anna Lim', kind: 'staff' });
    expect(enrolment?.deliveries.map(({ state }) => state)).toEqual(['queued', 'queued']);
    expect(gate.requests).toEqual([]);
    const photo = join(dir.path, 'photos', `${enrolment?.id}.bin`);
    expect(statSync(photo).mode & 0o777).toBe(0o600);

    const done = await station.outbox.run({ signal: never, enrolment: enrolment?.id ?? '', until: 'settled' });
    expect(done).toHaveLength(2);
    for (const delivery of done) {
      expect(delivery).toMatchObject({
        state: 'delivered',
        personId: 'id-1',
        attempts: 1,
        error: null,
        code: 'TP012345',
      });
      expect(delivery.steps.map(({ name, outcome }) => [name, outcome])).toEqual([
        ['find', 'done'],
        ['add', 'done'],
      ]);
    }
    expect(gate.people.get('TP012345')?.version).toMatch(/^[0-9a-f]{64}$/);
    await expect.poll(() => readdirSync(join(dir.path, 'photos'))).toEqual([]);
  });

  it('delivers by itself when it runs in the background, and tells each change', async () => {
    const station = await start({ background: true });
    const seen: Delivery[] = [];
    station.on('delivery.changed', (delivery) => seen.push(delivery));
    await enrol(station, {}, ['gate']);
    await expect.poll(() => seen.at(-1)?.state).toBe('verified');
    const told = seen.map(
      ({ state, steps }) => `${state} ${steps.map(({ name, outcome }) => `${name}:${outcome}`).join(' ')}`,
    );
    expect(told).toEqual([
      'queued ',
      'running ',
      'running find:running',
      'running find:done',
      'running find:done add:running',
      'running find:done add:done',
      'delivered find:done add:done',
      'verified find:done add:done',
    ]);
  });

  it('writes nothing and sends nothing when the picture is refused', async () => {
    const two = inspection({ faces: [...inspection().faces, ...inspection().faces] });
    const station = await start({ inspector: { inspect: async () => two } });
    const { enrolment, check } = await station.enrol({
      photo: { bytes: await portrait() },
      person: anna,
      to: ['gate'],
    });
    expect(enrolment).toBeNull();
    expect(check).toMatchObject({
      accepted: false,
      faces: 2,
      reasons: [{ measure: 'faces', value: 2, limit: { min: 1, max: 1 } }],
      platforms: { gate: { code: 30002 } },
    });
    expect(station.outbox.list()).toEqual([]);
    expect(readdirSync(join(dir.path, 'photos'))).toEqual([]);
  });

  it.each([
    ['an unknown platform', { to: ['gate', 'nowhere'] }, 'to'],
    ['no platform', { to: [] }, 'to'],
    ['a person without a code', { person: { kind: 'staff', name: { display: 'Anna' } } }, 'code'],
    ['a person without a name', { person: { kind: 'staff', code: 'A', name: {} } }, 'name'],
    ['no person at all', { person: 'Anna' }, 'person'],
  ])('refuses %s naming the field, before anything is written', async (_what, patch, field) => {
    const station = await start();
    const request = { photo: { bytes: await portrait() }, person: anna, to: ['gate'], ...patch };
    const refused = await station.enrol(request).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(FaultError);
    expect((refused as FaultError).fault).toMatchObject({ kind: 'validation', field });
    expect(station.outbox.list()).toEqual([]);
  });

  it('names the field a platform demands, and the platform', async () => {
    hall = fakePlatform({ phone: true });
    const station = await start();
    const refused = await enrol(station).catch((error: unknown) => error);
    expect((refused as FaultError).fault).toMatchObject({
      kind: 'validation',
      field: 'phone',
      message: 'phone: a phone number is required (hall)',
    });
    expect(gate.requests).toEqual([]);
  });

  it('tells an unreadable picture in the words of whoever could not read it', async () => {
    const broken = Object.assign(new Error('The file is a PDF document.'), {
      name: 'PictureError',
      code: 'not-an-image',
    });
    const station = await start({ inspector: { inspect: () => Promise.reject(broken) } });
    const refused = await enrol(station).catch((error: unknown) => error);
    expect((refused as FaultError).fault).toEqual({
      kind: 'quality',
      code: 'not-an-image',
      field: 'photo',
      message: 'The file is a PDF document.',
    });
  });

  it('goes on where a platform was off: waits longer each time, and leaves the others alone', async () => {
    let failures = 4;
    const tries: number[] = [];
    gate.before = () => {
      tries.push(clock.now());
      if (failures-- > 0) throw unreachable();
    };
    const station = await start();
    const waits: number[] = [];
    station.on('delivery.changed', ({ nextAttemptAt, updatedAt }) => {
      if (nextAttemptAt !== null) waits.push(nextAttemptAt - updatedAt);
    });
    const enrolment = await enrol(station);
    const once = await station.outbox.run({ signal: never, enrolment: enrolment?.id ?? '' });
    expect(once.map(({ platform, state }) => [platform, state])).toEqual([
      ['gate', 'waiting'],
      ['hall', 'delivered'],
    ]);
    expect(once[0]).toMatchObject({ attempts: 1, error: { kind: 'unreachable' } });
    expect(readdirSync(join(dir.path, 'photos'))).toHaveLength(1);

    const settled = await station.outbox.run({ signal: never, until: 'settled' });
    expect(settled).toMatchObject([{ platform: 'gate', state: 'delivered', attempts: 5, error: null }]);
    // Half of 2, 4, 8 and 16 seconds: the middle of the jitter.
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000]);
    for (const [index, wait] of waits.entries())
      expect((tries[index + 1] ?? 0) - (tries[index] ?? 0)).toBeGreaterThanOrEqual(wait);
  });

  it('stops at the deadline with the delivery safe in the outbox', async () => {
    gate.before = () => Promise.reject(unreachable());
    const station = await start();
    const enrolment = await enrol(station, {}, ['gate']);
    const from = clock.now();
    const [left] = await station.outbox.run({
      signal: never,
      enrolment: enrolment?.id ?? '',
      until: 'settled',
      deadlineMs: 20_000,
    });
    // Queued when an attempt was at work that moment and was interrupted.
    expect(left?.state).toMatch(/^(waiting|queued)$/);
    // How often it was tried until then depends on how busy the machine is: the clock does not see what works.
    expect(left?.attempts).toBeGreaterThan(0);
    expect(clock.now() - from).toBeGreaterThanOrEqual(20_000);
    expect(clock.now() - from).toBeLessThan(60_000);
  });

  it('interrupts a request that hangs and asks again before it acts', async () => {
    const interrupt = new AbortController();
    gate.before = (request, signal) => {
      if (!request.startsWith('add')) return;
      setTimeout(() => interrupt.abort(), 10);
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };
    const station = await start();
    await enrol(station, {}, ['gate']);
    const [stopped] = await station.outbox.run({ signal: interrupt.signal });
    expect(stopped).toMatchObject({ state: 'queued', attempts: 1, error: null });
    expect(stopped?.steps.at(-1)).toMatchObject({ name: 'add', outcome: 'failed' });
    gate.before = () => undefined;
    const [done] = await station.outbox.run({ signal: never });
    expect(done).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(gate.requests).toEqual(['find TP012345', 'find TP012345', 'add TP012345']);
  });

  it('knows after a time-out that somebody there may be its own half-done work', async () => {
    let lies = 1;
    gate.after = (request) => {
      if (!request.startsWith('add') || lies-- === 0) return;
      throw new FaultError({ kind: 'time-out', code: 'headers', message: 'no answer' });
    };
    const station = await start();
    await enrol(station, {}, ['gate']);
    const [done] = await station.outbox.run({ signal: never, until: 'settled' });
    expect(done).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(gate.jobs.map(({ resumed }) => resumed)).toEqual([false, true]);
    expect(gate.requests).toEqual(['find TP012345', 'add TP012345', 'find TP012345', 'update TP012345']);
    await enrol(station, {}, ['gate']);
    await station.outbox.run({ signal: never, until: 'settled' });
    expect(gate.jobs.at(-1)).toMatchObject({ resumed: false, knownPersonId: 'id-1' });
  });

  it('keeps what a platform refuses, with its code, until somebody answers', async () => {
    gate.before = () => {
      throw new FaultError({ kind: 'auth', code: '401', message: 'the key is wrong' });
    };
    const station = await start();
    await enrol(station, {}, ['gate']);
    const [refused] = await station.outbox.run({ signal: never, until: 'settled' });
    expect(refused).toMatchObject({ state: 'refused', attempts: 1, error: { kind: 'auth', code: '401' } });
    expect(await station.outbox.run({ signal: never, until: 'settled' })).toMatchObject([{ attempts: 1 }]);
    expect(readdirSync(join(dir.path, 'photos'))).toHaveLength(1);

    gate.before = () => undefined;
    const id = refused?.id ?? '';
    expect(() => station.outbox.answer(id, 'force')).toThrow(/cannot be forced/);
    expect(station.outbox.retry(id)).toMatchObject({ state: 'queued', code: 'TP012345' });
    expect(await station.outbox.run({ signal: never })).toMatchObject([{ state: 'delivered', attempts: 2 }]);
  });

  it('gives a refused delivery up when told so, takes that back within a day, and not after', async () => {
    gate.before = () => {
      throw new FaultError({ kind: 'quality', code: '30002', message: 'no face' });
    };
    const station = await start();
    await enrol(station, {}, ['gate']);
    const [refused] = await station.outbox.run({ signal: never });
    const id = refused?.id ?? '';
    expect(station.outbox.answer(id, 'stop').state).toBe('abandoned');
    expect(station.outbox.retry(id).state).toBe('queued');
    await station.outbox.run({ signal: never });
    station.outbox.answer(id, 'stop');
    clock.set(clock.now() + 25 * 60 * 60_000);
    await station.close();
    const later = await start();
    await expect.poll(() => readdirSync(join(dir.path, 'photos'))).toEqual([]);
    expect(() => later.outbox.retry(id)).toThrow(/enrol again/);
  });

  it('asks when a similar face is there, and forces only when told', async () => {
    gate = fakePlatform({ similar: () => true });
    const station = await start();
    await enrol(station, {}, ['gate']);
    const [asking] = await station.outbox.run({ signal: never, until: 'settled' });
    expect(asking).toMatchObject({
      state: 'asking',
      question: { kind: 'similar', candidate: { name: 'Somebody Else' }, canForce: true },
    });
    station.outbox.answer(asking?.id ?? '', 'force');
    expect(await station.outbox.run({ signal: never })).toMatchObject([{ state: 'delivered', question: null }]);
    expect(gate.jobs.map(({ onSimilar }) => onSimilar)).toEqual(['ask', 'force']);
  });

  it('does not let one connector that breaks its promise stop the rest', async () => {
    const logged = collectingLog();
    gate.before = () => {
      throw new TypeError('Anna Lim is undefined');
    };
    const station = await start({ log: logged.log });
    await enrol(station);
    const done = await station.outbox.run({ signal: never, until: 'settled' });
    expect(done).toMatchObject([
      { platform: 'gate', state: 'refused', error: { kind: 'protocol', code: 'TypeError' } },
      { platform: 'hall', state: 'delivered' },
    ]);
    expect(logged.text()).toContain('TypeError');
  });

  it('sends one delivery at a time to a platform, and platforms side by side', async () => {
    const station = await start();
    for (let n = 0; n < 6; n += 1) await enrol(station, { code: `P${n}` });
    let together = 0;
    const slow = async () => {
      together = Math.max(together, gate.busy.now + hall.busy.now);
      await new Promise((done) => setTimeout(done, 15));
    };
    gate.before = slow;
    hall.before = slow;
    const done = await station.outbox.run({ signal: never, until: 'settled' });
    expect(done.every(({ state }) => state === 'delivered')).toBe(true);
    expect([gate.busy.most, hall.busy.most]).toEqual([1, 1]);
    expect(together).toBe(2);
    expect(gate.people.size).toBe(6);
  });

  it('leaves a platform alone for a while after it failed, instead of trying everybody against it', async () => {
    gate.before = () => Promise.reject(unreachable());
    const station = await start();
    for (let n = 0; n < 5; n += 1) await enrol(station, { code: `P${n}` }, ['gate']);
    const done = await station.outbox.run({ signal: never });
    expect(done.map(({ attempts }) => attempts)).toEqual([1, 0, 0, 0, 0]);
  });

  it('sends the newest enrolment of a person only', async () => {
    gate.before = () => Promise.reject(unreachable());
    const station = await start();
    const first = await enrol(station, { phone: '1' }, ['gate', 'hall']);
    await station.outbox.run({ signal: never });
    const second = await enrol(station, { phone: '2' }, ['gate']);
    const old = station.outbox.list({ enrolment: first?.id ?? '' });
    expect(old).toMatchObject([
      { platform: 'gate', state: 'abandoned', error: { code: 'superseded' } },
      { platform: 'hall', state: 'delivered' },
    ]);
    expect(() => station.outbox.retry(old[0]?.id ?? '')).toThrow(/newer enrolment/);
    gate.before = () => undefined;
    await station.outbox.run({ signal: never, enrolment: second?.id ?? '', until: 'settled' });
    expect(gate.jobs.at(-1)?.person.phone).toBe('2');
    await expect.poll(() => readdirSync(join(dir.path, 'photos'))).toEqual([]);
  });

  it('does not wait out a clock that was set back', async () => {
    gate.before = () => Promise.reject(unreachable());
    const station = await start();
    await enrol(station, {}, ['gate']);
    await station.outbox.run({ signal: never });
    clock.set(clock.now() - 60 * 60_000);
    gate.before = () => undefined;
    const from = clock.now();
    const [done] = await station.outbox.run({ signal: never, until: 'settled' });
    expect(done?.state).toBe('delivered');
    // An hour it would be; how fast this clock goes depends on how busy the machine is.
    expect(clock.now() - from).toBeLessThan(10 * 60_000);
  });

  it('says of a delivery that its platform is not configured, and does not wait for it', async () => {
    const station = await start();
    await enrol(station);
    await station.close();
    const other = await open(dir.path, { hall: hall.definition });
    stations.push(other);
    const done = await other.outbox.run({ signal: never, until: 'settled' });
    expect(done).toMatchObject([
      { platform: 'gate', state: 'queued', error: { kind: 'validation', code: 'not-configured' } },
      { platform: 'hall', state: 'delivered' },
    ]);
  });

  it('verifies on the platforms, and a delivered delivery becomes verified', async () => {
    const station = await start();
    await enrol(station, {}, ['gate']);
    await station.outbox.run({ signal: never });
    hall.before = () => Promise.reject(unreachable());
    const found = await station.verify('TP012345', never);
    expect(found).toMatchObject([
      { platform: 'gate', person: true, photo: true, fault: null },
      { platform: 'hall', person: false, fault: { kind: 'unreachable' } },
    ]);
    expect(station.outbox.list({ code: 'TP012345' })).toMatchObject([{ state: 'verified' }]);
  });

  it('removes a person there and forgets them here; what could not be asked stays', async () => {
    const station = await start();
    await enrol(station);
    await station.outbox.run({ signal: never });
    hall.before = () => Promise.reject(unreachable());
    expect((await station.remove('TP012345', ['gate', 'hall'], never)).results).toMatchObject([
      { platform: 'gate', removed: true, fault: null },
      { platform: 'hall', removed: false, fault: { kind: 'unreachable' } },
    ]);
    expect(gate.people.size).toBe(0);
    expect(station.outbox.list().map(({ platform }) => platform)).toEqual(['hall']);
    hall.before = () => undefined;
    await station.remove('TP012345', ['hall'], never);
    expect(hall.people.size).toBe(0);
    expect(station.outbox.list()).toEqual([]);
    expect((await station.remove('TP012345', ['hall'], never)).results).toMatchObject([
      { removed: false, fault: null },
    ]);
  });

  it('removes also what was not delivered yet, so that it does not come back', async () => {
    gate.before = () => Promise.reject(unreachable());
    const station = await start();
    await enrol(station, {}, ['gate']);
    await station.outbox.run({ signal: never });
    gate.before = () => undefined;
    await station.remove('TP012345', ['gate'], never);
    expect(await station.outbox.run({ signal: never, until: 'settled' })).toEqual([]);
    expect(gate.people.size).toBe(0);
    expect(readdirSync(join(dir.path, 'photos'))).toEqual([]);
  });

  it('keeps names, codes, phones and photos out of its files and its log', async () => {
    const logged = collectingLog();
    gate = fakePlatform({ similar: () => true });
    hall.before = () => Promise.reject(unreachable());
    const station = await start({ log: logged.log });
    await enrol(station, { phone: '+60123456789', idNumber: 'A99887766', remark: 'allergic to everything' });
    await station.outbox.run({ signal: never });
    const files = readdirSync(dir.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const bytes = Buffer.concat(files.map((file) => readFileSync(join(file.parentPath, file.name))));
    const everything = `${bytes.toString('latin1')}${logged.text()}`;
    expect(files.length).toBeGreaterThan(2);
    for (const secret of [
      'Anna',
      'Lim',
      'TP012345',
      '60123456789',
      'A99887766',
      'allergic',
      'Somebody Else',
      '\xff\xd8\xff',
    ])
      expect(everything).not.toContain(secret);
    expect(logged.text()).toContain('enrolment written');
  });

  it('lets a request finish when it closes, interrupts one that hangs, and leaves nothing running', async () => {
    const station = await start({ background: true });
    let arrived = (): void => undefined;
    const atWork = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    gate.before = (request) => {
      if (request.startsWith('add')) arrived();
      return new Promise((done) => setTimeout(done, 100));
    };
    hall.before = (_request, signal) =>
      new Promise((_done, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    await enrol(station);
    await atWork;
    await station.close();
    const next = await start();
    expect(next.outbox.list()).toMatchObject([
      { platform: 'gate', state: 'delivered' },
      { platform: 'hall', state: 'queued', error: null },
    ]);
  });

  it('closes twice without harm, and hears nothing after', async () => {
    const station = await start({ background: true });
    await Promise.all([station.close(), station.close()]);
    await station.close();
  });
});
