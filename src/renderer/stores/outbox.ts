import { create } from 'zustand';
import type { EnrolmentView, Output } from '#shared/contract';
import { bridge } from '../bridge.ts';

export type PlatformOutbox = Output<'outbox.platforms'>[number];

/** How many of the unfinished are listed at first, and how many more each time somebody asks. */
const FIRST = 5;
const MORE = 20;
/** The largest page that is asked for at once. */
const PAGE = 100;

interface OutboxState {
  loaded: boolean;
  platforms: PlatformOutbox[];
  /** Enrolments of any age with something unfinished, as many as are listed: those that need somebody first, then newest first. */
  unfinished: EnrolmentView[];
  /** How many there are altogether. */
  total: number;
  /** How many are to be listed. */
  wanted: number;
  load(): Promise<void>;
  /** Lists more of them. */
  more(): Promise<void>;
}

async function held(wanted: number): Promise<Output<'outbox.held'>> {
  const enrolments: EnrolmentView[] = [];
  for (;;) {
    const limit = Math.min(PAGE, wanted - enrolments.length);
    const page = await bridge.call('outbox.held', { limit, offset: enrolments.length });
    enrolments.push(...page.enrolments);
    if (page.enrolments.length < limit || enrolments.length >= wanted) return { total: page.total, enrolments };
  }
}

/** What the outbox holds, as Welcome shows it. */
export const useOutbox = create<OutboxState>((set, get) => ({
  loaded: false,
  platforms: [],
  unfinished: [],
  total: 0,
  wanted: FIRST,

  async load() {
    try {
      const [platforms, { total, enrolments }] = await Promise.all([
        bridge.call('outbox.platforms', undefined),
        held(get().wanted),
      ]);
      set({ loaded: true, platforms, unfinished: enrolments, total });
    } catch {
      // What was known stays; that the station does not answer is said by the connection banner.
      set({ loaded: true });
    }
  },

  async more() {
    set({ wanted: get().wanted + MORE });
    await get().load();
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
