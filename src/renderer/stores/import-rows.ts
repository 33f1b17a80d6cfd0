import { create } from 'zustand';
import type { ImportRow } from '#shared/calls/import';
import type { Fault } from '#shared/fault';
import { bridge } from '../bridge.ts';
import { faultOf } from '../lib/fault.ts';

/** Rows asked for at once; a page is asked for when one of its rows is seen. */
export const PAGE_ROWS = 50;
/** Pages that are kept: those seen last. */
const KEPT_PAGES = 30;
/** Thumbnails asked for at once (each decodes a photo), and kept. */
const THUMBS_AT_ONCE = 8;
const KEPT_THUMBS = 400;

export interface RowFilter {
  verdict: ImportRow['verdict'] | null;
  /** A reason's key. */
  reason: string | null;
  query: string;
}
const ALL: RowFilter = { verdict: null, reason: null, query: '' };

interface RowsState {
  id: string | null;
  filter: RowFilter;
  /** How many rows the filter leaves; null until that was told. */
  total: number | null;
  /** By place in the filtered list. */
  pages: ReadonlyMap<number, readonly ImportRow[]>;
  /** Addresses of pictures by line; null where the row has none. */
  thumbs: ReadonlyMap<number, string | null>;
  fault: Fault | null;
  /** Begins with the rows of an import; the same one again keeps what is known. */
  open(id: string): void;
  choose(filter: Partial<RowFilter>): void;
  /** These rows are seen now (places, the second not included). */
  see(from: number, to: number): Promise<void>;
  /** What is known may be old: what is seen is asked for again. */
  renew(): Promise<void>;
  /** These rows, wherever they are, with their pictures. Empty where the station cannot tell. */
  look(lines: readonly number[]): Promise<readonly ImportRow[]>;
  /** A row as the station told it just now. */
  put(row: ImportRow): void;
  /** Names and pictures of people leave this page. */
  close(): void;
}

/** Pages that hold the rows `from` ≤ place < `to` (pure). */
export function pagesOf(from: number, to: number): number[] {
  const first = Math.floor(Math.max(0, from) / PAGE_ROWS);
  const last = Math.ceil(Math.max(0, to) / PAGE_ROWS);
  return Array.from({ length: Math.max(0, last - first) }, (_, at) => first + at);
}

export function rowAt({ pages }: Pick<RowsState, 'pages'>, place: number): ImportRow | null {
  return pages.get(Math.floor(place / PAGE_ROWS))?.[place % PAGE_ROWS] ?? null;
}

/** The row of a line, wherever in the list it is; null where it is not among those that were seen. */
export function rowOf({ pages }: Pick<RowsState, 'pages'>, line: number): ImportRow | null {
  for (const rows of pages.values()) for (const row of rows) if (row.line === line) return row;
  return null;
}

