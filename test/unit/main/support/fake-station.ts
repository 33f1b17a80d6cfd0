import type { ServedStation } from '#main/station-port';
import { CALLS, type CallName, type EventName } from '#shared/channels';
import { DEFAULT_SETTINGS, type Handlers, type PhotoView } from '#shared/contract';
import { FaultError } from '#shared/fault';

export interface FakeStation extends ServedStation {
  /** What was called, with what reached the handler. */
  seen: { name: CallName; input: unknown }[];
  emit(event: EventName, payload: unknown): void;
  listeners(): number;
  /** Events no seat is told, as where nobody is signed in. */
  deaf: Set<EventName>;
}

/** A station with a few true handlers; every other call fails as an unfinished one would. */
export function fakeStation(): FakeStation {
  const seen: FakeStation['seen'] = [];
  const deaf = new Set<EventName>();
  const seats = new Set<unknown>();
  const listeners = new Map<string, Set<(payload: never) => void>>();

  const answers: Partial<Record<CallName, (input: never) => unknown>> = {
    'settings.get': () => DEFAULT_SETTINGS,
    'settings.set': (input: object) => ({ ...DEFAULT_SETTINGS, ...input }),
    'photo.submit': ({ bytes }: { bytes: Uint8Array<ArrayBuffer> }): PhotoView => ({
      token: 'photo-1',
      accepted: true,
      faces: bytes.length,
      reasons: [],
      predictions: {},
      preview: new Uint8Array(bytes).reverse(),
    }),
    'photo.discard': () => undefined,
    'delivery.retry': () => {
      throw new FaultError({ kind: 'capacity', code: '132', message: 'the platform is full' });
    },
    'enrolment.get': () => {
      throw new Error('Anna Lim is not here');
    },
  };

  return {
    seen,
    listeners: () => [...listeners.values()].reduce((sum, set) => sum + set.size, 0),
    emit(event, payload) {
      for (const listener of listeners.get(event) ?? []) listener(payload as never);
    },
    deaf,
    seat: () => ({
      hears: (event) => !deaf.has(event),
      told: (event, payload) => (deaf.has(event) ? null : payload),
    }),
    handlers(info, seat) {
      if (seat) seats.add(seat);
      const number = seats.size;
      const all = CALLS.map((name) => [
        name,
        async (input: never) => {
          seen.push({ name, input });
          if (name === 'app.info') return info;
          if (name === 'operators.status') return { seat: number };
          const answer = answers[name];
          if (!answer) throw new Error(`${name} is not part of this test`);
          return answer(input);
        },
      ]);
      return Object.fromEntries(all) as Handlers;
    },
    on(event, listener) {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set);
      set.add(listener as (payload: never) => void);
      return () => {
        set.delete(listener as (payload: never) => void);
      };
    },
  };
}
