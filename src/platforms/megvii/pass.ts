import { FaultError } from '#shared/fault';
import type { Pass } from '../contract.ts';
import { isoWithOffset } from '../core/times.ts';
import type { MegviiClient } from './client.ts';
import { findByCode } from './lookup.ts';

/** The first bytes of PNG, JPEG and GIF, in Latin-1. The document's own sample is a GIF in a `data:image/png` URI. */
const PICTURES = ['\x89PNG\r\n', '\xff\xd8\xff', 'GIF8'];
const MINUTE_MS = 60_000;

/** The picture inside `qrCode`: a data URI or bare Base64, believed by its first bytes. */
function pictureOf(qrCode: string): Uint8Array {
  const bytes = Buffer.from(qrCode.replace(/^data:[^,]*,/, ''), 'base64');
  const start = bytes.toString('latin1', 0, 8);
  if (PICTURES.some((magic) => start.startsWith(magic))) return new Uint8Array(bytes);
  throw new FaultError({ kind: 'protocol', code: 'picture', message: 'the box’s QR code is no PNG, JPEG or GIF' });
}

/** The code of a visitor, else of a member of staff (人员管理 1.10 gives both): a picture that expires minutes after it was asked for. */
export async function pass(
  client: MegviiClient,
  now: () => number,
  code: string,
  signal: AbortSignal,
): Promise<Pass | null> {
  const person =
    (await findByCode(client, code, 'visitor', signal)) ?? (await findByCode(client, code, 'staff', signal));
  if (person === null) return null;
  const { qrCode, expireTime } = await client.visitorCode(person.uuid, signal);
  const from = now();
  return {
    text: null,
    image: pictureOf(qrCode),
    validFrom: isoWithOffset(from),
    validTo: expireTime === null || expireTime === undefined ? null : isoWithOffset(from + expireTime * MINUTE_MS),
  };
}
