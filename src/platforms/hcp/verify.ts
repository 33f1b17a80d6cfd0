import { FaultError } from '#shared/fault';
import type { Verification } from '../contract.ts';
import type { Client } from './client.ts';
import type { HcpConfig } from './config.ts';
import type { PersonInfo } from './wire.ts';

/** The JPEG that the bytes are or wrap: raw, a bare data URI, bare Base64 or Base64 inside JSON (artemis.md); null where there is none. */
export function jpegIn(bytes: Uint8Array): Uint8Array | null {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return bytes;
  const text = Buffer.from(bytes).toString('latin1').replaceAll('\\/', '/');
  const [, data] = /(?:^|["',])\s*(\/9j\/[A-Za-z0-9+/=\r\n]*)/.exec(text) ?? [];
  return data === undefined ? null : new Uint8Array(Buffer.from(data, 'base64'));
}

/** The picture behind `picUri` as proof; its detail says on what the answer rests. */
async function photoOf(client: Client, personId: string, picUri: string | null | undefined, signal: AbortSignal) {
  if (!picUri) return { photo: false, detail: 'picUri is empty' };
  try {
    const photo = jpegIn(await client.picture(personId, picUri, signal)) !== null;
    return { photo, detail: photo ? null : 'no picture is behind picUri' };
  } catch (error) {
    // A version without picture_data: picUri alone has to do, and it says so.
    if (!(error instanceof FaultError && error.fault.kind === 'protocol')) throw error;
    return { photo: true, detail: 'told by picUri alone' };
  }
}

/**
 * `none` for somebody who is not in the configured privilege group; `failed` or `pending` where applicationResult says so. It lists failures and what is
 * pending only, so its silence proves nothing (artemis.md), and the answer is null.
 */
async function accessOf(client: Client, group: string | undefined, person: PersonInfo, signal: AbortSignal) {
  if (group === undefined) return null;
  const inside = await orNull(() => client.isInGroup(group, person.personId, signal));
  return inside === false ? 'none' : orNull(() => client.applying(person, signal));
}

/** What not every partner key may ask, and not every version can tell. */
async function orNull<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
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
  const access = await accessOf(client, config.privilegeGroupId, person, signal);
  const words = { failed: 'HikCentral reports that a door did not take the person', pending: 'waiting for the doors' };
  const doors = access === 'failed' || access === 'pending' ? words[access] : null;
  return { person: true, photo, access, personId, detail: [detail, doors].filter(Boolean).join('; ') || null };
}

/**
 * The picture HikCentral keeps. It is found by our key, which `personId` cannot replace: the document looks people up by code alone.
 */
export async function portrait(client: Client, code: string | null, signal: AbortSignal): Promise<Uint8Array | null> {
  const person = code === null ? null : await client.find(code, signal);
  const picUri = person?.personPhoto?.picUri;
  return person && picUri ? jpegIn(await client.picture(person.personId, picUri, signal)) : null;
}
