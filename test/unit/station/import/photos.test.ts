import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFaceIndex } from '../../../../src/station/import/face-index.ts';
import { createPhotoList, safePath } from '../../../../src/station/import/photo-names.ts';
import { photoFolder } from '../../../../src/station/import/photo-source.ts';
import { photoZip } from '../../../../src/station/import/photo-zip.ts';
import { isDone, toSend } from '../../../../src/station/import/plan.ts';
import { zipOf } from '../support/zip.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vestibule-photos-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const written = (bytes: Buffer): string => {
  const path = join(dir, 'photos.zip');
  writeFileSync(path, bytes);
  return path;
};
const problemOf = (found: object): string => ('problem' in found ? String(found.problem) : 'found');

describe('names of photos', () => {
  it.each([
    '../a.jpg',
    '/etc/a.jpg',
    'C:\\a.jpg',
    '\\\\server\\a.jpg',
    'a/../../b.jpg',
    'con.jpg',
    'LPT1',
    'a.jpg:x',
    'x\u0000.jpg',
    'a./b.jpg',
    '',
  ])('lead nowhere: %j', (path) => expect(safePath(path)).toBeNull());
  it('are found without case, by path and by code', () => {
    const list = createPhotoList<number>();
    for (const [n, path] of ['A1.JPG', 'sub/b2.jpeg', 'c.png', 'c.jpg', 'd/e.jpg', 'f/e.jpg'].entries())
      list.add(path, n);
    expect(list.find({ photo: null, code: 'a1' })).toMatchObject({ entry: 0 });
    expect(list.find({ photo: null, code: 'B2' })).toMatchObject({ entry: 1 });
    expect(list.find({ photo: 'SUB\\B2.JPEG', code: 'x' })).toMatchObject({ entry: 1 });
    expect(list.find({ photo: 'b2', code: 'x' })).toMatchObject({ entry: 1 });
    expect(problemOf(list.find({ photo: null, code: 'c' }))).toBe('ambiguous');
    expect(problemOf(list.find({ photo: 'e.jpg', code: 'x' }))).toBe('ambiguous');
    expect(problemOf(list.find({ photo: '../a1.jpg', code: 'a1' }))).toBe('outside');
    expect(problemOf(list.find({ photo: null, code: '../a1' }))).toBe('missing');
  });
});

describe('a folder', () => {
  it('is never left', async () => {
    mkdirSync(join(dir, 'in'));
    writeFileSync(join(dir, 'secret.jpg'), 'secret');
    writeFileSync(join(dir, 'in', 'good.jpg'), 'good');
    symlinkSync(join(dir, 'secret.jpg'), join(dir, 'in', 'link.jpg'));
    symlinkSync(dir, join(dir, 'in', 'way'));
    const photos = await photoFolder(join(dir, 'in'));
    const read = (code: string) => {
      const found = photos.find({ photo: null, code });
      return 'entry' in found ? found.entry.read().then(String) : Promise.resolve(found.problem);
    };
    expect(await read('good')).toBe('good');
    await expect(read('link')).rejects.toMatchObject({ fault: { code: 'link' } });
    expect(await read('secret')).toBe('missing');
    // A file that turns into a link after it was listed.
    rmSync(join(dir, 'in', 'good.jpg'));
    symlinkSync(join(dir, 'secret.jpg'), join(dir, 'in', 'good.jpg'));
    await expect(read('good')).rejects.toMatchObject({ fault: { code: 'link' } });
    await expect(photoFolder(join(dir, 'nowhere'))).rejects.toMatchObject({ fault: { field: 'photos' } });
  });
});

describe('a zip', () => {
  const photo = Buffer.from('photo');
  it('of Chinese Windows has its names in GBK, one of others in UTF-8', async () => {
    const zip = await photoZip(
      written(
        zipOf([
          { name: iconv.encode('照片\\张伟.jpg', 'gbk'), data: photo },
          { name: Buffer.from('A1.jpg'), data: photo },
        ]),
      ),
    );
    const found = zip.find({ photo: '张伟.jpg', code: 'x' });
    expect('entry' in found && String(await found.entry.read())).toBe('photo');
    await zip.close();
    const marked = await photoZip(written(zipOf([{ name: Buffer.from('李.jpg'), data: photo, flags: 0x800 }])));
    expect(marked.find({ photo: '李.jpg', code: 'x' })).toHaveProperty('entry');
    await marked.close();
  });

  it('that slips, links, lies or bombs is not followed', async () => {
    const bomb = Buffer.alloc(20_000_000);
    const zip = await photoZip(
      written(
        zipOf([
          { name: Buffer.from('../../slip.jpg'), data: photo },
          { name: Buffer.from('link.jpg'), data: Buffer.from('/etc/passwd'), mode: 0o120777 },
          { name: Buffer.from('bomb.jpg'), data: bomb },
          { name: Buffer.from('lie.jpg'), data: bomb, claims: 10 },
          { name: Buffer.from('good.jpg'), data: photo },
        ]),
      ),
    );
    const codeOf = async (code: string) => {
      const found = zip.find({ photo: null, code });
      if ('problem' in found) return found.problem;
      return found.entry.read().then(String, (error: { fault: { code: string } }) => error.fault.code);
    };
    expect(zip.refused).toBe(1);
    expect(await Promise.all(['slip', 'link', 'bomb', 'lie', 'good'].map(codeOf))).toEqual([
      'missing',
      'link',
      'too-large',
      'unreadable',
      'photo',
    ]);
    await zip.close();
    await expect(photoZip(written(Buffer.from('no zip')))).rejects.toMatchObject({ fault: { code: 'zip' } });
  });
});

describe('what is sent', () => {
  const known = (
    platform: string,
    state: 'delivered' | 'refused' | 'abandoned' | 'queued',
    code: string | null = null,
  ) => ({
    enrolment: 'e',
    platform,
    state,
    code,
  });
  it('is what was never sent, what was cancelled and, when asked for, what was refused', () => {
    const all = [
      known('a', 'delivered'),
      known('b', 'refused'),
      known('c', 'abandoned', 'import-cancelled'),
      known('d', 'abandoned'),
      known('f', 'queued'),
    ];
    expect(toSend(['a', 'b', 'c', 'd', 'e', 'f'], all, false)).toEqual(['c', 'e']);
    expect(toSend(['a', 'b', 'c', 'd', 'e', 'f'], all, true)).toEqual(['b', 'c', 'e']);
    expect(toSend(['b'], [known('b', 'queued'), known('b', 'refused')], true)).toEqual([]);
  });
  it('is not what a report calls done', () => {
    const cells: Record<string, string> = { verdict: 'accepted', 'a:state': 'verified', 'b:state': 'refused' };
    const cell = (header: string) => cells[header] ?? '';
    expect([isDone(cell, ['a']), isDone(cell, ['a', 'b']), isDone(cell, ['c'])]).toEqual([true, false, false]);
  });
});

describe('faces in numbers', () => {
  const face = (seed: number, shift = 0) =>
    Float32Array.from({ length: 128 }, (_, n) => Math.sin(seed * (n + 1)) / 4 + shift);
  it('finds the nearest under another code, among more than fit at first', () => {
    const faces = createFaceIndex();
    for (let n = 1; n <= 600; n += 1) faces.add(face(n), n, `code ${n}`);
    expect(faces.nearest(face(300, 0.01), 'other')).toMatchObject({ owner: 300 });
    expect(faces.nearest(face(300, 0.01), 'code 300')).toBeNull();
    expect(faces.nearest(face(5_000.5), 'other')).toBeNull();
    expect(faces.size()).toBe(600);
  });
});
