import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startLab } from '#lab/index';
import { definitions, PLATFORMS } from '#platforms/index';
import type { PlatformDraft, TrialLine } from '#shared/calls/site';
import { contract, dispatch, type Handlers, type Output } from '#shared/contract';
import { toFault } from '#shared/fault';
import { EMPTY_CONFIG, keyFile, loadConfig, readStoredConfig, type Station } from '#station/index';
import { selfSigned } from '../fixtures/self-signed.ts';
import { sendJson, tinyServer } from '../fixtures/tiny-server.ts';
import { anna, collectingLog, open, portrait, temporaryDir } from '../unit/station/support/station.ts';

/** A site set up at the desk, against the simulated platforms: what trying a form tells, and what saving it does. */

let lab: Awaited<ReturnType<typeof startLab>>;
let tls: Awaited<ReturnType<typeof startLab>>;
let dir: ReturnType<typeof temporaryDir>;
let station: Station;
let handlers: Handlers;
const logged = collectingLog();
const KINDS = Object.keys(PLATFORMS) as (keyof typeof PLATFORMS)[];

/** A kind's form as the lab's own configuration would fill it in. */
function form(kind: keyof typeof PLATFORMS, from = lab, more: Record<string, unknown> = {}): PlatformDraft {
  const { kind: _kind, tls: trust, ...entry } = { ...from.config.platforms[kind], ...more } as Record<string, unknown>;
  const { secrets: names } = PLATFORMS[kind];
  const flat = Object.entries(entry).flatMap(([field, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([part, one]) => [`${field}.${part}`, one])
      : [[field, value]],
  );
  const pinned = (trust as { fingerprint256?: string } | undefined)?.fingerprint256;
  const values = flat.filter(([field]) => !names.includes(String(field)));
  return {
    kind,
    values: Object.fromEntries([...values, ...(pinned ? [['tls.fingerprint256', pinned]] : [])]),
    secrets: Object.fromEntries(names.map((name) => [name, String(entry[name])])),
  };
}
async function ask<N extends keyof typeof contract>(name: N, input: unknown): Promise<Output<N>> {
  const reply = await dispatch(handlers, name, input, toFault);
  if (!reply.ok) throw new Error(`${reply.fault.code}: ${reply.fault.message}`);
  return contract[name].output.parse(reply.value) as Output<N>;
}
const trial = (draft: PlatformDraft, id: string | null = null) => ask('site.test', { id, draft });
const save = (id: string, draft: PlatformDraft, add = true) => ask('site.save', { id, add, draft });
const short = (lines: readonly TrialLine[]) => Object.fromEntries(lines.map(({ step, code }) => [step, code]));
const without = (draft: PlatformDraft, path: string): PlatformDraft => {
  const { [path]: _gone, ...values } = draft.values;
  return { ...draft, values };
};
async function start(config = EMPTY_CONFIG) {
  station = await open(dir.path, {}, { config, log: logged.log, definitions, background: true });
  handlers = station.handlers({ version: '1', shell: 'loopback', lab: null });
}

beforeAll(async () => {
  [lab, tls] = await Promise.all([startLab({ devices: 2 }), startLab({ https: true })]);
});
afterAll(() => Promise.all([lab.close(), tls.close()]));
beforeEach(async () => {
  await lab.reset();
  dir = temporaryDir();
  await start();
});
afterEach(async () => {
  await station.close();
  dir.remove();
});

describe('trying a form', () => {
  test.each(KINDS)('%s: a good key is fine at every step, and its lists can be chosen from', async (kind) => {
    const { problems, lines, lists } = await trial(form(kind));
    expect(problems).toEqual([]);
    expect(lines.filter(({ state }) => state === 'bad')).toEqual([]);
    expect(short(lines)).toMatchObject({
      reach: 'fine',
      tls: 'local',
      service: 'fine',
      credentials: 'fine',
      clock: 'fine',
    });
    expect(lists !== null).toBe(PLATFORMS[kind].capabilities.includes('catalogue'));
  });

  test.each(KINDS)('%s: a wrong key is told at the credentials, and nothing after it is claimed', async (kind) => {
    const draft = form(kind);
    const secrets = Object.fromEntries(Object.keys(draft.secrets).map((name) => [name, 'wrong-one']));
    const { lines, lists } = await trial({ ...draft, secrets });
    expect(short(lines)).toMatchObject({ reach: 'fine', service: 'fine', credentials: 'key', clock: 'skipped' });
    expect(lists).toBeNull();
    expect(JSON.stringify(lines)).not.toContain('wrong-one');
  });

  test.each(KINDS)('%s: nobody listens there', async (kind) => {
    const draft = form(kind);
    const path = kind === 'hcp' ? '/artemis' : '';
    const { lines } = await trial({ ...draft, values: { ...draft.values, baseUrl: `http://127.0.0.1:9${path}` } });
    expect(lines[0]).toMatchObject({ step: 'reach', state: 'bad', code: 'refused' });
    expect(lines.slice(1).every(({ state }) => state === 'skipped')).toBe(true);
  });

  test.each(KINDS)('%s: a wrong path is told as one', async (kind) => {
    const other = await tinyServer((_seen, response) => {
      response.writeHead(404, { 'content-type': 'text/html' });
      response.end('<!doctype html><title>Not here</title>');
    });
    const path = kind === 'hcp' ? '/wrong/artemis' : '/wrong';
    const draft = form(kind);
    const { lines } = await trial({ ...draft, values: { ...draft.values, baseUrl: `${other.url}${path}` } });
    other.close();
    expect(short(lines)).toMatchObject({ reach: 'fine', service: 'path', credentials: 'skipped' });
  });

  test('a gateway without /artemis, plain HTTP to elsewhere and a name that is no address are told at their field', async () => {
    const hcp = form('hcp');
    const at = async (kind: 'hcp' | 'device', baseUrl: string) =>
      (await trial({ ...form(kind), values: { ...form(kind).values, baseUrl } })).problems;
    expect(await at('hcp', String(hcp.values.baseUrl).replace('/artemis', ''))).toMatchObject([
      { path: 'baseUrl', code: 'artemis' },
    ]);
    expect(await at('device', 'http://192.0.2.1')).toMatchObject([{ path: 'baseUrl', code: 'plain-http' }]);
    expect(await at('device', 'terminal')).toMatchObject([{ path: 'baseUrl', code: 'url' }]);
    expect(
      (await trial({ kind: 'device', values: {}, secrets: {} })).problems.map(({ path, code }) => [path, code]),
    ).toEqual(
      expect.arrayContaining([
        ['baseUrl', 'missing'],
        ['password', 'missing'],
      ]),
    );
  });

  test('what is chosen from the platform’s lists need not be known before they were read', async () => {
    const { problems, lines, lists } = await trial(without(form('hcp'), 'orgIndexCode'));
    expect(problems).toEqual([]);
    expect(lines.find(({ about }) => about === 'orgIndexCode')).toMatchObject({ step: 'places', code: 'unset' });
    expect(lists?.departments.length).toBeGreaterThan(0);
    const connect = await trial(without(form('hikconnect'), 'groupId'));
    expect(connect.lines.filter(({ step }) => step === 'places').map(({ code }) => code)).toContain('unset');
    expect(connect.lists?.departments.length).toBeGreaterThan(0);
  });

  test('an organisation that is not there, and no access at all, are told', async () => {
    const draft = form('hcp');
    const gone = await trial({ ...draft, values: { ...draft.values, orgIndexCode: '99' } });
    expect(gone.lines.find(({ about }) => about === 'orgIndexCode')).toMatchObject({
      state: 'bad',
      code: 'unknown-id',
    });
    const closed = await trial(without(draft, 'privilegeGroupId'));
    expect(closed.lines.find(({ code }) => code === 'no-access')).toMatchObject({
      about: 'privilegeGroupId',
      state: 'warn',
    });
  });

  test('a certificate nobody knows is shown, trusted by its fingerprint, and another one is noticed', async () => {
    const draft = without(form('device', tls), 'tls.fingerprint256');
    const first = await trial(draft);
    expect(short(first.lines)).toMatchObject({ reach: 'fine', tls: 'untrusted', credentials: 'skipped' });
    const shown = first.certificate;
    if (shown === null) throw new Error('no certificate was shown');
    expect(await ask('site.certificate', { baseUrl: draft.values.baseUrl })).toEqual(shown);
    const pinned = (fingerprint256: string) =>
      trial({ ...draft, values: { ...draft.values, 'tls.fingerprint256': fingerprint256 } });
    expect(short((await pinned(shown.fingerprint256)).lines)).toMatchObject({ tls: 'fine', credentials: 'fine' });
    const other = shown.fingerprint256.replace(/^../, (pair) => (pair === 'AA' ? 'BB' : 'AA'));
    expect(short((await pinned(other)).lines)).toMatchObject({ tls: 'changed' });
    const plain = String(draft.values.baseUrl).replace('https', 'http');
    const { lines } = await trial({ ...draft, values: { ...draft.values, baseUrl: plain } });
    expect(lines.find(({ state }) => state === 'bad')?.step).toBe('service');
  });

  test('a CA’s certificate comes as text, and a page names no file', async () => {
    const draft = form('device');
    const named = await trial({ ...draft, values: { ...draft.values, 'tls.ca': '/etc/hostname' } });
    expect(named.problems).toMatchObject([{ path: 'tls.ca', code: 'ca' }]);
    expect((await trial({ ...draft, caPem: 'no certificate' })).problems).toMatchObject([
      { path: 'tls.ca', code: 'ca' },
    ]);
  });
});

describe('saving', () => {
  test('a platform is in use at once, its secret in the vault alone and never told', async () => {
    const draft = form('device');
    expect(await save('north', draft)).toEqual({ problems: [] });
    expect((await ask('platforms.list', undefined)).map(({ id }) => id)).toEqual(['north']);
    expect(await ask('platforms.test', { id: 'north' })).toMatchObject({ ok: true });
    const view = await ask('site.get', undefined);
    const secret = draft.secrets.password ?? '';
    expect(secret.length).toBeGreaterThan(3);
    expect(JSON.stringify(view)).not.toContain(secret);
    expect(view.platforms).toMatchObject([
      {
        id: 'north',
        from: 'kept',
        secrets: [{ field: 'password', origin: 'vault', set: true }],
        people: 0,
        waiting: 0,
      },
    ]);
    await station.close();
    expect(readFileSync(join(dir.path, 'journal.db')).includes(secret)).toBe(false);
    await start();
    expect(await ask('platforms.test', { id: 'north' })).toMatchObject({ ok: true });
    const lines = [...station.audit.rows()].filter(({ action }) => action.startsWith('platform-'));
    expect(lines).toMatchObject([{ action: 'platform-add', platform: 'north', detail: { secrets: 'password' } }]);
    expect(JSON.stringify(lines)).not.toContain(secret);
    expect(logged.text()).not.toContain(secret);
  });

  test('one name is one platform, one address is one platform, a kind stays', async () => {
    await save('north', form('device'));
    expect((await save('north', form('megvii'))).problems).toMatchObject([{ path: 'id', code: 'taken' }]);
    expect((await save('south', form('device'))).problems).toMatchObject([{ path: 'baseUrl', code: 'twin' }]);
    expect((await save('north', form('megvii'), false)).problems).toMatchObject([{ path: 'kind' }]);
    const second = { ...form('device'), values: { baseUrl: String(lab.config.platforms['device-2']?.baseUrl) } };
    expect((await save('south', second)).problems).toEqual([]);
    expect((await ask('platforms.list', undefined)).map(({ id }) => id)).toEqual(['north', 'south']);
  });

  test('a change keeps the secret that was not typed, but not for another address', async () => {
    await save('gate', form('hcp'));
    const untyped = { ...form('hcp'), secrets: {} };
    const days = { ...untyped, values: { ...untyped.values, 'validity.days': 30 } };
    expect((await trial(days, 'gate')).lines.filter(({ state }) => state === 'bad')).toEqual([]);
    expect(await save('gate', days, false)).toEqual({ problems: [] });
    expect((await ask('site.get', undefined)).platforms[0]?.values).toMatchObject({ 'validity.days': 30 });
    expect(await ask('platforms.test', { id: 'gate' })).toMatchObject({ ok: true });
    const elsewhere = { ...untyped, values: { ...untyped.values, baseUrl: 'https://gate.invalid/artemis' } };
    expect((await trial(elsewhere, 'gate')).problems).toMatchObject([{ path: 'appSecret', code: 'retype' }]);
    expect((await save('gate', elsewhere, false)).problems).toMatchObject([{ path: 'appSecret', code: 'retype' }]);
    const [change] = [...station.audit.rows()].filter(({ action }) => action === 'platform-change');
    expect(change?.detail).toMatchObject({ fields: 'validity', secrets: '' });
  });

  test('a change of whom to trust needs the secret again, so that it goes to nobody in between', async () => {
    const draft = form('device', tls);
    expect(await save('gate', draft)).toEqual({ problems: [] });
    const untyped = { ...draft, secrets: {} };
    const seen = String(draft.values['tls.fingerprint256']);
    const values = (fingerprint256: string) => ({ ...draft.values, 'tls.fingerprint256': fingerprint256 });
    const other = seen.replace(/^../, (pair) => (pair === 'AA' ? 'BB' : 'AA'));
    const retype = [{ path: 'password', code: 'retype' }];
    const { cert: caPem } = selfSigned('127.0.0.1');
    for (const changed of [
      { ...untyped, values: values(other) },
      without(untyped, 'tls.fingerprint256'),
      { ...without(untyped, 'tls.fingerprint256'), caPem },
    ]) {
      expect((await trial(changed, 'gate')).problems).toMatchObject(retype);
      expect((await save('gate', changed, false)).problems).toMatchObject(retype);
    }
    expect(await ask('platforms.test', { id: 'gate' })).toMatchObject({ ok: true });
    // The same certificate written otherwise is the same one, and what is typed goes where it is sent to.
    expect(await save('gate', { ...untyped, values: values(seen.toLowerCase()) }, false)).toEqual({ problems: [] });
    expect((await trial({ ...draft, values: values(other) }, 'gate')).problems).toEqual([]);
  });

  test('certificates that were given are deleted when nothing names them any more', async () => {
    const folder = join(dir.path, 'certificates');
    const files = () => readdirSync(folder).toSorted();
    const [first, second] = [selfSigned('127.0.0.1').cert, selfSigned('127.0.0.1').cert];
    const plain = form('device');
    const draft = { ...plain, values: { ...plain.values, baseUrl: 'https://127.0.0.1:9' } };
    await trial({ ...draft, caPem: first });
    expect(files()).toEqual([]);
    expect(await save('gate', { ...draft, caPem: first })).toEqual({ problems: [] });
    const [kept] = files();
    writeFileSync(join(folder, 'mine.pem'), 'an owner’s own');
    // Another one that is only tried leaves the kept one; one that is saved takes its place.
    await trial({ ...draft, caPem: second }, 'gate');
    expect(files()).toEqual([kept, 'mine.pem']);
    expect(await save('gate', { ...draft, caPem: second }, false)).toEqual({ problems: [] });
    expect(files()).toHaveLength(2);
    expect(files()).not.toContain(kept);
    await ask('site.remove', { id: 'gate', deliveries: 'stop' });
    expect(files()).toEqual(['mine.pem']);
  });

  test.each(['keep', 'stop'] as const)(
    'taken out of use while somebody waits for it, who is told: %s',
    async (what) => {
      const draft = form('device');
      const nowhere = { ...draft, values: { ...draft.values, baseUrl: 'http://127.0.0.1:9' } };
      expect(await save('north', nowhere)).toEqual({ problems: [] });
      const { enrolment } = await station.enrol({ photo: { bytes: await portrait() }, person: anna, to: ['north'] });
      const id = enrolment?.id ?? '';
      const receipt = async () => (await ask('enrolment.get', { id })).deliveries[0];
      await expect.poll(async () => (await receipt())?.state, { timeout: 10_000 }).toBe('waiting');
      expect((await ask('site.get', undefined)).platforms[0]).toMatchObject({ waiting: 1, people: 0 });
      const stopped = what === 'stop' ? 1 : 0;
      expect(await ask('site.remove', { id: 'north', deliveries: what })).toEqual({ stopped });
      // It may have been at work on another try just then.
      await expect.poll(async () => (await receipt())?.state).toBe(what === 'stop' ? 'abandoned' : 'waiting');
      // What is kept goes on when a platform of that name is there again; what was given up does not by itself.
      expect(await save('north', draft)).toEqual({ problems: [] });
      // By its next try, or at once when somebody asks for it.
      if (what === 'stop') await ask('delivery.retry', { id: (await receipt())?.id });
      await expect.poll(async () => (await receipt())?.state, { timeout: 20_000 }).toMatch(/^(delivered|verified)$/);
    },
  );

  test('taken out of use in the middle of a delivery, which is given up when its attempt has ended', async () => {
    const held: ServerResponse[] = [];
    const silent = createServer((_, response) => held.push(response)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const draft = form('device');
    await save('north', { ...draft, values: { ...draft.values, baseUrl: `http://127.0.0.1:${port}` } });
    const { enrolment } = await station.enrol({ photo: { bytes: await portrait() }, person: anna, to: ['north'] });
    const state = async () => (await ask('enrolment.get', { id: enrolment?.id ?? '' })).deliveries[0]?.state;
    await expect.poll(() => held.length).toBeGreaterThan(0);
    expect(await ask('site.remove', { id: 'north', deliveries: 'stop' })).toEqual({ stopped: 1 });
    expect(await state()).toBe('running');
    // Whatever it tries more in this attempt, nobody answers.
    silent.close();
    silent.closeAllConnections();
    await expect.poll(state).toBe('abandoned');
  });

  test('taken out of use: its secrets are forgotten, the name is free again', async () => {
    await save('gate', form('megvii'));
    expect(await ask('site.remove', { id: 'gate', deliveries: 'stop' })).toEqual({ stopped: 0 });
    expect(await ask('platforms.list', undefined)).toEqual([]);
    expect((await trial({ ...form('megvii'), secrets: {} })).problems).toMatchObject([{ code: 'missing' }]);
    await expect(ask('site.remove', { id: 'gate', deliveries: 'keep' })).rejects.toThrow(/^platform:/);
    expect((await save('gate', form('megvii'))).problems).toEqual([]);
  });
});

describe('a configuration that was given', () => {
  const given = () =>
    loadConfig({ ...lab.config, quality: { yaw: { max: 5 } } }, { configDir: '.', env: {}, definitions });

  test('counts, and is not changed here; others stand beside it', async () => {
    await station.close();
    await start(given());
    const view = await ask('site.get', undefined);
    expect(view.started).toBe(true);
    expect(view.platforms.every(({ from }) => from === 'start')).toBe(true);
    await expect(save('hcp', form('hcp'), false)).rejects.toThrow('platform-given');
    await expect(ask('site.remove', { id: 'hcp', deliveries: 'keep' })).rejects.toThrow('platform-given');
    expect((await save('other', form('hcp'))).problems).toMatchObject([{ path: 'baseUrl', code: 'twin' }]);
    expect((await save('other', form('megvii', tls))).problems).toEqual([]);
    expect((await ask('platforms.list', undefined)).at(-1)?.id).toBe('other');
    await ask('settings.set', { limits: { yaw: { max: 9 }, pitch: { max: 9 } } });
    expect(await ask('quality.criteria', undefined)).toMatchObject({ yaw: { max: 5 }, pitch: { max: 9 } });
  });

  test('remembered, nobody having given it again, it can be changed; the secrets in it move to the vault', async () => {
    await station.close();
    await start(given());
    await station.close();
    const remembered = await readStoredConfig(dir.path, keyFile(dir.path, {}), {});
    if (remembered === null) throw new Error('nothing was remembered');
    await start(remembered);
    const untyped = { ...form('hcp'), secrets: {} };
    expect(await save('hcp', { ...untyped, values: { ...untyped.values, 'validity.days': 5 } }, false)).toEqual({
      problems: [],
    });
    expect(await ask('platforms.test', { id: 'hcp' })).toMatchObject({ ok: true });
    await ask('settings.set', { limits: { yaw: { max: 9 } } });
    expect(await ask('quality.criteria', undefined)).toMatchObject({ yaw: { max: 9 } });
    await ask('site.remove', { id: 'megvii', deliveries: 'keep' });
    await station.close();
    const next = await readStoredConfig(dir.path, keyFile(dir.path, {}), {});
    expect(next?.platforms.map(({ id }) => id)).not.toContain('hcp');
    await start(next ?? EMPTY_CONFIG);
    const ids = (await ask('platforms.list', undefined)).map(({ id }) => id);
    expect(ids).toContain('hcp');
    expect(ids).not.toContain('megvii');
    const [hcp] = (await ask('site.get', undefined)).platforms.filter(({ id }) => id === 'hcp');
    expect(hcp).toMatchObject({ values: { 'validity.days': 5 }, secrets: [{ origin: 'vault', set: true }] });
  });
});

test('an answer that is no platform’s is not one, whatever it says', async () => {
  const other = await tinyServer((_seen, response) => sendJson(response, { hello: 'there' }));
  const draft = form('megvii');
  const { lines } = await trial({ ...draft, values: { ...draft.values, baseUrl: other.url } });
  other.close();
  expect(lines.find(({ state }) => state === 'bad')).toMatchObject({ step: 'service', code: 'path' });
});
