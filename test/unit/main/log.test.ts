import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '#main/log';

function lines(env: NodeJS.ProcessEnv, level = 'info') {
  const written: string[] = [];
  const log = createLog({ env, level, to: { write: (line: string) => void written.push(line) } });
  return { log, written };
}

describe('createLog', () => {
  it('keeps out what an error quotes and what a record should not have held', () => {
    const { log, written } = lines({});
    log.error({ err: new TypeError('cannot send Anna Lim') }, 'failed');
    log.info(
      { id: 'd1', person: { name: 'Anna Lim' }, config: { appSecret: 's3cr3t' }, phone: '+65 8123 4567' },
      'done',
    );
    const text = written.join('');
    expect(text).not.toMatch(/Anna|s3cr3t|8123 4567/);
    expect(JSON.parse(written[0] ?? '')).toMatchObject({ msg: 'failed', err: { error: 'TypeError' } });
    expect(JSON.parse(written[1] ?? '')).toMatchObject({ msg: 'done', id: 'd1', person: '[withheld]' });
  });

  it('takes its level from the environment, and says when that is none', () => {
    const quiet = lines({ VESTIBULE_LOG: 'SILENT' });
    quiet.log.fatal('nothing');
    expect(quiet.written).toEqual([]);
    const loud = lines({ VESTIBULE_LOG: 'debug' }, 'error');
    loud.log.debug('something');
    expect(loud.written).toHaveLength(1);
    const wrong = lines({ VESTIBULE_LOG: 'constructor' });
    wrong.log.debug('nothing');
    expect(wrong.written.join('')).toContain('VESTIBULE_LOG is no level');
    expect(wrong.written).toHaveLength(1);
  });

  describe('into a file', () => {
    let folder = '';
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'vestibule-log-'));
    });
    afterEach(() => rm(folder, { recursive: true }));

    it('makes the folder, for its owner alone to read', async () => {
      const file = join(folder, 'logs', 'station.log');
      createLog({ env: {}, level: 'info', to: file }).info('begun');
      expect(await readFile(file, 'utf8')).toContain('begun');
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    });

    it('sets a large file aside when it starts', async () => {
      const file = join(folder, 'station.log');
      await writeFile(file, Buffer.alloc(6 * 1024 * 1024));
      createLog({ env: {}, level: 'info', to: file }).info('begun');
      expect((await readdir(folder)).sort()).toEqual(['station.log', 'station.log.old']);
      expect((await stat(file)).size).toBeLessThan(1000);
    });
  });
});
