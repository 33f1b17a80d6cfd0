import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ImportRow, ImportView } from '#shared/calls/import';

const call = vi.hoisted(() => vi.fn());
vi.mock('../../../src/renderer/bridge.ts', () => ({ bridge: { call } }));

import { chosenFolder, heldPicture, holdFile, sortGiven } from '../../../src/renderer/lib/import-files.ts';
import { createLeftOut } from '../../../src/renderer/lib/left-out.ts';
import { rowForKey } from '../../../src/renderer/lib/row-keys.ts';
import { useImport } from '../../../src/renderer/stores/import.ts';
import { pagesOf, rowAt, rowOf, useImportRows } from '../../../src/renderer/stores/import-rows.ts';
import {
  alikeOf,
  deliveryTotals,
  leavesUnsent,
  mappingWith,
  reasonCounts,
  rereading,
  shareDone,
  stageOf,
  unsentRows,
} from '../../../src/renderer/stores/import-state.ts';
import { useRowChange } from '../../../src/renderer/stores/row-change.ts';

type Phase = ImportView['progress']['phase'];
const view = (phase: Phase, summary: Partial<ImportView['summary']> = {}): ImportView => ({
  id: 'i1',
  name: 'a.csv',
  table: null,
  photos: null,
  progress: { import: 'i1', phase, done: 0, total: null, rate: null, leftMs: null, accepted: 0, refused: 0 },
  summary: {
    rows: 0,
    accepted: 0,
    refused: 0,
    skipped: 0,
    warned: 0,
    reasons: {},
    warnings: {},
    deliveries: {},
    ...summary,
  },
  doing: null,
  settings: null,
  error: null,
});
const fault = (code: string) => Object.assign(new Error(code), { fault: { kind: 'validation', code, message: code } });

afterEach(() => {
  call.mockReset();
  useImport.setState(useImport.getInitialState());
  useImportRows.getState().close();
});

