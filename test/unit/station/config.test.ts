import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { definitions } from '#platforms/index';
import { ConfigError, keyFile, loadConfig, readConfigFile, readStoredConfig } from '#station/index';
import { duplicateKeys } from '../../../src/station/json-keys.ts';
import { open, temporaryDir } from './support/station.ts';

const device = { kind: 'device', baseUrl: 'http://127.0.0.1:8090', password: '123456' };
const load = (json: unknown, env: NodeJS.ProcessEnv = {}) =>
  loadConfig(json, { configDir: '/nowhere', env, definitions });
function problems(run: () => unknown): Record<string, string> {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return Object.fromEntries((error as ConfigError).problems.map(({ path, message }) => [path, message]));
  }
  throw new Error('no ConfigError was thrown');
}

describe('a configuration', () => {
  it('resolves secrets from the environment and keeps the references as written', () => {
    const json = {
      platforms: { gate: { ...device, password: { env: 'GATE_PASSWORD' } } },
      quality: { preset: 'strict' },
    };
    const config = load(json, { GATE_PASSWORD: 'hush' });
    expect(config.platforms).toMatchObject([{ id: 'gate', kind: 'device', config: { password: 'hush' } }]);
    expect(config.quality).toEqual({ preset: 'strict' });
    expect(JSON.stringify(config.source)).not.toContain('hush');
  });

  it('takes any number of platforms, also none', () => {
    expect(load({}).platforms).toEqual([]);
    const many = Object.fromEntries(
      Array.from({ length: 12 }, (_, n) => [`gate-${n}`, { ...device, baseUrl: `http://127.0.0.1:${9000 + n}` }]),
    );
    expect(load({ platforms: many }).platforms).toHaveLength(12);
  });

  it('tells every problem at once, each with its path, and no value', () => {
    const found = problems(() =>
      load({
        platforms: {
          a: { ...device, password: { env: 'NOT_SET' } },
          b: { ...device, baseUrl: 'http://192.0.2.1', colour: 'SECRETVALUE' },
          c: { kind: 'device', baseUrl: 'https://192.0.2.2' },
          d: { kind: 'turnstile', baseUrl: 'https://192.0.2.3' },
          e: { ...device, baseUrl: 'gopher://SECRETVALUE' },
          f: { ...device, baseUrl: 'http://127.0.0.1:8091', password: { file: 'SECRETVALUE' } },
        },
      }),
    );
    expect(Object.keys(found).sort()).toEqual([
      'platforms.a.password',
      'platforms.b.colour',
      'platforms.c.password',
      'platforms.d.kind',
      'platforms.e.baseUrl',
      'platforms.f.password',
    ]);
    expect(found['platforms.a.password']).toContain('NOT_SET');
    expect(found['platforms.c.password']).toBe('is missing');
    expect(found['platforms.d.kind']).toContain('senselink');
    expect(JSON.stringify(found)).not.toContain('SECRETVALUE');
  });

  it.each(['hcp', 'device', 'senselink', 'megvii', 'hikconnect'])('tells an address that is none, for %s', (kind) => {
    const told = problems(() => load({ platforms: { hq: { kind, baseUrl: 'hello world' } } }));
    expect(told['platforms.hq.baseUrl']).toBe('an http or https address');
  });

  it('takes plain HTTP to this machine, and elsewhere only with leave', () => {
    const plain = { ...device, baseUrl: 'http://192.0.2.1' };
    expect(problems(() => load({ platforms: { a: plain } }))['platforms.a.baseUrl']).toContain('allowHttp');
    expect(load({ platforms: { a: { ...plain, allowHttp: true } } }).platforms).toHaveLength(1);
  });

  it('refuses the same platform twice, an id that cannot be one, and what is no configuration', () => {
    expect(
      problems(() => load({ platforms: { a: device, b: { ...device, baseUrl: 'http://127.0.0.1:8090/' } } })),
    ).toEqual({ 'platforms.b.baseUrl': 'duplicate: the same platform as platforms.a' });
    expect(Object.keys(problems(() => load({ platforms: { 'a b': device } })))).toEqual(['platforms.a b']);
    expect(problems(() => load({ platform: {} }))).toEqual({ platform: 'there is no such field' });
    expect(Object.keys(problems(() => load([])))).toEqual(['']);
    expect(Object.keys(problems(() => load({ quality: { yaw: { most: 3 } } })))).toEqual(['quality.yaw.most']);
  });

  it('names a certificate file that is not there', () => {
    const json = { platforms: { a: { ...device, baseUrl: 'https://192.0.2.1', tls: { ca: 'site.pem' } } } };
    expect(Object.keys(problems(() => load(json)))).toEqual(['platforms.a.tls.ca']);
  });
});

