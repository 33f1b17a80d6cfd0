import { admit, type Level, levelOf, levelOfEvent, type Standing } from '#shared/access';
import { CALLS, type CallName, type EventName } from '#shared/channels';
import type { Handlers, Output, Payload, Received } from '#shared/contract';
import { type Fault, FaultError } from '#shared/fault';
import { includesRole } from '#shared/operators';
import type { Actors } from '../actor.ts';
import type { Seat } from '../api.ts';
import { writing } from '../disk.ts';
import type { AuditEntry, Journal } from '../journal/index.ts';
import { deliveryAtKiosk } from '../kiosk-view.ts';
import type { SupervisorPin } from '../pin.ts';
import { pinRefused } from '../pin-guard.ts';
import type { KeptOperator, Roster } from './roster.ts';
import { agreementHolds, isIdle } from './roster-policy.ts';

interface State {
  operator: string | null;
  lockedBy: string | null;
  seenAt: number;
  kiosk: boolean;
  agreement: { operator: string; call: CallName; at: number } | null;
  /** The last enrolment made here while it serves visitors: all they may ask about. */
  own: { enrolment: string; at: number } | null;
}

/** What a window for visitors is told of an event; of those not named here, all of it. */
type AtKiosk = { readonly [E in EventName]?: (payload: Payload<E>) => Payload<E> | null };

export interface SeatDeps {
  journal: Journal;
  roster: Roster;
  pin: SupervisorPin;
  actors: Actors;
  now(): number;
  lockAfterMinutes(): number | null;
}

export type Seats = ReturnType<typeof createSeats>;

/** So long whoever was enrolled at a window for visitors may still stand there. */
const OWN_FOR_MS = 15 * 60_000;

/** What somebody does, rather than what a page asks by itself every few seconds. */
const ACTS: ReadonlySet<CallName> = new Set(['photo.submit', 'enrolment.create', 'people.enrol', 'operators.approve']);

const REFUSALS: Record<'sign-in' | 'role' | 'kiosk' | 'unguarded', (level: Level) => Fault> = {
  'sign-in': () => ({ kind: 'auth', code: 'sign-in-required', message: 'nobody is signed in at this desk' }),
  role: (level) => ({ kind: 'auth', code: 'role-required', message: `this needs the role of ${level}` }),
  kiosk: () => ({ kind: 'auth', code: 'kiosk', message: 'this window serves visitors: staff leave that mode first' }),
  unguarded: () => ({
    kind: 'auth',
    code: 'kiosk-unguarded',
    message: 'nobody could be kept in a kiosk without a PIN: set one, or add operators, first',
  }),
};