describe('what the screen shows', () => {
  it('goes from files over columns and work to rows', () => {
    expect(stageOf(null, false)).toBe('files');
    expect(stageOf(view('mapping'), false)).toBe('mapping');
    for (const phase of ['reading', 'checking', 'running', 'paused'] as const)
      expect(stageOf(view(phase), true)).toBe('work');
    expect(stageOf(view('checked'), true)).toBe('mapping');
    for (const phase of ['checked', 'done', 'cancelled', 'failed'] as const)
      expect(stageOf(view(phase), false)).toBe('rows');
  });

  it('lets no two columns hold one field, and guesses anew where the table is read otherwise', () => {
    const columns = [
      { index: 0, field: 'code' as const },
      { index: 1, field: null },
      { index: 2, field: 'phone' as const },
    ];
    expect(mappingWith(columns, 1, 'phone')).toEqual({ '#1': 'code', '#2': 'phone', '#3': null });
    expect(mappingWith(columns, 0, null)).toEqual({ '#1': null, '#2': null, '#3': 'phone' });
    expect(rereading({ delimiter: ';', mapping: { '#1': 'code' } }, { encoding: 'big5' })).toEqual({
      delimiter: ';',
      encoding: 'big5',
    });
  });

  it('counts reasons, deliveries and what was not sent', () => {
    expect(reasonCounts({ reasons: { 'field:phone': 2, 'code:duplicate': 7 }, warnings: { 'face:same': 9 } })).toEqual([
      { key: 'code:duplicate', count: 7, tone: 'reason' },
      { key: 'field:phone', count: 2, tone: 'reason' },
      { key: 'face:same', count: 9, tone: 'warning' },
    ]);
    const deliveries = { hcp: { queued: 2, verified: 3, asking: 1 }, gate: { waiting: 1, abandoned: 4, refused: 1 } };
    expect(deliveryTotals({ deliveries })).toEqual({ arrived: 3, moving: 3, asking: 1, refused: 1, abandoned: 4 });
    expect(unsentRows(null)).toBe(0);
    expect(unsentRows(view('checked', { accepted: 8 }))).toBe(8);
    expect(unsentRows(view('running', { accepted: 8 }))).toBe(0);
    expect(unsentRows(view('paused', { accepted: 8, deliveries }))).toBe(2);
    expect(leavesUnsent({ view: view('checked', { accepted: 8 }), busy: null })).toBe(true);
    expect(leavesUnsent({ view: view('checked', { accepted: 8 }), busy: 'start' })).toBe(false);
    expect([shareDone({ done: 1, total: 4 }), shareDone({ done: 1, total: null })]).toEqual([0.25, null]);
  });

  it('takes keys to rows, and files for what they are', () => {
    expect(['ArrowDown', 'ArrowUp', 'PageDown', 'End', 'Home', 'x'].map((key) => rowForKey(key, 0, 5, 10))).toEqual([
      1,
      0,
      4,
      4,
      0,
      null,
    ]);
    const file = (name: string) => new File(['x'], name);
    const folder = (name: string, names: string[]) => ({
      name,
      files: names.map((one) => ({ name: one, file: file(one) })),
    });
    const sort = (loose: string[], ...folders: ReturnType<typeof folder>[]) => {
      const left = createLeftOut();
      const chosen = sortGiven({ loose: loose.map(file), folders }, left);
      return {
        chosen: chosen.map((one) => [
          one.what,
          one.what === 'folder' ? one.files.map(({ name }) => name) : one.file.name,
        ]),
        left: left.list().map(({ why, count, names }) => [why, count, ...names]),
      };
    };
    expect(sort(['a.xlsx', 'p.ZIP', 'x.jpg', 'y.PNG', '._x.jpg', '.DS_Store'])).toEqual({
      chosen: [
        ['table', 'a.xlsx'],
        ['folder', ['x.jpg', 'y.PNG']],
      ],
      left: [['photos', 1, 'p.ZIP']],
    });
    expect(sort(['a.csv', 'b.csv', 'p.zip', 'q.zip', 'x.heic', 'notes.docx'])).toEqual({
      chosen: [
        ['table', 'a.csv'],
        ['zip', 'p.zip'],
      ],
      left: [
        ['table', 1, 'b.csv'],
        ['photos', 1, 'q.zip'],
        ['picture', 1, 'x.heic'],
        ['other', 1, 'notes.docx'],
      ],
    });
    // A lone file of no known kind: the station says what it is. A folder with its table; one with several.
    expect(sort(['a.pdf']).chosen).toEqual([['table', 'a.pdf']]);
    expect(sort([], folder('f', ['in/1.jpg', 'class.csv', 'Thumbs.db', 'a/b.gif']))).toEqual({
      chosen: [
        ['table', 'class.csv'],
        ['folder', ['in/1.jpg']],
      ],
      left: [['picture', 1, 'a/b.gif']],
    });
    expect(sort(['t.csv'], folder('f', ['1.jpg', 'x.csv', 'y.csv']), folder('g', ['1.jpg']))).toEqual({
      chosen: [
        ['table', 't.csv'],
        ['folder', ['f/1.jpg', 'g/1.jpg']],
      ],
      left: [['table', 2, 'f/x.csv', 'f/y.csv']],
    });
    const many = createLeftOut();
    for (let at = 0; at < 1000; at += 1) many.add('other', `${at}.txt`);
    expect(many.list()).toEqual([{ why: 'other', count: 1000, names: ['0.txt', '1.txt', '2.txt'] }]);
    const inside = Object.defineProperty(file('1.jpg'), 'webkitRelativePath', { value: 'photos/a/1.jpg' });
    expect(chosenFolder([inside]).folders[0]).toMatchObject({ name: 'photos', files: [{ name: 'a/1.jpg' }] });
  });

  it('tells who may be whom', () => {
    const same = { kind: 'face', code: 'same', message: '', lines: [4, 9] } as const;
    const double = { kind: 'code', code: 'duplicate', message: '', lines: [7] } as const;
    const out = { kind: 'row', code: 'left-out', message: '' } as const;
    const known = { kind: 'face', code: 'known', message: '' } as const;
    const of = (reasons: ImportRow['reasons'], warnings: ImportRow['warnings'] = []) => alikeOf({ reasons, warnings });
    expect(of([])).toBeNull();
    expect(of([], [{ ...same, lines: [4, 9] }])).toEqual({ kind: 'face', lines: [4, 9], out: false });
    expect(of([{ ...double, lines: [7] }, out], [{ ...same, lines: [4] }])).toEqual({
      kind: 'code',
      lines: [7],
      out: true,
    });
    expect(of([known])).toEqual({ kind: 'known', lines: [], out: false });
    expect(of([out])).toEqual({ kind: 'out', lines: [], out: true });
  });
});

