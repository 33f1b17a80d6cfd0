import { create } from 'zustand';
import type { ImportProgress, ImportRow } from '#shared/calls/import';
import type { Fault } from '#shared/fault';
import { bridge } from '../bridge.ts';
import { faultOf } from '../lib/fault.ts';
import { MAX_PHOTO_BYTES } from '../lib/photo-limit.ts';
import { useImport } from './import.ts';
import { useImportRows } from './import-rows.ts';
import { isWorking } from './import-state.ts';

export type GivenPhoto = File | Uint8Array<ArrayBuffer>;
export type RowDecision = 'out' | 'back' | 'apart';

/** A picture somebody gave for a row, which the station does not have yet. */
export interface WaitingPhoto {
  import: string;
  line: number;
  photo: GivenPhoto;
  /** Why it was not taken; it waits to be tried again. Null: it goes as soon as it can. */
  fault: Fault | null;
}

interface RowChangeState {
  /** Photos in the order in which they were given; one for a row. */
  waiting: readonly WaitingPhoto[];
  busy: { line: number; what: 'photo' | 'decision' } | null;
  /** The row that was given another photo last. */
  done: number | null;
  /** What went wrong last, with which row, where nothing is left to try again. */
  failed: { line: number; fault: Fault } | null;
  /** A photo for a row of the table that is shown: taken now, or kept until it can be. */
  give(line: number, photo: GivenPhoto): void;
  /** Tries again what was not taken. */
  retry(line: number): void;
  /** Somebody does not want it any more. */
  drop(line: number): void;
  /** What was dropped on a row is no single picture. */
  refuse(line: number): void;
  /** @param shown rows that are told otherwise afterwards */
  decide(about: number, decision: RowDecision, others: readonly number[], shown: readonly number[]): Promise<void>;
}

/** Whether rows may be changed now: at rest, or in a pause. */
export function isChangeable(progress: Pick<ImportProgress, 'phase'>): boolean {
  return !isWorking(progress) || progress.phase === 'paused';
}

/** Faults of the picture itself: another one is needed, and trying again helps nobody. */
const final = ({ kind, code }: Fault): boolean => (kind === 'validation' || kind === 'quality') && code !== 'busy';

/**
 * Changes to rows of the table that is shown: one at a time. A photo that comes while something else is done, or while the table is read,
 * checked or sent, waits here and goes as soon as it can; nothing that was given is lost without a word.
 */
export const useRowChange = create<RowChangeState>((set, get) => {
  const idOf = () => useImport.getState().view?.id ?? null;
  const without = (line: number, id = idOf()) => get().waiting.filter((one) => one.line !== line || one.import !== id);

  async function change(line: number, what: 'photo' | 'decision', work: () => Promise<ImportRow>): Promise<void> {
    set({ busy: { line, what }, failed: null, done: null });
    try {
      const row = await work();
      useImportRows.getState().put(row);
      await useImport.getState().refresh();
    } finally {
      set({ busy: null });
    }
  }

  async function send({ import: id, line, photo }: WaitingPhoto): Promise<void> {
    try {
      await change(line, 'photo', async () => {
        const bytes = photo instanceof File ? new Uint8Array(await photo.arrayBuffer()) : photo;
        return bridge.call('import.replace', { id, line, bytes });
      });
      // Another may have been given meanwhile.
      set({ waiting: get().waiting.filter((one) => one.photo !== photo), done: line });
    } catch (error) {
      const fault = faultOf(error);
      if (final(fault)) set({ waiting: get().waiting.filter((one) => one.photo !== photo), failed: { line, fault } });
      else {
        set({ waiting: get().waiting.map((one) => (one.photo === photo ? { ...one, fault } : one)) });
        if (fault.code === 'busy') await afterWork(line);
      }
    }
  }
  /** At work again in another window: the photo goes when that is over, which the station tells. In another process' hands: somebody tries again. */
  async function afterWork(line: number): Promise<void> {
    await useImport.getState().refresh();
    const { view } = useImport.getState();
    if (view !== null && !isChangeable(view.progress)) get().retry(line);
  }

  function next(): void {
    const { waiting, busy } = get();
    const { view } = useImport.getState();
    if (busy !== null || view === null || !isChangeable(view.progress)) return;
    const first = waiting.find((one) => one.import === view.id && one.fault === null);
    if (first === undefined) return;
    void send(first).then(next);
  }

  useImport.subscribe(({ view }, before) => {
    if (view === before.view) return;
    // The table was closed: nobody is left to have a picture.
    if (view === null) set({ waiting: [], done: null, failed: null });
    else next();
  });

  return {
    waiting: [],
    busy: null,
    done: null,
    failed: null,

    give(line, photo) {
      const id = idOf();
      if (id === null) return;
      if (photo instanceof File && photo.size > MAX_PHOTO_BYTES) {
        const fault: Fault = { kind: 'validation', code: 'too-large', message: 'the file is larger than 50 MB' };
        set({ failed: { line, fault } });
        return;
      }
      set({ waiting: [...without(line), { import: id, line, photo, fault: null }], failed: null });
      next();
    },

    retry(line) {
      const id = idOf();
      set({
        waiting: get().waiting.map((one) => (one.line === line && one.import === id ? { ...one, fault: null } : one)),
      });
      next();
    },

    drop: (line) => set({ waiting: without(line) }),

    refuse: (line) =>
      set({
        failed: {
          line,
          fault: { kind: 'validation', code: 'one-picture', message: 'this is not one picture: drop one JPEG or PNG' },
        },
      }),

    async decide(about, decision, others, shown) {
      const id = idOf();
      if (id === null || get().busy !== null) return;
      try {
        await change(about, 'decision', () =>
          bridge.call('import.decide', { id, line: about, decision, others: [...others] }),
        );
        const { look, put } = useImportRows.getState();
        // In their places: the list is asked for again, and may move, when the row is closed.
        for (const row of await look(shown)) put(row);
      } catch (error) {
        set({ failed: { line: shown[0] ?? about, fault: faultOf(error) } });
      }
      next();
    },
  };
});
