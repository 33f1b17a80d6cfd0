import type { ImportProgress, ImportSummary, ImportView } from '#shared/calls/import';
import { FaultError, toFault } from '#shared/fault';
import { unwritten } from '../disk.ts';
import { resolveTargets } from '../people.ts';
import type { ImportSettings, Mapping, ReadingOptions } from './api.ts';
import type { ByteSource } from './byte-source.ts';
import { ENCODINGS } from './encodings.ts';
import { type Erased, isErased, withoutRows } from './erase-lines.ts';
import { summaryOf, viewOf } from './import-view.ts';
import type { KeptImport, KeptImports } from './kept.ts';
import type { PhotoRef, PhotoSource } from './photo-source.ts';
import { createRowPace } from './progress.ts';
import { createReading } from './reading.ts';
import {
  createTeller,
  type ImportSession,
  type ImportState,
  type ImportsDeps,
  type LeftImport,
  type OpenImport,
  type Origins,
  type Phase,
  wrong,
} from './session.ts';
import { createTurns } from './turns.ts';
import { createImportWork, type Decision } from './work.ts';

/** Writes a table's bytes anew. */
type Rewrite = (chunks: AsyncIterable<Uint8Array>) => Promise<void>;

export type Imports = ReturnType<typeof createImports>;

/**
 * Imports: opened, mapped, checked, run. One after another or side by side; each belongs to the process that opened it, its rows to the
 * journal. @param photoOf a photo that was given in place of a row's own
 */
