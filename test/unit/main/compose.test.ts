import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compose, configure } from '#main/compose';
import { createLog } from '#main/log';

const device = (port: number) => ({ kind: 'device', baseUrl: `http://127.0.0.1:${port}`, password: 'p' });
const lab = { config: { platforms: { device: device(4101) } } };
const log = createLog({ env: {}, level: 'silent' });

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vestibule-compose-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function configFile(content: object): Promise<string> {
  const file = join(folder, 'config.json');
  await writeFile(file, JSON.stringify(content));
  return file;
}
const ids = async (config: Parameters<typeof configure>) =>
  (await configure(...config)).platforms.map(({ id }) => id).sort();

describe('configure', () => {
  it('takes the file, the lab, or both side by side', async () => {
    const file = await configFile({ platforms: { door: device(9) }, quality: { preset: 'strict' } });
    expect(await ids([file, null, {}])).toEqual(['door']);
    expect(await ids([null, lab, {}])).toEqual(['device']);
    expect(await ids([file, lab, {}])).toEqual(['device', 'door']);
    expect((await configure(file, lab, {})).quality).toEqual({ preset: 'strict' });
    expect((await configure(null, null, {})).platforms).toEqual([]);
  });

  it('does not let the lab take a site’s platform’s place', async () => {
    const file = await configFile({ platforms: { device: device(9) } });
    await expect(configure(file, lab, {})).rejects.toThrow(/platforms\.device: the lab has this id/);
  });

  it('names what is wrong in the file', async () => {
    const file = await configFile({ platforms: { door: { ...device(9), password: { env: 'NOT_SET' } } } });
    await expect(configure(file, null, {})).rejects.toThrow('platforms.door.password');
    await expect(configure(join(folder, 'none.json'), null, {})).rejects.toThrow('there is no such file');
  });
});

describe('compose', () => {
  const open = (more: Partial<Parameters<typeof compose>[0]> = {}) =>
    compose({ dataDir: join(folder, 'data'), configFile: null, lab: false, env: {}, log, background: false, ...more });
  const platforms = async (opened: Awaited<ReturnType<typeof compose>>) =>
    (await opened.station.handlers({ version: '0', shell: 'loopback', lab: null })['platforms.list'](undefined)).map(
      ({ id }) => id,
    );

  it('opens with the lab, and ends it with the station', async () => {
    const opened = await open({ lab: true });
    expect(await platforms(opened)).toEqual(
      expect.arrayContaining(['hcp', 'device', 'senselink', 'megvii', 'hikconnect']),
    );
    const page = opened.lab?.url ?? '';
    expect((await fetch(page)).ok).toBe(true);
    await opened.close();
    await opened.close();
    await expect(fetch(page)).rejects.toThrow();
  });

  it('remembers the configuration a folder was used with last', async () => {
    const file = await configFile({ platforms: { door: device(9) } });
    await (await open({ configFile: file })).close();
    const again = await open();
    expect(await platforms(again)).toEqual(['door']);
    await again.close();
  });

  it('opens nothing when a part cannot be opened', async () => {
    const key = { load: () => Promise.reject(new Error('no key')) };
    await expect(open({ lab: true, key })).rejects.toThrow('no key');
    await expect(open({ configFile: join(folder, 'none.json') })).rejects.toThrow('there is no such file');
    expect(await readdir(folder)).not.toContain('photos');
  });
});
