import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { startLab } from '#lab/index';
import type { Connector, ConnectorDeps, Photo, RecognitionRecord } from '#platforms/contract';
import { PUSH } from '#platforms/core/push';
import type { Client } from '#platforms/device/client';
import { device } from '#platforms/device/index';
import { type UserId, userId, userIdProblems } from '#platforms/device/user-id';
import type { Terminal } from '#platforms/site-contract';
import { ANNA_LIM, deps, faultOf, jobOf, photoOf } from '../fixtures/connecting.ts';
import { handClock, until } from '../fixtures/hand-clock.ts';
import { generator } from './support/chapters.ts';

/** Door, parameters and records of the terminal: the connector against the simulated one. */

let lab: Awaited<ReturnType<typeof startLab>>;
let anna: Photo;
const open: Connector[] = [];
const signal = new AbortController().signal;

function connect(more: Partial<ConnectorDeps> = {}): Required<Pick<Connector, 'records' | 'watch'>> & Connector {
  const connector = device.create(device.config.parse(lab.config.platforms.device), { ...deps(), ...more });
  open.push(connector);
  const { records, watch } = connector;
  if (records === undefined || watch === undefined) throw new Error('the terminal tells records');
  return { ...connector, records, watch };
}
function terminalOf(connector: Connector): Terminal {
  if (connector.terminal === undefined) throw new Error('the terminal is one');
  return connector.terminal;
}
const paths = () => lab.log('device').map(({ path }) => path);

beforeAll(async () => {
  lab = await startLab();
  anna = await photoOf('anna', device.rendition);
});
afterAll(() => lab.close());
beforeEach(() => lab.reset());
afterEach(async () => {
  for (const connector of open.splice(0)) await connector.close();
});

test('what it can do is listed, and is there', () => {
  const connector = connect();
  expect(device.capabilities).toEqual([
    'visitor',
    'verify',
    'remove',
    'records',
    'watch',
    'terminal',
    'portrait',
    'search',
  ]);
  expect(connector.catalogue).toBeUndefined();
});

describe('the door (§8.1)', () => {
  test('information, opening, reboot', async () => {
    const terminal = terminalOf(connect());
    expect(await terminal.information(signal)).toMatchObject({ name: 'Simulated terminal', model: 'AATSS V2 Pro' });
    await terminal.open('a visitor with flowers & a “parcel”', signal);
    await terminal.open('', signal);
    await terminal.reboot(signal);
    expect(paths()).toEqual(['/api/device/information', '/api/device/open', '/api/device/open', '/api/device/reboot']);
  });

  test('a remark of 255 characters is sent, one more is refused unsent', async () => {
    const terminal = terminalOf(connect());
    await terminal.open('x'.repeat(255), signal);
    const fault = await faultOf(terminal.open('x'.repeat(256), signal));
    expect(fault).toMatchObject({ kind: 'validation', field: 'remark' });
    expect(paths()).toHaveLength(1);
  });

  test('the clock is set to the station’s, within the five minutes in which it listens', async () => {
    await lab.order({ platform: 'device', mode: 'clock', ms: 200_000 });
    const connector = connect();
    await terminalOf(connector).syncTime(signal);
    // Corrected: a time of ours five minutes later would have been refused before.
    const later = connect({ now: () => Date.now() - 200_000 });
    expect(await later.test(signal)).toMatchObject({ detail: expect.any(String) });
  });

  test('trap: a clock further out is never set to its own wrong time, though every other call would be signed in it', async () => {
    await lab.order({ platform: 'device', mode: 'clock', ms: 3_600_000 });
    const connector = connect();
    await connector.test(signal);
    lab.platforms.get('device')?.platform.log.clear();
    const fault = await faultOf(terminalOf(connector).syncTime(signal));
    expect(fault).toMatchObject({ kind: 'clock', code: '10003' });
    expect(fault.message).toMatch(/own menu/);
    expect(paths()).toEqual(['/api/device/syncTime']);
  });
});