/** Who is signed in where, and the gate every call goes through. */
export function createSeats({ journal, roster, pin, actors, now, lockAfterMinutes }: SeatDeps) {
  const states = new WeakMap<Seat, State>();
  const stateOf = (seat: Seat): State => {
    const state = states.get(seat);
    if (state === undefined) throw new Error('this seat is not of this station');
    return state;
  };

  const note = (actor: string, entry: Omit<AuditEntry, 'actor'>): void => {
    writing(() => journal.audit.append({ actor, ...entry }, now()));
  };
  const named = (label: string) => `desk:${label}`;

  /** Whoever is signed in there now. Locks where nobody was there for too long; forgets whoever was removed. */
  const present = (state: State): KeptOperator | null => {
    if (state.operator === null) return null;
    const operator = roster.byId(state.operator);
    if (operator === null) leave(state, null);
    else if (isIdle(state.seenAt, now(), lockAfterMinutes())) {
      leave(state, operator.label);
      note(named(operator.label), { action: 'lock', outcome: 'idle' });
    } else return operator;
    return null;
  };

  function leave(state: State, lockedBy: string | null): void {
    state.operator = null;
    state.agreement = null;
    state.lockedBy = lockedBy;
  }

  /** Who acts while nobody is signed in. Without operators the desk is whoever the site says it is. */
  const nobody = ({ kiosk, setUp }: Standing): string => (kiosk ? 'kiosk' : setUp ? 'desk' : actors.current());

  const enter = (state: State, { id }: KeptOperator): void => {
    Object.assign(state, { operator: id, lockedBy: null, seenAt: now(), kiosk: false, agreement: null });
  };

  const standing = (state: State) => {
    const operator = present(state);
    return { setUp: roster.isSetUp(), kiosk: state.kiosk, role: operator?.role ?? null, operator };
  };

  const owns = ({ own }: State, enrolment: string): boolean =>
    own?.enrolment === enrolment && now() - own.at <= OWN_FOR_MS;

  const isGuarded = (): boolean => roster.isSetUp() || pin.status().set;

  /** Who acts, when the call may be made. @throws FaultError `auth`: `sign-in-required`, `role-required`, `kiosk`, `kiosk-unguarded` */
  const admitted = <N extends CallName>(state: State, name: N, input: Received<N>): string => {
    const level = levelOf(name, input);
    // Opened for visitors with nothing to keep them in it: it serves nobody, and takes the PIN that it lacks.
    if (state.kiosk && level !== 'anyone' && !isGuarded()) {
      if (name === 'pin.set') return 'kiosk';
      throw new FaultError(REFUSALS.unguarded(level));
    }
    const { operator, ...stands } = standing(state);
    const answer = admit(level, stands);
    if (ACTS.has(name)) state.seenAt = now();
    const actor = operator === null ? nobody(stands) : named(operator.label);
    if (answer === 'admitted') return actor;
    const { agreement } = state;
    if (answer === 'role' && agreement !== null && agreementHolds(agreement, name, now())) {
      const by = roster.byId(agreement.operator);
      if (by !== null && level !== 'anyone' && level !== 'visitor' && includesRole(by.role, level)) {
        state.agreement = null;
        return `${actor}+${by.label}`;
      }
    }
    throw new FaultError(REFUSALS[answer](level));
  };

  return {
    /** @param kiosk whether it serves visitors from the first */
    open(kiosk = false): Seat {
      const state: State = { operator: null, lockedBy: null, seenAt: now(), kiosk, agreement: null, own: null };
      const atKiosk: AtKiosk = {
        'delivery.changed': (change) =>
          owns(state, change.enrolment) && state.own !== null ? deliveryAtKiosk(change, state.own.at, now()) : null,
      };
      const seat: Seat = {
        hears: (event) => admit(levelOfEvent(event), standing(state)) === 'admitted',
        told<E extends EventName>(event: E, payload: Payload<E>) {
          if (!seat.hears(event)) return null;
          const shown: AtKiosk[E] = state.kiosk ? atKiosk[event] : undefined;
          return shown === undefined ? payload : shown(payload);
        },
      };
      states.set(seat, state);
      return seat;
    },

    /** The handlers behind the gate: each call is admitted first and done in the name of whoever is signed in. */
    gated(handlers: Handlers, seat: Seat): Handlers {
      const state = stateOf(seat);
      const gate = <N extends CallName>(name: N): Handlers[N] => {
        const handler = handlers[name] as (input: Received<N>) => Promise<Output<N>>;
        const behind = async (input: Received<N>) => actors.as(admitted(state, name, input), () => handler(input));
        return behind as Handlers[N];
      };
      return Object.fromEntries(CALLS.map((name) => [name, gate(name)])) as Handlers;
    },

    status(seat: Seat): Output<'operators.status'> {
      const state = stateOf(seat);
      const { setUp, operator } = standing(state);
      return {
        setUp,
        lost: roster.isLost(),
        operators: roster.list(),
        me: operator && { label: operator.label, role: operator.role },
        lockedBy: state.lockedBy,
        kiosk: state.kiosk,
        guarded: isGuarded(),
      };
    },

    isGuarded,
    isKiosk: (seat: Seat): boolean => stateOf(seat).kiosk,

    /** Whether an enrolment may be asked about there: at a desk any, at a window for visitors the one it made last, for a while. */
    mayAskAbout(seat: Seat, enrolment: string): boolean {
      const state = stateOf(seat);
      return !state.kiosk || owns(state, enrolment);
    },

    /** An enrolment was made there. */
    enrolled(seat: Seat, enrolment: string): void {
      stateOf(seat).own = { enrolment, at: now() };
    },

    async signIn(seat: Seat, label: string, given: string): Promise<Output<'operators.signIn'>> {
      const operator = await roster.identify(label, given);
      enter(stateOf(seat), operator);
      note(named(operator.label), { action: 'sign-in', outcome: 'done' });
      return { label: operator.label, role: operator.role };
    },

    /** Whoever was just made, by the PIN they just chose. */
    seated: (seat: Seat, operator: KeptOperator): void => enter(stateOf(seat), operator),

    signOut(seat: Seat, lock: boolean): void {
      const state = stateOf(seat);
      const operator = present(state);
      // A locked desk that is signed out forgets whose it was.
      leave(state, lock ? (operator?.label ?? state.lockedBy) : null);
      if (operator !== null) note(named(operator.label), { action: lock ? 'lock' : 'sign-out', outcome: 'done' });
    },

    active(seat: Seat): void {
      const state = stateOf(seat);
      if (present(state) !== null) state.seenAt = now();
    },

    /** Somebody agrees to one call; they are not signed in by it. */
    async approve(seat: Seat, label: string, given: string, call: CallName): Promise<void> {
      const state = stateOf(seat);
      const by = await roster.identify(label, given);
      state.agreement = { operator: by.id, call, at: now() };
      note(actors.current(), { action: 'step-up', outcome: 'done', detail: { operator: by.label, call } });
    },

    enterKiosk(seat: Seat): void {
      const state = stateOf(seat);
      if (!isGuarded()) throw new FaultError(REFUSALS.unguarded('operator'));
      leave(state, null);
      state.own = null;
      state.kiosk = true;
      note(actors.current(), { action: 'kiosk', outcome: 'entered' });
    },

    async leaveKiosk(seat: Seat, label: string | undefined, given: string | undefined): Promise<void> {
      const state = stateOf(seat);
      if (!state.kiosk) return;
      if (!isGuarded()) throw new FaultError(REFUSALS.unguarded('operator'));
      if (!roster.isSetUp()) await pin.demand(given);
      else {
        if (label === undefined || given === undefined)
          throw pinRefused('pin-required', 'an operator has to give the PIN for this');
        enter(state, await roster.identify(label, given));
      }
      state.kiosk = false;
      const operator = present(state);
      note(operator === null ? actors.current() : named(operator.label), { action: 'kiosk', outcome: 'left' });
    },

    /** The operator at a seat, who must be there. */
    own(seat: Seat): KeptOperator {
      const operator = present(stateOf(seat));
      if (operator === null) throw new FaultError(REFUSALS['sign-in']('operator'));
      return operator;
    },
  };
}
