/**
 * MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md) as far as the contract needs it: nil, booleans, numbers, strings, bytes,
 * arrays and maps with string keys. The station, which must not trust what it reads, uses a library; what the page reads comes from the
 * station, and a test holds this against that library both ways.
 */

const UTF8 = new TextEncoder();
const TEXT = new TextDecoder();

/** Bytes that begin a value of a length: `short` for lengths up to `most` in the byte itself, else followed by 8, 16 or 32 bits. */
interface Heads {
  short?: { head: number; most: number };
  head8?: number;
  head16: number;
}

const STRING: Heads = { short: { head: 0xa0, most: 31 }, head8: 0xd9, head16: 0xda };
const BYTES: Heads = { head8: 0xc4, head16: 0xc5 };
const ARRAY: Heads = { short: { head: 0x90, most: 15 }, head16: 0xdc };
const MAP: Heads = { short: { head: 0x80, most: 15 }, head16: 0xde };

function headOf(length: number, { short, head8, head16 }: Heads): Uint8Array {
  if (short && length <= short.most) return Uint8Array.of(short.head | length);
  if (head8 !== undefined && length < 0x100) return Uint8Array.of(head8, length);
  if (length < 0x10000) return Uint8Array.of(head16, length >> 8, length & 0xff);
  const head = new Uint8Array(5);
  head[0] = head16 + 1;
  new DataView(head.buffer).setUint32(1, length);
  return head;
}

function numberOf(value: number): Uint8Array {
  if (Number.isInteger(value) && value >= -32 && value < 0x80) return Uint8Array.of(value & 0xff);
  const bytes = new Uint8Array(9);
  bytes[0] = 0xcb;
  new DataView(bytes.buffer).setFloat64(1, value);
  return bytes;
}

function put(value: unknown, parts: Uint8Array[]): void {
  if (value === null || value === undefined) parts.push(Uint8Array.of(0xc0));
  else if (typeof value === 'boolean') parts.push(Uint8Array.of(value ? 0xc3 : 0xc2));
  else if (typeof value === 'number') parts.push(numberOf(value));
  else if (typeof value === 'string') {
    const bytes = UTF8.encode(value);
    parts.push(headOf(bytes.length, STRING), bytes);
  } else if (value instanceof Uint8Array) parts.push(headOf(value.length, BYTES), value);
  else if (Array.isArray(value)) {
    parts.push(headOf(value.length, ARRAY));
    for (const item of value) put(item, parts);
  } else if (typeof value === 'object') {
    // An absent value stays absent.
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    parts.push(headOf(members.length, MAP));
    for (const member of members) for (const half of member) put(half, parts);
  } else throw new TypeError(`a ${typeof value} cannot cross the wire`);
}

/** @throws TypeError for what the contract does not have (functions, symbols, big integers) */
export function encode(value: unknown): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  put(value, parts);
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Byte fields are views of `bytes`, not copies. @throws RangeError when they end too soon, Error when they are no such MessagePack */
export function decode(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const skip = (length: number): number => {
    if (at + length > bytes.length) throw new RangeError('the message is cut short');
    at += length;
    return at - length;
  };
  const unsigned = (width: number): number =>
    width === 1 ? view.getUint8(skip(1)) : width === 2 ? view.getUint16(skip(2)) : view.getUint32(skip(4));
  const raw = (length: number): Uint8Array => bytes.subarray(skip(length), at);
  const array = (length: number): unknown[] => {
    const items: unknown[] = [];
    while (items.length < length) items.push(take());
    return items;
  };
  const map = (length: number): Record<string, unknown> => {
    const members: [string, unknown][] = [];
    while (members.length < length) members.push([String(take()), take()]);
    // Not by assignment: a key may be called __proto__.
    return Object.fromEntries(members);
  };
  function take(): unknown {
    const head = view.getUint8(skip(1));
    if (head < 0x80) return head;
    if (head < 0x90) return map(head & 0x0f);
    if (head < 0xa0) return array(head & 0x0f);
    if (head < 0xc0) return TEXT.decode(raw(head & 0x1f));
    if (head >= 0xe0) return head - 0x100;
    switch (head) {
      case 0xc0:
        return null;
      case 0xc2:
      case 0xc3:
        return head === 0xc3;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return raw(unsigned(1 << (head - 0xc4)));
      case 0xca:
        return view.getFloat32(skip(4));
      case 0xcb:
        return view.getFloat64(skip(8));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return unsigned(1 << (head - 0xcc));
      case 0xcf:
        return Number(view.getBigUint64(skip(8)));
      case 0xd0:
        return view.getInt8(skip(1));
      case 0xd1:
        return view.getInt16(skip(2));
      case 0xd2:
        return view.getInt32(skip(4));
      case 0xd3:
        return Number(view.getBigInt64(skip(8)));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return TEXT.decode(raw(unsigned(1 << (head - 0xd9))));
      case 0xdc:
      case 0xdd:
        return array(unsigned(2 << (head - 0xdc)));
      case 0xde:
      case 0xdf:
        return map(unsigned(2 << (head - 0xde)));
      default:
        throw new Error(`no such value begins with ${head.toString(16)}`);
    }
  }
  const value = take();
  if (at !== bytes.length) throw new Error('more than one value');
  return value;
}
