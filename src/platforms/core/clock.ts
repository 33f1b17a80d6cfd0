import { FaultError } from '#shared/fault';
import type { HttpAnswer } from './answer.ts';

/** The platform's clock as its answers' `Date` headers tell it. Signatures carry `time()`. */
export interface ServerClock {
  /** The time to sign with: ours, or the platform's once it was adopted. */
  time(): number;
  /** Learns from an answer. */
  observe(answer: HttpAnswer): void;
  /** Platform minus station in milliseconds; null as long as no answer told a time. */
  skewMs(): number | null;
  /** Signs in the platform's time from now on; false where that would change nothing. */
  adopt(): boolean;
}

/** Below this a skew is noise: `Date` counts whole seconds and the way there takes time. */
const NOISE_MS = 2_000;

export function createServerClock(now: () => number): ServerClock {
  let measured: number | null = null;
  let offset = 0;
  return {
    time: () => now() + offset,
    observe(answer) {
      if (answer.serverDate === null) return;
      // The header's second began up to 1 s before; the answer was written about half-way between question and receipt.
      measured = Math.round(answer.serverDate + 500 - (answer.sentAt + answer.receivedAt) / 2);
    },
    skewMs: () => (measured !== null && Math.abs(measured) < NOISE_MS ? 0 : measured),
    adopt() {
      if (measured === null || Math.abs(measured - offset) <= NOISE_MS) return false;
      offset = measured;
      return true;
    },
  };
}

/**
 * Runs a call; when the platform says our time is out and its own is known, signs once more in its time. `isClock` tells such a
 * refusal; by default it is the `clock` kind.
 */
export async function inPlatformTime<T>(
  clock: ServerClock,
  call: () => Promise<T>,
  isClock: (error: FaultError) => boolean = (error) => error.fault.kind === 'clock',
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof FaultError && isClock(error) && clock.adopt())) throw error;
    return call();
  }
}
