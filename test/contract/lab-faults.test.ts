import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type FaultOrder, type Lab, startLab } from '#lab/index';
import type { Connector, EnrolOutcome, Photo, PlatformDefinition, Verification } from '#platforms/contract';
import { PLATFORMS } from '#platforms/index';
import { FaultError } from '#shared/fault';
import { ANNA_LIM, deps, jobOf, photoOf } from '../fixtures/connecting.ts';
import { quickTime } from '../fixtures/quick-time.ts';

/**
 * Every fault the lab can show, on every platform that can show it, while one member of staff is enrolled: what the station is told, what is on the
 * platform then, and that once the trouble is over the same call leaves exactly one person with a photo.
 */

type Order = Omit<FaultOrder, 'platform'>;
/** A fault's kind and maybe code, or how the enrolment ended all the same. */
type Told = string | RegExp;

interface Case {
  fault: Order;
  told: Told;
  /** How many are on the platform when it was told; not looked at without. */
  there?: 0 | 1;
  /** What `verify` says while the fault stands. */
  verified?: Partial<Verification>;
}

const KINDS = ['hcp', 'device', 'senselink', 'megvii', 'hikconnect'] as const;
type Kind = (typeof KINDS)[number];

/** The call that adds staff. */
const ADD: Record<Kind, string> = {
  hcp: 'single/add',
  device: '/api/user$',
  senselink: '/api/v1/user$',
  megvii: 'person/batchAdd',
  hikconnect: 'quick/add',
};
/** In the platform's own words; the documents give some of them a code that means another thing elsewhere. */
const BUSY: Record<Kind, string> = {
  hcp: 'server 6',
  device: 'rate 50003',
  senselink: 'server 50003',
  megvii: 'server 503',
  hikconnect: 'server VMS001001',
};

const everywhere = (kind: Kind): Case[] => [
  { fault: { mode: 'off' }, told: 'unreachable ECONNREFUSED', there: 0 },
  { fault: { mode: 'drop' }, told: /^time-out /, there: 0 },
  { fault: { mode: 'drop', path: ADD[kind], times: 1 }, told: /^time-out /, there: 0 },
  { fault: { mode: 'hang', path: ADD[kind], times: 1 }, told: 'time-out headers', there: 0 },
  { fault: { mode: 'act-then-hang', path: ADD[kind], times: 1 }, told: 'time-out headers', there: 1 },
  { fault: { mode: 'act-then-drop', path: ADD[kind], times: 1 }, told: /^time-out /, there: 1 },
  { fault: { mode: 'slow', ms: 60 }, told: 'delivered', there: 1 },
  { fault: { mode: 'slow', ms: 1_800, path: ADD[kind], times: 1 }, told: 'time-out headers' },
  { fault: { mode: 'status', status: 500 }, told: /^server /, there: 0 },
  { fault: { mode: 'status', status: 503, path: ADD[kind] }, told: /^server /, there: 0 },
  { fault: { mode: 'html' }, told: /^server /, there: 0 },
  { fault: { mode: 'html', status: 200, path: ADD[kind] }, told: /^protocol /, there: 0 },
  { fault: { mode: 'garbage', path: ADD[kind] }, told: /^protocol /, there: 0 },
  { fault: { mode: 'clock', ms: 3_600_000 }, told: 'delivered', there: 1 },
  { fault: { mode: 'clock', ms: -3_600_000 }, told: 'delivered', there: 1 },
  { fault: { mode: 'rate', path: ADD[kind] }, told: /^rate /, there: 0 },
  { fault: { mode: 'busy', path: ADD[kind] }, told: BUSY[kind], there: 0 },
];

const own: Record<Kind, Case[]> = {
  hcp: [
    { fault: { mode: 'full' }, told: 'capacity 132', there: 0 },
    { fault: { mode: 'poor-photo' }, told: 'quality 128', there: 0 },
    {
      fault: { mode: 'photo-lost' },
      told: 'delivered',
      there: 1,
      verified: { person: true, photo: false, access: 'failed' },
    },
    { fault: { mode: 'pending' }, told: 'delivered', there: 1, verified: { person: true, access: 'pending' } },
  ],
  device: [
    { fault: { mode: 'full' }, told: 'capacity 50009', there: 0 },
    { fault: { mode: 'poor-photo' }, told: 'quality 30002', there: 0 },
    { fault: { mode: 'photo-lost' }, told: 'delivered', there: 1, verified: { person: true, photo: false } },
  ],
  senselink: [
    { fault: { mode: 'similar' }, told: 'asking Somebody Similar', there: 0 },
    { fault: { mode: 'poor-photo' }, told: 'quality 10404', there: 0 },
    { fault: { mode: 'photo-lost' }, told: 'delivered', there: 1, verified: { person: true, photo: false } },
  ],
  megvii: [
    { fault: { mode: 'similar' }, told: 'asking Somebody Similar', there: 0 },
    { fault: { mode: 'full' }, told: 'capacity 101067', there: 0 },
    { fault: { mode: 'poor-photo' }, told: 'quality 101055', there: 0 },
    { fault: { mode: 'photo-lost' }, told: 'delivered', there: 1, verified: { person: true, access: 'failed' } },
  ],
  hikconnect: [
    { fault: { mode: 'full' }, told: 'capacity CCF038029', there: 0 },
    { fault: { mode: 'poor-photo' }, told: 'quality CCF038062' },
    { fault: { mode: 'photo-lost' }, told: 'delivered', there: 1, verified: { person: true, access: 'failed' } },
    { fault: { mode: 'pending' }, told: 'delivered', there: 1, verified: { person: true, access: 'pending' } },
    { fault: { mode: 'expired-token', times: 1 }, told: 'delivered', there: 1 },
  ],
};