describe('parameters (§8.1.2–8.1.5)', () => {
  test.each<[string, Record<string, string | number>]>([
    ['network', { DNS2: '192.0.2.99' }],
    ['smartface', { faceThre: 9 }],
    ['perpara', { unlockOuttime: 254 }],
  ])('%s are read; one is set and the others stay', async (group, change) => {
    const terminal = terminalOf(connect());
    const before = await terminal.parameters(group, signal);
    await terminal.setParameters(group, change, signal);
    expect(await terminal.parameters(group, signal)).toEqual({ ...before, ...change });
  });

  test.each<[string, string, string | number]>([
    ['smartface', 'faceThre', 11],
    ['smartface', 'faceThre', 1.5],
    ['smartface', 'faceThre', '9'],
    ['smartface', 'faceMinsize', 29],
    ['smartface', 'faceMinsize', 301],
    ['smartface', 'faceMaxsize', 299],
    ['smartface', 'faceMaxsize', 501],
    ['smartface', 'faceInterval', 5],
    ['smartface', 'faceInterval', 21],
    ['smartface', 'imgType', 3],
    ['smartface', 'tempWarnThre', 37.6],
    ['smartface', 'faceEnable', 2],
    ['perpara', 'unlockOuttime', 0],
    ['perpara', 'unlockOuttime', 255],
    ['perpara', 'alarmType', -1],
    ['network', 'ipAddress', '192.0.2.256'],
    ['network', 'ipAddress', '192.0.2'],
    ['network', 'ipAddress', '192.0.2.1.'],
    ['network', 'dhcpEnable', 2],
    ['network', 'gateway', '192.0.2.1'],
    ['network', 'constructor', 1],
  ])('%s %s = %j is refused before anything is sent', async (group, field, value) => {
    const fault = await faultOf(terminalOf(connect()).setParameters(group, { [field]: value }, signal));
    expect(fault).toMatchObject({ kind: 'validation', code: 'parameter', field });
    expect(paths()).toEqual([]);
  });

  test.each(['audio', 'all', '../user/delete/all', 'networkcfg', ''])(
    'there is no group %j: nothing is sent',
    async (group) => {
      const terminal = terminalOf(connect());
      expect(await faultOf(terminal.parameters(group, signal))).toMatchObject({ kind: 'validation', field: 'group' });
      expect(await faultOf(terminal.setParameters(group, {}, signal))).toMatchObject({ field: 'group' });
      expect(paths()).toEqual([]);
    },
  );
});

describe('records (§8.3.2)', () => {
  const T = 1_700_000_000_000;
  const all = async (from: number, to: number, code?: string) => {
    const found: RecognitionRecord[] = [];
    for await (const record of connect().records({ from, to, ...(code === undefined ? {} : { code }) }, signal)) {
      found.push(record);
    }
    return found;
  };

  test('are told oldest first over pages, within the time asked for, in the house’s words', async () => {
    await connect().enrol(jobOf(ANNA_LIM, anna));
    for (let n = 0; n < 250; n += 1)
      lab.recognise({ platform: 'device', at: T + n * 1000, ...(n % 2 === 0 ? { key: 'TP012345' } : {}) });
    lab.platforms.get('device')?.platform.log.clear();
    const found = await all(T + 500, T + 248_999);
    expect(found).toHaveLength(248);
    expect(found.map(({ at }) => at)).toEqual(found.map((_record, n) => T + (n + 1) * 1000));
    expect(found[0]).toEqual({
      id: '2',
      at: T + 1000,
      code: null,
      personId: null,
      kind: 'stranger',
      place: 'Simulated terminal',
      method: 'face',
      similarity: null,
      passed: null,
    });
    expect(found[1]).toMatchObject({ code: 'TP012345', personId: 'TP012345', kind: 'staff', similarity: 0.93 });
    expect(paths()).toHaveLength(4);
  });

  test('of one person; nobody, and a time without any, are empty', async () => {
    await connect().enrol(jobOf(ANNA_LIM, anna));
    await connect().enrol(jobOf({ ...ANNA_LIM, code: 'TP0123' }, anna));
    lab.recognise({ platform: 'device', at: T, key: 'TP012345', method: 'card' });
    lab.recognise({ platform: 'device', at: T, key: 'TP0123', method: 'code' });
    expect(await all(T, T, 'TP0123')).toMatchObject([{ code: 'TP0123', method: 'code' }]);
    expect(await all(T, T, 'TP')).toEqual([]);
    expect(await all(T + 1000, T + 2000)).toEqual([]);
    expect(await all(T + 2000, T)).toEqual([]);
  });

  test('trap: times go as seconds; milliseconds would find nothing', async () => {
    lab.recognise({ platform: 'device', at: T });
    expect(await all(T, T)).toHaveLength(1);
  });

  test('“all” is no person to ask records of', async () => {
    expect(await faultOf(all(0, T, 'all'))).toMatchObject({ kind: 'validation', field: 'code' });
  });
});

