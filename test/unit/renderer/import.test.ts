import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ImportRow, ImportView } from '#shared/calls/import';

const call = vi.hoisted(() => vi.fn());
vi.mock('../../../src/renderer/bridge.ts', () => ({ bridge: { call } }));

import { sortFiles } from '../../../src/renderer/lib/import-files.ts';
import { rowForKey } from '../../../src/renderer/lib/row-keys.ts';
import { useImport } from '../../../src/renderer/stores/import.ts';
import { pagesOf, rowAt, useImportRows } from '../../../src/renderer/stores/import-rows.ts';
import {
  deliveryTotals,
  mappingWith,
  reasonCounts,
  rereading,
  shareDone,
  stageOf,
  unsentRows,
} from '../../../src/renderer/stores/import-state.ts';

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
    const named = (name: string) => new File(['x'], name);
    const sorted = sortFiles(['a.xlsx', 'p.ZIP', 'x.jpg', 'y.PNG', '._x.jpg'].map(named));
    expect(
      sorted.map((one) => [one.what, one.what === 'folder' ? one.files.map(({ name }) => name) : one.file.name]),
    ).toEqual([
      ['table', 'a.xlsx'],
      ['zip', 'p.ZIP'],
      ['table', '._x.jpg'],
      ['folder', ['x.jpg', 'y.PNG']],
    ]);
  });
});

describe('the open import', () => {
  it('opens a table with photos that came before it', async () => {
    const tokens = ['photos', 'table'];
    call.mockImplementation(async (name: string) => {
      if (name === 'import.upload') return { token: tokens.shift() };
      return name === 'import.open' ? view('mapping') : undefined;
    });
    await useImport.getState().take(sortFiles([new File(['x'], 'a.jpg')]));
    await useImport.getState().take(sortFiles([new File(['code,name'], 'a.csv')]));
    expect(call.mock.calls.find(([name]) => name === 'import.open')?.[1]).toEqual({ table: 'table', photos: 'photos' });
    expect([useImport.getState().view?.id, useImport.getState().busy]).toEqual(['i1', null]);
  });

  it('forgets an import the station no longer has, and says so', async () => {
    useImport.setState({ view: view('paused') });
    call.mockRejectedValue(fault('unknown-import'));
    await useImport.getState().resume();
    expect(useImport.getState().view).toBeNull();
    expect(useImport.getState().trouble?.fault.code).toBe('unknown-import');
  });
});

describe('the rows', () => {
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
