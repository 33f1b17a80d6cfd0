import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GLANCES, type Glance } from '#shared/calls/outbox';
import type { DeliveryState } from '#shared/delivery';
import { personSchema } from '#shared/person';
import type { Station } from '#station/index';
import { type Journal, openJournal } from '#station/journal/index';
import { virtualClock } from './support/clock.ts';
import { type FakePlatform, fakePlatform, unreachable } from './support/fake-platform.ts';
import { anna, open, portrait, temporaryDir } from './support/station.ts';

let dir: ReturnType<typeof temporaryDir>;
beforeEach(() => {
  dir = temporaryDir();
});
afterEach(() => dir.remove());

describe('what the outbox holds', () => {
  let journal: Journal;
  beforeEach(() => {
    journal = openJournal(dir.path, Buffer.alloc(32, 7), 1);
  });
  afterEach(() => journal.close());

  /** Somebody with a delivery to each platform, in these states. */
  const enrolled = (n: number, states: readonly Exclude<DeliveryState, 'running'>[]) => {
    const id = `e${n}`;
    const person = personSchema.parse({ ...anna, code: `P${n}` });
    const ref = journal.records.insert(
      { id, person, photo: { version: 'v', head: { centreX: 1, crown: 2, chin: 3 } } },
      n,
    );
    for (const [index, state] of states.entries()) {
      const delivery = `${id}-${index}`;
      const row = { id: delivery, enrolment: id, person: ref, platform: `p${index}` };
      journal.deliveries.insert({ ...row, onExisting: 'update', onSimilar: 'ask' }, n);
      if (state !== 'queued') journal.deliveries.change(delivery, n, () => ({ state, error: null }));
    }
    return id;
  };

  it('is complete however much was enrolled since: what needs somebody first, then the newest', () => {
    journal.transaction(() => {
      enrolled(0, ['delivered', 'refused']);
      for (let n = 1; n <= 250; n += 1) enrolled(n, ['queued', 'queued']);
      for (let n = 251; n <= 600; n += 1) enrolled(n, ['delivered', 'delivered']);
    });
    const held = (page: { limit: number; offset: number; of?: Glance }) =>
      journal.deliveries.held({ today: 0, ...page });
    const { total, ids } = held({ limit: 3, offset: 0 });
    expect(total).toBe(251);
    expect(ids).toEqual(['e0', 'e250', 'e249']);
    expect(held({ limit: 200, offset: 200 }).ids).toHaveLength(51);
    expect(held({ limit: 200, offset: 251 }).ids).toEqual([]);
  });

  it('counts at a glance exactly what it lists of each kind, verified ones since midnight', () => {
    enrolled(1, ['queued', 'waiting', 'asking']);
    enrolled(2, ['refused', 'verified']);
    enrolled(3, ['delivered', 'abandoned']);
    enrolled(4, ['verified', 'verified']);
    const today = 2;
    const listed = (of: Glance) => journal.deliveries.held({ limit: 9, offset: 0, of, today });
    expect(journal.deliveries.glance(today)).toEqual({ waiting: 1, asking: 1, refused: 1, verified: 2 });
    expect(GLANCES.map((of) => [of, listed(of).ids])).toEqual([
      ['waiting', ['e1']],
      ['asking', ['e1']],
      ['refused', ['e2']],
      ['verified', ['e4', 'e2']],
    ]);
    for (const of of GLANCES) expect(listed(of).total).toBe(journal.deliveries.glance(today)[of]);
    // Those of the days before are not of today.
    expect(journal.deliveries.glance(3).verified).toBe(1);
    expect(journal.deliveries.held({ limit: 9, offset: 0, of: 'verified', today: 5 })).toEqual({ total: 0, ids: [] });
  });
});

describe('the circuit of a platform', () => {
  const never = new AbortController().signal;
  let gate: FakePlatform;
  let clock: ReturnType<typeof virtualClock>;
  const stations: Station[] = [];
  const start = async () => {
    const { now, sleep } = clock;
    const station = await open(dir.path, { gate: gate.definition }, { now, sleep, random: () => 0.5 });
    stations.push(station);
    return station;
  };
  beforeEach(() => {
    gate = fakePlatform();
    clock = virtualClock();
  });
  afterEach(async () => {
    for (const station of stations.splice(0)) await station.close();
    clock.stop();
  });

  it('is open after a failure, half-open when the pause is over, closed after an answer; other processes see it', async () => {
    const desk = await start();
    const other = await start();
    const circuit = (station: Station) => station.outbox.platforms()[0]?.circuit;
    expect([circuit(desk), circuit(other)]).toEqual(['closed', 'closed']);

    gate.before = () => Promise.reject(unreachable());
    await desk.enrol({ photo: { bytes: await portrait() }, person: anna, to: ['gate'] });
    await desk.outbox.run({ signal: never });
    const [seen] = other.outbox.platforms();
    expect(seen).toMatchObject({ circuit: 'open', failures: 1, pausedUntil: clock.now() + 1_000 });
    expect(desk.outbox.platforms()[0]).toEqual(seen);

    clock.set(clock.now() + 1_001);
    expect([circuit(desk), circuit(other)]).toEqual(['half-open', 'half-open']);

    gate.before = () => undefined;
    await desk.outbox.run({ signal: never });
    expect([circuit(desk), circuit(other)]).toEqual(['closed', 'closed']);
  });

  it('is forgotten with the process that met the failure', async () => {
    const desk = await start();
    gate.before = () => Promise.reject(unreachable());
    await desk.enrol({ photo: { bytes: await portrait() }, person: anna, to: ['gate'] });
    await desk.outbox.run({ signal: never });
    await desk.close();
    expect((await start()).outbox.platforms()).toMatchObject([{ circuit: 'closed', failures: 0, waiting: 1 }]);
  });
});
