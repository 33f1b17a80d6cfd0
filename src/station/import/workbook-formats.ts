import { text as textOf } from 'node:stream/consumers';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { FaultError } from '#shared/fault';
import type { ByteSource } from './byte-source.ts';
import { BUILT_IN, type NumberFormat, numberFormat } from './number-format.ts';

/**
 * What only a number format shows (`00123` is the number 123 under the format `00000`; ECMA-376 part 1 §18.8.30, §18.8.31), and formulas whose
 * value nobody has worked out (§18.3.1.40). The library that reads workbooks gives values alone, so which cells are so is looked up beside it, and
 * only in workbooks that have such cells.
 */

/** A workbook's compressed size; unpacked its rows are streamed. */
export const WORKBOOK_LIMIT = 100 * 1024 * 1024;
/** Parts beside the sheets that are read whole: what is larger was not written by a spreadsheet program. */
const PART_LIMIT = 16 * 1024 * 1024;
/** A cell has at most 32,767 characters (§18.3.1.96). */
const TEXT_LIMIT = 4 * 1024 * 1024;

/** Where the first sheet lies in the workbook, and which of its cell formats show numbers otherwise than they are. */
export interface CellFormats {
  sheet: string;
  formats: ReadonlyMap<number, NumberFormat>;
}

/** What there is to know of a cell beside its value; `unworked`: a formula that has none. */
type CellNote = NumberFormat | 'unworked';

/** Opening tags of these names, whatever prefix they have; attributes may hold `>`. */
const tags = (xml: string, name: string): string[] =>
  xml.match(new RegExp(`<(?:\\w+:)?${name}(?:\\s(?:"[^"]*"|'[^']*'|[^>"'])*)?>`, 'g')) ?? [];
const attribute = (tag: string, name: string): string | null =>
  new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)
    .exec(tag)
    ?.slice(1)
    .find((value) => value !== undefined) ?? null;

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' };
const unescaped = (text: string) =>
  text.replace(/&(quot|apos|lt|gt|amp);/g, (all, name: string) => ENTITIES[name] ?? all);

/** Formats that show numbers otherwise, by the index that cells name them with (pure). @param styles the part `styles.xml` */
function formatsOf(styles: string): Map<number, NumberFormat> {
  const known = new Map(BUILT_IN);
  for (const tag of tags(styles, 'numFmt')) {
    const [id, code] = [attribute(tag, 'numFmtId'), attribute(tag, 'formatCode')];
    const format = code === null ? null : numberFormat(unescaped(code));
    if (id !== null && format !== null) known.set(id, format);
  }
  const cells = /<(?:\w+:)?cellXfs[\s>][\s\S]*?<\/(?:\w+:)?cellXfs>/.exec(styles)?.[0] ?? '';
  const formats = new Map<number, NumberFormat>();
  for (const [index, tag] of tags(cells, 'xf').entries()) {
    const format = known.get(attribute(tag, 'numFmtId') ?? '');
    if (format !== undefined) formats.set(index, format);
  }
  return formats;
}

/** Whether a workbook has cells whose value does not say all, and where; null where it has none. Rejects with FaultError `validation`. */
export async function findCellFormats(source: ByteSource): Promise<CellFormats | null> {
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
    const formats = formatsOf(styles === undefined ? '' : await read(styles));
    const [first] = tags(await read(workbook), 'sheet');
    const id = first === undefined ? null : attribute(first, '\\w+:id');
    const sheet = parts.find((part) => part.id === id)?.path;
    const entry = id === null || sheet === undefined ? undefined : entries.get(sheet);
    if (entry === undefined || sheet === undefined) return null;
    return formats.size > 0 || (await hasFormula(await openPart(zip, entry))) ? { sheet, formats } : null;
  });
}

async function hasFormula(sheet: NodeJS.ReadableStream): Promise<boolean> {
  sheet.setEncoding('utf8');
  let before = '';
  for await (const chunk of sheet as AsyncIterable<string>) {
    if (/<(?:\w+:)?f[\s/>]/.test(before + chunk)) return true;
    before = chunk.slice(-64);
  }
  return false;
}

/** What there is to know of the cells of one row after the other, by column. */
export function cellNotes(
  source: ByteSource,
  { sheet, formats }: CellFormats,
): { of(row: number): Promise<ReadonlyMap<number, CellNote> | null>; close(): Promise<void> } {
  const rows = notedRows(source, sheet, formats);
  let next: Awaited<ReturnType<typeof rows.next>> | null = null;
  return {
    /** @param row counted from 0; never before one that was asked for */
    async of(row) {
      next ??= await rows.next();
      while (!next.done && next.value.index < row) next = await rows.next();
      return next.done || next.value.index !== row ? null : next.value.notes;
    },
    async close() {
      await rows.return(undefined);
    },
  };
}

/** Rows that have such cells. Only tags of rows, cells and what cells hold are looked at: in a sheet's rows no other can hold one of theirs. */
async function* notedRows(
  source: ByteSource,
  sheet: string,
  formats: ReadonlyMap<number, NumberFormat>,
): AsyncGenerator<{ index: number; notes: Map<number, CellNote> }, void, undefined> {
  const { zip, entries } = await openParts(source);
  try {
    const entry = entries.get(sheet);
    if (entry === undefined) return;
    const stream = await openPart(zip, entry);
    stream.setEncoding('utf8');
    let rest = '';
    let row = { index: -1, notes: new Map<number, CellNote>() };
    let column = 0;
    /** Of the cell that was begun last. */
    let format: NumberFormat | undefined;
    for await (const chunk of stream as AsyncIterable<string>) {
      const xml = rest + chunk;
      const end = xml.lastIndexOf('>') + 1;
      rest = xml.slice(end);
      if (rest.length > TEXT_LIMIT) throw damaged(null);
      for (const [tag, name, attributes = ''] of xml
        .slice(0, end)
        .matchAll(/<(?:\w+:)?(row|c|f|v|is)((?:\s[^>]*)?)\/?>/g)) {
        if (name === 'row') {
          if (row.notes.size > 0) yield row;
          const told = attribute(tag, 'r');
          row = { index: told === null ? row.index + 1 : Number(told) - 1, notes: new Map() };
          column = 0;
          continue;
        }
        // A formula comes before its value, where it has one: the cell's own note is then what its format says.
        if (name === 'f') row.notes.set(column - 1, 'unworked');
        else if (name !== 'c') note(row.notes, column - 1, format);
        if (name !== 'c') continue;
        const place = attribute(attributes, 'r');
        if (place !== null) column = columnOf(place);
        format = formats.get(Number(attribute(attributes, 's') ?? Number.NaN));
        note(row.notes, column, format);
        column += 1;
      }
    }
    if (row.notes.size > 0) yield row;
  } catch (error) {
    throw error instanceof FaultError ? error : damaged(error);
  } finally {
    zip.close();
  }
}

function note(notes: Map<number, CellNote>, column: number, format: NumberFormat | undefined): void {
  if (format === undefined) notes.delete(column);
  else notes.set(column, format);
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
