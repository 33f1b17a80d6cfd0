import { create } from 'zustand';
import type { EnrolmentView } from '#shared/contract';
import type { Delivery } from '#shared/delivery';
import type { Fault } from '#shared/fault';
import { bridge } from '../bridge.ts';
import { faultOf, isPinFault } from '../lib/fault.ts';

interface DeliveriesState {
  /** Newest first. */
  recent: EnrolmentView[];
  recentLoaded: boolean;
  /** The newest word on each delivery: events may arrive before the call they belong to has returned. */
  latest: Record<string, Delivery>;
  /** Deliveries whose retry or answer is on its way. */
  busy: Record<string, true>;
  /** Why the last retry or answer failed, by delivery. */
  faults: Record<string, Fault>;
  loadRecent(): Promise<void>;
  refresh(enrolment: string): Promise<EnrolmentView | null>;
  take(delivery: Delivery): void;
  takeEnrolment(view: EnrolmentView): void;
  retry(delivery: string): Promise<void>;
  /** Resolves with why it was not taken. A wrong or missing PIN is the asker's to say and is not kept. */
  answer(delivery: string, answer: 'force' | 'stop', pin?: string): Promise<Fault | null>;
  /** Forgets every delivery but those of the newest enrolments: their questions name people. */
  forget(): void;
  /** Forgets all of them: whoever comes next is nobody of the desk. */
  forgetAll(): void;
}

/** How many of the newest enrolments Welcome shows. */
const RECENT = 8;

/** Deliveries as the journal tells them, by event and by asking. */
export const useDeliveries = create<DeliveriesState>((set, get) => {
  async function act(id: string, call: () => Promise<Delivery>): Promise<Fault | null> {
    if (get().busy[id]) return null;
    set((state) => ({ busy: { ...state.busy, [id]: true }, faults: without(state.faults, id) }));
    try {
      get().take(await call());
      return null;
    } catch (error) {
      const fault = faultOf(error);
      if (!isPinFault(fault)) set((state) => ({ faults: { ...state.faults, [id]: fault } }));
      return fault;
    } finally {
      set((state) => ({ busy: without(state.busy, id) }));
    }
  }

  return {
    recent: [],
    recentLoaded: false,
    latest: {},
    busy: {},
    faults: {},

    async loadRecent() {
      try {
        const recent = await bridge.call('enrolment.list', { limit: RECENT });
        set((state) => ({
          recent,
          recentLoaded: true,
          latest: merge(
            state.latest,
            recent.flatMap((view) => view.deliveries),
          ),
        }));
      } catch {
        // The list is a convenience; what could not be asked is said by the connection banner.
        set({ recentLoaded: true });
      }
    },

    async refresh(enrolment) {
      const view = await bridge.call('enrolment.get', { id: enrolment });
      get().takeEnrolment(view);
      return view;
    },

    take(delivery) {
      set((state) => ({ latest: merge(state.latest, [delivery]) }));
    },

    takeEnrolment(view) {
      set((state) => ({
        latest: merge(state.latest, view.deliveries),
        recent: state.recent.some((other) => other.id === view.id)
          ? state.recent
          : // One of long ago that somebody opened is not among the newest.
            [...state.recent, view].sort((a, b) => b.createdAt - a.createdAt).slice(0, RECENT),
      }));
    },

    async retry(id) {
      await act(id, () => bridge.call('delivery.retry', { id }));
    },

    answer: (id, answer, pin) =>
      act(id, () => bridge.call('delivery.answer', { id, answer, ...(pin !== undefined && { pin }) })),

    forgetAll: () => set({ recent: [], recentLoaded: false, latest: {}, busy: {}, faults: {} }),

    forget() {
      set(({ recent, latest }) => {
        const kept = new Set(recent.flatMap((view) => view.deliveries.map((delivery) => delivery.id)));
        return { latest: Object.fromEntries(Object.entries(latest).filter(([id]) => kept.has(id))), faults: {} };
      });
    },
  };
});

/** Adds deliveries, the newer of two words on the same one winning. */
function merge(latest: Record<string, Delivery>, more: readonly Delivery[]): Record<string, Delivery> {
  const result = { ...latest };
  for (const delivery of more) {
    const known = result[delivery.id];
    if (!known || delivery.updatedAt >= known.updatedAt) result[delivery.id] = delivery;
  }
  return result;
}

/** An enrolment's deliveries in its own order, each as last heard of. */
export function currentDeliveries(view: EnrolmentView, latest: Record<string, Delivery>): Delivery[] {
  return view.deliveries.map((delivery) => currentDelivery(delivery, latest));
}

/** One delivery as last heard of. */
export function currentDelivery(delivery: Delivery, latest: Record<string, Delivery>): Delivery {
  const heard = latest[delivery.id];
  return heard && heard.updatedAt >= delivery.updatedAt ? heard : delivery;
}

function without<T>(record: Record<string, T>, key: string): Record<string, T> {
  const { [key]: _gone, ...rest } = record;
  return rest;
}
