import { readFile } from 'node:fs/promises';
import { UsageError } from './output.ts';

const MAX_PERSON_BYTES = 1_000_000;

/** Reads a person from a JSON file, or from standard input where `source` is `-`. Rejects with UsageError, naming the file. */
export async function readPerson(source: string, stdin: NodeJS.ReadStream): Promise<unknown> {
  const from = source === '-' ? 'standard input' : source;
  const text = source === '-' ? await readAll(stdin) : await readText(source);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UsageError(`${from} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

async function readText(path: string): Promise<string> {
  return (await readBytes(path)).toString('utf8');
}

/** Reads a file whole. Rejects with UsageError that says which file and what is wrong with it. */
export async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${reason(error)}`);
  }
}

function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES') return 'permission denied';
  return error instanceof Error ? error.message : String(error);
}

/** A stream to its end, as text; UsageError when it is longer than anything we take. */
export async function readAll(stream: NodeJS.ReadStream): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_PERSON_BYTES) throw new UsageError('standard input is too long');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `a,b , c` → `['a','b','c']`, without blanks and repeats. */
export function commaList(value: string): string[] {
  return [...new Set(value.split(',').map((part) => part.trim()))].filter(Boolean);
}

/** A whole number of an option; UsageError names the option. */
export function wholeNumber(option: string, min: number, max: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < min || number > max) {
      throw new UsageError(`${option} takes a whole number from ${min} to ${max}, not "${value}"`);
    }
    return number;
  };
}
