/** Bytes that can be read from the start as often as needed. */
export interface ByteSource {
  /** For messages and reports: a file's name, no path. */
  name: string;
  read(): AsyncIterable<Uint8Array>;
  /** Another where the bytes are others; absent: whoever reads them sees it. */
  version?(): Promise<string>;
}

/** A row of a table; `line` counts its records, the header included, from 1. */
export interface TableRow {
  line: number;
  cells: string[];
}
