import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, startLab } from '#lab/index';
import type { Connector, HeldPerson } from '#platforms/contract';
import { PLATFORMS } from '#platforms/index';
import { ANNA_LIM, deps, faultOf, jobOf, photoOf } from '../fixtures/connecting.ts';
import { quickTime } from '../fixtures/quick-time.ts';

/** The picture a platform keeps of somebody, as the desk sees it beside the one just taken. */

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

function connect(kind: Kind, more: Record<string, unknown> = {}) {
  const definition = PLATFORMS[kind];
  const entry = { ...lab.config.platforms[kind], ...more };
  const connector = definition.create(definition.config.parse(entry), { ...deps(), ...quick });
  open.push(connector);
  const { portrait } = connector;
  if (portrait === undefined) throw new Error(`${kind} hands out no pictures`);
  return { connector, portrait: (who: Partial<HeldPerson>) => portrait({ ...NOBODY, ...who }, signal) };
}
const NOBODY: HeldPerson = { personId: null, code: null, kind: 'staff' };

async function enrolled(kind: Kind, connector: Connector): Promise<string> {
  const outcome = await connector.enrol(jobOf(ANNA_LIM, await photoOf('anna', PLATFORMS[kind].rendition)));
  if (outcome.state !== 'delivered') throw new Error(outcome.state);
  return outcome.personId;
}
const kept = (kind: Kind) => new Uint8Array(lab.people()[kind]?.[0]?.photo ?? []);

describe.each(KINDS)('%s', (kind) => {
  test('hands out the very picture it keeps, by our code, and by its own id where it has one', async () => {
    expect(PLATFORMS[kind].capabilities).toContain('portrait');
    const { connector, portrait } = connect(kind);
    const personId = await enrolled(kind, connector);
    expect(kept(kind).length).toBeGreaterThan(1_000);
    expect(await portrait({ code: ANNA_LIM.code })).toEqual(kept(kind));
    // HikCentral looks people up by code alone.
    expect(await portrait({ personId })).toEqual(kind === 'hcp' ? null : kept(kind));
  });

  test('has none of nobody', async () => {
    const { portrait } = connect(kind);
    expect(await portrait({ code: 'TP404' })).toBeNull();
    expect(await portrait({})).toBeNull();
  });
});

describe('senselink', () => {
  test('a similar face is asked about with a picture that can be fetched by the id in the question', async () => {
    const { connector, portrait } = connect('senselink');
    await enrolled('senselink', connector);
    const again = await connector.enrol(
      jobOf({ ...ANNA_LIM, code: 'TP000002' }, await photoOf('anna', PLATFORMS.senselink.rendition)),
    );
    if (again.state !== 'asking') throw new Error(again.state);
    const { candidate } = again.question;
    expect(candidate).toMatchObject({ code: ANNA_LIM.code, name: expect.any(String) });
    // The question itself carries no picture: it is kept, and a picture of somebody else is not.
    expect(Object.keys(candidate).sort()).toEqual(['code', 'name', 'personId']);
    expect(await portrait({ personId: candidate.personId ?? null })).toEqual(kept('senselink'));
  });

  test('without a path for ids the manual leaves no way to a picture, and nothing is guessed', async () => {
    const { connector, portrait } = connect('senselink', { avatarPath: undefined });
    await enrolled('senselink', connector);
    const before = lab.log('senselink').length;
    expect(await portrait({ code: ANNA_LIM.code })).toBeNull();
    expect(
      lab
        .log('senselink')
        .slice(before)
        .map(({ path }) => path),
    ).toEqual(['/api/v1/user/list']);
  });
});

test('a server with a problem of its own is a fault, not the lack of a picture', async () => {
  const { connector, portrait } = connect('hikconnect');
  await enrolled('hikconnect', connector);
  await lab.order({ platform: 'hikconnect', mode: 'status', status: 503, path: '/pictures/' });
  expect(await faultOf(portrait({ code: ANNA_LIM.code }))).toMatchObject({ kind: 'server' });
});
