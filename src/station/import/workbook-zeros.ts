import { text as textOf } from 'node:stream/consumers';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { FaultError } from '#shared/fault';
import type { ByteSource } from './byte-source.ts';

/**
 * Leading zeros that only a number format shows (`00123` is the number 123 under the format `00000`; ECMA-376 part 1 §18.8.30, §18.8.31). The
 * library that reads workbooks gives values alone, so which cells are shown so is looked up beside it, and only in workbooks that have such a format.
 */

/** A workbook's compressed size; unpacked its rows are streamed. */
export const WORKBOOK_LIMIT = 100 * 1024 * 1024;
/** Parts beside the sheets that are read whole: what is larger was not written by a spreadsheet program. */
const PART_LIMIT = 16 * 1024 * 1024;
/** A cell has at most 32,767 characters (§18.3.1.96). */
const TEXT_LIMIT = 4 * 1024 * 1024;

/** Where the first sheet lies in the workbook, and the digits shown at least by each of its cell formats that shows zeros. */
export interface ZeroFormats {
  sheet: string;
  widths: ReadonlyMap<number, number>;
}

/** A number as a format of so many zeros shows it; null where the format leaves it as it is (pure). */
export function padded(value: unknown, width: number | undefined): string | null {
  if (width === undefined || typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) return null;
  return String(value).padStart(width, '0');
}

/** Opening tags of these names, whatever prefix they have; attributes may hold `>`. */
const tags = (xml: string, name: string): string[] =>
  xml.match(new RegExp(`<(?:\\w+:)?${name}(?:\\s(?:"[^"]*"|'[^']*'|[^>"'])*)?>`, 'g')) ?? [];
const attribute = (tag: string, name: string): string | null =>
  new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)
    .exec(tag)
    ?.slice(1)
    .find((value) => value !== undefined) ?? null;

/** Formats of zeros alone, by the index that cells name them with (pure). @param styles the part `styles.xml` */
function zeroWidths(styles: string): Map<number, number> {
  const zeros = new Map<string, number>();
  for (const tag of tags(styles, 'numFmt')) {
    const [id, code] = [attribute(tag, 'numFmtId'), attribute(tag, 'formatCode')];
    if (id !== null && code !== null && /^0{2,}$/.test(code)) zeros.set(id, code.length);
  }
  const formats = /<(?:\w+:)?cellXfs[\s>][\s\S]*?<\/(?:\w+:)?cellXfs>/.exec(styles)?.[0] ?? '';
  const widths = new Map<number, number>();
  for (const [index, tag] of tags(formats, 'xf').entries()) {
    const width = zeros.get(attribute(tag, 'numFmtId') ?? '');
    if (width !== undefined) widths.set(index, width);
  }
  return widths;
}

/** Whether a workbook shows numbers with leading zeros, and where; null where no format does. Rejects with FaultError `validation`. */
export async function findZeroFormats(source: ByteSource): Promise<ZeroFormats | null> {
  return withParts(source, async ({ zip, entries }) => {
    const read = async (path: string): Promise<string> => {
      const entry = entries.get(path);
      if (entry === undefined || entry.uncompressedSize > PART_LIMIT) return '';
      return textOf(await openPart(zip, entry));
    };
    const related = async (of: string): Promise<{ id: string | null; type: string; path: string }[]> => {
      const folder = of.slice(0, of.lastIndexOf('/') + 1);
      return tags(await read(`${folder}_rels/${of.slice(folder.length)}.rels`), 'Relationship').map((tag) => ({
        id: attribute(tag, 'Id'),
        type: attribute(tag, 'Type') ?? '',
        path: new URL(attribute(tag, 'Target') ?? '', `part:///${folder}`).pathname.slice(1),
      }));
    };
    const workbook = (await related('')).find(({ type }) => type.endsWith('/officeDocument'))?.path;
    if (workbook === undefined) return null;
    const parts = await related(workbook);
    const styles = parts.find(({ type }) => type.endsWith('/styles'))?.path;
    const widths = zeroWidths(styles === undefined ? '' : await read(styles));
    if (widths.size === 0) return null;
    const [first] = tags(await read(workbook), 'sheet');
    const id = first === undefined ? null : attribute(first, '\\w+:id');
    const sheet = parts.find((part) => part.id === id)?.path;
    return id === null || sheet === undefined || !entries.has(sheet) ? null : { sheet, widths };
  });
}

