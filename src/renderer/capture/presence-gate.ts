import type { PresenceReport } from '#shared/calls/presence';
import type { Inspection } from '#shared/measures';
import { PRESENCE_TIMING, type PresenceState, presenceLook, startPresence, stepPresence } from '#shared/presence';
import { type PresencePrompt, presenceProgress, presencePrompt } from '#shared/presence-prompt';

/** What the capture screen shows of the presence check. */
export interface PresenceView {
  /** `open`: nothing stands before the picture. `stuck`: the tries are used up. */
  status: 'open' | 'asking' | 'stuck';
  /** Null while the ordinary guidance speaks. */
  prompt: PresencePrompt | null;
  /** 0–1. */
  progress: number;
}

export const PRESENCE_OPEN: PresenceView = { status: 'open', prompt: null, progress: 0 };

/** Holds the picture back until the presence check is passed or permitted to be left out. */
export class PresenceGate {
  #state: PresenceState = startPresence();
  #permission: string | null = null;
  readonly #wanted: () => boolean;
  readonly #random: () => number;

  /** @param random 0 ≤ n < 1; whoever foresees it passes with a film */
  constructor(wanted: () => boolean, random: () => number) {
    this.#wanted = wanted;
    this.#random = random;
  }

  /** Takes one more look; true while pictures may be taken of whom it shows. */
  look(inspection: Inspection, ready: boolean, at: number): boolean {
    if (this.open) return true;
    this.#state = stepPresence(this.#state, presenceLook(inspection, ready, at), this.#random);
    return this.#state.phase === 'passed';
  }

  /** Nothing to be passed: it is not asked for, or was permitted to be left out. */
  get open(): boolean {
    return !this.#wanted() || this.#permission !== null;
  }

  skip(permission: string): void {
    this.#permission = permission;
  }

  /** Three tries more. */
  again(): void {
    this.#state = startPresence();
  }

  get view(): PresenceView {
    if (this.open) return PRESENCE_OPEN;
    const prompt = presencePrompt(this.#state, PRESENCE_TIMING.tries);
    if (this.#state.phase === 'passed') return PRESENCE_OPEN;
    return { status: prompt === 'help' ? 'stuck' : 'asking', prompt, progress: presenceProgress(this.#state) };
  }

  /** What goes with the picture; undefined where nothing was asked for. */
  get report(): PresenceReport | undefined {
    if (!this.#wanted()) return undefined;
    if (this.#permission !== null) return { result: 'skipped', permission: this.#permission };
    return this.#state.phase === 'passed' ? { result: 'passed', actions: [...this.#state.actions] } : undefined;
  }
}
