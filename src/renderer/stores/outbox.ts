import { create } from 'zustand';
import type { EnrolmentView, Output } from '#shared/contract';
import { bridge } from '../bridge.ts';
import { isUnfinished } from '../lib/delivery-look.ts';

export type PlatformOutbox = Output<'outbox.platforms'>[number];

/** How far back enrolments are looked at for unfinished ones: the contract's largest page. */
const FAR = 200;

interface OutboxState {
  loaded: boolean;
  platforms: PlatformOutbox[];
  /** Enrolments of any day with something unfinished, newest first. */
  unfinished: EnrolmentView[];
  load(): Promise<void>;
}

/** What the outbox holds, as Welcome shows it. */
export const useOutbox = create<OutboxState>((set) => ({
  loaded: false,
  platforms: [],
  unfinished: [],

  async load() {
    try {
      const [platforms, enrolments] = await Promise.all([
        bridge.call('outbox.platforms', undefined),
        bridge.call('enrolment.list', { limit: FAR }),
      ]);
      set({ loaded: true, platforms, unfinished: enrolments.filter((view) => view.deliveries.some(isUnfinished)) });
    } catch {
      // What was known stays; that the station does not answer is said by the connection banner.
      set({ loaded: true });
    }
  },
}));

export interface OutboxCounts {
  waiting: number;
  asking: number;
  refused: number;
}

/** All platforms' counts together; what is queued or being sent waits as well. */
export function countAll(platforms: readonly PlatformOutbox[]): OutboxCounts {
  const total: OutboxCounts = { waiting: 0, asking: 0, refused: 0 };
  for (const { queued, running, waiting, asking, refused } of platforms) {
    total.waiting += queued + running + waiting;
    total.asking += asking;
    total.refused += refused;
  }
  return total;
}
