import type { EventName } from './channels.ts';

/**
 * How the contract crosses HTTP: MessagePack, because photos are bytes and stay bytes. An absent value stays absent (`undefined` members
 * are left out), so that optional and nullable remain two things.
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