describe('a configuration file', () => {
  let dir: ReturnType<typeof temporaryDir>;
  beforeEach(() => {
    dir = temporaryDir();
  });
  afterEach(() => dir.remove());
  const read = (text: string) => {
    const path = join(dir.path, 'site.json');
    writeFileSync(path, text);
    return readConfigFile(path, {}, definitions);
  };
  const refused = async (text: string): Promise<ConfigError> => {
    const error = await read(text).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    return error as ConfigError;
  };

  it('resolves relative names against its own folder, and may begin with a byte order mark', async () => {
    writeFileSync(join(dir.path, 'site.pem'), 'x');
    const entry = { ...device, baseUrl: 'https://192.0.2.1', tls: { ca: 'site.pem' } };
    const config = await read(`\uFEFF${JSON.stringify({ platforms: { a: entry } })}`);
    expect(config.configDir).toBe(dir.path);
  });
  it('is refused with its name and the place, without quoting what is in it', async () => {
    const broken = await refused('{"platforms": {"a": {"password": "SECRETVALUE" "x"}}}');
    expect(broken.message).toContain('site.json');
    expect(broken.message).toContain('not JSON');
    expect(broken.message).not.toContain('SECRET');
    expect((await refused('{"platforms": {"a": {"kind": "x"}}}')).message).toContain('site.json');
  });
  it('is refused when it says a key twice, for one of them would be lost', async () => {
    const twice = await refused(`{"platforms":{"a":${JSON.stringify(device)},"a":${JSON.stringify(device)}}}`);
    expect(twice.problems).toEqual([{ path: 'platforms.a', message: 'is there twice' }]);
  });
  it('that is missing or unreadable is said to be', async () => {
    await expect(readConfigFile(join(dir.path, 'none.json'), {}, definitions)).rejects.toThrow('no such file');
    await expect(readConfigFile(dir.path, {}, definitions)).rejects.toThrow(ConfigError);
  });

  it('is kept sealed beside the journal, its references unresolved, for runs without it', async () => {
    const env = { GATE_PASSWORD: 'open-sesame' };
    const path = join(dir.path, 'site.json');
    writeFileSync(path, JSON.stringify({ platforms: { gate: { ...device, password: { env: 'GATE_PASSWORD' } } } }));
    chmodSync(path, 0o600);
    const data = join(dir.path, 'data');
    const key = keyFile(data, {});
    expect(await readStoredConfig(data, key, env)).toBeNull();
    const first = await open(data, {}, { config: await readConfigFile(path, env, definitions) });
    await first.close();
    const second = await open(data, {});
    await second.close();
    const stored = await readStoredConfig(data, key, env);
    expect(stored?.platforms).toMatchObject([{ id: 'gate', config: { password: 'open-sesame' } }]);
    expect(JSON.stringify(stored?.source)).not.toContain('open-sesame');
    await expect(readStoredConfig(data, key, {})).rejects.toThrow('GATE_PASSWORD');
  });
});

describe('keys said twice', () => {
  it.each([
    ['{"a":1,"b":{"a":2}}', []],
    ['{"a":1,"b":2,"a":3}', ['a']],
    ['{"x":[{"k":1},{"k":1,"\\u006b":2}]}', ['x.1.k']],
    ['{"a":"b\\":{\\"a","a":[1,"a","a"]}', ['a']],
    ['[]', []],
  ])('%s', (json, expected) => {
    JSON.parse(json);
    expect(duplicateKeys(json)).toEqual(expected);
  });
});
