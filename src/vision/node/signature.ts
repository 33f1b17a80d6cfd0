import { PictureError, type PictureErrorCode } from './picture-error.ts';

/** What to use instead of a file that is no photo. */
export const USE = 'Use a JPEG or PNG photo.';

/** The kinds of pictures that are handed to a decoder. */
export type PictureKind = 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'avif';

/** What stands at the beginning of a file, one character a byte; `also` stands at an offset of its own. */
interface Signature {
  starts: string;
  also?: { at: number; stands: string };
}

const PICTURES: readonly (Signature & { kind: PictureKind })[] = [
  { starts: '\u00ff\u00d8\u00ff', kind: 'jpeg' },
  { starts: '\u0089PNG\r\n\u001a\n', kind: 'png' },
  { starts: 'RIFF', also: { at: 8, stands: 'WEBP' }, kind: 'webp' },
  { starts: 'GIF87a', kind: 'gif' },
  { starts: 'GIF89a', kind: 'gif' },
  { starts: 'II*\0', kind: 'tiff' },
  { starts: 'MM\0*', kind: 'tiff' },
  { starts: 'II+\0', kind: 'tiff' },
  { starts: 'MM\0+', kind: 'tiff' },
];

export const HEIC =
  'HEIC pictures cannot be read here. Convert it to JPEG; on an iPhone, choose Settings, Camera, Formats, Most Compatible and take it again.';

/** What else people hand over as a photo, for a message that says what it is. */
const FOREIGN: readonly (Signature & { code: PictureErrorCode; message: string })[] = [
  ...['\0\0\0\u000cjP  ', '\u00ff\u004f\u00ff\u0051'].map((starts) => cannotRead(starts, 'JPEG 2000 pictures')),
  ...['\0\0\0\u000cJXL ', '\u00ff\n'].map((starts) => cannotRead(starts, 'JPEG XL pictures')),
  cannotRead('BM', 'BMP pictures', { at: 6, stands: '\0\0\0\0' }),
  cannotRead('8BPS', 'Photoshop documents'),
  ...['FUJIFILMCCD-RAW', 'IIU\0', 'IIRO'].map((starts) => cannotRead(starts, 'Raw pictures of a camera')),
  isNot('%PDF', 'a PDF document'),
  isNot('PK\u0003\u0004', 'a ZIP or Office file'),
  isNot('\u00d0\u00cf\u0011\u00e0', 'an Office document'),
  isNot('MZ', 'a program'),
  isNot('\u007fELF', 'a program'),
  isNot('\u001aE\u00df\u00a3', 'a video'),
  isNot('RIFF', 'a video', { at: 8, stands: 'AVI ' }),
];

const HEIC_BRANDS = /^(hei[cxms]|hev[cxms])$/;
const AVIF_BRANDS = /^avi[fs]$/;
/** Brands of any picture in this container: only the item inside tells its coding. */
const HEIF_BRANDS = /^(mif[12]|msf1|miaf)$/;

const LOOKED_AT = 2_048;

/**
 * What kind of picture a file is, by how it begins; its name says nothing. Only the kinds named here ever reach a decoder: drawings,
 * documents and rare formats, whose decoders are where holes are found, are refused by their first bytes.
 *
 * @throws {PictureError} not-an-image, heic, unsupported; its message says what the file is and what to do
 */
export function pictureKind(bytes: Uint8Array): PictureKind {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, LOOKED_AT)).toString('latin1');
  const begins = ({ starts, also }: Signature) =>
    start.startsWith(starts) && (also === undefined || start.startsWith(also.stands, also.at));
  const picture = PICTURES.find(begins);
  if (picture) return picture.kind;
  if (start.startsWith('ftyp', 4)) return boxedKind(start);
  const foreign = FOREIGN.find(begins) ?? markup(start);
  if (foreign) throw new PictureError(foreign.code, foreign.message);
  throw new PictureError('not-an-image', `The file is not a picture this program knows. ${USE}`);
}

/** A drawing or a web page, after what may stand before its first element. A drawing can hold scripts and references: it is never opened. */
function markup(start: string): { code: PictureErrorCode; message: string } | null {
  const text = start
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
    .toLowerCase();
  if (!text.startsWith('<')) return null;
  if (/^<(!doctype )?html/.test(text)) return isNot('<html', 'a web page');
  if (/<(\w+:)?svg[\s>]/.test(text)) return { code: 'unsupported', message: `An SVG drawing is not a photo. ${USE}` };
  return null;
}

/** ISO base media files (ISO/IEC 14496-12 §4.3): the major brand and those it is compatible with tell pictures from videos. */
function boxedKind(start: string): PictureKind {
  const end = Math.min(Buffer.from(start, 'latin1').readUInt32BE(0), start.length);
  const brands = [start.slice(8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(start.slice(at, at + 4));
  if (brands.some((brand) => AVIF_BRANDS.test(brand))) return 'avif';
  if (brands.some((brand) => HEIC_BRANDS.test(brand) || HEIF_BRANDS.test(brand))) throw new PictureError('heic', HEIC);
  const other = brands[0] === 'crx ' ? cannotRead('', 'Raw pictures of a camera') : isNot('', 'a video');
  throw new PictureError(other.code, other.message);
}

function cannotRead(starts: string, what: string, also?: Signature['also']): (typeof FOREIGN)[number] {
  const message = `${what} cannot be read here. Open it in a photo program and save it as JPEG.`;
  return { starts, ...(also && { also }), code: 'unsupported', message };
}

function isNot(starts: string, what: string, also?: Signature['also']): (typeof FOREIGN)[number] {
  const message = `The file is ${what}, whatever its name says. ${USE}`;
  return { starts, ...(also && { also }), code: 'not-an-image', message };
}