describe('the open import', () => {
  const give = (...files: File[]) => useImport.getState().take(async () => ({ loose: files, folders: [] }));

  it('opens a table with photos that came before it', async () => {
    const tokens = ['photos', 'table'];
    call.mockImplementation(async (name: string) => {
      if (name === 'import.upload') return { token: tokens.shift() };
      if (name === 'import.list') return { open: [], left: [] };
      return name === 'import.open' ? view('mapping') : undefined;
    });
    await give(new File(['x'], 'a.jpg'), new File(['x'], 'notes.docx'));
    expect(useImport.getState().leftOut).toEqual([{ why: 'other', count: 1, names: ['notes.docx'] }]);
    await give(new File(['code,name'], 'a.csv'));
    expect(call.mock.calls.find(([name]) => name === 'import.open')?.[1]).toEqual({ table: 'table', photos: 'photos' });
    const { view: shown, busy, leftOut } = useImport.getState();
    expect([shown?.id, busy, leftOut]).toEqual(['i1', null, []]);
    await give(new File(['x'], 'x.docx'), new File(['x'], 'y.docx'));
    expect(useImport.getState().trouble?.fault.code).toBe('no-photos-in');
  });

  it('throws away what was handed over when somebody stops it', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    call.mockImplementation(async (name: string) => {
      if (name === 'import.upload') return { token: 'photos' };
      begin();
      return name === 'import.part' ? promise : undefined;
    });
    const giving = give(...Array.from({ length: 20 }, (_, at) => new File(['x'], `${at}.jpg`)));
    await begun;
    expect(useImport.getState().uploading).toMatchObject({ what: 'folder', total: 20 });
    useImport.getState().stopUpload();
    resolve();
    await giving;
    expect(call.mock.calls.filter(([name]) => name === 'import.part').length).toBeLessThanOrEqual(3);
    expect(call.mock.calls.at(-1)).toEqual(['import.discard', { token: 'photos' }]);
    const { uploading, trouble, busy, photos } = useImport.getState();
    expect([uploading, trouble, busy, photos]).toEqual([null, null, null, null]);
  });

  it('forgets an import the station no longer has, and says so', async () => {
    useImport.setState({ view: view('paused') });
    call.mockRejectedValue(fault('unknown-import'));
    await useImport.getState().resume();
    expect(useImport.getState().view).toBeNull();
    expect(useImport.getState().trouble?.fault.code).toBe('unknown-import');
  });
});

const row = (line: number): ImportRow => ({
  line,
  code: `C${line}`,
  name: '',
  verdict: 'new',
  reasons: [],
  warnings: [],
  thumbnail: null,
  deliveries: [],
});

describe('the rows', () => {
  it('asks for the pages that are seen, once', async () => {
    expect([pagesOf(0, 50), pagesOf(49, 51), pagesOf(120, 120)]).toEqual([[0], [0, 1], [2]]);
    call.mockImplementation(async (_: string, { offset, limit }: { offset: number; limit: number }) => ({
      total: 10_000,
      rows: Array.from({ length: limit }, (_, at) => row(offset + at)),
    }));
    useImportRows.getState().open('i1');
    await useImportRows.getState().see(5_000, 5_010);
    await useImportRows.getState().see(5_001, 5_009);
    const asked = call.mock.calls.filter(([, input]) => !input.thumbnails).map(([, { offset }]) => offset);
    expect(asked).toEqual([5_000]);
    expect(rowAt(useImportRows.getState(), 5_003)?.line).toBe(5_003);
    expect(useImportRows.getState().thumbs.size).toBeGreaterThanOrEqual(10);
    for (let at = 0; at < 100; at += 1) await useImportRows.getState().see(at * 50, at * 50 + 10);
    expect(useImportRows.getState().pages.size).toBe(30);
    expect(useImportRows.getState().thumbs.size).toBeLessThanOrEqual(400);
  });
});