export function createImports(deps: ImportsDeps, notes: KeptImports, photoOf: (id: string) => PhotoRef) {
  const { journal, now, closing } = deps;
  const records = journal.imports;
  const sessions = new Map<string, ImportState>();
  const teller = createTeller(deps);
  const { progress, tell, enter } = teller;
  const { read, remember } = createReading(deps);
  const work = createImportWork(deps, teller);
  const turns = createTurns(deps, teller);
  /** What is being written down, one after another. */
  let writing: Promise<void> = Promise.resolve();

  const get = (id: string): ImportState => {
    const found = sessions.get(id);
    if (found === undefined) throw wrong('unknown-import', 'this import is no longer open: open its file again');
    return found;
  };

  const replacedOf = (batch: string): Map<string, PhotoRef> =>
    new Map((notes.all().get(batch)?.replaced ?? []).map((id) => [id, photoOf(id)]));
  const inTurn = (job: () => Promise<void>): Promise<void> => {
    const done = writing.then(job);
    writing = done.catch(() => undefined);
    return done;
  };
  /** Writes down what it takes to open an import again. Rejects with FaultError `capacity`. */
  const keep = (state: ImportState): Promise<void> =>
    inTurn(async () => {
      const { origins, name, reading, mapping, settings, phase, doing, replaced } = state;
      if (origins === null || sessions.get(state.id) !== state) return;
      await notes.write(state.id, {
        ...origins,
        name,
        reading,
        mapping,
        settings: settings && { ...settings, to: [...settings.to] },
        phase,
        doing,
        replaced: [...replaced.keys()],
      });
    });

  /** Opens a table again whose bytes are others by now: somebody was taken out of it. */
  const renew = async (state: ImportState): Promise<void> => {
    const version = (await state.source.version?.()) ?? null;
    if (version !== state.version) Object.assign(state, await read(state.source, state.reading, state.mapping));
  };

  const start = (
    state: ImportState,
    settings: ImportSettings,
    doing: 'check' | 'run',
    job: (signal: AbortSignal) => Promise<Phase>,
  ): void => {
    if (state.work !== null) throw wrong('busy', 'this import is at work: pause or cancel it first');
    const fatal = state.problems.find((problem) => problem.fatal);
    if (fatal) throw wrong(fatal.code, fatal.message, 'mapping');
    state.settings = settings;
    state.error = null;
    state.doing = doing;
    const stop = new AbortController();
    state.stop = stop;
    const signal = AbortSignal.any([stop.signal, closing]);
    enter(state, 'reading', null);
    const begin = async (): Promise<Phase> => {
      const mine = turns.takes(state);
      await keep(state);
      if (!mine) await turns.wait(state, signal);
      await renew(state);
      return job(signal);
    };
    state.work = begin()
      .catch((thrown: unknown): Phase => {
        if (signal.aborted) return 'cancelled';
        const error = unwritten(thrown);
        if (!(error instanceof FaultError)) deps.unexpected(state.id, error);
        state.error = error instanceof FaultError ? error : new FaultError(toFault(error), { cause: error });
        return 'failed';
      })
      .then((phase) => {
        // Whoever sees the phase may do the next thing at once.
        Object.assign(state, { phase, work: null, stop: null });
        turns.done(state);
        if (closing.aborted) return;
        state.doing = null;
        tell(state);
        keep(state).catch((error: unknown) => deps.unexpected(state.id, error));
      });
  };

  const newState = (
    batch: string,
    opened: Pick<
      ImportSession,
      'version' | 'table' | 'columns' | 'problems' | 'source' | 'photos' | 'replaced' | 'settings'
    >,
    told: Pick<ImportState, 'origins' | 'reading' | 'mapping' | 'phase' | 'doing'>,
  ): ImportState => ({
    ...opened,
    ...told,
    id: batch,
    name: opened.source.name,
    batch,
    work: null,
    done: 0,
    total: null,
    pace: createRowPace(now),
    error: null,
    stop: null,
    paused: null,
    toldAt: 0,
  });

  return {
    /** Opens a table; the same file again is the same import. Rejects with FaultError `validation`. */
    async open({ table: source, key, photos, origins, reading = {}, mapping = {} }: OpenImport): Promise<string> {
      const opened = await read(source, reading, mapping);
      const batch = records.open(key, now());
      const before = sessions.get(batch);
      if (before !== undefined && before.work !== null)
        throw wrong('busy', 'this file is being imported already', 'table');
      await before?.photos?.close();
      const state = newState(
        batch,
        { ...opened, source, photos, settings: null, replaced: before?.replaced ?? replacedOf(batch) },
        { origins: origins ?? null, reading, mapping, phase: 'mapping', doing: null },
      );
      sessions.set(batch, state);
      remember(state, mapping);
      await keep(state);
      return batch;
    },

    /** Opens what an earlier process left. Rejects with FaultError `validation` when it cannot be read any more. */
    async restore(batch: string, { kept, table, photos }: LeftImport): Promise<void> {
      const { reading, mapping, settings, doing } = kept;
      const opened = await read(table, reading, mapping);
      const state = newState(
        batch,
        { ...opened, source: table, photos, settings, replaced: replacedOf(batch) },
        {
          origins: { table: kept.table, photos: kept.photos },
          reading,
          mapping,
          phase: doing === null ? kept.phase : 'interrupted',
          doing,
        },
      );
      sessions.set(batch, state);
    },

    /** Reads the table otherwise. @param photos take the place of those it had */
    async reread(
      id: string,
      reading: ReadingOptions,
      mapping: Mapping,
      photos?: { list: PhotoSource; origin: Origins['photos'] },
    ): Promise<void> {
      const state = get(id);
      if (state.work !== null) throw wrong('busy', 'this import is at work: pause or cancel it first');
      const opened = await read(state.source, reading, mapping);
      Object.assign(state, opened, { reading, mapping, phase: 'mapping', doing: null });
      if (photos !== undefined) {
        await state.photos?.close();
        state.photos = photos.list;
        state.origins = state.origins && { ...state.origins, photos: photos.origin };
      }
      remember(state, mapping);
      await keep(state);
    },

    session: (id: string): ImportSession => get(id),
    /** Where an import's photos came from. */
    photosOf: (id: string): Origins['photos'] => get(id).origins?.photos ?? null,
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
      start(state, settings, 'check', (signal) => work.check(state, settings, signal));
    },
    /** Starts checking and enrolling. */
    run(id: string, settings: ImportSettings): void {
      const state = get(id);
      resolveTargets(settings.to, deps.platforms);
      if (state.photos === null) throw wrong('photos', 'no photos were given', 'photos');
      start(state, settings, 'run', (signal) => work.run(state, settings, signal));
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
      const state = get(id);
      const waiting = state.phase === 'waiting' || state.paused?.phase === 'waiting';
      await this.interrupt(id);
      // What another process is sending is not given up from here.
      if (!waiting) await turns.take(state, async () => work.giveUp(state));
      Object.assign(state, { phase: 'cancelled', doing: null });
      tell(state);
      await keep(state);
    },

    /** A row with another photo, looked at anew. */
    async replace(id: string, line: number, photo: { id: string; ref: PhotoRef }): Promise<void> {
      const { state, settings } = resting(get(id));
      await turns.take(state, () => work.replace(state, settings, line, photo));
      await keep(state);
    },
    /** What somebody says of a row that looks like another. @param others the rows it is not; none: people of earlier imports */
    async decide(id: string, line: number, decision: Decision, others: readonly number[]): Promise<void> {
      const { state, settings } = resting(get(id));
      await turns.take(state, () => work.decide(state, settings, line, decision, others));
    },

    /** Somebody is removed: their lines go from a table that was handed over. Rejects with FaultError. */
    async eraseLines(
      batch: string,
      note: KeptImport,
      source: ByteSource,
      who: Erased,
      rewrite: Rewrite,
    ): Promise<void> {
      const state = sessions.get(batch);
      const phase = state?.paused?.phase ?? state?.phase;
      // Rows that are being read would bring the person back: they are read again.
      const again = phase === 'reading' && state?.settings ? { ...state, settings: state.settings } : null;
      if (again !== null) await this.interrupt(batch);
      const { reading, mapping, settings } = state ?? note;
      try {
        const { table, columns } = await read(source, reading, mapping);
        const encoding = ENCODINGS.find((name) => name === reading.encoding) ?? null;
        const kind = settings?.kind ?? 'staff';
        const without = await withoutRows(table, encoding, (row) => isErased(row, columns, kind, who));
        if (without !== null) {
          await rewrite(without());
          if (state !== undefined) await renew(state);
        }
      } finally {
        if (again !== null) {
          this[again.doing ?? 'check'](batch, again.settings);
          if (again.paused !== null) this.pause(batch);
        }
      }
    },
    /** Somebody is removed: a photo given in place of their row's own goes. */
    async erasePhoto(batch: string, photo: string): Promise<void> {
      sessions.get(batch)?.replaced.delete(photo);
      await inTurn(() => notes.erasePhoto(batch, photo));
    },
    async forget(id: string): Promise<void> {
      const state = get(id);
      await this.interrupt(id);
      if (records.has(state.batch)) await turns.take(state, async () => records.forget(state.batch));
      await state.photos?.close();
      sessions.delete(id);
      await inTurn(() => notes.erase(id));
    },
    /** Forgets imports whose rows are gone. */
    async purged(ids: readonly string[]): Promise<void> {
      for (const id of ids) {
        const state = sessions.get(id);
        if (state !== undefined) await this.forget(id);
        else await inTurn(() => notes.erase(id));
      }
    },

    /** When the station closes. */
    async close(): Promise<void> {
      for (const state of sessions.values()) {
        state.paused?.resume();
        await state.work;
        await state.photos?.close();
        turns.leave(state);
      }
      await writing;
      sessions.clear();
    },
  };
}

/** An import whose rows may be changed now. @throws FaultError `validation` */
function resting(state: ImportState): { state: ImportState; settings: ImportSettings } {
  const { settings } = state;
  if (settings === null) throw wrong('unknown-row', 'there is no such row', 'line');
  if (state.work !== null && state.paused === null) throw wrong('busy', 'this import is at work: pause it first');
  return { state, settings };
}