/** Digits shown at least by the cells of one row after the other, by column. */
export function zeroCells(
  source: ByteSource,
  { sheet, widths }: ZeroFormats,
): { of(row: number): Promise<ReadonlyMap<number, number> | null>; close(): Promise<void> } {
  const rows = zeroRows(source, sheet, widths);
  let next: Awaited<ReturnType<typeof rows.next>> | null = null;
  return {
    /** @param row counted from 0; never before one that was asked for */
    async of(row) {
      next ??= await rows.next();
      while (!next.done && next.value.index < row) next = await rows.next();
      return next.done || next.value.index !== row ? null : next.value.widths;
    },
    async close() {
      await rows.return(undefined);
    },
  };
}

/** Rows that have cells under such a format. Only tags of rows and cells are looked at: in a sheet's rows no other can hold one of theirs. */
async function* zeroRows(
  source: ByteSource,
  sheet: string,
  formats: ReadonlyMap<number, number>,
): AsyncGenerator<{ index: number; widths: Map<number, number> }, void, undefined> {
  const { zip, entries } = await openParts(source);
  try {
    const entry = entries.get(sheet);
    if (entry === undefined) return;
    const stream = await openPart(zip, entry);
    stream.setEncoding('utf8');
    let rest = '';
    let row = { index: -1, widths: new Map<number, number>() };
    let column = 0;
    for await (const chunk of stream as AsyncIterable<string>) {
      const xml = rest + chunk;
      const end = xml.lastIndexOf('>') + 1;
      rest = xml.slice(end);
      if (rest.length > TEXT_LIMIT) throw damaged(null);
      for (const [tag, name, attributes = ''] of xml.slice(0, end).matchAll(/<(?:\w+:)?(row|c)((?:\s[^>]*)?)\/?>/g)) {
        if (name === 'row') {
          if (row.widths.size > 0) yield row;
          const told = attribute(tag, 'r');
          row = { index: told === null ? row.index + 1 : Number(told) - 1, widths: new Map() };
          column = 0;
          continue;
        }
        const place = attribute(attributes, 'r');
        if (place !== null) column = columnOf(place);
        const width = formats.get(Number(attribute(attributes, 's') ?? Number.NaN));
        if (width !== undefined) row.widths.set(column, width);
        column += 1;
      }
    }
    if (row.widths.size > 0) yield row;
  } catch (error) {
    throw error instanceof FaultError ? error : damaged(error);
  } finally {
    zip.close();
  }
}

/** `AB12` is column 27. */
function columnOf(place: string): number {
  let column = 0;
  for (const letter of /^[A-Z]+/i.exec(place)?.[0].toUpperCase() ?? '')
    column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

interface Parts {
  zip: ZipFile;
  entries: Map<string, Entry>;
}

async function withParts<T>(source: ByteSource, work: (parts: Parts) => Promise<T>): Promise<T> {
  const parts = await openParts(source);
  try {
    return await work(parts);
  } catch (error) {
    throw error instanceof FaultError ? error : damaged(error);
  } finally {
    parts.zip.close();
  }
}

/** A workbook's parts by their names. Its compressed bytes are held: they are few beside what they unpack to, which is streamed. */
async function openParts(source: ByteSource): Promise<Parts> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source.read()) {
    size += chunk.length;
    if (size > WORKBOOK_LIMIT) throw damaged(null, 'the workbook has more than 100 MB: save it as CSV');
    chunks.push(chunk);
  }
  try {
    const zip = await fromBufferPromise(Buffer.concat(chunks), { autoClose: false, lazyEntries: true });
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
    return { zip, entries };
  } catch (error) {
    throw damaged(error);
  }
}

function openPart(zip: ZipFile, entry: Entry): Promise<NodeJS.ReadableStream> {
  return zip.openReadStreamPromise(entry);
}

function damaged(
  cause: unknown,
  message = 'the file cannot be read as an Excel workbook: save it as .xlsx or CSV again',
): FaultError {
  return new FaultError({ kind: 'validation', code: 'workbook', field: 'table', message }, { cause });
}
