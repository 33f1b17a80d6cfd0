import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import {
  type ImportProgress,
  type ImportSummary,
  type ImportView,
  importFields,
  type PHASES,
} from '#shared/calls/import';
import { FaultError, toFault } from '#shared/fault';
import type { ConfiguredPlatform } from '../api.ts';
import type { Checker } from '../check.ts';
import { unwritten } from '../disk.ts';
import type { NewEnrolment } from '../enrolment.ts';
import type { Journal } from '../journal/index.ts';
import { resolveTargets } from '../people.ts';
import type { ImportSettings, Mapping, ReadingOptions } from './api.ts';
import { type Column, type ColumnProblem, columnKeys, headerSet, mapColumns } from './columns.ts';
import { ENCODINGS } from './encodings.ts';
import { createFaceIndex } from './face-index.ts';
import { createImportRun, eachRow, storedRows } from './import-run.ts';
import type { PhotoRef, PhotoSource } from './photo-source.ts';
import { CANCELLED } from './plan.ts';
import { createRowPace } from './progress.ts';
import { stageRows } from './staging.ts';
import { type ByteSource, type OpenTable, openTable } from './table.ts';

export interface ImportsDeps {
  journal: Journal;
  checker: Checker;
  platforms: readonly ConfiguredPlatform[];
  create(entry: NewEnrolment): Promise<string>;
  /** Asks platforms for the criteria they told of their own. */
  refreshCriteria(): Promise<void>;
  now(): number;
  /** Who acts, for the audit trail. */
  actor(): string;
  changed(progress: ImportProgress): void;
  /** An error that is nobody's fault but ours. */
  unexpected(id: string, error: unknown): void;
  /** Aborted when the station closes. */
  closing: AbortSignal;
}

export interface OpenImport {
  table: ByteSource;
  /** What makes the same import again the same: a path, or the file's name. */
  key: string;
  photos: PhotoSource | null;
  reading?: ReadingOptions;
  mapping?: Mapping | undefined;
}

type Phase = (typeof PHASES)[number];

/** An import at work in this process. */
export interface ImportSession {
  id: string;
  name: string;
  batch: string;
  photos: PhotoSource | null;
  source: ByteSource;
  table: OpenTable;
  columns: Column[];
  problems: ColumnProblem[];
  settings: ImportSettings | null;
  replaced: Map<string, PhotoRef>;
  work: Promise<void> | null;
}

interface State extends ImportSession {
  phase: Phase;
  done: number;
  total: number | null;
  pace: ReturnType<typeof createRowPace>;
  error: FaultError | null;
  stop: AbortController | null;
  paused: { promise: Promise<void>; resume(): void; phase: Phase } | null;
  toldAt: number;
}

/** How often progress is told. */
const TELL_MS = 250;
const BUSY: ReadonlySet<Phase> = new Set(['reading', 'checking', 'running', 'paused']);
const mappingSchema = z.record(z.string(), z.enum(importFields).nullable());

export type Imports = ReturnType<typeof createImports>;

function wrong(code: string, message: string, field = 'id'): FaultError {
  return new FaultError({ kind: 'validation', code, field, message });
}