describe('the push of records (§8.3.3) on its own port', () => {
  const pushes = () => lab.log('device').filter(({ method }) => method === 'WS');
  const start = (connector: ReturnType<typeof connect>) => {
    const told: RecognitionRecord[] = [];
    const stop = new AbortController();
    const done = connector.watch((record) => told.push(record), stop.signal);
    return { told, stop, done };
  };

  test('tells who passes as it happens, and ends with the signal', async () => {
    const connector = connect();
    await connector.enrol(jobOf(ANNA_LIM, anna));
    const { told, stop, done } = start(connector);
    await until(() => pushes().length === 1, 'connected');
    lab.recognise({ platform: 'device', key: 'TP012345' });
    lab.recognise({ platform: 'device' });
    await until(() => told.length === 2, 'both told');
    expect(told).toMatchObject([
      { code: 'TP012345', kind: 'staff', method: 'face' },
      { code: null, kind: 'stranger' },
    ]);
    stop.abort();
    await done;
    expect(pushes()).toMatchObject([{ path: '/api/record', status: 101, code: '20000' }]);
  });

  test('comes back after the terminal was away, and tells who passed meanwhile', async () => {
    const clock = handClock();
    const { told, stop, done } = start(connect(clock));
    await until(() => pushes().length === 1, 'connected');
    await lab.order({ platform: 'device', mode: 'off' });
    await until(() => clock.sleeping() === 1, 'waiting');
    lab.recognise({ platform: 'device', at: clock.now() + 1000 });
    await lab.clearFaults();
    await clock.pass(1_000);
    await until(() => pushes().length === 2, 'connected again');
    // Heart beat, silence, and the wait before it asks what it missed.
    await until(() => clock.sleeping() === 3, 'about to ask');
    await clock.pass(3_000);
    await until(() => told.length === 1, 'told');
    lab.recognise({ platform: 'device' });
    await until(() => told.length === 2, 'told at once');
    stop.abort();
    await done;
  });

  test('a terminal that fell silent is left after 33 seconds for a new connection', async () => {
    await lab.order({ platform: 'device', mode: 'hang', path: '/api/record', times: 1 });
    const clock = handClock();
    const { told, stop, done } = start(connect(clock));
    await until(() => pushes().length === 1, 'mute');
    // The terminal knows of the connection before the station does, which then counts silence beside its heart beat.
    await until(() => clock.sleeping() === 2, 'connected');
    await clock.pass(PUSH.silenceMs - 1000);
    expect(pushes()).toHaveLength(1);
    // The station may have heard of the connection later than the terminal, and counts from there.
    for (let seconds = 0; pushes().length === 1 && seconds < 120; seconds += 1) await clock.pass(1000);
    expect(pushes()).toHaveLength(2);
    lab.recognise({ platform: 'device' });
    await until(() => told.length === 1, 'told');
    stop.abort();
    await done;
  });

  test('a heart beat goes out each ten seconds, signed in at its own port and path, and answers keep the connection', async () => {
    const heard: string[] = [];
    const urls: string[] = [];
    const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    sockets.on('connection', (client, request) => {
      urls.push(request.url ?? '');
      client.on('message', (data) => heard.push(String(data)));
      client.send(JSON.stringify({ code: 20000 }));
    });
    await until(() => sockets.address() !== null, 'listening');
    const { port: pushPort } = sockets.address() as { port: number };
    const clock = handClock();
    const config = device.config.parse({ ...lab.config.platforms.device, pushPort });
    const connector = device.create(config, { ...deps(clock.now), sleep: clock.sleep });
    open.push(connector);
    const stop = new AbortController();
    const done = connector.watch?.(() => {}, stop.signal);
    await until(() => urls.length === 1, 'connected');
    await clock.pass(9_000);
    expect(heard).toEqual([]);
    for (let beats = 1; beats <= 5; beats += 1) {
      await clock.pass(beats === 1 ? 1_000 : 10_000);
      await until(() => heard.length === beats, `beat ${beats}`);
    }
    expect(urls).toEqual([expect.stringMatching(/^\/api\/record\?timestamp=\d{13}&sign=[0-9a-f]{32}$/)]);
    stop.abort();
    await done;
    for (const client of sockets.clients) client.terminate();
    sockets.close();
  });

  test('a wrong password is auth', async () => {
    const config = device.config.parse({ ...lab.config.platforms.device, password: '654321' });
    const connector = device.create(config, deps());
    open.push(connector);
    const { watch } = connector;
    if (watch === undefined) throw new Error('it watches');
    expect(await faultOf(watch(() => {}, signal))).toMatchObject({ kind: 'auth' });
  });

  test('closing the listener at once is no error', async () => {
    const stop = new AbortController();
    const done = connect().watch(() => {}, stop.signal);
    stop.abort();
    await done;
    await delay(20);
    expect(pushes().length).toBeLessThanOrEqual(1);
  });
});

