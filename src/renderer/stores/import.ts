import { create } from 'zustand';
import type { ImportView } from '#shared/calls/import';
import { FaultError } from '#shared/fault';
import { bridge } from '../bridge.ts';
import { faultOf } from '../lib/fault.ts';
import { type Chosen, sortGiven } from '../lib/import-files.ts';
import { type Uploaded, upload } from '../lib/import-upload.ts';
import { createLeftOut, type LeftOut } from '../lib/left-out.ts';
import { isWorking, mappingWith, type Reading, rereading } from './import-state.ts';
import { type ImportBusy, type ImportStore, NO_OPTIONS, NOTHING_IN, type UploadState } from './import-store.ts';

/** Nobody wants what is being handed over any more. */
class Dropped extends Error {}

/** The batch import this page works with. It lives in the station: leaving the screen leaves it at work. */
export const useImport = create<ImportStore>((set, get) => {
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
  /** Resolves when nothing is under way: files that were chosen meanwhile are taken then. */
  const free = (): Promise<void> =>
    new Promise((resolve) => {
      if (get().busy === null) return resolve();
      const stop = useImport.subscribe(({ busy }) => {
        if (busy !== null) return;
        stop();
        resolve();
      });
    });
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
    const before = get().view;
    const view = await bridge.call('import.open', {
      table: table.token,
      photos: get().photos?.token ?? null,
      // Another table, or this one mended: its people are among the same photos.
      ...(before?.photos && { photosOf: before.id }),
      ...reading,
    });
    set({ view, reading, photos: null, mapping: false, left: get().left.filter(({ id }) => id !== view.id) });
    if (view.settings) shown(view);
    // Rows of a report that are done are left alone, unless somebody says otherwise.
    else set({ options: { ...get().options, onlyFailed: view.table?.report === true } });
    set({ open: (await bridge.call('import.list', undefined)).open });
  }

  /** What is at hand now is opened, or joins what is open. */
  async function arrived(what: Chosen['what'], uploaded: Uploaded): Promise<void> {
    if (what === 'table') {
      table = uploaded;
      await openTable();
      return;
    }
    const { view, reading } = get();
    set({ photos: uploaded });
    if (view === null) return;
    const next = await bridge.call('import.read', { id: view.id, ...reading, photos: uploaded.token });
    set({ view: next, photos: null, mapping: false });
  }

  /** Does something with files while it is shown how far it is. What is dropped meanwhile ends without a word. */
  async function handing(
    about: Chosen['what'] | 'import',
    first: Pick<UploadState, 'what' | 'name'>,
    work: (watch: { check(): void; reached(done: number, total: number | null): void }) => Promise<void>,
  ): Promise<void> {
    turn += 1;
    const mine = turn;
    const check = () => {
      if (mine !== turn) throw new Dropped();
    };
    const reached = (done: number, total: number | null) => {
      if (mine === turn) set({ uploading: { ...first, done, total } });
    };
    const done = async () => {
      try {
        reached(0, null);
        await work({ check, reached });
      } finally {
        if (mine === turn) set({ uploading: null });
      }
    };
    await free();
    await act('upload', done, about);
  }

  const takeOne = (chosen: Chosen, left: LeftOut): Promise<void> => {
    const name = chosen.what === 'folder' ? chosen.name : chosen.file.name;
    return handing(chosen.what, { what: chosen.what, name }, async ({ check, reached }) => {
      const uploaded = await upload(chosen, { check, reached }, left);
      check();
      await arrived(chosen.what, uploaded);
    });
  };

  return {
    view: null,
    photos: null,
    leftOut: [],
    uploading: null,
    busy: null,
    trouble: null,
    reading: {},
    options: NO_OPTIONS,
    mapping: false,
    noPicker: false,
    open: [],
    left: [],
    asking: null,

    async load() {
      try {
        const { open, left } = await bridge.call('import.list', undefined);
        set({ open, left });
        // What is at work is what somebody wants to see who has just come.
        const known = get().view?.id ?? open.findLast(({ progress }) => isWorking(progress))?.id ?? open.at(-1)?.id;
        if (known !== undefined) shown(await bridge.call('import.get', { id: known }));
      } catch (error) {
        if (faultOf(error).code === 'unknown-import') trouble('import', error);
        // Whatever else it is, the connection's banner or the sign-in screen tells it.
      }
    },

    async show(id) {
      await act('read', async () => {
        set({ reading: {}, mapping: false, leftOut: [] });
        shown(await bridge.call('import.get', { id }));
      });
    },

    async take(given) {
      const left = createLeftOut();
      let chosen: Chosen[] = [];
      set({ leftOut: [] });
      await handing('import', { what: 'look', name: '' }, async ({ check, reached }) => {
        const found = await given({ check, found: (count) => reached(count, null) });
        check();
        chosen = sortGiven(found, left);
        const one = found.loose.length + found.folders.length > 0;
        if (chosen.length === 0 && one) throw new FaultError(NOTHING_IN);
      });
      // The table first: its photos then join it.
      for (const one of chosen) {
        if (get().trouble !== null) break;
        await takeOne(one, left);
      }
      set({ leftOut: left.list() });
    },

    async pick(what) {
      if (get().noPicker) return false;
      try {
        const picked = await bridge.call('import.pick', { what });
        if (picked) {
          await free();
          await act('read', () => arrived(what, picked), what);
        }
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
        set({ view: null, photos: null, leftOut: [], reading: {}, mapping: false, options: NO_OPTIONS });
        await get().load();
      });
    },

    ask: (leave) => set({ asking: leave && { leave } }),
  };
});