/** Imports: opened, mapped, checked, run. One after another or side by side; each belongs to the process that opened it, its rows to the journal. */
export function createImports(deps: ImportsDeps) {
  const { journal, now, closing } = deps;
  const records = journal.imports;
  const sessions = new Map<string, State>();

  const get = (id: string): State => {
    const found = sessions.get(id);
    if (found === undefined) throw wrong('unknown-import', 'this import is no longer open: open its file again');
    return found;
  };
  const memory = (table: OpenTable) =>
    `import-columns:${createHash('sha256').update(headerSet(table.headers)).digest('hex').slice(0, 32)}`;
  const remembered = (table: OpenTable): Mapping => {
    const known = table.hasHeader ? mappingSchema.safeParse(journal.records.item(memory(table))) : null;
    return known?.success ? known.data : {};
  };

  const progress = (state: State): ImportProgress => {
    const { verdicts } =
      state.phase === 'mapping' ? { verdicts: {} as Record<string, number> } : records.verdicts(state.batch);
    return {
      import: state.id,
      phase: state.phase,
      done: state.done,
      total: state.total,
      rate: state.pace.rate(),
      leftMs: BUSY.has(state.phase) ? state.pace.left(state.done, state.total) : null,
      accepted: verdicts.accepted ?? 0,
      refused: verdicts.refused ?? 0,
    };
  };
  const tell = (state: State, at = now()): void => {
    state.toldAt = at;
    deps.changed(progress(state));
  };
  const enter = (state: State, phase: Phase, total: number | null): void => {
    Object.assign(state, { phase, done: 0, total, pace: createRowPace(now) });
    tell(state);
  };
  const reached = (state: State, done: number): void => {
    state.done = done;
    state.pace.reached(done);
    const at = now();
    if (at - state.toldAt >= TELL_MS || at < state.toldAt) tell(state, at);
  };

  const read = async (source: ByteSource, reading: ReadingOptions, told: Mapping) => {
    const table = await openTable(source, reading, told);
    const { columns, problems } = mapColumns(table.headers, told, remembered(table));
    return { table, columns, problems };
  };
  /** What a person settled is taken for the next table with these columns. */
  const remember = ({ table, columns, problems }: ImportSession, told: Mapping): void => {
    if (Object.keys(told).length === 0 || !table.hasHeader || problems.some(({ fatal }) => fatal)) return;
    const keys = columnKeys(table.headers);
    const mapping = Object.fromEntries(columns.map(({ index, field }) => [keys[index] ?? '', field]));
    journal.records.setItem(memory(table), mapping, now());
  };

  const start = (state: State, settings: ImportSettings, work: (signal: AbortSignal) => Promise<void>): void => {
    if (state.work !== null) throw wrong('busy', 'this import is at work: pause or cancel it first');
    const fatal = state.problems.find((problem) => problem.fatal);
    if (fatal) throw wrong(fatal.code, fatal.message, 'mapping');
    state.settings = settings;
    state.error = null;
    const stop = new AbortController();
    state.stop = stop;
    const signal = AbortSignal.any([stop.signal, closing]);
    state.work = work(signal)
      .catch((thrown: unknown) => {
        if (signal.aborted) {
          state.phase = 'cancelled';
          return;
        }
        const error = unwritten(thrown);
        if (!(error instanceof FaultError)) deps.unexpected(state.id, error);
        state.error = error instanceof FaultError ? error : new FaultError(toFault(error), { cause: error });
        state.phase = 'failed';
      })
      .finally(() => {
        state.work = null;
        state.stop = null;
        if (!closing.aborted) tell(state);
      });
  };

  const lanes = (settings: ImportSettings): number => settings.concurrency ?? Math.min(8, 2 * availableParallelism());

  const runOptions = (state: State, settings: ImportSettings, signal: AbortSignal) => ({
    batch: state.batch,
    photos: state.photos,
    replaced: (id: string) => state.replaced.get(id) ?? null,
    targets: resolveTargets(settings.to, deps.platforms),
    onDuplicate: settings.onDuplicate,
    onExisting: settings.onExisting,
    onSimilar: settings.onSimilar,
    onlyFailed: settings.onlyFailed,
    faces: createFaceIndex(),
    signal,
    gate: async () => {
      await state.paused?.promise;
    },
  });
  const newRun = (options: ReturnType<typeof runOptions>) =>
    createImportRun(
      { records, checker: deps.checker, now, transaction: journal.transaction, create: deps.create },
      options,
    );

  const stage = async (state: State, settings: ImportSettings, signal: AbortSignal): Promise<void> => {
    enter(state, 'reading', null);
    // Photos that took the place of rows' own stay with their rows.
    const replaced = new Map<number, string>();
    for (const row of state.replaced.size === 0 ? [] : storedRows(records, state.batch))
      if (row.replaced !== null) replaced.set(row.line, row.replaced);
    await deps.refreshCriteria();
    await stageRows(records, state.batch, {
      table: state.table,
      columns: state.columns,
      targets: resolveTargets(settings.to, deps.platforms),
      kind: settings.kind,
      dates: settings.dates,
      onlyFailed: settings.onlyFailed,
      signal,
      reached: (rows) => reached(state, rows),
    });
    for (const [line, id] of replaced) {
      const row = records.row(state.batch, line);
      if (row !== null) records.judged(state.batch, line, row.verdict, { ...row, replaced: id });
    }
  };
  const each = async (
    state: State,
    phase: Phase,
    rows: Iterable<Parameters<Parameters<typeof eachRow>[2]>[0]>,
    total: number,
    settings: ImportSettings,
    work: Parameters<typeof eachRow>[2],
  ): Promise<void> => {
    enter(state, phase, total);
    let done = 0;
    await eachRow(rows, lanes(settings), async (row) => {
      await work(row);
      done += 1;
      reached(state, done);
    });
  };

  const check = async (state: State, settings: ImportSettings, signal: AbortSignal): Promise<void> => {
    await stage(state, settings, signal);
    if (state.photos === null && state.replaced.size === 0) {
      records.acceptRead(state.batch);
      enter(state, 'checked', records.count(state.batch));
      return;
    }
    const run = newRun(runOptions(state, settings, signal));
    await each(state, 'checking', storedRows(records, state.batch), records.count(state.batch), settings, run.check);
    state.phase = 'checked';
  };

  const run = async (state: State, settings: ImportSettings, signal: AbortSignal): Promise<void> => {
    await stage(state, settings, signal);
    const options = runOptions(state, settings, signal);
    const rows = newRun(options);
    const total = records.count(state.batch);
    if (settings.onDuplicate === 'stop') {
      // A face may turn up again in the last row: nobody is sent before all were looked at.
      await each(state, 'checking', storedRows(records, state.batch), total, settings, rows.check);
      const accepted = records.verdicts(state.batch).verdicts.accepted ?? 0;
      await each(
        state,
        'running',
        storedRows(records, state.batch, 'accepted'),
        accepted,
        settings,
        rows.enrolAccepted,
      );
    } else await each(state, 'running', storedRows(records, state.batch), total, settings, rows.checkAndEnrol);
    state.phase = 'done';
    const { verdicts } = records.verdicts(state.batch);
    const detail = {
      import: state.batch,
      rows: total,
      accepted: verdicts.accepted ?? 0,
      refused: verdicts.refused ?? 0,
    };
    journal.audit.append({ actor: deps.actor(), action: 'import', outcome: 'done', detail }, now());
  };

  /** What of this import was not sent yet is given up; running it again sends it. */
  const giveUp = (state: State): void => {
    journal.transaction(() => {
      let given = 0;
      for (const id of records.undelivered(state.batch)) {
        const changed = journal.deliveries.change(id, now(), () => ({
          state: 'abandoned',
          error: { ...CANCELLED },
          question: null,
        }));
        if (changed !== null) given += 1;
      }
      const detail = { import: state.batch, deliveries: given };
      journal.audit.append({ actor: deps.actor(), action: 'import', outcome: 'cancelled', detail }, now());
    });
  };

  const summary = (batch: string): ImportSummary => {
    const { verdicts, ...rest } = records.summary(batch);
    return {
      rows: Object.values(verdicts).reduce((sum, count) => sum + count, 0),
      accepted: verdicts.accepted ?? 0,
      refused: verdicts.refused ?? 0,
      skipped: verdicts.skipped ?? 0,
      ...rest,
    };
  };

  const view = (state: State): ImportView => ({
    id: state.id,
    name: state.name,
    table: {
      format: state.table.format,
      encoding: state.table.encoding,
      certain: state.table.certain,
      encodings: [...ENCODINGS],
      delimiter: state.table.delimiter,
      header: state.table.hasHeader,
      columns: state.columns.map(({ index, name, field }) => ({
        index,
        name,
        field,
        sample: state.table.sample.map((cells) => (cells[index] ?? '').slice(0, 200)),
      })),
      problems: state.problems,
    },
    photos: state.photos && { kind: state.photos.kind, files: state.photos.files, refused: state.photos.refused },
    progress: progress(state),
    summary: summary(state.batch),
    settings: state.settings && { ...state.settings, to: [...state.settings.to] },
    error: state.error?.message ?? null,
  });

  return {
    /** Opens a table; the same file again is the same import. Rejects with FaultError `validation`. */
    async open({ table: source, key, photos, reading = {}, mapping = {} }: OpenImport): Promise<string> {
      const opened = await read(source, reading, mapping);
      const batch = records.open(key, now());
      const before = sessions.get(batch);
      if (before !== undefined && before.work !== null)
        throw wrong('busy', 'this file is being imported already', 'table');
      await before?.photos?.close();
      const state: State = {
        ...opened,
        id: batch,
        name: source.name,
        batch,
        photos,
        source,
        settings: null,
        replaced: before?.replaced ?? new Map(),
        work: null,
        phase: 'mapping',
        done: 0,
        total: null,
        pace: createRowPace(now),
        error: null,
        stop: null,
        paused: null,
        toldAt: 0,
      };
      sessions.set(batch, state);
      remember(state, mapping);
      return batch;
    },

    /** Reads the table otherwise. @param photos take the place of those it had */
    async reread(id: string, reading: ReadingOptions, mapping: Mapping, photos?: PhotoSource): Promise<void> {
      const state = get(id);
      if (state.work !== null) throw wrong('busy', 'this import is at work: pause or cancel it first');
      Object.assign(state, await read(state.source, reading, mapping), { phase: 'mapping' });
      if (photos !== undefined) {
        await state.photos?.close();
        state.photos = photos;
      }
      remember(state, mapping);
    },

    session: (id: string): ImportSession => get(id),
    /** What is open here, and what an earlier process left unfinished. */
    list: () => ({
      open: [...sessions.values()].map((state) => ({ id: state.id, name: state.name, progress: progress(state) })),
      left: records.unfinished().filter(({ id }) => !sessions.has(id)),
    }),
    view: (id: string): ImportView => view(get(id)),
    progress: (id: string): ImportProgress => progress(get(id)),
    summary: (id: string): ImportSummary => summary(get(id).batch),
    /** What ended it; null when nothing did. */
    failure: (id: string): FaultError | null => get(id).error,

    /** Starts a dry run. */
    check(id: string, settings: ImportSettings): void {
      const state = get(id);
      resolveTargets(settings.to, deps.platforms);
      start(state, settings, (signal) => check(state, settings, signal));
    },
    /** Starts checking and enrolling. */
    run(id: string, settings: ImportSettings): void {
      const state = get(id);
      resolveTargets(settings.to, deps.platforms);
      if (state.photos === null) throw wrong('photos', 'no photos were given', 'photos');
      start(state, settings, (signal) => run(state, settings, signal));
    },
    /** Resolves when what was started has ended, however. */
    async ended(id: string): Promise<void> {
      await get(id).work;
    },

    pause(id: string): void {
      const state = get(id);
      if (state.work === null || state.paused !== null) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      state.paused = { promise, resume: resolve, phase: state.phase };
      state.phase = 'paused';
      tell(state);
    },
    resume(id: string): void {
      const state = get(id);
      if (state.paused === null) return;
      state.phase = state.paused.phase;
      state.paused.resume();
      state.paused = null;
      state.pace = createRowPace(now);
      tell(state);
    },
    /** Stops what is at work. What was written stays in the outbox. */
    async interrupt(id: string): Promise<void> {
      const state = get(id);
      state.stop?.abort(new Error('cancelled'));
      state.paused?.resume();
      state.paused = null;
      await state.work;
    },
    /** Stops, and gives up what was not sent yet. */
    async cancel(id: string): Promise<void> {
      await this.interrupt(id);
      const state = get(id);
      giveUp(state);
      state.phase = 'cancelled';
      tell(state);
    },

    /** A row with another photo, looked at anew. */
    async replace(id: string, line: number, photo: { id: string; ref: PhotoRef }): Promise<void> {
      const state = get(id);
      const { settings } = state;
      const row = records.row(state.batch, line);
      if (row === null || settings === null) throw wrong('unknown-row', 'there is no such row', 'line');
      if (state.work !== null && state.paused === null) throw wrong('busy', 'this import is at work: pause it first');
      state.replaced.set(photo.id, photo.ref);
      const replaced = { ...row, replaced: photo.id };
      records.judged(state.batch, line, row.verdict, replaced);
      await newRun({ ...runOptions(state, settings, closing), gate: async () => undefined }).check(replaced);
    },

    async forget(id: string): Promise<void> {
      const state = get(id);
      await this.interrupt(id);
      await state.photos?.close();
      sessions.delete(id);
      records.forget(state.batch);
    },

    /** When the station closes. */
    async close(): Promise<void> {
      for (const state of sessions.values()) {
        state.paused?.resume();
        await state.work;
        await state.photos?.close();
      }
      sessions.clear();
    },
  };
}