describe('trap: delete/all wipes the terminal, and no input builds that URL', () => {
  test('by construction: no plain text is an id, and only `userId` makes one', () => {
    expectTypeOf<Parameters<Client['remove']>[0]>().toEqualTypeOf<UserId>();
    expectTypeOf<string>().not.toExtend<UserId>();
    expectTypeOf(userId).returns.toEqualTypeOf<UserId>();
  });

  test('whatever is put together from its letters, in any spelling and between anything', () => {
    const next = generator(13);
    const PIECES = [
      'a',
      'l',
      'A',
      'L',
      'ａ',
      'ｌ',
      '%61',
      '%6c',
      '%6C',
      '%2561',
      ' ',
      '/',
      '.',
      '\\',
      ';',
      '?',
      '#',
      '\u200b',
    ];
    /** As a terminal may come to read it: decoded again and again, folded, in parts. */
    const readAs = (text: string): string[] => {
      const once = text.replace(/%([0-9a-f]{2})/gi, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
      return [text, ...(once === text ? [] : readAs(once))];
    };
    let taken = 0;
    let wipes = 0;
    for (let n = 0; n < 20_000; n += 1) {
      const code = Array.from({ length: 2 + next.below(4) }, () => next.pick(PIECES)).join('');
      const parts = readAs(code).flatMap((reading) => reading.normalize('NFKC').split(/[/\\?#;]/));
      const wipe = parts.some((part) => part.replace(/[^a-z0-9]/gi, '').toLowerCase() === 'all');
      if (wipe) wipes += 1;
      if (userIdProblems(code).length > 0) continue;
      taken += 1;
      expect([code, wipe]).toEqual([code, false]);
    }
    // Both were looked at: codes that would wipe it, and harmless ones that are taken.
    expect(wipes).toBeGreaterThan(100);
    expect(taken).toBeGreaterThan(100);
  });

  const HOSTILE = [
    'all',
    'ALL',
    'aLL',
    ' all',
    'all ',
    'all/',
    '/all',
    './all',
    '../delete/all',
    'all?',
    'all#',
    'all;',
    'all.',
    '.all',
    'all%00',
    'all\u0000',
    'all\n',
    '\tall',
    'ａｌｌ',
    'a\u200bll',
    '𝐚𝐥𝐥',
    '"all"',
    "'all'",
    'all&x=1',
    '%61%6c%6c',
    'a\u00adll',
  ];

  test.each(HOSTILE)('%j', async (code) => {
    const connector = connect();
    await connector.enrol(jobOf(ANNA_LIM, anna));
    lab.platforms.get('device')?.platform.log.clear();
    await connector.remove(code, 'staff', signal).catch(() => false);
    await connector.enrol(jobOf({ ...ANNA_LIM, code }, anna)).catch(() => undefined);
    await connector.remove(code, 'staff', signal).catch(() => false);
    expect(lab.people().device?.map(({ key }) => key)).toContain('TP012345');
    expect(paths().filter((path) => /delete\/[^a-z0-9]*all/i.test(decodeURIComponent(path)))).toEqual([]);
  });
});
