import { create } from 'zustand';
import type { Fault } from '#shared/fault';
import { bridge } from '../bridge.ts';
import { faultOf, isPinFault } from '../lib/fault.ts';

interface PinState {
  /** Whether a supervisor's PIN is set; null before the station said so. */
  set: boolean | null;
  /** Until when no PIN is looked at, ms since the epoch; null when one is looked at now. */
  lockedUntil: number | null;
  /** Asks the station; keeps what was known when it does not answer. */
  load(): Promise<void>;
  /** Sets or (null) takes away the PIN; resolves with why it was not taken. */
  change(pin: string | null, current: string | undefined): Promise<Fault | null>;
  /** What a refusal tells of a lock-out. */
  takeFault(fault: Fault): void;
  /** Another PIN is asked for, which was not tried yet. */
  forgetLock(): void;
}

/** The supervisor's PIN: whether there is one. The PIN itself is never kept here. */
export const usePin = create<PinState>((put, get) => ({
  set: null,
  lockedUntil: null,

  async load() {
    try {
      const status = await bridge.call('pin.status', undefined);
      put({ set: status.set, lockedUntil: status.lockedForMs === null ? null : Date.now() + status.lockedForMs });
    } catch {
      // Calls that need the PIN say so themselves.
    }
  },

  async change(pin, current) {
    try {
      await bridge.call('pin.set', { pin, ...(current !== undefined && { current }) });
      await get().load();
      return null;
    } catch (error) {
      const fault = faultOf(error);
      get().takeFault(fault);
      return fault;
    }
  },

  takeFault(fault) {
    const { retryAfterMs } = fault;
    if (isPinFault(fault) && retryAfterMs !== undefined) put({ lockedUntil: Date.now() + retryAfterMs });
  },

  forgetLock: () => put({ lockedUntil: null }),
}));
