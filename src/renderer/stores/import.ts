import { create } from 'zustand';
import type { ImportField, ImportProgress, ImportView } from '#shared/calls/import';
import type { Output } from '#shared/contract';
import type { Fault } from '#shared/fault';
import { bridge } from '../bridge.ts';
import { faultOf } from '../lib/fault.ts';
import type { Chosen } from '../lib/import-files.ts';
import { type Uploaded, upload } from '../lib/import-upload.ts';
import { isWorking, mappingWith, type Reading, rereading } from './import-state.ts';

export type ImportOptions = NonNullable<ImportView['settings']>;

/** What is being done; `upload` on the way to the station, the rest an answer that is awaited. */
export type ImportBusy = 'upload' | 'read' | 'start' | 'pause' | 'cancel' | 'report' | 'sheet' | 'forget';

export interface UploadState {
  what: Chosen['what'];
  name: string;
  /** Bytes of a file, photos of a folder. */
  done: number;
  total: number;
}

interface ImportState {
  view: ImportView | null;
  /** Photos that came before their table. */
  photos: Uploaded | null;
  /** Photos that were left out when the folder was read. */
  skipped: number;
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
  left: Output<'import.list'>['left'];
  /** What somebody wanted to do while good rows were not sent: asked about first. */
  asking: { leave(): void } | null;

