import type { ImportField, ImportProgress, ImportView } from '#shared/calls/import';
import type { Output } from '#shared/contract';
import type { Fault } from '#shared/fault';
import type { Chosen, DropWatch, Given } from '../lib/import-files.ts';
import type { Uploaded } from '../lib/import-upload.ts';
import type { LeftOutFiles } from '../lib/left-out.ts';
import type { Reading } from './import-state.ts';

export type ImportOptions = NonNullable<ImportView['settings']>;

/** What is being done; `upload` on the way to the station, the rest an answer that is awaited. */
export type ImportBusy = 'upload' | 'read' | 'start' | 'pause' | 'cancel' | 'report' | 'sheet' | 'forget';

export interface UploadState {
  /** `look`: folders are being listed. */
  what: Chosen['what'] | 'look';
  name: string;
  /** Bytes of a file, photos of a folder, files found so far. */
  done: number;
  /** Null while it is not known. */
  total: number | null;
}

export interface ImportStore {
  view: ImportView | null;
  /** Photos that came before their table. */
  photos: Uploaded | null;
  /** What of the files that were given last was not taken. */
  leftOut: readonly LeftOutFiles[];
  uploading: UploadState | null;
  busy: ImportBusy | null;
  /** What went wrong last, and with what. */
  trouble: { about: Chosen['what'] | 'import'; fault: Fault } | null;
  reading: Reading;
  /** What is to be done with the rows. */
  options: ImportOptions;
  /** Whether somebody wants to see the columns although the rows were checked. */
  mapping: boolean;
  /** Whether the shell was asked for a dialog and has none. */
  noPicker: boolean;
  /** All tables that are open in the station. */
  open: Output<'import.list'>['open'];
  left: Output<'import.list'>['left'];
  /** What somebody wanted to do while good rows were not sent: asked about first. */
  asking: { leave(): void } | null;

  /** Asks what is open: after the page was loaded, or the station came back. */
  load(): Promise<void>;
  /** Another open table. */
  show(id: string): Promise<void>;
  /** Takes a table and photos out of whatever somebody gave. @param given by the files' lister, which may take its time */
  take(given: (watch: DropWatch) => Promise<Given>): Promise<void>;
  /** Lets a person choose in the shell's dialog. False where it has none. */
  pick(what: Chosen['what']): Promise<boolean>;
  stopUpload(): void;
  /** The first row holds people, not names of columns. */
  withoutHeader(): Promise<void>;
  read(change: Omit<Reading, 'mapping'>): Promise<void>;
  map(column: number, field: ImportField | null): Promise<void>;
  set(options: Partial<ImportOptions>): void;
  showMapping(shown: boolean): void;
  check(): Promise<void>;
  run(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  cancel(): Promise<void>;
  /** Asks anew for counts and states. */
  refresh(): Promise<void>;
  takeProgress(progress: ImportProgress): void;
  report(): Promise<Output<'import.report'> | null>;
  sheet(): Promise<Output<'import.sheet'> | null>;
  /** Closes this table; what was enrolled stays. */
  forget(): Promise<void>;
  ask(leave: (() => void) | null): void;
}

export const NO_OPTIONS: ImportOptions = {
  to: [],
  kind: 'staff',
  dates: null,
  onDuplicate: 'warn',
  onExisting: 'update',
  onSimilar: 'ask',
  onlyFailed: false,
};

/** Of a folder or files without a table and without photos. */
export const NOTHING_IN = {
  kind: 'validation',
  code: 'no-photos-in',
  message: 'there is no table and no photo in it',
} as const;
