import { describe, expect, it } from 'vitest';
import { decodeWire, encodeWire } from '#main/loopback/wire-codec';
import { decode, encode } from '../../../src/renderer/message-pack.ts';

/** Lengths and numbers on both sides of every boundary the format has. */
const LENGTHS = [0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536];
const NUMBERS = [
  ...[0, 1, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 1_795_000_000_000, 2 ** 53 - 1],
  ...[-1, -32, -33, -128, -129, -32_768, -32_769, -(2 ** 31), -(2 ** 31) - 1, -(2 ** 53) + 1],
  ...[0.5, -0.1, 1e300, Number.NaN, Number.POSITIVE_INFINITY],
];
const VALUES: unknown[] = [
  ...[null, true, false, '', 'a', '张伟 · Zoë · 🙂', [], {}, new Uint8Array()],
  ...NUMBERS,
  ...LENGTHS.map((length) => 'é'.repeat(length)),
  ...LENGTHS.map((length) => new Uint8Array(length).map((_, n) => n)),
  ...LENGTHS.map((length) => Array.from({ length }, (_, n) => n % 200)),
  ...LENGTHS.map((length) => Object.fromEntries(Array.from({ length }, (_, n) => [`k${n}`, n]))),
  { deep: [{ er: [new Uint8Array([1, 2]), { and: 'er' }] }], nothing: null },
];

describe('MessagePack in the page', () => {
  it('reads what the station writes', () => {
    for (const value of VALUES) expect(decode(encodeWire(value))).toEqual(value);
  });

  it('writes what the station reads', () => {
    for (const value of VALUES) expect(decodeWire(encode(value))).toEqual(value);
  });

  it('leaves absent members out, and keeps null', () => {
    expect(decodeWire(encode({ gone: undefined, none: null }))).toEqual({ none: null });
    expect(Object.keys(decodeWire(encode({ gone: undefined })) as object)).toEqual([]);
    expect(decodeWire(encode(undefined))).toBe(null);
  });

  it('hands bytes over as views of the message', () => {
    const message = encodeWire({ photo: new Uint8Array([7, 8, 9]) });
    const { photo } = decode(message) as { photo: Uint8Array };
    expect(photo.buffer).toBe(message.buffer);
    expect([...photo]).toEqual([7, 8, 9]);
    // A message that is itself a part of something larger.
    const within = new Uint8Array([0, 0, ...encodeWire(['a', 300])]).subarray(2);
    expect(decode(within)).toEqual(['a', 300]);
  });

  it('keeps a key that means something to JavaScript a key', () => {
    const read = decode(encodeWire(JSON.parse('{"__proto__":{"admin":true}}'))) as Record<string, unknown>;
    expect(Object.hasOwn(read, '__proto__')).toBe(true);
    expect(read.admin).toBeUndefined();
  });

  it('refuses what is cut short, goes on after its end, or is something else', () => {
    const whole = encodeWire({ name: 'Anna', list: [1, 2, 300], bytes: new Uint8Array(40) });
    for (let length = 0; length < whole.length; length += 1) expect(() => decode(whole.subarray(0, length))).toThrow();
    expect(() => decode(Uint8Array.of(...whole, 0))).toThrow('more than one value');
    expect(() => decode(Uint8Array.of(0xc1))).toThrow('begins with c1');
    // As many members as it promises must be there: a few bytes cannot make the page ask for memory.
    expect(() => decode(Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff))).toThrow(RangeError);
    expect(() => encode({ call: () => 1 })).toThrow(TypeError);
  });
});
