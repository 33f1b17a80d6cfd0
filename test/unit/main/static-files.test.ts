import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWebFile, webFile } from '#main/static-files';

const roots = { renderer: join('/srv', 'renderer'), engine: join('/srv', 'engine') };

describe('webFile', () => {
  it('names files of the two roots with their types', () => {
    expect(webFile(roots, '/')).toMatchObject({
      path: join('/srv', 'renderer', 'index.html'),
      type: 'text/html; charset=utf-8',
    });
    expect(webFile(roots, '/assets/a%20b.js')).toMatchObject({ path: join('/srv', 'renderer', 'assets', 'a b.js') });
    expect(webFile(roots, '/engine/tfjs.wasm')).toMatchObject({
      path: join('/srv', 'engine', 'tfjs.wasm'),
      type: 'application/wasm',
    });
  });

  it.each([
    '/../secret.json',
    '/..%2fsecret.json',
    '/%2e%2e/secret.json',
    '/%2e%2e%2fsecret.json',
    '/assets/../../secret.json',
    '/engine/../renderer/index.html',
    '/..%5csecret.json',
    '/assets\\..\\..\\secret.json',
    '/c:/secret.json',
    '/index.html%00.js',
    '/%',
    '/%c0%ae%c0%ae/secret.json',
    'index.html',
    '',
    '/assets',
    '/index.html.map',
    '/.env',
  ])('serves nothing for %j', (path) => {
    expect(webFile(roots, path)).toBeNull();
  });

  it('decodes once: what is still encoded is a name', () => {
    expect(webFile(roots, '/%252e%252e%252fsecret.json')?.path).toBe(join('/srv', 'renderer', '%2e%2e%2fsecret.json'));
  });
});

describe('readWebFile', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vestibule-static-'));
    await mkdir(join(folder, 'folder.js'));
    await writeFile(join(folder, 'a.js'), 'one');
  });
  afterAll(() => rm(folder, { recursive: true }));
  const file = (name: string) => ({ path: join(folder, name), type: '', cache: '' });

  it('reads a file, with a tag that changes with it', async () => {
    const before = await readWebFile(file('a.js'));
    expect(before?.bytes.toString()).toBe('one');
    await writeFile(join(folder, 'a.js'), 'three');
    expect((await readWebFile(file('a.js')))?.etag).not.toBe(before?.etag);
  });

  it('is null for what is not there or is a folder', async () => {
    expect(await readWebFile(file('b.js'))).toBeNull();
    expect(await readWebFile(file('a.js/c.js'))).toBeNull();
    expect(await readWebFile(file('folder.js'))).toBeNull();
    expect(await readWebFile(file(`${'n'.repeat(400)}.js`))).toBeNull();
  });
});
