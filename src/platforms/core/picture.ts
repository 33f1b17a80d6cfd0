import { z } from 'zod';
import { parseAnswer } from './answer.ts';
import type { Http } from './http.ts';

/** A picture larger than that is not read; platforms keep a few hundred kilobytes. */
const PICTURE_BYTES = 4 * 1024 * 1024;

/** First bytes of what platforms hand out as pictures, in Latin-1: JPEG, PNG, GIF, BMP. */
const MAGIC = ['\xff\xd8\xff', '\x89PNG\r\n', 'GIF8', 'BM'];

/** Whether the bytes begin like a picture. Whether they are one, the decoder says. */
export function beginsLikePicture(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
  return MAGIC.some((magic) => start.startsWith(magic));
}

/** A picture in Base64, bare or as a data URI; null where it is none. */
export function picturePrinted(text: string | null | undefined): Uint8Array | null {
  if (!text) return null;
  const bytes = new Uint8Array(Buffer.from(text.replace(/^data:[^,]*,/, ''), 'base64'));
  return beginsLikePicture(bytes) ? bytes : null;
}

/** Where a picture lies. */
export interface PictureAddress {
  baseUrl: string;
  path: string;
}

/**
 * Where a picture can be fetched that a platform names by a URL or a path; null for anything else.
 *
 * On the platform's own host it is fetched at least as safely as the platform itself is reached: a box configured by https that prints `http://` is
 * asked at its configured address. Another host is asked only where the room says that its pictures lie elsewhere (cloud storage), by https, without
 * any credentials.
 */
export function pictureAddress(
  named: string | null | undefined,
  config: { baseUrl: string },
  elsewhere = false,
): PictureAddress | null {
  if (!named || !(named.startsWith('/') || /^https?:\/\//i.test(named))) return null;
  const configured = new URL(config.baseUrl);
  if (!URL.canParse(named, configured.origin)) return null;
  const url = new URL(named, configured.origin);
  if (url.username !== '' || url.password !== '') return null;
  const path = url.pathname + url.search;
  if (url.hostname === configured.hostname) {
    const safe = url.protocol === 'https:' || url.protocol === configured.protocol;
    return { baseUrl: safe ? url.origin : configured.origin, path };
  }
  return elsewhere && url.protocol === 'https:' ? { baseUrl: url.origin, path } : null;
}

/** Fetches a picture; null where none is there. Throws FaultError when the host cannot be reached or has a problem of its own. */
export async function fetchPicture(
  http: Pick<Http, 'request'>,
  { baseUrl, path }: PictureAddress,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const answer = await http.request({ method: 'GET', path, baseUrl, signal, maxAnswerBytes: PICTURE_BYTES });
  if (answer.status === 429 || answer.status >= 500) parseAnswer(answer, z.never());
  return answer.status === 200 && beginsLikePicture(answer.bytes) ? answer.bytes : null;
}
