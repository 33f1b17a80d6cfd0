import type { Pass } from '../contract.ts';
import { isoWithOffset } from '../core/times.ts';
import type { HikConnectClient } from './client.ts';
import type { Directory } from './lookup.ts';

/** The first bytes of PNG, JPEG and GIF, in Latin-1. */
const PICTURES = ['\x89PNG\r\n', '\xff\xd8\xff', 'GIF8'];

/**
 * A pass from "data encoded by Base64" (5.6.4, 5.8.17). The document does not say whether a picture or the code's text is encoded: what begins like a
 * picture is one, anything else is the text, as it came, since that is what a reader at the door is to see.
 */
export function passOf(
  data: string | null,
  valid: { from: number | null; to: number | null },
  pin: string | null = null,
): Pass {
  const bytes = data === null ? null : Buffer.from(data.replace(/^data:[^,]*,/, ''), 'base64');
  const start = bytes?.toString('latin1', 0, 8) ?? '';
  const picture = PICTURES.some((magic) => start.startsWith(magic));
  return {
    text: picture ? null : data,
    image: picture && bytes ? new Uint8Array(bytes) : null,
    pin,
    validFrom: valid.from === null ? null : isoWithOffset(valid.from),
    validTo: valid.to === null ? null : isoWithOffset(valid.to),
  };
}

/**
 * The code of somebody who is enrolled (5.8.17). Where the site uses dynamic codes it lives 60 seconds, or until the next is asked for; the times told
 * are those of the person's access.
 */
export async function personPass(
  room: { client: HikConnectClient; directory: Directory; now(): number },
  code: string,
  signal: AbortSignal,
): Promise<Pass | null> {
  const person = await room.directory.find(code, signal);
  if (person === null) return null;
  const data = await room.client.qrCode(person.personId, isoWithOffset(room.now()), signal);
  return passOf(data, { from: person.startDate ?? null, to: person.endDate ?? null });
}
