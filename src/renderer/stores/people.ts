import { create } from 'zustand';
import type { Output } from '#shared/contract';
import type { Fault } from '#shared/fault';
import type { PersonDetail, PersonSummary } from '#shared/people';
import { bridge } from '../bridge.ts';
import { faultOf } from '../lib/fault.ts';
import { useDeliveries } from './deliveries.ts';

/** How many people one page of the list holds. */
const PAGE = 20;

export type Verified = Output<'people.verify'>[number];
export type Removed = Output<'people.remove'>;

type Action = 'verify' | 'remove' | 'export';

interface Found {
  query: string;
  people: PersonSummary[];
  total: number;
  /** Whether an answer to the newest question is awaited. */
  loading: boolean;
  fault: Fault | null;
}

interface Shown {
  code: string;
  /** Null until it was told. */
  person: PersonDetail | null;
  fault: Fault | null;
  /** What is being done about them. */
  busy: Action | null;
  /** Why the last action failed. */
  actionFault: Fault | null;
  /** What the platforms said when they were last asked, by platform. */
  verified: Record<string, Verified>;
  removed: Removed | null;
}

interface PeopleState {
  found: Found | null;
  shown: Shown | null;
  find(query: string): Promise<void>;
  more(): Promise<void>;
  show(code: string): Promise<void>;
  /** Asks again about the one who is shown. */
  refresh(): Promise<void>;
  verify(): Promise<void>;
  /** Resolves with true when every platform did what was asked. */
  remove(from: string[] | null): Promise<boolean>;
  /** All that is stored about them as JSON text; null when it could not be told. */
  export(): Promise<string | null>;
  /** Forgets who was shown; `everybody` also the list and what was looked for. */
  forget(what: 'shown' | 'everybody'): void;
}

/** What a platform said before somebody was enrolled there anew says nothing any more. */
function stillTrue(verified: Shown['verified'], before: PersonDetail | null, after: PersonDetail): Shown['verified'] {
  const enrolment = (person: PersonDetail | null, id: string) =>
    person?.platforms.find((standing) => standing.platform === id)?.enrolment;
  return Object.fromEntries(
    Object.entries(verified).filter(([platform]) => enrolment(before, platform) === enrolment(after, platform)),
  );
}

/** The people view: who was looked for, and who is shown. Names live here only as long as their screen is open. */
export const usePeople = create<PeopleState>((set, get) => {
  /** Counts questions, so that a late answer to an older one is dropped. */
  let turn = 0;

  const change = (code: string, part: Partial<Shown>) =>
    set((state) => (state.shown?.code === code ? { shown: { ...state.shown, ...part } } : {}));

  /** Runs one action at a time; null when it failed or another runs. */
  async function act<T>(action: Action, call: (code: string) => Promise<T>): Promise<T | null> {
    const { shown } = get();
    if (!shown || shown.busy) return null;
    const { code } = shown;
    change(code, { busy: action, actionFault: null });
    try {
      return await call(code);
    } catch (error) {
      change(code, { actionFault: faultOf(error) });
      return null;
    } finally {
      change(code, { busy: null });
    }
  }

  async function ask(query: string, offset: number, before: PersonSummary[]): Promise<void> {
    turn += 1;
    const mine = turn;
    const known = get().found;
    set({
      found: { query, people: known?.people ?? [], total: known?.total ?? 0, loading: true, fault: null },
    });
    const put = (part: Partial<Found>) =>
      set((state) => (mine === turn && state.found ? { found: { ...state.found, loading: false, ...part } } : {}));
    try {
      const page = await bridge.call('people.find', { query, limit: PAGE, offset });
      const listed = new Set(before.map((person) => person.code));
      // Somebody enrolled meanwhile moves everybody on by one: nobody is listed twice.
      put({ people: [...before, ...page.people.filter((person) => !listed.has(person.code))], total: page.total });
    } catch (error) {
      put({ fault: faultOf(error) });
    }
  }

  return {
    found: null,
    shown: null,

    find: (query) => ask(query, 0, []),

    async more() {
      const { found } = get();
      if (found && !found.loading) await ask(found.query, found.people.length, found.people);
    },

    async show(code) {
      set({
        shown: { code, person: null, fault: null, busy: null, actionFault: null, verified: {}, removed: null },
      });
      await get().refresh();
    },

    async refresh() {
      const code = get().shown?.code;
      if (code === undefined) return;
      try {
        const person = await bridge.call('people.get', { code });
        const { shown } = get();
        const verified = shown ? stillTrue(shown.verified, shown.person, person) : {};
        change(code, { person, fault: null, verified });
      } catch (error) {
        change(code, { fault: faultOf(error) });
      }
    },

    async verify() {
      const results = await act('verify', (code) => bridge.call('people.verify', { code }));
      const code = get().shown?.code;
      if (!results || code === undefined) return;
      change(code, { verified: Object.fromEntries(results.map((result) => [result.platform, result])) });
      await get().refresh();
    },

    async remove(from) {
      const removed = await act('remove', (code) => bridge.call('people.remove', { code, from }));
      const code = get().shown?.code;
      if (!removed || code === undefined) return false;
      change(code, { removed, verified: {} });
      // The newest enrolments name whoever was removed.
      void useDeliveries.getState().loadRecent();
      // With the last platform everything here is gone: there is nobody left to ask about.
      if (removed.receipt.local === 'erased') change(code, { person: null });
      else await get().refresh();
      return removed.results.every((result) => result.fault === null);
    },

    async export() {
      const told = await act('export', (code) => bridge.call('people.export', { code }));
      return told?.json ?? null;
    },

    forget(what) {
      turn += 1;
      set(what === 'everybody' ? { shown: null, found: null } : { shown: null });
    },
  };
});
