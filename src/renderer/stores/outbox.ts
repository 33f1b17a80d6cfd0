import { create } from 'zustand';
import type { Glance } from '#shared/calls/outbox';
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
  /** Enrolments of each kind at a glance. */
  counts: Record<Glance, number>;
  /** The kind that is listed; null for everything unfinished. */
  only: Glance | null;
  /** Enrolments of any age with something unfinished, or of `only`, as many as are listed: those that need somebody first, then newest. */
  listed: EnrolmentView[];
  /** How many there are altogether. */
  total: number;
  /** How many are to be listed. */
  wanted: number;
  load(): Promise<void>;
  /** Lists one kind only; the same once more, or null, everything unfinished. */
  show(only: Glance | null): Promise<void>;
  /** Lists more of them. */
  more(): Promise<void>;
}

async function held(wanted: number, only: Glance | null): Promise<Output<'outbox.held'>> {
  const enrolments: EnrolmentView[] = [];
  for (;;) {
    const limit = Math.min(PAGE, wanted - enrolments.length);
    const page = await bridge.call('outbox.held', { limit, offset: enrolments.length, ...(only && { of: only }) });
    enrolments.push(...page.enrolments);
    if (page.enrolments.length < limit || enrolments.length >= wanted) return { ...page, enrolments };
  }
}

/** What the outbox holds, as Welcome shows it. */
export const useOutbox = create<OutboxState>((set, get) => ({
  loaded: false,
  platforms: [],
  counts: { waiting: 0, asking: 0, refused: 0, verified: 0 },
  only: null,
  listed: [],
  total: 0,
  wanted: FIRST,

  async load() {
    const { wanted, only } = get();
    try {
      const [platforms, { total, counts, enrolments }] = await Promise.all([
        bridge.call('outbox.platforms', undefined),
        held(wanted, only),
      ]);
      // Something else may be listed by now.
      set({ loaded: true, platforms, counts, ...(only === get().only && { listed: enrolments, total }) });
    } catch {
      // What was known stays; that the station does not answer is said by the connection banner.
      set({ loaded: true });
    }
  },

  async show(only) {
    set({ only: only === get().only ? null : only, wanted: FIRST });
    await get().load();
  },

  async more() {
    set({ wanted: get().wanted + MORE });
    await get().load();
  },
}));
