import { analyse } from 'chardet';
import iconv from 'iconv-lite';

/** The encodings a table may be in, by their WHATWG names. */
export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030', 'big5', 'windows-1252'] as const;
export type EncodingName = (typeof ENCODINGS)[number];

/** What the bytes of a file say about how they are written. */
export interface EncodingGuess {
  encoding: EncodingName;
  /** A byte order mark, or text that is nothing else: no need to ask anybody. */
  certain: boolean;
}

/** Why a file is no table of text at all. */
export class NotText extends Error {
  override readonly name = 'NotText';
}

const SAMPLE_BYTES = 256 * 1024;
/** A text in one of the two-byte Unicode forms has far more zero bytes than this; one in any other form has none. */
const WIDE_SHARE = 0.05;
/** Level 1 of GB 2312: the 3755 hanzi that texts are written with (rows 16–55). */
const COMMON_HAN = { leadFrom: 0xb0, leadTo: 0xd7, trailFrom: 0xa1 } as const;

/**
 * Finds out how a text is encoded, from all of it and in constant memory: one name in row 90,000 tells GBK from UTF-8 as well as one in
 * row 2 does. Feed it every chunk, then ask.
 */
export function createSniffer(): { feed(chunk: Uint8Array): void; guess(): EncodingGuess } {
  const strict = new TextDecoder('utf-8', { fatal: true });
  let utf8 = true;
  let head = Buffer.alloc(0);
  let size = 0;
  const zeros = { even: 0, odd: 0 };
  const sample: Buffer[] = [];
  let sampled = 0;

  const countZeros = (chunk: Uint8Array): void => {
    for (let at = chunk.indexOf(0); at >= 0; at = chunk.indexOf(0, at + 1)) {
      if ((size + at) % 2 === 0) zeros.even += 1;
      else zeros.odd += 1;
    }
  };

  const validate = (chunk?: Uint8Array): void => {
    if (!utf8) return;
    try {
      strict.decode(chunk, { stream: chunk !== undefined });
    } catch {
      utf8 = false;
    }
  };

  return {
    feed(chunk) {
      if (head.length < 4) head = Buffer.concat([head, chunk.subarray(0, 4)]).subarray(0, 4);
      countZeros(chunk);
      validate(chunk);
      if (sampled < SAMPLE_BYTES && chunk.some((byte) => byte >= 0x80)) {
        const taken = Buffer.from(chunk.subarray(0, SAMPLE_BYTES - sampled));
        sample.push(taken);
        sampled += taken.length;
      }
      size += chunk.length;
    },

    guess() {
      if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', certain: true };
      if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', certain: true };
      if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', certain: true };
      const nulls = zeros.even + zeros.odd;
      if (nulls > size * WIDE_SHARE) {
        if (zeros.odd > 8 * zeros.even) return { encoding: 'utf-16le', certain: false };
        if (zeros.even > 8 * zeros.odd) return { encoding: 'utf-16be', certain: false };
        throw new NotText('this is no text: it is full of zero bytes');
      }
      validate();
      if (utf8) return { encoding: 'utf-8', certain: true };
      return { encoding: legacyEncoding(Buffer.concat(sample)), certain: false };
    },
  };
}

/** The encoding of text that is not Unicode, from a part of it (pure). */
export function legacyEncoding(sample: Buffer): EncodingName {
  // UTF-8 that a tool broke in a few places is still UTF-8.
  const broken = new TextDecoder('utf-8').decode(sample);
  let lost = 0;
  let wide = 0;
  for (const char of broken) {
    if (char === '\uFFFD') lost += 1;
    else if (char > '\u007F') wide += 1;
  }
  if (wide > 20 * lost) return 'utf-8';

  const { pairs, common, wrong } = countPairs(sample);
  if (pairs > 0 && wrong <= pairs * 0.02 && common >= pairs * 0.5) return 'gb18030';
  const score = (name: string) => analyse(sample).find((match) => match.name.toLowerCase() === name)?.confidence ?? 0;
  const big5 = score('big5');
  return big5 >= 50 && big5 > Math.max(score('windows-1252'), score('iso-8859-1')) ? 'big5' : 'windows-1252';
}

/**
 * Reads the bytes as GB 18030: characters of two bytes, how many of those are common hanzi or full-width signs, and what fits nowhere.
 * An accented letter of Windows-1252 stands between ASCII letters and pairs up to rare hanzi, never to common ones.
 */
function countPairs(bytes: Buffer): { pairs: number; common: number; wrong: number } {
  const found = { pairs: 0, common: 0, wrong: 0 };
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      at += 1;
      continue;
    }
    const trail = bytes[at + 1];
    if (trail === undefined) break;
    const digit = trail >= 0x30 && trail <= 0x39;
    if (lead === 0x80 || lead === 0xff || (trail < 0x40 && !digit) || trail === 0x7f || trail === 0xff) {
      found.wrong += 1;
      at += 1;
      continue;
    }
    found.pairs += 1;
    if (lead >= COMMON_HAN.leadFrom && lead <= COMMON_HAN.leadTo && trail >= COMMON_HAN.trailFrom) found.common += 1;
    else if (lead === 0xa3 && trail >= 0xa1) found.common += 1;
    at += digit ? 4 : 2;
  }
  return found;
}

/** Decodes a stream of bytes; bytes that are no text in this encoding become U+FFFD. A byte order mark is taken off. */
export async function* decodeText(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  encoding: EncodingName,
): AsyncGenerator<string> {
  const decoder = iconv.getDecoder(encoding, { stripBOM: false });
  let first = true;
  const clean = (text: string): string => {
    if (!first || text === '') return text;
    first = false;
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  };
  for await (const chunk of chunks) {
    const text = clean(decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)));
    if (text !== '') yield text;
  }
  const rest = clean(decoder.end() ?? '');
  if (rest !== '') yield rest;
}
