import { type Recorded, type Recorder, recorder } from './cloud-rig.ts';

/** What a chapter of a document allows a request to carry, written down from the document and not from the rooms. */
export type Check = (value: unknown) => boolean;
/** Fields of an object; a name that ends in `?` may be left out. */
export type Table = Record<string, Check>;

export interface Chapter {
  method: 'GET' | 'POST';
  path: RegExp;
  query?: Table;
  /** Of a JSON body or a form; absent where none is sent. */
  body?: Table;
}

/** Characters between two lengths, by a pattern. */
export const text =
  (max: number, pattern = /^[\s\S]*$/, min = 0): Check =>
  (value) =>
    typeof value === 'string' && [...value].length >= min && [...value].length <= max && pattern.test(value);
export const among =
  (...values: unknown[]): Check =>
  (value) =>
    values.includes(value);
export const whole =
  (min: number, max: number): Check =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
/** Digits in a URL or a form. */
export const digits =
  (min: number, max: number): Check =>
  (value) =>
    typeof value === 'string' && /^\d+$/.test(value) && whole(min, max)(Number(value));
export const list =
  (each: Check, max: number, min = 0): Check =>
  (value) =>
    Array.isArray(value) && value.length >= min && value.length <= max && value.every(each);
export const object =
  (table: Table): Check =>
  (value) =>
    typeof value === 'object' && value !== null && misfits(value as Record<string, unknown>, table).length === 0;
export const ISO: Check = text(25, /^20[0-3]\d-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);

/** Names of fields that are missing, not in the chapter, or not as it wants them. */
function misfits(fields: Record<string, unknown>, table: Table): string[] {
  const lacking = Object.keys(table).filter((name) => !name.endsWith('?') && !(name in fields));
  const wrong = Object.entries(fields).filter(([name, value]) => !(table[name] ?? table[`${name}?`])?.(value));
  return [...lacking.map((name) => `lacks ${name}`), ...wrong.map(([name]) => name)];
}

async function bodyOf({ headers, body }: Recorded): Promise<Record<string, unknown>> {
  const type = String(headers['content-type'] ?? '');
  if (body.length === 0) return {};
  if (!type.startsWith('multipart/')) return JSON.parse(body.toString('utf8')) as Record<string, unknown>;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  // A file is told by its name, size and kind alone.
  return Object.fromEntries(
    [...form.entries()].map(([name, value]) => [name, typeof value === 'string' ? value : 'file']),
  );
}

/** What is wrong with a request by its chapter; null when nothing is. Which chapter it is of is noted in `met`. */
export async function wrongWith(
  request: Recorded,
  chapters: readonly Chapter[],
  met: Set<Chapter>,
): Promise<string | null> {
  const { pathname, searchParams } = new URL(request.path, 'http://x');
  const chapter = chapters.find(({ method, path }) => method === request.method && path.test(pathname));
  if (chapter === undefined) return `no chapter for ${request.method} ${pathname}`;
  met.add(chapter);
  const wrong = [
    ...misfits(Object.fromEntries(searchParams), chapter.query ?? {}),
    ...misfits(await bodyOf(request), chapter.body ?? {}),
  ];
  return wrong.length === 0 ? null : `${pathname}: ${wrong.join(', ')}`;
}

/** Words that are often fit and often not: too long, empty, of odd letters, of one that means everybody. The same for the same seed (mulberry32). */
export function generator(seed: number) {
  let state = seed;
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number) => Math.floor(random() * n);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;
  const made = (alphabet: string, length: number) => Array.from({ length }, () => pick([...alphabet])).join('');
  const LENGTHS = [
    1, 2, 4, 8, 15, 16, 17, 18, 19, 20, 21, 31, 32, 33, 40, 41, 45, 46, 50, 51, 63, 64, 65, 128, 256, 1025,
  ];
  const ODD = [
    '',
    ' ',
    'all',
    '-1',
    '*',
    '../x',
    'a,b',
    '"',
    '张伟',
    '\u0000',
    '%61ll',
    '𠮷',
    'a b',
    '<x>',
    'x/y',
    '?',
    '#',
  ];
  return {
    below,
    pick,
    maybe: <T>(value: T): T | undefined => (random() < 0.5 ? value : undefined),
    /** Letters and digits of any length, or something odd. */
    word: (): string => (random() < 0.2 ? pick(ODD) : made('abcXYZ0189', pick(LENGTHS))),
    /** Mostly what an id of the platform looks like. */
    id: (sound: () => string): string =>
      random() < 0.6 ? sound() : random() < 0.4 ? pick(ODD) : made('0123456789abc', pick(LENGTHS)),
    digits: (length: number): string => made('0123456789', length),
    hex: (length: number): string => made('0123456789abcdef', length),
    number: (): number => pick([-1, 0, 1, 1.5, 2, 5, 6, 10, 20, 30, 37.2, 100, 254, 255, 300, 301, 500, 501, 1e12]),
  };
}
export type Generator = ReturnType<typeof generator>;

/** A server that answers as told, with what was sent since it was last asked. */
export async function listening(answer: (request: Recorded) => unknown): Promise<Recorder & { fresh(): Recorded[] }> {
  const server = await recorder(answer);
  let seen = 0;
  return {
    ...server,
    fresh() {
      const since = server.requests.slice(seen);
      seen = server.requests.length;
      return since;
    },
  };
}
