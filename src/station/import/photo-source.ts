import { constants } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { FaultError } from '#shared/fault';
import { createPhotoList, type FoundPhoto, isPhotoName, type PhotoList, photoKey } from './photo-names.ts';

/** Where the photos of an import come from: a folder, a zip, or what a screen has handed over. */
export interface PhotoSource {
  kind: 'folder' | 'zip' | 'uploads';
  /** Photos that can be read, and files that are never read because of what they are (links, encrypted, too large). */
  files: number;
  refused: number;
  find(wanted: { photo: string | null; code: string }): FoundPhoto<PhotoRef>;
  close(): Promise<void>;
}

export interface PhotoRef {
  /** Rejects with FaultError `quality`, field `photo`. */
  read(): Promise<Uint8Array>;
}

/** The largest photo that is read; the check refuses larger ones. */
export const PHOTO_LIMIT = 50 * 1024 * 1024;
/** A folder with more than this is not one of photos. */
const FILES_LIMIT = 500_000;
const DEPTH_LIMIT = 8;

export function photoFault(code: string, message: string): FaultError {
  return new FaultError({ kind: 'quality', code, field: 'photo', message });
}

function folderFault(code: string, message: string): FaultError {
  return new FaultError({ kind: 'validation', code, field: 'photos', message });
}

/** What stands in place of a photo that is listed but never read. */
function neverRead(message: string): PhotoRef {
  return { read: () => Promise.reject(photoFault('link', message)) };
}

const LINK = 'this is a link, and links are not followed: put the photo itself into the folder';

/**
 * The photos of a folder and its subfolders. Links are listed, so that they can be told about, and never followed; each file is opened
 * without following links and must lie, in fact, inside the folder.
 * @throws FaultError `validation` when the folder cannot be read
 */
export async function photoFolder(path: string): Promise<PhotoSource> {
  const root = await realpath(path).catch((error: NodeJS.ErrnoException) => {
    throw folderFault(
      'photos',
      error.code === 'ENOENT' ? 'there is no such folder of photos' : 'the folder of photos cannot be read',
    );
  });
  if (!(await lstat(root)).isDirectory()) throw folderFault('photos', 'the photos are to be in a folder or a zip file');
  const list = createPhotoList<PhotoRef>();
  let refused = 0;
  const walk = async (inside: string, depth: number): Promise<void> => {
    const entries = await readdir(join(root, inside), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const name = inside === '' ? entry.name : `${inside}/${entry.name}`;
      if (entry.isSymbolicLink()) {
        refused += 1;
        if (isPhotoName(entry.name)) list.add(name, neverRead(LINK));
      } else if (entry.isDirectory()) {
        if (depth < DEPTH_LIMIT) await walk(name, depth + 1);
      } else if (entry.isFile() && isPhotoName(entry.name)) {
        if (list.size() >= FILES_LIMIT)
          throw folderFault('photos', `the folder holds more than ${FILES_LIMIT} photos: divide it`);
        list.add(name, { read: () => readInside(root, name) });
      }
    }
  };
  await walk('', 0);
  return { kind: 'folder', files: list.size(), refused, find: list.find, close: async () => undefined };
}

/** Reads a file of a folder: opened without following a link, and refused when it lies, in fact, outside. */
async function readInside(root: string, name: string): Promise<Uint8Array> {
  const path = join(root, ...name.split('/'));
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ELOOP') throw photoFault('link', LINK);
      if (error.code === 'ENOENT')
        throw photoFault('not-found', 'the photo was taken away while the import was at work');
      throw photoFault('unreadable', 'the photo cannot be opened: check its permissions');
    },
  );
  try {
    const real = await realpath(path);
    const inside = root.endsWith(sep) ? root : root + sep;
    if (!real.startsWith(inside)) throw photoFault('link', LINK);
    const [opened, there] = [await file.stat(), await lstat(real)];
    if (opened.ino !== there.ino || opened.dev !== there.dev || !opened.isFile()) throw photoFault('link', LINK);
    if (opened.size > PHOTO_LIMIT) throw photoFault('too-large', 'the photo has more than 50 MB');
    return await file.readFile();
  } catch (error) {
    if (error instanceof FaultError) throw error;
    throw photoFault('unreadable', 'the photo cannot be read: copy it to this computer and try again');
  } finally {
    await file.close();
  }
}

/** Photos a screen hands over one by one, under their names. */
export function photoUploads(): PhotoSource & Pick<PhotoList<PhotoRef>, 'add' | 'matching' | 'remove'> {
  const list = createPhotoList<PhotoRef>();
  const known = new Map<string, PhotoRef>();
  return {
    kind: 'uploads',
    get files() {
      return list.size();
    },
    refused: 0,
    find: list.find,
    matching: list.matching,
    remove(path) {
      list.remove(path);
      known.delete(photoKey(path));
    },
    add(path, ref) {
      const key = photoKey(path);
      // A photo sent twice (a part that was lost on the way) is one photo.
      if (!known.has(key)) list.add(path, { read: () => (known.get(key) ?? ref).read() });
      known.set(key, ref);
    },
    close: async () => undefined,
  };
}
