import { decode, encode } from '@msgpack/msgpack';
import type { EventName } from './channels.ts';

/**
 * How the contract crosses HTTP: MessagePack, because photos are bytes and stay bytes. An absent value stays absent (`undefined` members
 * are left out), so that optional and nullable remain two things. Both ends use this file.
 */
export const WIRE_TYPE = 'application/msgpack';

/** Paths of the loopback host. */
export const SESSION_PATH = '/session';
export const CALL_PATH = '/call/';
export const EVENTS_PATH = '/events';

/** Close code of the events socket when the station itself ends (RFC 6455, "going away"). */
export const STATION_CLOSED = 1001;

/** What a page posts to `SESSION_PATH`. */
export interface SessionRequest {
  token: string;
}

/** What a page posts to `CALL_PATH + name`; a call without an argument leaves `input` out. */
export interface CallRequest {
  input?: unknown;
}

/** One message of the events socket. */
export type EventMessage = readonly [name: EventName, payload: unknown];

export function encodeWire(value: unknown): Uint8Array<ArrayBuffer> {
  return encode(value, { ignoreUndefined: true });
}

/**
 * Byte fields are views of `bytes`, not copies.
 *
 * @throws Error when the bytes are no MessagePack, are cut short, or nest or count beyond what any call needs
 */
export function decodeWire(bytes: Uint8Array): unknown {
  return decode(bytes, { maxArrayLength: 100_000, maxMapLength: 100_000, maxExtLength: 0 });
}
