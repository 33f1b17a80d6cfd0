import type { Readable } from 'node:stream';
import iconv from 'iconv-lite';
import {
  type Entry,
  fromRandomAccessReaderPromise,
  getFileNameLowLevel,
  openPromise,
  type RandomAccessReader,
  type ZipFile,
} from 'yauzl';
import { FaultError } from '#shared/fault';
import { legacyEncoding } from './encodings.ts';
import { createPhotoList, isPhotoName, safePath } from './photo-names.ts';
import { PHOTO_LIMIT, type PhotoRef, type PhotoSource, photoFault } from './photo-source.ts';

const ENTRIES_LIMIT = 500_000;
/** Photos are compressed already: what unpacks to far more than it takes is no photo but a bomb. */
const RATIO_LIMIT = 200;
/** General purpose bit 11 (APPNOTE.TXT §4.4.4): the name is UTF-8. */
const UTF8_FLAG = 0x800;
/** Upper half of "version made by" (§4.4.2) and the file type bits of a Unix mode: a link. */
const UNIX = 3;
const FILE_TYPE = 0o170000;
const LINK_TYPE = 0o120000;

function zipFault(message: string): FaultError {
  return new FaultError({ kind: 'validation', code: 'zip', field: 'photos', message });
}

/** The photos of a zip file, and where the bytes of those that may be meant lie in it. */
export interface ZipPhotos extends PhotoSource {
  extents(wanted: { photo: string | null; code: string }): Promise<{ from: number; size: number }[]>;
}

/**
 * The photos of a zip file. Nothing is unpacked to the disk: an entry is read into memory when its row comes, at most 50 MB of it. Names
 * without the UTF-8 mark are GBK in zips made by Chinese Windows and CP437 in others, which the names together tell.
 * @throws FaultError `validation` when it is no zip
 */
export async function photoZip(from: string | { reader: RandomAccessReader; size: number }): Promise<ZipPhotos> {
  const options = { autoClose: false, lazyEntries: true, decodeStrings: false, validateEntrySizes: true } as const;
  const zip = await (typeof from === 'string'
    ? openPromise(from, options)
    : fromRandomAccessReaderPromise(from.reader, from.size, options)
  ).catch((error: NodeJS.ErrnoException) => {
    throw zipFault(error.code === 'ENOENT' ? 'there is no such zip file' : 'the file of photos is no whole zip file');
  });
  try {
    return await listed(zip);
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function listed(zip: ZipFile): Promise<ZipPhotos> {
  if (zip.entryCount > ENTRIES_LIMIT) throw zipFault(`the zip holds more than ${ENTRIES_LIMIT} files: divide it`);
  const entries = await entriesOf(zip);
  const unmarked = entries.filter(
    ({ entry, raw }) => (entry.generalPurposeBitFlag & UTF8_FLAG) === 0 && raw.some((byte) => byte >= 0x80),
  );
  // Zips of other systems have UTF-8 without saying so.
  const legacy = legacyEncoding(Buffer.concat(unmarked.map(({ raw }) => Buffer.concat([raw, Buffer.from('\n')]))));
  const list = createPhotoList<PhotoRef & { entry: Entry }>();
  let refused = 0;
  for (const { entry, raw } of entries) {
    const name = nameOf(entry, raw, legacy === 'gb18030' || legacy === 'utf-8' || legacy === 'big5' ? legacy : 'cp437');
    if (name.endsWith('/') || name.startsWith('__MACOSX/')) continue;
    const path = safePath(name);
    if (path === null || !isPhotoName(path)) {
      refused += isPhotoName(name) ? 1 : 0;
      continue;
    }
    list.add(path, { entry, read: () => readEntry(zip, entry) });
  }
  return {
    kind: 'zip',
    files: list.size(),
    refused,
    find: list.find,
    extents: (wanted) =>
      Promise.all(
        list.matching(wanted).map(async ({ entry: { entry } }) => {
          const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
          return { from: fileDataStart, size: entry.compressedSize };
        }),
      ),
    close: async () => zip.close(),
  };
}

function nameOf(entry: Entry, raw: Buffer, legacy: string): string {
  const marked = (entry.generalPurposeBitFlag & UTF8_FLAG) !== 0 || entry.extraFields.some(({ id }) => id === 0x7075);
  const name = marked
    ? getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, true)
    : iconv.decode(raw, legacy);
  return name.replaceAll('\\', '/');
}

/** Every entry's own record, by the central directory alone. */
function entriesOf(zip: ZipFile): Promise<{ entry: Entry; raw: Buffer }[]> {
  return new Promise((resolve, reject) => {
    const found: { entry: Entry; raw: Buffer }[] = [];
    zip.on('entry', (entry: Entry) => {
      found.push({ entry, raw: Buffer.from(entry.fileNameRaw) });
      zip.readEntry();
    });
    zip.on('end', () => resolve(found));
    zip.on('error', () => reject(zipFault('the list of the zip’s files is damaged: make it again')));
    zip.readEntry();
  });
}

async function readEntry(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  if (entry.isEncrypted()) throw photoFault('encrypted', 'the zip has a password: make it without one');
  if (entry.versionMadeBy >>> 8 === UNIX && ((entry.externalFileAttributes >>> 16) & FILE_TYPE) === LINK_TYPE)
    throw photoFault('link', 'this is a link, and links are not followed: put the photo itself into the zip');
  if (entry.uncompressedSize > PHOTO_LIMIT) throw photoFault('too-large', 'the photo has more than 50 MB');
  if (entry.uncompressedSize > 1_000_000 && entry.uncompressedSize > RATIO_LIMIT * Math.max(1, entry.compressedSize))
    throw photoFault('too-large', 'the photo unpacks to far more than a photo does');
  const damaged = () => photoFault('unreadable', 'the photo in the zip is damaged: make the zip again');
  const stream = await openEntry(zip, entry).catch(() => {
    throw damaged();
  });
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > PHOTO_LIMIT) throw photoFault('too-large', 'the photo has more than 50 MB');
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof FaultError ? error : damaged();
  } finally {
    stream.destroy();
  }
  return Buffer.concat(chunks);
}

function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) =>
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream))),
  );
}