/** The rows of an import as far as they were seen. A table of 100,000 rows has a window of them here. */
export const useImportRows = create<RowsState>((set, get) => {
  /** Counts questions of another kind, so that answers to older ones are dropped. */
  let turn = 0;
  /** What is seen now, and which of its pages have to be asked for again. */
  let seen = { from: 0, to: PAGE_ROWS };
  let stale = new Set<number>();
  /** Counts what made pages stale: an answer to a question from before does not make them fresh. */
  let news = 0;
  const asked = new Set<number>();
  let drawing = false;

  const asks = () => {
    const { id, filter } = get();
    return {
      id: id ?? '',
      ...(filter.verdict && { verdict: filter.verdict }),
      ...(filter.reason && { reason: filter.reason }),
      ...(filter.query.trim() && { query: filter.query.trim() }),
    };
  };

  const drop = (urls: Iterable<string | null>): void => {
    for (const url of urls) if (url !== null) URL.revokeObjectURL(url);
  };

  /** The newest of a map's entries. */
  const newest = <T>(map: Map<number, T>, count: number): Map<number, T> =>
    map.size <= count ? map : new Map([...map].slice(map.size - count));

  async function askPage(page: number): Promise<void> {
    if (asked.has(page)) return;
    asked.add(page);
    const mine = turn;
    const asOf = news;
    let old = false;
    try {
      const { total, rows } = await bridge.call('import.rows', {
        ...asks(),
        offset: page * PAGE_ROWS,
        limit: PAGE_ROWS,
      });
      if (mine !== turn) return;
      old = asOf !== news;
      if (!old) stale.delete(page);
      const pages = new Map(get().pages);
      pages.delete(page);
      pages.set(page, rows);
      set({ total, pages: newest(pages, KEPT_PAGES), fault: null });
    } catch (error) {
      if (mine === turn) set({ fault: faultOf(error) });
    } finally {
      if (mine === turn) asked.delete(page);
    }
    if (old && mine === turn && pagesOf(seen.from, seen.to).includes(page)) await askPage(page);
  }

  const putThumb = (line: number, thumbnail: Uint8Array<ArrayBuffer> | null): void => {
    const thumbs = new Map(get().thumbs);
    const before = thumbs.get(line) ?? null;
    thumbs.delete(line);
    thumbs.set(line, thumbnail && URL.createObjectURL(new Blob([thumbnail], { type: 'image/jpeg' })));
    const kept = newest(thumbs, KEPT_THUMBS);
    drop([before, ...[...thumbs].filter(([other]) => !kept.has(other)).map(([, url]) => url)]);
    set({ thumbs: kept });
  };

  /** Asks for pictures of what is seen, a few at a time, until all are there. */
  async function draw(): Promise<void> {
    if (drawing) return;
    drawing = true;
    const mine = turn;
    try {
      for (;;) {
        const { thumbs } = get();
        let first = seen.from;
        while (first < seen.to && thumbs.has(rowAt(get(), first)?.line ?? -1)) first += 1;
        const row = rowAt(get(), first);
        if (mine !== turn || first >= seen.to || row === null) return;
        const { rows } = await bridge.call('import.rows', {
          ...asks(),
          offset: first,
          limit: Math.min(THUMBS_AT_ONCE, seen.to - first),
          thumbnails: true,
        });
        if (mine !== turn) return;
        for (const { line, thumbnail } of rows)
          if (!get().thumbs.has(line)) putThumb(line, thumbnail as Uint8Array<ArrayBuffer> | null);
        // The list may have moved meanwhile: what was asked for is answered, or never will be.
        if (!get().thumbs.has(row.line)) putThumb(row.line, null);
      }
    } catch (error) {
      if (mine === turn) set({ fault: faultOf(error) });
    } finally {
      drawing = false;
      if (mine !== turn && get().id !== null) void draw();
    }
  }

  const again = (): void => {
    turn += 1;
    asked.clear();
    stale = new Set();
  };

  return {
    id: null,
    filter: ALL,
    total: null,
    pages: new Map(),
    thumbs: new Map(),
    fault: null,

    open(id) {
      if (get().id === id) return;
      again();
      drop(get().thumbs.values());
      set({ id, filter: ALL, total: null, pages: new Map(), thumbs: new Map(), fault: null });
    },

    choose(filter) {
      again();
      seen = { from: 0, to: PAGE_ROWS };
      set({ filter: { ...get().filter, ...filter }, total: null, pages: new Map(), fault: null });
      void get().see(0, PAGE_ROWS);
    },

    async see(from, to) {
      if (get().id === null) return;
      seen = { from, to };
      const { pages } = get();
      await Promise.all(pagesOf(from, to).map((page) => (!pages.has(page) || stale.has(page)) && askPage(page)));
      await draw();
    },

    async renew() {
      stale = new Set(get().pages.keys());
      news += 1;
      await get().see(seen.from, seen.to);
    },

    async look(lines) {
      const { id } = get();
      const mine = turn;
      try {
        const { rows } = await bridge.call('import.rows', { id: id ?? '', lines: [...lines], thumbnails: true });
        if (mine !== turn) return [];
        for (const { line, thumbnail } of rows) putThumb(line, thumbnail as Uint8Array<ArrayBuffer> | null);
        return rows;
      } catch (error) {
        if (mine === turn) set({ fault: faultOf(error) });
        return [];
      }
    },

    put(row) {
      const pages = new Map(
        [...get().pages].map(([page, rows]) => [page, rows.map((one) => (one.line === row.line ? row : one))]),
      );
      set({ pages });
      putThumb(row.line, row.thumbnail as Uint8Array<ArrayBuffer> | null);
      stale = new Set(pages.keys());
      news += 1;
    },

    close() {
      again();
      drop(get().thumbs.values());
      set({ id: null, filter: ALL, total: null, pages: new Map(), thumbs: new Map(), fault: null });
    },
  };
});
