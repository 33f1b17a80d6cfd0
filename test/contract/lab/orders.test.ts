import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { explain } from '#main/cli/output';
import { createProgram } from '#main/cli/program';
import { type Lab, startLab } from '../../../src/lab/index.ts';
import { portrait } from './core-helpers.ts';
import { device } from './device-client.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ devices: 2 });
});
afterEach(() => lab.reset());
afterAll(() => lab.close());

const port = () => new URL(lab.url).port;

/** Runs the command line without a process: what it said where, and with which code it would end. */
async function run(...args: string[]) {
  const said = { json: [] as unknown[], lines: [] as string[], notes: [] as string[] };
  const program = createProgram({
    out: {
      json: (value) => said.json.push(value),
      line: (text) => said.lines.push(text),
      note: (text) => said.notes.push(text),
    },
    env: {},
    signal: AbortSignal.abort(),
    stdin: process.stdin,
    exit: () => undefined,
  });
  try {
    await program.parseAsync(['lab', ...args], { from: 'user' });
    return { ...said, code: 0, message: '' };
  } catch (error) {
    return { ...said, ...explain(error) };
  }
}
const there = () => ['--port', port()];
const ask = async (id = 'device') => (await fetch(`${lab.platforms.get(id)?.url}/api/user/list`)).status;

describe('vestibule lab fault', () => {
  it('orders, lists and ends faults of a running lab, wherever its options stand', async () => {
    expect((await run('fault', ...there(), 'device', 'status', '--status', '503', '--times', '2')).code).toBe(0);
    expect([await ask(), await ask('device-2')]).toEqual([503, 200]);
    const ordered = await run(
      'fault',
      'device-2',
      'slow',
      '--ms',
      '20',
      '--path',
      'user/list',
      '--lab',
      lab.url,
      '--json',
    );
    expect(ordered.json).toEqual([
      { platform: 'device', mode: 'status', status: 503, left: 1 },
      { platform: 'device-2', mode: 'slow', ms: 20, path: 'user/list', left: null },
    ]);
    const listed = await run('fault', ...there());
    expect(listed.lines.map((line) => line.replaceAll(/\s+/g, ' '))).toEqual([
      'device status 503 ×1',
      'device-2 slow user/list 20 ms until cleared',
    ]);
    expect((await run('fault', '--clear', ...there())).notes).toEqual(['no fault stands']);
    expect(await ask()).toBe(200);
  });

  it('ends one fault, or those of one platform, and leaves the others standing', async () => {
    await run('fault', 'device', 'slow', '--ms', '1', ...there());
    await run('fault', 'device', 'off', ...there());
    await run('fault', 'device-2', 'slow', '--ms', '2', ...there());
    await run('fault', 'hcp', 'full', ...there());
    const modes = (faults: unknown[]) =>
      (faults as { platform: string; mode: string }[]).map((one) => `${one.platform} ${one.mode}`);
    await expect(ask()).rejects.toThrow();
    const ended = await run('fault', 'device', 'off', '--clear', '--json', ...there());
    expect(modes(ended.json)).toEqual(['device slow', 'device-2 slow', 'hcp full']);
    // What was switched off answers again.
    expect(await ask()).toBe(200);
    expect(modes((await run('fault', 'device-2', '--clear', '--json', ...there())).json)).toEqual([
      'device slow',
      'hcp full',
    ]);
    expect((await run('fault', '--clear', ...there())).notes).toEqual(['no fault stands']);
  });

  it('orders a clock that is behind, and an answer of one’s own', async () => {
    await run('fault', 'hcp', 'clock', '--ms', '-3600000', ...there());
    await run('fault', 'device', 'wrong-answer', '--body', '{"code":99999}', ...there());
    const answer = await fetch(`${lab.platforms.get('device')?.url}/api/user/list`);
    expect(await answer.json()).toEqual({ code: 99999 });
    const { json } = await run('fault', ...there(), '--json');
    expect(json).toMatchObject([{ mode: 'clock', ms: -3_600_000 }, { mode: 'wrong-answer' }]);
  });

  it.each([
    [['nowhere', 'off'], /no platform nowhere; it has hcp, device/],
    [['device', 'melt'], /mode.*choices are off, drop/],
    [['device', 'slow'], /slow needs ms/],
    [['device', 'similar'], /terminal has no words for "similar"/],
    [['senselink', 'full'], /SenseLink Enterprise has no words for "full"/],
    [['hcp', 'full', '--path', 'single'], /full takes no path/],
    [['device'], /name the fault; there are off/],
    [['--times', '3'], /name the platform and the fault/],
    [['device', '--clear', '--ms', '3'], /--clear takes a platform and a fault/],
    [['nowhere', '--clear'], /no platform nowhere/],
    [['device', 'off', '--times', '0'], /--times takes a whole number from 1/],
    [['device', 'wrong-answer', '--body', '{'], /--body takes JSON/],
  ])('%j is a usage error that says why, and orders nothing', async (args, why) => {
    const { code, message } = await run('fault', ...args, ...there());
    expect([code, message]).toEqual([2, expect.stringMatching(why)]);
    expect((await run('fault', ...there(), '--json')).json).toEqual([]);
  });
});

