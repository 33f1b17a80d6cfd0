import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { PlatformDefinition } from '#platforms/contract';
import { contract, dispatch, type Handlers } from '#shared/contract';
import { FaultError, toFault } from '#shared/fault';
import { loadConfig, type Station } from '#station/index';
import { type FakePlatform, fakePlatform } from './support/fake-platform.ts';
import { anna, collectingLog, open, portrait, temporaryDir } from './support/station.ts';

const never = new AbortController().signal;
const SECRET = 'open-sesame-9';
let dir: ReturnType<typeof temporaryDir>;
let gate: FakePlatform;
let used: string[];
let station: Station;
let handlers: Handlers;
const logged = collectingLog();

/** A terminal that takes one password only, and tells which it was made with. */
function definition(): PlatformDefinition {
  const config = z.strictObject({ kind: z.literal('device'), baseUrl: z.url(), password: z.string().min(4) });
  return {
    ...gate.definition,
    config,
    create: (given, deps) => {
      const { password } = config.parse(given);
      used.push(password);
      const connector = gate.definition.create(given, deps);
      const refuse = () => {
        if (password !== SECRET) throw new FaultError({ kind: 'auth', code: '401', message: 'the password is wrong' });
      };
      return {
        ...connector,
        async enrol(job) {
          refuse();
          return connector.enrol(job);
        },
        async test(signal) {
          refuse();
          return connector.test(signal);
        },
      };
    },
  };
}
const start = async (password: unknown = { vault: true }) => {
  const source = { platforms: { gate: { kind: 'device', baseUrl: 'http://127.0.0.1:8090', password } } };
  const config = loadConfig(source, { configDir: dir.path, env: {}, definitions: () => definition() });
  station = await open(dir.path, {}, { config, log: logged.log });
  handlers = station.handlers({ version: '1', shell: 'loopback', lab: null });
};
const call = async (name: keyof typeof contract, input: unknown) => {
  const reply = await dispatch(handlers, name, input, toFault);
  return reply.ok ? contract[name].output.parse(reply.value) : reply.fault;
};

beforeEach(() => {
  dir = temporaryDir();
  gate = fakePlatform();
  used = [];
});
afterEach(async () => {
  await station.close();
  dir.remove();
});

describe('the vault', () => {
  it('is where a configuration may say its secrets are; what is missing there is said, and nothing is lost', async () => {
    await start();
    expect(await call('vault.status', undefined)).toEqual([
      { platform: 'gate', field: 'password', origin: 'vault', set: false, inVault: false, updatedAt: null },
    ]);
    expect(await call('vault.test', { platform: 'gate' })).toMatchObject({ ok: false, fault: { code: 'no-secret' } });
    await station.enrol({ photo: { bytes: await portrait() }, person: anna, to: ['gate'] });
    const [refused] = await station.outbox.run({ signal: never });
    expect(refused).toMatchObject({ state: 'refused', error: { kind: 'auth', code: 'no-secret' } });
    expect(used).toEqual([]);

    await call('vault.set', { platform: 'gate', field: 'password', value: SECRET });
    expect(await call('vault.test', { platform: 'gate' })).toEqual({ ok: true, fault: null });
    station.outbox.retry(refused?.id ?? '');
    expect(await station.outbox.run({ signal: never })).toMatchObject([{ state: 'delivered' }]);
  });

  it('changes a secret under a running station, and outlives it', async () => {
    await start();
    await call('vault.set', { platform: 'gate', field: 'password', value: 'wrong-one' });
    expect(await call('vault.test', { platform: 'gate' })).toMatchObject({ ok: false, fault: { code: '401' } });
    await call('vault.set', { platform: 'gate', field: 'password', value: SECRET });
    expect(await call('vault.test', { platform: 'gate' })).toMatchObject({ ok: true });
    await station.close();
    await start();
    expect(await call('vault.test', { platform: 'gate' })).toMatchObject({ ok: true });
    expect(used).toEqual(['wrong-one', SECRET, SECRET]);
    await call('vault.clear', { platform: 'gate', field: 'password' });
    expect(await call('vault.test', { platform: 'gate' })).toMatchObject({ fault: { code: 'no-secret' } });
  });

  it('says when what it holds is not in the form the platform takes, without saying it', async () => {
    await start();
    await call('vault.set', { platform: 'gate', field: 'password', value: 'x9x' });
    const answer = await call('vault.test', { platform: 'gate' });
    expect(answer).toMatchObject({ ok: false, fault: { code: 'bad-secret' } });
    expect(JSON.stringify(answer)).not.toContain('x9x');
  });

  it('takes secrets of configured platforms only', async () => {
    await start('written-here');
    expect(await call('vault.status', undefined)).toMatchObject([{ origin: 'config', set: true, inVault: false }]);
    expect(await call('vault.set', { platform: 'nowhere', field: 'password', value: 'x' })).toMatchObject({
      kind: 'validation',
      field: 'platform',
    });
    expect(await call('vault.set', { platform: 'gate', field: 'baseUrl', value: 'x' })).toMatchObject({
      kind: 'validation',
      field: 'field',
    });
  });

  it('never gives one away: not in an answer, a file, the log or the audit trail', async () => {
    await start();
    await call('vault.set', { platform: 'gate', field: 'password', value: SECRET });
    await call('vault.test', { platform: 'gate' });
    const told = JSON.stringify([await call('vault.status', undefined), [...station.audit.rows()]]);
    const files = readdirSync(dir.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const bytes = files.map((file) => readFileSync(join(file.parentPath, file.name)).toString('latin1')).join('');
    expect(told + bytes + logged.text()).not.toContain(SECRET);
    expect([...station.audit.rows()].map(({ action, detail }) => [action, detail])).toEqual([
      ['secret-set', { field: 'password' }],
    ]);
  });
});
