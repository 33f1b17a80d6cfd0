import type { Handlers } from '#shared/contract';
import type { Actors } from '../actor.ts';
import type { Seat, SettingsStore, Station } from '../api.ts';
import type { Journal } from '../journal/index.ts';
import { createPin } from '../pin.ts';
import { createPinGuard } from '../pin-guard.ts';
import { operatorHandlers } from './handlers.ts';
import { createRoster } from './roster.ts';
import { createSeats } from './seats.ts';

export interface DeskDeps {
  journal: Journal;
  actors: Actors;
  settings: SettingsStore;
  now(): number;
  /** After who may sign in has changed. */
  changed(): void;
  /** scrypt's N; default: the product's. */
  pinCost: number | undefined;
}

/** Everything about who is at the desk: operators and their PINs, the places they work at, and the gate before every call. */
export function createDesk({ journal, actors, settings, now, changed, pinCost }: DeskDeps) {
  const actor = actors.current;
  const guard = createPinGuard(journal, now, actor, pinCost);
  const pin = createPin({ journal, guard, now, actor, hasOperators: () => roster.isSetUp() });
  const roster = createRoster({ journal, guard, pin, now, actor, changed });
  const lockAfterMinutes = () => settings.get().lockAfterMinutes;
  const seats = createSeats({ journal, roster, pin, actors, now, lockAfterMinutes });

  /** For whoever owns the files. */
  const operators: Station['operators'] = {
    list: roster.list,
    isLost: roster.isLost,
    async add(entry) {
      const { label, role } = await roster.add(entry);
      return { label, role };
    },
    setPin: roster.setPin,
    setRole: roster.setRole,
    remove: roster.remove,
    clear: roster.clear,
    guard: seats.isGuarded,
  };

  return {
    pin,
    operators,
    seat: seats.open,
    /** Whether a window serves visitors. */
    isKiosk: seats.isKiosk,
    mayAskAbout: seats.mayAskAbout,
    enrolled: seats.enrolled,
    /** Its own calls for one seat. */
    handlers: (seat: Seat) => operatorHandlers({ journal, roster, seats, pin, actor, now }, seat),
    /** All calls for one seat, each admitted before it is made. */
    gated: (handlers: Handlers, seat: Seat): Handlers => seats.gated(handlers, seat),
  };
}