describe('vestibule lab people, reset', () => {
  const user = { userId: 'TP1', userType: 1, icNumber: '', jobNumber: '', mobile: '', name: 'Anna Lim', remark: '' };

  it('tell who is enrolled where, and forget', async () => {
    const photo = await portrait();
    const url = String(lab.platforms.get('device-2')?.url);
    await device(url, 'POST', '/api/user', { ...user, photo: photo.toString('base64') });
    const { json } = await run('people', ...there(), '--json');
    expect(json).toMatchObject([
      { platform: 'device-2', key: 'TP1', kind: 'staff', photoBytes: photo.length, photoSha256: expect.any(String) },
    ]);
    expect((await run('people', ...there())).lines[0]).toMatch(/^device-2 +TP1 +Anna Lim +staff +photo \d+ bytes/);
    expect((await run('reset', ...there())).code).toBe(0);
    expect(lab.people()['device-2']).toEqual([]);
    expect((await run('people', ...there())).notes).toEqual(['nobody is enrolled in this lab']);
  });
});

describe('where no lab runs', () => {
  it('says so, with exit code 2', async () => {
    const other = createServer((_request, response) => response.end('<p>hello</p>'));
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const taken = String((other.address() as AddressInfo).port);
    const said = async (...args: string[]) => {
      const { code, message } = await run('people', ...args);
      return [code, message];
    };
    expect(await said('--port', taken)).toEqual([2, expect.stringContaining('is no lab’s page'.replace('’', "'"))]);
    expect(await said('--lab', String(lab.platforms.get('device')?.url))).toEqual([
      2,
      expect.stringContaining('no lab'),
    ]);
    await new Promise((done) => other.close(done));
    expect(await said('--port', taken)).toEqual([2, expect.stringMatching(/^no lab answers at http:.*start one with/)]);
    expect(await said('--lab', 'http://192.0.2.1:4300')).toEqual([2, expect.stringContaining('no lab')]);
    expect(await said()).toEqual([2, 'say where the lab runs: --lab URL or --port N']);
    expect(await said('--port', taken, '--lab', lab.url)).toEqual([2, 'say where the lab runs: --lab URL or --port N']);
  });
});

describe('vestibule lab', () => {
  it('prints one JSON line as ever, with terminals and TLS on request', async () => {
    const { json, lines, code } = await run('--json', '--devices', '3', '--https');
    expect([json.length, lines, code]).toEqual([1, [], 0]);
    expect(json[0]).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
      platforms: Object.fromEntries(
        ['hcp', 'device', 'senselink', 'megvii', 'hikconnect', 'device-2', 'device-3'].map((id) => [
          id,
          expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+/),
        ]),
      ),
      config: null,
    });
    expect((await run('--devices', '17')).code).toBe(2);
    expect((await run('nonsense')).code).toBe(2);
  });
});

describe('vestibule lab pass', () => {
  it('lets somebody pass the door of a platform, in the words of its records', async () => {
    const when = '2026-03-02T08:41:00+08:00';
    const passed = await run('pass', 'megvii', '--at', when, '--json', ...there());
    expect(passed).toMatchObject({ code: 0, json: [{ platform: 'megvii', at: Date.parse(when) }] });
    const said = await run('pass', 'device', '--method', 'card', ...there());
    expect(said.notes).toEqual(['a stranger passed device']);
  });

  it.each([
    ['nobody has the code', ['device', 'TP9'], 'TP9'],
    ['the platform keeps no records', ['hcp'], 'no record'],
    ['its records cannot say so', ['senselink', '--refused'], 'do not tell'],
    ['there is no such platform', ['door'], 'no platform'],
    ['a time without an offset', ['device', '--at', '2026-03-02T08:41'], '--at'],
  ])('ends with code 2 and the reason: %s', async (_why, args, reason) => {
    const told = await run('pass', ...args, ...there());
    expect(told).toMatchObject({ code: 2, message: expect.stringContaining(reason) });
  });
});