describe('a photo for a row', () => {
  const PHOTO = new Uint8Array([1]);
  const OTHER = new Uint8Array([2]);
  const { give, retry, drop } = useRowChange.getState();
  /** What the station was given: lines, and the first byte of each picture. */
  const sent = () =>
    call.mock.calls.flatMap(([name, input]) => (name === 'import.replace' ? [[input.line, input.bytes[0]]] : []));
  const now = () => useRowChange.getState();
  afterEach(() => {
    useImport.setState({ view: null });
    useRowChange.setState(useRowChange.getInitialState());
  });

  it('that comes while the table is read is kept, and put in when it is read', async () => {
    useImport.setState({ view: view('reading') });
    call.mockImplementation(async (name: string, { line }) =>
      name === 'import.replace' ? row(line) : view('checked'),
    );
    give(3, PHOTO);
    give(4, PHOTO);
    give(4, OTHER);
    give(5, PHOTO);
    drop(5);
    expect(sent()).toEqual([]);
    expect(now().waiting.map(({ line, fault: why }) => [line, why])).toEqual([
      [3, null],
      [4, null],
    ]);
    useImport.setState({ view: view('checked') });
    await vi.waitFor(() => expect(now().waiting).toEqual([]));
    expect(sent()).toEqual([
      [3, 1],
      [4, 2],
    ]);
  });

  it('that comes while another is looked at takes its turn; of another table it waits for that table', async () => {
    useImport.setState({ view: view('paused') });
    const { promise, resolve } = Promise.withResolvers<void>();
    call.mockImplementation(async (name: string, { line }) => {
      if (name !== 'import.replace') return useImport.getState().view;
      await promise;
      return row(line);
    });
    give(3, PHOTO);
    give(4, OTHER);
    expect(now().busy).toEqual({ line: 3, what: 'photo' });
    useImport.setState({ view: { ...view('checked'), id: 'i2' } });
    resolve();
    await vi.waitFor(() => expect(now().busy).toBeNull());
    expect(sent()).toEqual([[3, 1]]);
    useImport.setState({ view: view('checked') });
    await vi.waitFor(() => expect(now().waiting).toEqual([]));
    expect(sent()[1]).toEqual([4, 2]);
  });

  it('that the station could not take is kept with the reason, and tried again', async () => {
    useImport.setState({ view: view('checked') });
    call.mockRejectedValueOnce(fault('station-gone'));
    call.mockRejectedValueOnce(
      Object.assign(new Error('x'), { fault: { kind: 'unreachable', code: 'x', message: 'x' } }),
    );
    give(3, PHOTO);
    // Another picture is needed: this one is no good.
    await vi.waitFor(() => expect(now().failed?.fault.code).toBe('station-gone'));
    expect(now().waiting).toEqual([]);
    give(4, PHOTO);
    await vi.waitFor(() => expect(now().waiting[0]?.fault?.kind).toBe('unreachable'));
    call.mockImplementation(async (name: string, { line }) =>
      name === 'import.replace' ? row(line) : view('checked'),
    );
    retry(4);
    await vi.waitFor(() => expect(now()).toMatchObject({ waiting: [], done: 4 }));
  });

  it('that finds the table at work again in another window goes when that is over', async () => {
    useImport.setState({ view: view('checked') });
    let working = true;
    call.mockImplementation(async (name: string, { line }) => {
      if (name !== 'import.replace') return view(working ? 'checking' : 'done');
      if (working) throw fault('busy');
      return row(line);
    });
    give(3, PHOTO);
    await vi.waitFor(() => expect(useImport.getState().view?.progress.phase).toBe('checking'));
    await vi.waitFor(() => expect(now()).toMatchObject({ busy: null, waiting: [{ line: 3, fault: null }] }));
    working = false;
    useImport.setState({ view: view('done') });
    await vi.waitFor(() => expect(now()).toMatchObject({ waiting: [], done: 3 }));
    expect(sent()).toHaveLength(2);
  });

  it('may be let go on a row whatever the page takes; what is no file is left alone', () => {
    const held = (type: string) => {
      const dataTransfer: Pick<DataTransfer, 'types' | 'dropEffect'> = { types: [type], dropEffect: 'none' };
      const event = { dataTransfer, preventDefault: vi.fn(), stopPropagation: vi.fn() };
      holdFile(event);
      return [dataTransfer.dropEffect, event.preventDefault.mock.calls.length, event.stopPropagation.mock.calls.length];
    };
    expect(held('Files')).toEqual(['copy', 1, 1]);
    expect(held('text/plain')).toEqual(['none', 0, 0]);
  });

  it('is told from a folder, a zip or several before it is let go, so that no row seems to take those', () => {
    const file = (type: string) => ({ kind: 'file', type });
    expect(heldPicture({ items: [file('image/jpeg')] })).toBe(true);
    expect(heldPicture({ items: [file('image/png')] })).toBe(true);
    expect(heldPicture({ items: [file('')] })).toBe(false);
    expect(heldPicture({ items: [file('application/zip')] })).toBe(false);
    expect(heldPicture({ items: [file('image/heic')] })).toBe(false);
    expect(heldPicture({ items: [file('image/jpeg'), file('image/jpeg')] })).toBe(false);
    expect(heldPicture({ items: [{ kind: 'string', type: 'image/png' }] })).toBe(false);
    expect(heldPicture({ items: [] })).toBe(false);
  });

  it('is for the row that is open, wherever the list has moved it', () => {
    useImportRows.setState({ pages: new Map([[2, [row(7), row(9)]]]) });
    expect(rowOf(useImportRows.getState(), 9)?.code).toBe('C9');
    expect(rowOf(useImportRows.getState(), 8)).toBeNull();
  });
});
