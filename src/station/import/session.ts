import type { ImportProgress, PHASES } from '#shared/calls/import';
import { FaultError } from '#shared/fault';
import type { ConfiguredPlatform } from '../api.ts';
import type { Checker } from '../check.ts';
import type { NewEnrolment } from '../enrolment.ts';
import type { Journal } from '../journal/index.ts';
import type { ImportSettings, Mapping, ReadingOptions } from './api.ts';
import type { ByteSource } from './byte-source.ts';
import type { Column, ColumnProblem } from './columns.ts';
import type { KeptImport, Origin } from './kept.ts';
import type { PhotoRef, PhotoSource } from './photo-source.ts';
import { createRowPace } from './progress.ts';
import type { OpenTable } from './table.ts';

export interface ImportsDeps {
  journal: Journal;
  checker: Checker;
  platforms: readonly ConfiguredPlatform[];
  create(entry: NewEnrolment): Promise<string>;
  /** Asks platforms for the criteria they told of their own. */
  refreshCriteria(): Promise<void>;
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** This process among those that share the journal. */
  owner: string;
  /** An import stays in hand until the station closes: nobody reads its rows anew before its report is written. */
  keepsHold: boolean;
  /** Who acts, for the audit trail. */
  actor(): string;
  changed(progress: ImportProgress): void;
  /** An error that is nobody's fault but ours. */
  unexpected(id: string, error: unknown): void;
  /** Aborted when the station closes. */
  closing: AbortSignal;
}

export type Phase = (typeof PHASES)[number];

/** An import at work in this process. */
export interface ImportSession {
  id: string;
  name: string;
  batch: string;
  photos: PhotoSource | null;
  source: ByteSource;
  /** Which bytes of the source the table was opened from, where it tells. */
  version: string | null;
  table: OpenTable;
  columns: Column[];
  problems: ColumnProblem[];
  settings: ImportSettings | null;
  replaced: Map<string, PhotoRef>;
  work: Promise<void> | null;
}

/** Where an import that outlives the station came from. */
export interface Origins {
  table: Origin;
  photos: Origin | null;
}

export interface OpenImport {
  table: ByteSource;
  /** What makes the same import again the same: a path, or the file's name. */
  key: string;
  photos: PhotoSource | null;
  /** Where both came from; absent: the import ends with the process. */
  origins?: Origins | undefined;
  reading?: ReadingOptions;
  mapping?: Mapping | undefined;
}

/** What an earlier process left of an import, at hand again. */
export interface LeftImport {
  kept: KeptImport;
  table: ByteSource;
  photos: PhotoSource | null;
}

/** What is known of an import beyond what others may see: where it is, and how it is stopped. */
export interface ImportState extends ImportSession {
  phase: Phase;
  /** Null: it ends with the process. */
  origins: Origins | null;
  reading: ReadingOptions;
  mapping: Mapping;
  /** What is being done, or was when an earlier process stopped. */
  doing: 'check' | 'run' | null;
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
const BUSY: ReadonlySet<Phase> = new Set(['waiting', 'reading', 'checking', 'running', 'paused']);

/** @param field what the fault is about */
export function wrong(code: string, message: string, field = 'id'): FaultError {
  return new FaultError({ kind: 'validation', code, field, message });
}

export type Teller = ReturnType<typeof createTeller>;

/** How far imports are, for whoever asks and for those who listen. */
export function createTeller({ journal, now, changed }: Pick<ImportsDeps, 'journal' | 'now' | 'changed'>) {
  const progress = (state: ImportState): ImportProgress => {
    const { verdicts } =
      state.phase === 'mapping' ? { verdicts: {} as Record<string, number> } : journal.imports.verdicts(state.batch);
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
  const tell = (state: ImportState, at = now()): void => {
    state.toldAt = at;
    changed(progress(state));
  };
  return {
    progress,
    tell,
    /** A new phase begins. */
    enter(state: ImportState, phase: Phase, total: number | null): void {
      // Paused before it began: it begins, and waits.
      if (state.paused !== null) state.paused.phase = phase;
      Object.assign(state, {
        phase: state.paused === null ? phase : 'paused',
        done: 0,
        total,
        pace: createRowPace(now),
      });
      tell(state);
    },
    /** So much of it is done; told now and then. */
    reached(state: ImportState, done: number): void {
      state.done = done;
      state.pace.reached(done);
      const at = now();
      if (at - state.toldAt >= TELL_MS || at < state.toldAt) tell(state, at);
    },
  };
}
