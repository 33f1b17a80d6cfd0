import { decode, encode } from '@msgpack/msgpack';

/** The station's end of the wire: a library, with limits, for what comes from a page is not trusted. The page's: `renderer/message-pack.ts`. */
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
