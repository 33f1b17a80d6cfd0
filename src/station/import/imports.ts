import type { ImportProgress, ImportSummary, ImportView } from '#shared/calls/import';
import { FaultError, toFault } from '#shared/fault';
import { unwritten } from '../disk.ts';
import { resolveTargets } from '../people.ts';
import type { ImportSettings, Mapping, ReadingOptions } from './api.ts';
import { summaryOf, viewOf } from './import-view.ts';
import type { PhotoRef, PhotoSource } from './photo-source.ts';
import { createRowPace } from './progress.ts';
import { createReading } from './reading.ts';
import { createTeller, type ImportSession, type ImportState, type ImportsDeps, wrong } from './session.ts';
import type { ByteSource } from './table.ts';
import { createImportWork } from './work.ts';

export interface OpenImport {
  table: ByteSource;
  /** What makes the same import again the same: a path, or the file's name. */
  key: string;
  photos: PhotoSource | null;
  reading?: ReadingOptions;
  mapping?: Mapping | undefined;
}

export type Imports = ReturnType<typeof createImports>;

/** Imports: opened, mapped, checked, run. One after another or side by side; each belongs to the process that opened it, its rows to the journal. */
export function createImports(deps: ImportsDeps) {
  const { journal, now, closing } = deps;
  const records = journal.imports;
  const sessions = new Map<string, ImportState>();
  const teller = createTeller(deps);
  const { progress, tell } = teller;
  const { read, remember } = createReading(deps);
  const work = createImportWork(deps, teller);

  const get = (id: string): ImportState => {
    const found = sessions.get(id);
    if (found === undefined) throw wrong('unknown-import', 'this import is no longer open: open its file again');
    return found;
  };

  const start = (state: ImportState, settings: ImportSettings, job: (signal: AbortSignal) => Promise<void>): void => {
    if (state.work !== null) throw wrong('busy', 'this import is at work: pause or cancel it first');
    const fatal = state.problems.find((problem) => problem.fatal);
    if (fatal) throw wrong(fatal.code, fatal.message, 'mapping');
    state.settings = settings;
    state.error = null;
    const stop = new AbortController();
    state.stop = stop;
    const signal = AbortSignal.any([stop.signal, closing]);
    state.work = job(signal)
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

  return {
    /** Opens a table; the same file again is the same import. Rejects with FaultError `validation`. */
    async open({ table: source, key, photos, reading = {}, mapping = {} }: OpenImport): Promise<string> {
      const opened = await read(source, reading, mapping);
      const batch = records.open(key, now());
      const before = sessions.get(batch);
      if (before !== undefined && before.work !== null)
        throw wrong('busy', 'this file is being imported already', 'table');
      await before?.photos?.close();
      const state: ImportState = {
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
    view: (id: string): ImportView => viewOf(records, teller, get(id)),
    progress: (id: string): ImportProgress => progress(get(id)),
    summary: (id: string): ImportSummary => summaryOf(records, get(id).batch),
    /** What ended it; null when nothing did. */
    failure: (id: string): FaultError | null => get(id).error,

    /** Starts a dry run. */
    check(id: string, settings: ImportSettings): void {
      const state = get(id);
      resolveTargets(settings.to, deps.platforms);
      start(state, settings, (signal) => work.check(state, settings, signal));
    },
    /** Starts checking and enrolling. */
    run(id: string, settings: ImportSettings): void {
      const state = get(id);
      resolveTargets(settings.to, deps.platforms);
      if (state.photos === null) throw wrong('photos', 'no photos were given', 'photos');
      start(state, settings, (signal) => work.run(state, settings, signal));
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
      work.giveUp(state);
      state.phase = 'cancelled';
      tell(state);
    },

    /** A row with another photo, looked at anew. */
    async replace(id: string, line: number, photo: { id: string; ref: PhotoRef }): Promise<void> {
      const state = get(id);
      const { settings } = state;
      if (settings === null) throw wrong('unknown-row', 'there is no such row', 'line');
      if (state.work !== null && state.paused === null) throw wrong('busy', 'this import is at work: pause it first');
      await work.replace(state, settings, line, photo);
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
