import type { ImportField, ImportProgress, ImportRow, ImportSummary, ImportView } from '#shared/calls/import';
import type { Person } from '#shared/person';

/** Which of day and month comes first where a table writes both as numbers; null where nobody said. */
export type DateOrder = 'dmy' | 'mdy' | null;

/** What a person said about the columns: a header, `Header#2` for the second of that name, or `#3` for the third column, and a field. */
export type Mapping = Readonly<Record<string, ImportField | null>>;

/** How a table is read; what is absent is guessed. */
export interface ReadingOptions {
  encoding?: string | undefined;
  delimiter?: string | undefined;
  header?: boolean | undefined;
}

/** What is to be done with the rows. */
export interface ImportSettings {
  to: readonly string[];
  kind: Person['kind'];
  dates: DateOrder;
  onDuplicate: 'warn' | 'stop';
  onExisting: 'update' | 'stop';
  onSimilar: 'ask' | 'stop';
  onlyFailed: boolean;
  concurrency?: number | undefined;
}

/** A dialog of the shell in which a person chooses a file or folder; its path, or null. */
export type FilePicker = (what: 'table' | 'zip' | 'folder') => Promise<string | null>;

/** Imports from files of this machine: the command line's way. Every id is that of an import that was opened here. */
export interface FileImports {
  /** Rejects with FaultError `validation`. @param photos a folder or a zip; null to check without photos */
  open(request: { file: string; photos: string | null; reading?: ReadingOptions; mapping?: Mapping }): Promise<string>;
  view(id: string): ImportView;
  progress(id: string): ImportProgress;
  summary(id: string): ImportSummary;
  /** Checks all rows and sends nothing. Rejects with what ended it; resolves when it was interrupted. */
  check(id: string, settings: ImportSettings, signal: AbortSignal): Promise<void>;
  /** Checks and enrols, delivering meanwhile; afterwards waits up to `waitMs` for platforms that are down. Safe to interrupt and to run again. */
  run(id: string, settings: ImportSettings, options: { signal: AbortSignal; waitMs: number }): Promise<void>;
  rows(id: string): Iterable<ImportRow>;
  /** The report as CSV text, line by line. */
  report(id: string): Iterable<string>;
  /** Writes the contact sheet into the data folder, where it is deleted with what failed; its path. */
  writeSheet(id: string): Promise<string>;
}
