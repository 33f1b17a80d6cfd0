import { FaultError } from '#shared/fault';
import type { Verification } from '../contract.ts';
import type { Client } from './client.ts';
import type { HcpConfig } from './config.ts';

/** Whether the bytes are, or wrap, a JPEG: raw, a bare data URI, bare Base64 or Base64 inside JSON (artemis.md). */
export function holdsJpeg(bytes: Uint8Array): boolean {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return true;
  const text = Buffer.from(bytes).toString('latin1');
  return /(^|["',])\s*\/9j\//.test(text.replaceAll('\\/', '/'));
}

/** The picture behind `picUri` as proof; its detail says on what the answer rests. */
async function photoOf(client: Client, personId: string, picUri: string | null | undefined, signal: AbortSignal) {
  if (!picUri) return { photo: false, detail: 'picUri is empty' };
  try {
    const photo = holdsJpeg(await client.picture(personId, picUri, signal));
    return { photo, detail: photo ? null : 'no picture is behind picUri' };
  } catch (error) {
    // A version without picture_data: picUri alone has to do, and it says so.
    if (!(error instanceof FaultError && error.fault.kind === 'protocol')) throw error;
    return { photo: true, detail: 'told by picUri alone' };
  }
}

/**
 * `none` for somebody who is not in the configured privilege group. Who is in it may or may not be on the doors yet:
 * applicationResult lists failures and what is pending only, so its silence proves nothing (artemis.md), and the answer is null.
 */
async function accessOf(client: Client, group: string | undefined, personId: string, signal: AbortSignal) {
  if (group === undefined) return null;
  try {
    return (await client.isInGroup(group, personId, signal)) ? null : 'none';
  } catch (error) {
    // Not every partner key may list members, and not every version can.
    const kind = error instanceof FaultError ? error.fault.kind : null;
    if (kind === 'protocol' || kind === 'auth') return null;
    throw error;
  }
}

/** personInfo, the picture behind its `picUri`, and the membership of the configured privilege group. */
export async function verify(
  client: Client,
  config: HcpConfig,
  code: string,
  signal: AbortSignal,
): Promise<Verification> {
  const person = await client.find(code, signal);
  if (person === null) return { person: false, photo: null, access: null, personId: null, detail: null };
  const { personId } = person;
  const { photo, detail } = await photoOf(client, personId, person.personPhoto?.picUri, signal);
  const access = await accessOf(client, config.privilegeGroupId, personId, signal);
  return { person: true, photo, access, personId, detail };
}