const signal = new AbortController().signal;
// Lab and station live ten times as fast: Hik-Connect lets five requests a second through, and doors take their time.
const { now, sleep } = quickTime(10);

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ now });
});
afterAll(() => lab.close());

function open(definition: PlatformDefinition, kind: Kind): Connector {
  const entry = {
    ...lab.config.platforms[kind],
    timeouts: { connectMs: 1_000, headersMs: 600, bodyMs: 600 },
    ...(kind === 'megvii' && { similarThreshold: 70 }),
  };
  return definition.create(definition.config.parse(entry), { ...deps(now), sleep });
}

async function told(work: Promise<EnrolOutcome>): Promise<string> {
  try {
    const outcome = await work;
    return outcome.state === 'asking' ? `asking ${outcome.question.candidate.name}` : outcome.state;
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    return `${error.fault.kind} ${error.fault.code}`;
  }
}

/** What a person who waits for the doors sees at last. */
async function settled(connector: Connector): Promise<Verification> {
  for (let looks = 0; ; looks += 1) {
    const verification = await connector.verify(ANNA_LIM.code, 'staff', signal);
    if (verification.access !== 'pending' || looks > 8) return verification;
    await sleep(200);
  }
}

const name = ({ fault: { mode, ...rest } }: Case) =>
  `${mode}${Object.entries(rest)
    .map(([field, value]) => ` ${field}=${String(value)}`)
    .join('')}`;

// One platform after the other in this file: they share nothing but the lab.
describe.each(KINDS)('%s', (kind) => {
  const definition = PLATFORMS[kind];
  const connectors: Connector[] = [];
  const connector = () => {
    const opened = open(definition, kind);
    connectors.push(opened);
    return opened;
  };
  let photo: Photo;
  beforeAll(async () => {
    photo = await photoOf('anna', definition.rendition);
  });
  afterEach(async () => {
    for (const one of connectors.splice(0)) await one.close();
    await lab.reset();
  });
  const enrolled = () => (lab.people()[kind] ?? []).map((person) => [person.key, person.photo !== null]);

  test.each([...everywhere(kind), ...own[kind]].map((one) => [name(one), one] as const))('%s', async (_name, one) => {
    await lab.order({ platform: kind, ...one.fault });
    const first = connector();
    expect(await told(first.enrol(jobOf(ANNA_LIM, photo)))).toMatch(
      typeof one.told === 'string' ? new RegExp(`^${one.told}$`) : one.told,
    );
    if (one.there !== undefined) expect(enrolled()).toHaveLength(one.there);
    if (one.verified) {
      // Longer than any door of the lab takes, so that what is pending now stays so.
      await sleep(1_000);
      expect(await first.verify(ANNA_LIM.code, 'staff', signal)).toMatchObject(one.verified);
    }

    await lab.clearFaults();
    // The station may be another process by now; it knows of the first attempt by its journal.
    const later = connector();
    expect(await told(later.enrol(jobOf(ANNA_LIM, photo, { resumed: true })))).toBe('delivered');
    expect(enrolled()).toEqual([[ANNA_LIM.code, true]]);
    const { person, photo: there, access } = await settled(later);
    expect([person, there, ['applied', null].includes(access)]).toEqual([true, true, true]);
  });
});

test('a full platform still takes a new picture of somebody it has, but HikCentral, whose picture store is full', async () => {
  for (const kind of ['hcp', 'device', 'megvii', 'hikconnect'] as const) {
    const { rendition } = PLATFORMS[kind];
    const connector = open(PLATFORMS[kind], kind);
    expect(await told(connector.enrol(jobOf(ANNA_LIM, await photoOf('anna', rendition))))).toBe('delivered');
    const [before] = lab.people()[kind] ?? [];
    await lab.order({ platform: kind, mode: 'full' });
    const again = await told(connector.enrol(jobOf(ANNA_LIM, await photoOf('bea', rendition))));
    expect([kind, again]).toEqual([kind, kind === 'hcp' ? 'capacity 5' : 'delivered']);
    const people = lab.people()[kind] ?? [];
    expect(people).toHaveLength(1);
    expect(people[0]?.photo?.equals(before?.photo ?? Buffer.alloc(0))).toBe(kind === 'hcp');
    await connector.close();
    await lab.reset();
  }
});

test('a similar face is enrolled all the same only on a person’s word', async () => {
  for (const kind of ['senselink', 'megvii'] as const) {
    const definition = PLATFORMS[kind];
    const photo = await photoOf('anna', definition.rendition);
    await lab.order({ platform: kind, mode: 'similar' });
    const connector = open(definition, kind);
    expect(await told(connector.enrol(jobOf(ANNA_LIM, photo, { onSimilar: 'stop' })))).toMatch(/^similar /);
    expect(lab.people()[kind]).toEqual([]);
    expect(await told(connector.enrol(jobOf(ANNA_LIM, photo, { onSimilar: 'force' })))).toBe('delivered');
    expect(lab.people()[kind]).toHaveLength(1);
    await connector.close();
    await lab.reset();
  }
});
