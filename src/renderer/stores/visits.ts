import { create } from 'zustand';
import type { Input, Output } from '#shared/contract';
import type { Fault } from '#shared/fault';
import type { VisitView } from '#shared/visits';
import { bridge } from '../bridge.ts';
import { faultOf } from '../lib/fault.ts';
import type { Filter } from '../lib/visit-filter.ts';

export type When = Input<'visits.list'>['when'];
type CheckedOut = Output<'visits.checkOut'>;
/** What is to be confirmed; `scanned` where a badge was scanned for it. */
type Asked = { what: 'checkOut' | 'cancel'; visit: VisitView; scanned: boolean };

interface VisitsState {
  when: When;
  /** Which of them are listed. */
  filter: Filter;
  /** Null until they were told. */
  visits: VisitView[] | null;
  loading: boolean;
  fault: Fault | null;
  /** The visit something is being done about. */
  busy: string | null;
  actionFault: Fault | null;
  /** Who was checked out last, and what the platforms said. */
  checkedOut: CheckedOut | null;
  /** What somebody is asked to confirm. */
  asked: Asked | null;
  ask(asked: Asked | null): void;
  choose(filter: Filter): void;
  load(when?: When): Promise<void>;
  checkIn(id: string): Promise<void>;
  checkOut(id: string): Promise<void>;
  cancel(id: string): Promise<void>;
  /** Resolves with why they were not registered. */
  register(person: Input<'visits.register'>['person']): Promise<Fault | null>;
  /** Registers a list; rejects with the fault. */
  importList(file: Uint8Array<ArrayBuffer>): Promise<Output<'visits.import'>>;
  forget(): void;
}

const NOBODY = {
  filter: 'all' as const,
  visits: null,
  loading: false,
  fault: null,
  busy: null,
  actionFault: null,
  checkedOut: null,
  asked: null,
};

/** The visitors of the desk. Names live here only as long as their screen is open. */
export const useVisits = create<VisitsState>((set, get) => {
  /** Counts questions, so that a late answer to an older one is dropped. */
  let turn = 0;

  async function act(id: string, work: () => Promise<unknown>): Promise<void> {
    if (get().busy !== null) return;
    set({ busy: id, actionFault: null, checkedOut: null });
    try {
      await work();
    } catch (error) {
      set({ actionFault: faultOf(error) });
    } finally {
      set({ busy: null });
      await get().load();
    }
  }

  /** Lists those who were just registered: where they do not come on the days that are listed, the others. */
  async function showNew(): Promise<void> {
    const before = get().visits?.length ?? 0;
    await get().load();
    const { when, visits } = get();
    if (visits !== null && visits.length <= before) await get().load(when === 'today' ? 'later' : 'today');
  }

  return {
    when: 'today',
    ...NOBODY,

    async load(when = get().when) {
      turn += 1;
      const mine = turn;
      set((state) => ({ when, loading: true, visits: when === state.when ? state.visits : null }));
      try {
        const visits = await bridge.call('visits.list', { when });
        if (mine === turn) set({ visits, loading: false, fault: null });
      } catch (error) {
        if (mine === turn) set({ loading: false, fault: faultOf(error) });
      }
    },

    ask: (asked) => set({ asked }),
    choose: (filter) => set({ filter }),
    checkIn: (id) => act(id, () => bridge.call('visits.checkIn', { id })),
    checkOut: (id) => act(id, async () => set({ checkedOut: await bridge.call('visits.checkOut', { id }) })),
    cancel: (id) => act(id, () => bridge.call('visits.cancel', { id })),

    async register(person) {
      try {
        await bridge.call('visits.register', { person });
        await showNew();
        return null;
      } catch (error) {
        return faultOf(error);
      }
    },

    async importList(file) {
      const result = await bridge.call('visits.import', { file });
      if (result.registered > 0) await showNew();
      return result;
    },

    forget() {
      turn += 1;
      set({ when: 'today', ...NOBODY });
    },
  };
});