  /** Asks what is open: after the page was loaded, or the station came back. */
  load(): Promise<void>;
  take(chosen: readonly Chosen[]): Promise<void>;
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

const NO_OPTIONS: ImportOptions = {
  to: [],
  kind: 'staff',
  dates: null,
  onDuplicate: 'warn',
  onExisting: 'update',
  onSimilar: 'ask',
  onlyFailed: false,
};

/** Nobody wants what is being handed over any more. */
class Dropped extends Error {}

/** The batch import this page works with. It lives in the station: leaving the screen leaves it at work. */
export const useImport = create<ImportState>((set, get) => {
  /** Counts uploads, so that one nobody wants ends at its next part. */
  let turn = 0;
  /** The table that was last handed over, in case it is to be opened otherwise. */
  let table: Uploaded | null = null;

  const trouble = (about: Chosen['what'] | 'import', error: unknown): void => {
    const fault = faultOf(error);
    // The station was started again: it has the rows, and no longer the file.
    if (fault.code === 'unknown-import') set({ view: null, mapping: false, busy: null });
    set({ trouble: { about, fault } });
  };

  /** Does one thing at a time. Null when it failed or something else is under way. */
  async function act<T>(busy: ImportBusy, work: () => Promise<T>, about: Chosen['what'] | 'import' = 'import') {
    if (get().busy !== null) return null;
    set({ busy, trouble: null });
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Dropped)) trouble(about, error);
      return null;
    } finally {
      set({ busy: null });
    }
  }
  const shown = (view: ImportView): void => {
    set({ view, ...(view.settings && { options: { ...NO_OPTIONS, ...view.settings } }) });
  };
  const idOf = (): string => get().view?.id ?? '';
  const step = (busy: ImportBusy, name: 'import.pause' | 'import.resume' | 'import.cancel') =>
    act(busy, async () => shown(await bridge.call(name, { id: idOf() })));
  const reread = (reading: Reading, photos?: string) =>
    act('read', async () => {
      const view = await bridge.call('import.read', { id: idOf(), ...reading, ...(photos && { photos }) });
      set({ view, reading, ...(photos && { photos: null }) });
    });

  async function openTable(reading: Reading = {}): Promise<void> {
    if (table === null) return;
    const view = await bridge.call('import.open', {
      table: table.token,
      photos: get().photos?.token ?? null,
      ...reading,
    });
    set({ view, reading, photos: null, mapping: false, left: get().left.filter(({ id }) => id !== view.id) });
    if (view.settings) shown(view);
  }

  /** What is at hand now is opened, or joins what is open. */
  async function arrived(what: Chosen['what'], uploaded: Uploaded): Promise<void> {
    if (what === 'table') {
      table = uploaded;
      await openTable();
      return;
    }
    const { view, reading } = get();
    set({ photos: uploaded, skipped: uploaded.skipped });
    if (view === null) return;
    const next = await bridge.call('import.read', { id: view.id, ...reading, photos: uploaded.token });
    set({ view: next, photos: null, mapping: false });
  }

  async function takeOne(chosen: Chosen): Promise<void> {
    turn += 1;
    const mine = turn;
    const check = () => {
      if (mine !== turn) throw new Dropped();
    };
    const name = chosen.what === 'folder' ? chosen.name : chosen.file.name;
    await act(
      'upload',
      async () => {
        try {
          const uploaded = await upload(chosen, {
            check,
            reached: (done, total) => {
              if (mine === turn) set({ uploading: { what: chosen.what, name, done, total } });
            },
          });
          check();
          await arrived(chosen.what, uploaded);
        } finally {
          if (mine === turn) set({ uploading: null });
        }
      },
      chosen.what,
    );
  }

  return {
    view: null,
    photos: null,
    skipped: 0,
    uploading: null,
    busy: null,
    trouble: null,
    reading: {},
    options: NO_OPTIONS,
    mapping: false,
    noPicker: false,
    left: [],
    asking: null,

    async load() {
      try {
        const { open, left } = await bridge.call('import.list', undefined);
        set({ left });
        const known = get().view?.id ?? open.at(-1)?.id;
        if (known !== undefined) shown(await bridge.call('import.get', { id: known }));
      } catch (error) {
        if (faultOf(error).code === 'unknown-import') trouble('import', error);
        // Whatever else it is, the connection's banner or the sign-in screen tells it.
      }
    },

    async take(chosen) {
      // The table first: its photos then join it.
      const order = [...chosen].sort((a, b) => Number(b.what === 'table') - Number(a.what === 'table'));
      for (const one of order) {
        await takeOne(one);
        if (get().trouble !== null) return;
      }
    },

    async pick(what) {
      if (get().noPicker) return false;
      try {
        const picked = await bridge.call('import.pick', { what });
        if (picked) await act('read', () => arrived(what, { ...picked, skipped: 0 }), what);
        return true;
      } catch (error) {
        if (faultOf(error).code !== 'no-picker') {
          trouble(what, error);
          return true;
        }
        set({ noPicker: true });
        return false;
      }
    },

    stopUpload() {
      turn += 1;
      set({ uploading: null });
    },

    async withoutHeader() {
      await act('read', () => openTable({ header: false }), 'table');
    },

    async read(change) {
      await reread(rereading(get().reading, change));
    },

    async map(column, field) {
      const { view, reading } = get();
      if (view?.table) await reread({ ...reading, mapping: mappingWith(view.table.columns, column, field) });
    },

    set(options) {
      set({ options: { ...get().options, ...options } });
    },

    showMapping: (mapping) => set({ mapping }),

    async check() {
      await act('start', async () => {
        const view = await bridge.call('import.check', { id: idOf(), ...get().options });
        set({ view, mapping: false });
      });
    },

    async run() {
      await act('start', async () => {
        const view = await bridge.call('import.run', { id: idOf(), ...get().options });
        set({ view, mapping: false });
      });
    },

    pause: async () => void (await step('pause', 'import.pause')),
    resume: async () => void (await step('pause', 'import.resume')),
    cancel: async () => void (await step('cancel', 'import.cancel')),

    async refresh() {
      const { view } = get();
      if (view === null) return;
      try {
        const fresh = await bridge.call('import.get', { id: view.id });
        if (get().view?.id === fresh.id) set({ view: fresh });
      } catch (error) {
        if (faultOf(error).code === 'unknown-import') trouble('import', error);
      }
    },

    takeProgress(progress) {
      const { view } = get();
      if (view === null || view.id !== progress.import) {
        // Begun in another window: shown here as well, where nothing else is open.
        if (view === null && isWorking(progress)) void get().load();
        return;
      }
      const ended = isWorking(view.progress) && !isWorking(progress);
      set({ view: { ...view, progress } });
      if (ended) void get().refresh();
    },

    report: () => act('report', () => bridge.call('import.report', { id: idOf() })),
    sheet: () => act('sheet', () => bridge.call('import.sheet', { id: idOf() })),

    async forget() {
      await act('forget', async () => {
        await bridge.call('import.forget', { id: idOf() });
        table = null;
        set({ view: null, photos: null, skipped: 0, reading: {}, mapping: false });
      });
    },

    ask: (leave) => set({ asking: leave && { leave } }),
  };
});
