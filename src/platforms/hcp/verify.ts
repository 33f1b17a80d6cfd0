import { FaultError } from '#shared/fault';
import type { Verification } from '../contract.ts';
import type { Client } from './client.ts';

/** Whether the bytes are, or wrap, a JPEG: raw, a bare data URI, bare Base64 or Base64 inside JSON (artemis.md). */
export function holdsJpeg(bytes: Uint8Array): boolean {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return true;
  const text = Buffer.from(bytes).toString('latin1');
  return /(^|["',])\s*\/9j\//.test(text.replaceAll('\\/', '/'));
}

/** personInfo, and the picture behind its `picUri` as proof. No call tells reliably that a door has it: `access` stays null. */
export async function verify(client: Client, code: string, signal: AbortSignal): Promise<Verification> {
  const person = await client.find(code, signal);
  if (person === null) return { person: false, photo: null, access: null, personId: null, detail: null };
  const { personId } = person;
  const picUri = person.personPhoto?.picUri;
  if (!picUri) return { person: true, photo: false, access: null, personId, detail: 'picUri is empty' };
  try {
    const photo = holdsJpeg(await client.picture(personId, picUri, signal));
    return { person: true, photo, access: null, personId, detail: photo ? null : 'no picture is behind picUri' };
  } catch (error) {
    // A version without picture_data: picUri alone has to do, and it says so.
    if (!(error instanceof FaultError && error.fault.kind === 'protocol')) throw error;
    return { person: true, photo: true, access: null, personId, detail: 'told by picUri alone' };
  }
}
