import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { PictureError } from './picture-error.ts';

/** A picture to read: a file, or the bytes of one. */
export type PictureSource = { path: string } | { bytes: Uint8Array };

const MAX_BYTES = 50 * 1024 * 1024;

/** A pipe that was put in place of the file meanwhile must not make us wait for its writer. Windows has neither. */
const READ_WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a picture's bytes, refusing what is missing, empty, no file or too large before it is in memory.
 *
 * @throws {PictureError} not-found, folder, empty, too-large, unreadable
 */
export async function readPicture(source: PictureSource): Promise<Uint8Array> {
  if ('bytes' in source) {
    refuseSize(source.bytes.byteLength);
    return source.bytes;
  }
  const { path } = source;
  let file: FileHandle | undefined;
  try {
    // Asked before it is opened: opening a pipe or a device can wait, or do something.
    refuseKind(await stat(path));
    file = await open(path, READ_WITHOUT_WAITING);
    const entry = await file.stat();
    refuseKind(entry);
    refuseSize(entry.size);
    return await readWhole(file, entry.size);
  } catch (cause) {
    if (cause instanceof PictureError) throw cause;
    throw fileFault(cause, path);
  } finally {
    await file?.close();
  }
}

/** As many bytes as the file had when it was opened: one that grows meanwhile takes no more memory. */
async function readWhole(file: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await file.read(bytes, filled, size - filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** Why a file cannot be read, in words that say what to do. */
function fileFault(cause: unknown, path: string): PictureError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ERR_INVALID_ARG_VALUE') {
    const message = path.includes('\uFFFD')
      ? 'There is no such file. Its name seems to hold bytes that are not UTF-8: rename it.'
      : 'There is no such file. Check its name and folder.';
    return new PictureError('not-found', message, { cause });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new PictureError('unreadable', 'The file may not be opened. Give yourself permission to read it.', {
      cause,
    });
  }
  if (code === 'ENAMETOOLONG') return new PictureError('not-found', 'The name is too long for a file.', { cause });
  return new PictureError('unreadable', `The file cannot be read (${code}). Copy it to this computer and try again.`, {
    cause,
  });
}

function refuseKind(entry: { isDirectory(): boolean; isFile(): boolean }): void {
  if (entry.isDirectory()) throw new PictureError('folder', 'This is a folder: name the pictures in it.');
  if (!entry.isFile())
    throw new PictureError('unreadable', 'This is a pipe or a device, not a file. Give a picture file.');
}

/** @throws {PictureError} empty, too-large */
export function refuseSize(size: number): void {
  if (size === 0) throw new PictureError('empty', 'The file is empty. Copy or take the picture again.');
  if (size > MAX_BYTES) {
    throw new PictureError(
      'too-large',
      `The file has ${Math.round(size / 1048576)} MB; up to 50 are taken. Make it smaller.`,
    );
  }
}
