import { create } from 'zustand';
import { type Level, levelOf } from '#shared/access';
import type { CallName } from '#shared/channels';
import type { Output } from '#shared/contract';
import type { Fault } from '#shared/fault';
import { includesRole, type Operator, type Role } from '#shared/operators';
import { bridge, keepGate } from '../bridge.ts';
import { faultOf } from '../lib/fault.ts';
import { usePin } from './pin.ts';

export type DeskStatus = Output<'operators.status'>;

/** A call that somebody with this role has to agree to. */
interface StepUp {
  call: CallName;
  role: Role;
  /** Told once, when it was agreed to or given up. */
  settle(agreed: boolean): void;
}

interface OperatorsState {
  /** Null before the station said so. */
  status: DeskStatus | null;
  stepUp: StepUp | null;
  /** Asks the station; keeps what was known when it does not answer. */
  load(): Promise<void>;
  /** Resolves with why they were not let in. */
  signIn(label: string, pin: string): Promise<Fault | null>;
  signOut(lock: boolean): Promise<void>;
  /** Resolves with why the agreement was not taken. */
  approve(label: string, pin: string): Promise<Fault | null>;
  giveUp(): void;
  /** This window serves visitors from now on; resolves with why it does not. */
  enterKiosk(): Promise<Fault | null>;
  /** Back to the desk; resolves with why not. */
  leaveKiosk(label: string | undefined, pin: string | undefined): Promise<Fault | null>;
  /** Does something about operators and asks for them again; resolves with why it was not done. */
  manage(work: () => Promise<unknown>): Promise<Fault | null>;
}

/** Who is at the desk. PINs pass through here and are not kept. */
export const useOperators = create<OperatorsState>((set, get) => {
  let asking: Promise<void> | null = null;

  const attempt = async (work: () => Promise<unknown>): Promise<Fault | null> => {
    try {
      await work();
      return null;
    } catch (error) {
      const fault = faultOf(error);
      usePin.getState().takeFault(fault);
      return fault;
    }
  };

  const settle = (agreed: boolean) => {
    const { stepUp } = get();
    set({ stepUp: null });
    stepUp?.settle(agreed);
  };

  return {
    status: null,
    stepUp: null,

    async load() {
      // Several refusals at once ask once.
      asking ??= bridge.call('operators.status').then(
        (status) => set({ status }),
        () => undefined,
      );
      await asking;
      asking = null;
    },

    async signIn(label, pin) {
      const fault = await attempt(() => bridge.call('operators.signIn', { label, pin }));
      if (!fault) await get().load();
      return fault;
    },

    async signOut(lock) {
      // An unreachable station is said by the connection banner; nobody else gets further there either.
      await bridge.call('operators.signOut', { lock }).catch(() => undefined);
      await get().load();
    },

    async approve(label, pin) {
      const { stepUp } = get();
      if (!stepUp) return null;
      const fault = await attempt(() => bridge.call('operators.approve', { label, pin, call: stepUp.call }));
      if (!fault) settle(true);
      return fault;
    },

    giveUp: () => settle(false),

    async enterKiosk() {
      const fault = await attempt(() => bridge.call('kiosk.enter'));
      if (!fault) await get().load();
      return fault;
    },

    async leaveKiosk(label, pin) {
      const given = { ...(label !== undefined && { label }), ...(pin !== undefined && { pin }) };
      const fault = await attempt(() => bridge.call('kiosk.leave', given));
      if (!fault) await get().load();
      return fault;
    },

    async manage(work) {
      const fault = await attempt(work);
      await get().load();
      return fault;
    },
  };
});

/** Whether the desk is closed: there are operators, and none is here. */
export function isShut(status: DeskStatus | null): boolean {
  return status?.setUp === true && status.me === null && !status.kiosk;
}

/** Whether whoever is here may do what needs a role, without asking anybody. */
export function mayDo(status: DeskStatus | null, role: Role): boolean {
  if (!status?.setUp) return true;
  return status.me !== null && includesRole(status.me.role, role);
}

/** Those who can agree to what needs a role. */
export function whoCanAgree(status: DeskStatus | null, role: Role): Operator[] {
  return status?.operators.filter((one) => includesRole(one.role, role)) ?? [];
}

const isRole = (level: Level): level is Role => level !== 'anyone' && level !== 'visitor';

keepGate({
  signInNeeded: () => void useOperators.getState().load(),
  stepUp: (call, input) =>
    new Promise((settle) => {
      const level = levelOf(call, input as never);
      // One question at a time: whoever else asks meanwhile is told no, and can ask again.
      if (!isRole(level) || useOperators.getState().stepUp) settle(false);
      else useOperators.setState({ stepUp: { call, role: level, settle } });
    }),
});
