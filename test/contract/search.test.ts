import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, startLab } from '#lab/index';
import type { Connector } from '#platforms/contract';
import { PLATFORMS } from '#platforms/index';
import type { Person } from '#shared/person';
import { ANNA_LIM, deps, faultOf, jobOf, photoOf } from '../fixtures/connecting.ts';
import { quickTime } from '../fixtures/quick-time.ts';

/** People by name, as somebody types whom a visitor comes to see: each platform's own search, against its simulation. */

const KINDS = ['hcp', 'device', 'senselink', 'megvii', 'hikconnect'] as const;
type Kind = (typeof KINDS)[number];

const quick = quickTime(10);
const signal = new AbortController().signal;
let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ now: quick.now });
});
const open: Connector[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((connector) => connector.close()));
  await lab.reset();
});
afterAll(() => lab.close());

function connect(kind: Kind) {
  const definition = PLATFORMS[kind];
  const connector = definition.create(definition.config.parse(lab.config.platforms[kind]), { ...deps(), ...quick });
  open.push(connector);
  const { search } = connector;
  if (search === undefined) throw new Error(`${kind} cannot be searched`);
  return { connector, search: (name: string) => search(name, signal) };
}

const MEI: Person = { kind: 'staff', code: 'TP000002', name: { family: '王', given: '小梅' }, phone: '60123456780' };

async function enrol(kind: Kind, connector: Connector, person: Person, who: 'anna' | 'bea') {
  const outcome = await connector.enrol(jobOf(person, await photoOf(who, PLATFORMS[kind].rendition)));
  if (outcome.state !== 'delivered') throw new Error(outcome.state);
}

describe.each(KINDS)('%s', (kind) => {
  test('finds staff by a part of their name, under our code and the name as it is read', async () => {
    expect(PLATFORMS[kind].capabilities).toContain('search');
    const { connector, search } = connect(kind);
    await enrol(kind, connector, ANNA_LIM, 'anna');
    await enrol(kind, connector, MEI, 'bea');
    expect(await search('Lim')).toEqual([{ code: 'TP012345', name: 'Anna Lim', department: null }]);
    expect(await search('小梅')).toEqual([{ code: 'TP000002', name: '王小梅', department: null }]);
    expect(await search('Nobody')).toEqual([]);
  });

  test('asks nothing for a blank text or one that is no name', async () => {
    const { search } = connect(kind);
    const before = lab.log(kind).length;
    expect(await search(' ')).toEqual([]);
    expect(await search('x'.repeat(300))).toEqual([]);
    expect(lab.log(kind)).toHaveLength(before);
  });

  test('says that it could not be asked', async () => {
    const { search } = connect(kind);
    await lab.order({ platform: kind, mode: 'garbage', times: 9 });
    expect((await faultOf(search('Lim'))).kind).not.toBe('validation');
  });
});

describe.each(['device', 'senselink', 'megvii'] as const)('%s, which tells them apart', (kind) => {
  test('does not offer visitors as hosts', async () => {
    const { connector, search } = connect(kind);
    await enrol(kind, connector, ANNA_LIM, 'anna');
    const visit = { host: 'TP012345', from: '2026-03-02T09:00:00+08:00', to: '2036-03-02T18:00:00+08:00' };
    await enrol(
      kind,
      connector,
      { ...MEI, kind: 'visitor', idNumber: 'G1', name: { display: 'Lim Visitor' }, visit },
      'bea',
    );
    expect((await search('Lim')).map(({ name }) => name)).toEqual(['Anna Lim']);
  });
});
